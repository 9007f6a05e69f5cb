/* SPDX-License-Identifier: MIT */
/*
 * Connections, the statements kept on them, and reading rows. The writer and its transactions are
 * in db_writer.c, the data folder in db_store.c. Everything above store/ reads through here.
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "store/db_private.h"

enum { KEPT_FIRST = 64 };

static _Atomic uint64_t statements;

extern const struct db_sql __start_sqlset[] __attribute__((weak));
extern const struct db_sql __stop_sqlset[] __attribute__((weak));

const struct db_sql *db_sql_all(size_t *n)
{
	*n = __start_sqlset ? (size_t)(__stop_sqlset - __start_sqlset) : 0;
	return __start_sqlset;
}

uint64_t db_statements(void)
{
	return atomic_load_explicit(&statements, memory_order_relaxed);
}

const char *db_version(void)
{
	return sqlite3_libversion();
}

/*
 * SQLite's own waiting sleeps up to 100 ms at a time, which would show in the latency of a group
 * commit.
 */
static int wait_for_lock(void *arg, int tries)
{
	const struct db *db = arg;
	int waited_ms = tries < 500 ? tries : 500 + (tries - 500) * 5;
	if (waited_ms >= db->patience_ms)
		return 0;
	usleep(tries < 500 ? 1000 : 5000);
	return 1;
}

int db_run_text(struct db *db, const char *sql)
{
	return sqlite3_exec(db->sqlite, sql, NULL, NULL, NULL);
}

static void set_up(struct db *db, int cache_kib)
{
	char cache[64];
	sqlite3_extended_result_codes(db->sqlite, 1);
	db->patience_ms = DB_BUSY_MS;
	sqlite3_busy_handler(db->sqlite, wait_for_lock, db);
	/* Plans must not depend on bound values: the SQL test has seen the one plan there is. */
	sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_snprintf(sizeof cache, cache, "PRAGMA cache_size=-%d",
			 cache_kib > 0 ? cache_kib : 64);
	int rc = db_run_text(db, cache);
	/* Sorts and savepoint journals in memory: a full disk must not stop them. */
	rc = rc ? rc : db_run_text(db, "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0");
	if (!db->is_writer)
		rc = rc ? rc : db_run_text(db, "PRAGMA query_only=1");
	if (rc)
		log_warn("database settings: %s", sqlite3_errmsg(db->sqlite));
}

struct db *db_connect(const char *file, bool writer, int cache_kib)
{
	struct db *db = calloc(1, sizeof *db);
	if (!db)
		die("out of memory");
	db->is_writer = writer;
	db->cap = KEPT_FIRST;
	db->kept = calloc(db->cap, sizeof(*db->kept));
	if (!db->kept)
		die("out of memory");
	int flags = SQLITE_OPEN_NOMUTEX | (writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	int rc = sqlite3_open_v2(file, &db->sqlite, flags, NULL);
	if (rc) {
		log_warn("cannot open %s: %s", file,
			 db->sqlite ? sqlite3_errmsg(db->sqlite) : "out of memory");
		db_close(db);
		return NULL;
	}
	set_up(db, cache_kib);
	return db;
}

struct db *db_open(struct store *s, int cache_kib)
{
	struct db *db = db_connect(s->file, false, cache_kib);
	if (!db)
		die("cannot open a reader of %s", s->file);
	db->is_spare = s->is_spare;
	return db;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->cap; i++) {
		if (!db->kept[i])
			continue;
		sqlite3_finalize(db->kept[i]->prepared);
		free(db->kept[i]);
	}
	free(db->kept);
	if (sqlite3_close(db->sqlite) == SQLITE_BUSY)
		die("a connection was closed with a row open");
	free(db);
}

bool db_is_broken(const struct db *db)
{
	return db->is_broken;
}

void db_shrink(struct db *db)
{
	sqlite3_db_release_memory(db->sqlite);
}

/*
 * SQLite keeps the errno of a failed statement, but not of a failed COMMIT: there our own is
 * looked at.
 */
static bool is_disk_full(struct db *db, int our_errno)
{
	int e = sqlite3_system_errno(db->sqlite);
	e = e ? e : our_errno;
	return e == ENOSPC || e == EDQUOT || e == EFBIG || e == EROFS;
}

enum err db_trouble(struct db *db, int rc, const char *doing)
{
	int our_errno = errno;
	switch (rc & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		if (!db->is_spare)
			die("%s: %s (%d)", doing, sqlite3_errmsg(db->sqlite), rc);
		db->is_broken = true;
		return fail(ERR_STORAGE, "%s: %s (%d)", doing, sqlite3_errmsg(db->sqlite), rc);
	case SQLITE_NOMEM:
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		die("%s: %s (%d)", doing, sqlite3_errmsg(db->sqlite), rc);
	case SQLITE_CONSTRAINT:
		log_debug("%s: %s", doing, sqlite3_errmsg(db->sqlite));
		return ERR_CONFLICT;
	case SQLITE_FULL:
	case SQLITE_READONLY:
		return fail(ERR_FULL, "%s: %s (%d)", doing, sqlite3_errmsg(db->sqlite), rc);
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return fail(is_disk_full(db, our_errno) ? ERR_FULL : ERR_STORAGE,
			    "%s: %s (%d, errno %d)", doing, sqlite3_errmsg(db->sqlite), rc,
			    our_errno);
	default:
		return fail(ERR_STORAGE, "%s: %s (%d)", doing, sqlite3_errmsg(db->sqlite), rc);
	}
}

/*
 * Remembers the first trouble of a tx or of a reader's snapshot; the statements after it do not
 * matter.
 */
static void remember(struct db *db, int rc, const struct db_sql *sql)
{
	enum err *first = db->tx ? &db->tx->err : &db->err;
	char where[160];
	sqlite3_snprintf(sizeof where, where, "statement at %s:%d", sql->file, sql->line);
	enum err e = db_trouble(db, rc, where);
	if (*first == OK)
		*first = e;
}

enum err db_err(struct db *db)
{
	enum err e = db->err;
	db->err = OK;
	return e;
}

/*
 * SQL is ours: a statement that does not compile is a bug, one that could not read the schema is
 * not.
 */
static struct sqlite3_stmt *prepare(struct db *db, const struct db_sql *sql)
{
	struct sqlite3_stmt *made = NULL;
	int rc = sqlite3_prepare_v3(db->sqlite, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &made,
				    NULL);
	/* A spare file may be anything, also one that lacks a table. */
	if (rc == SQLITE_ERROR && db->is_spare)
		rc = SQLITE_CORRUPT;
	if (rc == SQLITE_ERROR || (rc == SQLITE_OK && !made))
		die("%s:%d: %s in: %s", sql->file, sql->line, sqlite3_errmsg(db->sqlite),
		    sql->text);
	if (rc != SQLITE_OK)
		remember(db, rc, sql);
	return made;
}

/* Where sql stands in the table, or the free place for it. */
static struct db_stmt **place_of(struct db_stmt **table, size_t cap, const struct db_sql *sql)
{
	size_t i = (size_t)(((uintptr_t)sql >> 3) * 0x9E3779B97F4A7C15u >> 20) & (cap - 1);
	while (table[i] && table[i]->sql != sql)
		i = (i + 1) & (cap - 1);
	return &table[i];
}

static void grow(struct db *db)
{
	size_t cap = db->cap * 2;
	struct db_stmt **table = calloc(cap, sizeof(*table));
	if (!table)
		die("out of memory");
	for (size_t i = 0; i < db->cap; i++) {
		if (db->kept[i])
			*place_of(table, cap, db->kept[i]->sql) = db->kept[i];
	}
	free(db->kept);
	db->kept = table;
	db->cap = cap;
}

static struct db_stmt *stmt_new(struct db *db, const struct db_sql *sql)
{
	struct sqlite3_stmt *made = prepare(db, sql);
	if (!made)
		return NULL;
	struct db_stmt *st = calloc(1, sizeof *st);
	if (!st)
		die("out of memory");
	st->sql = sql;
	st->prepared = made;
	return st;
}

/*
 * The kept statement of a literal; a spare one when that is in the middle of its rows (recursion).
 */
static struct db_stmt *stmt_get(struct db *db, const struct db_sql *sql)
{
	struct db_stmt **place = place_of(db->kept, db->cap, sql);
	struct db_stmt *kept = *place;
	if (kept && !kept->busy)
		return kept;
	struct db_stmt *st = stmt_new(db, sql);
	if (!st)
		return NULL;
	if (kept) {
		st->spare = true;
		return st;
	}
	*place = st;
	if (++db->count * 2 > db->cap)
		grow(db);
	return st;
}

static int bind_one(struct sqlite3_stmt *st, int i, const struct db_arg *a, void (*life)(void *))
{
	const char *at = a->s.at ? a->s.at : "";
	switch (a->kind) {
	case DB_I64:
		return sqlite3_bind_int64(st, i, a->i);
	case DB_F64:
		return sqlite3_bind_double(st, i, a->f);
	case DB_STR:
		return sqlite3_bind_text64(st, i, at, a->s.len, life, SQLITE_UTF8);
	case DB_BLOB:
		return sqlite3_bind_blob64(st, i, at, a->s.len, life);
	case DB_NULL:
		break;
	}
	return sqlite3_bind_null(st, i);
}

static void stmt_end(struct db_stmt *st)
{
	if (st->spare) {
		sqlite3_finalize(st->prepared);
		free(st);
		return;
	}
	sqlite3_reset(st->prepared);
	st->busy = false;
}

/*
 * life: SQLITE_STATIC when the statement ends before the caller's values do, else
 * SQLITE_TRANSIENT.
 */
static struct db_stmt *stmt_begin(struct db *db, const struct db_sql *sql,
				  const struct db_arg *args, size_t n, void (*life)(void *))
{
	struct db_stmt *st = stmt_get(db, sql);
	if (!st)
		return NULL;
	if ((size_t)sqlite3_bind_parameter_count(st->prepared) != n)
		die("%s:%d: %d values wanted, %zu given", sql->file, sql->line,
		    sqlite3_bind_parameter_count(st->prepared), n);
	st->busy = true;
	for (size_t i = 0; i < n; i++) {
		int rc = bind_one(st->prepared, (int)i + 1, &args[i], life);
		if (!rc)
			continue;
		remember(db, rc, sql);
		stmt_end(st);
		return NULL;
	}
	atomic_fetch_add_explicit(&statements, 1, memory_order_relaxed);
	return st;
}

static bool stmt_step(struct db *db, struct db_stmt *st)
{
	int rc = sqlite3_step(st->prepared);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		remember(db, rc, st->sql);
	return rc == SQLITE_ROW;
}

void db_reset_all(struct db *db)
{
	for (size_t i = 0; i < db->cap; i++) {
		if (db->kept[i] && db->kept[i]->busy)
			stmt_end(db->kept[i]);
	}
}

int db_control(struct db *db, const struct db_sql *sql)
{
	struct db_stmt *st = stmt_get(db, sql);
	if (!st)
		return sqlite3_errcode(db->sqlite);
	errno = 0;
	int rc = sqlite3_step(st->prepared);
	stmt_end(st);
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

void db_begin(struct db *db)
{
	if (db->is_writer)
		return;
	if (db->in_snapshot)
		die("db_begin within db_begin");
	db->in_snapshot = true;
	db->err = OK;
	int rc = db_control(db, DB_SQL("BEGIN"));
	if (rc)
		die("cannot begin a snapshot: %s", sqlite3_errmsg(db->sqlite));
}

void db_end(struct db *db)
{
	if (db->is_writer)
		return;
	if (!db->in_snapshot)
		die("db_end without db_begin");
	db_reset_all(db);
	db->in_snapshot = false;
	/* An I/O error may have ended the transaction already. */
	if (!sqlite3_get_autocommit(db->sqlite) && db_control(db, DB_SQL("COMMIT")))
		die("cannot end a snapshot: %s", sqlite3_errmsg(db->sqlite));
}

struct db_row db_query(struct db *db, const struct db_sql *sql, const struct db_arg *args, size_t n)
{
	/* Copied values: the loop's body may well change the buffer that a value was taken from. */
	return (struct db_row){db, stmt_begin(db, sql, args, n, SQLITE_TRANSIENT)};
}

bool db_next(struct db_row *row)
{
	if (!row->stmt)
		return false;
	if (row->stmt->busy && stmt_step(row->db, row->stmt))
		return true;
	db_done(row);
	return false;
}

void db_done(struct db_row *row)
{
	if (row->stmt && row->stmt->busy)
		stmt_end(row->stmt);
	row->stmt = NULL;
}

int64_t db_i64(struct db_row *row, int col)
{
	return sqlite3_column_int64(row->stmt->prepared, col);
}

double db_f64(struct db_row *row, int col)
{
	return sqlite3_column_double(row->stmt->prepared, col);
}

bool db_is_null(struct db_row *row, int col)
{
	return sqlite3_column_type(row->stmt->prepared, col) == SQLITE_NULL;
}

struct str db_peek(struct db_row *row, int col)
{
	/* As a blob: text comes without SQLite looking for its NUL. */
	const char *at = sqlite3_column_blob(row->stmt->prepared, col);
	size_t len = at ? (size_t)sqlite3_column_bytes(row->stmt->prepared, col) : 0;
	return (struct str){len ? at : "", len};
}

struct str db_str(struct db_row *row, int col, struct arena *a)
{
	return arena_str(a, db_peek(row, col));
}

int64_t db_one(struct db *db, int64_t otherwise, const struct db_sql *sql,
	       const struct db_arg *args, size_t n)
{
	struct db_row row = {db, stmt_begin(db, sql, args, n, SQLITE_STATIC)};
	int64_t v = otherwise;
	if (db_next(&row) && !db_is_null(&row, 0))
		v = db_i64(&row, 0);
	db_done(&row);
	return v;
}

bool db_text(struct db *db, struct str *out, struct arena *a, const struct db_sql *sql,
	     const struct db_arg *args, size_t n)
{
	struct db_row row = {db, stmt_begin(db, sql, args, n, SQLITE_STATIC)};
	bool found = db_next(&row);
	if (found)
		*out = db_str(&row, 0, a);
	db_done(&row);
	return found;
}

/* Runs to the end; the first row's first integer goes to *first when there is one. */
static bool change(struct tx *tx, const struct db_sql *sql, const struct db_arg *args, size_t n,
		   int64_t *first)
{
	/*
	 * After an error SQLite may have left the transaction: a statement would commit by itself.
	 */
	if (tx->err)
		return false;
	struct db_row row = {tx->db, stmt_begin(tx->db, sql, args, n, SQLITE_STATIC)};
	if (first && db_next(&row))
		*first = db_i64(&row, 0);
	while (db_next(&row))
		;
	db_done(&row);
	return tx->err == OK;
}

int tx_do(struct tx *tx, const struct db_sql *sql, const struct db_arg *args, size_t n)
{
	return change(tx, sql, args, n, NULL) ? sqlite3_changes(tx->db->sqlite) : 0;
}

int64_t tx_i64(struct tx *tx, const struct db_sql *sql, const struct db_arg *args, size_t n)
{
	int64_t v = 0;
	return change(tx, sql, args, n, &v) ? v : 0;
}
