/* SPDX-License-Identifier: MIT */
/* Routes: search. */
#include "api/routes.h"

const struct route_table api_search_routes = {0};
