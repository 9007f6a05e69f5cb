/* SPDX-License-Identifier: MIT */
/*
 * A feed: the newest entries of somebody's home in one order, as held in the cache. Entries are
 * descending by key; below the last one nothing is known unless the feed is complete. Pure data: no
 * SQL.
 */
#ifndef CORE_FEED_H
#define CORE_FEED_H

#include "base/arena.h"
#include "base/buf.h"
#include "core/timeline.h"

struct feed_entry {
	int64_t key; /* the kwip's id (recent), or its last activity (active) */
	int64_t kwip;
};
struct feed {
	struct feed_entry *at;
	size_t n, cap;
	bool complete; /* holds the whole home, not only its newest part */
};

/* An empty one with room for cap entries in the arena; complete. */
struct feed feed_new(struct arena *a, size_t cap);
/* Opens a record of the cache with room for `more` entries. False when it is none. */
bool feed_open(struct str record, enum order order, struct arena *a, size_t more,
	       struct feed *out) MUST_USE;
void feed_pack(struct buf *out, enum order order, const struct feed *f);
/*
 * Puts an entry in its place; an older entry of the same kwip, or with the same key, goes. One that
 * would stand below the end of an incomplete feed is not taken. At cap the last one falls off and
 * the feed is incomplete.
 */
void feed_put(struct feed *f, struct feed_entry e);
/* Takes a kwip out, wherever it stands. True when it was there. */
bool feed_take(struct feed *f, int64_t kwip);
/* Index of the first entry with key < bound (n when none). */
size_t feed_below(const struct feed *f, int64_t bound);

#endif
