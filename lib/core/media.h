/* SPDX-License-Identifier: MIT */
/*
 * Pictures, films and sounds: their rows, who may use them, when their files may go. Bytes are
 * store/files' and the media service's; this module knows paths only.
 */
#ifndef CORE_MEDIA_H
#define CORE_MEDIA_H

#include "store/db.h"

enum media_role {
	MEDIA_ATTACHMENT,
	MEDIA_AVATAR,
	MEDIA_HEADER,
	MEDIA_EMOJI,
	MEDIA_THUMBNAIL, /* becomes the preview of ->parent, and is gone then */
	MEDIA_PREVIEW,   /* becomes the picture of the link preview ->parent, and is gone then */
};
enum media_state { MEDIA_WAITING, MEDIA_READY, MEDIA_FAILED };
enum media_kind { MEDIA_UNKNOWN, MEDIA_IMAGE, MEDIA_GIFV, MEDIA_VIDEO, MEDIA_AUDIO };
enum { MEDIA_PER_KWIP = 16, MEDIA_DESCRIPTION_MAX = 1500 };

/* A row as it is shown; strings live in the arena it was loaded with. */
struct media {
	int64_t id, account, kwip, scheduled, parent; /* parent: see MEDIA_THUMBNAIL */
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
/* Those that scheduled kwips hold, ordered by these and place, likewise. */
struct media_list media_of_scheduled(struct db *db, struct arena *a, const int64_t *scheduled,
				     size_t n);
/*
 * May these be attached to a kwip of account (0: one still to be said)? refuse()s ERR_INPUT:
 * somebody else's, one used elsewhere, one not ready, too many, ids twice.
 */
enum err media_check(struct db *db, int64_t account, int64_t kwip, const int64_t *ids,
		     size_t n) MUST_USE;
/*
 * Attaches exactly these, in this order, to a kwip of account (others that it had become loose),
 * and keeps kwip.media_count. refuse()s ERR_INPUT: somebody else's, one used elsewhere, one not
 * ready, too many (MEDIA_PER_KWIP, or conf's), ids twice.
 */
enum err media_attach(struct tx *tx, int64_t account, int64_t kwip, const int64_t *ids,
		      size_t n) MUST_USE;

/*
 * The way of an upload. Its bytes are in DIR/spool/<id>.in when media_add's transaction commits.
 * The media service reads EVENT_MEDIA_NEW (extra: the id), makes finished files of them, and tells
 * by media_finish or media_fail, each in a short transaction of its own.
 */
struct media_new {
	int64_t account;
	enum media_role role;
	struct str description; /* at most MEDIA_DESCRIPTION_MAX characters */
	int focus_x, focus_y;
	int64_t parent; /* of a MEDIA_THUMBNAIL, of a MEDIA_PREVIEW */
};
enum err media_description_check(struct str description) MUST_USE; /* refuse()s */
/* ERR_INPUT (description). Event MEDIA_NEW. */
enum err media_add(struct tx *tx, const struct media_new *m, int64_t *id) MUST_USE;

/* What the service made: file and preview are paths below DIR/media, "ab/cd/<hash>.<ext>". */
struct media_result {
	enum media_kind kind;
	struct str type;          /* media type, by the content */
	struct str file, preview; /* preview "": none */
	int64_t bytes;            /* of file */
	int width, height, preview_width, preview_height;
	int64_t duration_ms;
	struct str blurhash;
};
/*
 * A waiting one is ready: the row takes the result, EVENT_MEDIA is appended. An avatar or header
 * becomes its account's (EVENT_ACCOUNT_EDIT), a thumbnail its parent's preview (and EVENT_KWIP_EDIT
 * where the parent is shown), a link's picture its preview's (EVENT_PREVIEW). One that is ready or
 * failed already stays as it is, so this may run twice. ERR_NOT_FOUND: it was deleted meanwhile;
 * its files are nobody's.
 */
enum err media_finish(struct tx *tx, int64_t id, const struct media_result *r) MUST_USE;
/* The same for one that came to nothing; why: a sentence for who uploaded it. */
enum err media_fail(struct tx *tx, int64_t id, struct str why) MUST_USE;

/* New words for one of account's; also while it is attached (the caller then tells of the kwip's
 * change). refuse()s ERR_INPUT: too long; ERR_NOT_FOUND: not account's. */
enum err media_describe(struct tx *tx, int64_t account, int64_t id, struct str description,
			int focus_x, int focus_y) MUST_USE;
/* ERR_NOT_FOUND: not account's; refuse()s when a kwip or a scheduled one has it. */
enum err media_delete(struct tx *tx, int64_t account, int64_t id) MUST_USE;

/* Does any row (media, account, emoji, preview) point to this path below DIR/media? */
bool media_file_is_used(struct db *db, struct str path);
/*
 * Ends uploads that nothing has shown for a day. At most MEDIA_PRUNED_MAX; returns how many went.
 * Their files are found unused by whoever tends the folder.
 */
enum { MEDIA_PRUNED_MAX = 200 };
int media_prune(struct tx *tx);

#endif
