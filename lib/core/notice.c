/* SPDX-License-Identifier: MIT */
/*
 * Notices: who is told of what, and what was seen. Who deserves one is decided by the callers
 * (kwips, follows); who does not want one is decided here. Mail, push and streams read
 * EVENT_NOTICE.
 */
#include "core/notice.h"

#include "store/event.h"

enum { UNREAD_MAX = 99, LIST_MAX = 200 };

static bool is_wanted(struct db *db, int64_t account, int64_t actor, int64_t kwip)
{
	return DB_I64(db, 0,
		      "SELECT 1 FROM account w WHERE w.id = ? AND w.domain = '' AND w.state = 0"
		      " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.actor = w.id AND b.target = ?)"
		      " AND NOT EXISTS (SELECT 1 FROM block b WHERE b.actor = ? AND b.target = w.id)"
		      " AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.actor = w.id AND m.target = ? AND m.notices = 1)"
		      " AND NOT EXISTS (SELECT 1 FROM kwip k JOIN conversation_mute c ON c.account = w.id AND c.kwip = k.conversation"
		      " WHERE k.id = ?)",
		      A(account), A(actor), A(actor), A(actor), A(kwip)) != 0;
}

static bool is_there(struct db *db, int64_t account, enum notice_kind kind, int64_t actor,
		     int64_t kwip)
{
	if (kwip == 0)
		return DB_I64(db, 0,
			      "SELECT 1 FROM notice WHERE actor = ? AND account = ? AND kind = ? AND kwip IS NULL LIMIT 1",
			      A(actor), A(account), A((int)kind)) != 0;
	return DB_I64(db, 0,
		      "SELECT 1 FROM notice WHERE actor = ? AND account = ? AND kind = ? AND kwip = ? LIMIT 1",
		      A(actor), A(account), A((int)kind), A(kwip)) != 0;
}

/*
 * Ids must be small, must grow, and must not be used again when the newest notice is taken back (a
 * client that asks for what is above it would miss the next). The log's counter has all three:
 * every notice appends an event, so the seq to come is free. With the log pruned empty the newest
 * notice's own id stands in, which never was above its seq.
 */
static int64_t id_next(struct db *db)
{
	int64_t seq = event_newest(db);
	int64_t id = DB_I64(db, 0, "SELECT id FROM notice WHERE id > 0 ORDER BY id DESC LIMIT 1");
	return (seq > id ? seq : id) + 1;
}

void notice_add(struct tx *tx, int64_t account, enum notice_kind kind, int64_t actor, int64_t kwip)
{
	struct db *db = tx_db(tx);
	/* That one's own poll ended is news. */
	if ((actor == account && kind != NOTICE_POLL) || !is_wanted(db, account, actor, kwip) ||
	    is_there(db, account, kind, actor, kwip))
		return;
	int64_t id = id_next(db);
	TX_DO(tx,
	      "INSERT INTO notice (id, account, kind, actor, kwip, at) VALUES (?, ?, ?, ?, ?, ?)",
	      A(id), A(account), A((int)kind), A(actor), A_ID(kwip), A(tx_now(tx)));
	event_add(tx, (struct event){.kind = EVENT_NOTICE,
				     .actor = actor,
				     .kwip = kwip,
				     .target = account,
				     .extra = id});
}

void notice_take_back(struct tx *tx, int64_t account, enum notice_kind kind, int64_t actor,
		      int64_t kwip)
{
	if (kwip == 0)
		TX_DO(tx,
		      "DELETE FROM notice WHERE actor = ? AND account = ? AND kind = ? AND kwip IS NULL",
		      A(actor), A(account), A((int)kind));
	else
		TX_DO(tx,
		      "DELETE FROM notice WHERE actor = ? AND account = ? AND kind = ? AND kwip = ?",
		      A(actor), A(account), A((int)kind), A(kwip));
}

struct notices notice_list(struct db *db, struct arena *a, int64_t account, int64_t max_id,
			   int64_t since_id, int limit)
{
	if (limit < 0 || limit > LIST_MAX)
		limit = LIST_MAX;
	struct notices list = {.at = arena_array(a, (size_t)limit, sizeof(*list.at))};
	DB_EACH(row, db,
		"SELECT n.id, n.actor, coalesce(n.kwip, 0), n.at, n.kind FROM notice n JOIN account w ON w.id = n.actor"
		" WHERE n.account = ? AND n.id < ? AND n.id > ? AND w.state = 0 ORDER BY n.id DESC LIMIT ?",
		A(account), A(max_id > 0 ? max_id : INT64_MAX), A(since_id), A(limit))
		list.at[list.n++] = (struct notice){
			.id = db_i64(&row, 0),
			.actor = db_i64(&row, 1),
			.kwip = db_i64(&row, 2),
			.at = db_i64(&row, 3),
			.kind = (enum notice_kind)db_i64(&row, 4),
		};
	return list;
}

int64_t notice_unread(struct db *db, int64_t account)
{
	return DB_I64(
		db, 0,
		"SELECT count(*) FROM (SELECT 1 FROM notice WHERE account = ?"
		" AND id > (SELECT notices_read FROM login WHERE account = ?) LIMIT ?) AS unread",
		A(account), A(account), A(UNREAD_MAX));
}

void notice_read(struct tx *tx, int64_t account, int64_t newest)
{
	TX_DO(tx, "UPDATE login SET notices_read = ? WHERE account = ? AND notices_read < ?",
	      A(newest), A(account), A(newest));
}

void notice_clear(struct tx *tx, int64_t account)
{
	TX_DO(tx, "DELETE FROM notice WHERE account = ?", A(account));
}
