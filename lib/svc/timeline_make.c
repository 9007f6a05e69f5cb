/* SPDX-License-Identifier: MIT */
/*
 * Makes the cache from nothing: the newest kwips are fanned out as if they had just come, newest
 * first, while web answers from SQL. Feeds come first, cards follow when there is nothing else to
 * do (timeline.c). Killed half-way it begins again: the cache says "ready" only at the end.
 */
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "svc/timeline.h"

enum {
	MAKE_KWIPS =
		200000, /* beyond these, feeds that are not full are read one by one from SQL */
	MAKE_STEP = 1000,
	ACCOUNT_STEP = 500,
	PROGRESS_MS = 2000
};

struct making {
	struct work *w;
	struct viewers kwips; /* descending */
	int64_t floor;        /* the oldest of them */
	bool all;             /* there are no older ones */
	struct cache_meta meta;
	int64_t told_at;
};

static void tell(struct making *m, const char *what, size_t done)
{
	if (clock_ms() - m->told_at < PROGRESS_MS)
		return;
	m->told_at = clock_ms();
	log_info("making the timeline cache: %s %zu of %zu", what, done, m->kwips.n);
}

static enum err commit_changes(struct making *m, struct changes *c, const struct mark_rows *marks)
{
	struct cache_write *to;
	enum err e = cache_write_begin(m->w->cache, &to);
	if (e != OK)
		return e;
	e = changes_write(c, m->w->db, to);
	for (size_t i = 0; marks && i < marks->n && e == OK; i++)
		e = cache_mark_put(to, marks->at[i].account, marks->at[i].kwip, marks->at[i].bits);
	return batch_finish(m->w, to, e, m->meta);
}

static void fan_out(struct fanout *f, struct changes *c, int64_t kwip, int64_t floor)
{
	struct said s, root;
	if (!fanout_said(f, kwip, &s))
		return;
	struct viewers to = fanout_viewers(f, &s);
	changes_put(c, to, ORDER_RECENT, (struct feed_entry){s.id, s.id});
	if (s.reply_to == 0 && s.boost_of == 0)
		changes_put(c, to, ORDER_ACTIVE, (struct feed_entry){s.activity, s.id});
	/* An older root that was commented on lately stands high in active homes too. */
	if (s.reply_to != 0 && s.conversation < floor && fanout_said(f, s.conversation, &root) &&
	    root.reply_to == 0 && root.activity >= floor)
		changes_put(c, fanout_viewers(f, &root), ORDER_ACTIVE,
			    (struct feed_entry){root.activity, root.id});
}

static enum err fan_out_step(struct making *m, size_t from, size_t to)
{
	SCOPED_ARENA a = arena_new();
	struct fanout *f = fanout_open(m->w->db, a);
	struct changes *c = changes_new(a);
	for (size_t i = from; i < to; i++)
		fan_out(f, c, m->kwips.at[i], m->floor);
	int64_t above = from == 0 ? INT64_MAX : m->kwips.at[from - 1];
	/* A muted conversation may outlive its root, and so be older than the oldest kwip. */
	int64_t below = m->all && to == m->kwips.n ? 0 : m->kwips.at[to - 1];
	struct mark_rows marks = fanout_marks(m->w->db, a, below, above);
	m->w->fanned_out += (int64_t)changes_count(c);
	return commit_changes(m, c, &marks);
}

static enum err fan_out_all(struct making *m)
{
	enum err e = OK;
	for (size_t i = 0; i < m->kwips.n && e == OK; i += MAKE_STEP) {
		size_t to = m->kwips.n - i < MAKE_STEP ? m->kwips.n : i + MAKE_STEP;
		if (!svc_alive(m->w->self))
			return ERR_CONFLICT;
		svc_beat(m->w->self, "making feeds", 0);
		tell(m, "kwips", to);
		e = fan_out_step(m, i, to);
	}
	return e;
}

/* Empty feeds: fan-out writes only to feeds that are there. */
static enum err put_empty(struct cache_write *to, const struct viewers *who)
{
	SCOPED_BUF recent = BUF_EMPTY, active = BUF_EMPTY;
	struct feed none = {.complete = true};
	feed_pack(&recent, ORDER_RECENT, &none);
	feed_pack(&active, ORDER_ACTIVE, &none);
	enum err e = OK;
	for (size_t i = 0; i < who->n && e == OK; i++) {
		e = cache_put(to, CACHE_RECENT, who->at[i], buf_str(&recent));
		if (e == OK)
			e = cache_put(to, CACHE_ACTIVE, who->at[i], buf_str(&active));
	}
	return e;
}

/* Everybody's card and empty feeds. */
static enum err put_people(struct making *m, const struct viewers *who)
{
	struct cache_write *to;
	enum err e = cache_write_begin(m->w->cache, &to);
	if (e != OK)
		return e;
	e = put_empty(to, who);
	if (e == OK)
		e = batch_accounts(m->w, to, who->at, who->n);
	return batch_finish(m->w, to, e, m->meta);
}

/* A feed that is not full although older kwips exist: only SQL knows the rest. */
static bool is_short(struct cache_write *to, struct arena *a, enum cache_kind kind,
		     enum order order, int64_t viewer)
{
	struct str record;
	struct feed f;
	return cache_peek(to, kind, viewer, &record) && feed_open(record, order, a, 0, &f) &&
	       f.complete;
}

static enum err lengthen_feeds(struct making *m, const struct viewers *who)
{
	SCOPED_ARENA a = arena_new();
	struct changes *c = changes_new(a);
	struct cache_write *to;
	enum err e = cache_write_begin(m->w->cache, &to);
	if (e != OK)
		return e;
	for (size_t i = 0; i < who->n; i++) {
		if (is_short(to, a, CACHE_RECENT, ORDER_RECENT, who->at[i]) ||
		    is_short(to, a, CACHE_ACTIVE, ORDER_ACTIVE, who->at[i]))
			changes_remake(c, who->at[i]);
	}
	cache_abort(to);
	return commit_changes(m, c, NULL);
}

static enum err each_account(struct making *m,
			     enum err (*step)(struct making *m, const struct viewers *who))
{
	enum err e = OK;
	int64_t after = 0;
	while (e == OK && svc_alive(m->w->self)) {
		SCOPED_ARENA a = arena_new();
		struct viewers who = fanout_accounts(m->w->db, a, after, ACCOUNT_STEP);
		if (who.n == 0)
			return OK;
		after = who.at[who.n - 1];
		svc_beat(m->w->self, "making feeds", 0);
		e = step(m, &who);
	}
	return e == OK ? ERR_CONFLICT : e;
}

static enum err start_anew(struct making *m)
{
	struct cache_write *to;
	enum err e = cache_write_begin(m->w->cache, &to);
	if (e != OK)
		return e;
	cache_clear(to);
	return batch_finish(m->w, to, OK, m->meta);
}

static enum err declare_ready(struct making *m)
{
	struct cache_write *to;
	enum err e = cache_write_begin(m->w->cache, &to);
	if (e != OK)
		return e;
	m->meta.ready = 1;
	return batch_finish(m->w, to, OK, m->meta);
}

static enum err make(struct making *m)
{
	enum err e = start_anew(m);
	if (e == OK)
		e = each_account(m, put_people);
	if (e == OK)
		e = fan_out_all(m);
	if (e == OK && !m->all)
		e = each_account(m, lengthen_feeds);
	if (e == OK)
		e = declare_ready(m);
	return e;
}

bool make_cache(struct work *w)
{
	SCOPED_ARENA a = arena_new();
	struct making m = {.w = w, .told_at = clock_ms()};
	int64_t began = clock_mono_us();
	/* Until it is whole, or after a making that failed, no batch may declare it so. */
	w->meta.ready = 0;
	m.meta = (struct cache_meta){.seq = event_newest(w->db), .epoch = card_epoch(w->db)};
	m.kwips = fanout_kwips(w->db, a, INT64_MAX, MAKE_KWIPS);
	m.all = m.kwips.n < MAKE_KWIPS;
	m.floor = m.kwips.n > 0 ? m.kwips.at[m.kwips.n - 1] : 0;
	m.meta.mark_floor = m.all ? 0 : m.floor;
	int64_t before = w->fanned_out;
	enum err e = make(&m);
	if (e != OK) {
		if (svc_alive(w->self))
			log_warn("timeline cache could not be made: %s", err_name(e));
		return false;
	}
	int64_t us = clock_mono_us() - began;
	int64_t entries = w->fanned_out - before;
	log_info("timeline cache made: kwips=%zu entries=%lld ms=%lld entries_per_s=%lld",
		 m.kwips.n, (long long)entries, (long long)(us / 1000),
		 (long long)(entries * 1000000 / (us + 1)));
	return true;
}

bool make_room(struct work *w, bool now)
{
	enum { DROP_AT_ONCE = 2000, MARKS_AT_ONCE = 100000, FILL_PERCENT = 80 };
	struct cache_sizes sizes = cache_sizes(w->cache);
	struct cache_write *to;
	if (!now && sizes.bytes < sizes.cap_bytes / 100 * FILL_PERCENT)
		return false;
	if (cache_write_begin(w->cache, &to) != OK)
		return false;
	struct cache_meta meta = w->meta;
	int64_t oldest = cache_drop_oldest(to, DROP_AT_ONCE);
	if (oldest > meta.mark_floor) {
		meta.mark_floor = oldest;
		cache_drop_marks(to, oldest, MARKS_AT_ONCE);
	}
	if (cache_commit(to, meta) == OK)
		w->meta = meta;
	log_debug("timeline cache near its bound: oldest cards dropped");
	return sizes.entries[CACHE_CARD] > 0;
}
