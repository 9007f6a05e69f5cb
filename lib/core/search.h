/* SPDX-License-Identifier: MIT */
/*
 * Finding what has a name: addresses of this site, people, hashtags. Texts of kwips are
 * core/find.h's.
 */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "core/timeline.h"

/* What an address of this site, or a name with this site's host, means; 0 for what it does not. */
struct search_target {
	int64_t account, kwip;
};
/* "https://SITE/@name", "https://SITE/@name/ID", "@name@SITE", "name@SITE". Whether the viewer may
 * see the kwip is the caller's to ask. */
struct search_target search_resolve(struct db *db, struct arena *a, struct str q);
/*
 * Active people by the beginning of their names, and by words of their display names that begin so
 * (in any order, accents ignored): the very name first, then whom the viewer follows, then the most
 * followed. Words are the search service's; without it names are found all the same. Nobody is
 * shown who blocks the viewer; whom the viewer blocks, and limited ones not followed, only when
 * named in full.
 */
enum { PEOPLE_FOUND_MAX = 80 };
struct people_ask {
	struct str q;
	int64_t viewer; /* 0: a visitor */
	bool followed;  /* only whom the viewer follows */
	bool about;     /* also by what people say about themselves */
	int limit, offset;
};
struct accounts search_people(struct db *db, struct arena *a, const struct people_ask *ask);
/* Ids of hashtags that begin so, by name; "#" in front is fine. */
struct ids search_tags(struct db *db, struct arena *a, struct str q, int limit, int offset);

#endif
