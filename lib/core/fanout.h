/* SPDX-License-Identifier: MIT */
/*
 * Who gets a kwip into their home: the same rule as timeline.h, turned round (from the kwip to its
 * viewers) for many kwips at once. Follower lists are read once per batch. A unit test holds
 * both directions against each other.
 */
#ifndef CORE_FANOUT_H
#define CORE_FANOUT_H

#include "core/kwip.h"

struct fanout; /* one batch, one snapshot */

/* What the rule needs to know of a kwip. */
struct said {
	int64_t id, author, conversation, reply_to, reply_to_author, boost_of, boosted_author;
	int64_t activity;
	enum visibility visibility;
	struct str language;
	bool hidden;  /* author, or author of the boosted, is not active */
	bool limited; /* the author is: nobody gets it by a tag, no public stream has it */
};
struct viewers {
	int64_t *at; /* ascending */
	size_t n;
};

struct fanout *fanout_open(struct db *db, struct arena *a);
/* False when the kwip is gone. */
bool fanout_said(struct fanout *f, int64_t kwip, struct said *out);
/* Everybody in whose home it stands, the author included; repeats are not looked at. */
struct viewers fanout_viewers(struct fanout *f, const struct said *s);
/* Everybody in whose home something of this account may stand: accepted followers and itself. */
struct viewers fanout_followers(struct fanout *f, int64_t account);

/* Everybody who follows the tag; and who follows one of the tags of a public kwip (else nobody). */
struct viewers fanout_tag_followers(struct fanout *f, int64_t tag);
struct viewers fanout_tagged(struct fanout *f, const struct said *s);

/* Does a follower of the account want it in some languages only? Then an edit can move its kwips.
 */
bool fanout_any_choosy(struct fanout *f, int64_t account);

/* Marks of all viewers for kwips from <= id < to, for filling the cache. */
struct mark_row {
	int64_t account, kwip;
	int bits;
};
struct mark_rows {
	struct mark_row *at;
	size_t n;
};
struct mark_rows fanout_marks(struct db *db, struct arena *a, int64_t from, int64_t to);
/* Ids of local accounts after `after`, ascending, at most limit; likewise the ids of kwips below
 * `before`, descending. */
struct viewers fanout_accounts(struct db *db, struct arena *a, int64_t after, int limit);
struct viewers fanout_kwips(struct db *db, struct arena *a, int64_t before, int limit);
/* Ids of kwips above `after`, ascending, at most limit. */
struct viewers fanout_kwips_up(struct db *db, struct arena *a, int64_t after, int limit);

#endif
