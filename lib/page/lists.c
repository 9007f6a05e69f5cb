/* SPDX-License-Identifier: MIT */
/*
 * Pages that are one list of kwips: front, home, everyone, tags, favourites, bookmarks. Which kwips
 * and in which order is core's business; here they get a heading, a form and links to the next
 * page.
 */
#include "base/conf.h"
#include "core/follow.h"
#include "core/tag.h"
#include "page/handlers.h"
#include "pages.h"

/* A home with fewer kwips than this gets people to follow below it. */
enum { QUIET = 4 };

struct span span_of(struct req *r, enum order order)
{
	return (struct span){
		.max_id = param_i64(r, "max_id", 0),
		.min_id = param_i64(r, "min_id", 0),
		.limit = PAGE_KWIPS,
		.order = order,
	};
}

/* The cursor of the last one leads on when the page was full; a page further down leads back up. */
static struct view_pager pager_from(struct req *r, int64_t first, int64_t last, bool more)
{
	struct view_pager p = {0};
	struct str path = path_here(r);
	bool up = param_i64(r, "min_id", 0) != 0;
	if (last && (more || up))
		p.older = url_with(r->a, path, "max_id", last);
	if (first && (up ? more : param_i64(r, "max_id", 0) != 0))
		p.newer = url_with(r->a, path, "min_id", first);
	return p;
}

struct view_pager pager_of(struct req *r, const struct view_items *items, bool more)
{
	if (items->n == 0)
		return (struct view_pager){0};
	return pager_from(r, items->at[0].cursor, items->at[items->n - 1].cursor, more);
}

struct view_tab tab_of(const char *url, const char *label, bool here)
{
	return (struct view_tab){str_of(url), str_of(label), here};
}

struct view_pager pager_of_ids(struct req *r, struct ids ids, bool more)
{
	if (ids.n == 0)
		return (struct view_pager){0};
	return pager_from(r, ids.cursor[0], ids.cursor[ids.n - 1], more);
}

/* Where the filters of clients would count a page. */
static int context_of(enum section here)
{
	if (here == AT_MARKS)
		return 0;
	return here == AT_HOME ? FILTER_HOME : FILTER_PUBLIC;
}

static struct view_tabs two_tabs(struct arena *a, struct view_tab x, struct view_tab y)
{
	struct view_tab *at = arena_array(a, 2, sizeof *at);
	at[0] = x;
	at[1] = y;
	return (struct view_tabs){at, 2};
}

static enum err show(struct req *r, struct answer *out, struct lens *l, struct view_list *v,
		     struct ids ids)
{
	v->items = items_of(r, r->db, l, ids, context_of(v->top.here));
	v->pager = pager_of_ids(r, ids, ids.n == PAGE_KWIPS);
	page_list(out->body, v);
	return OK;
}

static struct view_list list_of(struct req *r, struct str heading, enum section here)
{
	return (struct view_list){
		.top = top_of(r, heading, here),
		.heading = heading,
		.empty = S("Nothing here yet."),
	};
}

static struct view_list everyone_of(struct req *r, enum order order)
{
	bool recent = order == ORDER_RECENT;
	struct view_list v = list_of(r, S("Everyone"), AT_EVERYONE);
	v.top.feed = S("/everyone/feed.atom");
	v.tabs = two_tabs(r->a, tab_of("/everyone", "Active", !recent),
			  tab_of("/everyone/recent", "Recent", recent));
	return v;
}

static struct ids everyone_ids(struct req *r, enum order order)
{
	return timeline_everyone(r->db, r->a, span_of(r, order), r->viewer.account,
				 r->viewer.show_repeats);
}

static enum err everyone(struct req *r, struct answer *out, enum order order)
{
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct view_list v = everyone_of(r, order);
	return show(r, out, l, &v, everyone_ids(r, order));
}

enum err on_everyone(struct req *r, struct answer *out)
{
	return everyone(r, out, ORDER_ACTIVE);
}

enum err on_everyone_recent(struct req *r, struct answer *out)
{
	return everyone(r, out, ORDER_RECENT);
}

/* Takes over what is no reply; true when the page is full. */
static bool keep_roots(struct view_items *page, const struct view_items *more, bool up)
{
	for (size_t i = 0; i < more->n && page->n < PAGE_KWIPS; i++) {
		const struct view_item *item = &more->at[up ? more->n - 1 - i : i];
		if (!(item->flags & CARD_REPLY))
			page->at[page->n++] = *item;
	}
	return page->n == PAGE_KWIPS;
}

static void turn(struct view_items *v)
{
	for (size_t i = 0; i + 1 < v->n - i; i++) {
		struct view_item item = v->at[i];
		v->at[i] = v->at[v->n - 1 - i];
		v->at[v->n - 1 - i] = item;
	}
}

/*
 * Home as apps see it holds replies; here these live in their conversations. So a page may need
 * more than one look, but never more than SCAN_ROUNDS: what is left then waits behind "older".
 */
static struct view_items home_items(struct req *r, struct lens *l, struct span s,
				    struct view_pager *pager)
{
	struct view_items page = {.at = arena_array(r->a, PAGE_KWIPS, sizeof(struct view_item))};
	bool up = s.min_id != 0, full = false, end = false;
	int64_t reached = 0;
	s.limit = 2 * PAGE_KWIPS;
	for (int round = 0; round < SCAN_ROUNDS && !full && !end; round++) {
		struct ids ids = lens_home(l, s, r->viewer.account, r->viewer.show_repeats);
		struct view_items more = items_of(r, r->db, l, ids, FILTER_HOME);
		full = keep_roots(&page, &more, up);
		end = ids.n < (size_t)s.limit;
		if (ids.n > 0)
			reached = ids.cursor[up ? 0 : ids.n - 1];
		*(up ? &s.min_id : &s.max_id) = reached;
	}
	if (up)
		turn(&page);
	*pager = pager_of(r, &page, full);
	if (!full && !end && !up)
		pager->older = pager_from(r, 0, reached, true).older;
	return page;
}

/* Whom somebody with an empty home might follow: the most followed whom they have no relation to.
 */
static struct view_people suggestions(struct req *r)
{
	enum { LOOKED_AT = 20, SHOWN = 6 };
	struct accounts all = account_directory(r->db, r->a, false, LOOKED_AT, 0), some = {0};
	int64_t *ids = arena_array(r->a, all.n, sizeof(int64_t));
	for (size_t i = 0; i < all.n; i++)
		ids[i] = all.at[i].id;
	struct relation *is = relations_load(r->db, r->a, r->viewer.account, ids, all.n);
	some.at = all.at;
	for (size_t i = 0; i < all.n && some.n < SHOWN; i++) {
		bool known = is[i].following || is[i].requested || is[i].blocking ||
			     is[i].blocked_by || is[i].muting;
		if (!known && all.at[i].id != r->viewer.account)
			some.at[some.n++] = all.at[i];
	}
	return people_of(r->a, some);
}

static enum err home(struct req *r, struct answer *out, enum order order)
{
	bool recent = order == ORDER_RECENT;
	struct view_list v = list_of(r, S("Home"), AT_HOME);
	SCOPED_LENS l = lens_open(r->db, r->a);
	v.top.done = done_words(r);
	v.form = form_new(r, r->db);
	v.news = news_of(r);
	v.empty = S(
		"Your home is quiet. Say something, or follow people: what they say comes here.");
	v.tabs = two_tabs(r->a, tab_of("/home", "Active", !recent),
			  tab_of("/home/recent", "Recent", recent));
	v.items = home_items(r, l, span_of(r, order), &v.pager);
	v.lonely = v.items.n < QUIET && v.pager.newer.len == 0 && v.pager.older.len == 0;
	if (v.lonely)
		v.people = suggestions(r);
	page_list(out->body, &v);
	return OK;
}

enum err on_home(struct req *r, struct answer *out)
{
	return home(r, out, ORDER_ACTIVE);
}

enum err on_home_recent(struct req *r, struct answer *out)
{
	return home(r, out, ORDER_RECENT);
}

/* What kwip.js asks now and then: cheap, for mostly nothing is new. */
enum err on_fresh(struct req *r, struct answer *out)
{
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct span s = {.since_id = param_i64(r, "since", 0), .limit = PAGE_KWIPS};
	struct ids ids = lens_home(l, s, r->viewer.account, r->viewer.show_repeats);
	struct view_items items = items_of(r, r->db, l, ids, FILTER_HOME);
	int64_t n = 0;
	for (size_t i = 0; i < items.n; i++)
		n += !(items.at[i].flags & CARD_REPLY);
	out->no_store = true;
	buf_i64(out->body, n);
	buf_char(out->body, ' ');
	buf_i64(out->body, r->viewer.unread);
	return OK;
}

enum err on_front(struct req *r, struct answer *out)
{
	if (r->viewer.account)
		return home(r, out, r->viewer.default_order ? ORDER_RECENT : ORDER_ACTIVE);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct view_list v = everyone_of(r, ORDER_ACTIVE);
	v.top.title = S("");
	v.top.about = conf.description;
	v.intro = conf.description;
	v.welcome = true;
	v.fresh = !account_any(r->db);
	return show(r, out, l, &v, everyone_ids(r, ORDER_ACTIVE));
}

enum err on_tag(struct req *r, struct answer *out)
{
	struct str tag = tag_fold(r->a, param_str(r, "tag"));
	if (tag.len == 0)
		return ERR_NOT_FOUND;
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct view_list v = list_of(r, text_join(r->a, S("#"), tag), AT_NOWHERE);
	v.empty = S("Nobody has said anything with this tag.");
	if (r->viewer.account && r->csrf.len) {
		struct tag is;
		tag_get(r->db, r->a, r->viewer.account, tag, &is);
		v.tag = text_join(r->a, S("/tags/"), url_part(r->a, tag));
		v.is_followed = is.following;
	}
	return show(r, out, l, &v,
		    timeline_tag(r->db, r->a, span_of(r, ORDER_RECENT), r->viewer.account, tag));
}

enum err on_own_favourites(struct req *r, struct answer *out)
{
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct view_list v = list_of(r, S("Favourites"), AT_MARKS);
	v.empty = S("No favourites yet: the heart under a kwip puts it here.");
	return show(r, out, l, &v,
		    timeline_favourites(r->db, r->a, span_of(r, ORDER_RECENT), r->viewer.account));
}

enum err on_own_bookmarks(struct req *r, struct answer *out)
{
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct view_list v = list_of(r, S("Bookmarks"), AT_MARKS);
	v.intro = S("Only you can see them.");
	v.empty = S("No bookmarks yet: the ribbon under a kwip puts it here.");
	return show(r, out, l, &v,
		    timeline_bookmarks(r->db, r->a, span_of(r, ORDER_RECENT), r->viewer.account));
}
