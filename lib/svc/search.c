/* SPDX-License-Identifier: MIT */
/*
 * The search service: keeps the index (core/index.h) behind the log, with its cursor in the same
 * transaction, and counts what is talked about now and then. The file can be made again whenever it
 * is lost, damaged, or of another database: then new kwips come by the log at once and the old ones
 * in small steps, the newest first. It never holds anybody up.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "core/kwip.h"
#include "core/site.h"
#include "core/trend.h"
#include "store/event.h"
#include "svc/service.h"

enum {
	BATCH_EVENTS = 500,
	STEP_MAX = 1000,
	STEP_MIN = 20,
	STEP_LONG_US = 300000,
	READER_KIB = 512,
	NICE = 5,
	POLL_MS = 1000,
	RETRY_MS = 3000,
	TRENDS_EVERY_MS = 5 * 60 * 1000,
	REPORT_EVERY_US = 5000000,
	REST_AFTER_US = 10000000,
};

struct searcher {
	struct svc *self;
	struct store *main, *own;
	struct db *db;            /* reads the main database */
	struct index_place place; /* as it stands in the file */
	int64_t told_seq, told_at_us;
	int64_t begun_us;     /* the making anew */
	size_t step;          /* kwips and people at once; fewer when they are long */
	int64_t trends_at_us; /* 0: not counted yet */
	int64_t trends_every_us;
	int64_t worked_at_us; /* 0: nothing since the last rest */
};

/* What one transaction takes in. */
struct batch {
	struct searcher *s;
	struct event event[BATCH_EVENTS];
	size_t n;
	int64_t kwips[STEP_MAX], people[STEP_MAX];
	size_t n_kwips, n_people;
	struct index_place place; /* from then on */
};

/* Many rows that came without events of their own. */
static void on_bulk(struct index_place *p, int64_t kwips, const struct event *e)
{
	bool busy = p->below != 0;
	p->below = busy && p->below > e->extra ? p->below : e->extra + 1;
	p->from = busy && p->from < e->kwip ? p->from : e->kwip;
	p->people = 0;
	p->total = kwips;
	p->done = 0;
}

static void on_event(struct batch *b, const struct event *e)
{
	switch (e->kind) {
	case EVENT_KWIP_NEW:
	case EVENT_KWIP_EDIT:
	case EVENT_KWIP_DELETE:
		b->kwips[b->n_kwips++] = e->kwip;
		break;
	case EVENT_ACCOUNT_NEW:
	case EVENT_ACCOUNT_EDIT:
		b->people[b->n_people++] = e->actor;
		break;
	case EVENT_ACCOUNT_STATE:
	case EVENT_FOLLOW:
	case EVENT_UNFOLLOW:
		b->people[b->n_people++] = e->target;
		break;
	case EVENT_BULK:
		on_bulk(&b->place, kwip_count(b->s->db), e);
		break;
	default:
		break;
	}
}

static int by_number(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

/* Each once, and in order: FTS5 wants its rows upwards, and begins a new piece of its index at each
 * that is not. */
static size_t tidy(int64_t *ids, size_t n)
{
	size_t kept = 0;
	qsort(ids, n, sizeof *ids, by_number);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || ids[kept - 1] != ids[i])
			ids[kept++] = ids[i];
	return kept;
}

static enum err batch_run(struct tx *tx, void *arg)
{
	struct batch *b = arg;
	index_kwips(tx, b->s->db, b->kwips, tidy(b->kwips, b->n_kwips));
	index_people(tx, b->s->db, b->people, tidy(b->people, b->n_people));
	index_place_set(tx, &b->place);
	/* What could not be read must not count as gone. */
	return db_err(b->s->db);
}

/* False: nothing was kept, and it will be tried again. */
static bool own_tx(struct searcher *s, enum err (*run)(struct tx *tx, void *arg), void *arg)
{
	enum err e = tx_run(s->own, run, arg);
	if (e == OK)
		return true;
	log_warn("the index: %s", err_name(e));
	return false;
}

static enum err park_run(struct tx *tx, void *arg)
{
	reader_park(tx, S("search"), *(int64_t *)arg, S("it ended its reader five times"));
	return OK;
}

static enum err place_run(struct tx *tx, void *arg)
{
	index_place_set(tx, arg);
	return OK;
}

/* Sets the next event aside when it has killed this service again and again. */
static void park_deadly(struct searcher *s)
{
	struct index_place next = s->place;
	next.seq++;
	if (!svc_event_is_deadly(s->self, next.seq) || tx_run(s->main, park_run, &next.seq) != OK)
		return;
	log_error("event %lld parked: it ended the search service five times", (long long)next.seq);
	if (own_tx(s, place_run, &next))
		s->place = next;
}

/* After a death during a batch its events are taken one by one. */
static size_t batch_size(const struct searcher *s)
{
	const struct board_slot *slot = &s->self->board->slot[s->self->slot];
	int64_t deadly = atomic_load(&slot->deadly);
	bool careful = atomic_load(&slot->deaths) > 0 && s->place.seq < deadly + BATCH_EVENTS;
	return careful ? 1 : BATCH_EVENTS;
}

static void gather(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		svc_event_begin(b->s->self, b->event[i].seq);
		on_event(b, &b->event[i]);
		b->place.seq = b->event[i].seq;
	}
}

enum step { NOTHING, DID, FAILED };

static enum step read_log(struct searcher *s, struct batch *b)
{
	*b = (struct batch){.s = s};
	park_deadly(s);
	b->place = s->place;
	db_begin(s->db);
	b->n = event_read(s->db, s->place.seq, b->event, batch_size(s));
	gather(b);
	bool good = b->n > 0 && own_tx(s, batch_run, b);
	db_end(s->db);
	svc_event_begin(s->self, 0);
	if (good)
		s->place = b->place;
	return good ? DID : b->n > 0 ? FAILED : NOTHING;
}

static bool is_unfinished(const struct index_place *p)
{
	return p->below != 0 || p->people >= 0;
}

static void say_made(const struct searcher *s)
{
	if (!is_unfinished(&s->place))
		log_info("the index is made: %lld kwips in %lld ms", (long long)s->place.done,
			 (long long)((clock_mono_us() - s->begun_us) / 1000));
}

static void next_ones(struct db *db, struct batch *b, size_t max)
{
	if (b->place.below != 0) {
		b->n_kwips = index_next_kwips(db, &b->place, b->kwips, max);
		b->place.done += (int64_t)b->n_kwips;
		b->place.below = b->n_kwips < max ? 0 : b->kwips[b->n_kwips - 1];
	}
	if (b->place.people >= 0) {
		b->n_people = index_next_people(db, &b->place, b->people, max);
		b->place.people = b->n_people < max ? -1 : b->people[b->n_people - 1];
	}
}

/* What was there before the log's events: a little at once. */
static enum step make_some(struct searcher *s, struct batch *b)
{
	if (!is_unfinished(&s->place))
		return NOTHING;
	*b = (struct batch){.s = s, .place = s->place};
	int64_t begun = clock_mono_us();
	db_begin(s->db);
	next_ones(s->db, b, s->step);
	bool good = own_tx(s, batch_run, b);
	db_end(s->db);
	s->step = clock_mono_us() - begun > STEP_LONG_US ? s->step / 2 : s->step * 2;
	s->step = s->step < STEP_MIN ? STEP_MIN : s->step > STEP_MAX ? STEP_MAX : s->step;
	if (!good)
		return FAILED;
	s->place = b->place;
	say_made(s);
	return DID;
}

struct counted {
	enum trend_kind kind;
	struct trend at[TRENDS_MAX];
	size_t n;
};

static enum err trends_run(struct tx *tx, void *arg)
{
	const struct counted *c = arg;
	index_trends_set(tx, c->kind, c->at, c->n);
	return OK;
}

/* When there is nothing else to do. */
static void count_trends(struct searcher *s)
{
	int64_t now = clock_mono_us();
	if (s->trends_at_us && now - s->trends_at_us < s->trends_every_us)
		return;
	s->trends_at_us = now;
	for (int kind = TREND_TAG; kind <= TREND_LINK; kind++) {
		struct counted c = {.kind = (enum trend_kind)kind};
		svc_beat(s->self, "counting", s->place.seq);
		db_begin(s->db);
		c.n = trends_count(s->db, c.kind, clock_ms(), c.at);
		enum err e = db_err(s->db);
		db_end(s->db);
		if (e == OK)
			own_tx(s, trends_run, &c);
	}
	s->worked_at_us = now;
}

static enum err tell_run(struct tx *tx, void *arg)
{
	reader_move(tx, S("search"), *(int64_t *)arg);
	return OK;
}

/* So that the log is not pruned before it was read. */
static void tell_place(struct searcher *s)
{
	int64_t now = clock_mono_us();
	if (s->told_seq == s->place.seq || now - s->told_at_us < REPORT_EVERY_US)
		return;
	s->told_at_us = now;
	if (tx_run(s->main, tell_run, &s->place.seq) == OK)
		s->told_seq = s->place.seq;
}

static void beat(struct searcher *s, const char *otherwise)
{
	char doing[48];
	const struct index_place *p = &s->place;
	int64_t share = p->total > 0 ? p->done * 100 / p->total : 0;
	snprintf(doing, sizeof doing, "making the index, %lld %%",
		 (long long)(share > 99 ? 99 : share));
	svc_beat(s->self, is_unfinished(p) ? doing : otherwise, p->seq);
}

/* True while the log continues what the file knows: same database, nothing pruned in between. */
static bool continues(struct searcher *s)
{
	db_begin(s->db);
	int64_t newest = event_newest(s->db), oldest = event_oldest(s->db);
	bool good = s->place.epoch == site_epoch(s->db) && s->place.seq <= newest &&
		    oldest <= s->place.seq + 1;
	bool known = db_err(s->db) == OK;
	db_end(s->db);
	return good || !known;
}

static void begin_place(struct searcher *s)
{
	db_begin(s->db);
	s->place = (struct index_place){.seq = event_newest(s->db),
					.epoch = site_epoch(s->db),
					.below = INT64_MAX,
					.total = kwip_count(s->db)};
	db_end(s->db);
	s->begun_us = clock_mono_us();
	s->trends_at_us = 0;
	log_info("the index is made anew: about %lld kwips", (long long)s->place.total);
}

static bool open_index(struct searcher *s)
{
	if (store_open_file(&s->own, conf.dir, &index_schema) == OK)
		return true;
	/* It can be made again, so it is not worth more than one try. */
	log_warn("%s cannot be opened: it is made anew", index_schema.name);
	store_file_remove(conf.dir, &index_schema);
	return store_open_file(&s->own, conf.dir, &index_schema) == OK;
}

/* What the file says, or a fresh beginning when it says nothing that fits. */
static bool find_place(struct searcher *s)
{
	struct db *own = db_open(s->own, 64);
	bool known = index_place(own, &s->place);
	bool broken = db_err(own) != OK;
	db_close(own);
	s->begun_us = clock_mono_us();
	if (known && !broken && continues(s))
		return true;
	if (known || broken) {
		store_close(s->own);
		s->own = NULL;
		store_file_remove(conf.dir, &index_schema);
		if (!open_index(s))
			return false;
	}
	begin_place(s);
	return own_tx(s, place_run, &s->place);
}

/* The file is closed before it is taken away: closing tidies up by name. */
static bool start_again(struct searcher *s)
{
	log_warn("%s is gone or broken: it is made anew", index_schema.name);
	store_close(s->own);
	s->own = NULL;
	store_file_remove(conf.dir, &index_schema);
	return open_index(s) && find_place(s);
}

/* Pages, arenas and the write-ahead log that the work took go back when it is done: a file that is
 * closed and opened again takes none of them. False: it could not be. */
static bool rest(struct searcher *s)
{
	if (!s->worked_at_us || clock_mono_us() - s->worked_at_us < REST_AFTER_US)
		return true;
	s->worked_at_us = 0;
	store_close(s->own);
	s->own = NULL;
	db_shrink(s->db);
	if (!open_index(s) || !find_place(s))
		return false;
	malloc_trim(0);
	return true;
}

static bool open_all(struct searcher *s)
{
	if (store_open(&s->main, conf.dir, false) != OK)
		return false;
	s->db = db_open(s->main, READER_KIB);
	return open_index(s) && find_place(s);
}

static void close_all(struct searcher *s)
{
	db_close(s->db);
	store_close(s->main);
	store_close(s->own);
}

static bool step(struct searcher *s, struct batch *b)
{
	if (store_is_broken(s->own) || store_is_gone(s->own) || !continues(s))
		return start_again(s);
	enum step log = read_log(s, b), made = log == NOTHING ? make_some(s, b) : NOTHING;
	tell_place(s);
	beat(s, log == DID ? "indexing" : "idle");
	if (log == DID || made == DID)
		s->worked_at_us = clock_mono_us();
	if (log == FAILED || made == FAILED)
		svc_wait(s->self, store_is_broken(s->own) ? 0 : RETRY_MS);
	if (log != NOTHING || made != NOTHING)
		return true;
	count_trends(s);
	svc_wait(s->self, POLL_MS);
	return rest(s);
}

int svc_search(struct svc *self)
{
	/* For tests only: how often trends are counted. */
	int64_t every_ms = 0;
	struct searcher s = {.self = self, .step = STEP_MAX / 4};
	bool is_test = str_i64(str_of(getenv("KWIPD_TEST_TRENDS_MS")), &every_ms) && every_ms > 0;
	s.trends_every_us = 1000 * (is_test ? every_ms : TRENDS_EVERY_MS);
	if (nice(NICE) == -1)
		log_debug("nice: not allowed");
	mallopt(M_ARENA_MAX, 1);
	id_node(6);
	struct batch *b = malloc(sizeof *b);
	if (!b)
		die("out of memory");
	bool good = open_all(&s);
	while (good && svc_alive(self)) {
		svc_settings_changed(self);
		good = step(&s, b);
	}
	close_all(&s);
	free(b);
	return good ? 0 : 1;
}
