/* SPDX-License-Identifier: MIT */
/* Routes: notifications. */
#include "api/routes.h"

const struct route_table api_notifications_routes = {0};
