/* SPDX-License-Identifier: MIT */
/*
 * The courier: errands over HTTP that nobody should wait for. Reads the log behind a cursor of its
 * own into a queue of its own (courier.db), both in one transaction; then does what is due, many
 * at once, so that a slow peer holds nobody. What it finds goes to the main database in short
 * transactions. Errands may be done twice after a crash, never forgotten.
 */
#include "svc/courier.h"

#include <malloc.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/crypt.h"
#include "base/log.h"
#include "base/version.h"
#include "core/card.h"
#include "core/preview.h"
#include "core/push.h"
#include "store/event.h"

enum {
	BATCH_EVENTS = 500,
	READER_KIB = 512,
	POLL_MS = 1000,
	FLYING_POLL_MS = 200,
	REPORT_EVERY_US = 5000000,
	IDLE_US = 30000000,
	DUE_MAX = 64,
	PREVIEWS_AT_ONCE = 8,
	SUBSCRIPTIONS_MAX = 32,
};

/* What one batch of events asks for. */
struct batch {
	struct courier *c;
	struct event event[BATCH_EVENTS];
	size_t n;
};

static void on_notice(struct batch *b, struct tx *tx, const struct event *e)
{
	int64_t ids[SUBSCRIPTIONS_MAX];
	size_t n = push_wanted(b->c->db, e->extra, ids, SUBSCRIPTIONS_MAX);
	for (size_t i = 0; i < n; i++)
		errand_add(tx, ERRAND_PUSH, e->extra, ids[i], tx_now(tx));
}

/* A moment later: who corrects a link at once is spared the wrong one, and hosts a crowd. */
static void on_kwip(struct batch *b, struct tx *tx, const struct event *e)
{
	SCOPED_ARENA a = arena_new();
	if (!conf.link_previews)
		return;
	struct preview_links links = preview_links(b->c->db, a, e->kwip, conf_base_url());
	if (links.n > 0 || links.attached)
		errand_add(tx, ERRAND_PREVIEW, e->kwip, 0,
			   tx_now(tx) + (int64_t)rand_below((uint64_t)b->c->pace_ms));
}

static enum err batch_run(struct tx *tx, void *arg)
{
	struct batch *b = arg;
	for (size_t i = 0; i < b->n; i++) {
		const struct event *e = &b->event[i];
		svc_event_begin(b->c->self, e->seq);
		if (e->kind == EVENT_NOTICE)
			on_notice(b, tx, e);
		else if (e->kind == EVENT_KWIP_NEW || e->kind == EVENT_KWIP_EDIT)
			on_kwip(b, tx, e);
	}
	errand_place_set(tx, b->event[b->n - 1].seq, b->c->epoch);
	return db_err(b->c->db);
}

/* The queue is what a restart continues from: what cannot be written there must not be done. */
static bool own_tx(struct courier *c, enum err (*run)(struct tx *tx, void *arg), void *arg)
{
	enum err e = tx_run(c->own, run, arg);
	if (e == OK)
		return true;
	log_error("the courier's queue: %s", err_name(e));
	c->is_broken = true;
	return false;
}

static enum err park_run(struct tx *tx, void *arg)
{
	reader_park(tx, S("courier"), *(int64_t *)arg, S("it ended its reader five times"));
	return OK;
}

static enum err place_run(struct tx *tx, void *arg)
{
	struct courier *c = arg;
	errand_place_set(tx, c->seq, c->epoch);
	return OK;
}

/* Sets the next event aside when it has killed this service again and again. */
static bool park_deadly(struct courier *c)
{
	int64_t next = c->seq + 1;
	if (!svc_event_is_deadly(c->self, next) || tx_run(c->main, park_run, &next) != OK)
		return false;
	log_error("event %lld parked: it ended the courier five times", (long long)next);
	c->seq = next;
	return own_tx(c, place_run, c);
}

/* After a death during a batch its events are taken one by one. */
static size_t batch_size(const struct courier *c)
{
	const struct board_slot *slot = &c->self->board->slot[c->self->slot];
	int64_t deadly = atomic_load(&slot->deadly);
	bool careful = atomic_load(&slot->deaths) > 0 && c->seq < deadly + BATCH_EVENTS;
	return careful ? 1 : BATCH_EVENTS;
}

/* True when there may be more. */
static bool read_log(struct courier *c)
{
	struct batch *b = malloc(sizeof *b);
	if (!b)
		die("out of memory");
	park_deadly(c);
	b->c = c;
	db_begin(c->db);
	b->n = event_read(c->db, c->seq, b->event, batch_size(c));
	if (b->n > 0 && own_tx(c, batch_run, b))
		c->seq = b->event[b->n - 1].seq;
	db_end(c->db);
	svc_event_begin(c->self, 0);
	bool more = b->n > 0;
	free(b);
	return more;
}

static struct trip *place_free(struct courier *c)
{
	for (size_t i = 0; i < FETCH_AT_ONCE; i++) {
		if (!c->trip[i].courier)
			return &c->trip[i];
	}
	return NULL;
}

static void trip_end(struct trip *t)
{
	arena_free(t->a);
	*t = (struct trip){0};
}

bool courier_is_flying(const struct courier *c, struct str url)
{
	for (size_t i = 0; i < FETCH_AT_ONCE; i++) {
		if (c->trip[i].courier && str_eq(c->trip[i].url, url))
			return true;
	}
	return false;
}

int64_t courier_backoff(const struct trip *t, int64_t first_ms, int factor)
{
	enum { DAY_MS = 24 * 3600 * 1000 };
	int64_t ms = first_ms;
	for (int i = 0; i < t->e.attempts && ms < DAY_MS; i++)
		ms *= factor;
	ms = ms < DAY_MS ? ms : DAY_MS;
	ms += (int64_t)rand_below((uint64_t)ms / 2 + 1);
	return ms * t->courier->pace_ms / 1000;
}

static enum err begin_run(struct tx *tx, void *arg)
{
	errand_begin(tx, *(int64_t *)arg);
	return OK;
}

bool courier_fly(struct trip *t, const struct fetch_ask *ask, fetch_done *done)
{
	if (!own_tx(t->courier, begin_run, &t->e.id))
		return false;
	fetcher_start(t->courier->fetcher, ask, done, t);
	return true;
}

/* Its place is free: every trip has one flight at a time. */
void courier_fly_on(struct trip *t, const struct fetch_ask *ask, fetch_done *done)
{
	fetcher_start(t->courier->fetcher, ask, done, t);
}

static enum err done_run(struct tx *tx, void *arg)
{
	errand_done(tx, arg);
	return OK;
}

void courier_done(struct trip *t)
{
	own_tx(t->courier, done_run, &t->e);
	trip_end(t);
}

struct retry {
	const struct errand *e;
	int64_t after_ms;
};

static enum err retry_run(struct tx *tx, void *arg)
{
	struct retry *r = arg;
	errand_retry(tx, r->e, tx_now(tx) + r->after_ms);
	return OK;
}

void courier_retry(struct trip *t, int64_t after_ms)
{
	struct retry r = {&t->e, after_ms};
	own_tx(t->courier, retry_run, &r);
	trip_end(t);
}

/* Errands that found no place now. */
struct deferral {
	int64_t id[DUE_MAX], pace_ms;
	size_t n;
};

static enum err defer_run(struct tx *tx, void *arg)
{
	struct deferral *d = arg;
	for (size_t i = 0; i < d->n; i++)
		errand_defer(tx, d->id[i],
			     tx_now(tx) + d->pace_ms +
				     (int64_t)rand_below((uint64_t)d->pace_ms + 1));
	return OK;
}

static void start_one(struct courier *c, const struct errand *e, struct deferral *later)
{
	struct trip *t = place_free(c);
	*t = (struct trip){.courier = c, .e = *e, .a = arena_new()};
	switch (e->kind == ERRAND_PUSH ? push_start(t) : preview_start(t)) {
	case VERDICT_OVER:
		courier_done(t);
		break;
	case VERDICT_LATER:
		later->id[later->n++] = e->id;
		trip_end(t);
		break;
	case VERDICT_FLYING:
		break;
	}
}

static size_t flying(const struct courier *c, enum errand_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < FETCH_AT_ONCE; i++)
		n += c->trip[i].courier && c->trip[i].e.kind == kind;
	return n;
}

/* Previews never take all places: anybody can link to slow pages, and pushes must go out. */
static void start_due(struct courier *c, enum errand_kind kind)
{
	struct errand due[DUE_MAX];
	struct deferral later = {.pace_ms = c->pace_ms};
	size_t most = kind == ERRAND_PREVIEW ? PREVIEWS_AT_ONCE : FETCH_AT_ONCE;
	size_t n = errands_due(c->queue, kind, due, DUE_MAX);
	for (size_t i = 0; i < n && !c->is_broken; i++) {
		if (flying(c, kind) >= most || !place_free(c))
			break;
		start_one(c, &due[i], &later);
	}
	if (later.n > 0)
		own_tx(c, defer_run, &later);
}

static void load_key(struct courier *c)
{
	SCOPED_ARENA a = arena_new();
	SCOPED_BUF private = BUF_EMPTY;
	if (c->knows_key)
		return;
	c->knows_key = base64_get(&private, push_private_key(c->db, a)) &&
		       p256_of(buf_str(&private), &c->key) == OK;
}

/* libcurl and its TLS take some megabytes: they are there only while there is work. */
static void ensure_fetcher(struct courier *c)
{
	if (c->fetcher && c->was_renewed && fetcher_running(c->fetcher) == 0) {
		fetcher_free(c->fetcher);
		c->fetcher = NULL;
	}
	if (c->fetcher)
		return;
	SCOPED_ARENA a = arena_new();
	struct str base = conf_base_url();
	fetch_open();
	c->was_renewed = false;
	c->fetcher = fetcher_new(&(struct fetch_setup){
		.agent = arena_printf(a, "kwipd/" KWIPD_VERSION " (+%.*s)", (int)base.len, base.at),
		.allow_private = conf.fetch_private});
}

static void drop_fetcher(struct courier *c)
{
	fetcher_free(c->fetcher);
	c->fetcher = NULL;
	db_shrink(c->db);
	db_shrink(c->queue);
	malloc_trim(0);
}

static enum err tell_run(struct tx *tx, void *arg)
{
	reader_move(tx, S("courier"), *(int64_t *)arg);
	return OK;
}

/* So that the log is not pruned before it was read. */
static void tell_place(struct courier *c)
{
	int64_t now = clock_mono_us();
	if (c->told_seq == c->seq || now - c->told_at_us < REPORT_EVERY_US)
		return;
	c->told_at_us = now;
	if (tx_run(c->main, tell_run, &c->seq) == OK)
		c->told_seq = c->seq;
}

static void do_due(struct courier *c)
{
	int64_t next_at = errand_next_at(c->queue);
	if (next_at > clock_ms())
		return;
	load_key(c);
	ensure_fetcher(c);
	start_due(c, ERRAND_PUSH);
	start_due(c, ERRAND_PREVIEW);
}

/* How long to wait for news when nothing is on its way. */
static int patience_ms(struct courier *c)
{
	int64_t left = errand_next_at(c->queue) - clock_ms();
	return left <= 0 ? 10 : left < POLL_MS ? (int)left : POLL_MS;
}

static void step(struct courier *c)
{
	bool more = read_log(c);
	do_due(c);
	tell_place(c);
	bool busy = c->fetcher && fetcher_running(c->fetcher) > 0;
	svc_beat(c->self, busy ? "on errands" : "idle", c->seq);
	int64_t now = clock_mono_us();
	if (busy || more)
		c->idle_since_us = now;
	if (busy) {
		fetcher_wait(c->fetcher, c->self->nudge_fd, more ? 0 : FLYING_POLL_MS);
		svc_wait(c->self, 0);
		return;
	}
	if (c->fetcher && now - c->idle_since_us > IDLE_US)
		drop_fetcher(c);
	if (!more)
		svc_wait(c->self, patience_ms(c));
}

static enum err start_run(struct tx *tx, void *arg)
{
	struct courier *c = arg;
	errands_reset(tx);
	errand_place_set(tx, c->seq, c->epoch);
	return OK;
}

static enum err restart_run(struct tx *tx, void *arg)
{
	errands_drop(tx);
	return start_run(tx, arg);
}

/*
 * A new queue begins where the main database says, or with the whole log. A database brought back
 * from a copy is another one: what it had to be told was told before.
 */
static bool find_place(struct courier *c)
{
	int64_t epoch = 0;
	c->epoch = card_epoch(c->db);
	if (!errand_place(c->queue, &c->seq, &epoch)) {
		c->seq = reader_cursor(c->db, S("courier"));
		return own_tx(c, start_run, c);
	}
	if (epoch == c->epoch)
		return own_tx(c, start_run, c);
	c->seq = event_newest(c->db);
	return own_tx(c, restart_run, c);
}

static void nudge_others(void *arg)
{
	svc_nudge_all(arg);
}

static bool open_all(struct courier *c)
{
	if (store_open(&c->main, conf.dir, false) != OK)
		return false;
	c->db = db_open(c->main, READER_KIB);
	writer_on_commit(c->main, nudge_others, c->self);
	if (store_open_file(&c->own, conf.dir, &errand_schema) != OK)
		return false;
	c->queue = db_open(c->own, READER_KIB);
	return find_place(c);
}

static void close_all(struct courier *c)
{
	fetcher_free(c->fetcher);
	for (size_t i = 0; i < FETCH_AT_ONCE; i++) {
		if (c->trip[i].courier)
			trip_end(&c->trip[i]);
	}
	db_close(c->db);
	db_close(c->queue);
	store_close(c->main);
	store_close(c->own);
}

int svc_courier(struct svc *self)
{
	/* For tests only: other delays. */
	int64_t pace_ms = 0;
	struct courier c = {.self = self};
	bool is_test = str_i64(str_of(getenv("KWIPD_TEST_PACE_MS")), &pace_ms) && pace_ms > 0;
	c.pace_ms = is_test ? pace_ms : 1000;
	mallopt(M_ARENA_MAX, 1);
	id_node(4);
	bool good = open_all(&c);
	while (good && svc_alive(self) && !c.is_broken) {
		c.was_renewed |= svc_settings_changed(self);
		step(&c);
	}
	close_all(&c);
	return good && !c.is_broken ? 0 : 1;
}
