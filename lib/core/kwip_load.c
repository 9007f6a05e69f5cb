/* SPDX-License-Identifier: MIT */
/*
 * Kwips with all that showing them needs, forty at a time: one statement each for the kwips, what
 * they boost, their people, mentions and tags, however many there are of each. Checks no
 * visibility.
 */
#include "core/kwip_private.h"

#include "base/conf.h"
#include "core/in40.h"

enum { CHUNK = 40 };

/* Everything loaded for one chunk: the kwips asked for and, behind them, what they boost. */
struct load {
	struct db *db;
	struct arena *a;
	struct kwip *at[2 * CHUNK];
	size_t n;
};

static struct kwip *load_find(const struct load *l, int64_t id)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i]->id == id)
			return l->at[i];
	}
	return NULL;
}

static void read_texts(struct db_row *row, struct arena *a, struct kwip *k)
{
	k->body = db_str(row, 16, a);
	k->warning = db_str(row, 17, a);
	k->language = db_str(row, 18, a);
	k->uri = db_str(row, 19, a);
	k->url = db_str(row, 20, a);
	k->app_name = db_str(row, 21, a);
	k->app_website = db_str(row, 32, a);
	k->reply_to_name = db_str(row, 22, a);
}

static struct str local_url(struct arena *a, struct str name)
{
	struct str base = conf_base_url();
	return arena_printf(a, "%.*s/@%.*s", (int)base.len, base.at, (int)name.len, name.at);
}

/* Of local ones and of those that came with an address. */
static struct str quoted_url(struct db_row *row, struct arena *a, const struct kwip *k)
{
	struct str url = db_str(row, 30, a), name = db_str(row, 31, a);
	if (k->quote_state != QUOTE_ACCEPTED || name.len == 0 || url.len)
		return k->quote_state == QUOTE_ACCEPTED ? url : S("");
	url = local_url(a, name);
	return arena_printf(a, "%.*s/%lld", (int)url.len, url.at, (long long)k->quote_of);
}

static void read_parts(struct db_row *row, struct arena *a, struct kwip *k)
{
	k->quote_of = db_i64(row, 23);
	k->quote_state = (enum quote_state)db_i64(row, 24);
	k->quote_policy = (enum quote_policy)db_i64(row, 25);
	if (k->visibility > VISIBLE_UNLISTED)
		k->quote_policy = QUOTE_BY_NOBODY;
	k->quotes_count = db_i64(row, 26);
	k->n_media = (size_t)db_i64(row, 27); /* until load_media has looked */
	k->polled = db_i64(row, 28) != 0;
	k->pinned = db_i64(row, 29) != 0;
	if (k->quote_of)
		k->quoted_url = quoted_url(row, a, k);
}

static struct kwip *read_kwip(struct db_row *row, struct arena *a)
{
	struct kwip *k = arena_take(a, sizeof *k);
	k->id = db_i64(row, 0);
	k->author = db_i64(row, 1);
	k->conversation = db_i64(row, 2);
	k->reply_to = db_i64(row, 3);
	k->reply_to_author = db_i64(row, 4);
	k->boost_of = db_i64(row, 5);
	k->visibility = (enum visibility)db_i64(row, 6);
	k->sensitive = db_i64(row, 7) != 0;
	k->edited_at = db_i64(row, 8);
	k->activity = db_i64(row, 9);
	k->comments_count = db_i64(row, 10);
	k->boosts_count = db_i64(row, 11);
	k->favourites_count = db_i64(row, 12);
	k->repeat_of = db_i64(row, 13);
	k->repeats_count = db_i64(row, 14);
	k->app = db_i64(row, 15);
	read_texts(row, a, k);
	read_parts(row, a, k);
	return k;
}

static void load_rows(struct load *l, const int64_t *ids, size_t n)
{
	struct db_arg args[CHUNK];
	ids_args(args, ids, n);
	DB_EACH_ARGS(
		row, l->db,
		"SELECT k.id, k.author, k.conversation, k.reply_to, k.reply_to_author, k.boost_of, k.visibility, "
		"k.sensitive, k.edited_at, k.activity, k.comments_count, k.boosts_count, k.favourites_count, "
		"k.repeat_of, k.repeats_count, k.app, k.body, k.warning, k.language, k.uri, k.url, p.name, r.name, "
		"k.quote_of, k.quote_state, k.quote_policy, k.quotes_count, k.media_count, k.polled, "
		"EXISTS (SELECT 1 FROM pin WHERE pin.kwip = k.id), q.url, qa.name, p.website "
		"FROM kwip k LEFT JOIN app p ON p.id = k.app LEFT JOIN account r ON r.id = k.reply_to_author "
		"LEFT JOIN kwip q ON q.id = k.quote_of LEFT JOIN account qa ON qa.id = q.author "
		"WHERE k.id IN (" IN40 ")",
		args, CHUNK)
	{
		if (l->n < 2 * CHUNK && !load_find(l, db_i64(&row, 0)))
			l->at[l->n++] = read_kwip(&row, l->a);
	}
}

static void load_boosted(struct load *l)
{
	int64_t ids[CHUNK];
	size_t n = 0, asked = l->n;
	for (size_t i = 0; i < asked; i++) {
		if (l->at[i]->boost_of && !load_find(l, l->at[i]->boost_of))
			ids[n++] = l->at[i]->boost_of;
	}
	if (n)
		load_rows(l, ids, n);
	for (size_t i = 0; i < asked; i++)
		l->at[i]->boosted = l->at[i]->boost_of ? load_find(l, l->at[i]->boost_of) : NULL;
}

static void load_people(struct load *l)
{
	int64_t ids[2 * CHUNK];
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++) {
		size_t j = 0;
		while (j < n && ids[j] != l->at[i]->author)
			j++;
		if (j == n)
			ids[n++] = l->at[i]->author;
	}
	struct accounts people = accounts_load(l->db, l->a, ids, n);
	for (size_t i = 0; i < l->n; i++) {
		for (size_t j = 0; j < people.n && !l->at[i]->who; j++) {
			if (people.at[j].id == l->at[i]->author)
				l->at[i]->who = &people.at[j];
		}
	}
}

static struct mention read_mention(struct db_row *row, struct arena *a)
{
	struct mention m = {
		.account = db_i64(row, 1),
		.name = db_str(row, 2, a),
		.domain = db_str(row, 3, a),
		.url = db_str(row, 4, a),
	};
	if (m.domain.len == 0)
		m.url = local_url(a, m.name);
	return m;
}

/* Arrays grow at powers of two: the arena keeps the halves, a bounded waste. */
static void add_mention(struct arena *a, struct mentions *to, struct mention m)
{
	if ((to->n & (to->n - 1)) == 0) {
		struct mention *more = arena_array(a, to->n ? 2 * to->n : 1, sizeof *more);
		if (to->n)
			memcpy(more, to->at, to->n * sizeof *more);
		to->at = more;
	}
	to->at[to->n++] = m;
}

static void add_tag(struct arena *a, struct kwip *k, struct str tag)
{
	if ((k->n_tags & (k->n_tags - 1)) == 0) {
		struct str *more = arena_array(a, k->n_tags ? 2 * k->n_tags : 1, sizeof *more);
		if (k->n_tags)
			memcpy(more, k->tags, k->n_tags * sizeof *more);
		k->tags = more;
	}
	k->tags[k->n_tags++] = tag;
}

static void load_names(struct load *l, const int64_t *ids, size_t n)
{
	struct db_arg args[CHUNK];
	ids_args(args, ids, n);
	DB_EACH_ARGS(
		row, l->db,
		"SELECT m.kwip, a.id, a.name, a.domain, a.url FROM mention m JOIN account a ON a.id = m.account "
		"WHERE m.kwip IN (" IN40 ") AND a.state = 0",
		args, CHUNK)
	{
		struct kwip *k = load_find(l, db_i64(&row, 0));
		if (k)
			add_mention(l->a, &k->mentions, read_mention(&row, l->a));
	}
	DB_EACH_ARGS(
		row, l->db,
		"SELECT kt.kwip, t.name FROM kwip_tag kt JOIN tag t ON t.id = kt.tag WHERE kt.kwip IN (" IN40
		")",
		args, CHUNK)
	{
		struct kwip *k = load_find(l, db_i64(&row, 0));
		if (k)
			add_tag(l->a, k, db_str(&row, 1, l->a));
	}
}

/* Only kwips with text can name anybody. */
static void load_all_names(struct load *l)
{
	int64_t ids[2 * CHUNK];
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i]->body.len)
			ids[n++] = l->at[i]->id;
	}
	for (size_t at = 0; at < n; at += CHUNK)
		load_names(l, ids + at, n - at);
}

/* In one piece behind each other, as they come: ordered by kwip. */
static void give_media(struct load *l, const struct media_list *found)
{
	for (size_t i = 0; i < l->n; i++)
		l->at[i]->n_media = 0;
	for (size_t i = 0; i < found->n; i++) {
		struct kwip *k = load_find(l, found->at[i].kwip);
		if (k && k->n_media++ == 0)
			k->media = &found->at[i];
	}
}

static void load_media(struct load *l)
{
	int64_t ids[2 * CHUNK];
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i]->n_media)
			ids[n++] = l->at[i]->id;
	}
	if (n == 0)
		return;
	struct media_list found = media_of_kwips(l->db, l->a, ids, n);
	give_media(l, &found);
}

/* Only kwips with a link can have one, and Mastodon shows none beside media. */
static void load_previews(struct load *l)
{
	int64_t ids[2 * CHUNK];
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i]->n_media == 0 && str_find(l->at[i]->body, S("://")) >= 0)
			ids[n++] = l->at[i]->id;
	}
	struct previews found = {0};
	if (n)
		found = previews_of_kwips(l->db, l->a, ids, n);
	for (size_t i = 0; i < found.n; i++) {
		struct kwip *k = load_find(l, found.at[i].kwip);
		if (k)
			k->preview = &found.at[i];
	}
}

struct kwips kwips_load(struct db *db, struct arena *a, const int64_t *ids, size_t n)
{
	struct kwips out = {.at = arena_array(a, n, sizeof *out.at)};
	for (size_t at = 0; at < n; at += CHUNK) {
		size_t taken = n - at < CHUNK ? n - at : CHUNK;
		struct load l = {.db = db, .a = a};
		load_rows(&l, ids + at, taken);
		load_boosted(&l);
		load_people(&l);
		load_all_names(&l);
		load_media(&l);
		load_previews(&l);
		kwips_emojis(db, a, l.at, l.n);
		for (size_t i = at; i < at + taken; i++) {
			const struct kwip *k = load_find(&l, ids[i]);
			if (k && k->who && (!k->boost_of || k->boosted))
				out.at[out.n++] = *k;
		}
	}
	return out;
}

enum err kwip_get(struct db *db, struct arena *a, int64_t viewer, int64_t id, struct kwip *out)
{
	if (!kwip_may_see(db, viewer, id))
		return ERR_NOT_FOUND;
	struct kwips one = kwips_load(db, a, &id, 1);
	if (one.n == 0)
		return ERR_NOT_FOUND;
	*out = one.at[0];
	return OK;
}
