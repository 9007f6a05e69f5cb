/* SPDX-License-Identifier: MIT */
/*
 * Whole answers for visitors, kept until an event outdates them. An entry is valid for the event it
 * was rendered at; when newer events are of kinds that no visitor's page shows, it is moved up
 * instead of rendered again. Entries are counted references: one that is being sent outlives its
 * removal.
 */
#include "http/exchange.h"
#include "base/conf.h"
#include "store/event.h"

#include <stdlib.h>

enum { BUCKETS = 4096, EVENTS_MOST = 256, SHARE_MIN = 16 };

struct entry {
	struct entry *chain;         /* in its bucket */
	struct entry *newer, *older; /* by last use */
	uint64_t hash;
	_Atomic int refs;
	_Atomic int64_t seq;
	size_t size;
	struct str key, head, body, etag;
	char bytes[];
};

struct pagecache {
	pthread_mutex_t lock;
	uint64_t seed;
	struct entry *buckets[BUCKETS];
	struct entry *newest, *oldest;
	int64_t bytes;
	_Atomic int64_t hits;
};

struct pagecache *pagecache_new(void)
{
	struct pagecache *p = calloc(1, sizeof *p);

	if (!p)
		die("out of memory");
	p->seed = rand_u64();
	pthread_mutex_init(&p->lock, NULL);
	return p;
}

static void entry_hold(void *ref)
{
	struct entry *e = ref;

	e->refs++;
}

static void entry_release(void *ref)
{
	struct entry *e = ref;

	if (--e->refs == 0)
		free(e);
}

static void unlink_use(struct pagecache *p, struct entry *e)
{
	*(e->newer ? &e->newer->older : &p->newest) = e->older;
	*(e->older ? &e->older->newer : &p->oldest) = e->newer;
	e->newer = e->older = NULL;
}

static void link_newest(struct pagecache *p, struct entry *e)
{
	e->older = p->newest;
	*(p->newest ? &p->newest->newer : &p->oldest) = e;
	p->newest = e;
}

static void drop(struct pagecache *p, struct entry *e)
{
	struct entry **at = &p->buckets[e->hash % BUCKETS];

	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	unlink_use(p, e);
	p->bytes -= (int64_t)e->size;
	entry_release(e);
}

void pagecache_free(struct pagecache *p)
{
	while (p && p->newest)
		drop(p, p->newest);
	if (p)
		pthread_mutex_destroy(&p->lock);
	free(p);
}

static struct str key_of(struct exchange *x)
{
	static const char codings[] = {
		[CODING_NONE] = 'p', [CODING_GZIP] = 'g', [CODING_BROTLI] = 'b'};
	char *to = arena_take(x->a, x->r.path.len + x->r.query.len + 5), *at = to;

	*at++ = codings[coding_pick(x, true)];
	*at++ = x->r.wants_json ? 'j' : '-';
	*at++ = x->r.https ? 's' : '-';
	memcpy(at, x->r.path.at, x->r.path.len);
	at += x->r.path.len;
	*at++ = '?';
	if (x->r.query.len)
		memcpy(at, x->r.query.at, x->r.query.len);
	return (struct str){to, (size_t)(at - to) + x->r.query.len};
}

static struct entry *find_locked(struct pagecache *p, uint64_t hash, struct str key)
{
	for (struct entry *e = p->buckets[hash % BUCKETS]; e; e = e->chain)
		if (e->hash == hash && str_eq(e->key, key))
			return e;
	return NULL;
}

/* Finds and holds. */
static struct entry *find(struct pagecache *p, struct str key)
{
	uint64_t hash = addr_hash(key.at, key.len, p->seed);

	pthread_mutex_lock(&p->lock);
	struct entry *e = find_locked(p, hash, key);
	if (e) {
		entry_hold(e);
		if (p->newest != e) {
			unlink_use(p, e);
			link_newest(p, e);
		}
	}
	pthread_mutex_unlock(&p->lock);
	return e;
}

/* Whether nothing a visitor could see has happened since e was rendered. */
static bool is_current(struct exchange *x, struct entry *e)
{
	int64_t newest = event_newest(x->r.db), seq = e->seq;

	if (newest == seq)
		return true;
	if (newest < seq || newest - seq > EVENTS_MOST)
		return false;
	struct event *events = arena_array(x->a, EVENTS_MOST, sizeof *events);
	size_t n = event_read(x->r.db, seq, events, EVENTS_MOST);
	if ((int64_t)n != newest - seq)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!x->s->setup.hooks.is_private_event ||
		    !x->s->setup.hooks.is_private_event((int)events[i].kind))
			return false;
	e->seq = newest;
	return true;
}

#define SHARED S("public, max-age=0, s-maxage=2, must-revalidate")

static bool is_known_to_client(struct exchange *x, struct str etag)
{
	const char *tags = head_get(&x->head, "If-None-Match");

	return tags && (str_find(str_of(tags), etag) >= 0 || strcmp(tags, "*") == 0);
}

static void send_entry(struct exchange *x, struct entry *e)
{
	struct pin pin = {.ref = e, .hold = entry_hold, .release = entry_release};

	if (is_known_to_client(x, e->etag))
		respond_with(x, &(struct reply){.status = 304,
						.etag = e->etag,
						.cache_control = SHARED,
						.vary = true});
	else
		respond_raw(x, e->head, e->body, pin);
}

bool pagecache_serve(struct exchange *x)
{
	struct pagecache *p = x->s->pages;
	struct entry *e = find(p, key_of(x));

	if (!e)
		return false;
	bool current = is_current(x, e);
	if (current) {
		p->hits++;
		send_entry(x, e);
	}
	entry_release(e);
	return current;
}

static struct str put_bytes(char **at, struct str s)
{
	struct str out = {*at, s.len};

	if (s.len)
		memcpy(*at, s.at, s.len);
	*at += s.len;
	return out;
}

static struct entry *entry_new(struct str key, struct str head, struct str body, struct str etag)
{
	size_t size = sizeof(struct entry) + key.len + head.len + body.len + etag.len;
	struct entry *e = calloc(1, size);

	if (!e)
		die("out of memory");
	char *at = e->bytes;
	e->refs = 1;
	e->size = size;
	e->key = put_bytes(&at, key);
	e->head = put_bytes(&at, head);
	e->body = put_bytes(&at, body);
	e->etag = put_bytes(&at, etag);
	return e;
}

static void keep(struct pagecache *p, struct entry *e)
{
	e->hash = addr_hash(e->key.at, e->key.len, p->seed);
	pthread_mutex_lock(&p->lock);
	struct entry *old = find_locked(p, e->hash, e->key);
	if (old)
		drop(p, old);
	entry_hold(e);
	e->chain = p->buckets[e->hash % BUCKETS];
	p->buckets[e->hash % BUCKETS] = e;
	link_newest(p, e);
	p->bytes += (int64_t)e->size;
	while (p->bytes > conf.page_cache_bytes && p->oldest)
		drop(p, p->oldest);
	pthread_mutex_unlock(&p->lock);
}

static struct str tag_of(struct exchange *x, struct str body)
{
	unsigned char h[16];
	SCOPED_BUF b = BUF_EMPTY;

	hash_short(body, h);
	buf_char(&b, '"');
	buf_base64url(&b, h, 12);
	buf_char(&b, '"');
	return arena_str(x->a, buf_str(&b));
}

static struct str default_type(enum format f)
{
	return f == FORMAT_PAGE   ? S("text/html; charset=utf-8")
	       : f == FORMAT_API  ? S("application/json; charset=utf-8")
	       : f == FORMAT_FEED ? S("application/rss+xml; charset=utf-8")
				  : S("text/plain; charset=utf-8");
}

static void encode(struct exchange *x, struct reply *reply, struct buf *packed)
{
	if (reply->body.len <= 1024 || !is_compressible(reply->type))
		return;
	enum coding c = coding_pick(x, true);
	bool paid = c == CODING_BROTLI ? compress_brotli(reply->body, packed)
		    : c == CODING_GZIP ? compress_gzip(worker_packer(x->w), reply->body, packed)
				       : false;
	if (!paid)
		return;
	reply->body = buf_str(packed);
	reply->coding = c;
}

void pagecache_fill(struct exchange *x, int64_t seq)
{
	SCOPED_BUF packed = BUF_EMPTY, head = BUF_EMPTY;
	struct reply reply = {
		.status = x->out.status,
		.type = x->out.type.len ? x->out.type : default_type(x->r.route->format),
		.body = buf_str(&x->body),
		.cache_control = SHARED,
		.vary = true,
	};

	encode(x, &reply, &packed);
	reply.etag = tag_of(x, reply.body);
	/* The rate headers are this visitor's own. */
	x->rate = (struct rate_state){0};
	respond_head(x, &reply, &head);
	struct entry *e = entry_new(key_of(x), buf_str(&head), reply.body, reply.etag);
	e->seq = seq;
	if ((int64_t)e->size * SHARE_MIN <= conf.page_cache_bytes)
		keep(x->s->pages, e);
	send_entry(x, e);
	entry_release(e);
}

void pagecache_counts(struct pagecache *p, int64_t *bytes, int64_t *hits)
{
	pthread_mutex_lock(&p->lock);
	*bytes = p->bytes;
	pthread_mutex_unlock(&p->lock);
	*hits = p->hits;
}
