/* SPDX-License-Identifier: MIT */
/*
 * A small world for unit tests of core/: a real store in a temporary folder, gone at the end.
 * Included by one test program each; asserts with cmocka, so that a broken world fails the test.
 */
#ifndef TESTS_UNIT_WORLD_H
#define TESTS_UNIT_WORLD_H

#include "scratch.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/crypt.h"
#include "core/account.h"
#include "store/db.h"
#include "store/event.h"

struct world {
	struct scratch dir;
	struct store *store;
	struct db *db;   /* reads what is committed */
	struct arena *a; /* freed with the world */
	int64_t seen;    /* events up to here were looked at by world_events */
};

/* Settings once per process: their strings live for ever. */
static inline void world_settings(void)
{
	static bool done;
	if (!done)
		assert_int_equal(conf_load(NULL), OK);
	done = true;
}

static inline void world_open(struct world *w)
{
	*w = (struct world){.dir = scratch_make()};
	crypt_open();
	world_settings();
	assert_int_equal(store_open(&w->store, str_of(w->dir.at), true), OK);
	w->db = db_open(w->store, 256);
	w->a = arena_new();
}

static inline void world_close(struct world *w)
{
	db_close(w->db);
	store_close(w->store);
	arena_free(w->a);
	scratch_remove(&w->dir);
}

/* One transaction. */
static inline enum err world_do(struct world *w, enum err (*fn)(struct tx *tx, void *arg),
				void *arg)
{
	return tx_run(w->store, fn, arg);
}

struct world_new {
	struct account_new n;
	int64_t id;
};

static inline enum err world_new_run(struct tx *tx, void *arg)
{
	struct world_new *n = arg;
	return account_add(tx, &n->n, &n->id);
}

/* A local member without a password; name is a C string. */
static inline int64_t world_account(struct world *w, const char *name)
{
	struct world_new n = {.n = {.name = str_of(name), .password_hash = ""}};
	assert_int_equal(world_do(w, world_new_run, &n), OK);
	return n.id;
}

static inline struct account world_get(struct world *w, int64_t id)
{
	struct account found;
	assert_true(account_get(w->db, w->a, id, &found));
	return found;
}

/* How many events of this kind there are since the last world_events_seen(); actor and target 0:
 * any. */
static inline int world_events(struct world *w, enum event_kind kind, int64_t actor, int64_t target)
{
	struct event e[256];
	size_t n = event_read(w->db, w->seen, e, 256);
	int found = 0;
	for (size_t i = 0; i < n; i++)
		found += e[i].kind == kind && (actor == 0 || e[i].actor == actor) &&
			 (target == 0 || e[i].target == target);
	return found;
}

static inline void world_events_seen(struct world *w)
{
	w->seen = event_newest(w->db);
}

/* cmocka fixtures: *state is the world. */
static inline int world_setup(void **state)
{
	static struct world w;
	world_open(&w);
	*state = &w;
	return 0;
}

static inline int world_teardown(void **state)
{
	clock_pin(0);
	world_close(*state);
	return 0;
}

#define WORLD_TEST(fn) cmocka_unit_test_setup_teardown(fn, world_setup, world_teardown)

#endif
