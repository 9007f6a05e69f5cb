/* SPDX-License-Identifier: MIT */
/* What a kwip said before each edit, with the media and the poll's options that it had then. */
#include "core/kwip_private.h"

#include "base/json.h"

enum { EDITIONS_SHOWN = 100 };

/* Media looked up for one history; the same ones come again in every edition. */
struct seen {
	struct db *db;
	struct arena *a;
	struct media_list now; /* attached today */
	struct media gone[2 * MEDIA_PER_KWIP];
	size_t n_gone;
};

/* Those that were taken off later are loose, for a while. */
static const struct media *find_media(struct seen *s, int64_t id)
{
	for (size_t i = 0; i < s->now.n; i++)
		if (s->now.at[i].id == id)
			return &s->now.at[i];
	for (size_t i = 0; i < s->n_gone; i++)
		if (s->gone[i].id == id)
			return &s->gone[i];
	if (s->n_gone == 2 * MEDIA_PER_KWIP || !media_get(s->db, s->a, id, &s->gone[s->n_gone]))
		return NULL;
	return &s->gone[s->n_gone++];
}

static void read_media(struct seen *s, struct str text, struct kwip_edition *e)
{
	SCOPED_JSON doc = {0};
	if (text.len <= 2 || json_parse(&doc, text) != OK)
		return;
	size_t n = json_len(doc.root);
	struct media *list = arena_array(s->a, n, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		int64_t id;
		const struct json *pair = json_at(doc.root, i);
		const struct media *m = json_i64(json_at(pair, 0), &id) ? find_media(s, id) : NULL;
		if (!m)
			continue;
		list[e->n_media] = *m;
		list[e->n_media++].description = arena_str(s->a, json_str(json_at(pair, 1)));
	}
	e->media = list;
}

static void read_options(struct arena *a, struct str text, struct kwip_edition *e)
{
	SCOPED_JSON doc = {0};
	if (text.len <= 2 || json_parse(&doc, text) != OK)
		return;
	size_t n = json_len(doc.root);
	e->options = arena_array(a, n, sizeof *e->options);
	for (size_t i = 0; i < n; i++)
		e->options[e->n_options++] = arena_str(a, json_str(json_at(doc.root, i)));
}

static struct kwip_edition read_edition(struct seen *s, struct db_row *row, int64_t at)
{
	struct kwip_edition e = {
		.at = at,
		.body = db_str(row, 1, s->a),
		.warning = db_str(row, 2, s->a),
		.sensitive = db_i64(row, 3) != 0,
	};
	read_media(s, db_peek(row, 4), &e);
	read_options(s->a, db_peek(row, 5), &e);
	return e;
}

static struct kwip_edition present(struct seen *s, int64_t kwip, int64_t at)
{
	struct kwip_edition e = {.at = at, .media = s->now.at, .n_media = s->now.n};
	DB_EACH(row, s->db, "SELECT body, warning, sensitive, polled FROM kwip WHERE id = ?",
		A(kwip)) {
		e.body = db_str(&row, 0, s->a);
		e.warning = db_str(&row, 1, s->a);
		e.sensitive = db_i64(&row, 2) != 0;
		if (db_i64(&row, 3))
			read_options(s->a, poll_titles(s->db, s->a, kwip), &e);
	}
	return e;
}

/* Of all editions together. */
static void find_emojis(struct db *db, struct arena *a, struct kwip_editions *h)
{
	enum { MOST = 2 + POLL_OPTIONS_MAX };
	struct str *texts = arena_array(a, h->n * MOST, sizeof *texts);
	for (size_t i = 0; i < h->n; i++) {
		const struct kwip_edition *e = &h->at[i];
		texts[MOST * i] = e->warning;
		texts[MOST * i + 1] = e->body;
		for (size_t k = 0; k < e->n_options && k < POLL_OPTIONS_MAX; k++)
			texts[MOST * i + 2 + k] = e->options[k];
	}
	struct emojis found = emojis_of(db, a, texts, h->n * MOST);
	for (size_t i = 0; found.n > 0 && i < h->n; i++)
		h->at[i].emojis = emojis_among(a, &found, texts + MOST * i, MOST);
}

/* A text's moment is when it was said: the first with the kwip, each later one when the one before
 * was replaced. */
struct kwip_editions kwip_history(struct db *db, struct arena *a, int64_t kwip)
{
	struct kwip_editions h = {.at = arena_array(a, EDITIONS_SHOWN + 1, sizeof *h.at)};
	struct seen *s = arena_take(a, sizeof *s);
	*s = (struct seen){.db = db, .a = a, .now = media_of_kwips(db, a, &kwip, 1)};
	int64_t older = DB_I64(
		db, 0, "SELECT at FROM kwip_edit WHERE kwip = ? ORDER BY at DESC LIMIT 1 OFFSET ?",
		A(kwip), A(EDITIONS_SHOWN));
	int64_t at = older ? older : id_ms(kwip);
	DB_EACH(row, db,
		"SELECT at, body, warning, sensitive, media, options FROM kwip_edit WHERE kwip = ? AND at > ? "
		"ORDER BY at LIMIT ?",
		A(kwip), A(older), A(EDITIONS_SHOWN)) {
		h.at[h.n++] = read_edition(s, &row, at);
		at = db_i64(&row, 0);
	}
	h.at[h.n++] = present(s, kwip, at);
	find_emojis(db, a, &h);
	return h;
}
