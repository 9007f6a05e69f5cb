/* SPDX-License-Identifier: MIT */
/*
 * Authorization codes: made when somebody allows an app, traded once for a token. A used one is
 * kept until it is too old: who brings it again may have stolen it, so what it gave is ended.
 */
#include "core/app.h"

#include "core/session.h"
#include "core/session_private.h"
#include "store/event.h"

enum { VERIFIER_MIN = 43, VERIFIER_MAX = 128, CHALLENGE_CHARS = 43 };

static bool is_unreserved(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		if (!letter && !(c >= '0' && c <= '9') && !(c && strchr("-._~", c)))
			return false;
	}
	return true;
}

bool grant_challenge_ok(struct str challenge)
{
	return challenge.len == CHALLENGE_CHARS && is_unreserved(challenge);
}

struct str grant_add(struct tx *tx, struct arena *a, const struct grant *g)
{
	struct str code = secret_make(a);
	struct hash hash = hash_of(code);
	TX_DO(tx,
	      "INSERT INTO grant_code (hash, app, account, redirect_uri, scopes, challenge, expires_at)"
	      " VALUES (?, ?, ?, ?, ?, ?, ?)",
	      A_BLOB(hash_bytes(&hash)), A(g->app), A(g->account), A(g->redirect_uri), A(g->scopes),
	      A(g->challenge), A(tx_now(tx) + GRANT_CODE_S * 1000));
	return code;
}

/* RFC 7636 section 4.6. A verifier for a code that was asked for without one is refused as well:
 * somebody took the challenge out on the way. */
static bool is_verified(struct str challenge, struct str verifier)
{
	if (challenge.len == 0)
		return verifier.len == 0;
	if (verifier.len < VERIFIER_MIN || verifier.len > VERIFIER_MAX || !is_unreserved(verifier))
		return false;
	unsigned char sum[SHA256_BYTES];
	SCOPED_BUF b = BUF_EMPTY;
	sha256_of(verifier, sum);
	buf_base64url(&b, sum, sizeof sum);
	return secret_eq(buf_str(&b), challenge);
}

struct stored {
	struct grant g;
	bool used;
	struct hash token;
};

static bool stored_find(struct tx *tx, struct arena *a, const struct hash *hash, struct stored *out)
{
	DB_EACH(row, tx_db(tx),
		"SELECT g.app, g.account, g.redirect_uri, g.scopes, g.challenge, g.token FROM grant_code g"
		" JOIN account w ON w.id = g.account AND w.state = 0 WHERE g.hash = ? AND g.expires_at > ?",
		A_BLOB(hash_bytes(hash)), A(tx_now(tx))) {
		*out = (struct stored){.g = {.app = db_i64(&row, 0),
					     .account = db_i64(&row, 1),
					     .redirect_uri = db_str(&row, 2, a),
					     .scopes = db_str(&row, 3, a),
					     .challenge = db_str(&row, 4, a)},
				       .used = !db_is_null(&row, 5)};
		struct str token = db_peek(&row, 5);
		if (token.len == HASH_BYTES)
			memcpy(out->token.at, token.at, HASH_BYTES);
		return true;
	}
	return false;
}

enum err grant_use(struct tx *tx, struct arena *a, const struct grant_use *use, struct str *token,
		   struct str *scopes)
{
	struct hash hash = hash_of(use->code);
	struct stored s;
	if (!stored_find(tx, a, &hash, &s) || s.g.app != use->app)
		return ERR_AUTH;
	if (s.used) {
		token_end(tx, s.token);
		return ERR_AUTH;
	}
	if (!str_eq(s.g.redirect_uri, use->redirect_uri) ||
	    !is_verified(s.g.challenge, use->verifier))
		return ERR_AUTH;
	enum err e = token_add(tx, a, s.g.account, s.g.app, s.g.scopes, token);
	if (e != OK)
		return e;
	struct hash given = hash_of(*token);
	TX_DO(tx, "UPDATE grant_code SET token = ? WHERE hash = ?", A_BLOB(hash_bytes(&given)),
	      A_BLOB(hash_bytes(&hash)));
	*scopes = s.g.scopes;
	return OK;
}
