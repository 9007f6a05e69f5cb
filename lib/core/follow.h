/* SPDX-License-Identifier: MIT */
/* Relations between people: follow, request, block, mute. Each change appends its event and keeps
 * the counts. */
#ifndef CORE_FOLLOW_H
#define CORE_FOLLOW_H

#include "core/account.h"

struct relation { /* of actor towards target */
	int64_t target;
	bool following, requested, boosts, notify;
	bool followed_by, requested_by;
	bool blocking, blocked_by;
	bool muting, muting_notices;
	int64_t mute_expires_at;
	bool endorsed, domain_blocked;
	struct str note;      /* the private remark; relations_load alone fills it */
	struct str languages; /* of the follow, separated by spaces; likewise */
};

/*
 * Follows, or asks when the target is locked; again: changes boosts/notify. ERR_INPUT for oneself,
 * ERR_DENIED when either blocks the other or the target is not active, ERR_NOT_FOUND. Notices
 * FOLLOW or REQUEST.
 */
enum err follow_add(struct tx *tx, int64_t actor, int64_t target, bool boosts,
		    bool notify) MUST_USE;
/* Only kwips in these languages (BCP 47, separated by spaces; "" for all) are wanted from target.
 * ERR_INPUT when it is no such list. */
enum err follow_languages_set(struct tx *tx, int64_t actor, int64_t target,
			      struct str languages) MUST_USE;
/* Also withdraws a request; OK when there was none. */
enum err follow_end(struct tx *tx, int64_t actor, int64_t target) MUST_USE;
/* target accepts actor's request; rejects it, or removes a follower. ERR_NOT_FOUND without one. */
enum err follow_accept(struct tx *tx, int64_t target, int64_t actor) MUST_USE;
enum err follow_reject(struct tx *tx, int64_t target, int64_t actor) MUST_USE;
/* Ends follows and requests both ways, and notices between them. */
enum err block_add(struct tx *tx, int64_t actor, int64_t target) MUST_USE;
enum err block_end(struct tx *tx, int64_t actor, int64_t target) MUST_USE;
/* life_ms 0: for ever. A mute counts until mute_prune ended it. */
enum err mute_add(struct tx *tx, int64_t actor, int64_t target, bool notices,
		  int64_t life_ms) MUST_USE;
enum err mute_end(struct tx *tx, int64_t actor, int64_t target) MUST_USE;
/* Ends at most so many expired ones, with their events; how many. */
enum { MUTES_PRUNED_MAX = 100 };
int mute_prune(struct tx *tx);
/* All of them, both ways, with counts and events: for a deleted account. */
void relations_end(struct tx *tx, int64_t account);

/* Without endorsed, domain_blocked, note and languages. */
struct relation relation_get(struct db *db, int64_t actor, int64_t target);
/* All of them in a bounded number of statements, in the order of targets. */
struct relation *relations_load(struct db *db, struct arena *a, int64_t actor,
				const int64_t *targets, size_t n);
bool is_blocked_between(struct db *db, int64_t x, int64_t y); /* either way */

/*
 * Lists of at most 80, newest relation first; the cursor is the relation's id (0: from the start),
 * *next gets the last one's id, or 0 at the end. A page may be shorter than limit: suspended people
 * are left out.
 */
enum follow_list { LIST_FOLLOWERS, LIST_FOLLOWING, LIST_REQUESTS, LIST_BLOCKS, LIST_MUTES };
struct accounts follow_list(struct db *db, struct arena *a, enum follow_list which, int64_t account,
			    int64_t before, int limit, int64_t *next);

#endif
