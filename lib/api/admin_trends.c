/* SPDX-License-Identifier: MIT */
/*
 * What is talked about, as moderators see it: also what they keep out, and whether they do. Nothing
 * waits for their consent: things trend until somebody rejects them. Approving takes that back.
 */
#include "api/admin.h"
#include "api/entity.h"
#include "api/tags.h"
#include "api/trends.h"
#include "api/span.h"

enum { STANDARD = 20, TAGS_STANDARD = 100 };

/* "Admin::Tag". Every tag may be used and is listed: there is no such setting. */
static void put_tag(struct jw *w, const struct tag *t, bool trendable)
{
	jw_open(w, '{');
	entity_tag_members(w, t, false);
	jw_kbool(w, S("trendable"), trendable);
	jw_kbool(w, S("usable"), true);
	jw_kbool(w, S("requires_review"), false);
	jw_kbool(w, S("listable"), true);
	jw_close(w, '}');
}

static bool *tags_allowed(struct db *db, struct arena *a, struct tags tags)
{
	struct str *names = arena_array(a, tags.n, sizeof *names);
	for (size_t i = 0; i < tags.n; i++)
		names[i] = tags.at[i].name;
	return trends_allowed(db, a, TREND_TAG, names, tags.n);
}

static void put_tags(struct req *r, struct answer *out, struct ids ids)
{
	struct jw w = {.out = out->body};
	struct tags tags = tags_load(r->db, r->a, r->viewer.account, ids.at, ids.n);
	const bool *allowed = tags_allowed(r->db, r->a, tags);
	jw_open(&w, '[');
	for (size_t i = 0; i < tags.n; i++)
		put_tag(&w, &tags.at[i], allowed[i]);
	jw_close(&w, ']');
}

enum err on_admin_trends_tags(struct req *r, struct answer *out)
{
	put_tags(r, out, trends_page(r, out, TREND_TAG, true, STANDARD));
	return OK;
}

enum err on_admin_trends_statuses(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct ids ids = trends_page(r, out, TREND_KWIP, true, STANDARD);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, r->viewer.account, ids.at, ids.n};
	const struct gather *g = entity_gather(r->a, &ask);
	jw_open(&w, '[');
	for (size_t i = 0; i < ids.n; i++) {
		if (!entity_gathered(&w, g, r->viewer.account, ids.at[i]))
			continue;
		/* A Status with one member more: before its closing brace. */
		out->body->len--;
		buf_put(out->body, S(",\"requires_review\":false}"));
	}
	jw_close(&w, ']');
	return OK;
}

enum err on_admin_trends_links(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct ids ids = trends_page(r, out, TREND_LINK, true, STANDARD);
	struct trend_links links = trend_links_load(r->db, r->a, ids.at, ids.n);
	jw_open(&w, '[');
	for (size_t i = 0; i < links.n; i++) {
		jw_open(&w, '{');
		jw_kid(&w, S("id"), links.at[i].id);
		entity_trend_link_members(&w, &links, i);
		jw_kbool(&w, S("requires_review"), false);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	return OK;
}

/* Hosts have no rows of their own: one is known by the first of its links. */
static void put_publisher(struct jw *w, int64_t id, struct str host, bool trendable)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), id);
	jw_kstr(w, S("domain"), host);
	jw_kbool(w, S("trendable"), trendable);
	jw_knull(w, S("reviewed_at"));
	jw_knull(w, S("requested_review_at"));
	jw_kbool(w, S("requires_review"), false);
	jw_close(w, '}');
}

enum err on_admin_publishers(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct ids ids = trends_page(r, out, TREND_LINK, true, STANDARD);
	struct trend_links links = trend_links_load(r->db, r->a, ids.at, ids.n);
	struct str *host = arena_array(r->a, links.n, sizeof *host);
	for (size_t i = 0; i < links.n; i++)
		host[i] = trend_host(r->a, links.at[i].url);
	const bool *allowed = trends_allowed(r->db, r->a, TREND_LINK, host, links.n);
	jw_open(&w, '[');
	for (size_t i = 0; i < links.n; i++) {
		size_t j = 0;
		while (!str_eq(host[j], host[i]))
			j++;
		if (j == i)
			put_publisher(&w, links.at[i].id, host[i], allowed[i]);
	}
	jw_close(&w, ']');
	return OK;
}

static enum err review(struct req *r, struct tx *tx, struct answer *out, enum trend_kind kind,
		       bool on)
{
	enum err e = trend_allow(tx, r->a, kind, param_i64(r, "id", 0), on);
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}

#define REVIEW(name, kind) \
	enum err on_admin_trends_##name##_approve(struct req *r, struct tx *tx, \
						  struct answer *out) \
	{ \
		return review(r, tx, out, kind, true); \
	} \
	enum err on_admin_trends_##name##_reject(struct req *r, struct tx *tx, struct answer *out) \
	{ \
		return review(r, tx, out, kind, false); \
	}
REVIEW(tags, TREND_TAG)
REVIEW(statuses, TREND_KWIP)
REVIEW(links, TREND_LINK)

static enum err review_host(struct req *r, struct tx *tx, struct answer *out, bool on)
{
	int64_t id = param_i64(r, "id", 0);
	struct previews link = previews_load(tx_db(tx), r->a, &id, 1);
	struct jw w = {.out = out->body};
	if (link.n == 0)
		return ERR_NOT_FOUND;
	struct str host = trend_host(r->a, link.at[0].url);
	enum err e = trend_allow_host(tx, r->a, host, on);
	if (e == OK)
		put_publisher(&w, id, host, on);
	return e;
}

enum err on_admin_publisher_approve(struct req *r, struct tx *tx, struct answer *out)
{
	return review_host(r, tx, out, true);
}

enum err on_admin_publisher_reject(struct req *r, struct tx *tx, struct answer *out)
{
	return review_host(r, tx, out, false);
}

enum err on_admin_tags(struct req *r, struct answer *out)
{
	struct span s = span_of(r, TAGS_STANDARD);
	struct ids ids = tags_all(r->db, r->a, s);
	put_tags(r, out, ids);
	if (ids.n > 0)
		answer_links(r, out, ids.n == (size_t)s.limit ? ids.at[ids.n - 1] : 0, ids.at[0]);
	return OK;
}

static enum err answer_tag(struct req *r, struct db *db, struct answer *out)
{
	struct jw w = {.out = out->body};
	int64_t id = param_i64(r, "id", 0);
	struct tags tags = tags_load(db, r->a, r->viewer.account, &id, 1);
	if (tags.n == 0)
		return ERR_NOT_FOUND;
	put_tag(&w, &tags.at[0], *tags_allowed(db, r->a, tags));
	return OK;
}

enum err on_admin_tag(struct req *r, struct answer *out)
{
	return answer_tag(r, r->db, out);
}

enum err on_admin_tag_edit(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = OK;
	if (param_has(r, "trendable"))
		e = trend_allow(tx, r->a, TREND_TAG, param_i64(r, "id", 0),
				param_bool(r, "trendable", true));
	return e == OK ? answer_tag(r, tx_db(tx), out) : e;
}
