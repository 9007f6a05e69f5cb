/* SPDX-License-Identifier: MIT */
/*
 * Notices (Mastodon's notifications): rows that tell somebody of something. Whose notices one wants
 * to look through first is notice_policy.h's.
 */
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
	NOTICE_SIGNUP, /* for moderators and who invited; the only one by somebody who waits to be
			  let in */
	NOTICE_POLL,   /* a poll ended that one made or voted in; actor: its author */
	NOTICE_QUOTE,  /* actor quoted; kwip: the quoting one */
	NOTICE_QUOTED_EDIT, /* what one quoted was changed; kwip: the quoting one */
	NOTICE_REPORT,      /* for moderators; extra: the report */
	NOTICE_WARNING,     /* moderators did something to the account; actor: itself; extra: what
			       (moderation.h) */
	NOTICE_KINDS
};
#define NOTICE_BIT(kind) (1 << (int)(kind))
enum {
	NOTICES_ALL = (1 << NOTICE_KINDS) - 2,
	/* What is put together: the same deed to the same kwip, or the same deed. */
	NOTICES_GROUPED = NOTICE_BIT(NOTICE_FAVOURITE) | NOTICE_BIT(NOTICE_BOOST) |
			  NOTICE_BIT(NOTICE_FOLLOW) | NOTICE_BIT(NOTICE_SIGNUP),
	NOTICE_GROUP_HOURS = 12,
	NOTICE_GROUP_SAMPLES = 8
};

struct notice {
	int64_t id, actor, kwip, at, extra;
	int64_t bucket; /* 0: stands alone; else equal for all of one group of this account */
	enum notice_kind kind;
	bool filtered; /* kept back by the account's policy */
};
struct notices {
	struct notice *at;
	size_t n;
};

/*
 * Adds one unless actor == account (but for a poll's end and a warning), account is remote or
 * inactive, either blocks the other, account mutes the actor's notices or the kwip's conversation,
 * account's policy drops it, or the very same (kind, actor, kwip) is there already. An edit told
 * again takes the place of the one before. Event NOTICE; for one that the policy keeps back
 * NOTICE_HELD, and the actor's request (notice_policy.h).
 */
void notice_add(struct tx *tx, int64_t account, enum notice_kind kind, int64_t actor, int64_t kwip);
/* The same for a report: one notice each. */
void notice_add_report(struct tx *tx, int64_t account, int64_t actor, int64_t report);
/* Of what moderators did. */
void notice_add_warning(struct tx *tx, int64_t account, int64_t warning);
void notice_take_back(struct tx *tx, int64_t account, enum notice_kind kind, int64_t actor,
		      int64_t kwip);
/* Newest first; ids below max_id (0: all) and above since_id. Those of suspended people and those
 * kept back are left out. */
struct notices notice_list(struct db *db, struct arena *a, int64_t account, int64_t max_id,
			   int64_t since_id, int limit);
int64_t notice_unread(struct db *db, int64_t account); /* counted up to 99 */
/* Moves the mark of what was read up to newest, never back; the API's marker with it. */
void notice_read(struct tx *tx, int64_t account, int64_t newest);
void notice_clear(struct tx *tx, int64_t account);

/* Which notices of an account somebody asks for. */
struct notice_ask {
	int64_t account;
	int64_t max_id, since_id, min_id; /* 0: not said; see mastodon-api's paging */
	int64_t from;                     /* only this actor's; 0: everybody's */
	int kinds;                        /* NOTICE_BIT of those wanted */
	int grouped;                      /* NOTICE_BIT of those put together (notice_groups) */
	bool filtered;                    /* also those kept back */
	int limit;
};
/* One page of single notices, newest first. Suspended people's are left out. */
struct notices notice_page(struct db *db, struct arena *a, const struct notice_ask *ask);
/* One of account's own; false when there is none, or its actor is suspended. */
bool notice_get(struct db *db, int64_t account, int64_t id, struct notice *out) MUST_USE;
/* How many there are above ask->since_id, at most ask->limit; with ask->grouped groups count once.
 */
int64_t notice_count(struct db *db, const struct notice_ask *ask);
/* ERR_NOT_FOUND when account has no such. */
enum err notice_dismiss(struct tx *tx, int64_t account, int64_t id) MUST_USE;

/* Several notices shown as one. */
struct notice_group {
	struct notice newest; /* of those up to the page's top */
	int64_t count;        /* of all up to the page's top, also below the page */
	int64_t page_min, page_max;
	int64_t sample[NOTICE_GROUP_SAMPLES]; /* actors, newest first */
	size_t samples;
	bool grouped; /* false: one notice alone */
};
struct notice_groups {
	struct notice_group *at;
	size_t n;
	int64_t top, bottom; /* cursors of the page's first and last */
};
/* One page of groups, by their newest notice (by their oldest when asked upwards, min_id), newest
 * first. Two statements and one more per 40 groups. */
struct notice_groups notice_groups(struct db *db, struct arena *a, const struct notice_ask *ask);
/* "favourite-KWIP-HOUR" and its kind; "ungrouped-ID" when grouped is false. */
struct str notice_group_key(struct arena *a, const struct notice *n, bool grouped);
/* The group that a key names; ERR_NOT_FOUND when account has none such. */
enum err notice_group_get(struct db *db, int64_t account, struct str key,
			  struct notice_group *out) MUST_USE;
/* Everybody in it, newest first, suspended people left out; at most limit. *n is their number. */
int64_t *notice_group_actors(struct db *db, struct arena *a, int64_t account,
			     const struct notice_group *g, int limit, size_t *n);
/* ERR_NOT_FOUND when account has none such. */
enum err notice_group_dismiss(struct tx *tx, int64_t account, struct str key) MUST_USE;

/*
 * Forgets read notices older than keep_ms, walking up from *after, `most` rows at a time; *after is
 * where to go on (0 again at the end). Returns how many rows were looked at: less than most at the
 * end. Deleted rows only when they are read: what nobody saw waits.
 */
int notice_prune(struct tx *tx, int64_t *after, int64_t keep_ms, int most);

/* For notice.c: the bucket of a new notice. It goes on with the account's group of that kind and
 * kwip when that began less than NOTICE_GROUP_HOURS ago. */
int64_t notice_bucket(struct db *db, int64_t account, enum notice_kind kind, int64_t kwip,
		      int64_t now);

#endif
