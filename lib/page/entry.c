/* SPDX-License-Identifier: MIT */
/*
 * How people come in and go: sign-up, log in and out, the first admin's setup, a new password by
 * link. Passwords are hashed and checked in `prepare`, on a worker: the writer has no time for
 * that.
 */
#include "base/conf.h"
#include "core/account.h"
#include "core/invite.h"
#include "core/session.h"
#include "core/signup.h"
#include "page/handlers.h"
#include "pages.h"

/* A session that is not to be remembered ends with the browser, and in the database after this. */
enum { FLEETING_MS = 7 * 24 * 3600 * 1000 };

static void enter(struct req *r, struct tx *tx, struct answer *out, int64_t account)
{
	bool remember = param_bool(r, "remember", false);
	int64_t life = remember || conf.session_ms < FLEETING_MS ? conf.session_ms : FLEETING_MS;
	struct str secret = session_add(tx, r->a, account, req_header(r, "User-Agent"), life);
	answer_cookie(r, out, S("kwipd_session"), secret, remember ? conf.session_ms / 1000 : 0);
}

static struct view_signup signup_view(struct req *r, struct db *db)
{
	struct view_signup v = {
		.top = top_of(r, S("Sign up"), AT_NOWHERE),
		.action = S("/signup"),
		.heading = S("Sign up"),
		.invite = param_str(r, "invite"),
		.next = param_str(r, "next"),
		.closed = str_eq(conf.signups, S("closed")),
		.needs_invite = str_eq(conf.signups, S("invite")),
		.asks_reason = signup_is_by_approval() && param_str(r, "invite").len == 0,
		.remember = true,
	};
	struct invite i;
	struct account who;
	if (v.closed)
		v.intro = S("Nobody new can join at the moment.");
	else if (v.needs_invite && v.invite.len == 0)
		v.intro = S("You need an invitation from somebody who is here.");
	else if (v.asks_reason)
		v.intro = S("Somebody who looks after this place lets people in.");
	if (v.invite.len && invite_find(db, r->a, v.invite, r->now, &i) &&
	    account_get(db, r->a, i.account, &who))
		v.inviter = who.name;
	else if (v.invite.len && !v.closed)
		v.intro = S("This invitation is used up or too old.");
	return v;
}

enum err on_signup(struct req *r, struct answer *out)
{
	struct view_signup v = signup_view(r, r->db);
	if (str_eq(param_str(r, "done"), S("waiting"))) {
		v.closed = true;
		v.intro = S("Thank you. Somebody will look at it; then you can log in.");
	}
	page_signup(out->body, &v);
	return OK;
}

static struct signup sent_of(struct req *r)
{
	return (struct signup){.name = str_trim(param_str(r, "name")),
			       .email = str_trim(param_str(r, "email")),
			       .invite = param_str(r, "invite"),
			       .reason = param_str(r, "reason"),
			       .address = r->addr};
}

/* What can be refused without hashing is refused first. */
enum err on_setup_prepare(struct req *r)
{
	char *hash = arena_take(r->a, PASSWORD_HASH_MAX);
	struct str name = str_trim(param_str(r, "name"));
	enum err e = account_name_check(name);
	if (e == OK)
		e = account_password_check(param_str(r, "password"), name);
	if (e == OK)
		e = password_hash(param_str(r, "password"), hash);
	r->prepared = hash;
	return e;
}

enum err on_signup_prepare(struct req *r)
{
	struct signup sent = sent_of(r);
	enum err e = signup_open(&sent);
	if (e == OK)
		e = signup_admit(r->db, r->a, &sent, r->now);
	return e == OK ? on_setup_prepare(r) : e;
}

static struct account_new account_of(struct req *r)
{
	return (struct account_new){
		.name = str_trim(param_str(r, "name")),
		.email = str_trim(param_str(r, "email")),
		.password_hash = r->prepared,
		.language = conf.language,
		.role = ROLE_MEMBER,
	};
}

enum err on_signup_do(struct req *r, struct tx *tx, struct answer *out)
{
	struct account_new n = account_of(r);
	struct signup sent = sent_of(r);
	struct str next = param_str(r, "next");
	int64_t id;
	enum err e = signup_add(tx, r->a, &sent, &n, &id);
	if (e != OK)
		return e;
	if (n.pending) {
		answer_redirect(out, S("/signup?done=waiting"));
		return OK;
	}
	enter(r, tx, out, id);
	answer_redirect(out, next.len ? next : S("/?done=welcome"));
	return OK;
}

static void put_typed(struct req *r, struct view_signup *v)
{
	v->why = r->why.len ? r->why : S("That did not work.");
	v->name = param_str(r, "name");
	v->email = param_str(r, "email");
	v->reason = v->asks_reason ? param_str(r, "reason") : S("");
	v->remember = param_bool(r, "remember", false);
}

void on_signup_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)e;
	struct view_signup v = signup_view(r, db);
	put_typed(r, &v);
	page_signup(out->body, &v);
}

static struct view_signup setup_view(struct req *r)
{
	return (struct view_signup){
		.top = top_of(r, S("Setup"), AT_NOWHERE),
		.action = path_here(r),
		.heading = S("The first account"),
		.intro = S("It runs this place. This page works once."),
		.remember = true,
	};
}

static enum err link_is_over(struct req *r, struct answer *out)
{
	return show_error(
		r, out, 404, S("This link no longer works"),
		S("It was used already, or it is too old. Whoever runs this place can make a new one."));
}

enum err on_setup(struct req *r, struct answer *out)
{
	int64_t account;
	if (!ticket_find(r->db, TICKET_SETUP, param_str(r, "secret"), r->now, &account))
		return link_is_over(r, out);
	struct view_signup v = setup_view(r);
	out->no_store = true;
	page_signup(out->body, &v);
	return OK;
}

enum err on_setup_do(struct req *r, struct tx *tx, struct answer *out)
{
	struct account_new n = account_of(r);
	int64_t account;
	enum err e = ticket_use(tx, TICKET_SETUP, param_str(r, "secret"), &account);
	if (e != OK)
		return refuse("this setup link was used or is too old"), e;
	n.role = ROLE_ADMIN;
	e = account_add(tx, &n, &account);
	if (e != OK)
		return e;
	enter(r, tx, out, account);
	answer_redirect(out, S("/?done=welcome"));
	return OK;
}

void on_setup_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)db;
	(void)e;
	struct view_signup v = setup_view(r);
	put_typed(r, &v);
	page_signup(out->body, &v);
}

static struct view_login login_view(struct req *r)
{
	return (struct view_login){.top = top_of(r, S("Log in"), AT_NOWHERE),
				   .next = param_str(r, "next")};
}

enum err on_login(struct req *r, struct answer *out)
{
	if (r->viewer.account) {
		answer_redirect(out, param_str(r, "next"));
		return OK;
	}
	struct view_login v = login_view(r);
	v.remember = true;
	v.top.back = v.next.len ? v.next : S("/");
	page_login(out->body, &v);
	return OK;
}

/* Whether the name or the password is wrong is not told, nor shown by how long it takes. */
enum err on_login_prepare(struct req *r)
{
	char stored[PASSWORD_HASH_MAX], unused[PASSWORD_HASH_MAX];
	struct account who;
	int64_t *id = arena_take(r->a, sizeof *id);
	struct str password = param_str(r, "password");
	enum err e = account_login_find(r->db, r->a, param_str(r, "name"), id, stored);
	if (e != OK || stored[0] == '\0') {
		if (password_hash(password, unused) != OK)
			return ERR_STORAGE;
		return refuse("That name and password do not fit together."), ERR_AUTH;
	}
	if (!password_ok(stored, password))
		return refuse("That name and password do not fit together."), ERR_AUTH;
	if (!account_get(r->db, r->a, *id, &who))
		return ERR_AUTH;
	if (who.state == ACCOUNT_PENDING)
		return refuse("Somebody has to let you in first. Please come back later."),
		       ERR_DENIED;
	if (who.state != ACCOUNT_ACTIVE)
		return refuse("This account is suspended."), ERR_DENIED;
	r->prepared = id;
	return OK;
}

enum err on_login_do(struct req *r, struct tx *tx, struct answer *out)
{
	enter(r, tx, out, *(int64_t *)r->prepared);
	answer_redirect(out, param_str(r, "next"));
	return OK;
}

void on_login_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)db;
	(void)e;
	struct view_login v = login_view(r);
	v.why = r->why.len ? r->why : S("That did not work.");
	v.name = param_str(r, "name");
	v.remember = param_bool(r, "remember", false);
	page_login(out->body, &v);
}

enum err on_logout(struct req *r, struct tx *tx, struct answer *out)
{
	session_end(tx, r->viewer.secret_hash);
	answer_cookie(r, out, S("kwipd_session"), S(""), -1);
	return go_back(r, out, S("/"));
}

/* Whose link it is; the name is shown so that nobody changes another account's password by mistake.
 */
static bool reset_view(struct req *r, struct db *db, struct view_reset *v)
{
	int64_t account;
	struct account who;
	if (!ticket_find(db, TICKET_RESET, param_str(r, "secret"), r->now, &account) ||
	    !account_get(db, r->a, account, &who))
		return false;
	*v = (struct view_reset){.top = top_of(r, S("A new password"), AT_NOWHERE),
				 .action = path_here(r),
				 .name = who.name};
	return true;
}

enum err on_reset(struct req *r, struct answer *out)
{
	struct view_reset v;
	if (!reset_view(r, r->db, &v))
		return link_is_over(r, out);
	out->no_store = true;
	page_reset(out->body, &v);
	return OK;
}

enum err on_reset_prepare(struct req *r)
{
	struct view_reset v;
	char *hash = arena_take(r->a, PASSWORD_HASH_MAX);
	if (!reset_view(r, r->db, &v))
		return ERR_NOT_FOUND;
	enum err e = account_password_check(param_str(r, "password"), v.name);
	if (e == OK)
		e = password_hash(param_str(r, "password"), hash);
	r->prepared = hash;
	return e;
}

enum err on_reset_do(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t account;
	enum err e = ticket_use(tx, TICKET_RESET, param_str(r, "secret"), &account);
	if (e == OK)
		e = account_password_set(tx, account, r->prepared, NULL);
	if (e != OK)
		return e;
	enter(r, tx, out, account);
	answer_redirect(out, S("/?done=password"));
	return OK;
}

void on_reset_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	struct view_reset v;
	if (!reset_view(r, db, &v)) {
		page_error_answer(r, 404, S(""), out);
		return;
	}
	(void)e;
	v.why = r->why.len ? r->why : S("That did not work.");
	page_reset(out->body, &v);
}
