/* SPDX-License-Identifier: MIT */
/* kwipd fill: a sample community of any size; the graph and the texts may come from files, packed
 * by gzip or not. */
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/utf8.h"
#include "cmd/fill.h"

enum { FILE_MAX = 1 << 30, FOLLOWS_EACH = 12, TRIES = 4 };

void edges_add(struct edges *e, uint32_t actor, uint32_t target)
{
	if (e->n == e->cap) {
		e->cap = e->cap ? e->cap * 2 : 4096;
		e->at = reallocarray(e->at, e->cap, sizeof *e->at);
		if (!e->at)
			die("out of memory");
	}
	if (actor != target)
		e->at[e->n++] = (struct edge){actor, target};
}

static int edge_cmp(const void *x, const void *y)
{
	const struct edge *a = x, *b = y;
	uint64_t l = (uint64_t)a->actor << 32 | a->target, r = (uint64_t)b->actor << 32 | b->target;
	return l < r ? -1 : l > r;
}

void edges_settle(struct edges *e)
{
	size_t kept = 0;
	if (e->n)
		qsort(e->at, e->n, sizeof *e->at, edge_cmp);
	for (size_t i = 0; i < e->n; i++)
		if (kept == 0 || edge_cmp(&e->at[kept - 1], &e->at[i]) != 0)
			e->at[kept++] = e->at[i];
	e->n = kept;
}

void edges_invent(struct edges *e, int64_t people, struct rand_seq *r)
{
	for (int64_t i = 0; i < people; i++) {
		uint64_t wanted = 1 + rand_seq_below(r, 2 * FOLLOWS_EACH);
		for (; wanted > 0; wanted--) {
			uint64_t who = rand_seq_below(r, (uint64_t)people);
			/* Every other one follows whom somebody follows already: the known become
			 * better known. */
			if (e->n && wanted % 2)
				who = e->at[rand_seq_below(r, e->n)].target;
			edges_add(e, (uint32_t)i, (uint32_t)who);
		}
	}
	edges_settle(e);
}

/* The whole file, unpacked when it is packed. free() it. */
static enum err file_read(struct str path, struct buf *out)
{
	SCOPED_ARENA a = arena_new();
	gzFile f = gzopen(arena_zstr(a, path), "rb");
	int n = -1;
	if (!f) {
		fprintf(stderr, "kwipd: %.*s cannot be read\n", (int)path.len, path.at);
		return ERR_NOT_FOUND;
	}
	do {
		buf_reserve(out, 1 << 16);
		n = gzread(f, out->at + out->len, 1 << 16);
		out->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 && out->len < FILE_MAX);
	gzclose(f);
	if (n == 0)
		return OK;
	fprintf(stderr, "kwipd: %.*s is damaged or too large\n", (int)path.len, path.at);
	return ERR_INPUT;
}

/* "a b": two who know each other, so each follows the other. Numbers beyond the people asked for
 * are left out. */
static enum err graph_read(struct fill *plan, struct str path)
{
	SCOPED_BUF text = BUF_EMPTY;
	enum err e = file_read(path, &text);
	struct str rest = buf_str(&text);
	while (e == OK && rest.len) {
		struct str line = str_trim(str_cut(&rest, '\n')), b = line, a = str_cut(&b, ' ');
		int64_t x, y;
		if (!line.len || line.at[0] == '#')
			continue;
		if (!str_i64(a, &x) || !str_i64(str_trim(b), &y) || x < 0 || y < 0) {
			fprintf(stderr, "kwipd: not a pair of numbers: %.*s\n",
				(int)(line.len < 80 ? line.len : 80), line.at);
			return ERR_INPUT;
		}
		if (x >= plan->people || y >= plan->people)
			continue;
		edges_add(&plan->edges, (uint32_t)x, (uint32_t)y);
		edges_add(&plan->edges, (uint32_t)y, (uint32_t)x);
	}
	edges_settle(&plan->edges);
	return e;
}

/* One text a line; the lines stay in *text. */
static enum err texts_read(struct fill *plan, struct str path, struct buf *text)
{
	enum err e = file_read(path, text);
	struct str rest = buf_str(text);
	size_t most = 1;
	for (size_t i = 0; i < rest.len; i++)
		most += rest.at[i] == '\n';
	plan->texts.at = calloc(most, sizeof *plan->texts.at);
	if (!plan->texts.at)
		die("out of memory");
	while (e == OK && rest.len) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (line.len && utf8_ok(line))
			plan->texts.at[plan->texts.n++] = line;
	}
	return e;
}

static int fill(struct fill *plan, struct str graph, struct str texts)
{
	SCOPED_BUF text = BUF_EMPTY;
	struct rand_seq r = {(uint64_t)plan->seed ^ 0x6772617068};
	enum err e = OK;
	if (graph.len)
		e = graph_read(plan, graph);
	else
		edges_invent(&plan->edges, plan->people, &r);
	if (e == OK && texts.len)
		e = texts_read(plan, texts, &text);
	SCOPED_STORE s = NULL;
	if (e != OK || cmd_store(&s, true) != OK)
		return EXIT_FAILED;
	e = fill_make(s, plan);
	store_tend(s, 0);
	return e == OK ? EXIT_DONE : cmd_failed(e, "the community is not whole");
}

int cmd_fill(const struct command *self, int argc, char **argv)
{
	(void)argc;
	enum { PEOPLE_MOST = 10 * 1000 * 1000 };
	struct fill plan = {.people = -1, .kwips = -1, .seed = 1};
	struct str graph = S(""), texts = S("");
	const struct cmd_option options[] = {{.name = "--people", .number = &plan.people},
					     {.name = "--kwips", .number = &plan.kwips},
					     {.name = "--seed", .number = &plan.seed},
					     {.name = "--graph", .text = &graph},
					     {.name = "--texts", .text = &texts},
					     {0}};
	if (!cmd_args(self, argv, options, NULL, 0))
		return EXIT_USAGE;
	if (plan.people < 1 || plan.people > PEOPLE_MOST || plan.kwips < 0)
		return cmd_usage(self, "how many people (1 to %d), how many kwips?", PEOPLE_MOST);
	int code = fill(&plan, graph, texts);
	free(plan.edges.at);
	free(plan.texts.at);
	return code;
}
