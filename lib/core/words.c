/* SPDX-License-Identifier: MIT */
/*
 * The automaton: a trie of the folded words, for each node the node of its longest proper suffix
 * that is in the trie (fail), and the next suffix that is a whole word (out). Steps of the trie
 * stand in one hash table, since few of a node's possible steps are there.
 */
#include "core/words.h"

#include "base/utf8.h"

struct node {
	uint32_t parent, c; /* the step that leads here */
	uint32_t fail, out;
	uint32_t depth;
	uint32_t first; /* word that ends here + 1; others follow by `same` */
	bool starts_word, ends_word;
};
struct step {
	uint64_t key; /* from node + 1, code point; 0: free */
	uint32_t to;
};
struct words {
	struct arena *a;
	const struct word *all;
	uint32_t *same; /* per word: the next one of the same letters + 1 */
	struct node *node;
	uint32_t n; /* nodes; 0 is the root */
	struct step *step;
	size_t mask;
};

static struct step *step_slot(const struct words *ws, uint32_t from, uint32_t c)
{
	uint64_t key = ((uint64_t)from + 1) << 21 | c;
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & ws->mask;
	while (ws->step[i].key != 0 && ws->step[i].key != key)
		i = (i + 1) & ws->mask;
	return &ws->step[i];
}

/* 0 (the root, where no step leads): there is none. */
static uint32_t step_of(const struct words *ws, uint32_t from, uint32_t c)
{
	return step_slot(ws, from, c)->to;
}

static uint32_t step_make(struct words *ws, uint32_t from, uint32_t c)
{
	struct step *s = step_slot(ws, from, c);
	if (s->key == 0) {
		const struct node *p = &ws->node[from];
		s->key = ((uint64_t)from + 1) << 21 | c;
		s->to = ws->n;
		ws->node[ws->n++] = (struct node){
			.parent = from,
			.c = c,
			.depth = p->depth + 1,
			.starts_word = from == 0 ? utf8_is_word(c) : p->starts_word,
			.ends_word = utf8_is_word(c),
		};
	}
	return s->to;
}

static void word_add(struct words *ws, size_t which)
{
	struct str text = ws->all[which].text;
	uint32_t at = 0;
	for (size_t i = 0; i < text.len;)
		at = step_make(ws, at, utf8_fold(utf8_next(text, &i)));
	if (at == 0)
		return;
	ws->same[which] = ws->node[at].first;
	ws->node[at].first = (uint32_t)which + 1;
}

/* Where the automaton goes from a node by a code point. */
static uint32_t go(const struct words *ws, uint32_t at, uint32_t c)
{
	for (;;) {
		uint32_t to = step_of(ws, at, c);
		if (to != 0 || at == 0)
			return to;
		at = ws->node[at].fail;
	}
}

/* Nodes by depth, so that shorter ones are done first. */
static uint32_t *by_depth(struct words *ws)
{
	uint32_t *order = arena_array(ws->a, ws->n, sizeof *order);
	uint32_t *start = arena_array(ws->a, (size_t)ws->n + 1, sizeof *start);
	for (uint32_t i = 0; i < ws->n; i++)
		start[ws->node[i].depth + 1]++;
	for (uint32_t d = 1; d <= ws->n; d++)
		start[d] += start[d - 1];
	for (uint32_t i = 0; i < ws->n; i++)
		order[start[ws->node[i].depth]++] = i;
	return order;
}

static void suffixes_link(struct words *ws)
{
	const uint32_t *order = by_depth(ws);
	for (uint32_t i = 1; i < ws->n; i++) {
		struct node *x = &ws->node[order[i]];
		x->fail = x->parent == 0 ? 0 : go(ws, ws->node[x->parent].fail, x->c);
		x->out = ws->node[x->fail].first ? x->fail : ws->node[x->fail].out;
	}
}

struct words *words_open(struct arena *a, const struct word *all, size_t n)
{
	struct words *ws = arena_take(a, sizeof *ws);
	size_t bytes = 0, slots = 16;
	for (size_t i = 0; i < n; i++)
		bytes += all[i].text.len;
	while (slots < 2 * bytes)
		slots *= 2;
	*ws = (struct words){.a = a, .all = all, .n = 1, .mask = slots - 1};
	ws->node = arena_array(a, bytes + 1, sizeof *ws->node);
	ws->step = arena_array(a, slots, sizeof *ws->step);
	ws->same = arena_array(a, n, sizeof *ws->same);
	for (size_t i = 0; i < n; i++)
		word_add(ws, i);
	suffixes_link(ws);
	return ws;
}

/* A text while it is looked through. */
struct look {
	const struct words *ws;
	bool *found;
	const bool *is_word; /* of each code point, by its number */
	bool *used_up;       /* per node: nothing is left to be found there */
	uint32_t *out;       /* node.out, without what is used up */
};

static void node_found(struct look *k, uint32_t at, bool whole)
{
	bool left = false;
	for (uint32_t w = k->ws->node[at].first; w != 0; w = k->ws->same[w - 1]) {
		if (whole || !k->ws->all[w - 1].whole)
			k->found[w - 1] = true;
		else
			left = left || !k->found[w - 1];
	}
	k->used_up[at] = !left;
}

/* Everything that ends with code point number i, where the automaton stands at `at`. */
static void ends_here(struct look *k, uint32_t at, size_t i, size_t n)
{
	const struct node *all = k->ws->node;
	uint32_t *link = NULL;
	for (uint32_t x = all[at].first ? at : k->out[at]; x != 0; x = k->out[x]) {
		if (!k->used_up[x]) {
			size_t start = i + 1 - all[x].depth;
			bool whole = !(all[x].starts_word && start > 0 && k->is_word[start - 1]) &&
				     !(all[x].ends_word && i + 1 < n && k->is_word[i + 1]);
			node_found(k, x, whole);
		}
		if (k->used_up[x] && link)
			*link = k->out[x];
		else
			link = &k->out[x];
	}
}

void words_find(const struct words *ws, struct str text, bool *found)
{
	SCOPED_ARENA a = arena_new();
	uint32_t *c = arena_array(a, text.len, sizeof *c);
	bool *is_word = arena_array(a, text.len, sizeof *is_word);
	size_t n = 0;
	if (ws->n == 1)
		return;
	for (size_t i = 0; i < text.len; n++) {
		c[n] = utf8_next(text, &i);
		is_word[n] = utf8_is_word(c[n]);
		c[n] = utf8_fold(c[n]);
	}
	struct look k = {.ws = ws, .found = found, .is_word = is_word};
	k.used_up = arena_array(a, ws->n, sizeof *k.used_up);
	k.out = arena_array(a, ws->n, sizeof *k.out);
	for (uint32_t i = 0; i < ws->n; i++)
		k.out[i] = ws->node[i].out;
	uint32_t at = 0;
	for (size_t i = 0; i < n; i++) {
		at = go(ws, at, c[i]);
		ends_here(&k, at, i, n);
	}
}
