/* SPDX-License-Identifier: MIT */
/* Routes: live streams. */
#include "api/routes.h"
#include "api/streaming.h"

#define STREAM(p, h, text) \
	.path = p, .format = FORMAT_API, .who = WHO_USER, \
	.scope = "read:statuses read:notifications", .rate = RATE_NONE, .streams = true, \
	.read = h, .help = text
#define OF \
	{.name = "tag", .type = PARAM_STR, .max = 200}, {.name = "list", .type = PARAM_STR}, \
		{.name = "only_media", .type = PARAM_BOOL}, \
	{ \
		.name = "access_token", .type = PARAM_STR, .help = "where no header can be sent" \
	}

static const struct route routes[] = {
	{.path = "/api/v1/streaming/health",
	 .format = FORMAT_API,
	 .read = on_streaming_health,
	 .help = "OK"},
	{STREAM("/api/v1/streaming", on_streaming, "a WebSocket; any number of subscriptions"),
	 PARAMS({.name = "stream", .type = PARAM_STR, .max = 100, .help = "the first one"}, OF)},
	{STREAM("/api/v1/streaming/:kind", on_streaming_events,
		"server-sent events: user, public, hashtag, list, direct"),
	 PARAMS({.name = "kind", .type = PARAM_STR, .required = true, .max = 20}, OF,
		{.name = "part", .type = PARAM_STR, .help = "not sent here"})},
	{STREAM("/api/v1/streaming/:kind/:part", on_streaming_events,
		"of them: user/notification, public/local, public/remote, hashtag/local"),
	 PARAMS({.name = "kind", .type = PARAM_STR, .required = true, .max = 20},
		{.name = "part", .type = PARAM_STR, .required = true, .max = 20}, OF)},
};

ROUTES(api_streaming_routes);
