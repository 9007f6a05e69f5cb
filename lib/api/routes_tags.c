/* SPDX-License-Identifier: MIT */
/* Routes: hashtags. */
#include "api/routes.h"

#define NAME \
	{ \
		.name = "name", .type = PARAM_STR, .required = true, .max = 200, \
		.help = "without #" \
	}
#define TAG_ACT(p, s, h, text) \
	{ \
		WRITE(METHOD_POST, p, s, h, text), PARAMS(NAME) \
	}

static const struct route routes[] = {
	{OPEN("/api/v1/tags/:name", "read", on_tag_entity,
	      "a hashtag and how much it was used this week"),
	 PARAMS(NAME)},
	TAG_ACT("/api/v1/tags/:name/follow", "write:follows", on_tag_follow,
		"public kwips with the hashtag come to home"),
	TAG_ACT("/api/v1/tags/:name/unfollow", "write:follows", on_tag_unfollow,
		"they come no more"),
	TAG_ACT("/api/v1/tags/:name/feature", "write:accounts", on_tag_feature,
		"shows the hashtag on the profile"),
	TAG_ACT("/api/v1/tags/:name/unfeature", "write:accounts", on_tag_unfeature,
		"shows it no more"),
	{USER("/api/v1/followed_tags", "read:follows", on_followed_tags,
	      "hashtags that the viewer follows, newest first"),
	 PARAMS({.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "from the Link header"},
		{.name = "since_id", .type = PARAM_CURSOR, .help = "from the Link header"},
		{.name = "min_id", .type = PARAM_CURSOR, .help = "from the Link header"},
		{.name = "limit",
		 .type = PARAM_INT,
		 .min = 1,
		 .max = 200,
		 .help = "how many; 100"})},
	{USER("/api/v1/featured_tags", "read:accounts", on_featured_tags,
	      "hashtags on the viewer's profile")},
	{WRITE(METHOD_POST, "/api/v1/featured_tags", "write:accounts", on_featured_tag_add,
	       "shows a hashtag on the profile"),
	 PARAMS(NAME)},
	{USER("/api/v1/featured_tags/suggestions", "read:accounts", on_featured_tag_suggestions,
	      "hashtags that the viewer used most lately")},
	{WRITE(METHOD_DELETE, "/api/v1/featured_tags/:id", "write:accounts", on_featured_tag_delete,
	       "shows a hashtag no more"),
	 PARAMS(ID)},
	{OPEN("/api/v1/accounts/:id/featured_tags", "read:accounts", on_account_featured_tags,
	      "hashtags on a profile"),
	 PARAMS(ID)},
};

ROUTES(api_tags_routes);
