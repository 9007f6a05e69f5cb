/* SPDX-License-Identifier: MIT */
/*
 * Migration: the steps alone give the schema of schema.sql; newer files are refused; a copy is
 * made first.
 */
#include "scratch.h"

#include "base/log.h"
#include "store/db_private.h"
#include "store/migrate.h"

extern const char schema_1_sql[]; /* schema_1.sql, as the first release had it */

/*
 * Tables by their columns and keys, since ALTER TABLE leaves other text than CREATE; indexes by
 * theirs.
 */
static void schema_of(struct store *s, struct buf *out)
{
	struct db *db = db_open(s, 256);
	DB_EACH(row, db,
		"SELECT m.name || '|' || c.cid || '|' || c.name || '|' || c.type || '|' || c.\"notnull\" || '|'"
		" || coalesce(c.dflt_value, '') || '|' || c.pk FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c"
		" WHERE m.type = 'table' ORDER BY m.name, c.cid") {
		buf_put(out, db_peek(&row, 0));
		buf_char(out, '\n');
	}
	DB_EACH(row, db,
		"SELECT m.name || '|' || f.\"table\" || '|' || f.\"from\" || '|' || coalesce(f.\"to\", '') || '|' || f.on_delete"
		" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1") {
		buf_put(out, db_peek(&row, 0));
		buf_char(out, '\n');
	}
	DB_EACH(row, db,
		"SELECT name || '|' || coalesce(sql, '') FROM sqlite_master WHERE type <> 'table' ORDER BY name") {
		buf_put(out, db_peek(&row, 0));
		buf_char(out, '\n');
	}
	DB_EACH(row, db, "SELECT value FROM meta WHERE key = 'schema'")
		buf_put(out, db_peek(&row, 0));
	db_close(db);
}

/* The first release's file. */
static struct store *old_store(const struct scratch *dir)
{
	struct store *s;
	assert_int_equal(store_open_bare(&s, scratch_str(dir)), OK);
	assert_int_equal(store_exec(s, schema_1_sql), OK);
	return s;
}

static void same_either_way(void **state)
{
	(void)state;
	struct scratch a = scratch_make(), b = scratch_make();
	struct store *fresh;
	SCOPED_BUF want = BUF_EMPTY, got = BUF_EMPTY;
	assert_int_equal(store_open(&fresh, scratch_str(&a), true), OK);
	struct store *grown = old_store(&b);
	assert_int_equal(migrate(grown), OK);
	schema_of(fresh, &want);
	schema_of(grown, &got);
	assert_true(want.len > 1000);
	assert_true(str_eq(buf_str(&want), buf_str(&got)));
	store_close(fresh);
	store_close(grown);
	scratch_remove(&a);
	scratch_remove(&b);
}

static void newer_is_refused(void **state)
{
	(void)state;
	struct scratch dir = scratch_make();
	struct store *s;
	assert_int_equal(store_open(&s, scratch_str(&dir), true), OK);
	assert_int_equal(migrate(s), OK); /* nothing to do */
	assert_int_equal(store_exec(s, "UPDATE meta SET value = '99' WHERE key = 'schema'"), OK);
	store_close(s);
	assert_int_equal(store_open(&s, scratch_str(&dir), true), ERR_STORAGE);
	assert_null(s);
	scratch_remove(&dir);
}

static void copy_first(void **state)
{
	(void)state;
	struct scratch dir = scratch_make();
	struct store *s;
	char copy[128];
	snprintf(copy, sizeof copy, "%s/kwipd.db.before-%d", dir.at, SCHEMA_VERSION);
	s = old_store(&dir);
	assert_int_equal(access(copy, F_OK), -1);
	assert_int_equal(migrate(s), OK);
	assert_int_equal(access(copy, F_OK), 0);
	store_close(s);
	assert_int_equal(store_open(&s, scratch_str(&dir), false), OK);
	store_close(s);
	scratch_remove(&dir);
}

static void failed_text_changes_nothing(void **state)
{
	(void)state;
	struct scratch dir = scratch_make();
	struct store *s;
	SCOPED_BUF before = BUF_EMPTY, after = BUF_EMPTY;
	assert_int_equal(store_open(&s, scratch_str(&dir), true), OK);
	schema_of(s, &before);
	assert_int_equal(
		store_exec(
			s,
			"BEGIN IMMEDIATE; CREATE TABLE half (a); CREATE TABLE half (b); COMMIT;"),
		ERR_STORAGE);
	schema_of(s, &after);
	assert_true(str_eq(buf_str(&before), buf_str(&after)));
	assert_int_equal(store_exec(s, "CREATE TABLE whole (a)"), OK);
	store_close(s);
	scratch_remove(&dir);
}

static int64_t one_number(struct store *s, const struct db_sql *sql)
{
	struct db *db = db_open(s, 256);
	int64_t n = db_one(db, -1, sql, NULL, 0);
	db_close(db);
	return n;
}

/* What was said privately has its rows: per member, conversation and set of people. */
static void private_talks_come_along(void **state)
{
	(void)state;
	struct scratch dir = scratch_make();
	struct store *s = old_store(&dir);
	assert_int_equal(
		store_exec(
			s,
			"INSERT INTO account (id, name, name_key) VALUES (1, 'a', 'a'), (2, 'b', 'b'), (3, 'c', 'c');"
			"INSERT INTO app (id, name, client_id, client_secret, created_at) VALUES (9, 'x', 'x', x'00', 1);"
			"INSERT INTO kwip (id, author, conversation, visibility, activity) VALUES"
			" (10, 1, 10, 3, 10), (11, 2, 10, 3, 11), (12, 1, 10, 3, 12), (13, 1, 13, 0, 13), (14, 3, 14, 3, 14);"
			"INSERT INTO mention (kwip, account) VALUES (10, 2), (11, 1), (12, 2), (12, 3), (13, 2);"),
		OK);
	assert_int_equal(migrate(s), OK);
	assert_int_equal(one_number(s, DB_SQL("SELECT count(*) FROM direct /* scan */")), 6);
	assert_int_equal(
		one_number(
			s,
			DB_SQL("SELECT last_kwip FROM direct WHERE account = 1 AND people = '2'")),
		11);
	assert_int_equal(
		one_number(
			s,
			DB_SQL("SELECT last_kwip FROM direct WHERE account = 3 AND people = '1 2'")),
		12);
	assert_int_equal(
		one_number(
			s,
			DB_SQL("SELECT last_kwip FROM direct WHERE account = 3 AND people = ''")),
		14);
	store_close(s);
	scratch_remove(&dir);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_either_way),
		cmocka_unit_test(private_talks_come_along),
		cmocka_unit_test(newer_is_refused),
		cmocka_unit_test(copy_first),
		cmocka_unit_test(failed_text_changes_nothing),
	};
	log_open("test_migrate", LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
