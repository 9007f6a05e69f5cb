/* SPDX-License-Identifier: MIT */
/*
 * Browser sessions. The cookie holds a random secret, the table its hash: whoever reads the
 * database cannot log in with it. Tokens of the API are token.c's, one-time links ticket.c's.
 */
#include "core/session.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "core/account.h"
#include "core/session_private.h"
#include "store/event.h"

enum { AGENT_CHARS_MAX = 200 };
static const int64_t day_ms = 86400000;

struct str hash_bytes(const struct hash *h)
{
	return (struct str){(const char *)h->at, HASH_BYTES};
}

enum err session_state(int64_t state)
{
	if (state == ACCOUNT_ACTIVE)
		return OK;
	return state == ACCOUNT_SUSPENDED ? ERR_DENIED : ERR_AUTH;
}

enum err session_find(struct db *db, struct arena *a, struct str secret, int64_t now,
		      struct session *out)
{
	if (secret.len != SECRET_CHARS)
		return ERR_AUTH;
	struct hash hash = hash_of(secret);
	DB_EACH(row, db,
		"SELECT s.account, w.name, w.role, w.state, l.show_repeats, l.default_order,"
		" (SELECT count(*) FROM (SELECT 1 FROM notice n WHERE n.account = l.account AND n.filtered = 0 AND n.id > l.notices_read LIMIT 99) AS unread)"
		" FROM session s JOIN account w ON w.id = s.account JOIN login l ON l.account = s.account"
		" WHERE s.hash = ? AND s.expires_at > ?",
		A_BLOB(hash_bytes(&hash)), A(now)) {
		*out = (struct session){
			.account = db_i64(&row, 0),
			.name = db_str(&row, 1, a),
			.role = (int)db_i64(&row, 2),
			.app = 1,
			.show_repeats = db_i64(&row, 4) != 0,
			.default_order = (int)db_i64(&row, 5),
			.unread = db_i64(&row, 6),
			.hash = hash,
		};
		return session_state(db_i64(&row, 3));
	}
	return ERR_AUTH;
}

struct str session_add(struct tx *tx, struct arena *a, int64_t account, struct str agent,
		       int64_t life_ms)
{
	struct str secret = secret_make(a);
	struct hash hash = hash_of(secret);
	int64_t now = tx_now(tx);
	agent = utf8_ok(agent) ? utf8_prefix(agent, AGENT_CHARS_MAX) : S("");
	TX_DO(tx,
	      "INSERT INTO session (hash, account, created_at, expires_at, agent) VALUES (?, ?, ?, ?, ?)",
	      A_BLOB(hash_bytes(&hash)), A(account), A(now), A(now + life_ms), A(agent));
	TX_DO(tx, "UPDATE login SET last_login_at = ? WHERE account = ?", A(now), A(account));
	return secret;
}

void session_end(struct tx *tx, struct hash hash)
{
	TX_DO(tx, "DELETE FROM session WHERE hash = ?", A_BLOB(hash_bytes(&hash)));
}

void sessions_end(struct tx *tx, int64_t account, const struct hash *keep)
{
	struct hash nobody = {0};
	struct str kept = hash_bytes(keep != NULL ? keep : &nobody);
	TX_DO(tx, "DELETE FROM session WHERE account = ? AND hash <> ?", A(account), A_BLOB(kept));
	int tokens = TX_DO(tx, "DELETE FROM token WHERE account = ? AND hash <> ?", A(account),
			   A_BLOB(kept));
	TX_DO(tx, "DELETE FROM grant_code WHERE account = ?", A(account));
	if (tokens > 0)
		event_add(tx, (struct event){.kind = EVENT_TOKENS, .actor = account});
}

struct session_rows session_list(struct db *db, struct arena *a, int64_t account)
{
	enum { LISTED = 200, KEY_BYTES = 12 };
	struct session_rows list = {.at = arena_array(a, LISTED, sizeof *list.at)};
	DB_EACH(row, db,
		"SELECT hash, agent, created_at FROM session WHERE account = ? AND expires_at > ?"
		" ORDER BY created_at DESC LIMIT ?",
		A(account), A(clock_ms()), A(LISTED)) {
		struct session_row *to = &list.at[list.n++];
		struct str hash = db_peek(&row, 0);
		SCOPED_BUF key = BUF_EMPTY;
		if (hash.len == HASH_BYTES)
			memcpy(to->hash.at, hash.at, HASH_BYTES);
		buf_hex(&key, to->hash.at, KEY_BYTES);
		to->key = arena_str(a, buf_str(&key));
		to->agent = db_str(&row, 1, a);
		to->created_at = db_i64(&row, 2);
	}
	return list;
}

enum err session_end_key(struct tx *tx, struct arena *a, int64_t account, struct str key)
{
	struct session_rows list = session_list(tx_db(tx), a, account);
	for (size_t i = 0; i < list.n; i++)
		if (str_eq(list.at[i].key, key))
			return session_end(tx, list.at[i].hash), OK;
	return ERR_NOT_FOUND;
}

int session_prune(struct tx *tx)
{
	int64_t now = tx_now(tx);
	int n = TX_DO(
		tx,
		"DELETE FROM session WHERE hash IN"
		" (SELECT hash FROM session WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
		A(now), A(SESSIONS_PRUNED_MAX));
	n += TX_DO(
		tx,
		"DELETE FROM ticket WHERE hash IN (SELECT hash FROM ticket WHERE expires_at <= ? LIMIT ?)",
		A(now), A(SESSIONS_PRUNED_MAX));
	n += TX_DO(tx,
		   "DELETE FROM idempotency WHERE (account, key) IN"
		   " (SELECT account, key FROM idempotency WHERE at <= ? ORDER BY at LIMIT ?)",
		   A(now - day_ms), A(SESSIONS_PRUNED_MAX));
	n += TX_DO(
		tx,
		"DELETE FROM grant_code WHERE hash IN"
		" (SELECT hash FROM grant_code WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
		A(now), A(SESSIONS_PRUNED_MAX));
	return n;
}
