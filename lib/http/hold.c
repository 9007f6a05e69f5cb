/* SPDX-License-Identifier: MIT */
/*
 * What a prepare may do that takes longer than a look at the database: commit something, and wait
 * for what another process makes of it. Only some workers may be held so; the others go on
 * answering. Called by handlers.
 */
#include "http/exchange.h"
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

enum { LOOK_EVERY_MS = 10 };

enum err req_commit(struct req *r, enum err (*run)(struct tx *tx, void *arg), void *arg)
{
	db_end(r->db);
	enum err e = tx_run(exchange_of(r)->s->setup.store, run, arg);
	db_begin(r->db);
	return e;
}

static void rest(struct req *r)
{
	struct timespec pause = {.tv_nsec = LOOK_EVERY_MS * 1000000L};

	db_end(r->db);
	nanosleep(&pause, NULL);
	db_begin(r->db);
}

static bool wait_for(struct req *r, int64_t until_us, bool (*done)(struct req *r, void *arg),
		     void *arg)
{
	const struct server *s = exchange_of(r)->s;

	while (!done(r, arg)) {
		if (s->leaving || clock_mono_us() >= until_us)
			return false;
		rest(r);
	}
	return true;
}

bool req_wait(struct req *r, int64_t ms, bool (*done)(struct req *r, void *arg), void *arg)
{
	struct server *s = exchange_of(r)->s;
	bool found = false;

	if (atomic_fetch_add(&s->holding, 1) < (int64_t)(s->n_workers + 1) / 2)
		found = wait_for(r, clock_mono_us() + ms * 1000, done, arg);
	atomic_fetch_sub(&s->holding, 1);
	return found;
}
