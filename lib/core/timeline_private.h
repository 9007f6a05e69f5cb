/* SPDX-License-Identifier: MIT */
/* Spans as the queries want them, and lists of ids being filled. Shared by timeline*.c, lens_home.c
 * and conversation.c only. */
#ifndef CORE_TIMELINE_PRIVATE_H
#define CORE_TIMELINE_PRIVATE_H

#include "core/kwip_private.h"
#include "core/timeline.h"

/* Keys strictly between low and high; up: from the low end (they are turned round at the end). */
struct range {
	int64_t low, high;
	bool up;
	int limit;
};
static inline struct range range_of(struct span s)
{
	return (struct range){
		.low = s.min_id ? s.min_id : s.since_id,
		.high = s.max_id ? s.max_id : INT64_MAX,
		.up = s.min_id != 0,
		.limit = s.limit > 0 ? s.limit : 0,
	};
}

/* What was read upwards, turned round: newest first. n entries of so many bytes. */
void page_turn(void *at, size_t n, size_t bytes);

/* The four ways to walk one timeline. */
struct ways {
	const struct db_sql *recent_down, *recent_up, *active_down, *active_up;
};

/*
 * The next key of one author's or one tag's kwips beyond ?2: key, comparison, further terms,
 * direction. In active order there are roots only; of a tag, only public ones (the others have no
 * activity there).
 */
#define RECENT_DOWN "id", "<", "", "DESC"
#define RECENT_UP "id", ">", "", "ASC"
#define ACTIVE_ROOT " AND reply_to IS NULL AND boost_of IS NULL"
#define ACTIVE_DOWN "activity", "<", ACTIVE_ROOT, "DESC"
#define ACTIVE_UP "activity", ">", ACTIVE_ROOT, "ASC"
#define TAG_ROOT " AND activity IS NOT NULL"
#define NEXT_OF(table, owner, of, key, op, more, dir) \
	"SELECT " key " FROM " table " WHERE " owner " = " of " AND " key " " op " ?2" more \
	" ORDER BY " key " " dir " LIMIT 1"
#define NEXT_OF_AUTHOR(of, ...) NEXT_OF_AUTHOR_(of, __VA_ARGS__)
#define NEXT_OF_AUTHOR_(of, key, op, more, dir) NEXT_OF("kwip", "author", of, key, op, more, dir)
#define NEXT_OF_TAG(of, key, op, more, dir) NEXT_OF("kwip_tag", "tag", of, key, op, more, dir)

/* Many streams put together (timeline_merge.c). Fill the first part, add the streams, run. */
enum stream_kind { STREAM_AUTHOR, STREAM_TAG };
struct stream {
	enum stream_kind kind;
	int64_t of;  /* the account or the tag */
	int64_t key; /* of its next kwip */
};
struct merge {
	struct db *db;
	struct arena *a;
	int64_t viewer;
	int64_t list;   /* a list's */
	const void *of; /* belongs' own */
	bool show_repeats;
	enum order order;
	struct range range;
	bool (*belongs)(const struct merge *m, int64_t kwip); /* is it to be shown? */
	struct stream *heap;                                  /* the first in order on top */
	size_t n, cap;
};
/* A stream whose next key is known; nothing when it is 0 or out of range. */
void merge_add(struct merge *m, enum stream_kind kind, int64_t of, int64_t key);
/* The key that all streams start beyond, and the next key of one beyond any; 0: none. */
int64_t merge_from(const struct merge *m);
int64_t merge_next(const struct merge *m, enum stream_kind kind, int64_t of, int64_t key);
/* Which of the four is wanted. */
const struct db_sql *merge_way(const struct merge *m, const struct ways *w);
struct ids merge_run(struct merge *m);

struct ids ids_new(struct arena *a, int limit);
void ids_add(struct ids *x, int64_t id, int64_t cursor);
void ids_reverse(struct ids *x);

#endif
