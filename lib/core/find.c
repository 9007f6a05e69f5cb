/* SPDX-License-Identifier: MIT */
/* Rounds of candidates from the index, each judged by one statement, until the page is full. */
#include "core/find.h"

#include "core/in40.h"
#include "core/index.h"
#include "core/query.h"
#include "core/timeline_private.h"

/* Whose kwips a "from:" names; "me" is the viewer. */
static int64_t named(struct db *db, const struct find_ask *ask, struct str name)
{
	char key[ACCOUNT_NAME_MAX];
	struct str host = name;
	name = str_cut(&host, '@');
	if (str_eq_nocase(name, S("me")))
		return ask->viewer;
	if (name.len == 0 || name.len > sizeof key)
		return 0;
	for (size_t i = 0; i < name.len; i++)
		key[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] + 32)
								: name.at[i];
	return DB_I64(db, 0, "SELECT id FROM account WHERE name_key = ? AND domain = ''",
		      A(((struct str){key, name.len})));
}

/* ?1 viewer, ?2 and ?3: may be found as public, as the viewer's own. */
#define IS_OWN \
	"k.author = ?1 OR EXISTS (SELECT 1 FROM mention WHERE mention.kwip = k.id AND account = ?1)" \
	" OR EXISTS (SELECT 1 FROM favourite f WHERE f.account = ?1 AND f.kwip = k.id)" \
	" OR EXISTS (SELECT 1 FROM bookmark b WHERE b.account = ?1 AND b.kwip = k.id)" \
	" OR EXISTS (SELECT 1 FROM kwip o WHERE o.boost_of = k.id AND o.author = ?1 AND o.boost_of IS NOT NULL)" \
	" OR EXISTS (SELECT 1 FROM poll p JOIN poll_vote v ON v.poll = p.id WHERE p.kwip = k.id AND v.account = ?1)"
#define IS_FINDABLE \
	"k.visibility = 0 AND EXISTS (SELECT 1 FROM account w WHERE w.id = k.author AND w.indexable = 1" \
	" AND (w.limited = 0 OR " SQL_FOLLOWS("w.id") "))"

#define MAY_BE_FOUND \
	"k.boost_of IS NULL AND ((?2 AND " IS_FINDABLE ") OR (?3 AND (" IS_OWN \
	"))) AND " SQL_SEES("k") " AND " SQL_NO_MUTE("k.author")

struct round {
	struct index_hit hit[IN_WIDTH];
	bool good[IN_WIDTH];
	size_t n;
};

/* The text that was found must be the one that stands there now. */
static void judge(struct db *db, int64_t viewer, enum query_scope scope, struct round *r)
{
	struct db_arg args[IN_WIDTH + 3] = {A(viewer), A(scope != QUERY_LIBRARY),
					    A(scope != QUERY_PUBLIC)};
	int64_t ids[IN_WIDTH];
	for (size_t i = 0; i < r->n; i++) {
		ids[i] = r->hit[i].id;
		r->good[i] = false;
	}
	ids_args(args + 3, ids, r->n);
	DB_EACH_ARGS(row, db,
		     "SELECT k.id, coalesce(k.edited_at, 0) FROM kwip k WHERE " MAY_BE_FOUND
		     " AND k.id IN (" IN40 ")",
		     args, IN_WIDTH + 3)
	{
		for (size_t i = 0; i < r->n; i++)
			r->good[i] |= ids[i] == db_i64(&row, 0) &&
				      r->hit[i].edited_at == db_i64(&row, 1);
	}
}

/* Ids that may be found, by the ask and the dates in it: strictly between. */
static void bounds_of(const struct find_ask *ask, const struct query *q, int64_t *low,
		      int64_t *high)
{
	*low = q->since_ms > 0 ? id_at(q->since_ms) - 1 : 0;
	*high = id_at(q->until_ms);
	if (ask->min_id > *low)
		*low = ask->min_id;
	if (ask->max_id > 0 && ask->max_id < *high)
		*high = ask->max_id;
}

static struct ids run(struct db *db, struct db *index, struct arena *a, const struct find_ask *ask,
		      const struct query *q, struct str match)
{
	struct ids out = ids_new(a, ask->limit);
	int64_t low, high, skip = ask->offset;
	bounds_of(ask, q, &low, &high);
	for (int looked = 0; looked < FIND_LOOKED_AT_MAX && out.n < (size_t)ask->limit;
	     looked += IN_WIDTH) {
		struct round r = {.n = 0};
		r.n = index_find(index, match, low, high, r.hit, IN_WIDTH);
		judge(db, ask->viewer, q->scope, &r);
		for (size_t i = 0; i < r.n && out.n < (size_t)ask->limit; i++)
			if (r.good[i] && skip-- <= 0)
				ids_add(&out, r.hit[i].id, r.hit[i].id);
		if (r.n < IN_WIDTH)
			break;
		high = r.hit[r.n - 1].id;
	}
	return out;
}

struct ids find_kwips(struct db *db, struct arena *a, const struct find_ask *ask)
{
	struct query *q = arena_take(a, sizeof *q);
	int64_t people[QUERY_ITEMS_MAX] = {0};
	SCOPED_INDEX index = index_take();
	query_parse(q, a, ask->q);
	for (size_t i = 0; index && i < q->n; i++)
		if (q->at[i].kind == QUERY_FROM)
			people[i] = named(db, ask, q->at[i].text);
	struct str match = query_match(a, q, people, ask->by);
	if (!index || match.len == 0 || ask->limit < 1)
		return (struct ids){0};
	return run(db, index, a, ask, q, match);
}

int64_t find_behind(struct db *db)
{
	enum { COUNTED_MAX = 10000 };
	struct index_place p;
	SCOPED_INDEX index = index_take();
	if (!index || !index_place(index, &p))
		return kwip_count(db);
	int64_t left = p.below && p.total > p.done ? p.total - p.done : 0;
	return left +
	       DB_I64(db, 0,
		      "SELECT count(*) FROM (SELECT kind FROM event WHERE seq > ? ORDER BY seq"
		      " LIMIT ?) AS unseen WHERE kind IN (1, 2, 3)",
		      A(p.seq), A(COUNTED_MAX));
}
