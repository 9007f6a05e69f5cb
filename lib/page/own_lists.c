/* SPDX-License-Identifier: MIT */
/* One's own lists: reading one, making and changing them, who stands in them. */
#include "core/list.h"

#include "page/handlers.h"
#include "pages.h"

static struct str list_url(struct arena *a, int64_t id)
{
	return arena_printf(a, "/lists/%lld", (long long)id);
}

static struct view_choices replies_choices(struct arena *a, enum list_replies chosen)
{
	static const struct view_choice all[] = {
		{S_INIT("list"), S_INIT("to people in the list"), false},
		{S_INIT("followed"), S_INIT("to anybody I follow"), false},
		{S_INIT("none"), S_INIT("none"), false},
	};
	struct view_choices v = {arena_array(a, 3, sizeof *v.at), 3};
	for (size_t i = 0; i < v.n; i++) {
		v.at[i] = all[i];
		v.at[i].chosen = str_eq(all[i].value, list_replies_name(chosen));
	}
	return v;
}

static struct view_own_lists lists_view(struct req *r, struct db *db)
{
	struct lists all = lists_of(db, r->a, r->viewer.account);
	struct view_own_lists v = {.at = arena_array(r->a, all.n, sizeof *v.at), .n = all.n};
	for (size_t i = 0; i < all.n; i++)
		v.at[i] = (struct view_own_list){all.at[i].id, all.at[i].title};
	return v;
}

static struct view_list_form overview(struct req *r, struct db *db)
{
	return (struct view_list_form){.top = top_of(r, S("Lists"), AT_HOME),
				       .lists = lists_view(r, db),
				       .action = S("/lists"),
				       .replies = replies_choices(r->a, LIST_REPLIES_LIST)};
}

enum err on_own_lists(struct req *r, struct answer *out)
{
	struct view_list_form v = overview(r, r->db);
	v.top.done = done_words(r);
	page_own_lists(out->body, &v);
	return OK;
}

/* The list whose id stands in the path. */
static enum err find_own(struct req *r, struct db *db, struct list *l)
{
	bool found = list_get(db, r->a, r->viewer.account, param_i64(r, "id", 0), l);
	return found ? OK : ERR_NOT_FOUND;
}

enum err on_own_list(struct req *r, struct answer *out)
{
	struct list list;
	enum err e = find_own(r, r->db, &list);
	if (e != OK)
		return e;
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct list_viewer of = {list.id, r->viewer.account, r->viewer.show_repeats};
	struct ids ids = timeline_list(r->db, r->a, span_of(r, ORDER_RECENT), &of);
	struct view_list v = {.top = top_of(r, list.title, AT_HOME),
			      .heading = list.title,
			      .list = text_join(r->a, list_url(r->a, list.id), S("/edit")),
			      .empty = S("Nobody in this list has said anything yet.")};
	v.items = items_of(r, r->db, l, ids, FILTER_HOME);
	v.pager = pager_of_ids(r, ids, ids.n == PAGE_KWIPS);
	page_list(out->body, &v);
	return OK;
}

static struct view_list_form form_of(struct req *r, struct db *db, const struct list *l)
{
	struct view_list_form v = {.top = top_of(r, l->title, AT_HOME),
				   .action = list_url(r->a, l->id),
				   .title = l->title,
				   .replies = replies_choices(r->a, l->replies),
				   .id = l->id,
				   .exclusive = l->exclusive};
	struct span s = {.max_id = param_i64(r, "max_id", 0), .limit = PAGE_PEOPLE};
	struct ids ids = list_members(db, r->a, l->id, s);
	v.members = people_of(r->a, accounts_load(db, r->a, ids.at, ids.n));
	if (ids.n == PAGE_PEOPLE)
		v.pager.older = url_with(r->a, text_join(r->a, v.action, S("/edit")), "max_id",
					 ids.cursor[ids.n - 1]);
	return v;
}

enum err on_own_list_edit(struct req *r, struct answer *out)
{
	struct list l;
	enum err e = find_own(r, r->db, &l);
	if (e != OK)
		return e;
	struct view_list_form v = form_of(r, r->db, &l);
	v.top.done = done_words(r);
	page_own_list_edit(out->body, &v);
	return OK;
}

static struct list list_sent(struct req *r)
{
	struct list l = {.title = str_trim(param_str(r, "title")),
			 .exclusive = param_bool(r, "exclusive", false)};
	for (enum list_replies p = LIST_REPLIES_LIST; p <= LIST_REPLIES_NONE; p++)
		if (str_eq(list_replies_name(p), param_str(r, "replies")))
			l.replies = p;
	return l;
}

static struct str edit_url(struct arena *a, int64_t id)
{
	return text_join(a, list_url(a, id), S("/edit?done=saved"));
}

enum err on_own_list_add(struct req *r, struct tx *tx, struct answer *out)
{
	struct list l = list_sent(r);
	enum err e = list_add(tx, r->viewer.account, &l);
	if (e == OK)
		answer_redirect(out, edit_url(r->a, l.id));
	return e;
}

void on_own_list_add_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)e;
	struct view_list_form v = overview(r, db);
	v.why = why_words(r);
	v.title = param_str(r, "title");
	page_own_lists(out->body, &v);
}

enum err on_own_list_save(struct req *r, struct tx *tx, struct answer *out)
{
	struct list l = list_sent(r);
	l.id = param_i64(r, "id", 0);
	enum err e = list_edit(tx, r->viewer.account, &l);
	if (e == OK)
		answer_redirect(out, edit_url(r->a, l.id));
	return e;
}

enum err on_own_list_person(struct req *r, struct tx *tx, struct answer *out)
{
	struct account who;
	struct list l;
	struct str name = str_trim(param_str(r, "name"));
	enum err e = find_own(r, tx_db(tx), &l);
	if (e != OK)
		return e;
	if (str_starts(name, S("@")))
		name = str_slice(name, 1, name.len);
	if (find_person(tx_db(tx), r->a, name, &who) != OK)
		return refuse("Nobody here has that name.");
	e = list_members_add(tx, r->viewer.account, l.id, &who.id, 1);
	if (e == ERR_NOT_FOUND)
		return refuse("Only people whom you follow can stand in a list.");
	if (e == OK)
		answer_redirect(out, edit_url(r->a, l.id));
	return e;
}

/* Both forms of the page come back here. */
void on_own_list_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	struct list l;
	if (e == ERR_NOT_FOUND || find_own(r, db, &l) != OK) {
		page_error_answer(r, err_http_status(ERR_NOT_FOUND), S(""), out);
		return;
	}
	struct view_list_form v = form_of(r, db, &l);
	v.why = why_words(r);
	page_own_list_edit(out->body, &v);
}

enum err on_own_list_person_end(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t id = param_i64(r, "id", 0), who = param_i64(r, "who", 0);
	enum err e = list_members_take(tx, r->viewer.account, id, &who, 1);
	if (e == OK)
		answer_redirect(out, edit_url(r->a, id));
	return e;
}

enum err on_own_list_delete(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = list_delete(tx, r->viewer.account, param_i64(r, "id", 0));
	if (e == OK)
		answer_redirect(out, S("/lists?done=gone"));
	return e;
}
