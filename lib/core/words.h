/* SPDX-License-Identifier: MIT */
/*
 * Looking for many words in a text at once, without regard to case: one pass over the text however
 * many words there are (Aho and Corasick's automaton over code points). Knows no filters; they are
 * who uses it.
 */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "base/arena.h"
#include "base/str.h"

struct word {
	struct str text; /* one that is empty is never found */
	bool whole; /* where it begins or ends with a letter or digit, none may be next to it */
};
struct words;

/* Takes memory and time by the words' length altogether. `all` must live as long as the result. */
struct words *words_open(struct arena *a, const struct word *all, size_t n);
/* Sets found[i] for each word that occurs in the text; what was set stays. Any bytes will do. */
void words_find(const struct words *ws, struct str text, bool *found);

#endif
