/* SPDX-License-Identifier: MIT */
/* Boosting: a kwip row without text that shows another's. Taking one back is in kwip_delete.c. */
#include "core/kwip_private.h"

#include "core/notice.h"

static enum err may_boost(struct db *db, int64_t account, const struct kwip_row *k)
{
	if (k->visibility == VISIBLE_DIRECT ||
	    (k->visibility == VISIBLE_FOLLOWERS && k->author != account))
		return ERR_DENIED;
	return DB_I64(db, 0, "SELECT 1 FROM account WHERE id = ? AND state = 0", A(account))
		       ? OK
		       : ERR_DENIED;
}

static int64_t insert(struct tx *tx, int64_t account, const struct kwip_row *k, enum visibility v,
		      int64_t app)
{
	int64_t id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO kwip (id, author, conversation, boost_of, visibility, app, activity) "
	      "VALUES (?1, ?2, ?1, ?3, ?4, ?5, ?1)",
	      A(id), A(account), A(k->id), A((int)v), A(app ? app : APP_WEB));
	return id;
}

enum err kwip_boost(struct tx *tx, int64_t account, int64_t kwip, enum visibility v, int64_t app,
		    int64_t *boost)
{
	struct db *db = tx_db(tx);
	struct kwip_row k;
	if (!kwip_row_said(db, kwip, &k) || !kwip_may_see(db, account, kwip))
		return ERR_NOT_FOUND;
	enum err e = may_boost(db, account, &k);
	if (e)
		return e;
	if ((unsigned)v >= VISIBLE_DIRECT)
		return refuse("a boost is public, unlisted or private");
	*boost = DB_I64(
		db, 0,
		"SELECT id FROM kwip WHERE boost_of = ? AND author = ? AND boost_of IS NOT NULL",
		A(k.id), A(account));
	if (*boost)
		return OK;
	if (v < k.visibility)
		v = k.visibility;
	*boost = insert(tx, account, &k, v, app);
	kwip_count_said(tx, account, *boost, v);
	TX_DO(tx, "UPDATE kwip SET boosts_count = boosts_count + 1 WHERE id = ?", A(k.id));
	event_add(tx, (struct event){.kind = EVENT_KWIP_NEW,
				     .actor = account,
				     .kwip = *boost,
				     .target = k.author,
				     .extra = k.id});
	kwip_tell_counts(tx, k.id, k.author, k.conversation);
	kwip_tell_marks(tx, account, k.id);
	if (k.author != account)
		notice_add(tx, k.author, NOTICE_BOOST, account, k.id);
	return OK;
}
