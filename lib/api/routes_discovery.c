/* SPDX-License-Identifier: MIT */
/* Routes: what this server is and can do. */
#include "api/routes.h"

static const struct route routes[] = {
	{OPEN("/api/v2/instance", NULL, on_instance, "what this server is and can do"),
	 .cached = true},
	{OPEN("/api/v1/instance", NULL, on_instance_v1, "the same in the old form"),
	 .cached = true},
};

ROUTES(api_discovery_routes);
