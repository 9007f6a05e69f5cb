/* SPDX-License-Identifier: MIT */
/* Notices (Mastodon's notifications): rows that tell somebody of something. */
#ifndef CORE_NOTICE_H
#define CORE_NOTICE_H

#include "store/db.h"

enum notice_kind {
	NOTICE_MENTION = 1,
	NOTICE_COMMENT,
	NOTICE_FAVOURITE,
	NOTICE_BOOST,
	NOTICE_FOLLOW,
	NOTICE_REQUEST,
	NOTICE_EDIT,
	NOTICE_KWIP,
	NOTICE_BUZZ,
	NOTICE_SIGNUP,
	NOTICE_POLL,        /* a poll ended that one made or voted in; actor: its author */
	NOTICE_QUOTE,       /* actor quoted; kwip: the quoting one */
	NOTICE_QUOTED_EDIT, /* what one quoted was changed; kwip: the quoting one */
	NOTICE_REPORT,      /* for moderators; extra: the report */
	NOTICE_KINDS
};

struct notice {
	int64_t id, actor, kwip, at;
	enum notice_kind kind;
};
struct notices {
	struct notice *at;
	size_t n;
};

/*
 * Adds one unless actor == account (but for NOTICE_POLL), account is remote or inactive, either
 * blocks the other, account mutes the actor's notices or the kwip's conversation, or the very same
 * (kind, actor, kwip) is there already. Event NOTICE.
 */
void notice_add(struct tx *tx, int64_t account, enum notice_kind kind, int64_t actor, int64_t kwip);
void notice_take_back(struct tx *tx, int64_t account, enum notice_kind kind, int64_t actor,
		      int64_t kwip);
/* Newest first; ids below max_id (0: all) and above since_id. Those of suspended people are left
 * out. */
struct notices notice_list(struct db *db, struct arena *a, int64_t account, int64_t max_id,
			   int64_t since_id, int limit);
int64_t notice_unread(struct db *db, int64_t account); /* counted up to 99 */
void notice_read(struct tx *tx, int64_t account, int64_t newest);
void notice_clear(struct tx *tx, int64_t account);

#endif
