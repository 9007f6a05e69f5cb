/* SPDX-License-Identifier: MIT */
/*
 * Finding routes: a tree of the parts of their paths, made once. Literal children are found by one
 * hash of (parent, part), patterns (":id", "@:name", ":name.rss") by trying the few there are at a
 * place. Every request asks, so nothing is allocated when looking. Called by dispatch.c.
 */
#include "http/route.h"

#include <stdlib.h>

enum { PARTS_MAX = 4, DEPTH_MAX = 12 };

struct node {
	struct str part; /* as in the pattern */
	uint32_t parent;
	uint32_t patterns; /* first child that is a pattern, 0: none */
	uint32_t next;     /* sibling pattern */
	int weight;        /* literal bytes up to here: "/kwips/new" is meant before "/kwips/:id" */
	const struct route *at[METHOD_COUNT];
};

/* Node 0 is the root; slots hold the numbers of literal nodes, 0 for empty. */
struct route_index {
	struct node *nodes;
	uint32_t n, cap;
	uint32_t *slots;
	uint32_t mask;
};

static uint32_t slot_of(const struct route_index *x, uint32_t parent, struct str part)
{
	uint32_t h = 2166136261u ^ parent * 2654435769u;

	for (size_t i = 0; i < part.len; i++)
		h = (h ^ (unsigned char)part.at[i]) * 16777619u;
	h ^= h >> 15;
	for (h &= x->mask; x->slots[h]; h = (h + 1) & x->mask) {
		const struct node *node = &x->nodes[x->slots[h]];
		if (node->parent == parent && str_eq(node->part, part))
			break;
	}
	return h;
}

static bool is_pattern(struct str part)
{
	return str_find_char(part, ':') >= 0;
}

/* Literal bytes of a part and the slash before it. */
static int weight_of(struct str part)
{
	ptrdiff_t colon = str_find_char(part, ':');
	ptrdiff_t dot = colon < 0 ? -1 : str_find_char(part, '.');

	if (colon < 0)
		return 1 + (int)part.len;
	return 1 + (int)colon + (dot < 0 ? 0 : (int)((ptrdiff_t)part.len - dot));
}

static uint32_t node_new(struct route_index *x, uint32_t parent, struct str part)
{
	if (x->n == x->cap)
		die("the route index is too small");
	x->nodes[x->n] = (struct node){.part = part,
				       .parent = parent,
				       .weight = x->nodes[parent].weight + weight_of(part)};
	return x->n++;
}

static uint32_t child_pattern(struct route_index *x, uint32_t parent, struct str part)
{
	for (uint32_t i = x->nodes[parent].patterns; i; i = x->nodes[i].next)
		if (str_eq(x->nodes[i].part, part))
			return i;
	uint32_t child = node_new(x, parent, part);
	x->nodes[child].next = x->nodes[parent].patterns;
	x->nodes[parent].patterns = child;
	return child;
}

static uint32_t child_literal(struct route_index *x, uint32_t parent, struct str part)
{
	uint32_t slot = slot_of(x, parent, part);

	if (!x->slots[slot])
		x->slots[slot] = node_new(x, parent, part);
	return x->slots[slot];
}

static void add(struct route_index *x, const struct route *r)
{
	struct str rest = str_slice(str_of(r->path), 1, SIZE_MAX);
	uint32_t node = 0;

	while (rest.len) {
		struct str part = str_cut(&rest, '/');
		node = is_pattern(part) ? child_pattern(x, node, part)
					: child_literal(x, node, part);
	}
	if (!x->nodes[node].at[r->method])
		x->nodes[node].at[r->method] = r;
}

static uint32_t count_parts(const struct route_table *tables, size_t n)
{
	uint32_t parts = 1;

	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t].n; i++)
			for (const char *p = tables[t].at[i].path; *p; p++)
				parts += *p == '/';
	return parts;
}

struct route_index *route_index_new(const struct route_table *tables, size_t n)
{
	struct route_index *x = calloc(1, sizeof *x);
	uint32_t parts = count_parts(tables, n), slots = 64;

	while (slots < 4 * parts)
		slots *= 2;
	if (x) {
		*x = (struct route_index){.n = 1, .cap = parts + 1, .mask = slots - 1};
		x->nodes = calloc(x->cap, sizeof *x->nodes);
		x->slots = calloc(slots, sizeof *x->slots);
	}
	if (!x || !x->nodes || !x->slots)
		die("out of memory");
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t].n; i++)
			add(x, &tables[t].at[i]);
	return x;
}

void route_index_free(struct route_index *x)
{
	if (!x)
		return;
	free(x->nodes);
	free(x->slots);
	free(x);
}

struct look {
	const struct route_index *x;
	struct str path[DEPTH_MAX]; /* its parts */
	int depth;
	enum method m;
	unsigned allow;
	struct str found[PARTS_MAX]; /* on the way to the node at hand */
	const struct route *best;
	int best_weight;
	struct str best_found[PARTS_MAX];
};

/* What a request with this method may use instead: clients say PUT where PATCH is meant. */
static const struct route *route_at(const struct node *node, enum method m)
{
	if (node->at[m])
		return node->at[m];
	if (m == METHOD_PUT)
		return node->at[METHOD_PATCH];
	return m == METHOD_PATCH ? node->at[METHOD_PUT] : NULL;
}

static void arrive(struct look *l, const struct node *node)
{
	for (int m = 0; m < METHOD_COUNT; m++)
		l->allow |= route_at(node, (enum method)m) ? 1u << m : 0;
	const struct route *r = route_at(node, l->m);
	if (!r || (l->best && l->best_weight >= node->weight))
		return;
	l->best = r;
	l->best_weight = node->weight;
	memcpy(l->best_found, l->found, sizeof l->found);
}

/* What the ':' of a pattern stands for in this part; false when the text around it differs. */
static bool fits(struct str pattern, struct str part, struct str *value)
{
	size_t head = (size_t)str_find_char(pattern, ':');
	ptrdiff_t dot = str_find_char(pattern, '.');
	struct str tail = str_slice(pattern, dot < 0 ? pattern.len : (size_t)dot, pattern.len);

	if (part.len <= head + tail.len || !str_starts(part, str_slice(pattern, 0, head)) ||
	    !str_ends(part, tail))
		return false;
	*value = str_slice(part, head, part.len - tail.len);
	return true;
}

/* From a node whose `depth` parts have matched, `n` of them patterns, on to the end of the path. */
static void walk(struct look *l, uint32_t at, int depth, int n)
{
	const struct route_index *x = l->x;

	if (depth == l->depth) {
		arrive(l, &x->nodes[at]);
		return;
	}
	uint32_t child = x->slots[slot_of(x, at, l->path[depth])];
	if (child)
		walk(l, child, depth + 1, n);
	for (child = x->nodes[at].patterns; child && n < PARTS_MAX; child = x->nodes[child].next) {
		if (fits(x->nodes[child].part, l->path[depth], &l->found[n]))
			walk(l, child, depth + 1, n + 1);
		l->found[n] = (struct str){0};
	}
}

const struct route *route_find(const struct route_index *x, enum method m, struct str path,
			       struct str parts[4], unsigned *allow)
{
	struct look l = {.x = x, .m = m};

	if (path.len && path.at[0] == '/') {
		struct str rest = str_slice(path, 1, path.len);
		if (rest.len && rest.at[rest.len - 1] == '/')
			rest.len--;
		while ((rest.len || (rest.at && l.depth)) && l.depth < DEPTH_MAX)
			l.path[l.depth++] = str_cut(&rest, '/');
		if (!rest.at || !l.depth)
			walk(&l, 0, 0, 0);
	}
	*allow = l.allow;
	memcpy(parts, l.best_found, sizeof l.best_found);
	return l.best;
}
