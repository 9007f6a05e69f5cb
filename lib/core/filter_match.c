/* SPDX-License-Identifier: MIT */
/*
 * What filters match: the viewer's keywords become one automaton (words.h), each kwip's texts go
 * through it once.
 */
#include "core/filter.h"

#include "base/clock.h"
#include "core/in40.h"
#include "core/words.h"

struct matching {
	struct db *db;
	struct arena *a;
	int64_t viewer;
	const struct filters *f;
	struct words *words;
	struct filter_matches *out;
	size_t cap;
};

/* One kwip asked about. said: itself, or what it boosts; 0: gone, or the viewer's own. */
struct asked {
	int64_t id, said;
	struct str warning, body;
	bool *found; /* per keyword */
};

static void expired_drop(struct filters *f)
{
	int64_t now = clock_ms();
	size_t kept = 0;
	for (size_t i = 0; i < f->n; i++)
		if (f->at[i].expires_at == 0 || f->at[i].expires_at > now)
			f->at[kept++] = f->at[i];
	f->n = kept;
}

static void texts_load(struct matching *m, const struct db_arg *in, struct asked *all, size_t n)
{
	DB_EACH_ARGS(
		row, m->db,
		"SELECT k.id, s.id, s.author, s.warning, s.body FROM kwip k JOIN kwip s ON s.id = coalesce(k.boost_of, k.id) "
		"WHERE k.id IN (" IN40 ")",
		in, IN_WIDTH)
	for (size_t i = 0; i < n; i++) {
		if (all[i].id != db_i64(&row, 0) || db_i64(&row, 2) == m->viewer)
			continue;
		all[i].said = db_i64(&row, 1);
		all[i].warning = db_str(&row, 3, m->a);
		all[i].body = db_str(&row, 4, m->a);
	}
}

static void look_in(struct matching *m, struct asked *all, size_t n, int64_t said, struct str text)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].said == said)
			words_find(m->words, text, all[i].found);
}

static void words_look(struct matching *m, struct asked *all, size_t n)
{
	int64_t said[IN_WIDTH];
	struct db_arg in[IN_WIDTH];
	for (size_t i = 0; i < n; i++) {
		said[i] = all[i].said;
		all[i].found = arena_array(m->a, m->f->n_words, sizeof(bool));
		words_find(m->words, all[i].warning, all[i].found);
		words_find(m->words, all[i].body, all[i].found);
	}
	ids_args(in, said, n);
	DB_EACH_ARGS(
		row, m->db,
		"SELECT p.kwip, o.title FROM poll p JOIN poll_option o ON o.poll = p.id WHERE p.kwip IN (" IN40
		")",
		in, IN_WIDTH)
	look_in(m, all, n, db_i64(&row, 0), db_peek(&row, 1));
	DB_EACH_ARGS(row, m->db,
		     "SELECT kwip, description FROM media WHERE kwip IN (" IN40
		     ") AND kwip IS NOT NULL AND description <> ''",
		     in, IN_WIDTH)
	look_in(m, all, n, db_i64(&row, 0), db_peek(&row, 1));
}

static void match_add(struct matching *m, struct filter_match x)
{
	struct filter_matches *out = m->out;
	if (out->n == m->cap) {
		size_t more = m->cap ? 2 * m->cap : 16;
		struct filter_match *bigger = arena_array(m->a, more, sizeof *bigger);
		if (out->n)
			memcpy(bigger, out->at, out->n * sizeof *bigger);
		out->at = bigger;
		m->cap = more;
	}
	out->at[out->n++] = x;
}

/* The keywords of one filter that were found; NULL when none. */
static const struct str *found_of(struct matching *m, const struct filter *f, const bool *found,
				  size_t *n)
{
	struct str *out = NULL;
	*n = 0;
	for (size_t i = 0; i < m->f->n_words; i++) {
		if (m->f->words[i].filter != f->id || !found[i])
			continue;
		if (!out)
			out = arena_array(m->a, m->f->n_words - i, sizeof *out);
		out[(*n)++] = m->f->words[i].keyword;
	}
	return out;
}

static int64_t named_by(const struct filters *all, const struct filter *f, const struct asked *k)
{
	for (size_t i = 0; i < all->n_kwips; i++)
		if (all->kwips[i].filter == f->id &&
		    (all->kwips[i].kwip == k->id || all->kwips[i].kwip == k->said))
			return all->kwips[i].kwip;
	return 0;
}

/* Does any keyword stand in it? Most kwips match nothing. */
static bool is_any(const bool *found, size_t n)
{
	size_t i = 0;
	while (i < n && !found[i])
		i++;
	return i < n;
}

static void kwip_match(struct matching *m, const struct asked *k)
{
	bool any = is_any(k->found, m->f->n_words);
	if (k->said == 0 || (!any && m->f->n_kwips == 0))
		return;
	for (size_t i = 0; i < m->f->n; i++) {
		struct filter_match x = {.kwip = k->id, .filter = &m->f->at[i]};
		if (any)
			x.keywords = found_of(m, x.filter, k->found, &x.n_keywords);
		x.named = named_by(m->f, x.filter, k);
		x.by_kwip = x.named != 0;
		if (x.n_keywords > 0 || x.by_kwip)
			match_add(m, x);
	}
}

static void round_match(struct matching *m, const int64_t *kwips, size_t n)
{
	struct asked all[IN_WIDTH] = {0};
	struct db_arg in[IN_WIDTH];
	for (size_t i = 0; i < n; i++)
		all[i].id = kwips[i];
	ids_args(in, kwips, n);
	texts_load(m, in, all, n);
	if (m->f->n_words > 0)
		words_look(m, all, n);
	for (size_t i = 0; i < n; i++)
		kwip_match(m, &all[i]);
}

static struct words *words_of(struct arena *a, const struct filters *f)
{
	struct word *all = arena_array(a, f->n_words, sizeof *all);
	for (size_t i = 0; i < f->n_words; i++)
		all[i] = (struct word){f->words[i].keyword, f->words[i].whole};
	return words_open(a, all, f->n_words);
}

struct filter_matches filters_match(struct db *db, struct arena *a, int64_t viewer,
				    const int64_t *kwips, size_t n)
{
	struct filter_matches out = {0};
	if (viewer == 0 || n == 0)
		return out;
	struct filters *f = arena_take(a, sizeof *f);
	*f = filters_load(db, a, viewer, 0);
	expired_drop(f);
	if (f->n == 0 || f->n_words + f->n_kwips == 0)
		return out;
	struct matching m = {.db = db, .a = a, .viewer = viewer, .f = f, .out = &out};
	m.words = words_of(a, f);
	for (size_t i = 0; i < n; i += IN_WIDTH)
		round_match(&m, kwips + i, n - i < IN_WIDTH ? n - i : IN_WIDTH);
	return out;
}
