/* SPDX-License-Identifier: MIT */
/*
 * The insides of `kwipd fill`: fill.c reads options and files, fill_make.c invents who says what,
 * fill_text.c has the words. Everything follows from the seed.
 */
#ifndef CMD_FILL_H
#define CMD_FILL_H

#include "base/crypt.h"
#include "cmd/cmd.h"

struct edge {
	uint32_t actor, target; /* indexes of people */
};
struct edges {
	struct edge *at;
	size_t n, cap;
};
struct lines {
	struct str *at;
	size_t n;
};

struct fill {
	int64_t people, kwips, seed;
	struct edges edges; /* sorted, each once, nobody follows oneself */
	struct lines texts; /* none: our own */
};

/* Adds everything to s. Progress goes to stderr. */
enum err fill_make(struct store *s, const struct fill *plan) MUST_USE;

void edges_add(struct edges *e, uint32_t actor, uint32_t target);
/* Sorts; removes doubles. */
void edges_settle(struct edges *e);
/* A community where the followed are followed more. */
void edges_invent(struct edges *e, int64_t people, struct rand_seq *r);

struct sentence {
	const char *language;
	struct str text;
};
/* One of ours, in some language; all of them have the same chance. */
struct sentence sentence_pick(struct rand_seq *r);
/* Another one in the same language. */
struct sentence sentence_like(struct rand_seq *r, struct sentence s);
struct str hashtag_pick(struct rand_seq *r);
struct str greeting_pick(uint64_t who); /* what somebody says again and again */
struct str first_name(uint64_t i);
struct str last_name(uint64_t i);

#endif
