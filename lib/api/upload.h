/* SPDX-License-Identifier: MIT */
/*
 * Uploaded files on their way through the media service, for the handlers that take some (media,
 * profile). All of this runs in a route's prepare.
 */
#ifndef API_UPLOAD_H
#define API_UPLOAD_H

#include "core/media.h"
#include "http/request.h"

enum { UPLOADS_AT_ONCE = 2 };

/* One file and what its row will say; id is filled in by uploads_begin. */
struct upload_job {
	struct upload file;
	struct media_new row;
	bool is_for_first; /* row.parent is the id that the first job gets */
	int64_t id;
	struct str spooled; /* upload.c's */
};
struct uploads {
	struct upload_job at[UPLOADS_AT_ONCE];
	size_t n;
};

/* Sets a job up for a file parameter; false when none was sent. */
bool uploads_take(struct req *r, struct uploads *u, const char *param, enum media_role role);
/* Keeps the bytes and commits the rows, all or none. refuse()s what is too large. */
enum err uploads_begin(struct req *r, struct uploads *u) MUST_USE;
/*
 * Waits at most ms for the service. OK when it is done with all of them or the time is up;
 * ERR_INPUT with its sentence when one came to nothing.
 */
enum err uploads_wait(struct req *r, const struct uploads *u, int64_t ms) MUST_USE;

#endif
