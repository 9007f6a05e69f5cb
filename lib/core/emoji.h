/* SPDX-License-Identifier: MIT */
/*
 * This site's own emoji: pictures that stand for :shortcode: in texts. A text uses one where
 * neither a letter, a digit nor another colon touches its colons, as in Mastodon.
 */
#ifndef CORE_EMOJI_H
#define CORE_EMOJI_H

#include "store/db.h"

enum { SHORTCODE_MIN = 2, SHORTCODE_MAX = 50, EMOJI_BYTES_MAX = 256 * 1024 };

struct emoji {
	struct str shortcode, file, still, category; /* file, still: paths below /media */
	bool listed;
};
struct emojis {
	struct emoji *at;
	size_t n;
};

/* All of them by shortcode. */
struct emojis emoji_list(struct db *db, struct arena *a);
/*
 * Those that stand as :shortcode: in the texts, each once, in the order of the texts. Asks the
 * database only when there is such a word: one statement per 40 different ones.
 */
struct emojis emojis_of(struct db *db, struct arena *a, const struct str *texts, size_t n);
/* Of these, the ones that the texts use: for many things whose emoji were found together. */
struct emojis emojis_among(struct arena *a, const struct emojis *all, const struct str *texts,
			   size_t n);
/* The next one that the rest of a text uses, and what stands before it; *rest goes on behind it.
 * false: there is no more. */
bool emoji_next(const struct emojis *all, struct str *rest, struct str *before,
		const struct emoji **found);

/* ERR_INPUT when the shortcode has other characters than letters, digits and '_'. Replaces one of
 * that name. Event EMOJI. */
enum err emoji_put(struct tx *tx, const struct emoji *e) MUST_USE;
enum err emoji_end(struct tx *tx, struct str shortcode) MUST_USE; /* ERR_NOT_FOUND; event EMOJI */
/* refuse()s what is no shortcode. */
enum err emoji_code_check(struct str shortcode) MUST_USE;

#endif
