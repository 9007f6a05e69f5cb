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
};
/* ERR_AUTH when unknown, expired, or the account is not active (ERR_DENIED when suspended). account
 * 0: an app's own token. */
enum err session_find(struct db *db, struct arena *a, struct str secret, int64_t now,
		      struct session *out) MUST_USE;
enum err token_find(struct db *db, struct arena *a, struct str secret,
		    struct session *out) MUST_USE;

/* Makes one; the secret (in a) is shown once. life_ms from now. */
struct str session_add(struct tx *tx, struct arena *a, int64_t account, struct str agent,
		       int64_t life_ms);
void session_end(struct tx *tx, struct hash hash);
/* Ends all sessions and tokens of an account but keep (may be NULL). */
void sessions_end(struct tx *tx, int64_t account, const struct hash *keep);
/* Prolongs it; does nothing when that was done less than a day ago. */
/* Takes away expired sessions and tickets, old idempotency keys: at most so many of each. */
enum { SESSIONS_PRUNED_MAX = 500 };
int session_prune(struct tx *tx);

bool scopes_ok(struct str scopes); /* every word is a known scope */
/* ERR_INPUT for unknown scopes. account may be 0 for an app's own. */
enum err token_add(struct tx *tx, struct arena *a, int64_t account, int64_t app, struct str scopes,
		   struct str *secret) MUST_USE;
void token_end(struct tx *tx, struct hash hash);

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
