/* SPDX-License-Identifier: MIT */
/* One table of channels under one lock, which is held for looking and copying, never for sending.
 */
#include "api/channel.h"
#include "base/err.h"
#include "base/json.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { SLOTS = 8192 };

struct channel {
	struct channel *next; /* in its slot */
	enum channel_kind kind;
	int64_t id;
	struct sub *subs;
	size_t n_subs;
	struct str tag, written, label; /* in bytes */
	char bytes[];
};

struct sub {
	struct channel *channel;
	struct listener *who;
	struct sub *prev, *next; /* of the channel */
	struct sub *more;        /* of the listener */
};

static struct {
	pthread_mutex_t lock;
	struct channel *slot[SLOTS];
	struct listener *first;
	size_t n_listeners;
	_Atomic int64_t heard[CHANNEL_KINDS]; /* subscriptions of each kind */
} table = {.lock = PTHREAD_MUTEX_INITIALIZER};

static const struct str names[CHANNEL_KINDS] = {
	[CHANNEL_USER] = S_INIT("user"),
	[CHANNEL_USER_NOTICES] = S_INIT("user:notification"),
	[CHANNEL_PUBLIC] = S_INIT("public"),
	[CHANNEL_PUBLIC_MEDIA] = S_INIT("public:media"),
	[CHANNEL_LOCAL] = S_INIT("public:local"),
	[CHANNEL_LOCAL_MEDIA] = S_INIT("public:local:media"),
	[CHANNEL_REMOTE] = S_INIT("public:remote"),
	[CHANNEL_REMOTE_MEDIA] = S_INIT("public:remote:media"),
	[CHANNEL_TAG] = S_INIT("hashtag"),
	[CHANNEL_TAG_LOCAL] = S_INIT("hashtag:local"),
	[CHANNEL_LIST] = S_INIT("list"),
	[CHANNEL_DIRECT] = S_INIT("direct"),
};

enum channel_kind channel_named(struct str name)
{
	int k = 0;
	while (k < CHANNEL_KINDS && !str_eq(name, names[k]))
		k++;
	return (enum channel_kind)k;
}

bool channel_is_heard(enum channel_kind kind)
{
	return table.heard[kind] > 0;
}

static void *must(void *p)
{
	if (!p)
		die("out of memory");
	return p;
}

static struct channel **slot_of(enum channel_kind kind, int64_t id, struct str tag)
{
	uint64_t h = ((uint64_t)id + (uint64_t)kind) * 0x9e3779b97f4a7c15u;
	for (size_t i = 0; i < tag.len; i++)
		h = (h ^ (unsigned char)tag.at[i]) * 0x100000001b3u;
	return &table.slot[(h ^ h >> 29) >> 16 & (SLOTS - 1)];
}

static struct channel *find(const struct channel_key *key)
{
	struct channel *c = *slot_of(key->kind, key->id, key->tag);
	while (c && !(c->kind == key->kind && c->id == key->id && str_eq(c->tag, key->tag) &&
		      str_eq(c->written, key->written)))
		c = c->next;
	return c;
}

/* ["user"], ["hashtag","Cats"], ["list","12"]. */
static void put_label(struct buf *out, const struct channel_key *key)
{
	struct jw w = {.out = out};
	jw_open(&w, '[');
	jw_str(&w, names[key->kind]);
	if (channel_is_tag(key->kind))
		jw_str(&w, key->written);
	if (key->kind == CHANNEL_LIST)
		jw_id(&w, key->id);
	jw_close(&w, ']');
}

static struct str keep(char **at, struct str s)
{
	struct str kept = {*at, s.len};
	if (s.len)
		memcpy(*at, s.at, s.len);
	*at += s.len;
	return kept;
}

static struct channel *make(const struct channel_key *key)
{
	SCOPED_BUF label = BUF_EMPTY;
	put_label(&label, key);
	struct channel *c = must(malloc(sizeof(*c) + key->tag.len + key->written.len + label.len));
	*c = (struct channel){.kind = key->kind, .id = key->id};
	char *at = c->bytes;
	c->tag = keep(&at, key->tag);
	c->written = keep(&at, key->written);
	c->label = keep(&at, buf_str(&label));
	struct channel **slot = slot_of(key->kind, key->id, key->tag);
	c->next = *slot;
	*slot = c;
	return c;
}

static void unmake(struct channel *c)
{
	struct channel **at = slot_of(c->kind, c->id, c->tag);
	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	free(c);
}

static struct sub **sub_of(struct listener *l, const struct channel *c)
{
	struct sub **at = &l->subs;
	while (*at && (*at)->channel != c)
		at = &(*at)->more;
	return at;
}

static void part(struct sub **at)
{
	struct sub *s = *at;
	struct channel *c = s->channel;
	*at = s->more;
	s->who->n_subs--;
	*(s->prev ? &s->prev->next : &c->subs) = s->next;
	if (s->next)
		s->next->prev = s->prev;
	table.heard[c->kind]--;
	if (--c->n_subs == 0)
		unmake(c);
	free(s);
}

enum joined channel_join(struct listener *l, const struct channel_key *key)
{
	enum joined e = JOINED;
	pthread_mutex_lock(&table.lock);
	struct channel *c = find(key);
	if (c && *sub_of(l, c)) {
		e = JOINED_ALREADY;
	} else if (l->n_subs == CHANNELS_EACH) {
		e = JOINED_TOO_MANY;
	} else {
		struct sub *s = must(malloc(sizeof(*s)));
		c = c ? c : make(key);
		*s = (struct sub){.channel = c, .who = l, .next = c->subs, .more = l->subs};
		if (c->subs)
			c->subs->prev = s;
		c->subs = s;
		c->n_subs++;
		l->subs = s;
		l->n_subs++;
		table.heard[c->kind]++;
	}
	pthread_mutex_unlock(&table.lock);
	return e;
}

void channel_part(struct listener *l, const struct channel_key *key)
{
	pthread_mutex_lock(&table.lock);
	struct channel *c = find(key);
	struct sub **at = c ? sub_of(l, c) : NULL;
	if (at && *at)
		part(at);
	pthread_mutex_unlock(&table.lock);
}

struct listener *listener_add(const struct listener *from, bool *is_first)
{
	struct listener *l = must(malloc(sizeof(*l)));
	*l = *from;
	pthread_mutex_lock(&table.lock);
	*is_first = table.n_listeners++ == 0;
	l->prev = NULL;
	l->next = table.first;
	if (l->next)
		l->next->prev = l;
	table.first = l;
	pthread_mutex_unlock(&table.lock);
	return l;
}

void listener_free(struct listener *l)
{
	pthread_mutex_lock(&table.lock);
	while (l->subs)
		part(&l->subs);
	*(l->prev ? &l->prev->next : &table.first) = l->next;
	if (l->next)
		l->next->prev = l->prev;
	table.n_listeners--;
	pthread_mutex_unlock(&table.lock);
	free(l);
}

struct listeners listeners_copy(struct arena *a, int64_t account)
{
	struct listeners out = {0};
	pthread_mutex_lock(&table.lock);
	out.at = arena_array(a, table.n_listeners, sizeof(*out.at));
	for (struct listener *l = table.first; l; l = l->next) {
		if (account == 0 || l->account == account)
			out.at[out.n++] = l;
	}
	pthread_mutex_unlock(&table.lock);
	return out;
}

static void copy(struct arena *a, const struct channel *c, struct audiences *out)
{
	enum { ROOM = 16 };
	if (out->n % ROOM == 0 && (out->n & (out->n - 1)) == 0) {
		struct audience *bigger = arena_array(a, out->n ? 2 * out->n : ROOM,
						      sizeof(*bigger));
		if (out->n)
			memcpy(bigger, out->at, out->n * sizeof(*bigger));
		out->at = bigger;
	}
	struct audience *to = &out->at[out->n++];
	to->label = arena_str(a, c->label);
	to->who.at = arena_array(a, c->n_subs, sizeof(struct listener *));
	for (const struct sub *s = c->subs; s; s = s->next)
		to->who.at[to->who.n++] = s->who;
}

static void copy_all(struct arena *a, enum channel_kind kind, int64_t id, struct str tag,
		     struct audiences *out)
{
	for (struct channel *c = *slot_of(kind, id, tag); c; c = c->next) {
		if (c->kind == kind && c->id == id && str_eq(c->tag, tag))
			copy(a, c, out);
	}
}

void channel_find(struct arena *a, enum channel_kind kind, int64_t id, struct str tag,
		  struct audiences *out)
{
	if (!channel_is_heard(kind))
		return;
	pthread_mutex_lock(&table.lock);
	copy_all(a, kind, id, tag, out);
	pthread_mutex_unlock(&table.lock);
}

void channel_find_all(struct arena *a, enum channel_kind kind, const int64_t *ids, size_t n,
		      struct audiences *out)
{
	if (!channel_is_heard(kind))
		return;
	pthread_mutex_lock(&table.lock);
	for (size_t i = 0; i < n; i++)
		copy_all(a, kind, ids[i], S(""), out);
	pthread_mutex_unlock(&table.lock);
}
