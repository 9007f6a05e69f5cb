/* SPDX-License-Identifier: MIT */
/* Routes: uploads. */
#include "api/media.h"
#include "api/routes.h"

#define WORDS \
	{.name = "description", .type = PARAM_TEXT, .help = "what is to be seen or heard"}, \
		{.name = "focus", .type = PARAM_STR, .help = "x,y of the centre, each -1 to 1"}, \
	{ \
		.name = "thumbnail", .type = PARAM_FILE, .help = "a picture to stand for it" \
	}
#define UPLOAD(p, before, h, text) \
	.method = METHOD_POST, .path = p, .rate = RATE_MEDIA, .format = FORMAT_API, \
	.who = WHO_USER, .scope = "write:media", .write = h, .help = text, .prepare = before, \
	.body_max = BODY_MEDIA, \
	PARAMS({.name = "file", \
		.type = PARAM_FILE, \
		.required = true, \
		.help = "picture, film or sound"}, \
	       WORDS)

static const struct route routes[] = {
	{UPLOAD("/api/v2/media", prepare_media, on_media_posted,
		"upload; 202 while it is worked on")},
	{UPLOAD("/api/v1/media", prepare_media_slow, on_media_posted_slow,
		"upload, and wait until it is done")},
	{USER("/api/v1/media/:id", "write:media", on_media,
	      "an upload of one's own; 206 while it is worked on"),
	 PARAMS(ID)},
	{WRITE(METHOD_PUT, "/api/v1/media/:id", "write:media", on_media_edit,
	       "describe an upload, or give it another thumbnail"),
	 .prepare = prepare_media_edit, .body_max = BODY_PORTRAITS, PARAMS(ID, WORDS)},
	{WRITE(METHOD_DELETE, "/api/v1/media/:id", "write:media", on_media_delete,
	       "delete an upload that nothing shows"),
	 PARAMS(ID)},
};

ROUTES(api_media_routes);
