/* SPDX-License-Identifier: MIT */
/* Hashtags that one follows: what is said with them comes home. */
#include "core/tag.h"

#include "page/handlers.h"
#include "pages.h"

static struct view_kept_words view_of(struct req *r, struct db *db)
{
	struct span s = {.max_id = param_i64(r, "max_id", 0), .limit = PAGE_PEOPLE};
	struct ids ids = tags_followed(db, r->a, r->viewer.account, s);
	struct tags tags = tags_load(db, r->a, r->viewer.account, ids.at, ids.n);
	struct view_kept_words v = {.top = top_of(r, S("Hashtags I follow"), AT_SETTINGS)};
	v.words.at = arena_array(r->a, tags.n, sizeof *v.words.at);
	for (size_t i = 0; i < tags.n; i++)
		v.words.at[v.words.n++] = (struct view_word){
			tags.at[i].name,
			text_join(r->a, S("/tags/"), url_part(r->a, tags.at[i].name))};
	if (ids.n == PAGE_PEOPLE)
		v.pager.older = url_with(r->a, S("/settings/tags"), "max_id",
					 ids.cursor[ids.n - 1]);
	return v;
}

enum err on_hashtags(struct req *r, struct answer *out)
{
	struct view_kept_words v = view_of(r, r->db);
	page_tags(out->body, &v);
	return OK;
}

static enum err change(struct req *r, struct tx *tx, struct answer *out,
		       enum err (*what)(struct tx *tx, int64_t account, struct str folded))
{
	struct str typed = str_trim(param_str(r, "tag"));
	if (str_starts(typed, S("#")))
		typed = str_slice(typed, 1, typed.len);
	enum err e = what(tx, r->viewer.account, tag_fold(r->a, typed));
	return e == OK ? go_back(r, out, S("/settings/tags")) : e;
}

enum err on_hashtag_follow(struct req *r, struct tx *tx, struct answer *out)
{
	return change(r, tx, out, tag_follow);
}

enum err on_hashtag_unfollow(struct req *r, struct tx *tx, struct answer *out)
{
	return change(r, tx, out, tag_unfollow);
}

void on_hashtags_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)e;
	struct view_kept_words v = view_of(r, db);
	v.why = why_words(r);
	v.typed = param_str(r, "tag");
	page_tags(out->body, &v);
}
