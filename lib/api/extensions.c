/* SPDX-License-Identifier: MIT */
/* What Mastodon's API has no word for: timelines by last comment, flat conversations, repeats. */
#include "api/extensions.h"

#include "api/entity.h"
#include "api/span.h"
#include "core/repeat.h"

enum { LIMIT_STANDARD = 20, COMMENTS_STANDARD = 40 };

static struct span page_of(struct req *r, enum order order)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	s.order = order;
	return s;
}

/* The Link header pages by the cursors of the order, which are the activities in the active one. */
static enum err answer_ids(struct req *r, struct answer *out, struct lens *l, struct ids ids,
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

enum err on_home_active(struct req *r, struct answer *out)
{
	struct span s = page_of(r, ORDER_ACTIVE);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_ids(r, out, l, lens_home(l, s, r->viewer.account, r->viewer.show_repeats),
			  s.limit);
}

enum err on_public_active(struct req *r, struct answer *out)
{
	struct span s = page_of(r, ORDER_ACTIVE);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_ids(
		r, out, l,
		timeline_everyone(r->db, r->a, s, r->viewer.account, r->viewer.show_repeats),
		s.limit);
}

enum err on_comments(struct req *r, struct answer *out)
{
	struct kwip k;
	int limit = (int)param_i64(r, "limit", COMMENTS_STANDARD);
	enum err e = kwip_get(r->db, r->a, r->viewer.account, param_i64(r, "id", 0), &k);
	if (e != OK)
		return e;
	struct ids ids = timeline_conversation(r->db, r->a, r->viewer.account, k.conversation,
					       param_i64(r, "min_id", 0), limit);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, r->viewer.account, ids.at, ids.n};
	struct jw w = {.out = out->body};
	entity_statuses(&w, r->a, &ask);
	/* Oldest first: what follows is above the last. */
	if (ids.n == (size_t)limit)
		answer_links(r, out, 0, ids.at[ids.n - 1]);
	return OK;
}

enum err on_repeats(struct req *r, struct answer *out)
{
	struct span s = page_of(r, ORDER_RECENT);
	int64_t id = param_i64(r, "id", 0);
	if (!kwip_may_see(r->db, r->viewer.account, id))
		return ERR_NOT_FOUND;
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_ids(r, out, l, repeats_of(r->db, r->a, s, r->viewer.account, id), s.limit);
}
