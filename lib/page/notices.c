/* SPDX-License-Identifier: MIT */
/* What happened to the viewer: notices, people who wait to be let in, and what everybody is told.
 */
#include "core/announcement.h"
#include "core/follow.h"
#include "core/moderation.h"
#include "core/notice.h"
#include "core/notice_policy.h"
#include "page/handlers.h"
#include "pages.h"

enum { PAGE_NOTICES = 40, WAITING_SHOWN = 20 };

/* What one person did, and what several did together. */
static const struct {
	struct str one, many;
} words[NOTICE_KINDS] = {
	[NOTICE_MENTION] = {S_INIT("named you"), S_INIT("")},
	[NOTICE_COMMENT] = {S_INIT("commented"), S_INIT("")},
	[NOTICE_FAVOURITE] = {S_INIT("likes what you said"), S_INIT("like what you said")},
	[NOTICE_BOOST] = {S_INIT("boosted what you said"), S_INIT("boosted what you said")},
	[NOTICE_FOLLOW] = {S_INIT("follows you"), S_INIT("follow you")},
	[NOTICE_REQUEST] = {S_INIT("asks to follow you"), S_INIT("")},
	[NOTICE_EDIT] = {S_INIT("changed what you boosted or answered"), S_INIT("")},
	[NOTICE_KWIP] = {S_INIT("said something"), S_INIT("")},
	[NOTICE_BUZZ] = {S_INIT("would like to hear from you"), S_INIT("")},
	[NOTICE_SIGNUP] = {S_INIT("is new here"), S_INIT("are new here")},
	[NOTICE_POLL] = {S_INIT("asked in a poll that has ended"), S_INIT("")},
	[NOTICE_QUOTE] = {S_INIT("quoted you"), S_INIT("")},
	[NOTICE_QUOTED_EDIT] = {S_INIT("changed what you quoted"), S_INIT("")},
	[NOTICE_REPORT] = {S_INIT("reported somebody"), S_INIT("")},
	[NOTICE_WARNING] = {S_INIT("has word from the moderators"), S_INIT("")},
};

static struct str words_of(struct arena *a, const struct notice_group *g)
{
	struct str many = words[g->newest.kind].many;
	if (g->count < 2 || many.len == 0)
		return words[g->newest.kind].one;
	return arena_printf(a, "and %lld %s %.*s", (long long)g->count - 1,
			    g->count == 2 ? "other" : "others", (int)many.len, many.at);
}

/* Everybody and everything the notices speak of, loaded together. */
struct spoken_of {
	struct accounts people;
	struct kwips kwips;
};

static struct spoken_of load(struct req *r, struct notice_groups list)
{
	int64_t *people = arena_array(r->a, list.n, sizeof(int64_t)),
		*kwips = arena_array(r->a, list.n, sizeof(int64_t));
	size_t n_kwips = 0;
	for (size_t i = 0; i < list.n; i++) {
		people[i] = list.at[i].newest.actor;
		if (list.at[i].newest.kwip)
			kwips[n_kwips++] = list.at[i].newest.kwip;
	}
	n_kwips = kwips_visible(r->db, r->viewer.account, kwips, n_kwips);
	return (struct spoken_of){accounts_load(r->db, r->a, people, list.n),
				  kwips_load(r->db, r->a, kwips, n_kwips)};
}

static const struct account *find_person_in(const struct accounts *people, int64_t id)
{
	for (size_t i = 0; i < people->n; i++)
		if (people->at[i].id == id)
			return &people->at[i];
	return NULL;
}

static const struct kwip *find_said(const struct spoken_of *of, int64_t id)
{
	for (size_t i = 0; i < of->kwips.n; i++)
		if (of->kwips.at[i].id == id)
			return &of->kwips.at[i];
	return NULL;
}

/* What they did, what they wrote, and where to find who runs the site. */
static void put_warning(struct req *r, int64_t id, struct view_notice *v)
{
	static const struct {
		struct str action, words;
	} done[] = {
		{S_INIT("none"), S_INIT("A warning.")},
		{S_INIT("sensitive"), S_INIT("Your pictures are hidden until clicked.")},
		{S_INIT("silence"), S_INIT("Only your followers are shown what you say.")},
		{S_INIT("suspend"), S_INIT("Your account was suspended.")},
	};
	struct warning w;
	if (!warning_get(r->db, r->a, id, &w))
		return;
	v->url = S("/about");
	for (size_t i = 0; i < sizeof done / sizeof *done; i++)
		if (str_eq(w.action, done[i].action))
			v->excerpt = text_join(r->a, done[i].words,
					       w.text.len ? text_join(r->a, S(" "), w.text)
							  : S(""));
}

static struct view_notice notice_of(struct req *r, const struct spoken_of *of,
				    const struct notice_group *g, const struct account *actor)
{
	const struct notice *n = &g->newest;
	const struct kwip *k = find_said(of, n->kwip);
	struct view_notice v = {
		.who = author_html(r->a, actor),
		.what = words_of(r->a, g),
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
	if (n->kind == NOTICE_WARNING)
		put_warning(r, n->extra, &v);
	return v;
}

/* People whose notices the policy keeps back. */
static struct view_waiting_list waiting_of(struct req *r)
{
	int64_t ids[WAITING_SHOWN];
	const int64_t newest[3] = {0};
	struct notice_requests list = notice_requests_list(r->db, r->a, r->viewer.account, newest,
							   WAITING_SHOWN);
	struct view_waiting_list v = {.at = arena_array(r->a, list.n, sizeof *v.at)};
	for (size_t i = 0; i < list.n; i++)
		ids[i] = list.at[i].actor;
	struct accounts people = accounts_load(r->db, r->a, ids, list.n);
	for (size_t i = 0; i < list.n; i++) {
		const struct account *actor = find_person_in(&people, list.at[i].actor);
		if (actor)
			v.at[v.n++] = (struct view_waiting){author_html(r->a, actor), list.at[i].id,
							    list.at[i].count};
	}
	return v;
}

enum err on_notices(struct req *r, struct answer *out)
{
	struct view_notices v = {.top = top_of(r, S("Notices"), AT_NOTICES)};
	struct prefs p = {0};
	account_prefs(r->db, r->a, r->viewer.account, &p);
	struct notice_ask ask = {.account = r->viewer.account,
				 .max_id = param_i64(r, "max_id", 0),
				 .kinds = NOTICES_ALL,
				 .grouped = NOTICES_GROUPED,
				 .limit = PAGE_NOTICES};
	struct notice_groups list = notice_groups(r->db, r->a, &ask);
	struct spoken_of of = load(r, list);
	v.waiting = waiting_of(r);
	v.list.at = arena_array(r->a, list.n, sizeof(struct view_notice));
	for (size_t i = 0; i < list.n; i++) {
		const struct notice *n = &list.at[i].newest;
		const struct account *actor = find_person_in(&of.people, n->actor);
		if (!actor)
			continue;
		v.list.at[v.list.n] = notice_of(r, &of, &list.at[i], actor);
		v.list.at[v.list.n++].is_new = n->id > p.notices_read;
		v.any_new = v.any_new || n->id > p.notices_read;
	}
	v.newest = list.top;
	if (list.n == PAGE_NOTICES)
		v.pager.older = url_with(r->a, S("/notices"), "max_id", list.bottom);
	page_notices(out->body, &v);
	return OK;
}

enum err on_notices_read(struct req *r, struct tx *tx, struct answer *out)
{
	notice_read(tx, r->viewer.account, param_i64(r, "newest", 0));
	answer_redirect(out, S("/notices"));
	return OK;
}

enum err on_waiting_accept(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = notice_request_accept(tx, r->viewer.account, param_i64(r, "id", 0));
	return e == OK ? go_back(r, out, S("/notices")) : e;
}

enum err on_waiting_dismiss(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = notice_request_dismiss(tx, r->viewer.account, param_i64(r, "id", 0));
	return e == OK ? go_back(r, out, S("/notices")) : e;
}

struct view_news_list news_of(struct req *r)
{
	struct announcements all = announcement_list(r->db, r->a, r->viewer.account, false);
	struct view_news_list v = {.at = arena_array(r->a, all.n, sizeof *v.at), .n = all.n};
	for (size_t i = 0; i < all.n; i++) {
		const struct announcement *n = &all.at[i];
		v.at[i] = (struct view_news){
			.id = n->id,
			.text = markup_shown(r->a, n->body, (struct mentions){0}, &n->emojis),
			.iso = time_iso(r->a, n->published_at),
			.human = time_human(r->a, n->published_at),
		};
	}
	return v;
}

enum err on_news_dismiss(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = announcement_dismiss(tx, r->viewer.account, param_i64(r, "id", 0));
	return e == OK ? go_back(r, out, S("/home")) : e;
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
