/* SPDX-License-Identifier: MIT */
/* Routes: lists of kwips. */
#include "api/routes.h"

#define SOURCES \
	{.name = "local", .type = PARAM_BOOL, .help = "only from here"}, \
		{.name = "remote", .type = PARAM_BOOL, .help = "only from elsewhere"}, \
	{ \
		.name = "only_media", .type = PARAM_BOOL, \
		.help = "only with pictures and the like" \
	}

static const struct route routes[] = {
	{USER("/api/v1/timelines/home", "read:statuses", on_timeline_home,
	      "who the viewer follows, newest first"),
	 PARAMS(CURSORS)},
	{OPEN("/api/v1/timelines/public", "read:statuses", on_timeline_public,
	      "everyone, newest first"),
	 .cached = true, PARAMS(CURSORS, SOURCES)},
	{OPEN("/api/v1/timelines/tag/:hashtag", "read:statuses", on_timeline_tag,
	      "kwips with a hashtag"),
	 .cached = true,
	 PARAMS({.name = "hashtag", .type = PARAM_STR, .required = true, .max = 200}, CURSORS,
		SOURCES, {.name = "any", .type = PARAM_LIST, .help = "or with one of these"},
		{.name = "all", .type = PARAM_LIST, .help = "and with all of these"},
		{.name = "none", .type = PARAM_LIST, .help = "and with none of these"})},
	{USER("/api/v1/timelines/list/:id", "read:lists", on_timeline_list,
	      "who is in a list, newest first"),
	 PARAMS(ID, CURSORS)},
	{OPEN("/api/v1/timelines/link", "read:statuses", on_timeline_link,
	      "public kwips that link to a page"),
	 PARAMS({.name = "url",
		 .type = PARAM_STR,
		 .required = true,
		 .max = 2000,
		 .help = "as it stands in the text"},
		CURSORS)},
	{USER("/api/v1/favourites", "read:favourites", on_statuses_favourited,
	      "the viewer's favourites"),
	 PARAMS(CURSORS)},
	{USER("/api/v1/bookmarks", "read:bookmarks", on_statuses_bookmarked,
	      "the viewer's bookmarks"),
	 PARAMS(CURSORS)},
};

ROUTES(api_timelines_routes);
