/* SPDX-License-Identifier: MIT */
/* Sign-up through an app that has a token of its own but nobody's yet. */
#include "api/oauth.h"

#include "base/conf.h"
#include "base/json.h"
#include "core/account.h"
#include "core/session.h"
#include "core/signup.h"

/* What prepare leaves: the password's hash, or the mistakes. */
struct joining {
	char hash[PASSWORD_HASH_MAX];
	struct signup_faults faults;
	struct app app;
};

static struct signup sent_of(struct req *r)
{
	return (struct signup){.address = r->addr,
			       .reason = param_str(r, "reason"),
			       .name = str_trim(param_str(r, "username")),
			       .email = str_trim(param_str(r, "email")),
			       .password = param_str(r, "password"),
			       .agreed = param_bool(r, "agreement", false),
			       .invite = str_trim(param_str(r, "invite_code"))};
}

static enum err app_only(struct req *r)
{
	if (r->viewer.via != VIA_TOKEN)
		return refuse("The access token is invalid"), ERR_AUTH;
	if (r->viewer.pending)
		return refuse("Your login is currently pending approval"), ERR_DENIED;
	if (r->viewer.account != 0)
		return refuse("This method requires an client credentials authentication"),
		       ERR_DENIED;
	return OK;
}

enum err on_account_new_prepare(struct req *r)
{
	struct joining *j = arena_take(r->a, sizeof *j);
	struct signup sent = sent_of(r);
	r->prepared = j;
	enum err e = app_only(r);
	if (e == OK)
		e = signup_open(&sent);
	if (e == OK && !app_get(r->db, r->a, r->viewer.app, &j->app))
		e = ERR_AUTH;
	if (e != OK)
		return e;
	signup_check(r->db, r->a, &sent, r->now, &j->faults);
	if (j->faults.n > 0)
		return ERR_INPUT;
	return password_hash(sent.password, j->hash);
}

/* "Validation failed: Username has already been taken, ..." */
static struct str summary_of(struct arena *a, const struct signup_faults *f)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_put(&b, S("Validation failed: "));
	for (size_t i = 0; i < f->n; i++) {
		struct str field = f->at[i].field;
		if (i > 0)
			buf_put(&b, S(", "));
		if (!str_eq(field, S("base"))) {
			buf_char(&b, (char)(field.at[0] - 'a' + 'A'));
			buf_put(&b, str_slice(field, 1, field.len));
			buf_char(&b, ' ');
		}
		buf_put(&b, f->at[i].words);
	}
	return arena_str(a, buf_str(&b));
}

/* No field is there twice. */
static void put_details(struct jw *w, const struct signup_faults *f)
{
	jw_key(w, S("details"));
	jw_open(w, '{');
	for (size_t i = 0; i < f->n; i++) {
		jw_key(w, f->at[i].field);
		jw_open(w, '[');
		jw_open(w, '{');
		jw_kstr(w, S("error"), f->at[i].code);
		jw_kstr(w, S("description"), f->at[i].words);
		jw_close(w, '}');
		jw_close(w, ']');
	}
	jw_close(w, '}');
}

void on_account_new_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	const struct joining *j = r->prepared;
	struct jw w = {.out = out->body};
	(void)db;
	jw_open(&w, '{');
	if (j->faults.n > 0) {
		jw_kstr(&w, S("error"), summary_of(r->a, &j->faults));
		put_details(&w, &j->faults);
	} else {
		jw_kstr(&w, S("error"), r->why.len ? r->why : S("This action is not allowed"));
	}
	jw_close(&w, '}');
	if (e == ERR_CONFLICT)
		out->status = 422;
}

/* A language this server cannot store is no reason to turn somebody away. */
static struct str language_of(struct req *r)
{
	struct str language = param_str(r, "locale");
	for (size_t i = 0; i < language.len; i++) {
		char c = language.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(i > 1 && c == '-'))
			return conf.language;
	}
	return language.len > 1 && language.len <= 35 ? language : conf.language;
}

enum err on_account_new(struct req *r, struct tx *tx, struct answer *out)
{
	const struct joining *j = r->prepared;
	struct signup sent = sent_of(r);
	struct account_new n = {.name = sent.name,
				.email = sent.email,
				.password_hash = j->hash,
				.language = language_of(r),
				.role = ROLE_MEMBER};
	struct str token;
	int64_t id;
	enum err e = signup_add(tx, r->a, &sent, &n, &id);
	if (e == OK)
		e = token_add(tx, r->a, id, j->app.id, j->app.scopes, &token);
	if (e == OK)
		oauth_put_token(out->body, token, j->app.scopes, tx_now(tx));
	return e == ERR_CONFLICT ? ERR_INPUT : e;
}

/* Addresses are taken as they are given: there is nothing to confirm, so nothing is sent. */
enum err on_confirmation(struct req *r, struct tx *tx, struct answer *out)
{
	(void)r;
	(void)tx;
	buf_put(out->body, S("{}"));
	return OK;
}

enum err on_confirmation_check(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("true"));
	return OK;
}
