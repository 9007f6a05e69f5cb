/* SPDX-License-Identifier: MIT */
/*
 * Follows, requests, blocks and mutes: changing them. Rows, counts, notices and events of one
 * change stand in one transaction. Looking at them is relation.c's. Called by handlers, account_add
 * and closing.c.
 */
#include "core/follow.h"

#include "core/list.h"
#include "core/notice.h"
#include "store/event.h"

/* The row actor -> target as it is now. */
struct tie {
	bool is, pending, boosts;
};

static struct tie tie_get(struct db *db, int64_t actor, int64_t target)
{
	DB_EACH(row, db, "SELECT pending, boosts FROM follow WHERE actor = ? AND target = ?",
		A(actor), A(target))
		return (struct tie){.is = true,
				    .pending = db_i64(&row, 0) != 0,
				    .boosts = db_i64(&row, 1) != 0};
	return (struct tie){0};
}

static void tell(struct tx *tx, enum event_kind kind, int64_t actor, int64_t target)
{
	event_add(tx, (struct event){.kind = kind, .actor = actor, .target = target});
}

static void count(struct tx *tx, int64_t actor, int64_t target, int by)
{
	TX_DO(tx, "UPDATE account SET following_count = following_count + ? WHERE id = ?", A(by),
	      A(actor));
	TX_DO(tx, "UPDATE account SET followers_count = followers_count + ? WHERE id = ?", A(by),
	      A(target));
}

/* Nobody relates to oneself or to nobody. A deleted account is as good as none. */
static enum err target_check(struct db *db, int64_t actor, int64_t target, const char *what)
{
	if (actor == target)
		return refuse("you cannot %s yourself", what);
	int64_t state = DB_I64(db, ACCOUNT_DELETED, "SELECT state FROM account WHERE id = ?",
			       A(target));
	return state == ACCOUNT_DELETED ? ERR_NOT_FOUND : OK;
}

static enum err follow_permit(struct db *db, int64_t actor, int64_t target, bool *locked)
{
	enum err e = target_check(db, actor, target, "follow");
	if (e != OK)
		return e;
	int64_t both = DB_I64(db, 0,
			      "SELECT count(*) FROM account WHERE id IN (?, ?) AND state = 0",
			      A(actor), A(target));
	if (both != 2 || is_blocked_between(db, actor, target))
		return ERR_DENIED;
	*locked = DB_I64(db, 0, "SELECT locked FROM account WHERE id = ?", A(target)) != 0;
	return OK;
}

static void follow_begin(struct tx *tx, int64_t actor, int64_t target, bool boosts, bool notify)
{
	TX_DO(tx,
	      "INSERT INTO follow (actor, target, id, pending, boosts, notify) VALUES (?, ?, ?, 0, ?, ?)",
	      A(actor), A(target), A(tx_id(tx)), A(boosts), A(notify));
	count(tx, actor, target, 1);
	tell(tx, EVENT_FOLLOW, actor, target);
	notice_add(tx, target, NOTICE_FOLLOW, actor, 0);
}

static void follow_ask(struct tx *tx, int64_t actor, int64_t target, bool boosts, bool notify)
{
	TX_DO(tx,
	      "INSERT INTO follow (actor, target, id, pending, boosts, notify) VALUES (?, ?, ?, 1, ?, ?)",
	      A(actor), A(target), A(tx_id(tx)), A(boosts), A(notify));
	tell(tx, EVENT_REQUEST, actor, target);
	notice_add(tx, target, NOTICE_REQUEST, actor, 0);
}

/* A new id puts the new follower on top of the list: the asking may be long ago. */
static void follow_allow(struct tx *tx, int64_t actor, int64_t target)
{
	TX_DO(tx, "UPDATE follow SET pending = 0, id = ? WHERE actor = ? AND target = ?",
	      A(tx_id(tx)), A(actor), A(target));
	count(tx, actor, target, 1);
	notice_take_back(tx, target, NOTICE_REQUEST, actor, 0);
	tell(tx, EVENT_REQUEST, actor, target);
	tell(tx, EVENT_FOLLOW, actor, target);
}

enum err follow_add(struct tx *tx, int64_t actor, int64_t target, bool boosts, bool notify)
{
	bool locked = false;
	enum err e = follow_permit(tx_db(tx), actor, target, &locked);
	if (e != OK)
		return e;
	struct tie tie = tie_get(tx_db(tx), actor, target);
	if (!tie.is) {
		(locked ? follow_ask : follow_begin)(tx, actor, target, boosts, notify);
		return OK;
	}
	TX_DO(tx, "UPDATE follow SET boosts = ?, notify = ? WHERE actor = ? AND target = ?",
	      A(boosts), A(notify), A(actor), A(target));
	if (tie.pending && !locked)
		follow_allow(tx, actor, target);
	else if (!tie.pending && tie.boosts != boosts)
		tell(tx, EVENT_FOLLOW, actor, target);
	return OK;
}

enum err follow_languages_set(struct tx *tx, int64_t actor, int64_t target, struct str languages)
{
	enum { LANGUAGES_MAX = 500 };
	for (size_t i = 0; i < languages.len; i++) {
		char c = languages.at[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '-' || c == ' ';
		if (!ok || languages.len > LANGUAGES_MAX)
			return refuse("Validation failed: Languages are not valid");
	}
	if (TX_DO(tx,
		  "UPDATE follow SET languages = ?1 WHERE actor = ?2 AND target = ?3 AND languages <> ?1",
		  A(languages), A(actor), A(target)) > 0)
		tell(tx, EVENT_FOLLOW, actor, target);
	return OK;
}

/* Ends a follow or a request, whichever there is. */
static bool cut(struct tx *tx, int64_t actor, int64_t target)
{
	struct tie tie = tie_get(tx_db(tx), actor, target);
	if (!tie.is)
		return false;
	TX_DO(tx, "DELETE FROM follow WHERE actor = ? AND target = ?", A(actor), A(target));
	list_forget(tx, actor, target);
	TX_DO(tx, "DELETE FROM endorsement WHERE actor = ? AND target = ?", A(actor), A(target));
	notice_take_back(tx, target, tie.pending ? NOTICE_REQUEST : NOTICE_FOLLOW, actor, 0);
	if (!tie.pending)
		count(tx, actor, target, -1);
	tell(tx, tie.pending ? EVENT_REQUEST : EVENT_UNFOLLOW, actor, target);
	return true;
}

enum err follow_end(struct tx *tx, int64_t actor, int64_t target)
{
	cut(tx, actor, target);
	return OK;
}

enum err follow_accept(struct tx *tx, int64_t target, int64_t actor)
{
	struct tie tie = tie_get(tx_db(tx), actor, target);
	if (!tie.is)
		return ERR_NOT_FOUND;
	if (tie.pending)
		follow_allow(tx, actor, target);
	return OK;
}

enum err follow_reject(struct tx *tx, int64_t target, int64_t actor)
{
	return cut(tx, actor, target) ? OK : ERR_NOT_FOUND;
}

static void notices_between(struct tx *tx, int64_t x, int64_t y)
{
	TX_DO(tx, "DELETE FROM notice WHERE actor = ? AND account = ?", A(x), A(y));
	TX_DO(tx, "DELETE FROM notice WHERE actor = ? AND account = ?", A(y), A(x));
}

enum err block_add(struct tx *tx, int64_t actor, int64_t target)
{
	enum err e = target_check(tx_db(tx), actor, target, "block");
	if (e != OK)
		return e;
	if (DB_I64(tx_db(tx), 0, "SELECT 1 FROM block WHERE actor = ? AND target = ?", A(actor),
		   A(target)))
		return OK;
	cut(tx, actor, target);
	cut(tx, target, actor);
	notices_between(tx, actor, target);
	TX_DO(tx, "INSERT INTO block (actor, target, id) VALUES (?, ?, ?)", A(actor), A(target),
	      A(tx_id(tx)));
	tell(tx, EVENT_BLOCK, actor, target);
	return OK;
}

static void unblock(struct tx *tx, int64_t actor, int64_t target)
{
	if (TX_DO(tx, "DELETE FROM block WHERE actor = ? AND target = ?", A(actor), A(target)) > 0)
		tell(tx, EVENT_UNBLOCK, actor, target);
}

enum err block_end(struct tx *tx, int64_t actor, int64_t target)
{
	unblock(tx, actor, target);
	return OK;
}

enum err mute_add(struct tx *tx, int64_t actor, int64_t target, bool notices, int64_t life_ms)
{
	enum err e = target_check(tx_db(tx), actor, target, "mute");
	if (e != OK)
		return e;
	TX_DO(tx,
	      "INSERT INTO mute (actor, target, id, notices, expires_at) VALUES (?, ?, ?, ?, ?)"
	      " ON CONFLICT (actor, target) DO UPDATE SET notices = excluded.notices, expires_at = excluded.expires_at",
	      A(actor), A(target), A(tx_id(tx)), A(notices),
	      A_ID(life_ms > 0 ? tx_now(tx) + life_ms : 0));
	tell(tx, EVENT_MUTE, actor, target);
	return OK;
}

static void unmute(struct tx *tx, int64_t actor, int64_t target)
{
	if (TX_DO(tx, "DELETE FROM mute WHERE actor = ? AND target = ?", A(actor), A(target)) > 0)
		tell(tx, EVENT_UNMUTE, actor, target);
}

enum err mute_end(struct tx *tx, int64_t actor, int64_t target)
{
	unmute(tx, actor, target);
	return OK;
}

int mute_prune(struct tx *tx)
{
	struct {
		int64_t actor, target;
	} over[MUTES_PRUNED_MAX];
	int n = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT actor, target FROM mute WHERE expires_at IS NOT NULL AND expires_at <= ?"
		" ORDER BY expires_at LIMIT ?",
		A(tx_now(tx)), A(MUTES_PRUNED_MAX)) {
		over[n].actor = db_i64(&row, 0);
		over[n++].target = db_i64(&row, 1);
	}
	for (int i = 0; i < n; i++)
		unmute(tx, over[i].actor, over[i].target);
	return n;
}

/* One at a time, so that no statement walks rows that another takes away; a full disk must not make
 * it endless. */
static void ties_end(struct tx *tx, int64_t account)
{
	struct db *db = tx_db(tx);
	int64_t other;
	while (tx_err(tx) == OK &&
	       (other = DB_I64(db, 0, "SELECT target FROM follow WHERE actor = ? LIMIT 1",
			       A(account))) != 0)
		cut(tx, account, other);
	while (tx_err(tx) == OK &&
	       (other = DB_I64(db, 0, "SELECT actor FROM follow WHERE target = ? LIMIT 1",
			       A(account))) != 0)
		cut(tx, other, account);
}

static void blocks_end(struct tx *tx, int64_t account)
{
	struct db *db = tx_db(tx);
	int64_t other;
	while (tx_err(tx) == OK &&
	       (other = DB_I64(db, 0, "SELECT target FROM block WHERE actor = ? LIMIT 1",
			       A(account))) != 0)
		unblock(tx, account, other);
	while (tx_err(tx) == OK &&
	       (other = DB_I64(db, 0, "SELECT actor FROM block WHERE target = ? LIMIT 1",
			       A(account))) != 0)
		unblock(tx, other, account);
}

static void mutes_end(struct tx *tx, int64_t account)
{
	struct db *db = tx_db(tx);
	int64_t other;
	while (tx_err(tx) == OK &&
	       (other = DB_I64(db, 0, "SELECT target FROM mute WHERE actor = ? LIMIT 1",
			       A(account))) != 0)
		unmute(tx, account, other);
	while (tx_err(tx) == OK &&
	       (other = DB_I64(db, 0, "SELECT actor FROM mute WHERE target = ? LIMIT 1",
			       A(account))) != 0)
		unmute(tx, other, account);
}

void relations_end(struct tx *tx, int64_t account)
{
	ties_end(tx, account);
	blocks_end(tx, account);
	mutes_end(tx, account);
}
