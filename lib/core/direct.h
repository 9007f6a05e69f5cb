/* SPDX-License-Identifier: MIT */
/*
 * Private conversations as one of their members sees them (Mastodon's Conversation): one row per
 * member, conversation and set of people, which holds the last direct kwip among them. Kept by the
 * write path of kwips: each direct kwip moves the rows of its author and of everybody named.
 */
#ifndef CORE_DIRECT_H
#define CORE_DIRECT_H

#include "core/timeline.h"

/* After a kwip's mentions were stored, when it was said and when it was changed. Does nothing but
 * for direct ones. Event DIRECT for each local member. */
void direct_said(struct tx *tx, int64_t kwip);
/* Before a kwip's row goes: its rows move back to the last one before it, or go. Does nothing but
 * for direct ones. Event DIRECT for each that moved. */
void direct_unsaid(struct tx *tx, int64_t kwip);

struct direct {
	int64_t id, conversation, last_kwip;
	bool unread;
	const int64_t *people; /* the others */
	size_t n_people;
};
struct directs {
	struct direct *at;
	size_t n;
};
/* Newest last kwip first; s's cursors are ids of last kwips. */
struct directs direct_list(struct db *db, struct arena *a, struct span s, int64_t account);
bool direct_get(struct db *db, struct arena *a, int64_t account, int64_t id,
		struct direct *out) MUST_USE;
/* ERR_NOT_FOUND when account has none such. Event DIRECT when it was otherwise before. */
enum err direct_mark(struct tx *tx, int64_t account, int64_t id, bool unread) MUST_USE;
/* Forgets the row, not what was said: the next kwip brings it back. */
enum err direct_remove(struct tx *tx, int64_t account, int64_t id) MUST_USE;

#endif
