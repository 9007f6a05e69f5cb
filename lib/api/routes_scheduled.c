/* SPDX-License-Identifier: MIT */
/* Routes: kwips to be said later. */
#include "api/routes.h"
#include "api/scheduled.h"

static const struct route routes[] = {
	{USER("/api/v1/scheduled_statuses", "read:statuses", on_scheduled_list,
	      "what the viewer will say later"),
	 PARAMS(CURSORS)},
	{USER("/api/v1/scheduled_statuses/:id", "read:statuses", on_scheduled, "one of them"),
	 PARAMS(ID)},
	{WRITE(METHOD_PUT, "/api/v1/scheduled_statuses/:id", "write:statuses", on_scheduled_move,
	       "say it at another time"),
	 PARAMS(ID, {.name = "scheduled_at", .type = PARAM_STR, .required = true})},
	{WRITE(METHOD_DELETE, "/api/v1/scheduled_statuses/:id", "write:statuses", on_scheduled_end,
	       "do not say it"),
	 PARAMS(ID)},
};

ROUTES(api_scheduled_routes);
