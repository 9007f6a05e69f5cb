/* SPDX-License-Identifier: MIT */
/*
 * Lists of kwips as views: what core/gather.h finds for the list, laid into the holes of the cards.
 * The number of statements does not depend on the list's length.
 */
#include "core/gather.h"
#include "page/handlers.h"
#include "pages.h"

/* Most source text that one room renders anew: beyond it, long comments keep their "more". */
enum { ROOM_BYTES = 1 << 20 };

static void put_author(struct buf *out, struct arena *a, const struct account *who)
{
	(void)a;
	page_author_html(out, who);
}

static const struct gather_form plain = {CACHE_PAGE, 1, false, false, page_card_make, put_author};
static const struct gather_form filtered = {CACHE_PAGE, 1, true, false, page_card_make, put_author};

static bool may_quote(const struct req *r, const struct gathered *k)
{
	const struct card *c = &k->card;
	if (c->author == r->viewer.account)
		return c->visibility != VISIBLE_DIRECT;
	return c->visibility <= VISIBLE_UNLISTED &&
	       (c->quote_policy == QUOTE_BY_ALL ||
		(c->quote_policy == QUOTE_BY_FOLLOWERS && k->followed));
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
	v->foot = html_trusted_card(c->part[2]);
	v->actions = actions_of(r, c, bits);
}

static struct view_item item_of(struct req *r, const struct gathered *k)
{
	const struct gathered *said = k->boosted ? k->boosted : k;
	struct view_item v = {.id = k->card.id, .author = k->card.author, .flags = k->card.flags};
	v.who = html_trusted_card(said->author);
	if (k->boosted)
		v.booster = html_trusted_card(k->author);
	fill_card(&v, r, &said->card, k->bits);
	v.actions.may_quote = may_quote(r, said);
	v.poll = poll_view(r, said);
	v.quote = quote_view(r, said);
	return v;
}

/* The strongest of the filters that apply there; NULL when none does. */
static const struct filter *filter_of(const struct gathered *k, int context)
{
	const struct gathered *said = k->boosted ? k->boosted : k;
	const struct filter *found = NULL;
	for (size_t i = 0; i < said->n_filter; i++) {
		const struct filter *f = said->filter[i].filter;
		if ((f->contexts & 1 << context) && (!found || f->action == FILTER_HIDE))
			found = f;
	}
	return found;
}

struct view_items items_of(struct req *r, struct db *db, struct lens *l, struct ids ids,
			   int context)
{
	struct gather_ask ask = {db, l, r->viewer.account, ids.at, ids.n};
	const struct gather *g = gather_kwips(r->a, &ask, context ? &filtered : &plain);
	struct view_items out = {.at = arena_array(r->a, ids.n, sizeof(struct view_item))};
	for (size_t i = 0; i < ids.n; i++) {
		const struct gathered *k = gather_find(g, ids.at[i]);
		const struct filter *f = k ? filter_of(k, context) : NULL;
		if (!k || (f && f->action == FILTER_HIDE))
			continue;
		out.at[out.n] = item_of(r, k);
		out.at[out.n].filtered = f ? f->title : S("");
		out.at[out.n++].cursor = ids.cursor[i];
	}
	return out;
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
		v->foot = html_trusted_card(c.part[2]);
	}
}

struct view_item item_whole(struct req *r, struct db *db, struct lens *l, const struct kwip *k)
{
	int64_t id = k->id;
	struct view_items one = items_of(r, db, l, (struct ids){&id, &id, 1}, 0);
	if (!k->boost_of)
		put_whole(r, &one, k);
	return one.n ? one.at[0] : (struct view_item){.id = id};
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
