/* SPDX-License-Identifier: MIT */
/* The search page: a form, three kinds of things to find, and what was found of one of them. */
#include "core/find.h"
#include "core/search.h"
#include "core/trend.h"
#include "page/handlers.h"
#include "pages.h"

enum found_kind { FIND_KWIPS, FIND_PEOPLE, FIND_TAGS, FIND_KINDS };

static const struct {
	const char *type, *label;
} kinds[FIND_KINDS] = {{"kwips", "Kwips"}, {"people", "People"}, {"tags", "Hashtags"}};

/* What begins like a name or a hashtag is one, unless something else is asked for. */
static enum found_kind kind_of(struct req *r, struct str q)
{
	struct str type = param_str(r, "type");
	for (int i = 0; i < FIND_KINDS; i++)
		if (str_eq(type, str_of(kinds[i].type)))
			return (enum found_kind)i;
	if (str_starts(q, S("@")))
		return FIND_PEOPLE;
	return str_starts(q, S("#")) ? FIND_TAGS : FIND_KWIPS;
}

static struct str url_of(struct req *r, struct str q, enum found_kind kind)
{
	struct str part = url_part(r->a, q);
	return arena_printf(r->a, "/search?q=%.*s&type=%s", (int)part.len, part.at,
			    kinds[kind].type);
}

static struct view_tabs tabs_of(struct req *r, struct str q, enum found_kind here)
{
	struct view_tab *at = arena_array(r->a, FIND_KINDS, sizeof *at);
	for (int i = 0; i < FIND_KINDS; i++)
		at[i] = (struct view_tab){url_of(r, q, (enum found_kind)i), str_of(kinds[i].label),
					  i == (int)here};
	return (struct view_tabs){at, FIND_KINDS};
}

/* One page more than is shown tells whether there is another. */
static void pager_by_offset(struct req *r, struct view_search *v, size_t n, size_t shown)
{
	int64_t offset = param_i64(r, "offset", 0);
	struct str url = url_of(r, v->q, kind_of(r, v->q));
	if (offset > 0)
		v->pager.newer = arena_printf(
			r->a, "%.*s&offset=%lld", (int)url.len, url.at,
			(long long)(offset > (int64_t)shown ? offset - (int64_t)shown : 0));
	if (n > shown)
		v->pager.older = arena_printf(r->a, "%.*s&offset=%lld", (int)url.len, url.at,
					      (long long)(offset + (int64_t)shown));
}

static void find_what_was_said(struct req *r, struct view_search *v)
{
	int64_t max_id = param_i64(r, "max_id", 0);
	struct find_ask ask = {
		.viewer = r->viewer.account, .q = v->q, .max_id = max_id, .limit = PAGE_KWIPS};
	struct str url = url_of(r, v->q, FIND_KWIPS);
	if (!ask.viewer) {
		v->login = v->top.back;
		return;
	}
	SCOPED_LENS l = lens_open(r->db, r->a);
	v->behind = find_behind(r->db);
	struct ids ids = find_kwips(r->db, r->a, &ask);
	v->items = items_of(r, r->db, l, ids, FILTER_PUBLIC);
	v->found = v->items.n > 0;
	if (max_id)
		v->pager.newer = url;
	if (ids.n == PAGE_KWIPS)
		v->pager.older = arena_printf(r->a, "%.*s&max_id=%lld", (int)url.len, url.at,
					      (long long)ids.at[ids.n - 1]);
}

static void find_persons(struct req *r, struct view_search *v)
{
	struct people_ask ask = {.q = v->q,
				 .viewer = r->viewer.account,
				 .about = true,
				 .limit = PAGE_PEOPLE + 1,
				 .offset = (int)param_i64(r, "offset", 0)};
	struct accounts list = search_people(r->db, r->a, &ask);
	pager_by_offset(r, v, list.n, PAGE_PEOPLE);
	if (list.n > PAGE_PEOPLE)
		list.n = PAGE_PEOPLE;
	v->people = people_of(r->a, list);
	v->found = list.n > 0;
}

static void put_tags(struct req *r, struct view_search *v, struct ids ids)
{
	struct tags tags = tags_load(r->db, r->a, r->viewer.account, ids.at, ids.n);
	v->tags.at = arena_array(r->a, tags.n, sizeof *v->tags.at);
	for (size_t i = 0; i < tags.n; i++) {
		struct view_tag *t = &v->tags.at[v->tags.n++];
		t->name = tags.at[i].name;
		t->url = text_join(r->a, S("/tags/"), url_part(r->a, t->name));
		for (int d = 0; d < TAG_DAYS; d++)
			t->uses += tags.at[i].day[d].uses;
	}
}

static void find_hashtags(struct req *r, struct view_search *v)
{
	struct ids ids = search_tags(r->db, r->a, v->q, PAGE_PEOPLE + 1,
				     (int)param_i64(r, "offset", 0));
	pager_by_offset(r, v, ids.n, PAGE_PEOPLE);
	if (ids.n > PAGE_PEOPLE)
		ids.n = PAGE_PEOPLE;
	put_tags(r, v, ids);
	v->found = ids.n > 0;
}

/* Who does not know yet what to look for may look at what others talk about. */
static void show_trends(struct req *r, struct view_search *v)
{
	enum { SHOWN = 10 };
	struct ids ids = trends_shown(r->db, r->a, TREND_TAG, r->viewer.account, false);
	if (ids.n > SHOWN)
		ids.n = SHOWN;
	put_tags(r, v, ids);
}

enum err on_find(struct req *r, struct answer *out)
{
	static void (*const find[FIND_KINDS])(struct req *, struct view_search *) = {
		find_what_was_said, find_persons, find_hashtags};
	struct view_search v = {.top = top_of(r, S("Search"), AT_NOWHERE),
				.q = str_trim(param_str(r, "q"))};
	enum found_kind kind = kind_of(r, v.q);
	v.top.no_index = true;
	v.type = str_of(kinds[kind].type);
	v.asked = v.q.len > 0;
	if (v.asked) {
		v.tabs = tabs_of(r, v.q, kind);
		find[kind](r, &v);
	} else {
		show_trends(r, &v);
	}
	page_search(out->body, &v);
	return OK;
}
