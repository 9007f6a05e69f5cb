/* SPDX-License-Identifier: MIT */
/*
 * Whose notices an account wants to look through first, and the people who wait for that. notice.c
 * asks the policy for each notice; a kept-back one makes a request of its actor, which is accepted
 * for ever or dismissed (Mastodon's NotificationPolicy and NotificationRequest).
 */
#ifndef CORE_NOTICE_POLICY_H
#define CORE_NOTICE_POLICY_H

#include "store/db.h"

enum notice_verdict { NOTICE_ACCEPT, NOTICE_FILTER, NOTICE_DROP };
enum { NOTICE_NEW_FOLLOWER_DAYS = 3, NOTICE_NEW_ACCOUNT_DAYS = 30 };

enum notice_stranger {
	STRANGER_NOT_FOLLOWING,
	STRANGER_NOT_FOLLOWER, /* nor one of the last NOTICE_NEW_FOLLOWER_DAYS */
	STRANGER_NEW_ACCOUNT,  /* not followed, made in the last NOTICE_NEW_ACCOUNT_DAYS */
	STRANGER_PRIVATE,      /* a private mention, not followed and not answering */
	STRANGER_LIMITED,      /* limited by a moderator and not followed; FILTER unless said */
	STRANGER_KINDS
};
struct notice_policy {
	enum notice_verdict of[STRANGER_KINDS];
	int64_t requests, notices; /* that wait */
};
struct notice_policy notice_policy_get(struct db *db, int64_t account);
/* The counts in p are not looked at. */
void notice_policy_set(struct tx *tx, int64_t account, const struct notice_policy *p);

struct notice_request {
	int64_t id, actor, count, last_kwip, updated_at;
};
struct notice_requests {
	struct notice_request *at;
	size_t n;
};
/* Those that wait, newest first (paging as notice_ask's). */
struct notice_requests notice_requests_list(struct db *db, struct arena *a, int64_t account,
					    const int64_t bounds[3], int limit);
bool notice_request_get(struct db *db, int64_t account, int64_t id,
			struct notice_request *out) MUST_USE;
/* Shows what was kept back and keeps back nothing of this actor any more. Event NOTICES_MERGED.
 * ERR_NOT_FOUND when account has no such request waiting. */
enum err notice_request_accept(struct tx *tx, int64_t account, int64_t id) MUST_USE;
/* Forgets what was kept back; the next such notice asks again. */
enum err notice_request_dismiss(struct tx *tx, int64_t account, int64_t id) MUST_USE;

/* For notice.c: counts what is kept back of one actor anew, making or ending the request. kwip: the
 * newest one, 0 to leave it. */
void notice_request_count(struct tx *tx, int64_t account, int64_t actor, int64_t kwip);
/* All requests that wait. */
void notice_requests_forget(struct tx *tx, int64_t account);

#endif
