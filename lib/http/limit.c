/* SPDX-License-Identifier: MIT */
/*
 * Rate limits: windows counted per account or address in a table of fixed size. Under attack old
 * entries are forgotten, memory never grows. Called by dispatch.c.
 */
#include "http/exchange.h"
#include "base/conf.h"

#include <stdlib.h>

enum { SLOTS = 8192, WAYS = 4, SHARDS = 16 };

struct slot {
	uint64_t key;
	int64_t window; /* start, ms */
	int64_t used;
};
struct limits {
	uint64_t seed;
	pthread_mutex_t lock[SHARDS];
	struct slot at[SLOTS];
};

enum { MINUTE_MS = 60 * 1000 };
/* Pages are cheap and a house may share one address: reading them is allowed more often than the
 * API. */
static const struct class
{
	int64_t most, window_ms;
} classes[] = {
	[RATE_READ] = {300, 5 * MINUTE_MS},  [RATE_WRITE] = {300, 5 * MINUTE_MS},
	[RATE_LOGIN] = {10, 5 * MINUTE_MS},  [RATE_JOIN] = {30, 30 * MINUTE_MS},
	[RATE_MEDIA] = {30, 30 * MINUTE_MS}, [RATE_DELETE] = {30, 30 * MINUTE_MS},
	[RATE_NONE] = {0, MINUTE_MS},
};
enum { MOST_PAGES = 1500 };

struct limits *limits_new(void)
{
	struct limits *l = calloc(1, sizeof *l);

	if (!l)
		die("out of memory");
	l->seed = rand_u64();
	for (int i = 0; i < SHARDS; i++)
		pthread_mutex_init(&l->lock[i], NULL);
	return l;
}

void limits_free(struct limits *l)
{
	for (int i = 0; l && i < SHARDS; i++)
		pthread_mutex_destroy(&l->lock[i]);
	free(l);
}

/* The key's slot, or the one whose window began first. */
static struct slot *slot_of(struct limits *l, uint64_t key)
{
	struct slot *set = &l->at[key % (SLOTS / WAYS) * WAYS], *oldest = set;

	for (int i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].window < oldest->window)
			oldest = &set[i];
	}
	*oldest = (struct slot){.key = key};
	return oldest;
}

static bool count(struct limits *l, uint64_t key, int64_t now, int64_t window_ms,
		  struct rate_state *state)
{
	pthread_mutex_t *lock = &l->lock[key % (SLOTS / WAYS) % SHARDS];

	pthread_mutex_lock(lock);
	struct slot *s = slot_of(l, key);
	if (now - s->window >= window_ms || now < s->window) {
		s->window = now;
		s->used = 0;
	}
	bool ok = s->used < state->limit;
	s->used += ok;
	state->left = state->limit - s->used;
	state->reset_at = s->window + window_ms;
	pthread_mutex_unlock(lock);
	return ok;
}

static bool is_by_account(enum rate class)
{
	return class != RATE_LOGIN && class != RATE_JOIN;
}

static bool count_class(struct exchange *x, enum rate class, struct rate_state *state)
{
	struct limits *l = x->s->limits;
	int64_t account = is_by_account(class) ? x->r.viewer.account : 0;
	uint64_t key;
	struct addr addr = {{0}};

	if (account) {
		key = addr_hash(&account, sizeof account, l->seed + (uint64_t) class);
	} else {
		(void)addr_parse(x->r.addr, &addr);
		key = addr_key(addr, l->seed + 16 + (uint64_t) class);
	}
	return count(l, key, x->r.now, classes[class].window_ms, state);
}

enum err limit_check(struct exchange *x, bool many_readers)
{
	enum rate class = x->r.route->rate;
	bool pages = many_readers && class == RATE_READ;

	if (!conf.rate_limit || class == RATE_NONE)
		return OK;
	struct rate_state state = {.limit = pages ? MOST_PAGES : classes[class].most};
	bool ok = count_class(x, class, &state);
	if (x->r.route->format == FORMAT_API || !ok)
		x->rate = state;
	return ok ? OK : (refuse("Too many requests"), ERR_TOO_MANY);
}

enum err req_count(struct req *r, enum rate class)
{
	struct rate_state state = {.limit = classes[class].most};

	if (!conf.rate_limit || class == RATE_NONE || count_class(exchange_of(r), class, &state))
		return OK;
	exchange_of(r)->rate = state;
	return refuse("Too many requests"), ERR_TOO_MANY;
}
