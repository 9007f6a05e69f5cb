/* SPDX-License-Identifier: MIT */
/* Finding people and hashtags. Every look is one range of an index, and bounded. */
#include "core/search.h"

#include <stdlib.h>

#include "base/conf.h"
#include "core/in40.h"
#include "core/index.h"
#include "core/query.h"
#include "core/timeline_private.h"

static struct str host_of_site(void)
{
	struct str url = conf_base_url();
	ptrdiff_t at = str_find(url, S("://"));
	return str_slice(url, at < 0 ? 0 : (size_t)at + 3, url.len);
}

static int64_t named(struct db *db, struct arena *a, struct str name)
{
	struct account who;
	bool found = account_find(db, a, name, S(""), &who);
	return found && who.state == ACCOUNT_ACTIVE ? who.id : 0;
}

/* "/@name" or "/@name/ID" behind the site's own address. */
static struct search_target resolve_path(struct db *db, struct arena *a, struct str path)
{
	struct search_target t = {0};
	if (!str_starts(path, S("/@")))
		return t;
	struct str rest = str_slice(path, 2, path.len), name = str_cut(&rest, '/');
	int64_t author = named(db, a, name);
	if (rest.len == 0)
		t.account = author;
	else if (author && str_i64(str_cut(&rest, '/'), &t.kwip) &&
		 !DB_I64(db, 0, "SELECT 1 FROM kwip WHERE id = ? AND author = ?", A(t.kwip),
			 A(author)))
		t.kwip = 0;
	return t;
}

struct search_target search_resolve(struct db *db, struct arena *a, struct str q)
{
	struct str base = conf_base_url();
	if (str_starts(q, base))
		return resolve_path(db, a, str_slice(q, base.len, q.len));
	if (str_starts(q, S("@")))
		q = str_slice(q, 1, q.len);
	struct str host = q, name = str_cut(&host, '@');
	if (host.len > 0 && str_eq_nocase(host, host_of_site()))
		return (struct search_target){.account = named(db, a, name)};
	return (struct search_target){0};
}

/* People who may be meant, each once. */
enum { PREFIX_MAX = 40, FOLLOWED_MAX = 40, WORDS_MAX = 120 };
enum { CANDIDATES_MAX = PREFIX_MAX + FOLLOWED_MAX + WORDS_MAX };
struct candidates {
	int64_t id[CANDIDATES_MAX];
	size_t n;
	bool is_address; /* of one that was given whole */
};

static void candidate_add(struct candidates *c, int64_t id)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->id[i] == id)
			return;
	if (c->n < CANDIDATES_MAX)
		c->id[c->n++] = id;
}

/* Followed ones whose name begins so: among many others of that beginning they come first. */
static void followed_add(struct db *db, struct candidates *c, const struct people_ask *ask,
			 struct str key)
{
	enum { FOLLOWS_LOOKED_AT = 2000 };
	char end[ACCOUNT_NAME_MAX + 1];
	memcpy(end, key.at, key.len);
	end[key.len] = 127; /* above every character of a name */
	DB_EACH(row, db,
		"SELECT w.id FROM (SELECT target FROM follow WHERE actor = ?1 AND pending = 0 LIMIT ?4) f"
		" JOIN account w ON w.id = f.target WHERE w.name_key >= ?2 AND w.name_key < ?3"
		" ORDER BY w.followers_count DESC LIMIT ?5",
		A(ask->viewer), A(key), A(((struct str){end, key.len + 1})), A(FOLLOWS_LOOKED_AT),
		A(FOLLOWED_MAX))
		candidate_add(c, db_i64(&row, 0));
}

/* By words of their names, and of what they say about themselves. */
static void words_add(struct arena *a, struct candidates *c, const struct people_ask *ask,
		      struct str q)
{
	int64_t ids[WORDS_MAX];
	SCOPED_INDEX index = index_take();
	struct str match = query_people(a, q, ask->about ? S("names about") : S("names"));
	size_t n = index && match.len ? index_find_people(index, match, ids, WORDS_MAX) : 0;
	for (size_t i = 0; i < n; i++)
		candidate_add(c, ids[i]);
}

static struct str key_of_name(struct arena *a, struct str name)
{
	struct str key = arena_str(a, name);
	char *at = (char *)key.at;
	for (size_t i = 0; i < key.len; i++)
		at[i] = at[i] >= 'A' && at[i] <= 'Z' ? (char)(at[i] + 32) : at[i];
	return key;
}

static void gather(struct db *db, struct arena *a, const struct people_ask *ask, struct str name,
		   struct candidates *c)
{
	struct accounts first = account_search(db, a, name, PREFIX_MAX);
	for (size_t i = 0; i < first.n; i++)
		candidate_add(c, first.at[i].id);
	if (ask->viewer && name.len > 0 && name.len <= ACCOUNT_NAME_MAX)
		followed_add(db, c, ask, name);
	words_add(a, c, ask, ask->q);
}

/* Who of them is shown, and in which order: the very name, the followed, the most followed. */
struct ranked {
	int64_t id, followers;
	bool is_name, is_followed;
};

static int by_rank(const void *x, const void *y)
{
	const struct ranked *p = x, *q = y;
	if (p->is_name != q->is_name)
		return p->is_name ? -1 : 1;
	if (p->is_followed != q->is_followed)
		return p->is_followed ? -1 : 1;
	if (p->followers != q->followers)
		return p->followers > q->followers ? -1 : 1;
	return (p->id > q->id) - (p->id < q->id);
}

/*
 * Limited people are found by those who follow them; others have to know their address (?4). Whom
 * the viewer blocks is found when named in full: apps unblock by name. ?1 viewer, ?2 the name, ?3
 * only followed ones.
 */
#define BLOCKS(x, y) "EXISTS (SELECT 1 FROM block WHERE actor = " x " AND target = " y ")"
#define MAY_BE_FOUND \
	"w.state = 0 AND NOT " BLOCKS("w.id", "?1") " AND (w.name_key = ?2 OR NOT " BLOCKS( \
		"?1", "w.id") ") AND (mine OR (NOT ?3 AND (w.limited = 0 OR w.id = ?1 OR ?4)))"
#define MINE SQL_FOLLOWS("w.id") " AS mine"
#define RANKED \
	"SELECT w.id, w.followers_count, w.name_key = ?2, " MINE \
	" FROM account w WHERE " MAY_BE_FOUND " AND w.id IN (" IN40 ")"

static size_t rank_all(struct db *db, const struct people_ask *ask, struct str key,
		       const struct candidates *c, struct ranked *out)
{
	size_t n = 0;
	for (size_t at = 0; at < c->n; at += IN_WIDTH) {
		struct db_arg args[IN_WIDTH + 4] = {A(ask->viewer), A(key), A(ask->followed),
						    A(c->is_address)};
		ids_args(args + 4, c->id + at, c->n - at);
		DB_EACH_ARGS(row, db, RANKED, args, IN_WIDTH + 4)
		out[n++] = (struct ranked){db_i64(&row, 0), db_i64(&row, 1), db_i64(&row, 2) != 0,
					   db_i64(&row, 3) != 0};
	}
	qsort(out, n, sizeof *out, by_rank);
	return n;
}

struct accounts search_people(struct db *db, struct arena *a, const struct people_ask *ask)
{
	struct ranked *all = arena_array(a, CANDIDATES_MAX, sizeof *all);
	int64_t ids[PEOPLE_FOUND_MAX];
	struct search_target t = search_resolve(db, a, ask->q);
	struct candidates c = {.is_address = t.account != 0};
	if (ask->q.len == 0)
		return (struct accounts){0};
	struct str host = ask->q;
	if (str_starts(host, S("@")))
		host = str_slice(host, 1, host.len);
	struct str name = key_of_name(a, str_cut(&host, '@'));
	if (t.account)
		candidate_add(&c, t.account);
	else if (host.len == 0)
		gather(db, a, ask, name, &c);
	size_t n = rank_all(db, ask, name, &c, all), kept = 0;
	for (size_t i = (size_t)ask->offset; i < n && kept < (size_t)ask->limit; i++)
		if (kept < PEOPLE_FOUND_MAX)
			ids[kept++] = all[i].id;
	return accounts_load(db, a, ids, kept);
}

struct ids search_tags(struct db *db, struct arena *a, struct str q, int limit, int offset)
{
	struct ids out = ids_new(a, limit);
	if (str_starts(q, S("#")))
		q = str_slice(q, 1, q.len);
	struct str from = tag_fold(a, q);
	if (from.len == 0)
		return out;
	/* Behind everything that begins so: no tag holds U+10FFFF. */
	struct str to = arena_printf(a, "%.*s\xf4\x8f\xbf\xbf", (int)from.len, from.at);
	DB_EACH(row, db,
		"SELECT id FROM tag WHERE name >= ? AND name < ? ORDER BY name LIMIT ? OFFSET ?",
		A(from), A(to), A(limit), A(offset))
		ids_add(&out, db_i64(&row, 0), db_i64(&row, 0));
	return out;
}
