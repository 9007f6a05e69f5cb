/* SPDX-License-Identifier: MIT */
/*
 * The site about itself. The statements marked as scans walk one row per local person or per week's
 * public kwip; their answers are kept whole in the page cache.
 */
#include "core/about.h"

static const int64_t day_ms = 86400000;

/* The first account of a site is its admin's: the walk ends at once. */
int64_t about_contact(struct db *db)
{
	return DB_I64(
		db, 0,
		"SELECT id FROM account WHERE role = 2 AND state = 0 AND domain = '' ORDER BY id LIMIT 1 /* scan */");
}

int64_t about_founded(struct db *db)
{
	return DB_I64(db, 0, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'created_at'");
}

int64_t about_active(struct db *db, int64_t now, int days)
{
	int64_t since = id_at(now - days * day_ms);
	return DB_I64(
		db, 0,
		"SELECT count(*) FROM login JOIN account ON account.id = login.account WHERE last_kwip >= ? /* scan */",
		A(since));
}

/* 1970 began on a Thursday. */
static int64_t week_of(int64_t ms)
{
	int64_t day = ms / day_ms;
	return (day - (day + 3) % 7) * day_ms;
}

void about_weeks(struct db *db, int64_t now, struct about_week out[ABOUT_WEEKS])
{
	int64_t from = week_of(now);
	for (int i = 0; i < ABOUT_WEEKS; i++, from -= 7 * day_ms) {
		int64_t to = from + 7 * day_ms;
		out[i] = (struct about_week){.from = from};
		out[i].statuses = DB_I64(
			db, 0,
			"SELECT count(*) FROM kwip WHERE id >= ? AND id < ? AND visibility = 0 AND reply_to IS NULL"
			" AND boost_of IS NULL AND repeat_of IS NULL",
			A(id_at(from)), A(id_at(to)));
		out[i].registrations = DB_I64(
			db, 0,
			"SELECT count(*) FROM login WHERE account >= ? AND account < ? /* scan */",
			A(id_at(from)), A(id_at(to)));
		out[i].logins = DB_I64(
			db, 0,
			"SELECT count(*) FROM login WHERE last_login_at >= ? AND last_login_at < ? /* scan */",
			A(from), A(to));
	}
}
