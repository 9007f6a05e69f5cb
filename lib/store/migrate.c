/* SPDX-License-Identifier: MIT */
/*
 * The numbered steps from the first schema to today's. A step is plain SQL, one transaction each,
 * so that an interrupted migration goes on where it stood; a copy of the file is made before the
 * first.
 */
#include "store/migrate.h"

#include "base/log.h"

struct step {
	int to;
	const char *what;
	const char *sql;
};

extern const char step_2_sql[], step_3_sql[]; /* step_N.sql, embedded */

/* A step, once released, is never changed; schema.sql is changed along with adding one. */
static const struct step STEPS[] = {
	{2, "what the client API needs", step_2_sql},
	{3, "who wrote the pages that are linked to, why people want to join", step_3_sql},
};
enum { STEPS_COUNT = sizeof STEPS / sizeof STEPS[0] };
_Static_assert((int)STEPS_COUNT + 1 == (int)SCHEMA_VERSION,
	       "a step is missing, or SCHEMA_VERSION was not raised");

static enum err read_version(struct tx *tx, void *arg)
{
	int64_t *version = arg;
	struct db *db = tx_db(tx);
	*version = 0;
	if (DB_I64(db, 0,
		   "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'"))
		*version = DB_I64(db, 0,
				  "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema'");
	return OK;
}

static enum err step_run(struct store *s, const struct step *step)
{
	log_info("migration: step %d of %d, %s", step->to, SCHEMA_VERSION, step->what);
	SCOPED_BUF sql = BUF_EMPTY;
	buf_put(&sql, S("BEGIN IMMEDIATE;"));
	buf_put(&sql, str_of(step->sql));
	buf_put(&sql, S(";UPDATE meta SET value = '"));
	buf_i64(&sql, step->to);
	buf_put(&sql, S("' WHERE key = 'schema'; COMMIT;"));
	buf_char(&sql, '\0');
	return store_exec(s, sql.at);
}

static enum err steps_after(struct store *s, int64_t version)
{
	enum err e = OK;
	for (int i = 0; i < STEPS_COUNT && !e; i++) {
		if (STEPS[i].to > version)
			e = step_run(s, &STEPS[i]);
	}
	return e;
}

/*
 * An older copy of the same name is from an attempt that was interrupted: the better one, since
 * nothing had changed yet.
 */
static enum err copy_before(struct store *s)
{
	SCOPED_BUF name = BUF_EMPTY;
	buf_put(&name, store_dir(s));
	buf_put(&name, S("/kwipd.db.before-"));
	buf_i64(&name, SCHEMA_VERSION);
	log_info("migration: copying to kwipd.db.before-%d", SCHEMA_VERSION);
	enum err e = store_backup(s, buf_str(&name), NULL);
	return e == ERR_CONFLICT ? OK : e;
}

enum err migrate_from_nothing(struct store *s)
{
	static const struct step whole = {SCHEMA_VERSION, "today's schema", schema_sql};
	return step_run(s, &whole);
}

enum err migrate(struct store *s)
{
	int64_t version = 0;
	enum err e = tx_run(s, read_version, &version);
	if (e || version == SCHEMA_VERSION)
		return e;
	if (version > SCHEMA_VERSION)
		return fail(ERR_STORAGE,
			    "the database is of a newer kwipd (schema %lld, this one knows %d)",
			    (long long)version, SCHEMA_VERSION);
	if (version == 0)
		return migrate_from_nothing(s);
	e = copy_before(s);
	if (!e)
		e = steps_after(s, version);
	if (!e)
		log_info("migration: done");
	return e;
}
