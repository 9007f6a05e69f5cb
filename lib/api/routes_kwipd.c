/* SPDX-License-Identifier: MIT */
/* Routes: kwipd's own extensions, under /api/kwipd/v1. Entities are Mastodon's; fields of our own
 * begin with kwipd_. */
#include "api/extensions.h"
#include "api/routes.h"
#include "api/scheduled.h"

#define TEXTS \
	{.name = "status", .type = PARAM_TEXT, .help = "the text"}, \
		{.name = "spoiler_text", .type = PARAM_TEXT}, \
		{.name = "visibility", .type = PARAM_STR, .max = 20}, \
		{.name = "language", .type = PARAM_STR, .max = 35}, \
		{.name = "sensitive", .type = PARAM_BOOL}, \
	{ \
		.name = "in_reply_to_id", .type = PARAM_ID \
	}

static const struct route routes[] = {
	{USER("/api/kwipd/v1/timelines/home", "read:statuses", on_home_active,
	      "home by last comment; cursors are kwipd_activity"),
	 PARAMS(CURSORS)},
	{OPEN("/api/kwipd/v1/timelines/public", "read:statuses", on_public_active,
	      "everyone by last comment"),
	 PARAMS(CURSORS)},
	{OPEN("/api/kwipd/v1/statuses/:id/comments", "read:statuses", on_comments,
	      "the whole conversation under a kwip, oldest first, flat"),
	 PARAMS(ID, {.name = "min_id", .type = PARAM_CURSOR, .help = "comments after this one"},
		{.name = "limit", .type = PARAM_INT, .min = 1, .max = 80, .help = "how many; 40"})},
	{OPEN("/api/kwipd/v1/statuses/:id/repeats", "read:statuses", on_repeats,
	      "later kwips of the author that say the same"),
	 PARAMS(ID, CURSORS)},

	{USER("/api/kwipd/v1/drafts", "read:statuses", on_drafts, "texts begun and put aside")},
	{USER("/api/kwipd/v1/drafts/:id", "read:statuses", on_draft, "one of them"), PARAMS(ID)},
	{WRITE(METHOD_POST, "/api/kwipd/v1/drafts", "write:statuses", on_draft_put,
	       "put a text aside"),
	 PARAMS(TEXTS)},
	{WRITE(METHOD_PUT, "/api/kwipd/v1/drafts/:id", "write:statuses", on_draft_put,
	       "replace it"),
	 PARAMS(ID, TEXTS)},
	{WRITE(METHOD_DELETE, "/api/kwipd/v1/drafts/:id", "write:statuses", on_draft_end,
	       "throw it away"),
	 PARAMS(ID)},
};

ROUTES(api_kwipd_routes);
