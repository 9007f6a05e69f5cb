/* SPDX-License-Identifier: MIT */
/*
 * SQLite: read-only readers, and the one writer of a process. A function that only reads takes a
 * struct db *, one that writes takes a struct tx *; a tx can always be read through (tx_db) and
 * nothing turns a db into a tx. SQL is a literal at the point of use; its address is the key of
 * the statement cache, and every literal is recorded in the linker section "sqlset" so that one
 * test can prepare all of them. sqlite3.h is included by db*.c alone.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct store; /* one data folder, opened by one process */
struct db;    /* a connection to read through; one thread at a time */
struct tx;    /* the right to write, for the duration of one job */
struct db_stmt;

extern const char schema_sql[]; /* schema.sql, embedded */

/*
 * Opens DIR/kwipd.db, made from schema.sql when absent (with create), brought up to date by
 * migrate.c when old. WAL, synchronous=FULL, foreign_keys on, auto_vacuum=INCREMENTAL, busy
 * timeout 10 s. ERR_STORAGE when it is no database of ours, ERR_NOT_FOUND when absent and !create.
 */
enum err store_open(struct store **s, struct str dir, bool create) MUST_USE;
/*
 * A service's own file beside the main one: DIR/<name>, made from its text. What it holds can be
 * made again from the log, so a file of another version, or one that is no database, is set aside
 * as <name>.old and made anew. Tables of all files must have different names: the SQL test prepares
 * every statement on all of them at once. Declare with DB_SCHEMA.
 */
struct db_schema {
	const char *name, *text;
	int version; /* above 0; kept as user_version */
};
#define DB_SCHEMA(symbol, ...) \
	const struct db_schema symbol \
		__attribute__((section("schemaset"), used, retain, aligned(8))) = {__VA_ARGS__}
enum err store_open_file(struct store **s, struct str dir, const struct db_schema *schema) MUST_USE;
/*
 * A damaged file of a service ends nobody: reading gives nothing and db_err, writing ERR_STORAGE,
 * and these tell. gone: somebody took the file away, or put another in its place.
 */
bool store_is_broken(const struct store *s);
bool store_is_gone(const struct store *s);
/* Takes the file and what SQLite keeps beside it away; nobody of this process has it open. */
void store_file_remove(struct str dir, const struct db_schema *schema);
/*
 * A connection of its own to read another service's file; NULL when there is none of that version.
 * *inode: which file it was, to compare with store_file_inode later (0: there is none).
 */
struct db *db_open_file(struct str dir, const struct db_schema *schema, int cache_kib,
			int64_t *inode);
int64_t store_file_inode(struct str dir, const struct db_schema *schema);
/* What it takes on the disk, the write-ahead log included. */
int64_t store_file_bytes(struct str dir, const struct db_schema *schema);
bool db_is_broken(const struct db *db);
/* All of them, for the test. */
const struct db_schema *db_schemas_all(size_t *n);
void store_close(struct store *s); /* NULL is fine; stops the writer thread after its queue */
struct str store_dir(const struct store *s);
/*
 * Opens another read-only connection; die() on failure of an opened store. cache_kib: page cache
 * bound.
 */
struct db *db_open(struct store *s, int cache_kib);
void db_close(struct db *db);
/*
 * Begins / ends a read snapshot: everything read between them is of one moment. Nesting is a bug.
 * Inside a tx both do nothing.
 */
void db_begin(struct db *db);
void db_end(struct db *db);
/*
 * What went wrong with reading since db_begin (or since the last db_err), and forgets it. A failed
 * read (busy too long, I/O error) is logged and ends its loop as if there were no more rows:
 * whoever builds something lasting on what was read looks here first. Inside a tx the tx remembers
 * it instead.
 */
enum err db_err(struct db *db) MUST_USE;
/* Gives cached pages back to the system. */
void db_shrink(struct db *db);
/* Statements stepped since the process began, all connections: tests count per request with it. */
uint64_t db_statements(void);
const char *db_version(void);

/*
 * One unit of work: a savepoint within the group's transaction. run() returning anything but OK
 * undoes its own changes only. done() is called after the fsync of the group's COMMIT, with run's
 * error or, when the commit failed, ERR_FULL or ERR_STORAGE for every job of the group (nothing of
 * the group is kept). Both are called on the writer thread. The job's memory is the caller's until
 * done() returns.
 */
struct job {
	enum err (*run)(struct tx *tx, struct job *job);
	void (*done)(struct job *job, enum err e);
	struct job *next; /* the writer's */
	enum err err;     /* the writer's */
};
/* Starts the writer thread. Without it only tx_run may be used. */
void writer_start(struct store *s);
/* Queues a job; first come, first served. Never blocks. */
void writer_submit(struct store *s, struct job *job);
/*
 * Called on the writer thread (without one, by tx_run) after each commit that kept at least one
 * job, before the done()s.
 */
void writer_on_commit(struct store *s, void (*fn)(void *arg), void *arg);
/*
 * Runs one job's worth of work now, in this thread, in a transaction of its own (or, when the
 * writer thread runs, through its queue and waits): for commands and services. Returns run's or
 * the commit's error.
 */
enum err tx_run(struct store *s, enum err (*run)(struct tx *tx, void *arg), void *arg) MUST_USE;
/* The writer's connection, which sees what this tx has written. */
struct db *tx_db(struct tx *tx);
/* Milliseconds of this tx: one moment for everything it writes. */
int64_t tx_now(const struct tx *tx);
/*
 * A fresh id, above every id this process made before: 48 bits of milliseconds, 4 of node, 12 of
 * sequence.
 */
int64_t tx_id(struct tx *tx);
/* The smallest id of a moment, and the moment of an id. */
int64_t id_at(int64_t ms);
int64_t id_ms(int64_t id);
/* 0..15, once per process: who makes ids (web 1, timeline 2, commands 3...) */
void id_node(unsigned node);

enum db_kind { DB_I64, DB_STR, DB_BLOB, DB_NULL, DB_F64 };
struct db_arg {
	enum db_kind kind;
	int64_t i;
	double f;
	struct str s;
};
static inline struct db_arg db_arg_i64(int64_t v)
{
	return (struct db_arg){.kind = DB_I64, .i = v};
}
static inline struct db_arg db_arg_str(struct str v)
{
	return (struct db_arg){.kind = DB_STR, .s = v};
}
static inline struct db_arg db_arg_blob(struct str v)
{
	return (struct db_arg){.kind = DB_BLOB, .s = v};
}
static inline struct db_arg db_arg_id(int64_t v)
{
	return v != 0 ? db_arg_i64(v) : (struct db_arg){.kind = DB_NULL};
}
/* A value: int, int64_t, bool, struct str (text). A bare char * does not compile. */
/* clang-format off */
#define A(v) _Generic((v), struct str: db_arg_str, int: db_arg_i64, bool: db_arg_i64, \
	int64_t: db_arg_i64, long long: db_arg_i64, unsigned: db_arg_i64, \
	struct db_arg: db_arg_same)(v)
/* clang-format on */
static inline struct db_arg db_arg_same(struct db_arg v)
{
	return v;
}
#define A_BLOB(v) db_arg_blob(v)
#define A_ID(v) db_arg_id(v) /* 0 binds NULL */
#define A_NULL ((struct db_arg){.kind = DB_NULL})
/* The empty str binds NULL. */
#define A_STR_OR_NULL(v) db_arg_str_or_null(v)
static inline struct db_arg db_arg_str_or_null(struct str v)
{
	return v.len ? db_arg_str(v) : (struct db_arg){.kind = DB_NULL};
}

struct db_sql {
	const char *text;
	const char *file;
	int line;
};
/* Records the literal and gives its address. "" sql "" compiles for literals only. */
#define DB_SQL(sql) \
	({ \
		static const struct db_sql db_sql_ \
			__attribute__((section("sqlset"), used, retain, aligned(8))) = { \
				"" sql "", __FILE__, __LINE__}; \
		&db_sql_; \
	})
/* The recorded literals, for the test. */
const struct db_sql *db_sql_all(size_t *n);

/* An array and its length; the filler in front lets there be none. */
#define DB_ARGS_(...) \
	((struct db_arg[]){{.kind = DB_NULL}, ##__VA_ARGS__} + 1), \
		(sizeof((struct db_arg[]){{.kind = DB_NULL}, ##__VA_ARGS__}) / \
			 sizeof(struct db_arg) - \
		 1)

/*
 * Values handed to db_query are copied (the loop may change the buffer they came from); those of
 * the other functions need to live through the call only.
 */
/*
 * A running statement; columns are read by position. Text and blobs live until the next step
 * unless copied to an arena.
 */
struct db_row {
	struct db *db;
	struct db_stmt *stmt;
};
struct db_row db_query(struct db *db, const struct db_sql *sql, const struct db_arg *args,
		       size_t n);
bool db_next(struct db_row *row); /* die()s on corruption; false at the end */
void db_done(struct db_row *row); /* resets; safe twice */
int64_t db_i64(struct db_row *row, int col);
double db_f64(struct db_row *row, int col);
bool db_is_null(struct db_row *row, int col);
struct str db_str(struct db_row *row, int col,
		  struct arena *a); /* copied into a (NUL behind it); NULL column: empty */
struct str db_peek(struct db_row *row, int col); /* text or blob, valid until the next step */

/* for (each row) { ... } that cleans up after itself, also on break and return. */
#define DB_EACH(row, db, sql, ...) \
	for (__attribute__((cleanup(db_done))) struct db_row row = \
		     db_query((db), DB_SQL(sql), DB_ARGS_(__VA_ARGS__)); \
	     db_next(&row);)
/*
 * The single integer of a query's first row and column, or `otherwise` without a row or when NULL.
 */
#define DB_I64(db, otherwise, sql, ...) \
	db_one((db), (otherwise), DB_SQL(sql), DB_ARGS_(__VA_ARGS__))
int64_t db_one(struct db *db, int64_t otherwise, const struct db_sql *sql,
	       const struct db_arg *args, size_t n);
/* The single text of a query's first row, copied; false without a row. */
#define DB_TEXT(db, out, a, sql, ...) db_text((db), (out), (a), DB_SQL(sql), DB_ARGS_(__VA_ARGS__))
bool db_text(struct db *db, struct str *out, struct arena *a, const struct db_sql *sql,
	     const struct db_arg *args, size_t n) MUST_USE;
/*
 * A change. Returns the number of rows changed. A violated constraint, a full disk or any other
 * failure is remembered in the tx: the job is undone and its error is ERR_CONFLICT
 * (unique/check/foreign key), ERR_FULL or ERR_STORAGE whatever run() returns, so callers need not
 * look at each statement.
 */
#define TX_DO(tx, sql, ...) tx_do((tx), DB_SQL(sql), DB_ARGS_(__VA_ARGS__))
int tx_do(struct tx *tx, const struct db_sql *sql, const struct db_arg *args, size_t n);
/* INSERT ... RETURNING one integer; 0 when nothing was returned. */
#define TX_I64(tx, sql, ...) tx_i64((tx), DB_SQL(sql), DB_ARGS_(__VA_ARGS__))
int64_t tx_i64(struct tx *tx, const struct db_sql *sql, const struct db_arg *args, size_t n);
enum err tx_err(const struct tx *tx); /* what is remembered so far */
/*
 * Statement by statement fresh savepoints for bulk loaders are not needed: one tx_run per few
 * thousand rows.
 */

enum err store_backup(struct store *s, struct str file,
		      void (*progress)(int done,
				       int total)) MUST_USE; /* consistent, while running */
enum err store_check(struct store *s,
		     struct buf *report) MUST_USE; /* integrity_check, foreign_key_check */
/* Daily care: incremental vacuum of at most n pages, PRAGMA optimize, WAL checkpoint. */
void store_tend(struct store *s, int pages);
struct store_sizes {
	int64_t db_bytes, wal_bytes, free_bytes;
}; /* free: inside the file, for store_tend */
struct store_sizes store_sizes(struct store *s);
/* For migrate.c and tests: runs trusted SQL text of several statements. */
enum err store_exec(struct store *s, const char *sql) MUST_USE;
/*
 * For the SQL test: prepares sql on an in-memory database made of schema_sql; the plan's lines go
 * to *plan.
 */
enum err db_plan(const char *sql, struct buf *plan) MUST_USE;

#endif
