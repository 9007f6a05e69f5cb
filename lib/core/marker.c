/* SPDX-License-Identifier: MIT */
/* Markers: two rows per account, and the notices' mark in login beside them. */
#include "core/marker.h"

/* Who never set one has read what the pages say, since the account began. */
struct marker marker_get(struct db *db, int64_t account, enum marker_of which)
{
	struct marker m = {.updated_at = id_ms(account)};
	DB_EACH(row, db,
		"SELECT last_read, version, updated_at FROM marker WHERE account = ? AND timeline = ?",
		A(account), A((int)which))
		m = (struct marker){db_i64(&row, 0), db_i64(&row, 1), db_i64(&row, 2)};
	if (which == MARKER_NOTICES)
		m.last_read = DB_I64(db, 0, "SELECT notices_read FROM login WHERE account = ?",
				     A(account));
	return m;
}

void marker_set(struct tx *tx, int64_t account, enum marker_of which, int64_t last_read)
{
	TX_DO(tx,
	      "INSERT INTO marker (account, timeline, last_read, version, updated_at) VALUES (?, ?, ?, 1, ?)"
	      " ON CONFLICT (account, timeline) DO UPDATE SET last_read = excluded.last_read,"
	      " version = version + 1, updated_at = excluded.updated_at",
	      A(account), A((int)which), A(last_read), A(tx_now(tx)));
	if (which == MARKER_NOTICES)
		TX_DO(tx, "UPDATE login SET notices_read = ? WHERE account = ?", A(last_read),
		      A(account));
}
