/* SPDX-License-Identifier: MIT */
/* Routes: polls. */
#include "api/routes.h"
#include "api/statuses.h"

static const struct route routes[] = {
	{OPEN("/api/v1/polls/:id", "read:statuses", on_poll, "a poll as the viewer sees it"),
	 PARAMS(ID)},
	{WRITE(METHOD_POST, "/api/v1/polls/:id/votes", "write:statuses", on_poll_vote,
	       "vote, once"),
	 PARAMS(ID, {.name = "choices", .type = PARAM_LIST, .help = "places of options, from 0"})},
};

ROUTES(api_polls_routes);
