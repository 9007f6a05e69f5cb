/* SPDX-License-Identifier: MIT */
/* What happened to the viewer: notices, and people who wait to be let in as followers. */
#include "core/follow.h"
#include "core/notice.h"
#include "page/handlers.h"
#include "pages.h"

enum { PAGE_NOTICES = 40 };

static struct str words_of(enum notice_kind kind)
{
	static const struct str words[] = {
		[NOTICE_MENTION] = S_INIT("named you"),
		[NOTICE_COMMENT] = S_INIT("commented"),
		[NOTICE_FAVOURITE] = S_INIT("likes what you said"),
		[NOTICE_BOOST] = S_INIT("boosted what you said"),
		[NOTICE_FOLLOW] = S_INIT("follows you"),
		[NOTICE_REQUEST] = S_INIT("asks to follow you"),
		[NOTICE_EDIT] = S_INIT("changed what you boosted or answered"),
		[NOTICE_KWIP] = S_INIT("said something"),
		[NOTICE_BUZZ] = S_INIT("would like to hear from you"),
		[NOTICE_SIGNUP] = S_INIT("is new here"),
	};
	return kind >= NOTICE_MENTION && kind <= NOTICE_SIGNUP ? words[kind] : S("did something");
}

/* Everybody and everything the notices speak of, loaded together. */
struct spoken_of {
	struct accounts people;
	struct kwips kwips;
};

static struct spoken_of load(struct req *r, struct notices list)
{
	int64_t *people = arena_array(r->a, list.n, sizeof(int64_t)),
		*kwips = arena_array(r->a, list.n, sizeof(int64_t));
	size_t n_kwips = 0;
	for (size_t i = 0; i < list.n; i++) {
		people[i] = list.at[i].actor;
		if (list.at[i].kwip)
			kwips[n_kwips++] = list.at[i].kwip;
	}
	n_kwips = kwips_visible(r->db, r->viewer.account, kwips, n_kwips);
	return (struct spoken_of){accounts_load(r->db, r->a, people, list.n),
				  kwips_load(r->db, r->a, kwips, n_kwips)};
}

static const struct account *find_actor(const struct spoken_of *of, int64_t id)
{
	for (size_t i = 0; i < of->people.n; i++)
		if (of->people.at[i].id == id)
			return &of->people.at[i];
	return NULL;
}

static const struct kwip *find_said(const struct spoken_of *of, int64_t id)
{
	for (size_t i = 0; i < of->kwips.n; i++)
		if (of->kwips.at[i].id == id)
			return &of->kwips.at[i];
	return NULL;
}

static struct view_notice notice_of(struct req *r, const struct spoken_of *of,
				    const struct notice *n, const struct account *actor)
{
	const struct kwip *k = find_said(of, n->kwip);
	struct view_notice v = {
		.who = author_html(r->a, actor),
		.what = words_of(n->kind),
		.iso = time_iso(r->a, n->at),
		.human = time_human(r->a, n->at),
	};
	if (k && k->boosted)
		k = k->boosted;
	if (k) {
		v.url = text_join(r->a, url_kwip(r->a, k),
				  arena_printf(r->a, "#k%lld", (long long)k->id));
		v.excerpt = markup_excerpt(r->a, k->warning.len ? k->warning : k->body, 120);
	}
	if (n->kind == NOTICE_REQUEST) {
		v.url = S("/requests");
		v.excerpt = S("decide");
	}
	return v;
}

enum err on_notices(struct req *r, struct answer *out)
{
	struct view_notices v = {.top = top_of(r, S("Notices"), AT_NOTICES)};
	struct prefs p = {0};
	account_prefs(r->db, r->a, r->viewer.account, &p);
	struct notices list = notice_list(r->db, r->a, r->viewer.account, param_i64(r, "max_id", 0),
					  0, PAGE_NOTICES);
	struct spoken_of of = load(r, list);
	v.list.at = arena_array(r->a, list.n, sizeof(struct view_notice));
	for (size_t i = 0; i < list.n; i++) {
		const struct account *actor = find_actor(&of, list.at[i].actor);
		if (!actor)
			continue;
		v.list.at[v.list.n] = notice_of(r, &of, &list.at[i], actor);
		v.list.at[v.list.n++].is_new = list.at[i].id > p.notices_read;
		v.any_new = v.any_new || list.at[i].id > p.notices_read;
	}
	v.newest = list.n ? list.at[0].id : 0;
	if (list.n == PAGE_NOTICES)
		v.pager.older = url_with(r->a, S("/notices"), "max_id", list.at[list.n - 1].id);
	page_notices(out->body, &v);
	return OK;
}

enum err on_notices_read(struct req *r, struct tx *tx, struct answer *out)
{
	notice_read(tx, r->viewer.account, param_i64(r, "newest", 0));
	answer_redirect(out, S("/notices"));
	return OK;
}

enum err on_requests(struct req *r, struct answer *out)
{
	int64_t next = 0;
	struct view_requests v = {.top = top_of(r, S("Follow requests"), AT_NOTICES)};
	v.people = people_of(r->a, follow_list(r->db, r->a, LIST_REQUESTS, r->viewer.account,
					       param_i64(r, "max_id", 0), PAGE_PEOPLE, &next));
	if (next)
		v.pager.older = url_with(r->a, S("/requests"), "max_id", next);
	page_requests(out->body, &v);
	return OK;
}

enum err on_request_accept(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = follow_accept(tx, r->viewer.account, param_i64(r, "id", 0));
	return e == OK ? go_back(r, out, S("/requests")) : e;
}

enum err on_request_reject(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = follow_reject(tx, r->viewer.account, param_i64(r, "id", 0));
	return e == OK ? go_back(r, out, S("/requests")) : e;
}
