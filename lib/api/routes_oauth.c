/* SPDX-License-Identifier: MIT */
/* Routes: oauth. */
#include "api/routes.h"

const struct route_table api_oauth_routes = {0};
