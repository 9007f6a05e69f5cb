/* SPDX-License-Identifier: MIT */
/*
 * Quotes as Mastodon 4.5 defines them: a kwip that shows another one inside it. Who may quote a
 * kwip is its author's policy; a quote that was allowed can be revoked later. Posting a quote is
 * kwip_post's; what a viewer gets to see of one is decided here.
 */
#ifndef CORE_QUOTE_H
#define CORE_QUOTE_H

#include "store/db.h"

/* Who may quote; kwip.quote_policy and login.quote_policy. */
enum quote_policy { QUOTE_BY_ALL, QUOTE_BY_FOLLOWERS, QUOTE_BY_NOBODY };
/* The first four are kept in kwip.quote_state; the others depend on who looks, and when. */
enum quote_state {
	QUOTE_ACCEPTED,
	QUOTE_PENDING,
	QUOTE_REJECTED,
	QUOTE_REVOKED,
	QUOTE_DELETED,
	QUOTE_UNAUTHORIZED,
	QUOTE_BLOCKED,
	QUOTE_MUTED
};

/* "public" "followers" "nobody", and back; false for others. */
struct str quote_policy_name(enum quote_policy p);
bool quote_policy_of(struct str name, enum quote_policy *p) MUST_USE;
/* The API's word for a state. */
struct str quote_state_name(enum quote_state s);

/*
 * What a viewer (0: a visitor) sees in place of each quoted kwip, one statement per 40:
 * ACCEPTED, or DELETED, UNAUTHORIZED, BLOCKED (the viewer blocks its author), MUTED.
 */
void quotes_shown(struct db *db, int64_t viewer, const int64_t *quoted, size_t n,
		  enum quote_state *out);
/* Which of these authors the viewer follows, one statement per 40: they may quote FOLLOWERS ones.
 */
void quotes_followed(struct db *db, int64_t viewer, const int64_t *authors, size_t n, bool *out);

/* May account quote this kwip now? */
bool quote_may(struct db *db, int64_t account, int64_t kwip);

/*
 * Takes the author's consent back: `account` said `quoted`, which `quoting` quotes. ERR_NOT_FOUND
 * when it does not or account may not see quoted, ERR_DENIED to others than its author. Again is
 * OK. Events CONSENT of the quote, KWIP_COUNTS of what it quoted.
 */
enum err quote_revoke(struct tx *tx, int64_t account, int64_t quoted, int64_t quoting) MUST_USE;
/*
 * Who may quote it from now on; earlier quotes stay. What is not for everybody is quoted by nobody.
 * ERR_NOT_FOUND, ERR_DENIED as above.
 */
enum err quote_policy_set(struct tx *tx, int64_t account, int64_t kwip,
			  enum quote_policy p) MUST_USE;

#endif
