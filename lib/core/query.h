/* SPDX-License-Identifier: MIT */
/*
 * What somebody asks the search for, taken apart: words, "phrases", -without, and operators like
 * from:name. Any text will do; what is no operator is words. Made into an expression for the index
 * (FTS5's language) that never fails to parse. Knows no database.
 */
#ifndef CORE_QUERY_H
#define CORE_QUERY_H

#include "base/arena.h"
#include "base/buf.h"

enum query_kind {
	QUERY_WORDS, /* these, one behind the other */
	QUERY_FROM,  /* said by somebody */
	QUERY_FACT,  /* a token: has:, is:, language: */
};
struct query_item {
	enum query_kind kind;
	struct str text; /* words as written, a name without '@', a token */
	bool without;
	bool begins; /* words: the last one may go on */
};

/* Where to look: what everybody may find, what is the viewer's own, both. */
enum query_scope { QUERY_ALL, QUERY_PUBLIC, QUERY_LIBRARY };

/* Further words and operators are not looked at. */
enum { QUERY_ITEMS_MAX = 32 };
#define QUERY_FOR_EVER_MS (INT64_MAX >> 20) /* later than any id can tell */
struct query {
	struct query_item at[QUERY_ITEMS_MAX];
	size_t n;
	enum query_scope scope;
	int64_t since_ms, until_ms; /* said in [since, until) */
};

/* Views into q, tokens in the arena. */
void query_parse(struct query *out, struct arena *a, struct str q);
/*
 * The expression; "" when nothing can be found. people[i]: whom item i of kind QUERY_FROM names, 0:
 * nobody. by: only what this account said, 0: everybody.
 */
struct str query_match(struct arena *a, const struct query *q, const int64_t *people, int64_t by);
/* Of people: each word may go on, in any order; "" for no words. column: "names" or "about". */
struct str query_people(struct arena *a, struct str q, struct str columns);

/*
 * Tokens that stand beside a kwip's text in the index (column facts): its author and who is named,
 * visibility, language, and what it has. Letters and digits, for the tokenizer.
 */
enum fact {
	FACT_REPLY,
	FACT_SENSITIVE,
	FACT_MEDIA,
	FACT_IMAGE,
	FACT_VIDEO,
	FACT_AUDIO,
	FACT_POLL,
	FACT_LINK,
	FACTS
};
void fact_put(struct buf *out, enum fact f);
void fact_author(struct buf *out, int64_t account);
void fact_named(struct buf *out, int64_t account);
void fact_visibility(struct buf *out, int visibility);
/* "pt-BR" is found by pt and by pt-BR. */
void fact_language(struct buf *out, struct str tag);

#endif
