/* SPDX-License-Identifier: MIT */
/* One's filters: words that one does not want to read, where, and what is done then. */
#include "base/utf8.h"
#include "core/filter.h"

#include "page/handlers.h"
#include "pages.h"

enum { CONTEXTS = 5, ACTIONS = 3 };

static const struct view_choice contexts[CONTEXTS] = {
	{S_INIT("home"), S_INIT("home and lists"), false},
	{S_INIT("notices"), S_INIT("notices"), false},
	{S_INIT("public"), S_INIT("everyone and hashtags"), false},
	{S_INIT("rooms"), S_INIT("conversations"), false},
	{S_INIT("profiles"), S_INIT("profiles"), false},
};
static const struct view_choice actions[ACTIONS] = {
	{S_INIT("warn"), S_INIT("fold it, with a note"), false},
	{S_INIT("hide"), S_INIT("leave it out"), false},
	{S_INIT("blur"), S_INIT("fold it, in apps hide its pictures"), false},
};

static struct view_choices contexts_view(struct arena *a, int bits)
{
	struct view_choices v = {arena_array(a, CONTEXTS, sizeof *v.at), CONTEXTS};
	for (int i = 0; i < CONTEXTS; i++) {
		v.at[i] = contexts[i];
		v.at[i].chosen = bits & 1 << (FILTER_HOME + i);
	}
	return v;
}

static struct view_choices actions_view(struct arena *a, enum filter_action chosen)
{
	struct view_choices v = {arena_array(a, ACTIONS, sizeof *v.at), ACTIONS};
	for (int i = 0; i < ACTIONS; i++) {
		v.at[i] = actions[i];
		v.at[i].chosen = i == (int)chosen;
	}
	return v;
}

/* until: when a filter that is changed ends, in words; "" for a new one. */
static struct view_choices life_view(struct arena *a, struct str until)
{
	static const struct view_choice all[] = {
		{S_INIT("0"), S_INIT("for ever"), false},
		{S_INIT("3600"), S_INIT("for an hour"), false},
		{S_INIT("86400"), S_INIT("for a day"), false},
		{S_INIT("604800"), S_INIT("for a week"), false},
	};
	enum { LIVES = sizeof all / sizeof *all };
	struct view_choices v = {.at = arena_array(a, LIVES + 1, sizeof *v.at)};
	if (until.len)
		v.at[v.n++] = (struct view_choice){S("keep"), until, true};
	for (size_t i = 0; i < LIVES; i++)
		v.at[v.n++] = all[i];
	return v;
}

/* The words of one filter, between them what separates them. */
static struct str words_of(struct arena *a, const struct filters *of, int64_t filter,
			   struct str between)
{
	SCOPED_BUF b = BUF_EMPTY;
	for (size_t i = 0; i < of->n_words; i++) {
		if (of->words[i].filter != filter)
			continue;
		if (b.len)
			buf_put(&b, between);
		buf_put(&b, of->words[i].keyword);
	}
	return arena_str(a, buf_str(&b));
}

static struct view_filters overview(struct req *r, struct db *db)
{
	struct filters all = filters_load(db, r->a, r->viewer.account, 0);
	int usual = 1 << FILTER_HOME | 1 << FILTER_PUBLIC | 1 << FILTER_THREAD;
	struct view_filters v = {.top = top_of(r, S("Filters"), AT_SETTINGS),
				 .action = S("/settings/filters"),
				 .contexts = contexts_view(r->a, usual),
				 .does = actions_view(r->a, FILTER_WARN),
				 .life = life_view(r->a, S("")),
				 .whole = true};
	v.list.at = arena_array(r->a, all.n, sizeof *v.list.at);
	for (size_t i = 0; i < all.n; i++) {
		const struct filter *f = &all.at[i];
		v.list.at[v.list.n++] = (struct view_filter){
			.id = f->id,
			.title = f->title,
			.words = words_of(r->a, &all, f->id, S(", ")),
			.until = f->expires_at ? time_human(r->a, f->expires_at) : S(""),
			.hides = f->action == FILTER_HIDE};
	}
	return v;
}

enum err on_own_filters(struct req *r, struct answer *out)
{
	struct view_filters v = overview(r, r->db);
	v.top.done = done_words(r);
	page_filters(out->body, &v);
	return OK;
}

static bool all_whole(const struct filters *of)
{
	for (size_t i = 0; i < of->n_words; i++)
		if (!of->words[i].whole)
			return false;
	return true;
}

enum err on_own_filter(struct req *r, struct answer *out)
{
	int64_t id = param_i64(r, "id", 0);
	struct filters one = filters_load(r->db, r->a, r->viewer.account, id);
	if (one.n == 0)
		return ERR_NOT_FOUND;
	const struct filter *f = &one.at[0];
	struct str until = S("for ever, as now");
	if (f->expires_at)
		until = text_join(r->a, S("until "), time_human(r->a, f->expires_at));
	struct view_filters v = {
		.top = top_of(r, f->title, AT_SETTINGS),
		.action = arena_printf(r->a, "/settings/filters/%lld", (long long)id),
		.title = f->title,
		.words = words_of(r->a, &one, id, S("\n")),
		.contexts = contexts_view(r->a, f->contexts),
		.does = actions_view(r->a, f->action),
		.life = life_view(r->a, until),
		.id = id,
		.whole = all_whole(&one)};
	page_filter_edit(out->body, &v);
	return OK;
}

static int contexts_sent(struct req *r)
{
	size_t n;
	int bits = 0;
	const struct str *sent = param_list(r, "where", &n);
	for (size_t i = 0; i < n; i++)
		for (int j = 0; j < CONTEXTS; j++)
			if (str_eq(sent[i], contexts[j].value))
				bits |= 1 << (FILTER_HOME + j);
	return bits;
}

static struct filter filter_sent(struct req *r, int64_t now, int64_t expires_at)
{
	static const int64_t second_ms = 1000;
	int64_t life;
	struct filter f = {.id = param_i64(r, "id", 0),
			   .title = str_trim(param_str(r, "title")),
			   .contexts = contexts_sent(r),
			   .expires_at = expires_at};
	for (int i = 0; i < ACTIONS; i++)
		if (str_eq(param_str(r, "action"), actions[i].value))
			f.action = (enum filter_action)i;
	if (str_i64(param_str(r, "life"), &life) && life >= 0 && life <= INT32_MAX)
		f.expires_at = life ? now + life * second_ms : 0;
	return f;
}

static bool has_line(struct str text, struct str line)
{
	while (text.len)
		if (str_eq(str_trim(str_cut(&text, '\n')), line))
			return true;
	return false;
}

static bool has_word(const struct filters *of, struct str word)
{
	for (size_t i = 0; i < of->n_words; i++)
		if (str_eq(of->words[i].keyword, word))
			return true;
	return false;
}

/* The words are those of the text from now on, one a line. */
static enum err words_save(struct req *r, struct tx *tx, int64_t filter)
{
	int64_t me = r->viewer.account;
	struct str text = param_str(r, "words");
	bool whole = param_bool(r, "whole", false);
	struct filters now = filters_load(tx_db(tx), r->a, me, filter);
	enum err e = OK;
	for (size_t i = 0; i < now.n_words && e == OK; i++) {
		struct filter_word w = now.words[i];
		bool stays = has_line(text, w.keyword), as_it_is = w.whole == whole;
		w.whole = whole;
		if (!stays)
			e = filter_word_delete(tx, me, w.id);
		else if (!as_it_is)
			e = filter_word_edit(tx, me, &w);
	}
	for (struct str rest = text; rest.len && e == OK;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		struct filter_word w = {.filter = filter, .keyword = line, .whole = whole};
		if (line.len == 0)
			continue;
		struct str before = {text.at, (size_t)(line.at - text.at)};
		if (has_word(&now, line) || has_line(before, line))
			continue;
		e = filter_word_add(tx, me, &w);
	}
	return e;
}

enum err on_own_filter_add(struct req *r, struct tx *tx, struct answer *out)
{
	struct filter f = filter_sent(r, tx_now(tx), 0);
	if (str_trim(param_str(r, "words")).len == 0)
		return refuse("Write at least one word.");
	if (f.title.len == 0)
		f.title = utf8_prefix(str_trim(param_str(r, "words")), 60);
	ptrdiff_t line = str_find_char(f.title, '\n');
	if (line >= 0)
		f.title = str_slice(f.title, 0, (size_t)line);
	enum err e = filter_add(tx, r->viewer.account, &f);
	if (e == OK)
		e = words_save(r, tx, f.id);
	if (e == OK)
		answer_redirect(out, S("/settings/filters?done=saved"));
	return e;
}

enum err on_own_filter_save(struct req *r, struct tx *tx, struct answer *out)
{
	struct filters now = filters_load(tx_db(tx), r->a, r->viewer.account,
					  param_i64(r, "id", 0));
	if (now.n == 0)
		return ERR_NOT_FOUND;
	struct filter f = filter_sent(r, tx_now(tx), now.at[0].expires_at);
	enum err e = filter_edit(tx, r->viewer.account, &f);
	if (e == OK)
		e = words_save(r, tx, f.id);
	if (e == OK)
		answer_redirect(out, S("/settings/filters?done=saved"));
	return e;
}

void on_own_filter_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	if (e == ERR_NOT_FOUND) {
		page_error_answer(r, err_http_status(e), r->why, out);
		return;
	}
	struct view_filters v = overview(r, db);
	struct filter f = filter_sent(r, 0, 0);
	v.why = why_words(r);
	v.title = param_str(r, "title");
	v.words = param_str(r, "words");
	v.whole = param_bool(r, "whole", false);
	v.contexts = contexts_view(r->a, f.contexts);
	v.does = actions_view(r->a, f.action);
	v.id = f.id;
	if (f.id) {
		v.action = arena_printf(r->a, "/settings/filters/%lld", (long long)f.id);
		page_filter_edit(out->body, &v);
	} else {
		page_filters(out->body, &v);
	}
}

enum err on_own_filter_delete(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = filter_delete(tx, r->viewer.account, param_i64(r, "id", 0));
	if (e == OK)
		answer_redirect(out, S("/settings/filters?done=gone"));
	return e;
}
