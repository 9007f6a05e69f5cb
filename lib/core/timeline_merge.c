/* SPDX-License-Identifier: MIT */
/*
 * Timelines put together from many sources. Every source (an author, a tag) is a stream of kwips by
 * falling (or rising) key; a heap holds the next of each, and what comes out is asked whether it
 * belongs. Costs one index look per source and a few per kwip taken.
 */
#include "core/timeline_private.h"

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

static bool in_range(const struct merge *m, int64_t key)
{
	return key > m->range.low && key < m->range.high;
}

void merge_add(struct merge *m, enum stream_kind kind, int64_t of, int64_t key)
{
	if (key == 0 || !in_range(m, key))
		return;
	if (m->n == m->cap) {
		struct stream *more = arena_array(m->a, m->cap ? 2 * m->cap : 64, sizeof *more);
		if (m->n)
			memcpy(more, m->heap, m->n * sizeof *more);
		m->heap = more;
		m->cap = m->cap ? 2 * m->cap : 64;
	}
	m->heap[m->n++] = (struct stream){kind, of, key};
}

int64_t merge_from(const struct merge *m)
{
	return m->range.up ? m->range.low : m->range.high;
}

const struct db_sql *merge_way(const struct merge *m, const struct ways *w)
{
	if (m->order == ORDER_ACTIVE)
		return m->range.up ? w->active_up : w->active_down;
	return m->range.up ? w->recent_up : w->recent_down;
}

int64_t merge_next(const struct merge *m, enum stream_kind kind, int64_t of, int64_t key)
{
	const struct ways of_author = {
		.recent_down = DB_SQL(NEXT_OF_AUTHOR("?1", RECENT_DOWN)),
		.recent_up = DB_SQL(NEXT_OF_AUTHOR("?1", RECENT_UP)),
		.active_down = DB_SQL(NEXT_OF_AUTHOR("?1", ACTIVE_DOWN)),
		.active_up = DB_SQL(NEXT_OF_AUTHOR("?1", ACTIVE_UP)),
	};
	const struct ways of_tag = {
		.recent_down = DB_SQL(NEXT_OF_TAG("?1", "kwip", "<", "", "DESC")),
		.recent_up = DB_SQL(NEXT_OF_TAG("?1", "kwip", ">", "", "ASC")),
		.active_down = DB_SQL(NEXT_OF_TAG("?1", "activity", "<", TAG_ROOT, "DESC")),
		.active_up = DB_SQL(NEXT_OF_TAG("?1", "activity", ">", TAG_ROOT, "ASC")),
	};
	struct db_arg args[] = {A(of), A(key)};
	const struct ways *ways = kind == STREAM_TAG ? &of_tag : &of_author;
	return db_one(m->db, 0, merge_way(m, ways), args, 2);
}

static int64_t kwip_at(const struct merge *m, struct stream s)
{
	if (m->order == ORDER_RECENT)
		return s.key;
	if (s.kind == STREAM_TAG)
		return DB_I64(m->db, 0,
			      "SELECT kwip FROM kwip_tag WHERE tag = ? AND activity = ? "
			      "AND activity IS NOT NULL LIMIT 1",
			      A(s.of), A(s.key));
	return DB_I64(
		m->db, 0,
		"SELECT id FROM kwip WHERE author = ? AND activity = ? AND reply_to IS NULL AND boost_of IS NULL LIMIT 1",
		A(s.of), A(s.key));
}

/* Keys are unique, so what two streams hold comes out twice in a row. */
struct ids merge_run(struct merge *m)
{
	struct ids out = ids_new(m->a, m->range.limit);
	int64_t before = 0;
	for (size_t i = m->n / 2; i-- > 0;)
		sift_down(m, i);
	while (m->n && out.n < (size_t)m->range.limit) {
		struct stream *top = &m->heap[0];
		int64_t key = top->key;
		if (key != before) {
			int64_t kwip = kwip_at(m, *top);
			if (m->belongs(m, kwip))
				ids_add(&out, kwip, key);
		}
		before = key;
		top->key = merge_next(m, top->kind, top->of, key);
		if (top->key == 0 || !in_range(m, top->key))
			m->heap[0] = m->heap[--m->n];
		sift_down(m, 0);
	}
	if (m->range.up)
		ids_reverse(&out);
	return out;
}
