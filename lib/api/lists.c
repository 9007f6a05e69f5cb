/* SPDX-License-Identifier: MIT */
/* Lists: the List entity and who is in one. What one shows is timelines.c's. */
#include "api/entity.h"
#include "api/handlers.h"
#include "core/list.h"
#include "core/timeline.h"

enum { MEMBERS_STANDARD = 40 };

static void entity_list(struct jw *w, const struct list *l)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), l->id);
	jw_kstr(w, S("title"), l->title);
	jw_kstr(w, S("replies_policy"), list_replies_name(l->replies));
	jw_kbool(w, S("exclusive"), l->exclusive);
	jw_close(w, '}');
}

static enum err answer_lists(struct answer *out, struct lists lists)
{
	struct jw w = {.out = out->body};
	jw_open(&w, '[');
	for (size_t i = 0; i < lists.n; i++)
		entity_list(&w, &lists.at[i]);
	jw_close(&w, ']');
	return OK;
}

static enum err answer_nothing(struct answer *out, enum err e)
{
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}

enum err on_lists(struct req *r, struct answer *out)
{
	return answer_lists(out, lists_of(r->db, r->a, r->viewer.account));
}

enum err on_account_lists(struct req *r, struct answer *out)
{
	struct account who;
	int64_t id = param_i64(r, "id", 0);
	if (!account_get(r->db, r->a, id, &who) || who.state == ACCOUNT_DELETED)
		return ERR_NOT_FOUND;
	return answer_lists(out, lists_with(r->db, r->a, r->viewer.account, id));
}

enum err on_list(struct req *r, struct answer *out)
{
	struct list l;
	struct jw w = {.out = out->body};
	if (!list_get(r->db, r->a, r->viewer.account, param_i64(r, "id", 0), &l))
		return ERR_NOT_FOUND;
	entity_list(&w, &l);
	return OK;
}

static enum list_replies replies_sent(struct req *r, enum list_replies otherwise)
{
	struct str s = param_str(r, "replies_policy");
	for (int i = LIST_REPLIES_LIST; i <= LIST_REPLIES_NONE; i++)
		if (str_eq(s, list_replies_name((enum list_replies)i)))
			return (enum list_replies)i;
	return otherwise;
}

enum err on_list_add(struct req *r, struct tx *tx, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct list l = {.title = param_str(r, "title"),
			 .replies = replies_sent(r, LIST_REPLIES_LIST),
			 .exclusive = param_bool(r, "exclusive", false)};
	enum err e = list_add(tx, r->viewer.account, &l);
	if (e == OK)
		entity_list(&w, &l);
	return e;
}

/* What is not sent stays as it is. */
enum err on_list_edit(struct req *r, struct tx *tx, struct answer *out)
{
	struct list l;
	struct jw w = {.out = out->body};
	if (!list_get(tx_db(tx), r->a, r->viewer.account, param_i64(r, "id", 0), &l))
		return ERR_NOT_FOUND;
	if (param_has(r, "title"))
		l.title = param_str(r, "title");
	l.replies = replies_sent(r, l.replies);
	l.exclusive = param_bool(r, "exclusive", l.exclusive);
	enum err e = list_edit(tx, r->viewer.account, &l);
	if (e == OK)
		entity_list(&w, &l);
	return e;
}

enum err on_list_delete(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_nothing(out, list_delete(tx, r->viewer.account, param_i64(r, "id", 0)));
}

static void put_accounts(struct req *r, struct answer *out, struct ids ids)
{
	struct jw w = {.out = out->body};
	struct accounts people = accounts_load(r->db, r->a, ids.at, ids.n);
	jw_open(&w, '[');
	for (size_t i = 0; i < people.n; i++)
		if (people.at[i].state == ACCOUNT_ACTIVE)
			entity_account(&w, r->a, &people.at[i]);
	jw_close(&w, ']');
}

enum err on_list_accounts(struct req *r, struct answer *out)
{
	struct list l;
	int limit = (int)param_i64(r, "limit", MEMBERS_STANDARD);
	struct span s = {.max_id = param_i64(r, "max_id", 0),
			 .since_id = param_i64(r, "since_id", 0),
			 .min_id = param_i64(r, "min_id", 0),
			 .limit = limit ? limit : LIST_MEMBERS_MAX};
	if (!list_get(r->db, r->a, r->viewer.account, param_i64(r, "id", 0), &l))
		return ERR_NOT_FOUND;
	struct ids ids = list_members(r->db, r->a, l.id, s);
	put_accounts(r, out, ids);
	if (ids.n > 0 && limit > 0)
		answer_links(r, out, ids.n == (size_t)limit ? ids.cursor[ids.n - 1] : 0,
			     ids.cursor[0]);
	return OK;
}

/* The ids sent; what is no id is nobody's. */
static int64_t *members_sent(struct req *r, size_t *n)
{
	const struct str *sent = param_list(r, "account_ids", n);
	int64_t *ids = arena_array(r->a, *n + 1, sizeof(int64_t));
	for (size_t i = 0; i < *n; i++)
		if (!str_i64(sent[i], &ids[i]))
			ids[i] = 0;
	return ids;
}

enum err on_list_accounts_add(struct req *r, struct tx *tx, struct answer *out)
{
	size_t n;
	int64_t *ids = members_sent(r, &n), list = param_i64(r, "id", 0);
	return answer_nothing(out, list_members_add(tx, r->viewer.account, list, ids, n));
}

enum err on_list_accounts_delete(struct req *r, struct tx *tx, struct answer *out)
{
	size_t n;
	int64_t *ids = members_sent(r, &n), list = param_i64(r, "id", 0);
	return answer_nothing(out, list_members_take(tx, r->viewer.account, list, ids, n));
}
