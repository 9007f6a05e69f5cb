/* SPDX-License-Identifier: MIT */
/* Filter and FilterResult. */
#include "api/entity.h"
#include "api/filters.h"

static const struct str CONTEXTS[] = {
	[FILTER_HOME] = S_INIT("home"),       [FILTER_NOTIFICATIONS] = S_INIT("notifications"),
	[FILTER_PUBLIC] = S_INIT("public"),   [FILTER_THREAD] = S_INIT("thread"),
	[FILTER_ACCOUNT] = S_INIT("account"),
};
static const struct str ACTIONS[] = {
	[FILTER_WARN] = S_INIT("warn"),
	[FILTER_HIDE] = S_INIT("hide"),
	[FILTER_BLUR] = S_INIT("blur"),
};

void entity_filter_contexts(struct jw *w, int contexts)
{
	jw_key(w, S("context"));
	jw_open(w, '[');
	for (int c = FILTER_HOME; c <= FILTER_ACCOUNT; c++)
		if (contexts & 1 << c)
			jw_str(w, CONTEXTS[c]);
	jw_close(w, ']');
}

static void put_lists(struct jw *w, const struct filter *f, const struct filters *all)
{
	jw_key(w, S("keywords"));
	jw_open(w, '[');
	for (size_t i = 0; i < all->n_words; i++)
		if (all->words[i].filter == f->id)
			entity_filter_keyword(w, &all->words[i]);
	jw_close(w, ']');
	jw_key(w, S("statuses"));
	jw_open(w, '[');
	for (size_t i = 0; i < all->n_kwips; i++)
		if (all->kwips[i].filter == f->id)
			entity_filter_status(w, &all->kwips[i]);
	jw_close(w, ']');
}

void entity_filter(struct jw *w, const struct filter *f, const struct filters *lists)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), f->id);
	jw_kstr(w, S("title"), f->title);
	entity_filter_contexts(w, f->contexts);
	jw_key(w, S("expires_at"));
	jw_time(w, f->expires_at);
	jw_kstr(w, S("filter_action"), ACTIONS[f->action % 3]);
	if (lists)
		put_lists(w, f, lists);
	jw_close(w, '}');
}

void entity_filter_keyword(struct jw *w, const struct filter_word *k)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), k->id);
	jw_kstr(w, S("keyword"), k->keyword);
	jw_kbool(w, S("whole_word"), k->whole);
	jw_close(w, '}');
}

void entity_filter_status(struct jw *w, const struct filter_kwip *k)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), k->id);
	jw_kid(w, S("status_id"), k->kwip);
	jw_close(w, '}');
}

void entity_filter_result(struct jw *w, const struct filter_match *m)
{
	jw_open(w, '{');
	jw_key(w, S("filter"));
	entity_filter(w, m->filter, NULL);
	jw_key(w, S("keyword_matches"));
	jw_open(w, '[');
	for (size_t i = 0; i < m->n_keywords; i++)
		jw_str(w, m->keywords[i]);
	jw_close(w, ']');
	jw_key(w, S("status_matches"));
	jw_open(w, '[');
	if (m->by_kwip)
		jw_id(w, m->named);
	jw_close(w, ']');
	jw_close(w, '}');
}

static int context_of(struct str s)
{
	for (int c = FILTER_HOME; c <= FILTER_ACCOUNT; c++)
		if (str_eq(s, CONTEXTS[c]))
			return 1 << c;
	return 0;
}

/* "" ends the expiry; what is not sent stays. */
static enum err expiry_sent(struct req *r, struct filter *f)
{
	int64_t seconds;
	struct str s = param_str(r, "expires_in");
	if (!param_has(r, "expires_in"))
		return OK;
	if (s.len > 0 && (!str_i64(s, &seconds) || seconds < 0 || seconds > INT32_MAX))
		return refuse("Validation failed: Expires in is not a number of seconds");
	f->expires_at = s.len > 0 ? r->now + 1000 * seconds : 0;
	return OK;
}

enum err filter_sent(struct req *r, struct filter *f)
{
	size_t n;
	int contexts = 0;
	const struct str *sent = param_list(r, "context", &n);
	for (size_t i = 0; i < n; i++) {
		int bit = context_of(sent[i]);
		if (bit == 0)
			return refuse("Validation failed: Context is not valid");
		contexts |= bit;
	}
	if (n > 0)
		f->contexts = contexts;
	return expiry_sent(r, f);
}

enum err filter_done(struct answer *out, enum err e)
{
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}
