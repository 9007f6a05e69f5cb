/* SPDX-License-Identifier: MIT */
/* Routes: relations. */
#include "api/routes.h"

const struct route_table api_relations_routes = {0};
