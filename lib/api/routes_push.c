/* SPDX-License-Identifier: MIT */
/* Routes: push. */
#include "api/routes.h"

const struct route_table api_push_routes = {0};
