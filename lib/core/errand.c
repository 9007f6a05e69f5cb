/* SPDX-License-Identifier: MIT */
/* The courier's queue in SQL. */
#include "core/errand.h"

#include "base/clock.h"

/* begun: between errand_begin and its end. */
DB_SCHEMA(
	errand_schema, .name = "courier.db", .version = 1,
	.text = "CREATE TABLE courier_place ("
		" id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, epoch INTEGER NOT NULL);"
		"CREATE TABLE errand ("
		" id INTEGER PRIMARY KEY AUTOINCREMENT,"
		" kind INTEGER NOT NULL,"
		" subject INTEGER NOT NULL,"
		" target INTEGER NOT NULL,"
		" made_at INTEGER NOT NULL,"
		" next_at INTEGER NOT NULL,"
		" begun INTEGER NOT NULL DEFAULT 0,"
		" attempts INTEGER NOT NULL DEFAULT 0,"
		" revision INTEGER NOT NULL DEFAULT 0,"
		" UNIQUE (kind, subject, target));"
		"CREATE INDEX errand_due ON errand (begun, kind, next_at);"
		"CREATE INDEX errand_next ON errand (begun, next_at)");

void errand_add(struct tx *tx, enum errand_kind kind, int64_t subject, int64_t target,
		int64_t next_at)
{
	TX_DO(tx,
	      "INSERT INTO errand (kind, subject, target, made_at, next_at) VALUES (?, ?, ?, ?, ?)"
	      " ON CONFLICT (kind, subject, target) DO UPDATE SET next_at = excluded.next_at,"
	      " attempts = 0, revision = revision + 1",
	      A((int)kind), A(subject), A(target), A(tx_now(tx)), A(next_at));
}

size_t errands_due(struct db *db, enum errand_kind kind, struct errand *out, size_t max)
{
	size_t n = 0;
	DB_EACH(row, db,
		"SELECT id, subject, target, made_at, attempts, revision FROM errand"
		" WHERE begun = 0 AND kind = ? AND next_at <= ? ORDER BY next_at LIMIT ?",
		A((int)kind), A(clock_ms()), A((int64_t)max)) {
		out[n++] = (struct errand){.id = db_i64(&row, 0),
					   .subject = db_i64(&row, 1),
					   .target = db_i64(&row, 2),
					   .made_at = db_i64(&row, 3),
					   .kind = kind,
					   .attempts = (int)db_i64(&row, 4),
					   .revision = (int)db_i64(&row, 5)};
	}
	return n;
}

int64_t errand_next_at(struct db *db)
{
	return DB_I64(db, INT64_MAX,
		      "SELECT next_at FROM errand WHERE begun = 0 ORDER BY next_at LIMIT 1");
}

void errand_begin(struct tx *tx, int64_t id)
{
	TX_DO(tx, "UPDATE errand SET begun = 1, attempts = attempts + 1 WHERE id = ?", A(id));
}

void errand_defer(struct tx *tx, int64_t id, int64_t next_at)
{
	TX_DO(tx, "UPDATE errand SET next_at = ? WHERE id = ?", A(next_at), A(id));
}

void errand_done(struct tx *tx, const struct errand *e)
{
	TX_DO(tx, "DELETE FROM errand WHERE id = ? AND revision = ?", A(e->id), A(e->revision));
	TX_DO(tx, "UPDATE errand SET begun = 0 WHERE id = ?", A(e->id));
}

void errand_retry(struct tx *tx, const struct errand *e, int64_t next_at)
{
	TX_DO(tx, "UPDATE errand SET begun = 0, next_at = ? WHERE id = ?", A(next_at), A(e->id));
}

void errands_reset(struct tx *tx)
{
	TX_DO(tx, "UPDATE errand SET begun = 0 WHERE begun = 1");
}

int64_t errands_waiting(struct db *db)
{
	return DB_I64(db, 0, "SELECT count(*) FROM errand /* scan: a number for people */");
}

bool errand_place(struct db *db, int64_t *seq, int64_t *epoch)
{
	DB_EACH(row, db, "SELECT seq, epoch FROM courier_place WHERE id = 1") {
		*seq = db_i64(&row, 0);
		*epoch = db_i64(&row, 1);
		return true;
	}
	return false;
}

void errand_place_set(struct tx *tx, int64_t seq, int64_t epoch)
{
	TX_DO(tx,
	      "INSERT INTO courier_place (id, seq, epoch) VALUES (1, ?, ?)"
	      " ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, epoch = excluded.epoch",
	      A(seq), A(epoch));
}

void errands_drop(struct tx *tx)
{
	TX_DO(tx, "DELETE FROM errand /* scan */");
}
