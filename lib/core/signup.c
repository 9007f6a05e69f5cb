/* SPDX-License-Identifier: MIT */
/* The rules of joining, told field by field. Called by the API's sign-up, in a worker. */
#include "core/signup.h"

#include "base/conf.h"
#include "base/utf8.h"
#include "core/account_private.h"
#include "core/invite.h"

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

static void mail_look(struct db *db, struct str mail, struct signup_faults *out)
{
	struct str field = S("email");
	struct key key = key_of(mail);
	if (mail.len == 0)
		tell(out, field, S("ERR_BLANK"), S("can't be blank"));
	else if (mail_check(mail) != OK)
		tell(out, field, S("ERR_INVALID"), S("is not a valid e-mail address"));
	else if (mail_is_taken(db, &key, 0))
		tell(out, field, S("ERR_TAKEN"), S("has already been taken"));
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
	mail_look(db, s->email, out);
	password_look(s, out);
	if (!s->agreed)
		tell(out, S("agreement"), S("ERR_ACCEPTED"), S("must be accepted"));
	if (s->invite.len && !invite_find(db, a, s->invite, now, &invite))
		tell(out, S("invite_code"), S("ERR_INVALID"), S("is not valid any more"));
}

enum err signup_open(const struct signup *s)
{
	if (str_eq(conf.signups, S("closed")))
		return refuse("sign-up is closed"), ERR_DENIED;
	if (str_eq(conf.signups, S("invite")) && s->invite.len == 0)
		return refuse("you need an invitation"), ERR_DENIED;
	return OK;
}
