/* SPDX-License-Identifier: MIT */
/* Routes: media. */
#include "api/routes.h"

const struct route_table api_media_routes = {0};
