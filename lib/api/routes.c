/* SPDX-License-Identifier: MIT */
/* The routes of the Mastodon client API, part by part. */
#include "api/routes.h"

size_t api_tables(struct route_table out[API_TABLES_MAX])
{
#define API_LIST(name) &name,
	static const struct route_table *const parts[] = {API_PARTS(API_LIST)};
	enum { PARTS = sizeof(parts) / sizeof(*parts) };
	_Static_assert((int)PARTS <= (int)API_TABLES_MAX, "API_TABLES_MAX is too small");
	for (size_t i = 0; i < PARTS; i++)
		out[i] = *parts[i];
	return PARTS;
}
