/* SPDX-License-Identifier: MIT */
/*
 * The web service: joins http/ (connections, routes) with core/ (who asks) and page/ (error pages).
 * The work is done in the server's threads; this one beats the heart and does the small
 * housekeeping.
 */
#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>

#include "api/api.h"
#include "api/streaming.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "core/account.h"
#include "core/follow.h"
#include "core/gate.h"
#include "core/index.h"
#include "core/lens.h"
#include "core/media.h"
#include "core/notice.h"
#include "core/poll.h"
#include "core/preview.h"
#include "core/push.h"
#include "core/repeat.h"
#include "core/schedule.h"
#include "core/session.h"
#include "core/site.h"
#include "http/server.h"
#include "net/sign.h"
#include "page/page.h"
#include "store/event.h"
#include "svc/media_care.h"
#include "svc/service.h"

enum {
	DRAIN_MS = 700, /* under the supervisor's patience */
	CARE_EVERY_MS = 60 * 1000,
	IDLE_TICKS = 5,
	PRUNE_ROWS = 2000,
	PRUNE_ROUNDS = 20,
	TEND_PAGES = 64,
	REPORT_EVERY_MS = 5000,
	POLLS_AT_ONCE = 20,
	SAID_AT_ONCE = 50,
};

struct pruning {
	int64_t notices_at; /* read up to here in this round through them */
	int64_t previews_after;
	bool more;
};

struct web {
	struct svc *self;
	struct store *store;
	struct server *server;
	_Atomic(struct server *) live; /* while it answers: commits wake its streams */
	struct db *db;                 /* for looking whether there is something to do */
	struct route_table tables[1 + API_TABLES_MAX];
	int64_t requests_seen;        /* of the last tick */
	int64_t told_seq, told_at_us; /* the timeline service's cursor as last written down */
	uint32_t repeats_at;
	unsigned cares;
	struct pruning pruning;
	int idle_ticks;
};

static struct viewer viewer_of(const struct session *s, enum via via)
{
	return (struct viewer){.account = s->account,
			       .name = s->name,
			       .role = s->role,
			       .via = via,
			       .scopes = s->scopes,
			       .app = s->app,
			       .show_repeats = s->show_repeats,
			       .default_order = s->default_order,
			       .unread = s->unread,
			       .secret_hash = s->hash,
			       .pending = s->pending};
}

static enum err by_session(struct db *db, struct arena *a, struct str secret, struct viewer *out)
{
	struct session s = {0};
	enum err e = session_find(db, a, secret, clock_ms(), &s);
	if (e == OK)
		*out = viewer_of(&s, VIA_SESSION);
	return e;
}

static enum err by_token(struct db *db, struct arena *a, struct str secret, struct viewer *out)
{
	struct session s = {0};
	enum err e = token_find(db, a, secret, &s);
	if (e == OK)
		*out = viewer_of(&s, VIA_TOKEN);
	return e;
}

static bool is_private_event(int kind)
{
	static const bool is_private[EVENT_KINDS] = {
		[EVENT_MARK] = true,           [EVENT_BLOCK] = true,    [EVENT_UNBLOCK] = true,
		[EVENT_MUTE] = true,           [EVENT_UNMUTE] = true,   [EVENT_REQUEST] = true,
		[EVENT_NOTICE] = true,         [EVENT_SETTINGS] = true, [EVENT_MESSAGE] = true,
		[EVENT_HOME] = true,           [EVENT_FILTERS] = true,  [EVENT_TOKENS] = true,
		[EVENT_MEDIA_NEW] = true,      [EVENT_MEDIA] = true,    [EVENT_DIRECT] = true,
		[EVENT_NOTICES_MERGED] = true, [EVENT_REACTION] = true, [EVENT_REPORT] = true,
		[EVENT_NOTICE_HELD] = true};
	return kind > EVENT_NONE && kind < EVENT_KINDS && is_private[kind];
}

static void tick(void *arg)
{
	(void)arg;
	lens_tick();
}

/* The timeline service takes these up when it has nothing else to do. */
static void want_card(void *arg, int64_t kwip)
{
	ring_put(&((struct web *)arg)->self->board->wanted, kwip);
}

static void tell_others(void *arg)
{
	struct web *w = arg;
	struct server *s = atomic_load(&w->live);
	gate_committed();
	svc_nudge_all(w->self);
	if (s)
		server_wake_streams(s);
}

/* What the timeline service asked for: it finds repeats, only this process writes. */
struct errand {
	int64_t kwips[BOARD_RING];
	size_t n;
	int64_t timeline_seq, repeats_seq;
};

static enum err run_errand(struct tx *tx, void *arg)
{
	struct errand *e = arg;
	SCOPED_ARENA a = arena_new();
	for (size_t i = 0; i < e->n; i++) {
		enum err err = repeat_look(tx, a, e->kwips[i]);
		if (err != OK)
			return err;
		arena_reset(a, 64 * 1024);
	}
	if (e->timeline_seq != 0)
		reader_move(tx, S("timeline"), e->timeline_seq);
	if (e->repeats_seq != 0)
		reader_move(tx, S("repeats"), e->repeats_seq);
	return OK;
}

/* Also notes how far the timeline service is, so that the log can be pruned behind it. */
static void do_errands(struct web *w)
{
	struct errand e = {0};
	struct board *b = w->self->board;
	int64_t now = clock_mono_us();
	e.n = ring_take(&b->repeats, &w->repeats_at, e.kwips);
	e.timeline_seq = board_cursor(b, S("timeline"));
	e.repeats_seq = atomic_load(&b->repeats_seq);
	bool moved = e.timeline_seq != w->told_seq && now - w->told_at_us > REPORT_EVERY_MS * 1000;
	if (e.n == 0 && !moved)
		return;
	w->told_at_us = now;
	w->told_seq = e.timeline_seq;
	enum err err = tx_run(w->store, run_errand, &e);
	if (err != OK)
		log_warn("repeats: %s", err_name(err));
}

static enum err prune(struct tx *tx, void *arg)
{
	struct pruning *p = arg;
	int sessions = session_prune(tx), mutes = mute_prune(tx);
	int events = event_prune(tx, conf.event_keep_ms, PRUNE_ROWS);
	int notices = notice_prune(tx, &p->notices_at, conf.notice_keep_ms, PRUNE_ROWS);
	int media = media_prune(tx);
	int previews = preview_prune(tx, &p->previews_after);
	if (previews)
		log_debug("%d link previews that nobody shows removed", previews);
	p->more = sessions >= SESSIONS_PRUNED_MAX || mutes >= MUTES_PRUNED_MAX ||
		  events >= PRUNE_ROWS || notices >= PRUNE_ROWS || media >= MEDIA_PRUNED_MAX;
	return OK;
}

/* A little at once, so that posts get their turn, and again while there is more: a busy site's log
 * must not outgrow it. */
static void take_care(struct web *w)
{
	enum err e = OK;
	w->pruning.more = true;
	for (int round = 0; e == OK && w->pruning.more && round < PRUNE_ROUNDS; round++)
		e = tx_run(w->store, prune, &w->pruning);
	if (e != OK)
		log_warn("pruning: %s", err_name(e));
	else
		store_tend(w->store, TEND_PAGES);
	media_care(w->store, w->cares++);
}

static enum err end_poll(struct tx *tx, void *arg)
{
	(void)arg;
	(void)poll_end_due(tx);
	return OK;
}

/* One at a time, so that posts get their turn in between. */
static void end_polls(struct web *w)
{
	enum err e = OK;
	for (int i = 0; i < POLLS_AT_ONCE && e == OK && poll_is_due(w->db, clock_ms()); i++)
		e = tx_run(w->store, end_poll, NULL);
	if (e != OK)
		log_warn("ending polls: %s", err_name(e));
}

/* The one whose turn it is, and why it could not be said. */
struct due {
	int64_t id;
	char why[200];
};

static enum err say_scheduled(struct tx *tx, void *arg)
{
	SCOPED_ARENA a = arena_new();
	struct due *due = arg;
	enum err e = schedule_run(tx, a, &due->id);
	/* The sentence is the writer thread's. */
	snprintf(due->why, sizeof due->why, "%s", e == ERR_INPUT ? err_why() : err_name(e));
	return e;
}

static enum err fail_scheduled(struct tx *tx, void *arg)
{
	const struct due *due = arg;
	schedule_fail(tx, due->id, str_of(due->why));
	return OK;
}

/* Likewise one at a time. What cannot be said keeps the reason; a full disk is no such reason. */
static void say_what_is_due(struct web *w)
{
	for (int i = 0; i < SAID_AT_ONCE && schedule_is_due(w->db, clock_ms()); i++) {
		struct due due = {0};
		enum err e = tx_run(w->store, say_scheduled, &due);
		if (e == OK)
			continue;
		if (e == ERR_FULL || e == ERR_STORAGE ||
		    tx_run(w->store, fail_scheduled, &due) != OK) {
			log_warn("saying what was scheduled: %s", err_name(e));
			return;
		}
	}
}

/* Arenas that threads used once stay theirs; a site that is quiet gives them back. */
static void give_memory_back(struct web *w)
{
	int64_t requests = server_counts(w->server).requests;
	bool was_idle = requests == w->requests_seen;
	w->requests_seen = requests;
	w->idle_ticks = was_idle ? w->idle_ticks + 1 : 0;
	if (w->idle_ticks != IDLE_TICKS)
		return;
	index_forget();
	malloc_trim(0);
}

static void serve(struct web *w)
{
	int64_t care_at = clock_mono_us() + (int64_t)CARE_EVERY_MS * 1000;
	int64_t beat_at = 0;
	while (svc_wait(w->self, 1000)) {
		/* Server threads were started with the old settings: a new process takes the new
		 * ones whole. */
		if (svc_settings_changed(w->self))
			return;
		do_errands(w);
		int64_t now = clock_mono_us();
		if (now - beat_at < 900 * 1000)
			continue;
		beat_at = now;
		svc_beat(w->self, "serving", 0);
		give_memory_back(w);
		end_polls(w);
		say_what_is_due(w);
		if (now < care_at)
			continue;
		care_at = now + (int64_t)CARE_EVERY_MS * 1000;
		take_care(w);
	}
}

static enum err keep_keys(struct tx *tx, void *arg)
{
	const struct p256 *key = arg;
	SCOPED_BUF public = BUF_EMPTY, private = BUF_EMPTY;
	buf_base64url(&public, key->public, sizeof key->public);
	buf_base64url(&private, key->private, sizeof key->private);
	push_keys_keep(tx, buf_str(&public), buf_str(&private));
	return OK;
}

/* The key that apps subscribe to pushes with is made once in the life of a site. */
static void ensure_push_keys(struct web *w)
{
	SCOPED_ARENA a = arena_new();
	struct db *db = db_open(w->store, 64);
	bool known = push_public_key(db, a).len > 0;
	db_close(db);
	if (known)
		return;
	struct p256 key;
	p256_make(&key);
	enum err e = tx_run(w->store, keep_keys, &key);
	if (e != OK)
		log_warn("the key for pushes cannot be kept: %s", err_name(e));
}

static enum err start(struct web *w)
{
	w->tables[0] = page_table;
	size_t n_tables = 1 + api_tables(w->tables + 1);
	struct server_setup setup = {.store = w->store,
				     .tables = w->tables,
				     .n_tables = n_tables,
				     .hooks = {by_session, by_token, page_error_answer,
					       is_private_event, gate_is_shut, tick, w,
					       streaming_start(w->store)},
				     .listen_fds = w->self->listen_fds,
				     .n_listen_fds = (size_t)w->self->n_listen_fds};
	w->db = db_open(w->store, 64);
	setup.csrf_key = site_secret(w->db);
	return server_start(&w->server, &setup);
}

int svc_web(struct svc *self)
{
	struct web w = {.self = self};
	mallopt(M_ARENA_MAX, 2);
	id_node(1);
	svc_beat(self, "starting", 0);
	enum err e = store_open(&w.store, conf.dir, false);
	if (e != OK) {
		log_error("the database in %.*s cannot be opened (%s)", (int)conf.dir.len,
			  conf.dir.at, err_name(e));
		return 1;
	}
	lens_use(conf.dir, conf.cache_bytes);
	lens_on_miss(want_card, &w);
	index_use(conf.dir);
	writer_start(w.store);
	writer_on_commit(w.store, tell_others, &w);
	ensure_push_keys(&w);
	e = start(&w);
	if (e == OK) {
		svc_beat(self, "serving", 0);
		svc_say_ready(self);
		atomic_store(&w.live, w.server);
		serve(&w);
		atomic_store(&w.live, NULL);
		server_stop(w.server, DRAIN_MS);
		streaming_stop();
	}
	db_close(w.db);
	store_close(w.store);
	lens_forget();
	gate_forget();
	index_forget();
	return e == OK ? 0 : 1;
}
