/* SPDX-License-Identifier: MIT */
/*
 * Repeats, a reader of the log of its own ("repeats") inside the timeline service: slower than the
 * feeds, because each step takes the write lock. The same transaction reports both cursors, so that the
 * log can be pruned.
 */
#include "base/clock.h"
#include "core/repeat.h"
#include "svc/timeline.h"

enum { EVENTS_AT_ONCE = 200, BULK_AT_ONCE = 1000, REPORT_EVERY_MS = 5000 };

/* What one transaction does. */
struct step {
	const int64_t *kwips;
	size_t n;
	int64_t seq, timeline_seq;
};

static enum err step_run(struct tx *tx, void *arg)
{
	struct step *s = arg;
	SCOPED_ARENA a = arena_new();
	for (size_t i = 0; i < s->n; i++) {
		enum err e = repeat_look(tx, a, s->kwips[i]);
		if (e != OK)
			return e;
		arena_reset(a, 64 * 1024);
	}
	reader_move(tx, S("repeats"), s->seq);
	reader_move(tx, S("timeline"), s->timeline_seq);
	return OK;
}

/* Kwips of a bulk that were not looked at yet, in s; its event is passed when there are none left. */
static void take_bulk(struct repeats *r, struct work *w, struct arena *a, const struct event *e, struct step *s)
{
	int64_t after = r->bulk_at > e->kwip ? r->bulk_at : e->kwip - 1;
	struct viewers ids = fanout_kwips_up(w->db, a, after, BULK_AT_ONCE);
	while (ids.n > 0 && ids.at[ids.n - 1] > e->extra)
		ids.n--;
	s->kwips = ids.at;
	s->n = ids.n;
	r->bulk_at = ids.n > 0 ? ids.at[ids.n - 1] : 0;
	if (ids.n == 0)
		s->seq = e->seq;
}

/* Everything said in the events before the first bulk. */
static void take_events(const struct event *events, size_t n, int64_t *kwips, struct step *s)
{
	s->kwips = kwips;
	for (size_t i = 0; i < n && events[i].kind != EVENT_BULK; i++) {
		if (events[i].kind == EVENT_KWIP_NEW || events[i].kind == EVENT_KWIP_EDIT)
			kwips[s->n++] = events[i].kwip;
		s->seq = events[i].seq;
	}
}

bool repeats_step(struct repeats *r, struct work *w)
{
	int64_t now = clock_ms();
	if (now - r->looked_at < REPEATS_EVERY_MS)
		return false;
	r->looked_at = now;
	SCOPED_ARENA a = arena_new();
	struct event events[EVENTS_AT_ONCE];
	int64_t kwips[EVENTS_AT_ONCE];
	size_t n = event_read(w->db, r->seq, events, EVENTS_AT_ONCE);
	struct step s = {.seq = r->seq, .timeline_seq = w->meta.seq};
	if (n > 0 && events[0].kind == EVENT_BULK)
		take_bulk(r, w, a, &events[0], &s);
	else
		take_events(events, n, kwips, &s);
	bool more = n == EVENTS_AT_ONCE || r->bulk_at != 0;
	bool report = now - r->reported_at > REPORT_EVERY_MS && r->reported_seq != s.timeline_seq;
	if ((s.n > 0 || report) && tx_run(w->store, step_run, &s) != OK)
		return false;
	if (s.n > 0 || report) {
		r->reported_at = now;
		r->reported_seq = s.timeline_seq;
	}
	r->seq = s.seq;
	return more;
}
