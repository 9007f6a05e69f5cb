/* SPDX-License-Identifier: MIT */
/* Routes: search and trends. */
#include "api/routes.h"
#include "api/search.h"

#define Q \
	{ \
		.name = "q", .type = PARAM_STR, .required = true, \
		.help = "words, \"phrases\", -without, from: has: is: language: before: after: during: in:; an address of this site, a name, a hashtag" \
	}
#define PAGED(most, standard) \
	{.name = "limit", \
	 .type = PARAM_INT, \
	 .min = 1, \
	 .max = most, \
	 .help = "how many; " #standard}, \
	{ \
		.name = "offset", .type = PARAM_INT, .min = 0, .max = 10000 \
	}
#define ASKED \
	Q, {.name = "type", .type = PARAM_CHOICE, .choices = "accounts|hashtags|statuses"}, \
		{.name = "resolve", .type = PARAM_BOOL, .help = "for members"}, \
		{.name = "following", .type = PARAM_BOOL, .help = "only people one follows"}, \
		{.name = "account_id", .type = PARAM_ID}, \
		{.name = "exclude_unreviewed", .type = PARAM_BOOL}, \
		{.name = "max_id", .type = PARAM_CURSOR, .min = 1}, \
		{.name = "min_id", .type = PARAM_CURSOR}, PAGED(40, 20)
/* Most, and as many as clients get who do not say. */
#define TRENDS(p, h, most, standard, text) \
	{ \
		OPEN(p, NULL, h, text), PARAMS(PAGED(most, standard)) \
	}

static const struct route routes[] = {
	{OPEN("/api/v2/search", "read:search", on_search,
	      "people, hashtags, and for members kwips by their words; kwipd_search_behind: how many kwips are not indexed yet"),
	 PARAMS(ASKED)},
	{USER("/api/v1/search", "read:search", on_search, "the same under its older name"),
	 PARAMS(ASKED)},
	{USER("/api/v1/accounts/search", "read:accounts", on_accounts_search,
	      "people by the beginnings of their names"),
	 PARAMS({.name = "q", .type = PARAM_STR, .help = "nothing finds nobody"},
		{.name = "resolve", .type = PARAM_BOOL}, {.name = "following", .type = PARAM_BOOL},
		PAGED(80, 40))},
	TRENDS("/api/v1/trends", on_trends_tags, 20, 10, "hashtags talked about"),
	TRENDS("/api/v1/trends/tags", on_trends_tags, 20, 10, "hashtags talked about"),
	TRENDS("/api/v1/trends/statuses", on_trends_statuses, 40, 20, "kwips talked about"),
	TRENDS("/api/v1/trends/links", on_trends_links, 20, 10, "links talked about"),
};

ROUTES(api_search_routes);
