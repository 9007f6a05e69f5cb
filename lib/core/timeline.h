/* SPDX-License-Identifier: MIT */
/*
 * Which kwips, in which order: the plain SQL definition of every timeline, and home read exactly
 * through the cache (lens.h). All give ids; kwips_load or cards show them.
 *
 * Home of V holds every kwip K where
 *   - K may be seen by V (kwip_may_see), and so may be what it boosts;
 *   - K.author is V; or is in none of V's exclusive lists, and
 *     - either K.author is followed by V (accepted); then a reply is there only if it answers V,
 * its own author, or somebody V follows, a boost only if V's follow shows boosts, and a kwip in a
 * language (boosts have none) only if V's follow names that one or none;
 *     - or K is public, no boost (but maybe a reply), its author not limited by moderators, and
 * has a tag that V follows;
 *   - none of author, answered author, boosted author is blocked (either way) or muted by V;
 *   - not a repeat, unless V shows repeats.
 * The active home holds of these only roots (no replies, no boosts), ordered by last comment.
 */
#ifndef CORE_TIMELINE_H
#define CORE_TIMELINE_H

#include "core/kwip.h"

enum order { ORDER_ACTIVE, ORDER_RECENT };

/* Cursors compare with ids; in active order with activity (ids of comments are ids too). 0: not
 * set. */
struct span {
	int64_t max_id, since_id, min_id;
	int limit; /* 1..80 */
	enum order order;
};
struct ids {
	int64_t *at;     /* in the order to show */
	int64_t *cursor; /* of each: its id, activity (active order) or relation id (favourites,
			    bookmarks) */
	size_t n;
};

/*
 * What a limited author says stands with followers alone (home, lists) and where one goes for it:
 * the profile, its own address, marks. It is in none of the public timelines, tags, links, not even
 * for the author; among the comments of a conversation it is there for those who follow the author,
 * for the author, and for who is limited as well.
 */
struct ids timeline_everyone(
	struct db *db, struct arena *a, struct span s, int64_t viewer,
	bool show_repeats); /* public roots; minus who viewer blocks or mutes */
struct ids timeline_home(struct db *db, struct arena *a, struct span s, int64_t viewer,
			 bool show_repeats); /* the definition: no cache */
/* PART_THREADS: of the comments, only those on one's own. */
enum account_part { PART_KWIPS = 1, PART_COMMENTS = 2, PART_BOOSTS = 4, PART_THREADS = 8 };
struct ids timeline_account(struct db *db, struct arena *a, struct span s, int64_t viewer,
			    int64_t account, int parts, bool show_repeats);
/* Some of the same, newest first. */
struct account_ask {
	int64_t account;
	int parts;
	bool show_repeats, only_media;
	struct str tag; /* folded; "" : with or without tags */
};
struct ids timeline_account_some(struct db *db, struct arena *a, struct span s, int64_t viewer,
				 const struct account_ask *ask);
/* What the account pinned, the last first; the span's limit alone counts. */
struct ids timeline_pinned(struct db *db, struct arena *a, struct span s, int64_t viewer,
			   int64_t account);
/* What quotes a kwip, with its author's consent. */
struct ids timeline_quotes(struct db *db, struct arena *a, struct span s, int64_t viewer,
			   int64_t kwip);
struct ids timeline_conversation(struct db *db, struct arena *a, int64_t viewer, int64_t root,
				 int64_t after,
				 int limit); /* comments, oldest first, flat; without the root */
struct ids timeline_tag(struct db *db, struct arena *a, struct span s, int64_t viewer,
			struct str folded_tag);
/* Kwips with the tag or any of `any`, with all of `all`, with none of `none`; folded names. */
enum { TAG_TERMS_MAX = 4 }; /* of each kind; further ones are not looked at */
struct tag_terms {
	struct str tag;
	struct str any[TAG_TERMS_MAX], all[TAG_TERMS_MAX], none[TAG_TERMS_MAX];
	size_t n_any, n_all, n_none;
	bool only_media;
};
struct ids timeline_tags(struct db *db, struct arena *a, struct span s, int64_t viewer,
			 const struct tag_terms *t);
/* Public roots with pictures and the like, repeats left out; public kwips with a link. By id. */
struct ids timeline_media(struct db *db, struct arena *a, struct span s, int64_t viewer);
struct ids timeline_link(struct db *db, struct arena *a, struct span s, int64_t viewer,
			 struct str url);
struct ids timeline_favourites(struct db *db, struct arena *a, struct span s, int64_t viewer);
struct ids timeline_bookmarks(struct db *db, struct arena *a, struct span s, int64_t viewer);
/*
 * A list of V holds what home would hold of its members if no list were exclusive and no tag
 * followed, with fewer replies: one that answers neither V nor its author is there only if the list
 * shows replies to everybody followed, or to members and it answers one.
 */
struct list_viewer {
	int64_t list, viewer; /* nothing when it is not the viewer's */
	bool show_repeats;
};
struct ids timeline_list(struct db *db, struct arena *a, struct span s,
			 const struct list_viewer *of);
bool timeline_list_has(struct db *db, int64_t viewer, int64_t list, int64_t kwip,
		       bool show_repeats);
/* Is K in V's home, by the definition above? What the merge asks for single kwips. */
bool timeline_home_has(struct db *db, int64_t viewer, int64_t kwip, bool show_repeats);
/* The newest ids of V's home for making a feed, repeats included; flags for each. Bounded by
 * followees + followed tags + limit, whatever the history. */
struct ids timeline_home_all(struct db *db, struct arena *a, int64_t viewer, enum order order,
			     int limit);

#endif
