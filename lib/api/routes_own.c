/* SPDX-License-Identifier: MIT */
/* Routes: own. */
#include "api/routes.h"

const struct route_table api_own_routes = {0};
