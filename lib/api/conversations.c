/* SPDX-License-Identifier: MIT */
/* Private conversations: the list, reading, forgetting; and their entity. */
#include "api/notifications.h"
#include "api/span.h"

static void put_direct(struct jw *w, const struct cast *c, const struct direct *d)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), d->id);
	jw_kbool(w, S("unread"), d->unread);
	jw_key(w, S("accounts"));
	jw_open(w, '[');
	for (size_t i = 0; i < d->n_people; i++) {
		const struct account *who = cast_person(c, d->people[i]);
		if (who)
			entity_account(w, c->sight.a, who);
	}
	jw_close(w, ']');
	cast_put_kwip(w, c, S("last_status"), d->last_kwip, true);
	jw_close(w, '}');
}

static struct cast cast_of(const struct sight *s, struct directs list)
{
	size_t n = 0;
	for (size_t i = 0; i < list.n; i++)
		n += list.at[i].n_people;
	int64_t *people = arena_array(s->a, n, sizeof *people),
		*kwips = arena_array(s->a, list.n, sizeof *kwips);
	n = 0;
	for (size_t i = 0; i < list.n; i++) {
		kwips[i] = list.at[i].last_kwip;
		for (size_t k = 0; k < list.at[i].n_people; k++)
			people[n++] = list.at[i].people[k];
	}
	return cast_load(s, people, n, kwips, list.n);
}

void entity_conversations(struct jw *w, const struct sight *s, struct directs list)
{
	struct cast c = cast_of(s, list);
	jw_open(w, '[');
	for (size_t i = 0; i < list.n; i++)
		put_direct(w, &c, &list.at[i]);
	jw_close(w, ']');
}

bool entity_conversation_by_id(struct jw *w, struct arena *a, struct db *db, struct lens *l,
			       int64_t viewer, int64_t id)
{
	struct direct d;
	if (!direct_get(db, a, viewer, id, &d))
		return false;
	struct sight s = {a, db, l, viewer};
	struct cast c = cast_of(&s, (struct directs){&d, 1});
	put_direct(w, &c, &d);
	return true;
}

enum err on_conversations(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct span s = span_of(r, 20);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct sight sight = {r->a, r->db, l, r->viewer.account};
	struct directs list = direct_list(r->db, r->a, s, r->viewer.account);
	entity_conversations(&w, &sight, list);
	if (list.n > 0)
		answer_links(r, out, list.n == (size_t)s.limit ? list.at[list.n - 1].last_kwip : 0,
			     list.at[0].last_kwip);
	return OK;
}

static enum err mark(struct req *r, struct tx *tx, struct answer *out, bool unread)
{
	struct jw w = {.out = out->body};
	struct db *db = tx_db(tx);
	int64_t id = param_i64(r, "id", 0);
	enum err e = direct_mark(tx, r->viewer.account, id, unread);
	if (e != OK)
		return e;
	return entity_conversation_by_id(&w, r->a, db, lens_blank(db, r->a), r->viewer.account, id)
		       ? OK
		       : ERR_NOT_FOUND;
}

enum err on_conversation_read(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, false);
}

enum err on_conversation_unread(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, true);
}

enum err on_conversation_delete(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_empty(out, direct_remove(tx, r->viewer.account, param_i64(r, "id", 0)));
}
