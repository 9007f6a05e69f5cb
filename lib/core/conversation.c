/* SPDX-License-Identifier: MIT */
/* Threads out of the flat conversation: two statements, then arrays. */
#include "core/conversation.h"

struct node {
	int64_t id, reply_to;
	size_t first, next; /* answers, and the next answer to the same; 0: none, else index + 1 */
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

/* The root and the comments the viewer may see, by id. */
static struct tree read_tree(struct db *db, struct arena *a, int64_t viewer, int64_t root, int most)
{
	struct tree t = {.at = arena_array(a, (size_t)most + 1, sizeof(struct node))};
	int64_t *ids = arena_array(a, (size_t)most + 1, sizeof(int64_t));
	size_t n = 0;
	ids[n++] = root;
	t.at[t.n++] = (struct node){.id = root};
	DB_EACH(row, db,
		"SELECT id, reply_to FROM kwip WHERE conversation = ? AND reply_to IS NOT NULL ORDER BY id LIMIT ?",
		A(root), A(most)) {
		ids[n++] = db_i64(&row, 0);
		t.at[t.n++] = (struct node){.id = db_i64(&row, 0), .reply_to = db_i64(&row, 1)};
	}
	size_t seen = kwips_visible(db, viewer, ids, n), kept = 0;
	for (size_t i = 0, k = 0; i < t.n && k < seen; i++) {
		if (t.at[i].id == ids[k]) {
			t.at[kept++] = t.at[i];
			k++;
		}
	}
	t.n = kept;
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

static struct ids ancestors_of(const struct tree *t, struct arena *a, size_t i)
{
	struct ids out = {.at = arena_array(a, t->n + 1, sizeof(int64_t))};
	size_t steps = 0;
	while (t->at[i].reply_to != 0 && steps++ < t->n) {
		i = find(t, t->at[i].reply_to);
		if (i == t->n)
			break;
		out.at[out.n++] = t->at[i].id;
	}
	for (size_t k = 0; k < out.n / 2; k++) {
		int64_t swap = out.at[k];
		out.at[k] = out.at[out.n - 1 - k];
		out.at[out.n - 1 - k] = swap;
	}
	out.cursor = out.at;
	return out;
}

/* Depth first with a stack of our own: a thread may be as deep as it likes. */
static struct ids descendants_of(const struct tree *t, struct arena *a, size_t i)
{
	struct ids out = {.at = arena_array(a, t->n + 1, sizeof(int64_t))};
	size_t *stack = arena_array(a, t->n + 1, sizeof(size_t)), depth = 0;
	if (t->at[i].first)
		stack[depth++] = t->at[i].first - 1;
	while (depth > 0) {
		const struct node *here = &t->at[stack[--depth]];
		out.at[out.n++] = here->id;
		if (here->next)
			stack[depth++] = here->next - 1;
		if (here->first)
			stack[depth++] = here->first - 1;
	}
	out.cursor = out.at;
	return out;
}

struct context conversation_context(struct db *db, struct arena *a, int64_t viewer, int64_t root, int64_t kwip,
				    int most)
{
	struct tree t = read_tree(db, a, viewer, root, most);
	link_answers(&t);
	size_t i = find(&t, kwip);
	if (i == t.n)
		return (struct context){0};
	return (struct context){.ancestors = ancestors_of(&t, a, i), .descendants = descendants_of(&t, a, i)};
}
