/* SPDX-License-Identifier: MIT */
/* Who may see a kwip: one predicate in SQL (kwip_private.h), asked for one or for a list. */
#include "core/kwip_private.h"

#include "core/in40.h"

bool kwip_may_see(struct db *db, int64_t viewer, int64_t id)
{
	return DB_I64(db, 0, "SELECT 1 FROM kwip k WHERE k.id = ?2 AND " SQL_SEES("k"), A(viewer),
		      A(id)) != 0;
}

static bool is_among(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++) {
		if (ids[i] == id)
			return true;
	}
	return false;
}

size_t kwips_visible(struct db *db, int64_t viewer, int64_t *ids, size_t n)
{
	size_t kept = 0;
	for (size_t at = 0; at < n;) {
		struct db_arg args[1 + IN_WIDTH] = {A(viewer)};
		size_t taken = ids_args(args + 1, ids + at, n - at), n_seen = 0;
		int64_t seen[40];
		DB_EACH_ARGS(row, db,
			     "SELECT k.id FROM kwip k WHERE " SQL_SEES("k") " AND k.id IN (" IN40
									    ")",
			     args, 1 + IN_WIDTH)
		seen[n_seen++] = db_i64(&row, 0);
		for (size_t i = at; i < at + taken; i++) {
			if (is_among(seen, n_seen, ids[i]))
				ids[kept++] = ids[i];
		}
		at += taken;
	}
	return kept;
}
