/* SPDX-License-Identifier: MIT */
/*
 * Hashtags as things of their own: how much they are used, who follows one (its public kwips come
 * to home: timeline.h) and who shows one on the profile. Names are folded (tag_fold) everywhere.
 */
#ifndef CORE_TAG_H
#define CORE_TAG_H

#include "core/timeline.h"

enum {
	TAG_DAYS = 7,
	TAG_DAY_USES_MAX = 500, /* so many uses of a day are counted, no more */
	TAGS_FOLLOWED_MAX = 1000,
	TAGS_FEATURED_MAX = 10,
	TAGS_SUGGESTED_MAX = 10
};

struct tag {
	int64_t id; /* 0: nobody ever used it */
	struct str name;
	bool following, featuring; /* by the viewer */
	struct {
		int64_t uses, accounts; /* in public kwips */
	} day[TAG_DAYS];                /* today (UTC) first */
};
struct tags {
	struct tag *at;
	size_t n;
};

/* One by its folded name, used or not. */
void tag_get(struct db *db, struct arena *a, int64_t viewer, struct str folded, struct tag *out);
/* Several by id, in the order of ids, unknown ones left out; one round of statements per 40. */
struct tags tags_load(struct db *db, struct arena *a, int64_t viewer, const int64_t *ids, size_t n);

/* Ids of all there are, newest first. */
struct ids tags_all(struct db *db, struct arena *a, struct span s);

/* ERR_INPUT (refuse) for what is no tag, and beyond TAGS_FOLLOWED_MAX. Event HOME. Again: OK. */
enum err tag_follow(struct tx *tx, int64_t account, struct str folded) MUST_USE;
enum err tag_unfollow(struct tx *tx, int64_t account, struct str folded) MUST_USE;
/* Ids of tags followed, newest follow first; cursors are those of the follows. */
struct ids tags_followed(struct db *db, struct arena *a, int64_t account, struct span s);

/* What somebody shows on the profile. */
struct featured {
	int64_t id; /* of the showing */
	int64_t tag;
	struct str name;
	int64_t kwips,
		last_kwip; /* public and unlisted ones of that account with the tag; id or 0 */
};
struct featureds {
	struct featured at[TAGS_FEATURED_MAX];
	size_t n;
};
void tags_featured(struct db *db, struct arena *a, int64_t account, struct featureds *out);
/* refuse()s what is no tag and more than TAGS_FEATURED_MAX; again: OK. Gives the showing's id. */
enum err tag_feature(struct tx *tx, int64_t account, struct str folded, int64_t *id) MUST_USE;
enum err tag_unfeature(struct tx *tx, int64_t account, struct str folded) MUST_USE;
/* By the showing's id: ERR_NOT_FOUND when it is not account's. */
enum err tag_unfeature_id(struct tx *tx, int64_t account, int64_t id) MUST_USE;
/* Tags that account used most in its newest kwips and does not feature, at most ten. */
struct ids tags_suggested(struct db *db, struct arena *a, int64_t account);

#endif
