/* SPDX-License-Identifier: MIT */
/*
 * Taking back what was said: the row goes, a tombstone stays, every count that knew of it is put
 * right. Taking back a boost is the same with other counts, and so lives here too.
 */
#include "core/kwip_private.h"

#include "core/direct.h"
#include "core/notice.h"
#include "core/repeat.h"

/* The row itself: whatever hangs on it (names, marks, notices) goes by foreign key. */
static void remove_row(struct tx *tx, const struct kwip_row *k, int64_t target, int64_t extra)
{
	TX_DO(tx,
	      "INSERT INTO tombstone (id, author, uri, at) SELECT id, author, uri, ?1 FROM kwip WHERE id = ?2 "
	      "ON CONFLICT (id) DO NOTHING",
	      A(tx_now(tx)), A(k->id));
	kwip_tags_drop(tx, k->id, true);
	TX_DO(tx, "DELETE FROM kwip WHERE id = ?", A(k->id));
	if (k->visibility != VISIBLE_DIRECT)
		TX_DO(tx,
		      "UPDATE account SET kwips_count = kwips_count - 1, last_kwip = CASE WHEN last_kwip = ?1 THEN "
		      "(SELECT k.id FROM kwip k WHERE k.author = ?2 AND k.visibility < 3 ORDER BY k.id DESC LIMIT 1) "
		      "ELSE last_kwip END WHERE id = ?2",
		      A(k->id), A(k->author));
	event_add(tx, (struct event){.kind = EVENT_KWIP_DELETE,
				     .actor = k->author,
				     .kwip = k->id,
				     .target = target,
				     .extra = extra});
}

static void remove_boost(struct tx *tx, const struct kwip_row *boost)
{
	struct kwip_row of;
	if (!kwip_row_get(tx_db(tx), boost->boost_of, &of)) {
		remove_row(tx, boost, 0, boost->boost_of);
		return;
	}
	remove_row(tx, boost, of.author, of.id);
	TX_DO(tx, "UPDATE kwip SET boosts_count = boosts_count - 1 WHERE id = ?", A(of.id));
	kwip_tell_counts(tx, of.id, of.author, of.conversation);
	kwip_tell_marks(tx, boost->author, of.id);
	notice_take_back(tx, of.author, NOTICE_BOOST, boost->author, of.id);
}

/* The boosts of what goes: their counts and marks go with it, so only the rows need care. */
static void remove_boosts_of(struct tx *tx, const struct kwip_row *k)
{
	for (;;) {
		struct kwip_row boost;
		int64_t id = DB_I64(
			tx_db(tx), 0,
			"SELECT id FROM kwip WHERE boost_of = ? AND boost_of IS NOT NULL LIMIT 1",
			A(k->id));
		if (!id || tx_err(tx) || !kwip_row_get(tx_db(tx), id, &boost))
			return;
		remove_row(tx, &boost, k->author, k->id);
	}
}

/*
 * The newest comment that counts, or the root itself, is what the root was last active by. Comments
 * that came from a repeat (repeat.c) may be older than the root.
 */
static void uncount_comment(struct tx *tx, const struct kwip_row *k, const struct kwip_row *root)
{
	if (root->id && k->visibility <= root->visibility) {
		TX_DO(tx,
		      "UPDATE kwip SET comments_count = comments_count - 1, activity = CASE WHEN activity = ?1 THEN "
		      "coalesce((SELECT c.id FROM kwip c WHERE c.conversation = ?2 AND c.reply_to IS NOT NULL "
		      "AND c.id > kwip.id AND c.visibility <= kwip.visibility ORDER BY c.id DESC LIMIT 1), id) ELSE activity END WHERE id = ?2",
		      A(k->id), A(root->id));
		kwip_tell_counts(tx, root->id, root->author, root->id);
	}
	struct kwip_row parent;
	if (k->reply_to == root->id || !kwip_row_get(tx_db(tx), k->reply_to, &parent))
		return;
	if (k->visibility <= parent.visibility) {
		TX_DO(tx, "UPDATE kwip SET comments_count = comments_count - 1 WHERE id = ?",
		      A(parent.id));
		kwip_tell_counts(tx, parent.id, parent.author, parent.conversation);
	}
}

static void remove_said(struct tx *tx, const struct kwip_row *k)
{
	struct kwip_row root = *k;
	if (k->conversation != k->id && !kwip_row_get(tx_db(tx), k->conversation, &root))
		root.id = 0;
	remove_boosts_of(tx, k);
	repeat_gone(tx, k->id);
	quote_gone(tx, k);
	direct_unsaid(tx, k->id);
	remove_row(tx, k, root.author, k->conversation);
	quotes_lost(tx, k->id);
	if (k->reply_to)
		uncount_comment(tx, k, &root);
}

static bool is_moderator(struct db *db, int64_t account)
{
	return DB_I64(db, 0, "SELECT 1 FROM account WHERE id = ? AND role >= ? AND state = 0",
		      A(account), A(ROLE_MODERATOR)) != 0;
}

enum err kwip_delete(struct tx *tx, int64_t kwip, int64_t by)
{
	struct db *db = tx_db(tx);
	struct kwip_row k;
	if (!kwip_row_get(db, kwip, &k))
		return ERR_NOT_FOUND;
	if (k.author != by && !is_moderator(db, by))
		return kwip_may_see(db, by, kwip) ? ERR_DENIED : ERR_NOT_FOUND;
	if (k.boost_of)
		remove_boost(tx, &k);
	else
		remove_said(tx, &k);
	return OK;
}

enum err kwip_unboost(struct tx *tx, int64_t account, int64_t kwip)
{
	struct kwip_row k, boost;
	if (!kwip_row_said(tx_db(tx), kwip, &k))
		return ERR_NOT_FOUND;
	int64_t id = DB_I64(
		tx_db(tx), 0,
		"SELECT id FROM kwip WHERE boost_of = ? AND author = ? AND boost_of IS NOT NULL",
		A(k.id), A(account));
	if (!id || !kwip_row_get(tx_db(tx), id, &boost))
		return kwip_may_see(tx_db(tx), account, kwip) ? OK : ERR_NOT_FOUND;
	remove_boost(tx, &boost);
	return OK;
}
