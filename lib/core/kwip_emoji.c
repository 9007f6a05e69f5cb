/* SPDX-License-Identifier: MIT */
/*
 * Which custom emoji the kwips of one load use, in text, warning and poll: found together, so that
 * a page of them asks once, and not at all when no text has a :word:.
 */
#include "core/kwip_private.h"

#include "core/in40.h"

enum { TEXTS_MAX = 2 + POLL_OPTIONS_MAX };

/* What one kwip says. */
struct said_texts {
	struct str at[TEXTS_MAX];
	size_t n;
};

static void text_add(struct said_texts *to, struct str text)
{
	if (text.len > 0 && to->n < TEXTS_MAX)
		to->at[to->n++] = text;
}

static void read_options(struct db *db, struct arena *a, struct kwip *const *kwips, size_t n,
			 struct said_texts *to)
{
	int64_t ids[IN_WIDTH];
	struct db_arg args[IN_WIDTH];
	size_t polled = 0;
	for (size_t i = 0; i < n; i++)
		if (kwips[i]->polled)
			ids[polled++] = kwips[i]->id;
	if (polled == 0)
		return;
	ids_args(args, ids, polled);
	DB_EACH_ARGS(row, db,
		     "SELECT p.kwip, o.title FROM poll p JOIN poll_option o ON o.poll = p.id "
		     "WHERE p.kwip IN (" IN40 ") ORDER BY p.kwip, o.place",
		     args, IN_WIDTH)
	for (size_t i = 0; i < n; i++)
		if (kwips[i]->id == db_i64(&row, 0))
			text_add(&to[i], db_str(&row, 1, a));
}

void kwips_emojis(struct db *db, struct arena *a, struct kwip *const *kwips, size_t n)
{
	struct said_texts *said = arena_array(a, n, sizeof *said);
	struct str *all = arena_array(a, n * TEXTS_MAX, sizeof *all);
	size_t n_all = 0;
	for (size_t i = 0; i < n; i++) {
		text_add(&said[i], kwips[i]->warning);
		text_add(&said[i], kwips[i]->body);
	}
	for (size_t at = 0; at < n; at += IN_WIDTH)
		read_options(db, a, kwips + at, n - at < IN_WIDTH ? n - at : IN_WIDTH, said + at);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < said[i].n; k++)
			all[n_all++] = said[i].at[k];
	struct emojis found = emojis_of(db, a, all, n_all);
	for (size_t i = 0; found.n > 0 && i < n; i++)
		kwips[i]->emojis = emojis_among(a, &found, said[i].at, said[i].n);
}
