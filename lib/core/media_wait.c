/* SPDX-License-Identifier: MIT */
/* The rows themselves are the queue: what a crash left is found like what came just now. */
#include "core/media_wait.h"

int64_t media_waiting(struct db *db, int64_t after)
{
	return DB_I64(db, 0, "SELECT id FROM media WHERE state = 0 AND id > ? ORDER BY id LIMIT 1",
		      A(after));
}
