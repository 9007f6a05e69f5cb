/* SPDX-License-Identifier: MIT */
/*
 * Finding by name: addresses of this site, people by the beginning of their names, hashtags by
 * theirs. Texts are not searched here.
 */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "core/account.h"

/* What an address of this site, or a name with this site's host, means; 0 for what it does not. */
struct search_target {
	int64_t account, kwip;
};
/* "https://SITE/@name", "https://SITE/@name/ID", "@name@SITE", "name@SITE". Whether the viewer may
 * see the kwip is the caller's to ask. */
struct search_target search_resolve(struct db *db, struct arena *a, struct str q);
/* Active people by the beginning of their names, the very name first; with `followed` only those
 * that viewer follows. Limited ones only for who follows them, or names them with this site's host.
 */
struct accounts search_people(struct db *db, struct arena *a, struct str q, int64_t viewer,
			      bool followed, int limit);
struct search_tags {
	struct str *at;
	size_t n;
};
/* Hashtags that begin so, by name; "#" in front is fine. */
struct search_tags search_tags(struct db *db, struct arena *a, struct str q, int limit, int offset);

#endif
