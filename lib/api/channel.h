/* SPDX-License-Identifier: MIT */
/*
 * Who listens to what: listeners (open streams) and the channels they have joined, all in memory.
 * Workers join and part; the streams' thread reads and is the only one that takes listeners away,
 * so that what it has copied stays good for its whole turn. Included by streaming.c and
 * stream_deliver.c.
 */
#ifndef API_CHANNEL_H
#define API_CHANNEL_H

#include "base/arena.h"
#include "base/crypt.h"
#include "core/stream_find.h"
#include "http/stream.h"

/* The streams of mastodon-api.md section 4. */
enum channel_kind {
	CHANNEL_USER,
	CHANNEL_USER_NOTICES,
	CHANNEL_PUBLIC,
	CHANNEL_PUBLIC_MEDIA,
	CHANNEL_LOCAL,
	CHANNEL_LOCAL_MEDIA,
	CHANNEL_REMOTE,
	CHANNEL_REMOTE_MEDIA,
	CHANNEL_TAG,
	CHANNEL_TAG_LOCAL,
	CHANNEL_LIST,
	CHANNEL_DIRECT,
	CHANNEL_KINDS
};

/* "public:local" and so on; CHANNEL_KINDS for an unknown name. */
enum channel_kind channel_named(struct str name);
/* Is it the account's own (its id is the account's), a tag's? */
static inline bool channel_is_own(enum channel_kind k)
{
	return k == CHANNEL_USER || k == CHANNEL_USER_NOTICES || k == CHANNEL_DIRECT;
}
static inline bool channel_is_tag(enum channel_kind k)
{
	return k == CHANNEL_TAG || k == CHANNEL_TAG_LOCAL;
}

/* Which channel: id is an account's or a list's; tags have a folded name and one as written. */
struct channel_key {
	enum channel_kind kind;
	int64_t id;
	struct str tag, written;
};

enum { CHANNELS_EACH = 200 }; /* that one listener may join */

/* One open stream. The first members are set once. */
struct listener {
	struct stream *stream;
	int64_t account;
	struct hash token;
	bool reads_statuses, reads_notices;
	uint8_t filters; /* of the streams' thread: 0 not known, 1 none, 2 has some */
	uint16_t n_subs;
	struct sub *subs;
	struct listener *prev, *next;
};

/* A copy of l, known from now on. *is_first: it is the only one. */
struct listener *listener_add(const struct listener *l, bool *is_first);
/* Leaves its channels and frees it. Streams' thread only. */
void listener_free(struct listener *l);
/* All of them, or those of one account. */
struct listeners {
	struct listener **at;
	size_t n;
};
struct listeners listeners_copy(struct arena *a, int64_t account);

enum joined { JOINED, JOINED_ALREADY, JOINED_TOO_MANY };
enum joined channel_join(struct listener *l, const struct channel_key *key);
void channel_part(struct listener *l, const struct channel_key *key);

/* Does anybody listen to such a channel? */
bool channel_is_heard(enum channel_kind kind);
/* The members of one channel. label: its name as the "stream" of a frame, a JSON array. */
struct audience {
	struct str label;
	struct listeners who;
};
struct audiences {
	struct audience *at;
	size_t n;
};
/* Appends the channels of kind and id, or of the folded tag under all its spellings. */
void channel_find(struct arena *a, enum channel_kind kind, int64_t id, struct str tag,
		  struct audiences *out);
/* Appends those of many ids at once. */
void channel_find_all(struct arena *a, enum channel_kind kind, const int64_t *ids, size_t n,
		      struct audiences *out);

/*
 * Reactions to announcements (stream_reaction.c): what listeners know of them. It is set from the
 * same snapshot as the point in the log from which they hear.
 */
void reactions_remember(struct db *db);
/* The counts that are others now; 0: nobody's any more. They are known from now on. */
struct stream_reactions reactions_changed(struct db *db, struct arena *a);
/* Of an announcement that is gone. */
void reactions_forget(int64_t announcement);

#endif
