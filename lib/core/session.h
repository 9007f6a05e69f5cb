/* SPDX-License-Identifier: MIT */
/* Who asks: browser sessions, bearer tokens, one-time links. Only hashes are stored. */
#ifndef CORE_SESSION_H
#define CORE_SESSION_H

#include "base/crypt.h"
#include "store/db.h"

struct session {
	int64_t account;
	struct str name;
	int role;          /* enum account_role */
	struct str scopes; /* tokens */
	int64_t app;       /* app of the token; 1 for sessions */
	bool show_repeats;
	int default_order;
	int64_t unread; /* notices newer than the last read, counted up to 99 (sessions only) */
	struct hash hash;
	bool pending; /* tokens: of somebody who waits to be let in; account is 0 then */
};
/* ERR_AUTH when unknown, expired, or the account is not active (ERR_DENIED when suspended). account
 * 0: an app's own token, or that of who waits. */
enum err session_find(struct db *db, struct arena *a, struct str secret, int64_t now,
		      struct session *out) MUST_USE;
enum err token_find(struct db *db, struct arena *a, struct str secret,
		    struct session *out) MUST_USE;

/* Makes one; the secret (in a) is shown once. life_ms from now. */
struct str session_add(struct tx *tx, struct arena *a, int64_t account, struct str agent,
		       int64_t life_ms);
void session_end(struct tx *tx, struct hash hash);
/* Ends all sessions, tokens and codes of an account but keep (may be NULL). Event TOKENS when there
 * were tokens. */
void sessions_end(struct tx *tx, int64_t account, const struct hash *keep);
struct session_row {
	struct str key; /* names it among the account's; no secret */
	struct str agent;
	int64_t created_at;
	struct hash hash;
};
struct session_rows {
	struct session_row *at;
	size_t n;
};
/* Newest first, at most 200. */
struct session_rows session_list(struct db *db, struct arena *a, int64_t account);
/* Ends one of the account's by its key. ERR_NOT_FOUND. */
enum err session_end_key(struct tx *tx, struct arena *a, int64_t account, struct str key) MUST_USE;
/* Takes away expired sessions, tickets and codes, old idempotency keys: at most so many of each. */
enum { SESSIONS_PRUNED_MAX = 500 };
int session_prune(struct tx *tx);

bool scopes_ok(struct str scopes); /* every word is a known scope */
struct str scope_known(size_t i);  /* the known ones in order; empty after the last */
/* ERR_INPUT for unknown scopes. account may be 0 for an app's own. */
enum err token_add(struct tx *tx, struct arena *a, int64_t account, int64_t app, struct str scopes,
		   struct str *secret) MUST_USE;
/* Unknown is fine. Event TOKENS when it was somebody's. */
void token_end(struct tx *tx, struct hash hash);
/* The app a token was given to; 0 when there is no such token. */
int64_t token_app(struct db *db, struct str secret);

enum ticket_kind { TICKET_SETUP = 1, TICKET_RESET = 2 };
struct str ticket_add(struct tx *tx, struct arena *a, enum ticket_kind kind, int64_t account,
		      int64_t life_ms);
/* Is it good? account of it to *account (0 for setup: good only while there is no account at all).
 */
bool ticket_find(struct db *db, enum ticket_kind kind, struct str secret, int64_t now,
		 int64_t *account) MUST_USE;
/* Uses it up; ERR_AUTH when it was not good any more. */
enum err ticket_use(struct tx *tx, enum ticket_kind kind, struct str secret,
		    int64_t *account) MUST_USE;

#endif
