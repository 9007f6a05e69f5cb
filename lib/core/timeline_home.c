/* SPDX-License-Identifier: MIT */
/*
 * Home, straight from the tables: the definition that the cache must equal. Everybody followed is a
 * stream of kwips by falling (or rising) key; a heap holds the next of each, and what comes out is
 * asked whether it belongs (timeline_home_has). Costs one index look per followee and a few per
 * kwip taken.
 */
#include "core/timeline_private.h"

/* Not blocked either way, not muted: for somebody a kwip has to do with, if there is anybody. */
#define SQL_AT_PEACE(who) "(" who " IS NULL OR (" SQL_NO_BLOCK(who) " AND " SQL_NO_MUTE(who) "))"

/* The text in timeline.h, term by term. The author's blocks are in SQL_SEES already. */
bool timeline_home_has(struct db *db, int64_t viewer, int64_t kwip, bool show_repeats)
{
	return DB_I64(db, 0,
		      "SELECT 1 FROM kwip k LEFT JOIN follow f ON f.actor = ?1 AND f.target = k.author AND f.pending = 0 "
		      "LEFT JOIN kwip b ON b.id = k.boost_of WHERE k.id = ?2 AND (k.repeat_of IS NULL OR ?3 = 1) "
		      "AND (k.author = ?1 OR (f.target IS NOT NULL "
		      "AND (k.boost_of IS NULL OR f.boosts = 1) "
		      "AND (k.reply_to IS NULL OR k.reply_to_author = ?1 OR k.reply_to_author = k.author OR " SQL_FOLLOWS("k.reply_to_author") "))) AND " SQL_NO_MUTE(
			      "k.author") " AND " SQL_SEES("k") " AND " SQL_AT_PEACE("k.reply_to_author") " AND " SQL_AT_PEACE("b.author"),
		      A(viewer), A(kwip), A(show_repeats)) != 0;
}

struct stream {
	int64_t author;
	int64_t key; /* of its next kwip */
};
struct merge {
	struct db *db;
	int64_t viewer;
	enum order order;
	struct range range;
	struct stream *heap; /* the first in order on top */
	size_t n, cap;
	struct arena *a;
};

static bool goes_first(const struct merge *m, size_t x, size_t y)
{
	return m->range.up ? m->heap[x].key < m->heap[y].key : m->heap[x].key > m->heap[y].key;
}

static void swap(struct merge *m, size_t x, size_t y)
{
	struct stream s = m->heap[x];
	m->heap[x] = m->heap[y];
	m->heap[y] = s;
}

static void sift_down(struct merge *m, size_t at)
{
	for (;;) {
		size_t first = at;
		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < m->n; child++) {
			if (goes_first(m, child, first))
				first = child;
		}
		if (first == at)
			return;
		swap(m, at, first);
		at = first;
	}
}

static void heap_add(struct merge *m, struct stream s)
{
	if (m->n == m->cap) {
		struct stream *more = arena_array(m->a, m->cap ? 2 * m->cap : 64, sizeof *more);
		if (m->n)
			memcpy(more, m->heap, m->n * sizeof *more);
		m->heap = more;
		m->cap = m->cap ? 2 * m->cap : 64;
	}
	m->heap[m->n++] = s;
}

#define ROOT " AND reply_to IS NULL AND boost_of IS NULL"
#define NEXT_OF(author, key, op, roots, dir) \
	"SELECT " key " FROM kwip WHERE author = " author " AND " key " " op " ?2" roots \
	" ORDER BY " key " " dir " LIMIT 1"
/* The next key of everybody at once. */
#define SEED(key, op, roots, dir) \
	DB_SQL("SELECT f.target, (" NEXT_OF( \
		"f.target", key, op, roots, \
		dir) ") " \
		     "FROM follow f WHERE f.actor = ?1 AND f.pending = 0")
/* The next key of one, beyond a key. */
#define STEP(key, op, roots, dir) DB_SQL(NEXT_OF("?1", key, op, roots, dir))

static const struct db_sql *step_sql(const struct merge *m)
{
	if (m->order == ORDER_ACTIVE)
		return m->range.up ? STEP("activity", ">", ROOT, "ASC")
				   : STEP("activity", "<", ROOT, "DESC");
	return m->range.up ? STEP("id", ">", "", "ASC") : STEP("id", "<", "", "DESC");
}

static const struct db_sql *seed_sql(const struct merge *m)
{
	if (m->order == ORDER_ACTIVE)
		return m->range.up ? SEED("activity", ">", ROOT, "ASC")
				   : SEED("activity", "<", ROOT, "DESC");
	return m->range.up ? SEED("id", ">", "", "ASC") : SEED("id", "<", "", "DESC");
}

static bool in_range(const struct merge *m, int64_t key)
{
	return key > m->range.low && key < m->range.high;
}

/* The author's next key beyond this one; 0 when there is none in range. */
static int64_t step(struct merge *m, int64_t author, int64_t key)
{
	struct db_arg args[] = {A(author), A(key)};
	int64_t next = db_one(m->db, 0, step_sql(m), args, 2);
	return in_range(m, next) ? next : 0;
}

static void seed(struct merge *m)
{
	int64_t from = m->range.up ? m->range.low : m->range.high;
	struct db_arg args[] = {A(m->viewer), A(from)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(m->db, seed_sql(m), args, 2);
	while (db_next(&row)) {
		struct stream s = {db_i64(&row, 0), db_i64(&row, 1)};
		if (s.author != m->viewer && s.key && in_range(m, s.key))
			heap_add(m, s);
	}
	struct stream own = {m->viewer, step(m, m->viewer, from)};
	if (own.key)
		heap_add(m, own);
	for (size_t i = m->n / 2; i-- > 0;)
		sift_down(m, i);
}

static int64_t kwip_at(const struct merge *m, struct stream s)
{
	if (m->order == ORDER_RECENT)
		return s.key;
	return DB_I64(
		m->db, 0,
		"SELECT id FROM kwip WHERE author = ? AND activity = ? AND reply_to IS NULL AND boost_of IS NULL LIMIT 1",
		A(s.author), A(s.key));
}

static struct ids merge(struct merge *m, bool show_repeats)
{
	struct ids out = ids_new(m->a, m->range.limit);
	seed(m);
	while (m->n && out.n < (size_t)m->range.limit) {
		struct stream *top = &m->heap[0];
		int64_t kwip = kwip_at(m, *top);
		if (timeline_home_has(m->db, m->viewer, kwip, show_repeats))
			ids_add(&out, kwip, top->key);
		top->key = step(m, top->author, top->key);
		if (!top->key)
			m->heap[0] = m->heap[--m->n];
		sift_down(m, 0);
	}
	if (m->range.up)
		ids_reverse(&out);
	return out;
}

struct ids timeline_home(struct db *db, struct arena *a, struct span s, int64_t viewer,
			 bool show_repeats)
{
	struct merge m = {
		.db = db, .a = a, .viewer = viewer, .order = s.order, .range = range_of(s)};
	return merge(&m, show_repeats);
}

struct ids timeline_home_all(struct db *db, struct arena *a, int64_t viewer, enum order order,
			     int limit)
{
	return timeline_home(db, a, (struct span){.limit = limit, .order = order}, viewer, true);
}
