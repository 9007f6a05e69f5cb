/* SPDX-License-Identifier: MIT */
/*
 * The one log: appending, reading, the readers' cursors and pruning. What an event means is said
 * in event.h and decided by core/; nothing here looks at the numbers it carries.
 */
#include "store/event.h"

static const char *const NAMES[EVENT_KINDS] = {
	[EVENT_NONE] = "none",
	[EVENT_KWIP_NEW] = "kwip_new",
	[EVENT_KWIP_EDIT] = "kwip_edit",
	[EVENT_KWIP_DELETE] = "kwip_delete",
	[EVENT_KWIP_COUNTS] = "kwip_counts",
	[EVENT_REPEAT] = "repeat",
	[EVENT_MARK] = "mark",
	[EVENT_FOLLOW] = "follow",
	[EVENT_UNFOLLOW] = "unfollow",
	[EVENT_BLOCK] = "block",
	[EVENT_UNBLOCK] = "unblock",
	[EVENT_MUTE] = "mute",
	[EVENT_UNMUTE] = "unmute",
	[EVENT_REQUEST] = "request",
	[EVENT_ACCOUNT_NEW] = "account_new",
	[EVENT_ACCOUNT_EDIT] = "account_edit",
	[EVENT_ACCOUNT_STATE] = "account_state",
	[EVENT_NOTICE] = "notice",
	[EVENT_SETTINGS] = "settings",
	[EVENT_MESSAGE] = "message",
	[EVENT_BULK] = "bulk",
	[EVENT_HOME] = "home",
	[EVENT_FILTERS] = "filters",
	[EVENT_TOKENS] = "tokens",
	[EVENT_MEDIA_NEW] = "media_new",
	[EVENT_MEDIA] = "media",
	[EVENT_PREVIEW] = "preview",
	[EVENT_POLL] = "poll",
	[EVENT_PIN] = "pin",
	[EVENT_DIRECT] = "direct",
	[EVENT_NOTICES_MERGED] = "notices_merged",
	[EVENT_ANNOUNCEMENT] = "announcement",
	[EVENT_REACTION] = "reaction",
	[EVENT_REPORT] = "report",
	[EVENT_UNTAG] = "untag",
	[EVENT_NOTICE_HELD] = "notice_held",
	[EVENT_CONSENT] = "consent",
	[EVENT_EMOJI] = "emoji",
};

const char *event_name(enum event_kind kind)
{
	/* A row of a newer kwipd may hold a kind we do not know. */
	return (unsigned)kind < EVENT_KINDS ? NAMES[kind] : "unknown";
}

void event_add(struct tx *tx, struct event e)
{
	TX_DO(tx,
	      "INSERT INTO event (at, kind, actor, kwip, target, extra) VALUES (?, ?, ?, ?, ?, ?)",
	      A(tx_now(tx)), A((int)e.kind), A(e.actor), A(e.kwip), A(e.target), A(e.extra));
}

int64_t event_newest(struct db *db)
{
	return DB_I64(db, 0, "SELECT max(seq) FROM event");
}

int64_t event_oldest(struct db *db)
{
	return DB_I64(db, 1, "SELECT min(seq) FROM event");
}

size_t event_read(struct db *db, int64_t after, struct event *out, size_t max)
{
	size_t n = 0;
	DB_EACH(row, db,
		"SELECT seq, at, kind, actor, kwip, target, extra FROM event WHERE seq > ?"
		" ORDER BY seq LIMIT ?",
		A(after), A((int64_t)max)) {
		out[n++] = (struct event){
			.seq = db_i64(&row, 0),
			.at = db_i64(&row, 1),
			.kind = (enum event_kind)db_i64(&row, 2),
			.actor = db_i64(&row, 3),
			.kwip = db_i64(&row, 4),
			.target = db_i64(&row, 5),
			.extra = db_i64(&row, 6),
		};
	}
	return n;
}

int64_t reader_cursor(struct db *db, struct str name)
{
	return DB_I64(db, 0, "SELECT seq FROM reader WHERE name = ?", A(name));
}

void reader_move(struct tx *tx, struct str name, int64_t seq)
{
	TX_DO(tx,
	      "INSERT INTO reader (name, seq, at) VALUES (?, ?, ?)"
	      " ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, at = excluded.at",
	      A(name), A(seq), A(tx_now(tx)));
}

void reader_park(struct tx *tx, struct str name, int64_t seq, struct str reason)
{
	TX_DO(tx,
	      "INSERT INTO parked (reader, seq, reason, at) VALUES (?, ?, ?, ?)"
	      " ON CONFLICT (reader, seq) DO UPDATE SET reason = excluded.reason, at = excluded.at",
	      A(name), A(seq), A(reason), A(tx_now(tx)));
}

bool reader_is_parked(struct db *db, struct str name, int64_t seq)
{
	return DB_I64(db, 0, "SELECT 1 FROM parked WHERE reader = ? AND seq = ?", A(name),
		      A(seq)) != 0;
}

int event_prune(struct tx *tx, int64_t keep_ms, int max)
{
	struct db *db = tx_db(tx);
	int64_t passed = event_newest(db) - 1;
	int64_t slowest = DB_I64(db, passed,
				 "SELECT min(seq) FROM reader /* scan: a handful of rows */");
	int64_t last = slowest < passed ? slowest : passed, gone = 0;
	/*
	 * Step by step from the old end: a condition on at in the DELETE would read the whole log
	 * to find nothing.
	 */
	DB_EACH(row, db, "SELECT seq, at FROM event WHERE seq <= ? ORDER BY seq LIMIT ?", A(last),
		A(max)) {
		if (db_i64(&row, 1) >= tx_now(tx) - keep_ms)
			break;
		gone = db_i64(&row, 0);
	}
	return gone ? TX_DO(tx, "DELETE FROM event WHERE seq <= ?", A(gone)) : 0;
}
