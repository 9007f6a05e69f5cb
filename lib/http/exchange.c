/* SPDX-License-Identifier: MIT */
/* The pool of exchanges: a handful is reused, so that a busy server allocates nothing per request. */
#include "http/exchange.h"

#include <stdlib.h>

enum { POOL_MAX = 16, KEEP_ARENA = 64 * 1024, KEEP_BODY = 128 * 1024 };

static void exchange_free(struct exchange *x)
{
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

void exchange_put(struct exchange *x)
{
	struct server *s = x->s;
	struct exchange clean = {.a = x->a, .body = x->body, .lines = x->lines, .s = s};

	arena_reset(clean.a, KEEP_ARENA);
	buf_clear(&clean.body, KEEP_BODY);
	buf_clear(&clean.lines, 4096);
	clean.head.n = 0;
	*x = clean;
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
