/* SPDX-License-Identifier: MIT */
/* Small counts. */
#include "core/tally.h"

int64_t follow_requests_count(struct db *db, int64_t account)
{
	return DB_I64(db, 0, "SELECT count(*) FROM follow WHERE target = ? AND pending = 1",
		      A(account));
}

int64_t account_active_count(struct db *db, int64_t now)
{
	enum { DAYS = 30 };
	int64_t since = id_at(now - DAYS * INT64_C(86400000));
	return DB_I64(
		db, 0,
		"SELECT count(*) FROM login JOIN account ON account.id = login.account WHERE last_kwip >= ? /* scan */",
		A(since));
}
