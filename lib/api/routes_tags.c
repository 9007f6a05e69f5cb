/* SPDX-License-Identifier: MIT */
/* Routes: tags. */
#include "api/routes.h"

const struct route_table api_tags_routes = {0};
