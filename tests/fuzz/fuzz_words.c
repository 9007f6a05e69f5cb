/* SPDX-License-Identifier: MIT */
/* Any text and any words: what words.c finds is what a plain search finds. */
#include <stdlib.h>

#include "base/utf8.h"
#include "core/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORDS_MAX = 24, CHARS_MAX = 4096 };

struct folded {
	uint32_t c[CHARS_MAX];
	bool is_word[CHARS_MAX];
	size_t n;
};

static void fold(struct str s, struct folded *out)
{
	out->n = 0;
	for (size_t i = 0; i < s.len && out->n < CHARS_MAX;) {
		uint32_t c = utf8_next(s, &i);
		out->is_word[out->n] = utf8_is_word(c);
		out->c[out->n++] = utf8_fold(c);
	}
}

static bool is_at(const struct folded *t, const struct folded *w, size_t at, bool whole)
{
	size_t end = at + w->n;
	if (memcmp(t->c + at, w->c, w->n * sizeof *w->c) != 0)
		return false;
	if (!whole)
		return true;
	return !(utf8_is_word(w->c[0]) && at > 0 && t->is_word[at - 1]) &&
	       !(utf8_is_word(w->c[w->n - 1]) && end < t->n && t->is_word[end]);
}

static bool is_in(const struct folded *t, const struct folded *w, bool whole)
{
	for (size_t at = 0; w->n > 0 && at + w->n <= t->n; at++)
		if (is_at(t, w, at, whole))
			return true;
	return false;
}

/* Lines: the words, with '=' in front for a whole one; after an empty line the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct folded text, word;
	struct word all[WORDS_MAX];
	bool found[WORDS_MAX] = {false};
	size_t n = 0;
	struct str rest = {(const char *)data, size};
	if (size >= CHARS_MAX)
		return 0;
	while (rest.len) {
		struct str line = str_cut(&rest, '\n');
		if (line.len == 0)
			break;
		bool whole = line.at[0] == '=';
		if (n < WORDS_MAX)
			all[n++] = (struct word){str_slice(line, whole, line.len), whole};
	}
	SCOPED_ARENA a = arena_new();
	words_find(words_open(a, all, n), rest, found);
	fold(rest, &text);
	for (size_t i = 0; i < n; i++) {
		fold(all[i].text, &word);
		if (is_in(&text, &word, all[i].whole) != found[i])
			abort();
	}
	return 0;
}
