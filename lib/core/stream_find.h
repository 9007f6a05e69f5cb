/* SPDX-License-Identifier: MIT */
/*
 * What live streaming asks of the database about one event: where a kwip goes, who must not get it,
 * for whom it looks different. Called by api/stream_deliver.c and api/streaming.c. Who has a kwip
 * at home is fanout.h's.
 */
#ifndef CORE_STREAM_FIND_H
#define CORE_STREAM_FIND_H

#include "base/crypt.h"
#include "core/fanout.h"

/* A kwip as the streams look at it. */
struct stream_kwip {
	struct said said;
	bool is_local, has_media, is_repeat;
	bool is_personal; /* its Status may differ for any two viewers (quotes) */
	struct str *tags; /* folded, without '#' */
	size_t n_tags;
};
/* False when it is gone. */
bool stream_kwip_get(struct db *db, struct arena *a, int64_t kwip, struct stream_kwip *out);
/* Those who block or mute the account, or are blocked by it; ascending. */
struct viewers stream_shy(struct db *db, struct arena *a, int64_t account);
/* Those with a mark of their own on the kwip or its conversation, or a vote in its poll; ascending.
 */
struct viewers stream_marked(struct db *db, struct arena *a, int64_t kwip, int64_t conversation);
bool viewers_have(const struct viewers *v, int64_t account);

/* The tag that a deleted kwip had, by EVENT_UNTAG's ids; "" while the kwip is there. */
struct str stream_tag_lost(struct db *db, struct arena *a, int64_t kwip, int64_t tag);

/* Lists in which the account stands. */
struct viewers stream_lists(struct db *db, struct arena *a, int64_t member);
/* 0 when there is none. */
int64_t stream_list_owner(struct db *db, int64_t list);
/* Does the list show this kwip of one of its members? By its rule for replies; nothing of whom its
 * owner mutes, nothing the owner may not see. */
bool stream_list_takes(struct db *db, int64_t list, const struct said *s);

/* Is there such a token, of an account that may act? */
bool stream_token_ok(struct db *db, const struct hash *token);
bool stream_has_filters(struct db *db, int64_t account);

/* How often each name was put under an announcement. */
struct stream_reaction {
	int64_t announcement, count;
	struct str name;
};
struct stream_reactions {
	struct stream_reaction *at;
	size_t n;
};
/* Of all announcements, ordered by announcement and name. */
struct stream_reactions stream_reactions(struct db *db, struct arena *a);

#endif
