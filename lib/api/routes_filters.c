/* SPDX-License-Identifier: MIT */
/* Routes: filters. */
#include "api/routes.h"

const struct route_table api_filters_routes = {0};
