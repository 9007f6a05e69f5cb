/* SPDX-License-Identifier: MIT */
/*
 * The timeline service: reads the log behind its cursor W, which lives in the cache itself, and
 * keeps feeds, cards and marks; finds repeats. Web answers exactly the same without it, only
 * slower.
 */
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "svc/timeline.h"

enum {
	BATCH_EVENTS = 2048,
	BATCH_PAUSE_MS = 10,
	POLL_MS = 1000,
	CARDS_AT_ONCE = 400,
	READER_KIB = 2048,
	MAKES_FAILED_MAX = 6,
	SLIM_AFTER = 100000,
	NICE = 5
};

struct timeline {
	struct work w;
	struct repeats repeats;
	int64_t cards_below; /* cards of kwips below this id are still to be made; 0: done */
	int64_t make_at_us;  /* not before this, after makes_failed tries */
	int makes_failed;
	uint32_t wanted_at;
	int64_t slimmed_at; /* feed entries written by then */
	bool relaxed;
};

/* The cache reflects this database, and the log still holds what came after. */
static bool is_usable(struct work *w)
{
	struct cache_read *r;
	if (cache_read_begin(w->cache, &r) != OK)
		return false;
	bool known = cache_meta(r, &w->meta);
	cache_read_end(r);
	return known && w->meta.ready && w->meta.epoch == card_epoch(w->db) &&
	       w->meta.seq <= event_newest(w->db) && w->meta.seq + 1 >= event_oldest(w->db);
}

/* What failed (no room) would fail again at once: each time the next try is twice as far off. */
static bool remake(struct timeline *t)
{
	int64_t now = clock_mono_us();
	if (now < t->make_at_us)
		return false;
	t->cards_below = INT64_MAX;
	if (make_cache(&t->w)) {
		t->makes_failed = 0;
		return true;
	}
	t->makes_failed += t->makes_failed < MAKES_FAILED_MAX;
	t->make_at_us = now + ((int64_t)POLL_MS * 1000 << t->makes_failed);
	return false;
}

/* Opens the cache (again) and makes it when it is of no use. False: try later. */
static bool ensure_cache(struct timeline *t)
{
	struct work *w = &t->w;
	if (w->cache && !cache_is_stale(w->cache))
		return true;
	if (clock_mono_us() < t->make_at_us)
		return false;
	cache_close(w->cache);
	w->cache = NULL;
	if (cache_open(&w->cache, conf.dir, true, conf.cache_bytes) != OK) {
		w->cache = NULL;
		return false;
	}
	t->cards_below = INT64_MAX;
	if (is_usable(w) || remake(t))
		return true;
	cache_close(w->cache);
	w->cache = NULL;
	return false;
}

/* After a death during a batch its events are taken one by one, so that the board knows which one
 * it is. */
static int batch_size(struct work *w)
{
	const struct board_slot *slot = &w->self->board->slot[w->self->slot];
	int64_t deadly = atomic_load(&slot->deadly);
	bool careful = atomic_load(&slot->deaths) > 0 && w->meta.seq < deadly + BATCH_EVENTS;
	return careful ? 1 : BATCH_EVENTS;
}

static enum err park_run(struct tx *tx, void *arg)
{
	reader_park(tx, S("timeline"), *(int64_t *)arg, S("it ended its reader five times"));
	return OK;
}

/*
 * Sets the next event aside when it has killed this service again and again. Its news are in the
 * database all the same, so the cache is made anew from there: it lacks nothing, and were it the
 * damaged part, it is gone. True when that has to be done.
 */
static bool park_deadly(struct work *w)
{
	int64_t next = w->meta.seq + 1;
	if (!svc_event_is_deadly(w->self, next) || tx_run(w->store, park_run, &next) != OK)
		return false;
	log_error("event %lld parked: it ended the timeline service five times", (long long)next);
	cache_discard(conf.dir);
	return true;
}

/* Kwips whose cards readers missed since the last look. */
static void render_wanted(struct timeline *t)
{
	int64_t ids[BOARD_RING];
	size_t n = ring_take(&t->w.self->board->wanted, &t->wanted_at, ids);
	if (n > 0 && !batch_cards(&t->w, ids, n))
		make_room(&t->w, true);
}

/* Cards of older kwips, newest first, while there is room. True when some were made. */
static bool render_older(struct timeline *t)
{
	enum { STOP_PERCENT = 70 };
	struct work *w = &t->w;
	if (t->cards_below == 0)
		return false;
	struct cache_sizes sizes = cache_sizes(w->cache);
	SCOPED_ARENA a = arena_new();
	struct viewers ids = fanout_kwips(w->db, a, t->cards_below, CARDS_AT_ONCE);
	if (ids.n == 0 || sizes.bytes > sizes.cap_bytes / 100 * STOP_PERCENT) {
		t->cards_below = 0;
		return false;
	}
	struct cache_read *r;
	size_t n = 0;
	t->cards_below = ids.at[ids.n - 1];
	if (cache_read_begin(w->cache, &r) != OK)
		return false;
	for (size_t i = 0; i < ids.n; i++) {
		struct str record;
		if (!cache_get(r, CACHE_PAGE, ids.at[i], &record))
			ids.at[n++] = ids.at[i];
	}
	cache_read_end(r);
	return n == 0 || batch_cards(w, ids.at, n);
}

/* Gives memory back after work; after much of it also what LMDB keeps (a failure shows as a stale
 * cache). */
static void relax(struct timeline *t)
{
	if (t->relaxed)
		return;
	t->relaxed = true;
	if (t->w.fanned_out - t->slimmed_at > SLIM_AFTER && cache_slim(t->w.cache) == OK)
		t->slimmed_at = t->w.fanned_out;
	cache_relax(t->w.cache);
	db_shrink(t->w.db);
	malloc_trim(0);
}

/* Nothing new in the log: the rest of the work, then sleep until the next nudge. */
static void idle(struct timeline *t)
{
	struct work *w = &t->w;
	render_wanted(t);
	bool more = repeats_step(&t->repeats, w);
	make_room(w, false);
	if (render_older(t)) {
		more = true;
		t->relaxed = false;
	} else {
		relax(t);
	}
	svc_beat(w->self, more ? "working" : "idle", w->meta.seq);
	svc_wait(w->self, more ? 1 : w->meta.seq != t->repeats.seq ? REPEATS_EVERY_MS : POLL_MS);
}

static void step(struct timeline *t)
{
	struct work *w = &t->w;
	if (!ensure_cache(t)) {
		svc_beat(w->self, "no cache", 0);
		svc_wait(w->self, POLL_MS);
		return;
	}
	if (park_deadly(w))
		return;
	int64_t before = w->meta.seq;
	switch (batch_events(w, batch_size(w))) {
	case BATCH_IDLE:
		idle(t);
		break;
	case BATCH_DONE:
		t->relaxed = false;
		svc_beat(w->self, "fan-out", w->meta.seq);
		repeats_step(&t->repeats, w);
		make_room(w, false);
		/* Feeds are written once per batch: a short wait makes it worth more under load. */
		if (w->meta.seq - before < BATCH_EVENTS / 4)
			clock_sleep_ms(BATCH_PAUSE_MS);
		break;
	case BATCH_FULL:
		/* With no card left to drop the bound is too small for the feeds alone. */
		svc_beat(w->self, "making room", w->meta.seq);
		if (!make_room(w, true))
			svc_wait(w->self, POLL_MS);
		break;
	case BATCH_REMAKE:
		svc_beat(w->self, "remake", w->meta.seq);
		if (!remake(t))
			svc_wait(w->self, POLL_MS);
		break;
	}
}

int svc_timeline(struct svc *self)
{
	struct timeline t = {.w = {.self = self}};
	if (nice(NICE) == -1)
		log_debug("nice: not allowed");
	mallopt(M_ARENA_MAX, 1);
	id_node(2);
	if (store_open(&t.w.store, conf.dir, false) != OK)
		return 1;
	t.w.db = db_open(t.w.store, READER_KIB);
	t.repeats.seq = reader_cursor(t.w.db, S("repeats"));
	while (svc_alive(self))
		step(&t);
	cache_close(t.w.cache);
	db_close(t.w.db);
	store_close(t.w.store);
	return 0;
}
