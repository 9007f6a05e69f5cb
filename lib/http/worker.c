/* SPDX-License-Identifier: MIT */
/*
 * CivetWeb's worker, our loop: take a connection with a whole request, parse, dispatch, give it
 * back. Each worker owns its reader connection and its civetweb connection. Started by server.c.
 */
#include "http/exchange.h"
#include "http/stream.h"
#include "base/log.h"

#include <malloc.h>
#include <stdlib.h>

enum { DB_CACHE_KIB = 512, IDLE_MS = 5000, STACK = 256 * 1024 };

struct worker {
	struct server *s;
	struct civet *civet;
	struct db *db;
	struct packer *packer;
	struct exchange *x; /* kept for the next request; NULL while the writer has it */
	struct sleeper sleeper;
	pthread_t thread;
};

struct worker *workers_new(size_t n)
{
	struct worker *all = calloc(n, sizeof *all);

	if (!all)
		die("out of memory");
	return all;
}

struct worker *worker_at(struct worker *all, size_t i)
{
	return &all[i];
}

void workers_free(struct worker *all, size_t n)
{
	for (size_t i = 0; all && i < n; i++)
		pthread_cond_destroy(&all[i].sleeper.cond);
	free(all);
}

struct packer **worker_packer(struct worker *w)
{
	return &w->packer;
}

struct db *worker_db(struct worker *w)
{
	if (!w->db)
		w->db = db_open(w->s->setup.store, DB_CACHE_KIB);
	return w->db;
}

int64_t worker_taken(const struct conn *c)
{
	const struct scan *scan = &c->scan;

	return scan->status || !scan->whole ? -1 : (int64_t)(scan->head_len + scan->body_len);
}

/* False: x went to the writer. */
static bool answer(struct worker *w, struct conn *c, struct exchange *x)
{
	int status = c->scan.status;

	if (!status)
		status = civet_parse(w->civet, c->fd, c->in, c->in_len, c->scan.head_len, &x->head);
	if (!status)
		return dispatch(x);
	/* A head that could not be read says nothing about where the next request would begin. */
	c->scan.status = status;
	x->keep_alive = false;
	respond_status(x, status, S(""));
	return true;
}

/* Goes on with a write that failed. */
static struct conn *serve_again(struct worker *w, struct conn *c)
{
	struct exchange *x = c->x;

	x->w = w;
	dispatch_again(x);
	c = porter_done(c, x->taken, x->keep_alive);
	exchange_put(x);
	return c;
}

/* Answers what c waits for; returns c when its next request is there already. */
static struct conn *serve(struct worker *w, struct conn *c)
{
	if (c->x)
		return serve_again(w, c);
	if (c->stream) {
		stream_hear(c->stream, c->in, &c->in_len, worker_db(w));
		return porter_stream(c, 0);
	}
	struct exchange *x = w->x ? w->x : exchange_get(w->s);
	w->x = NULL;
	w->s->requests++;
	x->w = w;
	x->conn = c;
	if (!answer(w, c, x))
		return NULL;
	c = c->stream ? porter_stream(c, worker_taken(c))
		      : porter_done(c, worker_taken(c), x->keep_alive);
	exchange_clear(x);
	w->x = x;
	return c;
}

/* Nothing to do for a while: what made us fast is given back. */
static void relax(struct worker *w)
{
	if (w->db)
		db_shrink(w->db);
	packer_free(w->packer);
	w->packer = NULL;
	exchange_free(w->x);
	w->x = NULL;
	exchange_trim(w->s);
	malloc_trim(0);
}

static void *run(void *arg)
{
	struct worker *w = arg;
	bool relaxed = true;

	porter_join(w->s->porter, &w->sleeper);
	while (!porter_is_ended(w->s->porter)) {
		struct conn *c = porter_take(w->s->porter, &w->sleeper, relaxed ? -1 : IDLE_MS);
		if (!c && !relaxed) {
			relax(w);
			relaxed = true;
			continue;
		}
		relaxed = relaxed && !c;
		while (c)
			c = serve(w, c);
	}
	if (w->db)
		db_close(w->db);
	packer_free(w->packer);
	exchange_free(w->x);
	civet_free(w->civet);
	return NULL;
}

void worker_start(struct server *s, struct worker *w)
{
	pthread_condattr_t clock;
	pthread_attr_t attr;

	w->s = s;
	w->civet = civet_new();
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&w->sleeper.cond, &clock);
	pthread_condattr_destroy(&clock);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	if (pthread_create(&w->thread, &attr, run, w) != 0)
		die("no thread for a worker");
	pthread_attr_destroy(&attr);
}

void worker_join(struct worker *w)
{
	pthread_join(w->thread, NULL);
}
