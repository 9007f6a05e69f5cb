/* SPDX-License-Identifier: MIT */
/* Marks: favourites, bookmarks, muted conversations; setting them, reading them, who made them. */
#include "core/kwip_private.h"

#include "core/in40.h"
#include "core/notice.h"

static int marks_of(struct db *db, int64_t account, int64_t kwip)
{
	return (int)DB_I64(
		db, 0,
		"SELECT (SELECT count(*) FROM favourite WHERE account = ?1 AND kwip = ?2) "
		"+ 2 * (SELECT count(*) FROM kwip WHERE boost_of = ?2 AND author = ?1 AND boost_of IS NOT NULL) "
		"+ 4 * (SELECT count(*) FROM bookmark WHERE account = ?1 AND kwip = ?2) "
		"+ 8 * (SELECT count(*) FROM conversation_mute WHERE account = ?1 AND kwip = ?2)",
		A(account), A(kwip));
}

void kwip_tell_marks(struct tx *tx, int64_t account, int64_t kwip)
{
	event_add(tx, (struct event){.kind = EVENT_MARK,
				     .actor = account,
				     .kwip = kwip,
				     .extra = marks_of(tx_db(tx), account, kwip)});
}

/* These three tell whether it was otherwise before. */
static bool favourite(struct tx *tx, int64_t account, const struct kwip_row *k, bool on)
{
	int changed =
		on ? TX_DO(tx,
			   "INSERT INTO favourite (account, kwip, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			   A(account), A(k->id), A(tx_id(tx)))
		   : TX_DO(tx, "DELETE FROM favourite WHERE account = ? AND kwip = ?", A(account),
			   A(k->id));
	if (!changed)
		return false;
	TX_DO(tx, "UPDATE kwip SET favourites_count = favourites_count + ? WHERE id = ?",
	      A(on ? 1 : -1), A(k->id));
	kwip_tell_marks(tx, account, k->id);
	kwip_tell_counts(tx, k->id, k->author, k->conversation);
	if (on && k->author != account)
		notice_add(tx, k->author, NOTICE_FAVOURITE, account, k->id);
	else if (!on)
		notice_take_back(tx, k->author, NOTICE_FAVOURITE, account, k->id);
	return true;
}

static bool bookmark(struct tx *tx, int64_t account, const struct kwip_row *k, bool on)
{
	int changed =
		on ? TX_DO(tx,
			   "INSERT INTO bookmark (account, kwip, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			   A(account), A(k->id), A(tx_id(tx)))
		   : TX_DO(tx, "DELETE FROM bookmark WHERE account = ? AND kwip = ?", A(account),
			   A(k->id));
	if (changed)
		kwip_tell_marks(tx, account, k->id);
	return changed;
}

static bool mute(struct tx *tx, int64_t account, const struct kwip_row *k, bool on)
{
	int changed =
		on ? TX_DO(tx,
			   "INSERT INTO conversation_mute (account, kwip) VALUES (?, ?) ON CONFLICT DO NOTHING",
			   A(account), A(k->conversation))
		   : TX_DO(tx, "DELETE FROM conversation_mute WHERE account = ? AND kwip = ?",
			   A(account), A(k->conversation));
	if (changed)
		kwip_tell_marks(tx, account, k->conversation);
	return changed;
}

static bool set_mark(struct tx *tx, int64_t account, const struct kwip_row *k, enum mark m, bool on)
{
	switch (m) {
	case MARK_FAVOURITE:
		return favourite(tx, account, k, on);
	case MARK_BOOKMARK:
		return bookmark(tx, account, k, on);
	case MARK_MUTE:
		return mute(tx, account, k, on);
	case MARK_BOOST:
		break;
	}
	die("kwip_mark: %d is no mark of this kind", (int)m);
}

/* Who lost sight of a kwip may still take back a mark; whoever has none learns nothing of it. */
enum err kwip_mark(struct tx *tx, int64_t account, int64_t kwip, enum mark m, bool on)
{
	struct kwip_row k;
	if (!kwip_row_said(tx_db(tx), kwip, &k))
		return ERR_NOT_FOUND;
	bool sees = kwip_may_see(tx_db(tx), account, kwip);
	if (on && !sees)
		return ERR_NOT_FOUND;
	return set_mark(tx, account, &k, m, on) || sees ? OK : ERR_NOT_FOUND;
}

static void set_bits(int64_t kwip, enum mark m, const int64_t *ids, size_t n, int *bits)
{
	for (size_t i = 0; i < n; i++) {
		if (ids[i] == kwip)
			bits[i] |= (int)m;
	}
}

static void marks_chunk(struct db *db, const struct db_arg *args, const int64_t *kwips, size_t n,
			int *bits)
{
	DB_EACH_ARGS(row, db,
		     "SELECT kwip FROM favourite WHERE account = ?1 AND kwip IN (" IN40 ")", args,
		     1 + IN_WIDTH)
	set_bits(db_i64(&row, 0), MARK_FAVOURITE, kwips, n, bits);
	DB_EACH_ARGS(
		row, db,
		"SELECT boost_of FROM kwip WHERE author = ?1 AND boost_of IS NOT NULL AND boost_of IN (" IN40
		")",
		args, 1 + IN_WIDTH)
	set_bits(db_i64(&row, 0), MARK_BOOST, kwips, n, bits);
	DB_EACH_ARGS(row, db, "SELECT kwip FROM bookmark WHERE account = ?1 AND kwip IN (" IN40 ")",
		     args, 1 + IN_WIDTH)
	set_bits(db_i64(&row, 0), MARK_BOOKMARK, kwips, n, bits);
}

void kwip_marks(struct db *db, int64_t account, const int64_t *kwips, const int64_t *conversations,
		size_t n, int *bits)
{
	memset(bits, 0, n * sizeof *bits);
	for (size_t at = 0; account && at < n;) {
		struct db_arg args[1 + IN_WIDTH] = {A(account)};
		size_t taken = ids_args(args + 1, kwips + at, n - at);
		marks_chunk(db, args, kwips + at, taken, bits + at);
		ids_args(args + 1, conversations + at, n - at);
		DB_EACH_ARGS(
			row, db,
			"SELECT kwip FROM conversation_mute WHERE account = ?1 AND kwip IN (" IN40
			")",
			args, 1 + IN_WIDTH)
		set_bits(db_i64(&row, 0), MARK_MUTE, conversations + at, taken, bits + at);
		at += taken;
	}
}
