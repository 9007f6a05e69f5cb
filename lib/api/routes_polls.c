/* SPDX-License-Identifier: MIT */
/* Routes: polls. */
#include "api/routes.h"

const struct route_table api_polls_routes = {0};
