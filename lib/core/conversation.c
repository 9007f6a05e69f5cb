/* SPDX-License-Identifier: MIT */
/* Threads out of the flat conversation: what is below a kwip in one statement, then arrays; what is
 * above step by step. */
#include <stdlib.h>

#include "core/conversation.h"
#include "core/timeline_private.h"

/* Of a kwip k: may the viewer see it, and hears who said it? */
#define SQL_SHOWN \
	"CASE WHEN " SQL_SEES_ROW("k") " AND " SQL_NO_MUTE("k.author") " AND " SQL_HEARS( \
		"k.author") " THEN 1 ELSE 0 END"

struct node {
	int64_t id, reply_to;
	size_t first, next; /* answers, and the next answer to the same; 0: none, else index + 1 */
	bool shown;         /* what is not still holds its answers in their place */
};
struct tree {
	struct node *at;
	size_t n;
};

static size_t find(const struct tree *t, int64_t id)
{
	size_t low = 0, high = t->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (t->at[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return low < t->n && t->at[low].id == id ? low : t->n;
}

static int by_id(const void *x, const void *y)
{
	const struct node *a = x, *b = y;
	return (a->id > b->id) - (a->id < b->id);
}

/*
 * The kwip, and by id the comments of its conversation that may stand below it: an answer is newer
 * than what it answers, but for those that a root got from a repeat of it.
 */
static struct tree read_tree(struct db *db, struct arena *a, int64_t viewer,
			     const struct kwip_row *k)
{
	enum { MOST = 4096 };
	struct tree t = {.at = arena_array(a, MOST + 1, sizeof(struct node))};
	t.at[t.n++] = (struct node){.id = k->id};
	DB_EACH(row, db,
		"SELECT k.id, k.reply_to, " SQL_SHOWN
		" FROM kwip k WHERE k.conversation = ?2 AND k.reply_to IS NOT NULL "
		"AND k.id > ?3 ORDER BY k.id LIMIT ?4",
		A(viewer), A(k->conversation), A(k->reply_to ? k->id : 0), A(MOST))
		t.at[t.n++] = (struct node){.id = db_i64(&row, 0),
					    .reply_to = db_i64(&row, 1),
					    .shown = db_i64(&row, 2) != 0};
	qsort(t.at, t.n, sizeof *t.at, by_id);
	return t;
}

static void link_answers(struct tree *t)
{
	for (size_t i = t->n; i-- > 0;) {
		size_t parent = t->at[i].reply_to ? find(t, t->at[i].reply_to) : t->n;
		if (parent == t->n)
			continue;
		t->at[i].next = t->at[parent].first;
		t->at[parent].first = i + 1;
	}
}

/* Upwards, one look-up each: the way is short in all but the strangest conversations. */
static struct ids ancestors_of(struct db *db, struct arena *a, int64_t viewer,
			       const struct kwip_row *k, int most)
{
	struct ids out = {.at = arena_array(a, (size_t)most, sizeof(int64_t))};
	int64_t id = k->reply_to, above;
	for (int step = 0; id != 0 && step < most; step++, id = above) {
		above = 0;
		DB_EACH(row, db, "SELECT k.reply_to, " SQL_SHOWN " FROM kwip k WHERE k.id = ?2",
			A(viewer), A(id)) {
			above = db_i64(&row, 0);
			if (db_i64(&row, 1))
				out.at[out.n++] = id;
		}
	}
	out.cursor = out.at;
	ids_reverse(&out);
	return out;
}

/* A place on the way through the tree; an answer to the kwip itself has depth 1. */
struct place {
	size_t node;
	int depth;
};

/* Depth first with a stack of our own: a thread may be as deep as it likes. */
static struct ids descendants_of(const struct tree *t, struct arena *a, size_t i,
				 struct context_most most)
{
	struct ids out = {.at = arena_array(a, t->n + 1, sizeof(int64_t))};
	struct place *stack = arena_array(a, t->n + 1, sizeof(*stack));
	size_t waiting = 0;
	if (t->at[i].first)
		stack[waiting++] = (struct place){t->at[i].first - 1, 1};
	while (waiting > 0 && out.n < (size_t)most.descendants) {
		struct place p = stack[--waiting];
		const struct node *here = &t->at[p.node];
		if (here->shown)
			out.at[out.n++] = here->id;
		if (here->next)
			stack[waiting++] = (struct place){here->next - 1, p.depth};
		if (here->first && p.depth < most.depth)
			stack[waiting++] = (struct place){here->first - 1, p.depth + 1};
	}
	out.cursor = out.at;
	return out;
}

struct context conversation_context(struct db *db, struct arena *a, int64_t viewer, int64_t kwip,
				    struct context_most most)
{
	struct kwip_row k;
	if (!kwip_row_get(db, kwip, &k))
		return (struct context){0};
	struct tree t = read_tree(db, a, viewer, &k);
	link_answers(&t);
	return (struct context){.ancestors = ancestors_of(db, a, viewer, &k, most.ancestors),
				.descendants = descendants_of(&t, a, find(&t, kwip), most)};
}
