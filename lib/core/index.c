/* SPDX-License-Identifier: MIT */
/*
 * search.db in SQL. The words stand in FTS5 tables without content of their own: SQLite 3.40 can
 * take a row out of such a table only when it is given the very text that was put in, so the texts
 * are kept beside them (searched, person_known), in the same transaction. FTS5's own copy would
 * hold them as they were spread, which is longer.
 */
#include "core/index.h"

DB_SCHEMA(
	index_schema, .name = "search.db", .version = 1,
	.text = "CREATE TABLE search_place ("
		" id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, epoch INTEGER NOT NULL,"
		" below INTEGER NOT NULL, since INTEGER NOT NULL, people INTEGER NOT NULL,"
		" done INTEGER NOT NULL, total INTEGER NOT NULL);"
		"CREATE TABLE searched ("
		" id INTEGER PRIMARY KEY,"
		" edited_at INTEGER NOT NULL,"
		" facts TEXT NOT NULL,"
		" text TEXT NOT NULL);"
		"CREATE VIRTUAL TABLE kwip_words USING fts5 (text, facts, content = '', columnsize = 0,"
		" tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* M* Co'\");"
		"CREATE TABLE person_known ("
		" id INTEGER PRIMARY KEY,"
		" followers INTEGER NOT NULL,"
		" names TEXT NOT NULL,"
		" about TEXT NOT NULL);"
		"CREATE VIRTUAL TABLE people_words USING fts5 (names, about, content = '', columnsize = 0,"
		" prefix = '1 2', tokenize = \"unicode61 remove_diacritics 2 categories 'L* N* M* Co'\");"
		"CREATE TABLE trend ("
		" kind INTEGER NOT NULL,"
		" place INTEGER NOT NULL,"
		" of INTEGER NOT NULL,"
		" score REAL NOT NULL,"
		" PRIMARY KEY (kind, place)) WITHOUT ROWID");

bool index_place(struct db *db, struct index_place *out)
{
	DB_EACH(row, db,
		"SELECT seq, epoch, below, since, people, done, total FROM search_place WHERE id = 1") {
		*out = (struct index_place){db_i64(&row, 0), db_i64(&row, 1), db_i64(&row, 2),
					    db_i64(&row, 3), db_i64(&row, 4), db_i64(&row, 5),
					    db_i64(&row, 6)};
		return true;
	}
	return false;
}

void index_place_set(struct tx *tx, const struct index_place *p)
{
	TX_DO(tx,
	      "INSERT INTO search_place (id, seq, epoch, below, since, people, done, total)"
	      " VALUES (1, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq,"
	      " epoch = excluded.epoch, below = excluded.below, since = excluded.since,"
	      " people = excluded.people, done = excluded.done, total = excluded.total",
	      A(p->seq), A(p->epoch), A(p->below), A(p->from), A(p->people), A(p->done),
	      A(p->total));
}

size_t index_find(struct db *db, struct str match, int64_t low, int64_t high, struct index_hit *out,
		  size_t max)
{
	size_t n = 0;
	DB_EACH(row, db,
		"SELECT w.rowid, s.edited_at FROM kwip_words w CROSS JOIN searched s ON s.id = w.rowid"
		" WHERE w.kwip_words MATCH ? AND w.rowid > ? AND w.rowid < ?"
		" ORDER BY w.rowid DESC LIMIT ?",
		A(match), A(low), A(high), A((int64_t)max))
		out[n++] = (struct index_hit){db_i64(&row, 0), db_i64(&row, 1)};
	return n;
}

size_t index_find_people(struct db *db, struct str match, int64_t *out, size_t max)
{
	size_t n = 0;
	DB_EACH(row, db,
		"SELECT p.id FROM people_words w CROSS JOIN person_known p ON p.id = w.rowid"
		" WHERE w.people_words MATCH ? ORDER BY p.followers DESC, p.id LIMIT ?",
		A(match), A((int64_t)max))
		out[n++] = db_i64(&row, 0);
	return n;
}

void index_trends_set(struct tx *tx, enum trend_kind kind, const struct trend *all, size_t n)
{
	TX_DO(tx, "DELETE FROM trend WHERE kind = ?", A((int)kind));
	for (size_t i = 0; i < n; i++)
		TX_DO(tx, "INSERT INTO trend (kind, place, of, score) VALUES (?, ?, ?, ?)",
		      A((int)kind), A((int64_t)i), A(all[i].of),
		      ((struct db_arg){.kind = DB_F64, .f = all[i].score}));
}

size_t index_trends(struct db *db, enum trend_kind kind, struct trend *out, size_t max)
{
	size_t n = 0;
	DB_EACH(row, db, "SELECT of, score FROM trend WHERE kind = ? ORDER BY place LIMIT ?",
		A((int)kind), A((int64_t)max))
		out[n++] = (struct trend){db_i64(&row, 0), db_f64(&row, 1)};
	return n;
}
