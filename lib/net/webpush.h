/* SPDX-License-Identifier: MIT */
/*
 * Web Push messages: the body encrypted for one subscription, and the headers that say who sends
 * it. RFC 8291 and 8292, or the drafts before them (aesgcm) that older clients were built for.
 */
#ifndef NET_WEBPUSH_H
#define NET_WEBPUSH_H

#include "net/sign.h"

enum { PUSH_PLAIN_MAX = 3800, PUSH_HEADERS_MAX = 8 };

struct push_to {
	struct str endpoint;
	struct str p256dh, auth; /* base64url, as the client sent them */
	bool standard;           /* RFC 8291; else draft-ietf-webpush-encryption-04 */
};
struct push_from {
	const struct p256 *key; /* the server's own (VAPID) */
	struct str contact;     /* "mailto:..." or a URL */
	int64_t now_s;
};
struct push_message {
	struct str headers[PUSH_HEADERS_MAX]; /* "Name: value" */
	size_t n_headers;
	struct str body;
};

/* Everything in a. ERR_INPUT when the subscription's keys are none or plain is too long. */
enum err push_seal(struct arena *a, const struct push_to *to, const struct push_from *from,
		   struct str plain, struct push_message *out) MUST_USE;

#endif
