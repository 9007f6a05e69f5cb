/* SPDX-License-Identifier: MIT */
/*
 * Lists of kwips as views: cards and people from the lens, what it does not have loaded together
 * from SQL, then the viewer's own marks. The number of statements does not depend on the list's
 * length.
 */
#include "page/handlers.h"
#include "pages.h"

/* Most source text that one room renders anew: beyond it, long comments keep their "more". */
enum { ROOM_BYTES = 1 << 20 };

/* One kwip or account that the list needs; found by id in a table of open addressing. */
struct found {
	int64_t id; /* 0: free */
	bool known;
	int bits; /* enum mark, of the viewer */
	struct card card;
};
struct table {
	struct found *at;
	size_t mask;
};
struct gather {
	struct req *r;
	struct db *db;
	struct lens *lens;
	struct table kwips, people;
};

static struct table table_new(struct arena *a, size_t most)
{
	size_t slots = 8;
	while (slots < 2 * most)
		slots *= 2;
	return (struct table){arena_array(a, slots, sizeof(struct found)), slots - 1};
}

static struct found *slot_of(struct table *t, int64_t id)
{
	size_t i = (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 32) & t->mask;
	while (t->at[i].id != 0 && t->at[i].id != id)
		i = (i + 1) & t->mask;
	t->at[i].id = id;
	return &t->at[i];
}

/* The ids in a table that nothing is known of yet. */
static size_t unknown(const struct table *t, int64_t *ids)
{
	size_t n = 0;
	for (size_t i = 0; i <= t->mask; i++) {
		if (t->at[i].id != 0 && !t->at[i].known)
			ids[n++] = t->at[i].id;
	}
	return n;
}

static void want_kwip(struct gather *g, int64_t id)
{
	struct found *f = slot_of(&g->kwips, id);
	if (!f->known)
		f->known = lens_card(g->lens, CACHE_PAGE, id, &f->card);
}

static void load_kwips(struct gather *g)
{
	struct arena *a = g->r->a;
	int64_t *ids = arena_array(a, g->kwips.mask + 1, sizeof(int64_t));
	size_t n = unknown(&g->kwips, ids);
	struct kwips found = {0};
	if (n > 0)
		found = kwips_load(g->db, a, ids, n);
	for (size_t i = 0; i < found.n; i++) {
		struct found *f = slot_of(&g->kwips, found.at[i].id);
		f->card = card_view(a, &found.at[i], false);
		f->known = true;
	}
}

static void want_boosted(struct gather *g, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct found *f = slot_of(&g->kwips, ids[i]);
		if (f->known && f->card.boost_of != 0)
			want_kwip(g, f->card.boost_of);
	}
	load_kwips(g);
}

static void load_people(struct gather *g)
{
	struct arena *a = g->r->a;
	int64_t *ids = arena_array(a, g->people.mask + 1, sizeof(int64_t));
	for (size_t i = 0; i <= g->kwips.mask; i++) {
		if (!g->kwips.at[i].known)
			continue;
		struct found *f = slot_of(&g->people, g->kwips.at[i].card.author);
		if (!f->known)
			f->known = lens_account(g->lens, f->id, &f->card);
	}
	size_t n = unknown(&g->people, ids);
	struct accounts found = {0};
	if (n > 0)
		found = accounts_load(g->db, a, ids, n);
	for (size_t i = 0; i < found.n; i++) {
		struct found *f = slot_of(&g->people, found.at[i].id);
		f->card.part[1] = author_html(a, &found.at[i]).s;
		f->known = true;
	}
}

static void load_marks(struct gather *g)
{
	struct arena *a = g->r->a;
	size_t slots = g->kwips.mask + 1, n = 0;
	int64_t *ids = arena_array(a, 2 * slots, sizeof(int64_t)), *roots = ids + slots;
	int *bits = arena_array(a, slots, sizeof(int));
	if (g->r->viewer.account == 0)
		return;
	for (size_t i = 0; i < slots; i++) {
		if (g->kwips.at[i].known && g->kwips.at[i].card.boost_of == 0) {
			ids[n] = g->kwips.at[i].id;
			roots[n++] = g->kwips.at[i].card.conversation;
		}
	}
	lens_marks(g->lens, g->r->viewer.account, ids, roots, n, bits);
	for (size_t i = 0; i < n; i++)
		slot_of(&g->kwips, ids[i])->bits = bits[i];
}

static struct view_actions actions_of(const struct req *r, const struct card *c, int bits)
{
	bool own = c->author == r->viewer.account;
	return (struct view_actions){
		.id = c->id,
		.me = r->viewer.account && r->csrf.len ? r->viewer.name : S(""),
		.favourite = (bits & MARK_FAVOURITE) != 0,
		.boost = (bits & MARK_BOOST) != 0,
		.bookmark = (bits & MARK_BOOKMARK) != 0,
		.may_boost = (c->flags & CARD_MAY_BOOST) != 0 ||
			     (own && c->visibility == VISIBLE_FOLLOWERS),
		.own = own,
		.may_delete = own || r->viewer.role >= ROLE_MODERATOR,
	};
}

static void fill_card(struct view_item *v, const struct req *r, const struct card *c, int bits)
{
	v->start = html_trusted_card(c->part[0]);
	v->middle = html_trusted_card(c->part[1]);
	v->end = html_trusted_card(c->part[2]);
	v->actions = actions_of(r, c, bits);
}

/* False when the kwip, what it boosts or one of their authors is gone. */
static bool item_of(struct gather *g, int64_t id, struct view_item *v)
{
	const struct found *f = slot_of(&g->kwips, id);
	if (!f->known)
		return false;
	const struct found *said = f->card.boost_of ? slot_of(&g->kwips, f->card.boost_of) : f;
	if (!said->known)
		return false;
	const struct found *author = slot_of(&g->people, said->card.author);
	const struct found *booster = slot_of(&g->people, f->card.author);
	if (!author->known || !booster->known)
		return false;
	*v = (struct view_item){.id = id, .author = f->card.author, .flags = f->card.flags};
	v->who = html_trusted_card(author->card.part[1]);
	if (said != f)
		v->booster = html_trusted_card(booster->card.part[1]);
	fill_card(v, g->r, &said->card, said->bits);
	return true;
}

struct view_items items_of(struct req *r, struct db *db, struct lens *l, struct ids ids)
{
	struct gather g = {r, db, l, table_new(r->a, 2 * ids.n + 1),
			   table_new(r->a, 2 * ids.n + 1)};
	struct view_items out = {.at = arena_array(r->a, ids.n, sizeof(struct view_item))};
	for (size_t i = 0; i < ids.n; i++)
		want_kwip(&g, ids.at[i]);
	load_kwips(&g);
	want_boosted(&g, ids.at, ids.n);
	load_people(&g);
	load_marks(&g);
	for (size_t i = 0; i < ids.n; i++) {
		if (item_of(&g, ids.at[i], &out.at[out.n])) {
			out.at[out.n].cursor = ids.cursor[i];
			out.n++;
		}
	}
	return out;
}

struct view_item item_whole(struct req *r, struct lens *l, const struct kwip *k)
{
	struct card c = card_view(r->a, k, true);
	struct view_item v = {.id = k->id, .author = k->author, .cursor = k->id, .flags = c.flags};
	int bits = 0;
	lens_marks(l, r->viewer.account, &k->id, &k->conversation, 1, &bits);
	v.who = author_html(r->a, k->who);
	fill_card(&v, r, &c, bits);
	return v;
}

static void put_whole(struct req *r, struct view_items *items, const struct kwip *k)
{
	for (size_t i = 0; i < items->n; i++) {
		struct view_item *v = &items->at[i];
		if (v->id != k->id)
			continue;
		struct card c = card_view(r->a, k, true);
		v->start = html_trusted_card(c.part[0]);
		v->middle = html_trusted_card(c.part[1]);
		v->end = html_trusted_card(c.part[2]);
	}
}

void items_whole(struct req *r, struct view_items *items)
{
	int64_t *ids = arena_array(r->a, items->n, sizeof(int64_t));
	size_t n = 0, bytes = 0;
	for (size_t i = 0; i < items->n; i++)
		if (items->at[i].flags & CARD_CUT)
			ids[n++] = items->at[i].id;
	if (n == 0)
		return;
	struct kwips found = kwips_load(r->db, r->a, ids, n);
	for (size_t i = 0; i < found.n && bytes < ROOM_BYTES; i++) {
		bytes += found.at[i].body.len;
		put_whole(r, items, &found.at[i]);
	}
}

struct view_items items_one(struct arena *a, struct view_item item)
{
	struct view_item *at = arena_take(a, sizeof *at);
	*at = item;
	return (struct view_items){at, 1};
}
