/* SPDX-License-Identifier: MIT */
/*
 * Repeats, a reader of the log of its own ("repeats") inside the timeline service. It only finds
 * who is due: web does the change, in its writer, so that no other process ever holds the write
 * lock that posts wait for. The cursor stays until the database shows that the change was made.
 */
#include "base/clock.h"
#include "core/repeat.h"
#include "svc/timeline.h"

enum { EVENTS_AT_ONCE = 200, TRIES_MAX = 100 };

/* Kwips of a bulk after the last one done, at most as many as one step takes. *seq moves when there
 * are none. */
static size_t take_bulk(struct repeats *r, struct work *w, struct arena *a, const struct event *e,
			int64_t *kwips)
{
	int64_t after = r->bulk_at > e->kwip ? r->bulk_at : e->kwip - 1;
	struct viewers ids = fanout_kwips_up(w->db, a, after, EVENTS_AT_ONCE);
	while (ids.n > 0 && ids.at[ids.n - 1] > e->extra)
		ids.n--;
	for (size_t i = 0; i < ids.n; i++)
		kwips[i] = ids.at[i];
	return ids.n;
}

/* Everything said in the events before the first bulk. */
static size_t take_events(const struct event *events, size_t n, int64_t *kwips, int64_t *seq)
{
	size_t said = 0;
	for (size_t i = 0; i < n && events[i].kind != EVENT_BULK; i++) {
		if (events[i].kind == EVENT_KWIP_NEW || events[i].kind == EVENT_KWIP_EDIT)
			kwips[said++] = events[i].kwip;
		*seq = events[i].seq;
	}
	return said;
}

/* Asks web to look at those that are due. Returns how many. */
static size_t ask(struct work *w, struct arena *a, const int64_t *kwips, size_t n)
{
	size_t due = 0;
	for (size_t i = 0; i < n; i++) {
		if (!repeat_is_due(w->db, a, kwips[i]))
			continue;
		ring_put(&w->self->board->repeats, kwips[i]);
		due++;
	}
	if (due > 0)
		svc_nudge_all(w->self);
	return due;
}

bool repeats_step(struct repeats *r, struct work *w)
{
	int64_t now = clock_ms();
	if (now - r->looked_at < REPEATS_EVERY_MS)
		return false;
	r->looked_at = now;
	SCOPED_ARENA a = arena_new();
	struct event events[EVENTS_AT_ONCE];
	int64_t kwips[EVENTS_AT_ONCE], seq = r->seq;
	size_t n = event_read(w->db, r->seq, events, EVENTS_AT_ONCE);
	bool bulk = n > 0 && events[0].kind == EVENT_BULK;
	size_t said = bulk ? take_bulk(r, w, a, &events[0], kwips)
			   : take_events(events, n, kwips, &seq);
	/* A look that fails again and again must not hold up all that come after it. */
	if (ask(w, a, kwips, said) > 0 && r->tries++ < TRIES_MAX)
		return true;
	r->tries = 0;
	if (bulk)
		seq = said > 0 ? seq : events[0].seq;
	r->bulk_at = bulk && said > 0 ? kwips[said - 1] : 0;
	r->seq = seq;
	atomic_store(&w->self->board->repeats_seq, seq);
	return n == EVENTS_AT_ONCE || bulk;
}
