/* SPDX-License-Identifier: MIT */
/* What is talked about, for everybody: hashtags, kwips, links. */
#include "api/trends.h"

#include "api/entity.h"
#include "api/search.h"
#include "api/tags.h"
#include "base/clock.h"

enum { TAGS_STANDARD = 10, KWIPS_STANDARD = 20, LINKS_STANDARD = 10, DAY_MS = 86400000 };

struct ids trends_page(struct req *r, struct answer *out, enum trend_kind kind, bool all,
		       int standard)
{
	struct ids found = trends_shown(r->db, r->a, kind, r->viewer.account, all);
	int64_t limit = param_i64(r, "limit", standard), offset = param_i64(r, "offset", 0);
	size_t skip = (size_t)offset < found.n ? (size_t)offset : found.n;
	bool more = found.n - skip > (size_t)limit;
	found.at += skip;
	found.cursor += skip;
	found.n = more ? (size_t)limit : found.n - skip;
	answer_offsets(r, out, offset, limit, more);
	return found;
}

enum err on_trends_tags(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct ids ids = trends_page(r, out, TREND_TAG, false, TAGS_STANDARD);
	struct tags tags = tags_load(r->db, r->a, r->viewer.account, ids.at, ids.n);
	jw_open(&w, '[');
	for (size_t i = 0; i < tags.n; i++)
		entity_tag(&w, &tags.at[i], r->viewer.account != 0);
	jw_close(&w, ']');
	return OK;
}

enum err on_trends_statuses(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct ids ids = trends_page(r, out, TREND_KWIP, false, KWIPS_STANDARD);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, r->viewer.account, ids.at, ids.n};
	entity_statuses(&w, r->a, &ask);
	return OK;
}

void entity_trend_link_members(struct jw *w, const struct trend_links *all, size_t i)
{
	int64_t today = clock_ms() / DAY_MS;
	entity_preview_members(w, &all->at[i]);
	jw_key(w, S("history"));
	jw_open(w, '[');
	for (int d = 0; d < TREND_DAYS; d++)
		entity_day(w, today - d, all->days[i].day[d].uses, all->days[i].day[d].accounts);
	jw_close(w, ']');
}

enum err on_trends_links(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct ids ids = trends_page(r, out, TREND_LINK, false, LINKS_STANDARD);
	struct trend_links links = trend_links_load(r->db, r->a, ids.at, ids.n);
	jw_open(&w, '[');
	for (size_t i = 0; i < links.n; i++) {
		jw_open(&w, '{');
		entity_trend_link_members(&w, &links, i);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	return OK;
}
