/* SPDX-License-Identifier: MIT */
/*
 * Rows of an invented community in bulk: exactly what account_add, follow_add, kwip_post,
 * kwip_boost and kwip_mark would leave behind, but with the counts known beforehand, so that each
 * row is written once. Only `kwipd fill` calls this; what is said by whom is decided there. Of
 * notices only those of comments are made.
 */
#ifndef CORE_SAMPLE_H
#define CORE_SAMPLE_H

#include "core/kwip.h"

enum { SAMPLE_FAVOURITES_MAX = 32 };

/* An id of a moment; n tells apart what happens within the same ms (4096 of them). */
int64_t sample_id(int64_t ms, unsigned n);

struct sample_person {
	int64_t id, followers, following;
	struct str name, display_name, about, language;
};
/* Is the name free? Names of samples carry numbers, so it nearly always is. */
bool sample_name_is_free(struct db *db, struct str lower_case_name);
void sample_person_add(struct tx *tx, const struct sample_person *p);
/* The counts stand in the people already. */
void sample_follow_add(struct tx *tx, int64_t actor, int64_t target, int64_t id);

struct sample_kwip {
	int64_t id, author, conversation, activity, boost_of;
	int64_t reply_to, reply_to_author, root_author; /* 0 unless a comment */
	int64_t boosted_author;                         /* 0 unless a boost */
	enum visibility visibility;
	struct str body, language;
	int64_t comments_count, boosts_count;
	int64_t favourite[SAMPLE_FAVOURITES_MAX]; /* by whom */
	size_t n_favourites;
};
void sample_kwip_add(struct tx *tx, struct arena *a, const struct sample_kwip *k);
/* At the end: what somebody has said in all. */
void sample_person_said(struct tx *tx, int64_t account, int64_t kwips, int64_t newest);
int64_t sample_people_count(struct db *db); /* how many accounts there are already, of any state */
/* The first ms at or after `from` that holds no account's id, and none until `until`. */
int64_t sample_people_free(struct db *db, int64_t from, int64_t until);
/* Before the end of each transaction: kwips of these ids (0: none) or other rows came in. */
void sample_tell(struct tx *tx, int64_t first, int64_t last);

#endif
