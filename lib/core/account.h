/* SPDX-License-Identifier: MIT */
/* People: their names, states, profiles and passwords. */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include "base/crypt.h"
#include "core/emoji.h"
#include "store/db.h"

enum account_state { ACCOUNT_ACTIVE, ACCOUNT_SUSPENDED, ACCOUNT_DELETED, ACCOUNT_PENDING };
enum account_role { ROLE_MEMBER, ROLE_MODERATOR, ROLE_ADMIN };

enum {
	ACCOUNT_NAME_MIN = 2,
	ACCOUNT_NAME_MAX = 30,
	DISPLAY_NAME_MAX = 60,
	ABOUT_MAX = 2000,
	PASSWORD_MIN = 8,
	PASSWORD_MAX = 200,
	FIELDS_MAX = 4,
	FIELD_CHARS_MAX = 255
};

/* A row as pages and API show it; strings live in the arena it was loaded with. */
struct account {
	int64_t id;
	struct str name, domain; /* domain "" for local */
	struct str display_name, about, avatar, header;
	struct str fields;   /* JSON [[name, value], ...] */
	struct str uri, url; /* remote only */
	enum account_state state;
	enum account_role role;
	bool locked, bot, discoverable, indexable, hide_collections;
	bool limited,
		sensitized; /* by moderators: see timeline.h; all its media count as sensitive */
	int64_t kwips_count, followers_count, following_count;
	int64_t last_kwip;    /* id, direct ones left out; 0: none */
	struct emojis emojis; /* of display name, about and fields */
};
struct accounts {
	struct account *at;
	size_t n;
};

/* Private preferences of a local account. */
struct prefs {
	struct str email, language;
	int default_visibility, quote_policy; /* enum quote_policy */
	bool default_sensitive, show_repeats;
	int default_order;
	int expand_media; /* 0 as the kwip says, 1 show all, 2 hide all */
	bool expand_warned, autoplay;
	int64_t invited_by, notices_read;
};

/* Letters, digits and '_' of ASCII, ACCOUNT_NAME_MIN..ACCOUNT_NAME_MAX, not reserved. refuse()s
 * with a sentence. */
enum err account_name_check(struct str name) MUST_USE;
bool account_name_is_reserved(struct str name); /* route words, roles, www, admin, ... */

struct account_new {
	struct str name, email;    /* email may be "" */
	const char *password_hash; /* of password_hash(); "" : no password login */
	struct str display_name, language;
	enum account_role role;
	int64_t invited_by; /* 0: nobody; follows the inviter at once, or when let in */
	bool pending;       /* has to be let in first */
};
/* ERR_INPUT (name, mail), ERR_CONFLICT after refuse("that name is taken" / "that mail address is in
 * use"). Event ACCOUNT_NEW. */
enum err account_add(struct tx *tx, const struct account_new *n, int64_t *id) MUST_USE;

/* Who was invited follows the inviter, who is told. */
void account_meet_inviter(struct tx *tx, int64_t id, int64_t inviter);

bool account_get(struct db *db, struct arena *a, int64_t id, struct account *out) MUST_USE;
/* name without regard to case; domain "" for local. Any state: look at ->state. */
bool account_find(struct db *db, struct arena *a, struct str name, struct str domain,
		  struct account *out) MUST_USE;
/* Several at once in one statement per 40, in the order of ids; unknown ids are left out. */
struct accounts accounts_load(struct db *db, struct arena *a, const int64_t *ids, size_t n);
int64_t account_count(struct db *db); /* local, active */
bool account_any(struct db *db);      /* is there any local account at all? */
/* Active people whose name begins with q (a leading '@' is fine), by name. Display names are the
 * search service's. */
struct accounts account_search(struct db *db, struct arena *a, struct str q, int limit);
/*
 * Newest, or most followed, active discoverable local people that are not limited, for side boxes
 * and the directory. Most followed: of the newest 200, so that no index on a count that changes all
 * the time is needed; nothing beyond these 200 is listed.
 */
struct accounts account_directory(struct db *db, struct arena *a, bool newest, int limit,
				  int offset);

struct profile {
	struct str display_name, about, fields; /* fields: JSON as stored; "" keeps */
	bool locked, bot, discoverable, indexable, hide_collections;
};
enum err account_edit(struct tx *tx, int64_t id,
		      const struct profile *p) MUST_USE; /* checks lengths; event ACCOUNT_EDIT */
/* What a profile has besides, which few readers want. */
struct profile_more {
	struct str avatar_description, header_description;
	struct str attribution; /* domains, separated by spaces */
	bool show_media, show_media_replies, show_featured;
};
enum {
	PORTRAIT_DESCRIPTION_MAX = 150,
	ATTRIBUTION_MAX = 10,
};
void account_more(struct db *db, struct arena *a, int64_t id, struct profile_more *out);
/* Checks lengths and domains; event ACCOUNT_EDIT. */
enum err account_more_edit(struct tx *tx, int64_t id, const struct profile_more *m) MUST_USE;
/* Back to the drawn default; also what is still being worked on. Event ACCOUNT_EDIT. */
void account_avatar_remove(struct tx *tx, int64_t id);
void account_header_remove(struct tx *tx, int64_t id);
void account_prefs(struct db *db, struct arena *a, int64_t id, struct prefs *out);
enum err account_prefs_edit(struct tx *tx, int64_t id,
			    const struct prefs *p) MUST_USE; /* event SETTINGS */

/* By name or mail address. The hash goes to *hash ("" when there is none). ERR_AUTH when unknown;
 * spend the time of a check all the same. */
enum err account_login_find(struct db *db, struct arena *a, struct str name_or_mail, int64_t *id,
			    char hash[PASSWORD_HASH_MAX]) MUST_USE;
enum err account_password_check(struct str password,
				struct str name) MUST_USE; /* length, not the name; refuse()s */
/* Sets it and ends every session and token but `keep` (may be NULL), and all one-time links. */
enum err account_password_set(struct tx *tx, int64_t id, const char *hash,
			      const struct hash *keep) MUST_USE;
/* Suspends, restores, deletes (profile, kwips and relations go; the name stays taken). Event
 * ACCOUNT_STATE. */
enum err account_state_set(struct tx *tx, int64_t id, enum account_state s, int64_t by) MUST_USE;
enum err account_role_set(struct tx *tx, int64_t id, enum account_role role) MUST_USE;

#endif
