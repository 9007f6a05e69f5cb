/* SPDX-License-Identifier: MIT */
/* Timelines: core says which kwips, cards say how they look, this file pages them. */
#include "api/entity.h"
#include "api/handlers.h"

enum { LIMIT_STANDARD = 20 };

/* max_id, since_id, min_id and limit as every timeline declares them. */
static struct span span_of(struct req *r)
{
	return (struct span){
		.max_id = param_i64(r, "max_id", 0),
		.since_id = param_i64(r, "since_id", 0),
		.min_id = param_i64(r, "min_id", 0),
		.limit = (int)param_i64(r, "limit", LIMIT_STANDARD),
		.order = ORDER_RECENT,
	};
}

/* Writes the Statuses and the Link header; a page that is not full has no next. */
static enum err answer_statuses(struct req *r, struct answer *out, struct lens *l, struct ids ids,
				int limit)
{
	struct jw w = {.out = out->body};
	struct gather_ask ask = {r->db, l, r->viewer.account, ids.at, ids.n};
	entity_statuses(&w, r->a, &ask);
	if (ids.n > 0)
		answer_links(r, out, ids.n == (size_t)limit ? ids.cursor[ids.n - 1] : 0,
			     ids.cursor[0]);
	return OK;
}

enum err on_timeline_home(struct req *r, struct answer *out)
{
	struct span s = span_of(r);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_statuses(r, out, l,
			       lens_home(l, s, r->viewer.account, r->viewer.show_repeats), s.limit);
}

enum err on_timeline_public(struct req *r, struct answer *out)
{
	struct span s = span_of(r);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct ids ids = {0};
	/* There is nobody remote yet, and nothing with media. */
	if (!param_bool(r, "remote", false) && !param_bool(r, "only_media", false))
		ids = timeline_everyone(r->db, r->a, s, r->viewer.account, r->viewer.show_repeats);
	return answer_statuses(r, out, l, ids, s.limit);
}

enum err on_timeline_tag(struct req *r, struct answer *out)
{
	struct span s = span_of(r);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct str tag = tag_fold(r->a, param_str(r, "hashtag"));
	struct ids ids = {0};
	if (tag.len > 0)
		ids = timeline_tag(r->db, r->a, s, r->viewer.account, tag);
	return answer_statuses(r, out, l, ids, s.limit);
}

enum err on_statuses_favourited(struct req *r, struct answer *out)
{
	struct span s = span_of(r);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_statuses(r, out, l, timeline_favourites(r->db, r->a, s, r->viewer.account),
			       s.limit);
}

enum err on_statuses_bookmarked(struct req *r, struct answer *out)
{
	struct span s = span_of(r);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_statuses(r, out, l, timeline_bookmarks(r->db, r->a, s, r->viewer.account),
			       s.limit);
}
