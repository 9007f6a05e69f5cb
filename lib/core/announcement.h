/* SPDX-License-Identifier: MIT */
/* What the people who run the site tell everybody, and what everybody thinks of it. Made by `kwipd
 * announce`; shown by the API and on the home page. */
#ifndef CORE_ANNOUNCEMENT_H
#define CORE_ANNOUNCEMENT_H

#include "core/emoji.h"
#include "store/db.h"

enum {
	ANNOUNCEMENT_CHARS_MAX = 5000,
	ANNOUNCEMENTS_SHOWN = 40,
	REACTIONS_MAX = 8 /* kinds, per announcement */
};

struct reaction {
	struct str name;        /* an emoji, or the shortcode of a custom one */
	struct str file, still; /* of a custom one, below /media; else "" */
	int64_t count;
	bool me;
};
struct announcement {
	int64_t id, starts_at, ends_at, published_at, updated_at;
	struct str body;
	bool all_day, read;
	struct reaction reaction[REACTIONS_MAX];
	size_t n_reactions;
	struct emojis emojis; /* of the text */
};
struct announcements {
	struct announcement *at;
	size_t n;
};

/* Those shown now to viewer (0: nobody has read any), oldest first; with dismissed ones when asked.
 * Two statements, and one more where custom emoji may stand. */
struct announcements announcement_list(struct db *db, struct arena *a, int64_t viewer,
				       bool dismissed);
bool announcement_get(struct db *db, struct arena *a, int64_t viewer, int64_t id,
		      struct announcement *out) MUST_USE;
/* ERR_INPUT when blank, too long or no text. Event ANNOUNCEMENT. */
enum err announcement_add(struct tx *tx, struct str body, int64_t *id) MUST_USE;
/* ERR_NOT_FOUND when there is none. Event ANNOUNCEMENT, target 1. */
enum err announcement_delete(struct tx *tx, int64_t id) MUST_USE;
/* Read: not shown any more unless asked for. Again is fine. */
enum err announcement_dismiss(struct tx *tx, int64_t account, int64_t id) MUST_USE;
/* ERR_INPUT when name is no emoji and no custom one's shortcode, or REACTIONS_MAX kinds are there
 * already. Event REACTION when it changes anything. */
enum err announcement_react(struct tx *tx, int64_t account, int64_t id, struct str name,
			    bool on) MUST_USE;
/* Is it one emoji as people type it (with skin tone, joined, a flag, a keycap)? Any bytes. */
bool reaction_is_emoji(struct str s);

#endif
