/* SPDX-License-Identifier: MIT */
/* The rules of joining: told field by field in a worker, kept in the transaction. */
#include "core/signup.h"

#include "base/conf.h"
#include "base/utf8.h"
#include "core/account_private.h"
#include "core/gate.h"
#include "core/invite.h"
#include "core/moderation.h"
#include "core/notice.h"
#include "store/event.h"

static void tell(struct signup_faults *out, struct str field, struct str code, struct str words)
{
	out->at[out->n++] = (struct signup_fault){field, code, words};
}

static void name_look(struct db *db, struct str name, struct signup_faults *out)
{
	struct str field = S("username");
	struct key key = key_of(name);
	if (name.len == 0)
		tell(out, field, S("ERR_BLANK"), S("can't be blank"));
	else if (name.len > ACCOUNT_NAME_MAX)
		tell(out, field, S("ERR_TOO_LONG"), S("is too long (maximum is 30 characters)"));
	else if (name.len < ACCOUNT_NAME_MIN)
		tell(out, field, S("ERR_TOO_SHORT"), S("is too short (minimum is 2 characters)"));
	else if (account_name_is_reserved(name))
		tell(out, field, S("ERR_RESERVED"), S("is reserved"));
	else if (account_name_check(name) != OK)
		tell(out, field, S("ERR_INVALID"),
		     S("must contain only letters, numbers and underscores"));
	else if (DB_I64(db, 0, "SELECT id FROM account WHERE name_key = ? AND domain = ''",
			A(key_str(&key))) != 0)
		tell(out, field, S("ERR_TAKEN"), S("has already been taken"));
}

static void mail_look(struct db *db, struct arena *a, const struct signup *s, int64_t now,
		      struct signup_faults *out)
{
	struct str mail = s->email;
	struct str field = S("email");
	struct key key = key_of(mail);
	if (mail.len == 0)
		tell(out, field, S("ERR_BLANK"), S("can't be blank"));
	else if (mail_check(mail) != OK)
		tell(out, field, S("ERR_INVALID"), S("is not a valid e-mail address"));
	else if (mail_is_taken(db, &key, 0))
		tell(out, field, S("ERR_TAKEN"), S("has already been taken"));
	else if (site_block_mail(db, a, mail, now) == MAIL_BLOCKED)
		tell(out, field, S("ERR_BLOCKED"), S("is not accepted here"));
}

static struct addr address_of(const struct signup *s)
{
	struct addr from = {{0}};
	(void)addr_parse(s->address, &from);
	return from;
}

static void password_look(const struct signup *s, struct signup_faults *out)
{
	struct str field = S("password");
	if (s->password.len == 0)
		tell(out, field, S("ERR_BLANK"), S("can't be blank"));
	else if (utf8_ok(s->password) && utf8_chars(s->password) < PASSWORD_MIN)
		tell(out, field, S("ERR_TOO_SHORT"), S("is too short (minimum is 8 characters)"));
	else if (utf8_ok(s->password) && utf8_chars(s->password) > PASSWORD_MAX)
		tell(out, field, S("ERR_TOO_LONG"), S("is too long (maximum is 200 characters)"));
	else if (account_password_check(s->password, s->name) != OK)
		tell(out, field, S("ERR_INVALID"), S("is not a good password"));
}

void signup_check(struct db *db, struct arena *a, const struct signup *s, int64_t now,
		  struct signup_faults *out)
{
	struct invite invite;
	out->n = 0;
	name_look(db, s->name, out);
	mail_look(db, a, s, now, out);
	password_look(s, out);
	if (!s->agreed)
		tell(out, S("agreement"), S("ERR_ACCEPTED"), S("must be accepted"));
	if (!utf8_ok(s->reason) || utf8_chars(s->reason) > SIGNUP_REASON_MAX)
		tell(out, S("reason"), S("ERR_TOO_LONG"),
		     S("is too long (maximum is 420 characters)"));
	if (gate_at_signup(db, address_of(s), now) >= GATE_NO_SIGNUP)
		tell(out, S("base"), S("ERR_BLOCKED"), S("nobody can sign up from your address"));
	if (s->invite.len && !invite_find(db, a, s->invite, now, &invite))
		tell(out, S("invite_code"), S("ERR_INVALID"), S("is not valid any more"));
}

enum err signup_admit(struct db *db, struct arena *a, const struct signup *s, int64_t now)
{
	if (s->email.len && site_block_mail(db, a, s->email, now) == MAIL_BLOCKED)
		return refuse("Mail addresses of this kind are not accepted here.");
	if (!utf8_ok(s->reason) || utf8_chars(s->reason) > SIGNUP_REASON_MAX)
		return refuse("A reason has at most %d characters.", SIGNUP_REASON_MAX);
	if (gate_at_signup(db, address_of(s), now) >= GATE_NO_SIGNUP)
		return refuse("Nobody can sign up from your address.");
	return OK;
}

bool signup_is_by_approval(void)
{
	return str_eq(conf.signups, S("approval"));
}

bool signup_is_public(void)
{
	return str_eq(conf.signups, S("open")) || signup_is_by_approval();
}

enum err signup_open(const struct signup *s)
{
	if (str_eq(conf.signups, S("closed")))
		return refuse("sign-up is closed"), ERR_DENIED;
	if (str_eq(conf.signups, S("invite")) && s->invite.len == 0)
		return refuse("you need an invitation"), ERR_DENIED;
	return OK;
}

static bool must_wait(struct db *db, struct arena *a, const struct signup *s, int64_t now)
{
	return (signup_is_by_approval() && s->invite.len == 0) ||
	       gate_at_signup(db, address_of(s), now) == GATE_APPROVAL ||
	       site_block_mail(db, a, s->email, now) == MAIL_WITH_APPROVAL;
}

static void tell_moderators(struct tx *tx, int64_t id)
{
	enum { TOLD_MAX = 50 };
	int64_t who[TOLD_MAX];
	size_t n = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT id FROM account WHERE role > 0 AND state = 0 ORDER BY id LIMIT ? /* scan */",
		A((int)TOLD_MAX))
		who[n++] = db_i64(&row, 0);
	for (size_t i = 0; i < n; i++)
		notice_add(tx, who[i], NOTICE_SIGNUP, id, 0);
}

enum err signup_add(struct tx *tx, struct arena *a, const struct signup *s, struct account_new *n,
		    int64_t *id)
{
	struct str reason = str_trim(s->reason);
	enum err e = s->invite.len ? invite_use(tx, s->invite, &n->invited_by) : OK;
	n->pending = must_wait(tx_db(tx), a, s, tx_now(tx));
	if (e == OK)
		e = account_add(tx, n, id);
	if (e != OK)
		return e;
	if (n->pending && reason.len)
		TX_DO(tx, "INSERT INTO joining (account, reason) VALUES (?, ?)", A(*id), A(reason));
	tell_moderators(tx, *id);
	return OK;
}

static enum err waits(struct db *db, int64_t id)
{
	int64_t state = DB_I64(db, -1, "SELECT state FROM account WHERE id = ?", A(id));
	return state == ACCOUNT_PENDING ? OK : refuse("This account is not pending");
}

enum err signup_approve(struct tx *tx, int64_t id, int64_t by)
{
	struct db *db = tx_db(tx);
	enum err e = waits(db, id);
	if (e == OK)
		e = account_state_set(tx, id, ACCOUNT_ACTIVE, by);
	if (e != OK)
		return e;
	TX_DO(tx, "DELETE FROM joining WHERE account = ?", A(id));
	account_meet_inviter(
		tx, id, DB_I64(db, 0, "SELECT invited_by FROM login WHERE account = ?", A(id)));
	return OK;
}

/* Nothing was said or done by who waits: what hangs on the account goes with its row. */
enum err signup_reject(struct tx *tx, int64_t id, int64_t by)
{
	enum err e = waits(tx_db(tx), id);
	if (e != OK)
		return e;
	TX_DO(tx, "DELETE FROM account WHERE id = ?", A(id));
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_STATE,
				     .actor = by,
				     .target = id,
				     .extra = ACCOUNT_DELETED});
	return OK;
}
