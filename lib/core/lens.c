/* SPDX-License-Identifier: MIT */
/*
 * Opens the view: which events are newer than the cache, and what they make stale. The merge of
 * home stands in lens_home.c. Warm, nothing is newer and nothing is allocated beyond the lens
 * itself.
 */
#include <pthread.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/lens_private.h"

/* Past this many unseen events SQL is cheaper than sorting out what they touch. */
enum { UNSEEN_MAX = 512 };

/* The cache as this process has it open; replaced when the folder is. */
struct source {
	int64_t epoch; /* what the database asks of a cache; 0: not known yet */
	struct cache *cache;
	int refs;
};
static struct {
	pthread_mutex_t lock;
	struct str dir;
	int64_t cap_bytes;
	struct source *now;
	int opened; /* sources not closed yet */
	void (*on_miss)(void *arg, int64_t kwip);
	void *miss_arg;
} place = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void source_let_go(struct source *s)
{
	pthread_mutex_lock(&place.lock);
	bool last = s && --s->refs == 0;
	pthread_mutex_unlock(&place.lock);
	if (!last)
		return;
	cache_close(s->cache);
	free(s);
	pthread_mutex_lock(&place.lock);
	place.opened--;
	pthread_mutex_unlock(&place.lock);
}

static struct source *source_take(void)
{
	pthread_mutex_lock(&place.lock);
	struct source *s = place.now;
	if (s)
		s->refs++;
	pthread_mutex_unlock(&place.lock);
	return s;
}

/* Puts another (or none) in the place of the present one. */
static void source_set(struct source *fresh)
{
	pthread_mutex_lock(&place.lock);
	struct source *old = place.now;
	place.now = fresh;
	place.opened += fresh != NULL;
	pthread_mutex_unlock(&place.lock);
	if (old)
		source_let_go(old);
}

/* Does a request still read through a cache that was let go? It must not be open twice (cache.h).
 */
static bool is_any_open(void)
{
	pthread_mutex_lock(&place.lock);
	bool any = place.opened > 0;
	pthread_mutex_unlock(&place.lock);
	return any;
}

void lens_use(struct str dir, int64_t cap_bytes)
{
	place.dir = dir;
	place.cap_bytes = cap_bytes;
	lens_tick();
}

void lens_on_miss(void (*fn)(void *arg, int64_t kwip), void *arg)
{
	place.on_miss = fn;
	place.miss_arg = arg;
}

void lens_tick(void)
{
	struct source *s = source_take();
	bool stale = s && cache_is_stale(s->cache);
	bool good = s && !stale;
	if (s)
		source_let_go(s);
	if (good)
		return;
	if (stale)
		source_set(NULL);
	if (is_any_open())
		return;
	struct cache *c = NULL;
	if (cache_open(&c, place.dir, false, place.cap_bytes) == OK) {
		struct source *fresh = malloc(sizeof(*fresh));
		if (!fresh)
			die("out of memory");
		*fresh = (struct source){.cache = c, .refs = 1};
		source_set(fresh);
		log_debug("timeline cache opened");
	}
}

void lens_forget(void)
{
	source_set(NULL);
}

static void note_event(struct lens *l, const struct event *e)
{
	switch (e->kind) {
	case EVENT_KWIP_NEW:
		set_add(&l->stale_accounts, e->actor);
		set_add(&l->stale_kwips, e->kwip);
		break;
	case EVENT_KWIP_DELETE:
		set_add(&l->stale_accounts, e->actor);
		set_add(&l->stale_kwips, e->kwip);
		break;
	case EVENT_KWIP_EDIT:
	case EVENT_KWIP_COUNTS:
	case EVENT_PREVIEW:
	case EVENT_PIN:
	case EVENT_CONSENT:
		set_add(&l->stale_kwips, e->kwip);
		break;
	case EVENT_REPEAT:
		set_add(&l->stale_kwips, e->kwip);
		set_add(&l->stale_kwips, e->extra);
		break;
	case EVENT_FOLLOW:
	case EVENT_UNFOLLOW:
		set_add(&l->stale_accounts, e->target);
		set_add(&l->stale_accounts, e->actor);
		break;
	case EVENT_ACCOUNT_NEW:
	case EVENT_ACCOUNT_EDIT:
		set_add(&l->stale_accounts, e->actor);
		break;
	default:
		break;
	}
}

/* Reads what is newer than W. False when that is too much or no longer held: the cache is of no use
 * then. */
static bool read_unseen(struct lens *l)
{
	/* The log is never empty once there was anything: 0 is a look at it that failed. */
	if (l->newest == 0)
		return l->meta.seq == 0;
	if (l->newest <= l->meta.seq)
		return true;
	if (l->newest - l->meta.seq > UNSEEN_MAX)
		return false;
	size_t most = (size_t)(l->newest - l->meta.seq);
	l->unseen = arena_array(l->a, most, sizeof(struct event));
	l->n_unseen = event_read(l->db, l->meta.seq, l->unseen, most);
	if (l->n_unseen != most)
		return false;
	set_open(&l->stale_kwips, l->a, 2 * most);
	set_open(&l->stale_accounts, l->a, 2 * most);
	for (size_t i = 0; i < most; i++) {
		/* The first changes anything, the others what stands in the cards of anybody. */
		if (l->unseen[i].kind == EVENT_BULK || l->unseen[i].kind == EVENT_EMOJI ||
		    l->unseen[i].kind == EVENT_ACCOUNT_STATE)
			return false;
		note_event(l, &l->unseen[i]);
	}
	return true;
}

static void drop_cache(struct lens *l)
{
	cache_read_end(l->read);
	l->read = NULL;
	if (l->source)
		source_let_go(l->source);
	l->source = NULL;
}

/* Asked of the database once per opened cache: neither changes while this process runs. */
static int64_t epoch_wanted(struct lens *l)
{
	int64_t epoch = __atomic_load_n(&l->source->epoch, __ATOMIC_RELAXED);
	if (epoch == 0) {
		epoch = card_epoch(l->db);
		__atomic_store_n(&l->source->epoch, epoch, __ATOMIC_RELAXED);
	}
	return epoch;
}

struct lens *lens_blank(struct db *db, struct arena *a)
{
	struct lens *l = arena_take(a, sizeof(*l));
	l->db = db;
	l->a = a;
	return l;
}

struct lens *lens_open(struct db *db, struct arena *a)
{
	struct lens *l = lens_blank(db, a);
	l->source = source_take();
	if (!l->source)
		return l;
	if (cache_read_begin(l->source->cache, &l->read) != OK) {
		l->read = NULL;
		drop_cache(l);
		return l;
	}
	l->newest = event_newest(db);
	if (!cache_meta(l->read, &l->meta) || l->meta.epoch != epoch_wanted(l) || !read_unseen(l))
		drop_cache(l);
	return l;
}

void lens_close(struct lens *l)
{
	if (l)
		drop_cache(l);
}

void lens_close_ptr(struct lens **l)
{
	lens_close(*l);
	*l = NULL;
}

struct lens_state lens_state(const struct lens *l)
{
	return (struct lens_state){
		.has_cache = l->read != NULL,
		.ready = l->read && l->meta.ready,
		.seq = l->meta.seq,
		.newest = l->newest,
	};
}

/* Where a card already opened in this request is remembered; a page asks for the same ones twice.
 */
static struct card_memo *memo_of(struct lens *l, enum cache_kind kind, int64_t id)
{
	if (!l->memo)
		l->memo = arena_array(l->a, MEMO_SLOTS, sizeof(*l->memo));
	uint64_t h = ((uint64_t)id * 4 + (uint64_t)kind) * 0x9e3779b97f4a7c15u;
	return &l->memo[h >> 58];
}

static bool read_card(struct lens *l, enum cache_kind kind, int64_t id, struct card *out)
{
	struct card_memo *m = memo_of(l, kind, id);
	if (m->card.id == id && m->kind == kind) {
		*out = m->card;
		return true;
	}
	struct str record;
	if (!cache_get(l->read, kind, id, &record) || !card_open(record, out) || out->id != id)
		return false;
	*m = (struct card_memo){.kind = kind, .card = *out};
	return true;
}

bool lens_card(struct lens *l, enum cache_kind kind, int64_t kwip, struct card *out)
{
	if (!l->read || set_has(&l->stale_kwips, kwip))
		return false;
	if (read_card(l, kind, kwip, out))
		return true;
	if (place.on_miss)
		place.on_miss(place.miss_arg, kwip);
	return false;
}

bool lens_account(struct lens *l, int64_t account, struct card *out)
{
	return l->read && !set_has(&l->stale_accounts, account) &&
	       read_card(l, CACHE_ACCOUNT, account, out);
}

enum { MARKS_MAX = 64 };

/* The viewer's marks around one page of kwips, as the cache holds them. */
struct marks {
	struct cache_mark_row row[MARKS_MAX];
	int n; /* -1: too many to have read them together */
};

static void read_marks(struct lens *l, int64_t viewer, const int64_t *kwips, const int64_t *roots,
		       size_t n, struct marks *m)
{
	int64_t range[2] = {INT64_MAX, 0};
	for (size_t i = 0; i < n; i++) {
		int64_t low = roots[i] < kwips[i] ? roots[i] : kwips[i];
		int64_t high = roots[i] < kwips[i] ? kwips[i] : roots[i];
		range[0] = low < range[0] ? low : range[0];
		range[1] = high > range[1] ? high : range[1];
	}
	m->n = cache_marks(l->read, viewer, range, m->row, MARKS_MAX);
}

static int mark_in(struct lens *l, const struct marks *m, int64_t viewer, int64_t kwip)
{
	if (m->n < 0)
		return cache_mark(l->read, viewer, kwip);
	for (int i = 0; i < m->n; i++) {
		if (m->row[i].kwip == kwip)
			return m->row[i].bits;
	}
	return 0;
}

/* What the cache and the events after it say; -1 when the cache does not hold marks that old. */
static int mark_of(struct lens *l, const struct marks *m, int64_t viewer, int64_t kwip)
{
	for (size_t i = l->n_unseen; i-- > 0;) {
		const struct event *e = &l->unseen[i];
		if (e->kind == EVENT_MARK && e->actor == viewer && e->kwip == kwip)
			return (int)e->extra;
	}
	return kwip < l->meta.mark_floor ? -1 : mark_in(l, m, viewer, kwip);
}

void lens_marks(struct lens *l, int64_t viewer, const int64_t *kwips, const int64_t *conversations,
		size_t n, int *bits)
{
	struct marks m;
	for (size_t i = 0; i < n; i++)
		bits[i] = 0;
	if (viewer == 0 || n == 0)
		return;
	bool known = l->read && l->meta.ready;
	if (known)
		read_marks(l, viewer, kwips, conversations, n, &m);
	for (size_t i = 0; i < n && known; i++) {
		int own = mark_of(l, &m, viewer, kwips[i]), root = own;
		if (conversations[i] != kwips[i])
			root = mark_of(l, &m, viewer, conversations[i]);
		known = own >= 0 && root >= 0;
		bits[i] = (own & ~MARK_MUTE) | (root & MARK_MUTE);
	}
	if (!known)
		kwip_marks(l->db, viewer, kwips, conversations, n, bits);
}
