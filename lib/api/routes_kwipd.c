/* SPDX-License-Identifier: MIT */
/* Routes: kwipd. */
#include "api/routes.h"

const struct route_table api_kwipd_routes = {0};
