/* SPDX-License-Identifier: MIT */
/* Routes: lists. */
#include "api/routes.h"

const struct route_table api_lists_routes = {0};
