/* SPDX-License-Identifier: MIT */
/* Routes: lists of kwips. */
#include "api/routes.h"

static const struct route routes[] = {
	{USER("/api/v1/timelines/home", "read:statuses", on_timeline_home,
	      "who the viewer follows, newest first"),
	 PARAMS(CURSORS)},
	{OPEN("/api/v1/timelines/public", "read:statuses", on_timeline_public,
	      "everyone, newest first"),
	 .cached = true,
	 PARAMS(CURSORS, {.name = "local", .type = PARAM_BOOL},
		{.name = "remote", .type = PARAM_BOOL},
		{.name = "only_media", .type = PARAM_BOOL})},
	{OPEN("/api/v1/timelines/tag/:hashtag", "read:statuses", on_timeline_tag,
	      "kwips with a hashtag"),
	 .cached = true,
	 PARAMS({.name = "hashtag", .type = PARAM_STR, .required = true, .max = 200}, CURSORS)},
	{USER("/api/v1/favourites", "read:favourites", on_statuses_favourited,
	      "the viewer's favourites"),
	 PARAMS(CURSORS)},
	{USER("/api/v1/bookmarks", "read:bookmarks", on_statuses_bookmarked,
	      "the viewer's bookmarks"),
	 PARAMS(CURSORS)},
};

ROUTES(api_timelines_routes);
