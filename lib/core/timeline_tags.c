/* SPDX-License-Identifier: MIT */
/*
 * A tag's timeline with further terms: the tag and `any` are streams of the merge, the rest is
 * asked of each kwip. The plain one, which is asked for most, is one statement in timeline.c.
 */
#include "core/timeline_private.h"

/* What belongs needs: ids of tags, 0 in places not used. */
struct wanted {
	int64_t all[TAG_TERMS_MAX], none[TAG_TERMS_MAX];
	int n_all;
	bool only_media;
};

static int64_t tag_id(struct db *db, struct str folded)
{
	return DB_I64(db, 0, "SELECT id FROM tag WHERE name = ?", A(folded));
}

static bool belongs(const struct merge *m, int64_t kwip)
{
	const struct wanted *w = m->of;
	return DB_I64(m->db, 0,
		      "SELECT 1 FROM kwip k WHERE k.id = ?2 AND k.repeat_of IS NULL AND (k.visibility = 0 OR k.author = ?1) "
		      "AND (?3 = 0 OR k.media_count > 0) "
		      "AND (SELECT count(*) FROM kwip_tag t WHERE t.kwip = k.id AND t.tag IN (?5, ?6, ?7, ?8)) = ?4 "
		      "AND NOT EXISTS (SELECT 1 FROM kwip_tag t WHERE t.kwip = k.id AND t.tag IN (?9, ?10, ?11, ?12)) "
		      "AND " SQL_SEES_ROW("k") " AND " SQL_NO_MUTE(
			      "k.author") " AND " SQL_UNLIMITED("k.author"),
		      A(m->viewer), A(kwip), A(w->only_media), A(w->n_all), A(w->all[0]),
		      A(w->all[1]), A(w->all[2]), A(w->all[3]), A(w->none[0]), A(w->none[1]),
		      A(w->none[2]), A(w->none[3])) != 0;
}

/* The same tag twice would be counted once. False when a tag is asked for that nobody ever used. */
static bool all_find(struct db *db, const struct tag_terms *t, struct wanted *out)
{
	for (size_t i = 0; i < t->n_all; i++) {
		int64_t id = tag_id(db, t->all[i]);
		bool is_known = false;
		for (int k = 0; k < out->n_all; k++)
			is_known = is_known || out->all[k] == id;
		if (id == 0)
			return false;
		if (!is_known)
			out->all[out->n_all++] = id;
	}
	return true;
}

/* Two streams of one tag would do no harm: what comes twice is shown once. */
static void stream_add(struct merge *m, struct str folded)
{
	int64_t id = tag_id(m->db, folded);
	if (id != 0)
		merge_add(m, STREAM_TAG, id, merge_next(m, STREAM_TAG, id, merge_from(m)));
}

struct ids timeline_tags(struct db *db, struct arena *a, struct span s, int64_t viewer,
			 const struct tag_terms *t)
{
	struct wanted w = {.only_media = t->only_media};
	struct merge m = {.db = db,
			  .a = a,
			  .viewer = viewer,
			  .of = &w,
			  .order = ORDER_RECENT,
			  .range = range_of(s),
			  .belongs = belongs};
	if (!all_find(db, t, &w))
		return (struct ids){0};
	for (size_t i = 0; i < t->n_none; i++)
		w.none[i] = tag_id(db, t->none[i]);
	stream_add(&m, t->tag);
	for (size_t i = 0; i < t->n_any; i++)
		stream_add(&m, t->any[i]);
	return merge_run(&m);
}
