/* SPDX-License-Identifier: MIT */
/* Routes: admin. */
#include "api/routes.h"

const struct route_table api_admin_routes = {0};
