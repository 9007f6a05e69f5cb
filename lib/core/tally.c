/* SPDX-License-Identifier: MIT */
/* Small counts. */
#include "core/tally.h"

int64_t follow_requests_count(struct db *db, int64_t account)
{
	return DB_I64(db, 0, "SELECT count(*) FROM follow WHERE target = ? AND pending = 1",
		      A(account));
}
