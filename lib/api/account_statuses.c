/* SPDX-License-Identifier: MIT */
/* What one account said: all of it, a part, or what it pinned. */
#include "api/entity.h"
#include "api/handlers.h"
#include "api/span.h"
#include "core/timeline.h"

enum { LIMIT_STANDARD = 20 };

static struct account_ask ask_of(struct req *r, int64_t account)
{
	struct account_ask ask = {
		.account = account,
		.parts = PART_KWIPS | PART_THREADS,
		.show_repeats = r->viewer.show_repeats,
		.only_media = param_bool(r, "only_media", false),
		.tag = param_str(r, "tagged"),
	};
	ask.parts |= param_bool(r, "exclude_replies", false) ? 0 : PART_COMMENTS;
	ask.parts |= param_bool(r, "exclude_reblogs", false) ? 0 : PART_BOOSTS;
	if (str_starts(ask.tag, S("#")))
		ask.tag = str_slice(ask.tag, 1, SIZE_MAX);
	if (ask.tag.len)
		ask.tag = tag_fold(r->a, ask.tag);
	return ask;
}

enum err on_account_statuses(struct req *r, struct answer *out)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	struct account who;
	int64_t id = param_i64(r, "id", 0), me = r->viewer.account;
	if (!account_get(r->db, r->a, id, &who) ||
	    (who.state != ACCOUNT_ACTIVE && who.state != ACCOUNT_SUSPENDED))
		return ERR_NOT_FOUND;
	if (who.state == ACCOUNT_SUSPENDED) {
		buf_put(out->body, S("[]"));
		return OK;
	}
	struct account_ask some = ask_of(r, id);
	bool pinned = param_bool(r, "pinned", false);
	struct ids ids = pinned ? timeline_pinned(r->db, r->a, s, me, id)
				: timeline_account_some(r->db, r->a, s, me, &some);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, me, ids.at, ids.n};
	struct jw w = {.out = out->body};
	entity_statuses(&w, r->a, &ask);
	if (ids.n > 0 && !pinned)
		answer_links(r, out, ids.n == (size_t)s.limit ? ids.cursor[ids.n - 1] : 0,
			     ids.cursor[0]);
	return OK;
}
