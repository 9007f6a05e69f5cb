/* SPDX-License-Identifier: MIT */
/* Routes: streaming. */
#include "api/routes.h"

const struct route_table api_streaming_routes = {0};
