/* SPDX-License-Identifier: MIT */
/* This site's own emoji: pictures that stand for :shortcode: in texts. */
#ifndef CORE_EMOJI_H
#define CORE_EMOJI_H

#include "store/db.h"

enum { SHORTCODE_MIN = 2, SHORTCODE_MAX = 50 };

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
/* Those that stand as :shortcode: in the texts, each once. Asks the database only when a text has
 * two colons. */
struct emojis emojis_of(struct db *db, struct arena *a, const struct str *texts, size_t n);
/* ERR_INPUT when the shortcode has other characters than letters, digits and '_'. Replaces one of
 * that name. */
enum err emoji_put(struct tx *tx, const struct emoji *e) MUST_USE;
enum err emoji_end(struct tx *tx, struct str shortcode) MUST_USE; /* ERR_NOT_FOUND */

#endif
