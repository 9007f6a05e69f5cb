/* SPDX-License-Identifier: MIT */
/* Moderators look at people and act on them. */
#include "api/admin.h"

#include "api/entity.h"
#include "api/span.h"

enum { LIMIT_STANDARD = 100 };

static void put_text(struct jw *w, struct str key, struct str text)
{
	jw_key(w, key);
	if (text.len > 0)
		jw_str(w, text);
	else
		jw_null(w);
}

static void put_states(struct jw *w, const struct overseen *o)
{
	jw_kbool(w, S("confirmed"), true);
	jw_kbool(w, S("approved"), o->who.state != ACCOUNT_PENDING);
	jw_kbool(w, S("disabled"), false);
	jw_kbool(w, S("sensitized"), o->sensitized);
	jw_kbool(w, S("silenced"), o->limited);
	jw_kbool(w, S("suspended"), o->who.state == ACCOUNT_SUSPENDED);
}

void entity_admin_account(struct jw *w, struct arena *a, const struct overseen *o)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), o->who.id);
	jw_kstr(w, S("username"), o->who.name);
	put_text(w, S("domain"), o->who.domain);
	jw_key(w, S("created_at"));
	jw_time(w, id_ms(o->who.id));
	jw_kstr(w, S("email"), o->email);
	/* Addresses are not kept, so there are none to show. */
	jw_knull(w, S("ip"));
	jw_key(w, S("ips"));
	jw_raw(w, S("[]"));
	jw_kstr(w, S("locale"), o->language);
	put_text(w, S("invite_request"), o->reason);
	jw_key(w, S("role"));
	entity_role(w, o->who.role);
	put_states(w, o);
	jw_key(w, S("account"));
	entity_account(w, a, &o->who);
	if (o->invited_by)
		jw_kid(w, S("invited_by_account_id"), o->invited_by);
	jw_close(w, '}');
}

static enum err answer_list(struct req *r, struct answer *out, const struct overseen_ask *ask)
{
	struct overseen_list list = overseen_list(r->db, r->a, ask);
	struct jw w = {.out = out->body};
	if (list.n > 0)
		answer_links(r, out,
			     list.n == (size_t)ask->page.limit ? list.at[list.n - 1].who.id : 0,
			     list.at[0].who.id);
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++)
		entity_admin_account(&w, r->a, &list.at[i]);
	jw_close(&w, ']');
	return OK;
}

static struct overseen_ask ask_of(struct req *r)
{
	return (struct overseen_ask){
		.name = param_str(r, "username"),
		.display_name = param_str(r, "display_name"),
		.email = param_str(r, "email"),
		.domain = param_str(r, "by_domain"),
		.page = span_of(r, LIMIT_STANDARD),
	};
}

/* Version 1 has a flag for each state. */
enum err on_admin_accounts(struct req *r, struct answer *out)
{
	struct overseen_ask ask = ask_of(r);
	ask.local = param_bool(r, "local", false);
	ask.remote = param_bool(r, "remote", false);
	ask.staff = param_bool(r, "staff", false);
	ask.state = param_bool(r, "suspended", false)  ? OVERSEEN_SUSPENDED
		    : param_bool(r, "pending", false)  ? OVERSEEN_PENDING
		    : param_bool(r, "silenced", false) ? OVERSEEN_LIMITED
		    : param_bool(r, "active", false)   ? OVERSEEN_ACTIVE
						       : OVERSEEN_ANY;
	/* There are no disabled ones. */
	if (param_bool(r, "disabled", false)) {
		buf_put(out->body, S("[]"));
		return OK;
	}
	return answer_list(r, out, &ask);
}

enum err on_admin_accounts_v2(struct req *r, struct answer *out)
{
	struct overseen_ask ask = ask_of(r);
	struct str origin = param_str(r, "origin"), status = param_str(r, "status");
	ask.local = str_eq(origin, S("local"));
	ask.remote = str_eq(origin, S("remote"));
	ask.staff = str_eq(param_str(r, "permissions"), S("staff"));
	ask.invited_by = param_i64(r, "invited_by", 0);
	ask.state = str_eq(status, S("active"))      ? OVERSEEN_ACTIVE
		    : str_eq(status, S("pending"))   ? OVERSEEN_PENDING
		    : str_eq(status, S("suspended")) ? OVERSEEN_SUSPENDED
		    : str_eq(status, S("silenced"))  ? OVERSEEN_LIMITED
						     : OVERSEEN_ANY;
	if (str_eq(status, S("disabled"))) {
		buf_put(out->body, S("[]"));
		return OK;
	}
	return answer_list(r, out, &ask);
}

static enum err answer_one(struct arena *a, struct db *db, int64_t id, struct answer *out)
{
	struct overseen o;
	struct jw w = {.out = out->body};
	if (!overseen_get(db, a, id, &o))
		return ERR_NOT_FOUND;
	entity_admin_account(&w, a, &o);
	return OK;
}

enum err on_admin_account(struct req *r, struct answer *out)
{
	return answer_one(r->a, r->db, param_i64(r, "id", 0), out);
}

/* Does one step to the account of the path; the answer is the Admin::Account as it is now, or as it
 * was when nothing is left of it. */
static enum err act(struct req *r, struct tx *tx, struct answer *out, enum moderation what)
{
	int64_t id = param_i64(r, "id", 0);
	struct moderation_step step = {.what = what, .by = r->viewer.account, .target = id};
	bool ends = what == MODERATE_REJECT || what == MODERATE_DELETE;
	enum err e = ends ? answer_one(r->a, tx_db(tx), id, out) : OK;

	if (e == OK)
		e = moderate(tx, &step);
	if (e == OK && !ends)
		e = answer_one(r->a, tx_db(tx), id, out);
	return e;
}

enum err on_admin_account_action(struct req *r, struct tx *tx, struct answer *out)
{
	static const struct {
		struct str name;
		enum moderation what;
	} types[] = {
		{S_INIT("none"), MODERATE_NOTE},
		{S_INIT("sensitive"), MODERATE_SENSITIZE},
		{S_INIT("silence"), MODERATE_LIMIT},
		{S_INIT("suspend"), MODERATE_SUSPEND},
		/* What comes nearest to locking somebody out who may come back. */
		{S_INIT("disable"), MODERATE_SUSPEND},
	};
	struct moderation_step step = {.by = r->viewer.account,
				       .target = param_i64(r, "id", 0),
				       .report = param_i64(r, "report_id", 0),
				       .text = param_str(r, "text"),
				       .warn = param_bool(r, "send_email_notification", true)};
	struct str type = param_str(r, "type");
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (!str_eq(type, types[i].name))
			continue;
		step.what = types[i].what;
		enum err e = moderate(tx, &step);
		if (e == OK)
			buf_put(out->body, S("{}"));
		return e;
	}
	return refuse("Validation failed: Type is not included in the list");
}

enum err on_admin_account_approve(struct req *r, struct tx *tx, struct answer *out)
{
	return act(r, tx, out, MODERATE_APPROVE);
}

enum err on_admin_account_reject(struct req *r, struct tx *tx, struct answer *out)
{
	return act(r, tx, out, MODERATE_REJECT);
}

/* Nobody is ever disabled apart from being suspended. */
enum err on_admin_account_enable(struct req *r, struct tx *tx, struct answer *out)
{
	return act(r, tx, out, MODERATE_NOTE);
}

enum err on_admin_account_unsilence(struct req *r, struct tx *tx, struct answer *out)
{
	return act(r, tx, out, MODERATE_UNLIMIT);
}

enum err on_admin_account_unsuspend(struct req *r, struct tx *tx, struct answer *out)
{
	return act(r, tx, out, MODERATE_RESTORE);
}

enum err on_admin_account_unsensitive(struct req *r, struct tx *tx, struct answer *out)
{
	return act(r, tx, out, MODERATE_UNSENSITIZE);
}

enum err on_admin_account_delete(struct req *r, struct tx *tx, struct answer *out)
{
	return act(r, tx, out, MODERATE_DELETE);
}
