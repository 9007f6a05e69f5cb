/* SPDX-License-Identifier: MIT */
/* Routes: profile. */
#include "api/routes.h"

const struct route_table api_profile_routes = {0};
