/* SPDX-License-Identifier: MIT */
/* Filters v1: each is one keyword of a filter of v2, and has the keyword's id. */
#include "api/filters.h"

static void entity_v1(struct jw *w, const struct filter *f, const struct filter_word *k)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), k->id);
	jw_kstr(w, S("phrase"), k->keyword);
	entity_filter_contexts(w, f->contexts);
	jw_key(w, S("expires_at"));
	jw_time(w, f->expires_at);
	jw_kbool(w, S("irreversible"), f->action == FILTER_HIDE);
	jw_kbool(w, S("whole_word"), k->whole);
	jw_close(w, '}');
}

/* Both are ordered by id, yet keywords may have come later: a look for each. */
static const struct filter *filter_of(const struct filters *all, int64_t id)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].id == id)
			return &all->at[i];
	return NULL;
}

enum err on_filters_v1(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct filters all = filters_load(r->db, r->a, r->viewer.account, 0);
	jw_open(&w, '[');
	for (size_t i = 0; i < all.n_words; i++) {
		const struct filter *f = filter_of(&all, all.words[i].filter);
		if (f)
			entity_v1(&w, f, &all.words[i]);
	}
	jw_close(&w, ']');
	return OK;
}

/* One keyword with its filter, and how many keywords that has. */
struct pair {
	struct filter_word k;
	struct filters of;
};

static bool pair_get(struct req *r, struct db *db, int64_t id, struct pair *out)
{
	if (!filter_word_get(db, r->a, r->viewer.account, id, &out->k))
		return false;
	out->of = filters_load(db, r->a, r->viewer.account, out->k.filter);
	return out->of.n > 0;
}

static enum err answer_v1(struct req *r, struct db *db, struct answer *out, int64_t id)
{
	struct pair p;
	struct jw w = {.out = out->body};
	if (!pair_get(r, db, id, &p))
		return ERR_NOT_FOUND;
	entity_v1(&w, &p.of.at[0], &p.k);
	return OK;
}

enum err on_filter_v1(struct req *r, struct answer *out)
{
	return answer_v1(r, r->db, out, param_i64(r, "id", 0));
}

enum err on_filter_v1_add(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t me = r->viewer.account;
	struct filter_word k = {.keyword = param_str(r, "phrase"),
				.whole = param_bool(r, "whole_word", true)};
	struct filter f = {.title = k.keyword,
			   .action = param_bool(r, "irreversible", false) ? FILTER_HIDE
									  : FILTER_WARN};
	enum err e = filter_sent(r, &f);
	if (e == OK)
		e = filter_add(tx, me, &f);
	k.filter = f.id;
	if (e == OK)
		e = filter_word_add(tx, me, &k);
	return e == OK ? answer_v1(r, tx_db(tx), out, k.id) : e;
}

static bool is_same(const struct filter *x, const struct filter *y)
{
	return x->contexts == y->contexts && x->action == y->action &&
	       x->expires_at == y->expires_at;
}

/* What belongs to the filter can only change here when no other keyword shares it. */
enum err on_filter_v1_edit(struct req *r, struct tx *tx, struct answer *out)
{
	struct pair p;
	if (!pair_get(r, tx_db(tx), param_i64(r, "id", 0), &p))
		return ERR_NOT_FOUND;
	struct filter f = p.of.at[0];
	bool hides = param_bool(r, "irreversible", f.action == FILTER_HIDE);
	if (hides != (f.action == FILTER_HIDE))
		f.action = hides ? FILTER_HIDE : FILTER_WARN;
	if (param_has(r, "phrase"))
		p.k.keyword = param_str(r, "phrase");
	p.k.whole = param_bool(r, "whole_word", p.k.whole);
	enum err e = filter_sent(r, &f);
	if (e == OK && p.of.n_words > 1 && !is_same(&f, &p.of.at[0]))
		e = refuse(
			"Validation failed: this filter has several keywords and must be changed as a filter of v2");
	if (e == OK && p.of.n_words == 1 && param_has(r, "phrase"))
		f.title = p.k.keyword;
	if (e == OK)
		e = filter_edit(tx, r->viewer.account, &f);
	if (e == OK)
		e = filter_word_edit(tx, r->viewer.account, &p.k);
	return e == OK ? answer_v1(r, tx_db(tx), out, p.k.id) : e;
}

/* With its last keyword the filter goes, unless it names statuses. */
enum err on_filter_v1_delete(struct req *r, struct tx *tx, struct answer *out)
{
	struct pair p;
	int64_t me = r->viewer.account;
	if (!pair_get(r, tx_db(tx), param_i64(r, "id", 0), &p))
		return ERR_NOT_FOUND;
	if (p.of.n_words == 1 && p.of.n_kwips == 0)
		return filter_done(out, filter_delete(tx, me, p.k.filter));
	return filter_done(out, filter_word_delete(tx, me, p.k.id));
}
