/* SPDX-License-Identifier: MIT */
/*
 * Bearer tokens and the scopes there are. Which endpoint wants which stands in the route table,
 * what covers what in base/scope.c. token_find runs for every API request: one statement.
 */
#include "core/session.h"

#include "base/scope.h"
#include "core/account.h"
#include "core/session_private.h"
#include "store/event.h"

static const struct str scopes_known[] = {
	S_INIT("read"),
	S_INIT("write"),
	S_INIT("follow"),
	S_INIT("push"),
	S_INIT("profile"),
	S_INIT("read:accounts"),
	S_INIT("read:blocks"),
	S_INIT("read:bookmarks"),
	S_INIT("read:favourites"),
	S_INIT("read:filters"),
	S_INIT("read:follows"),
	S_INIT("read:lists"),
	S_INIT("read:mutes"),
	S_INIT("read:notifications"),
	S_INIT("read:search"),
	S_INIT("read:statuses"),
	S_INIT("write:accounts"),
	S_INIT("write:blocks"),
	S_INIT("write:bookmarks"),
	S_INIT("write:conversations"),
	S_INIT("write:favourites"),
	S_INIT("write:filters"),
	S_INIT("write:follows"),
	S_INIT("write:lists"),
	S_INIT("write:media"),
	S_INIT("write:mutes"),
	S_INIT("write:notifications"),
	S_INIT("write:reports"),
	S_INIT("write:statuses"),
	S_INIT("admin:read"),
	S_INIT("admin:read:accounts"),
	S_INIT("admin:read:canonical_email_blocks"),
	S_INIT("admin:read:domain_allows"),
	S_INIT("admin:read:domain_blocks"),
	S_INIT("admin:read:email_domain_blocks"),
	S_INIT("admin:read:ip_blocks"),
	S_INIT("admin:read:reports"),
	S_INIT("admin:write"),
	S_INIT("admin:write:accounts"),
	S_INIT("admin:write:canonical_email_blocks"),
	S_INIT("admin:write:domain_allows"),
	S_INIT("admin:write:domain_blocks"),
	S_INIT("admin:write:email_domain_blocks"),
	S_INIT("admin:write:ip_blocks"),
	S_INIT("admin:write:reports"),
};

static bool is_known(struct str word)
{
	for (size_t i = 0; i < sizeof(scopes_known) / sizeof(scopes_known[0]); i++)
		if (str_eq(word, scopes_known[i]))
			return true;
	return false;
}

struct str scope_known(size_t i)
{
	size_t n = sizeof(scopes_known) / sizeof(scopes_known[0]);
	return i < n ? scopes_known[i] : (struct str){0};
}

bool scopes_ok(struct str scopes)
{
	struct str word = scope_next(&scopes);
	if (word.len == 0)
		return false;
	for (; word.len > 0; word = scope_next(&scopes))
		if (!is_known(word))
			return false;
	return true;
}

enum err token_find(struct db *db, struct arena *a, struct str secret, struct session *out)
{
	if (secret.len != SECRET_CHARS)
		return ERR_AUTH;
	struct hash hash = hash_of(secret);
	DB_EACH(row, db,
		"SELECT coalesce(t.account, 0), w.name, coalesce(w.role, 0), coalesce(w.state, 0), t.app, t.scopes,"
		" coalesce(l.show_repeats, 0), coalesce(l.default_order, 0)"
		" FROM token t LEFT JOIN account w ON w.id = t.account LEFT JOIN login l ON l.account = t.account WHERE t.hash = ?",
		A_BLOB(hash_bytes(&hash))) {
		*out = (struct session){
			.account = db_i64(&row, 0),
			.name = db_str(&row, 1, a),
			.role = (int)db_i64(&row, 2),
			.app = db_i64(&row, 4),
			.scopes = db_str(&row, 5, a),
			.show_repeats = db_i64(&row, 6) != 0,
			.default_order = (int)db_i64(&row, 7),
			.hash = hash,
		};
		out->pending = db_i64(&row, 3) == ACCOUNT_PENDING;
		if (out->pending)
			out->account = 0;
		return out->pending ? OK : session_state(db_i64(&row, 3));
	}
	return ERR_AUTH;
}

enum err token_add(struct tx *tx, struct arena *a, int64_t account, int64_t app, struct str scopes,
		   struct str *secret)
{
	if (!scopes_ok(scopes))
		return refuse("unknown scope in \"%.*s\"",
			      (int)(scopes.len < 100 ? scopes.len : 100), scopes.at);
	*secret = secret_make(a);
	struct hash hash = hash_of(*secret);
	TX_DO(tx,
	      "INSERT INTO token (hash, account, app, scopes, created_at) VALUES (?, ?, ?, ?, ?)",
	      A_BLOB(hash_bytes(&hash)), A_ID(account), A(app), A(scopes), A(tx_now(tx)));
	return OK;
}

void token_end(struct tx *tx, struct hash hash)
{
	int64_t account = DB_I64(tx_db(tx), 0, "SELECT account FROM token WHERE hash = ?",
				 A_BLOB(hash_bytes(&hash)));
	TX_DO(tx, "DELETE FROM token WHERE hash = ?", A_BLOB(hash_bytes(&hash)));
	if (account != 0)
		event_add(tx, (struct event){.kind = EVENT_TOKENS, .actor = account});
}

int64_t token_app(struct db *db, struct str secret)
{
	struct hash hash = hash_of(secret);
	return DB_I64(db, 0, "SELECT app FROM token WHERE hash = ?", A_BLOB(hash_bytes(&hash)));
}
