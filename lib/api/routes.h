/* SPDX-License-Identifier: MIT */
/*
 * How api/routes_*.c say their routes in short, and the tables they give. Each table belongs to one
 * part of the API; routes.c lists them all. Included by routes*.c alone.
 */
#ifndef API_ROUTES_H
#define API_ROUTES_H

#include "api/api.h"
#include "api/handlers.h"

#define ID \
	{ \
		.name = "id", .type = PARAM_ID, .required = true, .help = "of the object" \
	}
/* Paging of what is listed by id: the standard limit, the largest. */
#define CURSORS \
	{.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "only ids below it"}, \
		{.name = "since_id", \
		 .type = PARAM_CURSOR, \
		 .help = "only ids above it, newest first"}, \
		{.name = "min_id", \
		 .type = PARAM_CURSOR, \
		 .min = 1, \
		 .help = "the ids just above it"}, \
	{ \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = 40, .help = "how many; 20" \
	}
#define CHANGES .format = FORMAT_API, .who = WHO_USER

/* GET for the signed-in (USER) or for everybody, with more shown to who brings a token (OPEN). */
#define USER(p, s, h, text) \
	.method = METHOD_GET, .path = p, .format = FORMAT_API, .who = WHO_USER, .scope = s, \
	.read = h, .help = text
#define OPEN(p, s, h, text) \
	.method = METHOD_GET, .path = p, .format = FORMAT_API, .optional_token = true, .scope = s, \
	.read = h, .help = text
#define WRITE(m, p, s, h, text) COUNTED(RATE_WRITE, m, p, s, h, text)
/* The same in another class of limits. */
#define COUNTED(class, m, p, s, h, text) \
	.rate = class, .method = m, .path = p, CHANGES, .scope = s, .write = h, .help = text
/* POST to one object, with nothing more to say. */
#define ACT(p, s, h, text) \
	{ \
		WRITE(METHOD_POST, p, s, h, text), PARAMS(ID) \
	}

/* One table per part; ROUTES makes it of an array. */
#define ROUTES(name) const struct route_table name = {routes, sizeof(routes) / sizeof(*routes)}
#define API_PARTS(X) \
	X(api_oauth_routes) \
	X(api_discovery_routes) \
	X(api_accounts_routes) \
	X(api_statuses_routes) \
	X(api_timelines_routes) \
	X(api_streaming_routes) \
	X(api_media_routes) \
	X(api_profile_routes) \
	X(api_push_routes) \
	X(api_polls_routes) \
	X(api_lists_routes) \
	X(api_filters_routes) \
	X(api_tags_routes) \
	X(api_notifications_routes) \
	X(api_relations_routes) \
	X(api_admin_routes) \
	X(api_own_routes) \
	X(api_search_routes) \
	X(api_scheduled_routes) \
	X(api_kwipd_routes)
#define API_DECLARE(name) extern const struct route_table name;
API_PARTS(API_DECLARE)
#undef API_DECLARE

#endif
