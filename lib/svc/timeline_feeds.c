/* SPDX-License-Identifier: MIT */
/*
 * Changes to feeds, gathered for a whole batch and then applied viewer by viewer: each feed is read
 * and written once per batch, however many kwips came in.
 */
#include "base/conf.h"
#include "core/idset.h"
#include "svc/timeline.h"

struct change {
	struct change *next; /* in order of happening */
	struct feed_entry entry;
	enum order order;
	bool take;
};
struct viewer_changes {
	int64_t viewer; /* 0: free slot */
	bool remake;
	struct change *first, *last;
};
struct changes {
	struct arena *a;
	struct viewer_changes *slot;
	size_t mask, used, count;
};

/* Reading a whole home from SQL takes as long as so many changes; a batch of them must end too. */
enum { FIRST_SLOTS = 1024, REMAKE_CHANGES = 4000 };

struct changes *changes_new(struct arena *a)
{
	struct changes *c = arena_take(a, sizeof(*c));
	*c = (struct changes){.a = a, .mask = FIRST_SLOTS - 1};
	c->slot = arena_array(a, FIRST_SLOTS, sizeof(*c->slot));
	return c;
}

static struct viewer_changes *find_slot(struct viewer_changes *slot, size_t mask, int64_t viewer)
{
	size_t i = id_hash(viewer) & mask;
	while (slot[i].viewer != 0 && slot[i].viewer != viewer)
		i = (i + 1) & mask;
	return &slot[i];
}

static void grow(struct changes *c)
{
	size_t mask = 2 * c->mask + 1;
	struct viewer_changes *bigger = arena_array(c->a, mask + 1, sizeof(*bigger));
	for (size_t i = 0; i <= c->mask; i++) {
		if (c->slot[i].viewer != 0)
			*find_slot(bigger, mask, c->slot[i].viewer) = c->slot[i];
	}
	c->slot = bigger;
	c->mask = mask;
}

static struct viewer_changes *changes_of(struct changes *c, int64_t viewer)
{
	if (2 * c->used > c->mask)
		grow(c);
	struct viewer_changes *v = find_slot(c->slot, c->mask, viewer);
	if (v->viewer == 0) {
		v->viewer = viewer;
		c->used++;
	}
	return v;
}

static void add(struct changes *c, struct viewers to, struct change what)
{
	for (size_t i = 0; i < to.n; i++) {
		struct viewer_changes *v = changes_of(c, to.at[i]);
		if (v->remake)
			continue;
		struct change *own = arena_take(c->a, sizeof(*own));
		*own = what;
		if (v->last)
			v->last->next = own;
		else
			v->first = own;
		v->last = own;
		c->count++;
	}
}

void changes_put(struct changes *c, struct viewers to, enum order order, struct feed_entry e)
{
	add(c, to, (struct change){.entry = e, .order = order});
}

void changes_take(struct changes *c, struct viewers to, enum order order, int64_t kwip)
{
	add(c, to, (struct change){.entry.kwip = kwip, .order = order, .take = true});
}

void changes_remake(struct changes *c, int64_t viewer)
{
	struct viewer_changes *v = changes_of(c, viewer);
	c->count += v->remake ? 0 : REMAKE_CHANGES;
	v->remake = true;
}

size_t changes_count(const struct changes *c)
{
	return c->count;
}

static enum cache_kind kind_of(enum order order)
{
	return order == ORDER_RECENT ? CACHE_RECENT : CACHE_ACTIVE;
}

static enum err write_feed(struct cache_write *to, int64_t viewer, enum order order, struct feed *f)
{
	SCOPED_BUF record = BUF_EMPTY;
	if (f->n > (size_t)conf.feed_max) {
		f->n = (size_t)conf.feed_max;
		f->complete = false;
	}
	feed_pack(&record, order, f);
	return cache_put(to, kind_of(order), viewer, buf_str(&record));
}

/* Reads the newest part of a home from SQL: for a new account, or when relations changed. */
static enum err remake(struct db *db, struct cache_write *to, int64_t viewer, enum order order)
{
	SCOPED_ARENA a = arena_new();
	int limit = (int)conf.feed_max;
	struct ids ids = timeline_home_all(db, a, viewer, order, limit);
	struct feed f = feed_new(a, ids.n + 1);
	for (size_t i = 0; i < ids.n; i++)
		f.at[f.n++] = (struct feed_entry){ids.cursor[i], ids.at[i]};
	f.complete = ids.n < (size_t)limit;
	return write_feed(to, viewer, order, &f);
}

/* A feed that cannot be read is made anew: begun from nothing it would look whole. */
static enum err apply(struct viewer_changes *v, enum order order, struct db *db, struct arena *a,
		      struct cache_write *to)
{
	size_t n = 0;
	for (const struct change *c = v->first; c; c = c->next)
		n += c->order == order;
	struct str record;
	struct feed f;
	if (n == 0 || !cache_peek(to, kind_of(order), v->viewer, &record))
		return OK;
	if (!feed_open(record, order, a, n, &f))
		return remake(db, to, v->viewer, order);
	for (const struct change *c = v->first; c; c = c->next) {
		if (c->order != order)
			continue;
		if (c->take)
			feed_take(&f, c->entry.kwip);
		else
			feed_put(&f, c->entry);
	}
	return write_feed(to, v->viewer, order, &f);
}

enum err changes_write(struct changes *c, struct db *db, struct cache_write *to)
{
	static const enum order orders[] = {ORDER_RECENT, ORDER_ACTIVE};
	SCOPED_ARENA a = arena_new();
	for (size_t i = 0; i <= c->mask; i++) {
		struct viewer_changes *v = &c->slot[i];
		for (int o = 0; v->viewer != 0 && o < 2; o++) {
			enum err e = v->remake ? remake(db, to, v->viewer, orders[o])
					       : apply(v, orders[o], db, a, to);
			if (e != OK)
				return e;
		}
		arena_reset(a, 64 * 1024);
	}
	return OK;
}
