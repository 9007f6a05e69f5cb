/* SPDX-License-Identifier: MIT */
/*
 * Pictures, films and sounds: their rows, who may use them, when their files may go. Bytes are
 * store/files' and the media service's; this module knows paths only.
 */
#ifndef CORE_MEDIA_H
#define CORE_MEDIA_H

#include "store/db.h"

enum media_role { MEDIA_ATTACHMENT, MEDIA_AVATAR, MEDIA_HEADER, MEDIA_EMOJI };
enum media_state { MEDIA_WAITING, MEDIA_READY, MEDIA_FAILED };
enum media_kind { MEDIA_UNKNOWN, MEDIA_IMAGE, MEDIA_GIFV, MEDIA_VIDEO, MEDIA_AUDIO };
enum { MEDIA_PER_KWIP = 16, MEDIA_DESCRIPTION_MAX = 1500 };

/* A row as it is shown; strings live in the arena it was loaded with. */
struct media {
	int64_t id, account, kwip, scheduled;
	int place;
	enum media_role role;
	enum media_state state;
	enum media_kind kind;
	struct str type, file, preview; /* file, preview: paths below /media */
	int64_t bytes, duration_ms;
	int width, height, preview_width, preview_height;
	struct str blurhash, description, remote_url;
	int focus_x, focus_y; /* thousandths, -1000..1000 */
	struct str why;       /* of a failed one */
};
struct media_list {
	struct media *at;
	size_t n;
};

/* False when there is none. Any state and owner: look. */
bool media_get(struct db *db, struct arena *a, int64_t id, struct media *out) MUST_USE;
/* Those attached to the kwips, ordered by kwip and place; a bounded number of statements per 40. */
struct media_list media_of_kwips(struct db *db, struct arena *a, const int64_t *kwips, size_t n);
/*
 * Attaches exactly these, in this order, to a kwip of account (others that it had become loose),
 * and keeps kwip.media_count. refuse()s ERR_INPUT: somebody else's, one used elsewhere, one not
 * ready, too many (MEDIA_PER_KWIP, or conf's), ids twice.
 */
enum err media_attach(struct tx *tx, int64_t account, int64_t kwip, const int64_t *ids,
		      size_t n) MUST_USE;

#endif
