/* SPDX-License-Identifier: MIT */
/* Routes: one kwip. */
#include "api/routes.h"

#define TEXTS \
	{.name = "status", .type = PARAM_TEXT, .help = "the text"}, \
		{.name = "spoiler_text", .type = PARAM_TEXT, .help = "content warning"}, \
		{.name = "language", .type = PARAM_STR, .max = 35, .help = "BCP 47 tag"}, \
		{.name = "sensitive", .type = PARAM_BOOL}, \
		{.name = "media_ids", .type = PARAM_LIST, .help = "refused: no media yet"}, \
	{ \
		.name = "poll[options]", .type = PARAM_LIST, .help = "refused: no polls yet" \
	}

static const struct route routes[] = {
	{WRITE(METHOD_POST, "/api/v1/statuses", "write:statuses", on_status_post,
	       "say something; Idempotency-Key is honoured"),
	 PARAMS(TEXTS, {.name = "in_reply_to_id", .type = PARAM_ID},
		{.name = "visibility", .type = PARAM_STR, .max = 20},
		{.name = "scheduled_at", .type = PARAM_STR, .help = "refused: not yet"})},
	{OPEN("/api/v1/statuses/:id", "read:statuses", on_status, "one kwip"), PARAMS(ID)},
	{WRITE(METHOD_PUT, "/api/v1/statuses/:id", "write:statuses", on_status_edit, "edit"),
	 PARAMS(ID, TEXTS)},
	{WRITE(METHOD_DELETE, "/api/v1/statuses/:id", "write:statuses", on_status_delete, "delete"),
	 PARAMS(ID, {.name = "delete_media", .type = PARAM_BOOL})},
	{OPEN("/api/v1/statuses/:id/context", "read:statuses", on_status_context,
	      "what stands above and below"),
	 PARAMS(ID)},
	ACT("/api/v1/statuses/:id/favourite", "write:favourites", on_status_favourite, "favourite"),
	ACT("/api/v1/statuses/:id/unfavourite", "write:favourites", on_status_unfavourite,
	    "take a favourite back"),
	{WRITE(METHOD_POST, "/api/v1/statuses/:id/reblog", "write:statuses", on_status_reblog,
	       "boost"),
	 PARAMS(ID, {.name = "visibility", .type = PARAM_STR, .max = 20})},
	ACT("/api/v1/statuses/:id/unreblog", "write:statuses", on_status_unreblog,
	    "take a boost back"),
	ACT("/api/v1/statuses/:id/bookmark", "write:bookmarks", on_status_bookmark, "bookmark"),
	ACT("/api/v1/statuses/:id/unbookmark", "write:bookmarks", on_status_unbookmark,
	    "take a bookmark back"),
	ACT("/api/v1/statuses/:id/mute", "write:mutes", on_status_mute,
	    "no notices of this conversation"),
	ACT("/api/v1/statuses/:id/unmute", "write:mutes", on_status_unmute,
	    "notices of this conversation again"),
};

ROUTES(api_statuses_routes);
