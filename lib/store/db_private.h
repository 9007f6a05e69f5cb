/* SPDX-License-Identifier: MIT */
/*
 * What the db*.c files share: the insides of a store, a connection and a tx. Not for anyone else;
 * tests of store/ may use store_open_bare.
 */
#ifndef STORE_DB_PRIVATE_H
#define STORE_DB_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/db.h"

struct sqlite3;
struct sqlite3_stmt;

struct db_stmt {
	const struct db_sql *sql;
	struct sqlite3_stmt *prepared;
	bool busy;  /* between db_query and db_done */
	bool spare; /* prepared because the kept one was busy; finalized by db_done */
};

struct db {
	struct sqlite3 *sqlite;
	struct tx *tx; /* the job that runs on it; always NULL on a reader */
	bool is_writer, in_snapshot;
	bool is_spare; /* of a file that can be made again: its damage ends nobody */
	bool is_broken;
	enum err err;
	int patience_ms;       /* how long a lock is waited for */
	struct db_stmt **kept; /* open addressing by the literal's address; cap is a power of two */
	size_t cap, count;
};

struct tx {
	struct store *store;
	struct db *db;
	int64_t now;
	enum err err;
};

struct store {
	char *dir, *file;
	bool is_spare;
	int64_t inode;              /* of a spare file when it was opened */
	pthread_mutex_t write_lock; /* whoever uses writer holds it */
	struct db *writer;
	int wal_pages;  /* in the WAL as of the last commit of ours */
	int wal_folded; /* of them seen by wal_fold */

	pthread_mutex_t queue_lock; /* all below */
	pthread_cond_t queue_filled;
	struct job *queue, **queue_end;
	pthread_t thread;
	bool running, stopping;
	void (*on_commit)(void *arg);
	void *on_commit_arg;
};

enum { DB_BUSY_MS = 10000, DB_FOLD_BUSY_MS = 20, DB_WRITER_CACHE_KIB = 4096 };

/* db.c */
/* A connection; NULL when SQLite refuses (logged). */
struct db *db_connect(const char *file, bool writer, int cache_kib);
/* Runs one statement without result on db: SQLite's result code. */
int db_control(struct db *db, const struct db_sql *sql);
/* The enum err of a result code; dies when the code means our bug or a broken file. */
enum err db_trouble(struct db *db, int rc, const char *doing);
void db_reset_all(struct db *db);
/* Runs trusted text of several statements: SQLite's result code. */
int db_run_text(struct db *db, const char *sql);

/* db_store.c */
/* store_open without looking at what is in the file and without filling it. */
enum err store_open_bare(struct store **s, struct str dir) MUST_USE;
/* The same of any file of the folder. */
enum err store_open_named(struct store **s, struct str dir, const char *name) MUST_USE;

/* db_writer.c */
void writer_stop(struct store *s);
/* Moves the WAL into the database when it grew by that many pages; the caller holds write_lock. */
void wal_fold(struct store *s, int pages);
/* For sqlite3_wal_hook on the writer: arg is the store. */
int wal_note(void *arg, struct sqlite3 *sqlite, const char *name, int pages);

#endif
