/* SPDX-License-Identifier: MIT */
/* Facts about the whole data folder. The statements marked as scans are run by `kwipd check` alone.
 */
#include "core/site.h"

struct hash site_secret(struct db *db)
{
	SCOPED_ARENA a = arena_new();
	struct str hex;
	struct hash key = {{0}};
	if (!DB_TEXT(db, &hex, a, "SELECT value FROM meta WHERE key = 'secret'") ||
	    hex.len != 2 * HASH_BYTES)
		die("meta.secret is not there");
	for (size_t i = 0; i < hex.len; i++) {
		unsigned digit = (unsigned)(hex.at[i] <= '9' ? hex.at[i] - '0'
							     : (hex.at[i] | 32) - 'a' + 10);
		key.at[i / 2] = (unsigned char)(key.at[i / 2] << 4 | (digit & 15));
	}
	return key;
}

int64_t site_epoch(struct db *db)
{
	return DB_I64(db, 0, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'epoch'");
}

enum err site_new_epoch(struct tx *tx)
{
	int64_t epoch = (int64_t)(rand_u64() >> 1 | 1);
	TX_DO(tx, "UPDATE meta SET value = CAST(? AS TEXT) WHERE key = 'epoch'", A(epoch));
	TX_DO(tx, "DELETE FROM reader /* scan */");
	TX_DO(tx, "DELETE FROM parked /* scan */");
	return OK;
}

struct site_readers site_readers(struct db *db, struct arena *a)
{
	enum { READERS_MAX = 32 };
	struct site_readers out = {.at = arena_array(a, READERS_MAX, sizeof *out.at)};
	DB_EACH(row, db, "SELECT name, seq, at FROM reader ORDER BY name LIMIT 32 /* scan */") {
		struct site_reader *r = &out.at[out.n++];
		r->name = db_str(&row, 0, a);
		r->seq = db_i64(&row, 1);
		r->at = db_i64(&row, 2);
	}
	return out;
}

struct site_parked_list site_parked(struct db *db, struct arena *a)
{
	enum { PARKED_MAX = 100 };
	struct site_parked_list out = {.at = arena_array(a, PARKED_MAX, sizeof *out.at)};
	DB_EACH(row, db,
		"SELECT reader, seq, reason, at FROM parked ORDER BY at DESC LIMIT 100 /* scan */") {
		struct site_parked *p = &out.at[out.n++];
		p->reader = db_str(&row, 0, a);
		p->seq = db_i64(&row, 1);
		p->reason = db_str(&row, 2, a);
		p->at = db_i64(&row, 3);
	}
	return out;
}

static int report_wrong(struct buf *report, struct str what, int64_t n)
{
	if (n == 0)
		return 0;
	buf_put(report, what);
	buf_put(report, S(": wrong for "));
	buf_i64(report, n);
	buf_char(report, '\n');
	return 1;
}

static int check_people(struct db *db, struct buf *report)
{
	int wrong = report_wrong(
		report, S("followers of accounts"),
		DB_I64(db, 0,
		       "SELECT count(*) FROM account a WHERE followers_count <> (SELECT count(*) FROM follow WHERE target = a.id AND pending = 0) /* scan */"));
	wrong += report_wrong(
		report, S("people followed by accounts"),
		DB_I64(db, 0,
		       "SELECT count(*) FROM account a WHERE following_count <> (SELECT count(*) FROM follow WHERE actor = a.id AND pending = 0) /* scan */"));
	wrong += report_wrong(
		report, S("kwips of accounts"),
		DB_I64(db, 0,
		       "SELECT count(*) FROM account a WHERE domain = '' AND kwips_count <> "
		       "(SELECT count(*) FROM kwip WHERE author = a.id AND visibility < 3) /* scan */"));
	wrong += report_wrong(
		report, S("newest kwips of accounts"),
		DB_I64(db, 0,
		       "SELECT count(*) FROM account a WHERE last_kwip IS NOT NULL AND last_kwip < (SELECT max(id) FROM kwip WHERE author = a.id AND visibility < 3) /* scan */"));
	return wrong;
}

static int check_kwips(struct db *db, struct buf *report)
{
	int wrong = report_wrong(
		report, S("favourites of kwips"),
		DB_I64(db, 0,
		       "SELECT count(*) FROM kwip k WHERE uri IS NULL AND favourites_count <> (SELECT count(*) FROM favourite WHERE kwip = k.id) /* scan */"));
	wrong += report_wrong(
		report, S("boosts of kwips"),
		DB_I64(db, 0,
		       "SELECT count(*) FROM kwip k WHERE uri IS NULL AND boosts_count <> (SELECT count(*) FROM kwip WHERE boost_of = k.id) /* scan */"));
	wrong += report_wrong(
		report, S("conversations of comments"),
		DB_I64(db, 0,
		       "SELECT count(*) FROM kwip k WHERE reply_to IS NULL AND uri IS NULL AND conversation <> id /* scan */"));
	wrong += report_wrong(
		report, S("repeats of kwips"),
		DB_I64(db, 0,
		       "SELECT count(*) FROM kwip k WHERE repeats_count <> (SELECT count(*) FROM kwip WHERE repeat_of = k.id) /* scan */"));
	return wrong;
}

int site_check_counts(struct db *db, struct buf *report)
{
	return check_people(db, report) + check_kwips(db, report);
}
