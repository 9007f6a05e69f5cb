/* SPDX-License-Identifier: MIT */
/*
 * Web Push: who wants to be told of notices, where and of which. Sending is the courier's work;
 * the server's own key pair is kept here and made in net/.
 */
#ifndef CORE_PUSH_H
#define CORE_PUSH_H

#include "base/crypt.h"
#include "core/notice.h"

enum push_policy { PUSH_ALL, PUSH_FOLLOWED, PUSH_FOLLOWER, PUSH_NONE };

struct push_subscription {
	int64_t id, account;
	struct hash token;
	struct str endpoint, p256dh, auth; /* keys in base64url, as sent */
	bool standard;                     /* RFC 8291, else the draft before it */
	int64_t alerts;                    /* bits, 1 << enum notice_kind */
	enum push_policy policy;
};
struct push_subscriptions {
	struct push_subscription *at;
	size_t n;
};

/* The API's word for a kind of alert and the notices it stands for. */
struct push_alert {
	struct str name;
	int64_t kinds;
};
extern const struct push_alert push_alerts[];
extern const size_t push_alerts_count;

struct str push_policy_name(enum push_policy p);
/* "" is all; other words that are none: false. */
bool push_policy_of(struct str name, enum push_policy *p) MUST_USE;

/* The key that clients subscribe with: an uncompressed point of P-256 in base64url, "" before the
 * server first ran. */
struct str push_public_key(struct db *db, struct arena *a);
/* The private half, base64url. */
struct str push_private_key(struct db *db, struct arena *a);
/* Keeps a pair unless there is one already: subscriptions are bound to the first. */
void push_keys_keep(struct tx *tx, struct str public, struct str private);

bool push_find(struct db *db, struct arena *a, struct hash token,
	       struct push_subscription *out) MUST_USE;
bool push_get(struct db *db, struct arena *a, int64_t id, struct push_subscription *out) MUST_USE;
/* Makes the token's one subscription, or replaces it. */
void push_put(struct tx *tx, const struct push_subscription *s);
/* ERR_NOT_FOUND when the token has none. */
enum err push_change(struct tx *tx, struct hash token, int64_t alerts,
		     enum push_policy policy) MUST_USE;
void push_remove(struct tx *tx, struct hash token);
/* The push service says that nobody listens there any more. */
void push_gone(struct tx *tx, int64_t id, struct str endpoint);

/* What a subscription is told of: nothing when the notice is gone, read through first, or not
 * wanted. */
struct push_note {
	int64_t notice, actor, kwip;
	enum notice_kind kind;
	struct str language; /* of who is told; "" unknown */
};
bool push_note_for(struct db *db, struct arena *a, const struct push_subscription *s,
		   int64_t notice, struct push_note *out) MUST_USE;
/* The ids of an account's subscriptions that want this kind; at most max. */
size_t push_wanted(struct db *db, int64_t notice, int64_t *ids, size_t max);

#endif
