/* SPDX-License-Identifier: MIT */
/*
 * Lists of people as clients page through them: by the id of the relation that put somebody there,
 * in both directions. The web pages use the simpler follow_list.
 */
#ifndef CORE_PEOPLE_H
#define CORE_PEOPLE_H

#include "core/account.h"
#include "core/timeline.h"

enum people_list {
	PEOPLE_FOLLOWERS,
	PEOPLE_FOLLOWING,
	PEOPLE_REQUESTS,
	PEOPLE_BLOCKS,
	PEOPLE_MUTES,
	PEOPLE_ENDORSED,
	PEOPLE_FAVOURITED, /* a kwip */
	PEOPLE_BOOSTED,    /* a kwip, for everybody to see */
	PEOPLE_LISTS
};

/* One page, newest relation first. Suspended people are left out, so it may be shorter than asked;
 * first, last and full speak of the relations. */
struct people {
	struct accounts who;
	int64_t *expires_at; /* of each, mutes only; 0: for ever */
	int64_t first, last; /* relation ids at the page's ends; 0 for an empty page */
	bool full;           /* there may be more behind it */
};

enum { PEOPLE_MAX = 80 };
/* Of an account, or a kwip. s.limit 1..PEOPLE_MAX; s.order does not matter. */
struct people people_page(struct db *db, struct arena *a, enum people_list which, int64_t of,
			  struct span s);
/* Takes out whom the viewer blocks or mutes, and who blocks the viewer. */
void people_keep_shown(struct db *db, int64_t viewer, struct accounts *list);

/*
 * Those of viewer's followees who follow the targets: who they have in common. At most FAMILIAR_MAX
 * of each, the earliest accounts first; a bounded number of statements per 40 targets.
 */
enum { FAMILIAR_MAX = 10 };
struct familiar {
	int64_t target, who;
};
struct familiars {
	struct familiar *at;
	size_t n;
	struct accounts who; /* once each */
};
struct familiars people_familiar(struct db *db, struct arena *a, int64_t viewer,
				 const int64_t *targets, size_t n);
/*
 * People that actor may want to follow: those whom several of actor's followees follow, then the
 * most followed of the discoverable. Not oneself, whom one follows, asked, blocks, mutes or waved
 * away. *shared gets how many of them have followees in common.
 */
struct accounts people_suggested(struct db *db, struct arena *a, int64_t actor, int limit,
				 size_t *shared);
/* Waves a suggestion away for good. */
void people_suggestion_hide(struct tx *tx, int64_t actor, int64_t target);

#endif
