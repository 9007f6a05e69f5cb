/* SPDX-License-Identifier: MIT */
/*
 * How people get in: by name or mail address, and a password of which only the Argon2id form ever
 * comes here. Hashing and checking take long and are done by the caller, outside any transaction.
 */
#include "core/account_private.h"

#include "base/utf8.h"
#include "core/session.h"

bool mail_is_taken(struct db *db, const struct key *mail, int64_t id)
{
	return mail->len > 0 &&
	       DB_I64(db, 0, "SELECT account FROM login WHERE email_key = ? AND account <> ?",
		      A(key_str(mail)), A(id)) != 0;
}

static int64_t login_id(struct db *db, struct str name_or_mail)
{
	struct str s = str_trim(name_or_mail);
	if (s.len > 0 && s.at[0] == '@')
		s = str_slice(s, 1, s.len);
	struct key key = key_of(s);
	if (key.len == 0)
		return 0;
	if (str_find_char(s, '@') >= 0)
		return DB_I64(db, 0, "SELECT account FROM login WHERE email_key = ?",
			      A(key_str(&key)));
	return DB_I64(db, 0, "SELECT id FROM account WHERE name_key = ? AND domain = ''",
		      A(key_str(&key)));
}

/* Suspended people are found: who knows the password may learn of it, at session_find. */
enum err account_login_find(struct db *db, struct arena *a, struct str name_or_mail, int64_t *id,
			    char hash[PASSWORD_HASH_MAX])
{
	hash[0] = '\0';
	*id = login_id(db, name_or_mail);
	if (*id == 0)
		return ERR_AUTH;
	struct str stored;
	bool found = DB_TEXT(db, &stored, a,
			     "SELECT l.password FROM login l JOIN account w ON w.id = l.account"
			     " WHERE l.account = ? AND w.state <> 2",
			     A(*id));
	if (!found || stored.len >= PASSWORD_HASH_MAX)
		return ERR_AUTH;
	memcpy(hash, stored.at, stored.len);
	hash[stored.len] = '\0';
	return OK;
}

enum err account_password_check(struct str password, struct str name)
{
	if (!utf8_ok(password))
		return refuse("a password is well-formed text");
	size_t chars = utf8_chars(password);
	if (chars < PASSWORD_MIN)
		return refuse("a password has at least %d characters", PASSWORD_MIN);
	if (chars > PASSWORD_MAX)
		return refuse("a password has at most %d characters", PASSWORD_MAX);
	if (str_eq_nocase(password, name))
		return refuse("the name is no good password");
	return OK;
}

enum err account_password_set(struct tx *tx, int64_t id, const char *hash, const struct hash *keep)
{
	if (TX_DO(tx, "UPDATE login SET password = ? WHERE account = ?", A(str_of(hash)), A(id)) ==
	    0)
		return ERR_NOT_FOUND;
	/* Other reset links still in somebody's mailbox would open what was just closed. */
	TX_DO(tx, "DELETE FROM ticket WHERE account = ?", A(id));
	sessions_end(tx, id, keep);
	return OK;
}
