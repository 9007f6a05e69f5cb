/* SPDX-License-Identifier: MIT */
/* Timelines: core says which kwips, cards say how they look, this file pages them. */
#include "api/entity.h"
#include "api/handlers.h"
#include "api/span.h"
#include "core/list.h"

enum { LIMIT_STANDARD = 20 };

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
	struct span s = span_of(r, LIMIT_STANDARD);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_statuses(r, out, l,
			       lens_home(l, s, r->viewer.account, r->viewer.show_repeats), s.limit);
}

enum err on_timeline_public(struct req *r, struct answer *out)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct ids ids = {0};
	/* There is nobody remote yet; local is everybody. */
	if (param_bool(r, "remote", false))
		return answer_statuses(r, out, l, ids, s.limit);
	if (param_bool(r, "only_media", false))
		ids = timeline_media(r->db, r->a, s, r->viewer.account);
	else
		ids = timeline_everyone(r->db, r->a, s, r->viewer.account, r->viewer.show_repeats);
	return answer_statuses(r, out, l, ids, s.limit);
}

/* Folds what was sent; what is no tag goes, since no kwip has it. */
static size_t fold_terms(struct req *r, const char *name, struct str out[TAG_TERMS_MAX])
{
	size_t n, kept = 0;
	const struct str *sent = param_list(r, name, &n);
	for (size_t i = 0; i < n && kept < TAG_TERMS_MAX; i++) {
		out[kept] = tag_fold(r->a, sent[i]);
		kept += out[kept].len > 0;
	}
	return kept;
}

enum err on_timeline_tag(struct req *r, struct answer *out)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct tag_terms t = {.tag = tag_fold(r->a, param_str(r, "hashtag")),
			      .only_media = param_bool(r, "only_media", false)};
	t.n_any = fold_terms(r, "any", t.any);
	t.n_all = fold_terms(r, "all", t.all);
	t.n_none = fold_terms(r, "none", t.none);
	struct ids ids = {0};
	if (param_bool(r, "remote", false))
		return answer_statuses(r, out, l, ids, s.limit);
	if (t.n_any + t.n_all + t.n_none > 0 || t.only_media)
		ids = timeline_tags(r->db, r->a, s, r->viewer.account, &t);
	else if (t.tag.len > 0)
		ids = timeline_tag(r->db, r->a, s, r->viewer.account, t.tag);
	return answer_statuses(r, out, l, ids, s.limit);
}

enum err on_timeline_list(struct req *r, struct answer *out)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	struct list list;
	struct list_viewer of = {param_i64(r, "id", 0), r->viewer.account, r->viewer.show_repeats};
	if (!list_get(r->db, r->a, of.viewer, of.list, &list))
		return ERR_NOT_FOUND;
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_statuses(r, out, l, timeline_list(r->db, r->a, s, &of), s.limit);
}

enum err on_timeline_link(struct req *r, struct answer *out)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_statuses(
		r, out, l, timeline_link(r->db, r->a, s, r->viewer.account, param_str(r, "url")),
		s.limit);
}

enum err on_statuses_favourited(struct req *r, struct answer *out)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_statuses(r, out, l, timeline_favourites(r->db, r->a, s, r->viewer.account),
			       s.limit);
}

enum err on_statuses_bookmarked(struct req *r, struct answer *out)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_statuses(r, out, l, timeline_bookmarks(r->db, r->a, s, r->viewer.account),
			       s.limit);
}
