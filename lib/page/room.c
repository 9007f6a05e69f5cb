/* SPDX-License-Identifier: MIT */
/*
 * The conversation page: a kwip and its comments, flat and in time order. A comment's address shows
 * the room it was said in and points at it. And the history of an edited kwip.
 */
#include "base/clock.h"
#include "page/handlers.h"
#include "pages.h"

/* The kwip that the address names, by the author it names; for a boost what it boosts. */
static enum err find_kwip(struct req *r, struct kwip *k)
{
	struct account who;
	enum err e = find_person(r->db, r->a, param_str(r, "name"), &who);
	if (e == OK)
		e = kwip_get(r->db, r->a, r->viewer.account, param_i64(r, "id", 0), k);
	if (e != OK)
		return e;
	if (k->author != who.id)
		return ERR_NOT_FOUND;
	if (k->boosted) {
		const struct kwip *said = k->boosted;
		*k = *said;
	}
	return OK;
}

/* The page of comments after a cursor; one more is asked for to know whether more follow. */
static struct ids comments_after(struct req *r, int64_t root, int64_t after, bool *more)
{
	struct ids ids = timeline_conversation(r->db, r->a, r->viewer.account, root, after,
					       PAGE_COMMENTS + 1);
	*more = ids.n > PAGE_COMMENTS;
	if (*more)
		ids.n = PAGE_COMMENTS;
	return ids;
}

static void put_comments(struct req *r, struct lens *l, struct view_room *v, const struct kwip *k)
{
	struct str room = path_here(r);
	int64_t after = param_i64(r, "after", 0);
	bool more;
	struct ids ids = comments_after(r, k->conversation, after, &more);
	if (after == 0 && more && k->id > ids.at[ids.n - 1]) {
		after = k->id - 1;
		ids = comments_after(r, k->conversation, after, &more);
	}
	v->comments = items_of(r, r->db, l, ids, FILTER_THREAD);
	items_whole(r, &v->comments);
	for (size_t i = 0; i < v->comments.n; i++)
		v->comments.at[i].here = v->comments.at[i].id == k->id;
	if (after > 1)
		v->earlier = url_with(r->a, room, "after", 1);
	if (more)
		v->later = url_with(r->a, room, "after", ids.at[ids.n - 1]);
}

static const struct view_form *reply_form(struct req *r, const struct kwip *k)
{
	struct view_form *f = form_new(r, r->db);
	f->reply_to = k->id;
	f->back = S("");
	f->prompt = S("Your comment");
	f->submit = S("Comment");
	f->visibility = visibility_choices(r->a, k->visibility, k->visibility);
	f->warning = k->warning;
	return f;
}

static struct view_top room_top(struct req *r, const struct kwip *k)
{
	struct view_top top = top_of(r, S(""), AT_NOWHERE);
	struct str said = k->warning.len ? k->warning : k->body;
	struct str excerpt = markup_excerpt(r->a, said, 60);
	struct str name = k->who->display_name.len ? k->who->display_name : k->who->name;
	top.title = arena_printf(r->a, "%.*s: %.*s", (int)name.len, name.at, (int)excerpt.len,
				 excerpt.at);
	top.done = done_words(r);
	top.about = markup_excerpt(r->a, said, 160);
	top.link = text_join(r->a, r->base_url, url_kwip(r->a, k));
	top.no_index = top.no_index || !k->who->indexable || k->who->limited ||
		       k->visibility != VISIBLE_PUBLIC;
	return top;
}

enum err on_room(struct req *r, struct answer *out)
{
	struct kwip k, root;
	enum err e = find_kwip(r, &k);
	if (e != OK)
		return e;
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct view_room v = {.top = room_top(r, &k), .signed_in = r->viewer.account != 0};
	bool is_root = k.conversation == k.id;
	bool has_root = is_root ||
			kwip_get(r->db, r->a, r->viewer.account, k.conversation, &root) == OK;
	if (is_root)
		root = k;
	if (has_root) {
		v.root = items_one(r->a, item_whole(r, r->db, l, &root));
		v.id = root.id;
		v.count = root.comments_count;
	}
	put_comments(r, l, &v, &k);
	if (v.signed_in) {
		int bits = 0;
		lens_marks(l, r->viewer.account, &k.id, &k.conversation, 1, &bits);
		v.muted = (bits & MARK_MUTE) != 0;
		v.form = reply_form(r, is_root || !has_root ? &k : &root);
	} else {
		v.login = v.top.back;
	}
	page_room(out->body, &v);
	return OK;
}

enum err on_history(struct req *r, struct answer *out)
{
	struct kwip k;
	enum err e = kwip_get(r->db, r->a, r->viewer.account, param_i64(r, "id", 0), &k);
	if (e != OK)
		return e;
	struct kwip_editions all = kwip_history(r->db, r->a, k.id);
	struct view_history v = {.top = top_of(r, S("History of a kwip"), AT_NOWHERE),
				 .url = url_kwip(r->a, &k)};
	v.editions.at = arena_array(r->a, all.n, sizeof(struct view_edition));
	for (size_t i = all.n; i-- > 0;) {
		const struct kwip_edition *from = &all.at[i];
		v.editions.at[v.editions.n++] = (struct view_edition){
			.iso = time_iso(r->a, from->at),
			.human = time_human(r->a, from->at),
			.warning = markup_line(r->a, from->warning, &from->emojis),
			.text = markup_shown(r->a, from->body, k.mentions, &from->emojis),
			.sensitive = from->sensitive,
		};
	}
	v.top.no_index = true;
	page_history(out->body, &v);
	return OK;
}
