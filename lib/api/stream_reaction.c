/* SPDX-License-Identifier: MIT */
/*
 * Which reactions to announcements changed. The log's event says that somebody reacted, not to what
 * with what; so the counts that listeners know are kept, and compared when it comes.
 */
#include <pthread.h>
#include <stdlib.h>

#include "api/channel.h"

enum { NAME_MAX_BYTES = 72 }; /* of an emoji in several parts, or a shortcode */

struct known {
	int64_t announcement, count;
	size_t len;
	char name[NAME_MAX_BYTES];
};

static struct {
	pthread_mutex_t lock;
	struct known *at; /* by announcement and name */
	size_t n;
} told = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct str name_of(const struct known *k)
{
	return (struct str){k->name, k->len};
}

static void keep(const struct stream_reactions *now)
{
	struct known *at = calloc(now->n + 1, sizeof *at);
	size_t n = 0;
	if (!at)
		die("out of memory");
	for (size_t i = 0; i < now->n; i++) {
		const struct stream_reaction *r = &now->at[i];
		if (r->name.len > NAME_MAX_BYTES)
			continue;
		at[n] = (struct known){r->announcement, r->count, r->name.len, ""};
		memcpy(at[n++].name, r->name.at, r->name.len);
	}
	free(told.at);
	told.at = at;
	told.n = n;
}

void reactions_remember(struct db *db)
{
	SCOPED_ARENA a = arena_new();
	struct stream_reactions now = stream_reactions(db, a);
	pthread_mutex_lock(&told.lock);
	keep(&now);
	pthread_mutex_unlock(&told.lock);
}

static int order(const struct known *k, const struct stream_reaction *r)
{
	if (k->announcement != r->announcement)
		return k->announcement < r->announcement ? -1 : 1;
	return str_cmp(name_of(k), r->name);
}

/* Both lists in the same order: what is in one alone, or in both with another count. */
static void compare(struct arena *a, const struct stream_reactions *now,
		    struct stream_reactions *out)
{
	size_t i = 0, j = 0;
	out->at = arena_array(a, told.n + now->n, sizeof *out->at);
	while (i < told.n || j < now->n) {
		int way = i == told.n ? 1 : j == now->n ? -1 : order(&told.at[i], &now->at[j]);
		if (way < 0) {
			out->at[out->n++] = (struct stream_reaction){
				told.at[i].announcement, 0, arena_str(a, name_of(&told.at[i]))};
		} else if (way > 0 || told.at[i].count != now->at[j].count) {
			out->at[out->n++] = now->at[j];
		}
		i += way <= 0;
		j += way >= 0;
	}
}

struct stream_reactions reactions_changed(struct db *db, struct arena *a)
{
	struct stream_reactions now = stream_reactions(db, a), out = {0};
	pthread_mutex_lock(&told.lock);
	compare(a, &now, &out);
	keep(&now);
	pthread_mutex_unlock(&told.lock);
	return out;
}

void reactions_forget(int64_t announcement)
{
	size_t kept = 0;
	pthread_mutex_lock(&told.lock);
	for (size_t i = 0; i < told.n; i++)
		if (told.at[i].announcement != announcement)
			told.at[kept++] = told.at[i];
	told.n = kept;
	pthread_mutex_unlock(&told.lock);
}
