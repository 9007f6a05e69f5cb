/* SPDX-License-Identifier: MIT */
/*
 * Lists of people, page by page, and whom somebody may want to know. A page's two directions differ
 * in the statement only, so macros spell both.
 */
#include "core/people.h"

#include "core/in40.h"
#include "core/timeline_private.h"

#define PAGE(columns, from, key, dir) \
	DB_SQL("SELECT " columns " FROM " from " AND " key " > ?2 AND " key " < ?3 ORDER BY " key \
	       " " dir " LIMIT ?4")
/* Blocks, mutes and endorsements have no index by id: who has them has few. */
#define BOTH(columns, from, key) \
	{ \
		PAGE(columns, from, key, "DESC"), PAGE(columns, from, key, "ASC") \
	}

static const struct db_sql *page_sql(enum people_list which, bool up)
{
	const struct db_sql *const sql[PEOPLE_LISTS][2] = {
		[PEOPLE_FOLLOWERS] = BOTH("actor, id, 0",
					  "follow WHERE target = ?1 AND pending = 0", "id"),
		[PEOPLE_FOLLOWING] = BOTH("target, id, 0",
					  "follow WHERE actor = ?1 AND pending = 0", "id"),
		[PEOPLE_REQUESTS] = BOTH("actor, id, 0", "follow WHERE target = ?1 AND pending = 1",
					 "id"),
		[PEOPLE_BLOCKS] = BOTH("target, id, 0", "block WHERE actor = ?1", "id"),
		[PEOPLE_MUTES] = BOTH("target, id, coalesce(expires_at, 0)",
				      "mute WHERE actor = ?1", "id"),
		[PEOPLE_ENDORSED] = BOTH("target, id, 0", "endorsement WHERE actor = ?1", "id"),
		[PEOPLE_FAVOURITED] = BOTH("account, id, 0", "favourite WHERE kwip = ?1", "id"),
		[PEOPLE_BOOSTED] = BOTH(
			"author, id, 0",
			"kwip WHERE boost_of = ?1 AND boost_of IS NOT NULL AND visibility < 2",
			"id"),
	};
	return sql[which][up];
}

/* The rows of one page, newest first. */
struct page {
	int64_t who[PEOPLE_MAX], id[PEOPLE_MAX], expires_at[PEOPLE_MAX];
	size_t n;
};

static void page_read(struct db *db, enum people_list which, int64_t of, struct range r,
		      struct page *p)
{
	struct db_arg args[] = {A(of), A(r.low), A(r.high), A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, page_sql(which, r.up),
								       args, 4);
	p->n = 0;
	while (p->n < (size_t)r.limit && db_next(&row)) {
		p->who[p->n] = db_i64(&row, 0);
		p->id[p->n] = db_i64(&row, 1);
		p->expires_at[p->n++] = db_i64(&row, 2);
	}
	if (!r.up)
		return;
	page_turn(p->who, p->n, sizeof *p->who);
	page_turn(p->id, p->n, sizeof *p->id);
	page_turn(p->expires_at, p->n, sizeof *p->expires_at);
}

static int64_t expiry_of(const struct page *p, int64_t who)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->who[i] == who)
			return p->expires_at[i];
	return 0;
}

/* Suspended people keep their relations, yet nobody is shown them; blocked and muted ones are shown
 * all the same, to be let go. */
static bool is_shown(enum people_list which, const struct account *who)
{
	return who->state == ACCOUNT_ACTIVE || which == PEOPLE_BLOCKS || which == PEOPLE_MUTES;
}

struct people people_page(struct db *db, struct arena *a, enum people_list which, int64_t of,
			  struct span s)
{
	struct range r = range_of(s);
	struct page p;
	if (r.limit < 1 || r.limit > PEOPLE_MAX)
		r.limit = PEOPLE_MAX;
	page_read(db, which, of, r, &p);
	struct people out = {.who = accounts_load(db, a, p.who, p.n),
			     .first = p.n ? p.id[0] : 0,
			     .last = p.n ? p.id[p.n - 1] : 0,
			     .full = p.n == (size_t)r.limit};
	out.expires_at = arena_array(a, out.who.n, sizeof *out.expires_at);
	size_t kept = 0;
	for (size_t i = 0; i < out.who.n; i++) {
		if (!is_shown(which, &out.who.at[i]))
			continue;
		out.expires_at[kept] = expiry_of(&p, out.who.at[i].id);
		out.who.at[kept++] = out.who.at[i];
	}
	out.who.n = kept;
	return out;
}

static void take_out(struct accounts *list, int64_t id)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].id != id)
			list->at[kept++] = list->at[i];
	list->n = kept;
}

void people_keep_shown(struct db *db, int64_t viewer, struct accounts *list)
{
	int64_t ids[PEOPLE_MAX];
	size_t n = list->n < PEOPLE_MAX ? list->n : PEOPLE_MAX;
	for (size_t i = 0; i < n; i++)
		ids[i] = list->at[i].id;
	for (size_t at = 0; viewer && at < n;) {
		struct db_arg args[1 + IN_WIDTH] = {A(viewer)};
		size_t taken = ids_args(args + 1, ids + at, n - at);
		DB_EACH_ARGS(
			row, db,
			"SELECT w.id FROM account w WHERE (EXISTS (SELECT 1 FROM block WHERE actor = ?1 AND target = w.id)"
			" OR EXISTS (SELECT 1 FROM block WHERE actor = w.id AND target = ?1)"
			" OR EXISTS (SELECT 1 FROM mute WHERE actor = ?1 AND target = w.id)) AND w.id IN (" IN40
			")",
			args, 1 + IN_WIDTH)
		take_out(list, db_i64(&row, 0));
		at += taken;
	}
}

static bool has(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* FAMILIAR_MAX of each target. */
static void familiar_read(struct db *db, int64_t viewer, const int64_t *targets, size_t n,
			  struct familiars *out)
{
	struct db_arg args[1 + IN_WIDTH] = {A(viewer)};
	_Static_assert(FAMILIAR_MAX == 10, "the statement says so, too");
	ids_args(args + 1, targets, n);
	DB_EACH_ARGS(
		row, db,
		"SELECT target, who FROM (SELECT theirs.target, mine.target AS who,"
		" row_number() OVER (PARTITION BY theirs.target ORDER BY mine.target) AS place"
		" FROM follow mine JOIN follow theirs ON theirs.actor = mine.target"
		" JOIN account w ON w.id = mine.target"
		" WHERE mine.actor = ?1 AND mine.pending = 0 AND theirs.pending = 0 AND w.state = 0"
		" AND w.hide_collections = 0 AND theirs.target IN (" IN40 ")) WHERE place <= 10",
		args, 1 + IN_WIDTH)
	out->at[out->n++] = (struct familiar){db_i64(&row, 0), db_i64(&row, 1)};
}

struct familiars people_familiar(struct db *db, struct arena *a, int64_t viewer,
				 const int64_t *targets, size_t n)
{
	struct familiars out = {.at = arena_array(a, n * FAMILIAR_MAX, sizeof *out.at)};
	for (size_t at = 0; at < n; at += IN_WIDTH)
		familiar_read(db, viewer, targets + at, n - at, &out);
	int64_t *ids = arena_array(a, out.n, sizeof *ids);
	size_t known = 0;
	for (size_t i = 0; i < out.n; i++)
		if (!has(ids, known, out.at[i].who))
			ids[known++] = out.at[i].who;
	out.who = accounts_load(db, a, ids, known);
	return out;
}

/* ?1 may be offered w. */
#define MAY_SUGGEST \
	"w.id <> ?1 AND w.state = 0 AND w.discoverable = 1 AND w.limited = 0 AND w.domain = ''" \
	" AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.actor = ?1 AND f.target = w.id)" \
	" AND NOT EXISTS (SELECT 1 FROM suggestion_hidden s WHERE s.actor = ?1 AND s.target = w.id)" \
	" AND " SQL_NO_BLOCK("w.id") " AND " SQL_NO_MUTE("w.id")

/* Of the newest followees, so that whoever follows thousands does not wait. */
enum { FOLLOWEES_ASKED = 100, FAMOUS_ASKED = 200 };

/* Adds those of the candidates that actor may be offered and that are not there yet, up to most. */
static void suggest_famous(struct db *db, int64_t actor, const struct accounts *famous,
			   int64_t *ids, size_t *n, size_t most)
{
	for (size_t at = 0; at < famous->n && *n < most; at += IN_WIDTH) {
		int64_t asked[IN_WIDTH], may[IN_WIDTH];
		size_t n_asked = 0, n_may = 0;
		for (size_t i = at; i < famous->n && n_asked < IN_WIDTH; i++)
			asked[n_asked++] = famous->at[i].id;
		struct db_arg args[1 + IN_WIDTH] = {A(actor)};
		ids_args(args + 1, asked, n_asked);
		DB_EACH_ARGS(row, db,
			     "SELECT w.id FROM account w WHERE " MAY_SUGGEST " AND w.id IN (" IN40
			     ")",
			     args, 1 + IN_WIDTH)
		may[n_may++] = db_i64(&row, 0);
		for (size_t i = 0; i < n_asked && *n < most; i++)
			if (has(may, n_may, asked[i]) && !has(ids, *n, asked[i]))
				ids[(*n)++] = asked[i];
	}
}

struct accounts people_suggested(struct db *db, struct arena *a, int64_t actor, int limit,
				 size_t *shared)
{
	int64_t ids[PEOPLE_MAX];
	size_t n = 0, most = limit < 1 || limit > PEOPLE_MAX ? PEOPLE_MAX : (size_t)limit;
	DB_EACH(row, db,
		"SELECT w.id FROM (SELECT target FROM follow WHERE actor = ?1 AND pending = 0 ORDER BY id DESC LIMIT ?2) mine"
		" JOIN follow theirs ON theirs.actor = mine.target AND theirs.pending = 0"
		" JOIN account w ON w.id = theirs.target WHERE " MAY_SUGGEST
		" GROUP BY w.id ORDER BY count(*) DESC, w.id LIMIT ?3",
		A(actor), A(FOLLOWEES_ASKED), A((int64_t)most))
		ids[n++] = db_i64(&row, 0);
	*shared = n;
	struct accounts known = account_directory(db, a, false, FAMOUS_ASKED, 0);
	suggest_famous(db, actor, &known, ids, &n, most);
	return accounts_load(db, a, ids, n);
}

void people_suggestion_hide(struct tx *tx, int64_t actor, int64_t target)
{
	TX_DO(tx,
	      "INSERT INTO suggestion_hidden (actor, target) VALUES (?, ?) ON CONFLICT DO NOTHING",
	      A(actor), A(target));
}
