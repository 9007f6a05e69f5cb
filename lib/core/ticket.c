/* SPDX-License-Identifier: MIT */
/*
 * One-time links: the first admin's setup and password resets. A ticket is good once, until it
 * expires, and for an active account only. Called by the setup and reset pages and by commands.
 */
#include "core/session.h"

#include "core/account.h"
#include "core/session_private.h"

struct str ticket_add(struct tx *tx, struct arena *a, enum ticket_kind kind, int64_t account,
		      int64_t life_ms)
{
	struct str secret = secret_make(a);
	struct hash hash = hash_of(secret);
	TX_DO(tx, "INSERT INTO ticket (hash, kind, account, expires_at) VALUES (?, ?, ?, ?)",
	      A_BLOB(hash_bytes(&hash)), A((int)kind), A_ID(account), A(tx_now(tx) + life_ms));
	return secret;
}

bool ticket_find(struct db *db, enum ticket_kind kind, struct str secret, int64_t now,
		 int64_t *account)
{
	*account = 0;
	/* Every start of an empty site prints a link: none of them opens a site that has somebody.
	 */
	if (secret.len != SECRET_CHARS || (kind == TICKET_SETUP && account_any(db)))
		return false;
	struct hash hash = hash_of(secret);
	int64_t found = DB_I64(
		db, -1,
		"SELECT coalesce(t.account, 0) FROM ticket t LEFT JOIN account w ON w.id = t.account"
		" WHERE t.hash = ? AND t.kind = ? AND t.expires_at > ? AND coalesce(w.state, 0) = 0",
		A_BLOB(hash_bytes(&hash)), A((int)kind), A(now));
	if (found < 0)
		return false;
	*account = found;
	return true;
}

enum err ticket_use(struct tx *tx, enum ticket_kind kind, struct str secret, int64_t *account)
{
	if (!ticket_find(tx_db(tx), kind, secret, tx_now(tx), account))
		return ERR_AUTH;
	struct hash hash = hash_of(secret);
	TX_DO(tx, "DELETE FROM ticket WHERE hash = ?", A_BLOB(hash_bytes(&hash)));
	return OK;
}
