/* SPDX-License-Identifier: MIT */
/*
 * The web service: joins http/ (connections, routes) with core/ (who asks) and page/ (error pages).
 * The work is done in the server's threads; this one beats the heart and does the small
 * housekeeping.
 */
#include <malloc.h>

#include "api/api.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "core/account.h"
#include "core/follow.h"
#include "core/lens.h"
#include "core/session.h"
#include "core/site.h"
#include "http/server.h"
#include "page/page.h"
#include "store/event.h"
#include "svc/service.h"

enum {
	DRAIN_MS = 700, /* under the supervisor's patience */
	CARE_EVERY_MS = 60 * 1000,
	IDLE_TICKS = 5,
	PRUNE_ROWS = 2000,
	TEND_PAGES = 64,
};

struct web {
	struct svc *self;
	struct store *store;
	struct server *server;
	struct route_table tables[2];
	int64_t requests_seen; /* of the last tick */
	int idle_ticks;
};

/* -- hooks -- */

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
			       .secret_hash = s->hash};
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
		[EVENT_MARK] = true,   [EVENT_BLOCK] = true,    [EVENT_UNBLOCK] = true,
		[EVENT_MUTE] = true,   [EVENT_UNMUTE] = true,   [EVENT_REQUEST] = true,
		[EVENT_NOTICE] = true, [EVENT_SETTINGS] = true, [EVENT_MESSAGE] = true};
	return kind > EVENT_NONE && kind < EVENT_KINDS && is_private[kind];
}

static void tick(void *arg)
{
	(void)arg;
	lens_tick();
}

/* The timeline service takes these up when it has nothing else to do. A full ring forgets the
 * oldest. */
static void want_card(void *arg, int64_t kwip)
{
	struct board *b = ((struct web *)arg)->self->board;
	uint32_t at = atomic_fetch_add(&b->wanted_at, 1);
	atomic_store(&b->wanted[at % BOARD_WANTED], kwip);
}

static void nudge_others(void *arg)
{
	svc_nudge_all(arg);
}

/* -- housekeeping -- */

static enum err prune(struct tx *tx, void *arg)
{
	(void)arg;
	session_prune(tx);
	mute_prune(tx);
	event_prune(tx, conf.event_keep_ms, PRUNE_ROWS);
	return OK;
}

static void take_care(struct web *w)
{
	enum err e = tx_run(w->store, prune, NULL);
	if (e != OK)
		log_warn("pruning: %s", err_name(e));
	else
		store_tend(w->store, TEND_PAGES);
}

/* Arenas that threads used once stay theirs; a site that is quiet gives them back. */
static void give_memory_back(struct web *w)
{
	int64_t requests = server_counts(w->server).requests;
	bool was_idle = requests == w->requests_seen;
	w->requests_seen = requests;
	w->idle_ticks = was_idle ? w->idle_ticks + 1 : 0;
	if (w->idle_ticks == IDLE_TICKS)
		malloc_trim(0);
}

static void serve(struct web *w)
{
	int64_t care_at = clock_mono_us() + (int64_t)CARE_EVERY_MS * 1000;
	/* A nudge says that others wrote; every request looks for itself, so it needs no work here.
	 */
	int64_t beat_at = 0;
	while (svc_wait(w->self, 1000)) {
		/* Server threads were started with the old settings: a new process takes the new
		 * ones whole. */
		if (svc_settings_changed(w->self))
			return;
		int64_t now = clock_mono_us();
		if (now - beat_at < 900 * 1000)
			continue;
		beat_at = now;
		svc_beat(w->self, "serving", 0);
		give_memory_back(w);
		if (now < care_at)
			continue;
		care_at = now + (int64_t)CARE_EVERY_MS * 1000;
		take_care(w);
	}
}

static enum err start(struct web *w)
{
	w->tables[0] = api_table;
	w->tables[1] = page_table;
	struct server_setup setup = {
		.store = w->store,
		.tables = w->tables,
		.n_tables = 2,
		.hooks = {by_session, by_token, page_error_answer, is_private_event, tick, w},
		.listen_fds = w->self->listen_fds,
		.n_listen_fds = (size_t)w->self->n_listen_fds};
	struct db *db = db_open(w->store, 64);
	setup.csrf_key = site_secret(db);
	db_close(db);
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
	writer_start(w.store);
	writer_on_commit(w.store, nudge_others, self);
	e = start(&w);
	if (e == OK) {
		svc_beat(self, "serving", 0);
		svc_say_ready(self);
		serve(&w);
		server_stop(w.server, DRAIN_MS);
	}
	store_close(w.store);
	lens_forget();
	return e == OK ? 0 : 1;
}
