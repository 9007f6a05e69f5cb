/* SPDX-License-Identifier: MIT */
/*
 * Kwips: saying, editing, deleting, boosting, marking; loading them for showing; who may see them.
 * Every reply belongs to its root's conversation.
 */
#ifndef CORE_KWIP_H
#define CORE_KWIP_H

#include "core/account.h"
#include "core/emoji.h"
#include "core/markup.h"
#include "core/media.h"
#include "core/poll.h"
#include "core/preview.h"
#include "core/quote.h"

enum visibility { VISIBLE_PUBLIC, VISIBLE_UNLISTED, VISIBLE_FOLLOWERS, VISIBLE_DIRECT };
enum mark {
	MARK_FAVOURITE = 1,
	MARK_BOOST = 2,
	MARK_BOOKMARK = 4,
	MARK_MUTE = 8
}; /* MUTE: on the conversation's root */

enum { APP_WEB = 1, APP_API = 2 };

struct draft {
	int64_t author;
	struct str body, warning, language; /* language "" : the author's */
	enum visibility visibility;
	bool sensitive;
	int64_t reply_to; /* 0: a kwip of its own */
	int64_t app;
	struct str idempotency_key; /* "" : none */
	const int64_t *media;       /* the author's own uploads, in order */
	size_t n_media;
	const struct poll_draft *poll; /* NULL: none */
	int64_t quote_of;              /* 0: quotes nothing */
	bool has_quote_policy;         /* else the author's standard one */
	enum quote_policy quote_policy;
};

/*
 * Says it. ERR_INPUT: blank with neither media nor quote, too long (conf.kwip_max_chars as
 * Mastodon counts, warning included), bad UTF-8, bad language, media or poll that will not do;
 * ERR_NOT_FOUND: reply to, or quote of, what the author cannot see or may not quote; ERR_DENIED:
 * the account may not, or is blocked by who is replied to. A reply is never more visible than what
 * it answers, nor a quote than a followers-only one's. Same idempotency key within the hour: the
 * first kwip's id, nothing new. Stores mentions, tags, links (a private answer names whom it
 * answers); updates counts and the root's activity (a comment counts when it is not more private
 * than the root); notices, also for at most 200 followers with notify; event KWIP_NEW.
 */
enum err kwip_post(struct tx *tx, struct arena *a, const struct draft *d, int64_t *id) MUST_USE;

/* What author said with this idempotency key within the hour; 0: nothing. */
int64_t kwip_of_key(struct db *db, struct arena *a, int64_t author, struct str key, int64_t now);

/* Something new to say of a media that stays or comes. */
struct media_remark {
	int64_t media;
	bool has_description, has_focus;
	struct str description;
	int focus_x, focus_y; /* thousandths */
};
struct revision {
	int64_t kwip, editor;
	struct str body, warning, language;
	bool sensitive;
	bool keep_parts; /* media, poll and policy stay as they are; else the following is all there
			    is from now on */
	const int64_t *media;
	size_t n_media;
	const struct media_remark *remarks;
	size_t n_remarks;
	const struct poll_draft *poll;
	bool has_quote_policy;
	enum quote_policy quote_policy;
};
/*
 * Own kwips only (ERR_DENIED / ERR_NOT_FOUND). History is kept; what changes nothing that is shown
 * is no edit. Tells who is named, who boosted it, who quoted it.
 */
enum err kwip_edit(struct tx *tx, struct arena *a, const struct revision *r) MUST_USE;
/* By its author or a moderator. Boosts of it go too; its comments stay in the conversation.
 * Tombstone, event. */
enum err kwip_delete(struct tx *tx, int64_t kwip, int64_t by) MUST_USE;
/* ERR_NOT_FOUND unless visible; ERR_DENIED for private ones of others. OK with the same *boost
 * again when already boosted. */
enum err kwip_boost(struct tx *tx, int64_t account, int64_t kwip, enum visibility v, int64_t app,
		    int64_t *boost) MUST_USE;
/* As clearing a mark. */
enum err kwip_unboost(struct tx *tx, int64_t account, int64_t kwip) MUST_USE;
/*
 * Sets or clears MARK_FAVOURITE, MARK_BOOKMARK, MARK_MUTE. Again is OK. Counts, notices, events.
 * ERR_NOT_FOUND unless visible; what was set before access was lost can be cleared all the same, so
 * look before showing it.
 */
enum err kwip_mark(struct tx *tx, int64_t account, int64_t kwip, enum mark m, bool on) MUST_USE;
/* The bits of one viewer for each kwip, in a bounded number of statements. MUTE is looked up by
 * conversations[i]. */
void kwip_marks(struct db *db, int64_t account, const int64_t *kwips, const int64_t *conversations,
		size_t n, int *bits);

/* A kwip with everything that showing it needs. Strings live in the arena. */
struct kwip {
	int64_t id, author, conversation, reply_to, reply_to_author, boost_of;
	enum visibility visibility;
	struct str body, warning, language, uri, url;
	bool sensitive;
	int64_t edited_at;
	int64_t activity;
	int64_t comments_count, boosts_count, favourites_count;
	int64_t repeat_of, repeats_count;
	int64_t app;
	struct str app_name, app_website;
	struct str reply_to_name;   /* account name of reply_to_author, "" when none */
	const struct account *who;  /* the author */
	const struct kwip *boosted; /* of a boost: what it boosts, loaded as well */
	struct mentions mentions;
	struct str *tags; /* folded names, without '#' */
	size_t n_tags;
	const struct media *media;
	size_t n_media;
	const struct preview *preview; /* NULL: none */
	bool polled, pinned;
	struct emojis emojis; /* of text, warning and poll */
	int64_t quote_of, quotes_count;
	struct str quoted_url;        /* absolute; "" unless accepted and still there */
	enum quote_state quote_state; /* as kept: see quotes_shown */
	enum quote_policy quote_policy;
};
struct kwips {
	struct kwip *at;
	size_t n;
};

/*
 * Loads kwips in the order of ids in a bounded number of statements per 40 (accounts, mentions,
 * tags, media, previews, boosted ones included). Gone ones are left out. No visibility check: ids
 * come from a timeline or kwip_may_see.
 */
struct kwips kwips_load(struct db *db, struct arena *a, const int64_t *ids, size_t n);
/* One, for somebody (viewer 0: visitor). ERR_NOT_FOUND when absent or not visible, ERR_GONE when
 * there was one that everyone could see... or not: never tells. */
enum err kwip_get(struct db *db, struct arena *a, int64_t viewer, int64_t id,
		  struct kwip *out) MUST_USE;
/*
 * Public and unlisted: everyone; followers: the author, accepted followers and the mentioned;
 * direct: the author and the mentioned. Never when author and viewer block each other, or the
 * author is not active. A boost: also its boosted.
 */
bool kwip_may_see(struct db *db, int64_t viewer, int64_t id);
/* The id itself, or of a boost what it boosts; 0 when absent. Whoever may see the one may see the
 * other. */
int64_t kwip_said(struct db *db, int64_t id);
/* Keeps only what viewer may see, in order; bounded statements. Returns the new n. */
size_t kwips_visible(struct db *db, int64_t viewer, int64_t *ids, size_t n);

struct kwip_edition {
	int64_t at;
	struct str body, warning;
	bool sensitive;
	const struct media *media; /* those that are still there, described as they were then */
	size_t n_media;
	struct str *options; /* of its poll */
	size_t n_options;
	struct emojis emojis;
};
struct kwip_editions {
	struct kwip_edition *at;
	size_t n;
};
/* Oldest first, the present text last; of more than 100 earlier ones the newest. */
struct kwip_editions kwip_history(struct db *db, struct arena *a, int64_t kwip);
int64_t kwip_count(struct db *db); /* local kwips ever said and still there */

/* "public" "unlisted" "private" "direct" (the API's words) and back; false for others. */
struct str visibility_name(enum visibility v);
bool visibility_of(struct str name, enum visibility *v);

#endif
