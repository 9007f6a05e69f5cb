/* SPDX-License-Identifier: MIT */
/*
 * What the kwip_*.c, timeline*.c, conversation.c and repeat.c share: the SQL of "may see", rows as
 * the rules look at them, and the small changes that several of them make. Nobody else includes
 * this.
 */
#ifndef CORE_KWIP_PRIVATE_H
#define CORE_KWIP_PRIVATE_H

#include "core/kwip.h"
#include "store/event.h"

/* Terms of WHERE clauses; ?1 is the viewer everywhere, who and k are columns and table names. */
#define SQL_NO_BLOCK(who) \
	"NOT EXISTS (SELECT 1 FROM block WHERE actor = ?1 AND target = " who ") " \
	"AND NOT EXISTS (SELECT 1 FROM block WHERE actor = " who " AND target = ?1)"
#define SQL_NO_MUTE(who) "NOT EXISTS (SELECT 1 FROM mute WHERE actor = ?1 AND target = " who ")"
#define SQL_FOLLOWS(who) \
	"EXISTS (SELECT 1 FROM follow WHERE actor = ?1 AND target = " who " AND pending = 0)"
#define SQL_ACTIVE(who) "EXISTS (SELECT 1 FROM account WHERE account.id = " who " AND state = 0)"
/* Not limited by moderators: what everybody is shown without asking for it. */
#define SQL_UNLIMITED(who) \
	"EXISTS (SELECT 1 FROM account WHERE account.id = " who " AND limited = 0)"
#define SQL_PRESENTABLE(who) \
	"EXISTS (SELECT 1 FROM account WHERE account.id = " who " AND state = 0 AND limited = 0)"
/* Where a limited one speaks among others, those who follow hear it, and who is limited as well. */
#define SQL_HEARS(who) \
	"(" SQL_UNLIMITED(who) " OR " who " = ?1 OR " SQL_FOLLOWS( \
		who) " OR EXISTS (SELECT 1 FROM account WHERE account.id = ?1 AND limited = 1))"
/* By its visibility alone. */
#define SQL_IS_FOR(k) \
	k ".visibility < 2 OR " k ".author = ?1 OR (" k ".visibility = 2 AND " SQL_FOLLOWS( \
		k ".author") ") OR EXISTS (SELECT 1 FROM mention WHERE mention.kwip = " k \
			     ".id AND account = ?1)"
/* Without regard to what a boost boosts. */
#define SQL_SEES_ROW(k) \
	SQL_ACTIVE(k ".author") " AND " SQL_NO_BLOCK(k ".author") " AND (" SQL_IS_FOR(k) ")"
#define SQL_SEES(k) \
	SQL_SEES_ROW(k) \
	" AND (" k ".boost_of IS NULL OR EXISTS (SELECT 1 FROM kwip seen WHERE seen.id = " k \
	".boost_of" \
	" AND " SQL_SEES_ROW("seen") "))"

/* A kwip as the rules look at it: no texts. */
struct kwip_row {
	int64_t id, author, conversation, reply_to, reply_to_author, boost_of, repeat_of, quote_of;
	enum visibility visibility;
	enum quote_state quote_state;
};
/* False when absent; *out is all zero then. */
bool kwip_row_get(struct db *db, int64_t id, struct kwip_row *out) MUST_USE;
/* The same, and what is boosted in place of a boost. */
bool kwip_row_said(struct db *db, int64_t id, struct kwip_row *out) MUST_USE;

/* The author has one more, unless it is direct: nobody else is to know when those were said. */
void kwip_count_said(struct tx *tx, int64_t author, int64_t id, enum visibility v);
/* EVENT_KWIP_COUNTS for a kwip. */
void kwip_tell_counts(struct tx *tx, int64_t kwip, int64_t author, int64_t conversation);
/* EVENT_MARK with all bits that account has on the kwip now. */
void kwip_tell_marks(struct tx *tx, int64_t account, int64_t kwip);

/* Blank (unless it may be), too long, bad UTF-8, bad language: refuse()s. */
enum err kwip_text_check(struct str body, struct str warning, struct str language,
			 bool may_be_blank) MUST_USE;
/*
 * Characters as Mastodon counts them: a link is 23, a name counts without its host, what is seen as
 * one character (a grapheme cluster of UAX 29) is one. Well-formed UTF-8.
 */
size_t kwip_length(struct str text);
/* Trimmed, line ends as \n. */
struct str kwip_text_clean(struct arena *a, struct str text);

/* core/kwip_post.c. What would be answered is not there: ERR_NOT_FOUND with the sentence for it. */
enum err kwip_no_parent(void) MUST_USE;
/* core/quote.c. What account may quote (of a boost: what it boosts); ERR_NOT_FOUND otherwise. */
enum err quote_find(struct db *db, int64_t account, int64_t kwip, struct kwip_row *out) MUST_USE;
/* n more (or fewer) quotes, said with visibility by. Those more private than what they quote are
 * not counted. */
void quote_count(struct tx *tx, const struct kwip_row *quoted, enum visibility by, int n);
/* A kwip goes, or its consent: what it quotes has one quote fewer. */
void quote_gone(struct tx *tx, const struct kwip_row *k);
/* A kwip is gone: the cards of what quotes it named its address. */
void quotes_lost(struct tx *tx, int64_t quoted);

/* core/kwip_emoji.c. Finds the custom emoji of all of them together. */
void kwips_emojis(struct db *db, struct arena *a, struct kwip *const *kwips, size_t n);

/* Accounts named in a text that are here and active. */
enum { KWIP_NAMES_MAX = 100, KWIP_LINKS_MAX = 50 };
struct named {
	int64_t account[KWIP_NAMES_MAX];
	size_t n;
};
/* Finds mentions, tags and links in body and stores their rows; *out gets who is mentioned. */
void kwip_names_store(struct tx *tx, struct arena *a, int64_t kwip, struct str body,
		      struct named *out);
/*
 * An answer that is as private as what it answers is meant for whom it answers, named or not; and
 * whose words are quoted to followers may see what is made of them. After kwip_names_store; once
 * more after each edit.
 */
void kwip_names_answered(struct tx *tx, int64_t kwip);
/* Takes all tags off a kwip that is edited or deleted (for_good), and tells of those that somebody
 * follows; of a deleted public one, of all: live streams of the tag have to forget it. */
void kwip_tags_drop(struct tx *tx, int64_t kwip, bool for_good);
bool named_has(const struct named *n, int64_t account);

#endif
