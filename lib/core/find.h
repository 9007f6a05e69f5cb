/* SPDX-License-Identifier: MIT */
/*
 * Finding kwips by their words. The index (core/index.h) says which kwips have the words; whether
 * the viewer may find each is decided here, by the main database at this moment: a kwip that was
 * deleted, changed since, or hidden is passed over, whatever the index holds.
 *
 * Found are public kwips of people who let themselves be found (indexable), and whatever is the
 * viewer's own: said, favourited, boosted, bookmarked, voted on, or naming the viewer. Blocks and
 * mutes hold as in timelines.
 */
#ifndef CORE_FIND_H
#define CORE_FIND_H

#include "core/timeline.h"

struct find_ask {
	int64_t viewer; /* somebody signed in */
	struct str q;   /* as typed: core/query.h */
	int64_t by;     /* only what this account said; 0: everybody */
	int64_t max_id, min_id;
	int limit, offset;
};
/* So many kwips with the words are looked at for one answer, however few of them may be shown. */
enum { FIND_LOOKED_AT_MAX = 4000 };

/* Newest first. */
struct ids find_kwips(struct db *db, struct arena *a, const struct find_ask *ask);
/*
 * How many kwips the index does not know yet, about: 0 when it is up to date. Everything, when
 * there is no index.
 */
int64_t find_behind(struct db *db);

#endif
