/* SPDX-License-Identifier: MIT */
/*
 * Kwips to be said later, and texts begun and put aside. What was sent is kept as the JSON object
 * that the API shows as ScheduledStatus.params; schedule_run makes a draft of it and says it.
 */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include "core/timeline.h"

enum { SCHEDULE_AHEAD_MS = 5 * 60 * 1000, SCHEDULED_MAX = 300, UNFINISHED_MAX = 100 };

struct scheduled {
	int64_t id, account, app, at;
	struct str params; /* JSON object */
	struct str failed; /* why it could not be said; "" while it waits */
};
struct scheduled_list {
	struct scheduled *at;
	size_t n;
};

/*
 * Keeps a draft to be said at a moment. refuse()s ERR_INPUT: sooner than SCHEDULE_AHEAD_MS from
 * now, more than SCHEDULED_MAX, and what kwip_post would refuse of its text, media and poll. The
 * media are held for it. Same idempotency key within the hour: its id, nothing new.
 */
enum err schedule_add(struct tx *tx, const struct draft *d, int64_t at, int64_t *id) MUST_USE;
bool schedule_get(struct db *db, struct arena *a, int64_t account, int64_t id,
		  struct scheduled *out) MUST_USE;
/* What the params of a scheduled or unfinished one hold of a draft, media and poll left out; copied
 * to the arena. */
void schedule_read(struct arena *a, struct str params, struct draft *out);
/* Newest first; s as in timelines. */
struct scheduled_list schedule_list(struct db *db, struct arena *a, int64_t account, struct span s);
enum err schedule_move(struct tx *tx, int64_t account, int64_t id, int64_t at) MUST_USE;
/* Its media become loose. ERR_NOT_FOUND. */
enum err schedule_end(struct tx *tx, int64_t account, int64_t id) MUST_USE;
/* Is anything due? One look at an index. */
bool schedule_is_due(struct db *db, int64_t now);
/*
 * Says the one that is due first, and removes it; *id gets which (0: none). On an error the
 * caller's job is undone, so that nothing half said stays; schedule_fail then keeps the reason with
 * it.
 */
enum err schedule_run(struct tx *tx, struct arena *a, int64_t *id) MUST_USE;
void schedule_fail(struct tx *tx, int64_t id, struct str why);

struct unfinished {
	int64_t id, updated_at;
	struct str params;
};
struct unfinished_list {
	struct unfinished *at;
	size_t n;
};
/* Keeps the texts of a draft, as the object that the API shows. *id 0: a new one. ERR_NOT_FOUND,
 * ERR_INPUT when there are too many or it is too long. */
enum err unfinished_put(struct tx *tx, const struct draft *d, int64_t *id) MUST_USE;
enum err unfinished_end(struct tx *tx, int64_t account, int64_t id) MUST_USE;
struct unfinished_list unfinished_list(struct db *db, struct arena *a, int64_t account);
bool unfinished_get(struct db *db, struct arena *a, int64_t account, int64_t id,
		    struct unfinished *out) MUST_USE;

#endif
