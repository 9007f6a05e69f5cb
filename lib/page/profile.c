/* SPDX-License-Identifier: MIT */
/* A person's pages: what they said, their comments, whom they follow and who follows them. */
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "core/follow.h"
#include "page/handlers.h"
#include "pages.h"

enum part {
	PART_OF_KWIPS,
	PART_OF_ACTIVE,
	PART_OF_COMMENTS,
	PART_OF_FOLLOWERS,
	PART_OF_FOLLOWING,
	PARTS
};

static const struct {
	const char *path, *label, *empty;
} parts[PARTS] = {
	{"", "Kwips", "No kwips yet."},
	{"/active", "Active", "No kwips yet."},
	{"/comments", "Comments", "No comments yet."},
	{"/followers", "Followers", "No followers yet."},
	{"/following", "Following", "Follows nobody yet."},
};

struct view_fields fields_of(struct arena *a, struct str json, const struct emojis *emojis)
{
	SCOPED_JSON doc = {0};
	struct view_fields out = {.at = arena_array(a, FIELDS_MAX, sizeof(struct view_field))};
	if (json_parse(&doc, json) != OK)
		return out;
	for (size_t i = 0; i < json_len(doc.root) && out.n < FIELDS_MAX; i++) {
		const struct json *pair = json_at(doc.root, i);
		struct view_field *f = &out.at[out.n++];
		f->name = arena_str(a, json_str(json_at(pair, 0)));
		f->value = arena_str(a, json_str(json_at(pair, 1)));
		f->shown_name = markup_line(a, f->name, emojis);
		f->html = markup_shown(a, f->value, (struct mentions){0}, emojis);
	}
	return out;
}

static struct view_tabs tabs_of(struct arena *a, const struct account *who, enum part here)
{
	struct view_tab *at = arena_array(a, PARTS, sizeof *at);
	struct str base = url_account(a, who->name, who->domain);
	for (int i = 0; i < PARTS; i++)
		at[i] = (struct view_tab){text_join(a, base, str_of(parts[i].path)),
					  str_of(parts[i].label), i == (int)here};
	return (struct view_tabs){at, PARTS};
}

static void put_relation(struct req *r, struct view_profile_head *h, int64_t target)
{
	h->signed_in = r->viewer.account != 0;
	h->is_me = r->viewer.account == target;
	if (!h->signed_in || h->is_me)
		return;
	struct relation is = relation_get(r->db, r->viewer.account, target);
	h->follows = is.following;
	h->requested = is.requested;
	h->followed_by = is.followed_by;
	h->blocks = is.blocking;
	h->mutes = is.muting;
}

static struct view_profile_head head_of(struct req *r, const struct account *who, enum part here)
{
	SCOPED_BUF since = BUF_EMPTY;
	put_date(&since, id_ms(who->id));
	struct view_profile_head h = {
		.who = author_view(r->a, who),
		.name = str_slice(url_account(r->a, who->name, who->domain), 2, SIZE_MAX),
		.since = arena_str(r->a, buf_str(&since)),
		.header = who->header.len ? text_join(r->a, S("/media/"), who->header) : S(""),
		.about = markup_shown(r->a, who->about, (struct mentions){0}, &who->emojis),
		.fields = fields_of(r->a, who->fields, &who->emojis),
		.kwips = who->kwips_count,
		.followers = who->followers_count,
		.following = who->following_count,
		.locked = who->locked,
		.bot = who->bot,
		.admin = who->role == ROLE_ADMIN,
		.tabs = tabs_of(r->a, who, here),
	};
	put_relation(r, &h, who->id);
	return h;
}

/* Finds the person and fills what all of their pages show. */
static enum err open_profile(struct req *r, enum part here, struct account *who,
			     struct view_profile *v)
{
	enum err e = find_person(r->db, r->a, param_str(r, "name"), who);
	if (e != OK)
		return e;
	struct str url = url_account(r->a, who->name, who->domain);
	v->head = head_of(r, who, here);
	v->top = top_of(r, v->head.who.display_name,
			who->id == r->viewer.account ? AT_ME : AT_NOWHERE);
	v->top.title = arena_printf(r->a, "%.*s (%.*s)", (int)v->head.who.display_name.len,
				    v->head.who.display_name.at, (int)v->head.who.handle.len,
				    v->head.who.handle.at);
	v->top.done = done_words(r);
	v->top.about = markup_excerpt(r->a, who->about, 160);
	v->top.feed = text_join(r->a, url, S("/feed.atom"));
	v->top.link = text_join(r->a, r->base_url, text_join(r->a, url, str_of(parts[here].path)));
	v->top.no_index = v->top.no_index || !who->indexable || who->limited;
	v->empty = str_of(parts[here].empty);
	return OK;
}

static enum err show(struct req *r, struct answer *out, enum part here)
{
	static const int kinds[PARTS] = {PART_KWIPS | PART_BOOSTS, PART_KWIPS, PART_COMMENTS, 0, 0};
	enum order order = here == PART_OF_ACTIVE ? ORDER_ACTIVE : ORDER_RECENT;
	struct account who;
	struct view_profile v = {0};
	enum err e = open_profile(r, here, &who, &v);
	if (e != OK)
		return e;
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct ids ids = timeline_account(r->db, r->a, span_of(r, order), r->viewer.account, who.id,
					  kinds[here], r->viewer.show_repeats);
	v.items = items_of(r, r->db, l, ids, FILTER_ACCOUNT);
	v.pager = pager_of_ids(r, ids, ids.n == PAGE_KWIPS);
	page_profile(out->body, &v);
	return OK;
}

enum err on_profile(struct req *r, struct answer *out)
{
	return show(r, out, PART_OF_KWIPS);
}

enum err on_profile_active(struct req *r, struct answer *out)
{
	return show(r, out, PART_OF_ACTIVE);
}

enum err on_profile_comments(struct req *r, struct answer *out)
{
	return show(r, out, PART_OF_COMMENTS);
}

struct view_people people_of(struct arena *a, struct accounts list)
{
	struct view_people out = {.at = arena_array(a, list.n, sizeof(struct view_person))};
	for (size_t i = 0; i < list.n; i++) {
		const struct account *who = &list.at[i];
		out.at[out.n++] = (struct view_person){
			.who = author_html(a, who),
			.name = who->name,
			.about = markup_excerpt(a, who->about, 200),
			.url = url_account(a, who->name, who->domain),
			.id = who->id,
		};
	}
	return out;
}

static enum err show_people(struct req *r, struct answer *out, enum part here,
			    enum follow_list which)
{
	struct account who;
	struct view_profile v = {0};
	int64_t next = 0;
	enum err e = open_profile(r, here, &who, &v);
	if (e != OK)
		return e;
	if (who.hide_collections && who.id != r->viewer.account)
		v.empty = S("This list is not shown to others.");
	else
		v.people = people_of(r->a,
				     follow_list(r->db, r->a, which, who.id,
						 param_i64(r, "max_id", 0), PAGE_PEOPLE, &next));
	if (next)
		v.pager.older = url_with(r->a, v.head.tabs.at[here].url, "max_id", next);
	page_profile(out->body, &v);
	return OK;
}

enum err on_followers(struct req *r, struct answer *out)
{
	return show_people(r, out, PART_OF_FOLLOWERS, LIST_FOLLOWERS);
}

enum err on_following(struct req *r, struct answer *out)
{
	return show_people(r, out, PART_OF_FOLLOWING, LIST_FOLLOWING);
}
