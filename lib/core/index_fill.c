/* SPDX-License-Identifier: MIT */
/*
 * Taking kwips and people into the index, forty at a time: what the main database says now against
 * what is kept, and only what differs is written.
 */
#include "core/index.h"

#include "core/in40.h"
#include "core/kwip.h"
#include "core/query.h"
#include "core/spread.h"

/* Of one kwip or person; more text is not searched. */
enum { TEXT_MAX = 256 * 1024 };

/* What the index has, or is to have, of one kwip. */
struct entry {
	int64_t id, edited_at;
	struct str facts, text;
};

static void words_take_out(struct tx *tx, const struct entry *e)
{
	SCOPED_BUF words = BUF_EMPTY;
	spread_text(&words, e->text);
	TX_DO(tx,
	      "INSERT INTO kwip_words (kwip_words, rowid, facts, text) VALUES ('delete', ?, ?, ?)",
	      A(e->id), A(e->facts), A(buf_str(&words)));
}

static void words_put_in(struct tx *tx, const struct entry *e)
{
	SCOPED_BUF words = BUF_EMPTY;
	spread_text(&words, e->text);
	TX_DO(tx, "INSERT INTO kwip_words (rowid, facts, text) VALUES (?, ?, ?)", A(e->id),
	      A(e->facts), A(buf_str(&words)));
	TX_DO(tx,
	      "INSERT INTO searched (id, edited_at, facts, text) VALUES (?, ?, ?, ?) ON CONFLICT (id)"
	      " DO UPDATE SET edited_at = excluded.edited_at, facts = excluded.facts,"
	      " text = excluded.text",
	      A(e->id), A(e->edited_at), A(e->facts), A(e->text));
}

static bool entry_get(struct db *db, struct arena *a, int64_t id, struct entry *out)
{
	DB_EACH(row, db, "SELECT id, edited_at, facts, text FROM searched WHERE id = ?", A(id)) {
		*out = (struct entry){db_i64(&row, 0), db_i64(&row, 1), db_str(&row, 2, a),
				      db_str(&row, 3, a)};
		return true;
	}
	return false;
}

/* NULL: it is gone. */
static void entry_sync(struct tx *tx, struct arena *a, int64_t id, const struct entry *now)
{
	struct entry had;
	bool has = entry_get(tx_db(tx), a, id, &had);
	if (has && now && now->edited_at == had.edited_at && str_eq(now->facts, had.facts) &&
	    str_eq(now->text, had.text))
		return;
	if (has)
		words_take_out(tx, &had);
	if (now)
		words_put_in(tx, now);
	else if (has)
		TX_DO(tx, "DELETE FROM searched WHERE id = ?", A(id));
}

static void put_media_facts(struct buf *out, const struct kwip *k)
{
	static const int fact_of[] = {[MEDIA_IMAGE] = FACT_IMAGE,
				      [MEDIA_GIFV] = FACT_VIDEO,
				      [MEDIA_VIDEO] = FACT_VIDEO,
				      [MEDIA_AUDIO] = FACT_AUDIO};
	bool has[FACTS] = {false};
	for (size_t i = 0; i < k->n_media; i++)
		if (k->media[i].kind > MEDIA_UNKNOWN && k->media[i].kind <= MEDIA_AUDIO)
			has[fact_of[k->media[i].kind]] = true;
	has[FACT_MEDIA] = k->n_media > 0;
	for (int f = 0; f < FACTS; f++)
		if (has[f])
			fact_put(out, (enum fact)f);
}

static bool has_link(struct str body)
{
	struct scan s = {.text = body};
	struct piece p;
	while (markup_next(&s, &p))
		if (p.kind == PIECE_LINK)
			return true;
	return false;
}

static struct str facts_of(struct arena *a, const struct kwip *k)
{
	SCOPED_BUF b = BUF_EMPTY;
	fact_author(&b, k->author);
	fact_visibility(&b, (int)k->visibility);
	fact_language(&b, k->language);
	for (size_t i = 0; i < k->mentions.n; i++)
		fact_named(&b, k->mentions.at[i].account);
	put_media_facts(&b, k);
	if (k->reply_to)
		fact_put(&b, FACT_REPLY);
	if (k->sensitive)
		fact_put(&b, FACT_SENSITIVE);
	if (k->polled)
		fact_put(&b, FACT_POLL);
	if (has_link(k->body))
		fact_put(&b, FACT_LINK);
	return arena_str(a, str_trim(buf_str(&b)));
}

static void put_line(struct buf *out, struct str text)
{
	if (text.len == 0 || out->len >= TEXT_MAX)
		return;
	if (out->len > 0)
		buf_char(out, '\n');
	buf_put(out, text.len > TEXT_MAX ? str_slice(text, 0, TEXT_MAX) : text);
}

static struct str text_of(struct arena *a, const struct kwip *k, const struct polls *polls)
{
	SCOPED_BUF b = BUF_EMPTY;
	put_line(&b, k->warning);
	put_line(&b, k->body);
	for (size_t i = 0; i < polls->n; i++)
		for (size_t o = 0; polls->at[i].kwip == k->id && o < polls->at[i].n; o++)
			put_line(&b, polls->at[i].option[o].title);
	for (size_t i = 0; i < k->n_media; i++)
		put_line(&b, k->media[i].description);
	return arena_str(a, buf_str(&b));
}

static struct polls polls_among(struct db *main, struct arena *a, const struct kwips *found)
{
	int64_t ids[IN_WIDTH];
	size_t n = 0;
	for (size_t i = 0; i < found->n; i++)
		if (found->at[i].polled)
			ids[n++] = found->at[i].id;
	return n ? polls_of_kwips(main, a, 0, ids, n) : (struct polls){0};
}

static void sync_round(struct tx *tx, struct db *main, const int64_t *ids, size_t n)
{
	SCOPED_ARENA a = arena_new();
	struct kwips found = kwips_load(main, a, ids, n);
	struct polls polls = polls_among(main, a, &found);
	for (size_t i = 0; i < n; i++) {
		size_t at = 0;
		while (at < found.n && found.at[at].id != ids[i])
			at++;
		const struct kwip *k = at < found.n ? &found.at[at] : NULL;
		struct entry now = {.id = ids[i]};
		if (k && !k->boost_of)
			now = (struct entry){k->id, k->edited_at, facts_of(a, k),
					     text_of(a, k, &polls)};
		entry_sync(tx, a, ids[i], k && !k->boost_of ? &now : NULL);
	}
}

void index_kwips(struct tx *tx, struct db *main, const int64_t *ids, size_t n)
{
	for (size_t i = 0; i < n; i += IN_WIDTH)
		sync_round(tx, main, ids + i, n - i < IN_WIDTH ? n - i : IN_WIDTH);
}

/* The same of people. */
struct person {
	int64_t id, followers;
	struct str names, about;
};

static void person_words(struct tx *tx, const struct person *p, bool in)
{
	SCOPED_BUF names = BUF_EMPTY, about = BUF_EMPTY;
	spread_text(&names, p->names);
	spread_text(&about, p->about);
	if (in)
		TX_DO(tx, "INSERT INTO people_words (rowid, names, about) VALUES (?, ?, ?)",
		      A(p->id), A(buf_str(&names)), A(buf_str(&about)));
	else
		TX_DO(tx,
		      "INSERT INTO people_words (people_words, rowid, names, about)"
		      " VALUES ('delete', ?, ?, ?)",
		      A(p->id), A(buf_str(&names)), A(buf_str(&about)));
}

static bool person_get(struct db *db, struct arena *a, int64_t id, struct person *out)
{
	DB_EACH(row, db, "SELECT id, followers, names, about FROM person_known WHERE id = ?",
		A(id)) {
		*out = (struct person){db_i64(&row, 0), db_i64(&row, 1), db_str(&row, 2, a),
				       db_str(&row, 3, a)};
		return true;
	}
	return false;
}

static void person_sync(struct tx *tx, struct arena *a, int64_t id, const struct person *now)
{
	struct person had;
	bool has = person_get(tx_db(tx), a, id, &had);
	bool same = has && now && str_eq(now->names, had.names) && str_eq(now->about, had.about);
	if (has && !same)
		person_words(tx, &had, false);
	if (now && !same)
		person_words(tx, now, true);
	if (has && !now)
		TX_DO(tx, "DELETE FROM person_known WHERE id = ?", A(id));
	if (now && !(same && now->followers == had.followers))
		TX_DO(tx,
		      "INSERT INTO person_known (id, followers, names, about) VALUES (?, ?, ?, ?)"
		      " ON CONFLICT (id) DO UPDATE SET followers = excluded.followers,"
		      " names = excluded.names, about = excluded.about",
		      A(id), A(now->followers), A(now->names), A(now->about));
}

/* Who does not want to be discovered is found by name alone. */
static struct person person_of(struct arena *a, const struct account *who)
{
	struct str display = who->display_name, name = who->name;
	struct person p = {.id = who->id, .followers = who->followers_count, .names = name};
	if (!who->discoverable)
		return p;
	p.names = arena_printf(a, "%.*s %.*s", (int)name.len, name.at, (int)display.len,
			       display.at);
	p.about = who->about;
	return p;
}

void index_people(struct tx *tx, struct db *main, const int64_t *ids, size_t n)
{
	SCOPED_ARENA a = arena_new();
	struct accounts found = accounts_load(main, a, ids, n);
	for (size_t i = 0, at = 0; i < n; i++) {
		at = 0;
		while (at < found.n && found.at[at].id != ids[i])
			at++;
		bool is_here = at < found.n && found.at[at].state == ACCOUNT_ACTIVE;
		struct person now = {0};
		if (is_here)
			now = person_of(a, &found.at[at]);
		person_sync(tx, a, ids[i], is_here ? &now : NULL);
	}
}

size_t index_next_kwips(struct db *main, const struct index_place *p, int64_t *ids, size_t max)
{
	size_t n = 0;
	DB_EACH(row, main, "SELECT id FROM kwip WHERE id < ? AND id >= ? ORDER BY id DESC LIMIT ?",
		A(p->below), A(p->from), A((int64_t)max))
		ids[n++] = db_i64(&row, 0);
	return n;
}

size_t index_next_people(struct db *main, const struct index_place *p, int64_t *ids, size_t max)
{
	size_t n = 0;
	DB_EACH(row, main, "SELECT id FROM account WHERE id > ? ORDER BY id LIMIT ?", A(p->people),
		A((int64_t)max))
		ids[n++] = db_i64(&row, 0);
	return n;
}
