/* SPDX-License-Identifier: MIT */
/*
 * Suspending, restoring and deleting accounts, and their roles. A suspended account keeps
 * everything and is shown nowhere; a deleted one keeps only its name, so that nobody can step into
 * it. Called by moderators' pages and commands.
 */
#include "core/account_private.h"

#include "base/log.h"
#include "core/follow.h"
#include "core/kwip.h"
#include "core/session.h"
#include "store/event.h"

/* The walks go down by id, so that a refusal cannot hold them up; 0 at the end. */
static int64_t favourite_below(struct db *db, int64_t account, int64_t kwip)
{
	return DB_I64(db, 0,
		      "SELECT kwip FROM favourite WHERE account = ? AND kwip < ?"
		      " ORDER BY kwip DESC LIMIT 1",
		      A(account), A(kwip));
}

static int64_t kwip_below(struct db *db, int64_t account, int64_t kwip)
{
	return DB_I64(db, 0,
		      "SELECT id FROM kwip WHERE author = ? AND id < ? ORDER BY id DESC LIMIT 1",
		      A(account), A(kwip));
}

/* Through kwip_mark, so that the counts of others' kwips follow. */
static void favourites_end(struct tx *tx, int64_t account)
{
	struct db *db = tx_db(tx);
	int64_t kwip = INT64_MAX;
	while (tx_err(tx) == OK && (kwip = favourite_below(db, account, kwip)) != 0)
		if (kwip_mark(tx, account, kwip, MARK_FAVOURITE, false) != OK)
			log_debug("a favourite of a closed account was not taken back in order");
	TX_DO(tx, "DELETE FROM favourite WHERE account = ?", A(account));
}

/* As the author's own doing, whoever closes the account: that is always allowed. */
static enum err kwips_end(struct tx *tx, int64_t account)
{
	int64_t kwip = INT64_MAX;
	enum err e = OK;
	while (e == OK && tx_err(tx) == OK && (kwip = kwip_below(tx_db(tx), account, kwip)) != 0)
		e = kwip_delete(tx, kwip, account);
	return e;
}

static void profile_clear(struct tx *tx, int64_t account)
{
	TX_DO(tx,
	      "UPDATE account SET display_name = '', about = '', fields = '[]', avatar = '', header = '', role = 0, locked = 0,"
	      " discoverable = 0, indexable = 0, url = NULL WHERE id = ?",
	      A(account));
	TX_DO(tx,
	      "UPDATE login SET email = NULL, email_key = NULL, password = '', language = '' WHERE account = ?",
	      A(account));
}

static enum err everything_end(struct tx *tx, int64_t account)
{
	enum err e = kwips_end(tx, account);
	if (e != OK)
		return e;
	favourites_end(tx, account);
	relations_end(tx, account);
	sessions_end(tx, account, NULL);
	TX_DO(tx, "DELETE FROM bookmark WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM conversation_mute WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM notice WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM notice WHERE actor = ?", A(account));
	TX_DO(tx, "DELETE FROM notice_request WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM notice_request WHERE actor = ?", A(account));
	TX_DO(tx, "DELETE FROM notice_policy WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM direct WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM marker WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM announcement_read WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM announcement_reaction WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM invite WHERE account = ?", A(account));
	TX_DO(tx, "DELETE FROM media WHERE account = ?", A(account));
	profile_clear(tx, account);
	return OK;
}

enum err account_state_set(struct tx *tx, int64_t id, enum account_state s, int64_t by)
{
	int64_t old = DB_I64(tx_db(tx), -1, "SELECT state FROM account WHERE id = ?", A(id));
	if (old < 0)
		return ERR_NOT_FOUND;
	if (old == (int64_t)s)
		return OK;
	if (old == ACCOUNT_DELETED)
		return ERR_GONE;
	enum err e = s == ACCOUNT_DELETED ? everything_end(tx, id) : OK;
	if (e != OK)
		return e;
	TX_DO(tx, "UPDATE account SET state = ? WHERE id = ?", A((int)s), A(id));
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_STATE,
				     .actor = by,
				     .target = id,
				     .extra = (int64_t)s});
	return OK;
}

enum err account_role_set(struct tx *tx, int64_t id, enum account_role role)
{
	if (TX_DO(tx, "UPDATE account SET role = ? WHERE id = ? AND domain = '' AND state <> 2",
		  A((int)role), A(id)) == 0)
		return ERR_NOT_FOUND;
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_EDIT, .actor = id});
	return OK;
}
