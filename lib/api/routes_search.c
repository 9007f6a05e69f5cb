/* SPDX-License-Identifier: MIT */
/* Routes: search and trends. */
#include "api/routes.h"
#include "api/search.h"

#define Q \
	{ \
		.name = "q", .type = PARAM_STR, .required = true, \
		.help = "an address of this site, a name, a hashtag" \
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
#define NONE(p, text) \
	{ \
		OPEN(p, NULL, on_no_trends, text), PARAMS(PAGED(40, 20)) \
	}

static const struct route routes[] = {
	{OPEN("/api/v2/search", "read:search", on_search,
	      "people and hashtags by name, kwips by their address"),
	 PARAMS(ASKED)},
	{USER("/api/v1/search", "read:search", on_search, "the same under its older name"),
	 PARAMS(ASKED)},
	{USER("/api/v1/accounts/search", "read:accounts", on_accounts_search,
	      "people by the beginning of their names"),
	 PARAMS(Q, {.name = "resolve", .type = PARAM_BOOL},
		{.name = "following", .type = PARAM_BOOL}, PAGED(80, 40))},
	NONE("/api/v1/trends", "always empty"),
	NONE("/api/v1/trends/tags", "always empty"),
	NONE("/api/v1/trends/statuses", "always empty"),
	NONE("/api/v1/trends/links", "always empty"),
};

ROUTES(api_search_routes);
