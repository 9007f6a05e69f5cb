/* SPDX-License-Identifier: MIT */
/* The parts of the timeline service: one batch of events, making everything from nothing, repeats.
 */
#ifndef SVC_TIMELINE_H
#define SVC_TIMELINE_H

#include "core/card.h"
#include "core/fanout.h"
#include "core/feed.h"
#include "store/cache.h"
#include "store/event.h"
#include "svc/service.h"

struct work {
	struct svc *self;
	struct store *store;
	struct db *db;
	struct cache *cache;
	struct cache_meta meta;
	int64_t fanned_out; /* feed entries written since the start */
};

enum batch_result { BATCH_IDLE, BATCH_DONE, BATCH_FULL, BATCH_REMAKE };
/*
 * Takes up to max events after meta.seq into the cache in one transaction. IDLE: none are left.
 * FULL: no room, nothing was changed. REMAKE: something happened that only a new cache reflects.
 */
enum batch_result batch_events(struct work *w, int max);
/* Renders kwips (ids) and commits them; for what readers missed and for making the cache anew.
 * False: no room. */
bool batch_cards(struct work *w, const int64_t *ids, size_t n);
/*
 * Ends a transaction: commits with this meta, which is w->meta from then on; aborts when e says so,
 * or when a read of w->db failed meanwhile (it ended like one without rows: nothing lasting is made
 * of that).
 */
enum err batch_finish(struct work *w, struct cache_write *to, enum err e,
		      struct cache_meta meta) MUST_USE;
/* Renders the cards of accounts into a transaction of the caller's. */
enum err batch_accounts(struct work *w, struct cache_write *to, const int64_t *ids,
			size_t n) MUST_USE;

struct changes;
struct changes *changes_new(struct arena *a);
/* e.kwip comes into (or moves within) the viewers' feeds of that order. */
void changes_put(struct changes *c, struct viewers to, enum order order, struct feed_entry e);
void changes_take(struct changes *c, struct viewers to, enum order order, int64_t kwip);
/* Everything of this viewer is read anew from SQL. */
void changes_remake(struct changes *c, int64_t viewer);
size_t changes_count(const struct changes *c); /* a measure of the work to come */
/* Viewers without a feed (remote ones) are passed over. ERR_FULL: abort the transaction. */
enum err changes_write(struct changes *c, struct db *db, struct cache_write *to) MUST_USE;

enum { REPEATS_EVERY_MS = 100 };
struct repeats {
	int64_t seq; /* cursor in the log */
	int64_t looked_at;
	int64_t bulk_at; /* within an EVENT_BULK: kwips up to this id are done */
	int tries;       /* steps that found the same kwips still due */
};
/* A little at once. True: there is more. */
bool repeats_step(struct repeats *r, struct work *w);

/* Makes the whole cache from the database while others read SQL. False: asked to leave, or no room
 * at all. */
bool make_cache(struct work *w);
/* Gives room back when the cache nears its bound: oldest cards first, then old marks. False:
 * nothing was to be given. */
bool make_room(struct work *w, bool now);

#endif
