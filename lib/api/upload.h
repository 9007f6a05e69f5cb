/* SPDX-License-Identifier: MIT */
/* Uploads (core/upload.h) in a request of the API: media, profile. All of it runs in a route's
 * prepare. */
#ifndef API_UPLOAD_H
#define API_UPLOAD_H

#include "core/upload.h"
#include "http/request.h"

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
