/* SPDX-License-Identifier: MIT */
/*
 * What moderators see and do: people with what is private about them, actions with their trail, and
 * what the whole site keeps out. Who may ask is the route table's.
 */
#ifndef CORE_MODERATION_H
#define CORE_MODERATION_H

#include "core/timeline.h"

/* One account as a moderator sees it. */
struct overseen {
	struct account who;
	struct str email, language;
	struct str reason; /* of who waits: why they want to join */
	int64_t invited_by;
	bool limited, sensitized;
};
struct overseen_list {
	struct overseen *at;
	size_t n;
};

enum overseen_state {
	OVERSEEN_ANY,
	OVERSEEN_ACTIVE,
	OVERSEEN_PENDING,
	OVERSEEN_SUSPENDED,
	OVERSEEN_LIMITED
};
struct overseen_ask {
	bool local, remote; /* neither: both */
	bool staff;
	enum overseen_state state;
	struct str name, display_name, email, domain; /* parts of them; domain whole */
	int64_t invited_by;
	struct span page; /* ids; its order does not matter */
};
/* Newest first. Deleted ones are left out. */
struct overseen_list overseen_list(struct db *db, struct arena *a, const struct overseen_ask *ask);
/* Several by id, in no order; deleted ones are left out. A bounded number of statements per 40. */
struct overseen_list overseen_load(struct db *db, struct arena *a, const int64_t *ids, size_t n);
bool overseen_get(struct db *db, struct arena *a, int64_t id, struct overseen *out) MUST_USE;

enum moderation {
	MODERATE_NOTE,
	MODERATE_SENSITIZE,
	MODERATE_UNSENSITIZE,
	MODERATE_LIMIT,
	MODERATE_UNLIMIT,
	MODERATE_SUSPEND,
	MODERATE_RESTORE,
	MODERATE_APPROVE,
	MODERATE_REJECT,
	MODERATE_DELETE,
	MODERATIONS
};
struct moderation_step {
	enum moderation what;
	int64_t by, target, report; /* report: 0, or the one that this settles */
	struct str text;
	bool warn; /* tell the account: NOTICE_WARNING */
};
/*
 * Does it and writes it down (table audit). ERR_NOT_FOUND for nobody; ERR_DENIED for oneself and
 * for who has at least as high a role; ERR_INPUT when the state does not allow it (DELETE wants a
 * suspended one, APPROVE and REJECT a pending one). Events ACCOUNT_STATE or ACCOUNT_EDIT.
 */
enum err moderate(struct tx *tx, const struct moderation_step *step) MUST_USE;

/* What was done to an account, as it is told. */
struct warning {
	int64_t id, target;
	struct str action, text; /* action: "none" "sensitive" "silence" "suspend" */
	struct str kwips;        /* JSON: ids of the report that it settled; "[]" */
};
bool warning_get(struct db *db, struct arena *a, int64_t id, struct warning *out) MUST_USE;

enum site_block_kind {
	BLOCK_DOMAIN = 1,
	BLOCK_ALLOW,
	BLOCK_MAIL_DOMAIN,
	BLOCK_ADDRESS,
	BLOCK_MAIL,
	BLOCK_TAG,
	BLOCK_LINK,
	BLOCK_KWIP
};
enum site_block_flag {
	BLOCK_REJECT_MEDIA = 1,
	BLOCK_REJECT_REPORTS = 2,
	BLOCK_OBFUSCATE = 4,
	BLOCK_WITH_APPROVAL = 8
};
struct site_block {
	int64_t id;
	enum site_block_kind kind;
	struct str value, note, public_note;
	int severity, flags;
	int64_t expires_at, created_at;
};
struct site_blocks {
	struct site_block *at;
	size_t n;
};
/* Newest first. */
struct site_blocks site_block_list(struct db *db, struct arena *a, enum site_block_kind kind,
				   struct span page);
bool site_block_get(struct db *db, struct arena *a, enum site_block_kind kind, int64_t id,
		    struct site_block *out) MUST_USE;
/* id 0: a new one (refuse()s when that value is there already); else changes it
 * (ERR_NOT_FOUND). The value is kept in lower case; addresses are checked. */
enum err site_block_put(struct tx *tx, struct arena *a, const struct site_block *b,
			int64_t *id) MUST_USE;
enum err site_block_end(struct tx *tx, enum site_block_kind kind, int64_t id) MUST_USE;
/* Is this very value kept out at this moment? */
bool site_block_has(struct db *db, struct arena *a, enum site_block_kind kind, struct str value,
		    int64_t now);
/* Its id, expired or not; 0 when there is none. */
int64_t site_block_id(struct db *db, struct arena *a, enum site_block_kind kind, struct str value);
/* Who signs up with this mail address: is it, its domain or any domain above that kept out, or only
 * to be looked at first? */
enum mail_verdict { MAIL_FREE, MAIL_WITH_APPROVAL, MAIL_BLOCKED };
enum mail_verdict site_block_mail(struct db *db, struct arena *a, struct str email, int64_t now);
/* The hash by which BLOCK_MAIL keeps an address: BLAKE2b, hex, of the address without dots and
 * "+..." in its local part. */
struct str site_block_mail_hash(struct arena *a, struct str email);

/* How many accounts were made / reports opened / reports resolved in [from, to). */
int64_t tally_accounts(struct db *db, int64_t from, int64_t to);
int64_t tally_reports(struct db *db, int64_t from, int64_t to);
int64_t tally_resolved(struct db *db, int64_t from, int64_t to);
int64_t tally_kwips(struct db *db, int64_t from, int64_t to);

#endif
