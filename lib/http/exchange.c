/* SPDX-License-Identifier: MIT */
/*
 * Exchanges are reused, so that a busy server allocates nothing per request: each worker keeps one,
 * and a pool has those that come back from the writer's thread.
 */
#include "http/exchange.h"

#include <stdlib.h>

enum { POOL_MAX = 16, KEEP_ARENA = 64 * 1024, KEEP_BODY = 256 * 1024 };

void exchange_free(struct exchange *x)
{
	if (!x)
		return;
	arena_free(x->a);
	buf_free(&x->body);
	buf_free(&x->lines);
	free(x);
}

static struct exchange *take(struct server *s)
{
	pthread_mutex_lock(&s->pool_lock);
	struct exchange *x = s->pool;
	if (x) {
		s->pool = x->next;
		s->n_pool--;
	}
	pthread_mutex_unlock(&s->pool_lock);
	return x;
}

struct exchange *exchange_get(struct server *s)
{
	struct exchange *x = take(s);

	if (x)
		return x;
	x = calloc(1, sizeof *x);
	if (!x)
		die("out of memory");
	x->a = arena_new();
	x->s = s;
	return x;
}

void exchange_clear(struct exchange *x)
{
	struct exchange clean = {.a = x->a, .body = x->body, .lines = x->lines, .s = x->s};

	arena_reset(clean.a, KEEP_ARENA);
	buf_clear(&clean.body, KEEP_BODY);
	buf_clear(&clean.lines, 4096);
	*x = clean;
}

void exchange_put(struct exchange *x)
{
	struct server *s = x->s;

	exchange_clear(x);
	pthread_mutex_lock(&s->pool_lock);
	bool keep = s->n_pool < POOL_MAX;
	if (keep) {
		x->next = s->pool;
		s->pool = x;
		s->n_pool++;
	}
	pthread_mutex_unlock(&s->pool_lock);
	if (!keep)
		exchange_free(x);
}

void exchange_trim(struct server *s)
{
	for (struct exchange *x; (x = take(s));)
		exchange_free(x);
}
