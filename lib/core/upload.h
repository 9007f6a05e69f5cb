/* SPDX-License-Identifier: MIT */
/*
 * Uploaded files on their way to the media service: from bytes in a request to rows that wait. API
 * and pages take them in alike, in a route's prepare: uploads_spool, then uploads_commit as one
 * transaction (req_commit), then they ask uploads_are_done until it is so or their patience ends.
 */
#ifndef CORE_UPLOAD_H
#define CORE_UPLOAD_H

#include "core/media.h"

enum { UPLOADS_AT_ONCE = 4 };

/* One file and what its row will say; id is filled in by uploads_commit. */
struct upload_job {
	struct str bytes;
	struct media_new row;
	bool is_for_first; /* row.parent is the id that the first job gets */
	int64_t id;
	struct str spooled; /* upload.c's */
};
struct uploads {
	struct upload_job at[UPLOADS_AT_ONCE];
	size_t n;
	struct arena *a; /* upload.c's */
};

/* NULL when there are UPLOADS_AT_ONCE already. */
struct upload_job *uploads_add(struct uploads *u, struct str bytes, int64_t account,
			       enum media_role role);
/* Keeps the bytes. refuse()s what is empty or too large, and descriptions that will not do. Slow:
 * a worker's. */
enum err uploads_spool(struct uploads *u, struct arena *a) MUST_USE;
/* Makes the rows, all or none. arg: the struct uploads, spooled. */
enum err uploads_commit(struct tx *tx, void *arg) MUST_USE;
/* After an error: nothing stays in the spool. */
void uploads_drop(const struct uploads *u);
/* Is the service done with all of them, or did one come to nothing? Then *why gets its sentence. */
bool uploads_are_done(struct db *db, struct arena *a, const struct uploads *u, struct str *why);

#endif
