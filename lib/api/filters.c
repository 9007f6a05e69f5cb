/* SPDX-License-Identifier: MIT */
/* Filters v2: filters, their keywords and the statuses they name. */
#include "api/filters.h"

#include "base/clock.h"

static int64_t me(const struct req *r)
{
	return r->viewer.account;
}

enum err on_filters(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct filters all = filters_load(r->db, r->a, me(r), 0);
	jw_open(&w, '[');
	for (size_t i = 0; i < all.n; i++)
		entity_filter(&w, &all.at[i], &all);
	jw_close(&w, ']');
	return OK;
}

static enum err answer_filter(struct req *r, struct db *db, struct answer *out, int64_t id)
{
	struct jw w = {.out = out->body};
	struct filters one = filters_load(db, r->a, me(r), id);
	if (one.n == 0)
		return ERR_NOT_FOUND;
	entity_filter(&w, &one.at[0], &one);
	return OK;
}

enum err on_filter(struct req *r, struct answer *out)
{
	return answer_filter(r, r->db, out, param_i64(r, "id", 0));
}

static enum filter_action action_sent(struct req *r, enum filter_action otherwise)
{
	struct str s = param_str(r, "filter_action");
	if (str_eq(s, S("hide")))
		return FILTER_HIDE;
	if (str_eq(s, S("blur")))
		return FILTER_BLUR;
	return s.len ? FILTER_WARN : otherwise;
}

static bool cell_is_true(struct req *r, size_t row, const char *key, bool otherwise)
{
	struct str s = param_cell(r, "keywords_attributes", row, key);
	if (s.len == 0)
		return otherwise;
	return str_eq(s, S("1")) || str_eq_nocase(s, S("true")) || str_eq_nocase(s, S("on")) ||
	       str_eq_nocase(s, S("t")) || str_eq_nocase(s, S("yes"));
}

/* One of keywords_attributes: a new keyword, or with an id a change of one or its end. */
static enum err row_apply(struct req *r, struct tx *tx, int64_t filter, size_t row)
{
	struct filter_word w = {.filter = filter};
	struct str id = param_cell(r, "keywords_attributes", row, "id");
	bool ends = cell_is_true(r, row, "_destroy", false);
	if (id.len == 0) {
		w.keyword = param_cell(r, "keywords_attributes", row, "keyword");
		w.whole = cell_is_true(r, row, "whole_word", true);
		return ends ? OK : filter_word_add(tx, me(r), &w);
	}
	if (!str_i64(id, &w.id) || !filter_word_get(tx_db(tx), r->a, me(r), w.id, &w) ||
	    w.filter != filter)
		return ERR_NOT_FOUND;
	if (ends)
		return filter_word_delete(tx, me(r), w.id);
	if (param_cell_has(r, "keywords_attributes", row, "keyword"))
		w.keyword = param_cell(r, "keywords_attributes", row, "keyword");
	w.whole = cell_is_true(r, row, "whole_word", w.whole);
	return filter_word_edit(tx, me(r), &w);
}

static enum err rows_apply(struct req *r, struct tx *tx, int64_t filter)
{
	enum err e = OK;
	size_t n = param_rows(r, "keywords_attributes");
	for (size_t i = 0; i < n && e == OK; i++)
		e = row_apply(r, tx, filter, i);
	return e;
}

enum err on_filter_add(struct req *r, struct tx *tx, struct answer *out)
{
	struct filter f = {.title = param_str(r, "title"), .action = action_sent(r, FILTER_WARN)};
	enum err e = filter_sent(r, &f);
	if (e == OK)
		e = filter_add(tx, me(r), &f);
	if (e == OK)
		e = rows_apply(r, tx, f.id);
	return e == OK ? answer_filter(r, tx_db(tx), out, f.id) : e;
}

enum err on_filter_edit(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t id = param_i64(r, "id", 0);
	struct filters had = filters_load(tx_db(tx), r->a, me(r), id);
	if (had.n == 0)
		return ERR_NOT_FOUND;
	struct filter f = had.at[0];
	if (param_has(r, "title"))
		f.title = param_str(r, "title");
	f.action = action_sent(r, f.action);
	enum err e = filter_sent(r, &f);
	if (e == OK)
		e = filter_edit(tx, me(r), &f);
	if (e == OK)
		e = rows_apply(r, tx, id);
	return e == OK ? answer_filter(r, tx_db(tx), out, id) : e;
}

enum err on_filter_delete(struct req *r, struct tx *tx, struct answer *out)
{
	return filter_done(out, filter_delete(tx, me(r), param_i64(r, "id", 0)));
}

enum err on_filter_keywords(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct filters one = filters_load(r->db, r->a, me(r), param_i64(r, "id", 0));
	if (one.n == 0)
		return ERR_NOT_FOUND;
	jw_open(&w, '[');
	for (size_t i = 0; i < one.n_words; i++)
		entity_filter_keyword(&w, &one.words[i]);
	jw_close(&w, ']');
	return OK;
}

static enum err answer_keyword(struct req *r, struct db *db, struct answer *out, int64_t id)
{
	struct filter_word k;
	struct jw w = {.out = out->body};
	if (!filter_word_get(db, r->a, me(r), id, &k))
		return ERR_NOT_FOUND;
	entity_filter_keyword(&w, &k);
	return OK;
}

enum err on_filter_keyword(struct req *r, struct answer *out)
{
	return answer_keyword(r, r->db, out, param_i64(r, "id", 0));
}

enum err on_filter_keyword_add(struct req *r, struct tx *tx, struct answer *out)
{
	struct filter_word k = {.filter = param_i64(r, "id", 0),
				.keyword = param_str(r, "keyword"),
				.whole = param_bool(r, "whole_word", true)};
	enum err e = filter_word_add(tx, me(r), &k);
	return e == OK ? answer_keyword(r, tx_db(tx), out, k.id) : e;
}

enum err on_filter_keyword_edit(struct req *r, struct tx *tx, struct answer *out)
{
	struct filter_word k;
	if (!filter_word_get(tx_db(tx), r->a, me(r), param_i64(r, "id", 0), &k))
		return ERR_NOT_FOUND;
	if (param_has(r, "keyword"))
		k.keyword = param_str(r, "keyword");
	k.whole = param_bool(r, "whole_word", k.whole);
	enum err e = filter_word_edit(tx, me(r), &k);
	return e == OK ? answer_keyword(r, tx_db(tx), out, k.id) : e;
}

enum err on_filter_keyword_delete(struct req *r, struct tx *tx, struct answer *out)
{
	return filter_done(out, filter_word_delete(tx, me(r), param_i64(r, "id", 0)));
}

enum err on_filter_statuses(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct filters one = filters_load(r->db, r->a, me(r), param_i64(r, "id", 0));
	if (one.n == 0)
		return ERR_NOT_FOUND;
	jw_open(&w, '[');
	for (size_t i = 0; i < one.n_kwips; i++)
		entity_filter_status(&w, &one.kwips[i]);
	jw_close(&w, ']');
	return OK;
}

enum err on_filter_status(struct req *r, struct answer *out)
{
	struct filter_kwip k;
	struct jw w = {.out = out->body};
	if (!filter_kwip_get(r->db, me(r), param_i64(r, "id", 0), &k))
		return ERR_NOT_FOUND;
	entity_filter_status(&w, &k);
	return OK;
}

enum err on_filter_status_add(struct req *r, struct tx *tx, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct filter_kwip k = {.filter = param_i64(r, "id", 0),
				.kwip = param_i64(r, "status_id", 0)};
	enum err e = filter_kwip_add(tx, me(r), &k);
	if (e == OK)
		entity_filter_status(&w, &k);
	return e;
}

enum err on_filter_status_delete(struct req *r, struct tx *tx, struct answer *out)
{
	return filter_done(out, filter_kwip_delete(tx, me(r), param_i64(r, "id", 0)));
}
