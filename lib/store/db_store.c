/* SPDX-License-Identifier: MIT */
/*
 * The data folder: opening, making and checking it, its copies and its daily care. Everything here
 * looks at SQLite's codes itself, because a file that is no database must not end the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypt.h"
#include "base/log.h"
#include "store/db_private.h"
#include "store/migrate.h"

enum { BACKUP_STEP_PAGES = 1024, TEND_STEP_PAGES = 256, WAL_LIMIT_BYTES = 64 << 20 };
/* What version_of answers besides a version. */
enum { VERSION_NONE = 0, VERSION_FOREIGN = -1 };

struct str store_dir(const struct store *s)
{
	return str_of(s->dir);
}

static char *path_join(struct str dir, const char *name)
{
	char *path = NULL;
	if (asprintf(&path, "%.*s/%s", (int)dir.len, dir.at, name) < 0)
		die("out of memory");
	return path;
}

static void once_per_process(void)
{
	/* A file size limit is a full disk to us: an error, not a death. */
	signal(SIGXFSZ, SIG_IGN);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS,
		       0); /* a lock per allocation, for numbers nobody reads */
	sqlite3_initialize();
}

static enum err full_or_storage(int error)
{
	return error == ENOSPC || error == EDQUOT || error == EFBIG || error == EROFS ? ERR_FULL
										      : ERR_STORAGE;
}

/*
 * Makes what is missing of folder and file, readable by nobody else. On a read-only disk what is
 * there will do.
 */
static enum err make_file(struct store *s)
{
	if (mkdir(s->dir, 0700) && errno != EEXIST)
		return fail(full_or_storage(errno), "cannot make %s: %m", s->dir);
	int fd = open(s->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 && access(s->file, R_OK) != 0)
		return fail(full_or_storage(errno), "cannot make %s: %m", s->file);
	if (fd >= 0)
		close(fd);
	return OK;
}

static struct store *store_new(struct str dir, const char *name)
{
	struct store *s = calloc(1, sizeof *s);
	if (!s)
		die("out of memory");
	s->dir = path_join(dir, "");
	s->dir[dir.len] = '\0';
	s->file = path_join(dir, name);
	s->queue_end = &s->queue;
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->queue_filled, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&s->queue_lock, NULL);
	pthread_mutex_init(&s->write_lock, NULL);
	return s;
}

/* auto_vacuum holds only when set before the first page is written, so it comes before WAL. */
/* The first integer of sql, or otherwise when it cannot be had: the file may be anything. */
static int64_t probe(struct db *db, const char *sql, int64_t otherwise)
{
	sqlite3_stmt *st = NULL;
	int64_t v = otherwise;
	if (sqlite3_prepare_v2(db->sqlite, sql, -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		v = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return v;
}

static enum err set_up_writer(struct store *s)
{
	struct db *db = s->writer;
	enum { INCREMENTAL = 2 };
	/* Saying it takes the write lock, so it is said to a new file only. */
	int rc = probe(db, "PRAGMA auto_vacuum", 0) == INCREMENTAL
			 ? SQLITE_OK
			 : db_run_text(db, "PRAGMA auto_vacuum=INCREMENTAL");
	rc = rc ? rc : db_run_text(db, "PRAGMA journal_mode=WAL");
	rc = rc ? rc : db_run_text(db, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON");
	char limit[64];
	snprintf(limit, sizeof limit, "PRAGMA journal_size_limit=%d", WAL_LIMIT_BYTES);
	rc = rc ? rc : db_run_text(db, limit);
	/*
	 * Taking the hook also turns SQLite's own checkpoints off: wal_fold does them outside of
	 * commits.
	 */
	sqlite3_wal_hook(db->sqlite, wal_note, s);
	if (rc == SQLITE_OK)
		return OK;
	/* On a read-only disk these settings fail and reading still works. */
	if ((rc & 0xff) == SQLITE_READONLY) {
		log_warn("%s is read-only", s->file);
		return OK;
	}
	return fail(ERR_STORAGE, "%s: %s", s->file, sqlite3_errmsg(db->sqlite));
}

enum err store_open_named(struct store **out, struct str dir, const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, once_per_process);
	struct store *s = store_new(dir, name);
	*out = NULL;
	enum err e = make_file(s);
	if (!e) {
		s->writer = db_connect(s->file, true, DB_WRITER_CACHE_KIB);
		e = s->writer ? set_up_writer(s) : ERR_STORAGE;
	}
	if (e)
		store_close(s);
	else
		*out = s;
	return e;
}

enum err store_open_bare(struct store **out, struct str dir)
{
	return store_open_named(out, dir, "kwipd.db");
}

static int64_t version_of(struct db *db)
{
	int64_t tables = probe(db, "SELECT count(*) FROM sqlite_master", VERSION_FOREIGN);
	if (tables <= 0)
		return tables == 0 ? VERSION_NONE : VERSION_FOREIGN;
	return probe(db, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'schema'",
		     VERSION_FOREIGN);
}

/* Schema and first facts in one transaction: a file is whole or empty. */
static enum err fill(struct store *s)
{
	SCOPED_BUF sql = BUF_EMPTY;
	unsigned char secret[HASH_BYTES];
	rand_bytes(secret, sizeof secret);
	buf_put(&sql, S("BEGIN IMMEDIATE;"));
	buf_put(&sql, str_of(schema_sql));
	buf_put(&sql, S("INSERT INTO meta (key, value) VALUES ('epoch', '"));
	buf_u64(&sql, rand_u64() >> 1 | 1);
	buf_put(&sql, S("'), ('secret', '"));
	buf_hex(&sql, secret, sizeof secret);
	buf_put(&sql, S("'), ('created_at', '"));
	buf_i64(&sql, clock_ms());
	buf_put(&sql, S("'); COMMIT;"));
	buf_char(&sql, '\0');
	return store_exec(s, sql.at);
}

static enum err bring_up(struct store *s, bool create)
{
	int64_t version = version_of(s->writer);
	if (version == VERSION_FOREIGN)
		return fail(ERR_STORAGE, "%s is not a database of kwipd", s->file);
	if (version == VERSION_NONE)
		return create ? fill(s) : ERR_NOT_FOUND;
	return version == SCHEMA_VERSION ? OK : migrate(s);
}

/* Only one process at a time makes or migrates: the folder itself is the lock. */
static int folder_lock(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX))
		log_warn("cannot lock %s: %m", dir);
	return fd;
}

static bool is_there(struct str dir)
{
	char *file = path_join(dir, "kwipd.db");
	struct stat st;
	bool there = stat(file, &st) == 0 && st.st_size > 0;
	free(file);
	return there;
}

static enum err open_locked(struct store **out, struct str dir, bool create)
{
	char *folder = path_join(dir, "");
	if (create)
		mkdir(folder, 0700); /* store_open_bare tells when it fails */
	int lock = folder_lock(folder);
	free(folder);
	enum err e = store_open_bare(out, dir);
	if (!e)
		e = bring_up(*out, create);
	if (lock >= 0)
		close(lock);
	if (e) {
		store_close(*out);
		*out = NULL;
	}
	return e;
}

enum err store_open(struct store **out, struct str dir, bool create)
{
	*out = NULL;
	bool there = is_there(dir);
	if (!there && !create)
		return ERR_NOT_FOUND;
	if (!there)
		return open_locked(out, dir, create);
	/* The usual case takes no lock: a process stopped while it has that would keep all others
	 * out. */
	enum err e = store_open_bare(out, dir);
	if (e || version_of((*out)->writer) == SCHEMA_VERSION)
		return e;
	store_close(*out);
	return open_locked(out, dir, create);
}

void store_close(struct store *s)
{
	if (!s)
		return;
	writer_stop(s);
	if (s->writer) {
		/* Stopping waits for nobody: a reader's process will fold what we cannot. */
		s->writer->patience_ms = 0;
		sqlite3_wal_checkpoint_v2(s->writer->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
					  NULL);
		db_close(s->writer);
	}
	pthread_cond_destroy(&s->queue_filled);
	pthread_mutex_destroy(&s->queue_lock);
	pthread_mutex_destroy(&s->write_lock);
	free(s->dir);
	free(s->file);
	free(s);
}

enum err store_exec(struct store *s, const char *sql)
{
	pthread_mutex_lock(&s->write_lock);
	int rc = db_run_text(s->writer, sql);
	enum err e = rc ? db_trouble(s->writer, rc, "store_exec") : OK;
	if (!sqlite3_get_autocommit(s->writer->sqlite))
		(void)db_run_text(s->writer, "ROLLBACK");
	pthread_mutex_unlock(&s->write_lock);
	return e;
}

/*
 * Copies within one read transaction of a connection of its own: SQLite starts a copy over
 * whenever another connection writes, unless the source holds a snapshot.
 */
static enum err copy_pages(struct store *s, struct db *to, void (*progress)(int done, int total))
{
	struct db *from = db_open(s, 1024);
	db_begin(from);
	int64_t version = probe(from, "SELECT count(*) FROM sqlite_master",
				-1); /* the snapshot begins here */
	sqlite3_backup *copy = version < 0 ? NULL
					   : sqlite3_backup_init(to->sqlite, "main", from->sqlite,
								 "main");
	int rc = copy ? SQLITE_OK : SQLITE_IOERR;
	while (rc == SQLITE_OK) {
		rc = sqlite3_backup_step(copy, BACKUP_STEP_PAGES);
		int total = sqlite3_backup_pagecount(copy);
		if (progress)
			progress(total - sqlite3_backup_remaining(copy), total);
	}
	int error = sqlite3_system_errno(to->sqlite);
	if (copy)
		sqlite3_backup_finish(copy);
	db_end(from);
	db_close(from);
	if (rc == SQLITE_DONE)
		return OK;
	return fail(rc == SQLITE_FULL ? ERR_FULL : full_or_storage(error), "backup: %s",
		    sqlite3_errstr(rc));
}

static enum err file_sync(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);
	enum err e = fd >= 0 && fsync(fd) == 0
			     ? OK
			     : fail(full_or_storage(errno), "cannot sync %s: %m", path);
	if (fd >= 0)
		close(fd);
	return e;
}

static enum err folder_sync(const char *file)
{
	const char *slash = strrchr(file, '/');
	char *folder = slash ? strndup(file, (size_t)(slash - file) + 1) : strdup(".");
	if (!folder)
		die("out of memory");
	enum err e = file_sync(folder, O_RDONLY | O_DIRECTORY);
	free(folder);
	return e;
}

/* Gives the finished part its name, unless somebody took that meanwhile. */
static enum err publish(const char *part, const char *file)
{
	if (link(part, file) == 0) {
		unlink(part);
		return folder_sync(file);
	}
	if (errno == EEXIST)
		return fail(ERR_CONFLICT, "%s exists already", file);
	/* A file system without hard links. */
	if (rename(part, file))
		return fail(full_or_storage(errno), "cannot name %s: %m", file);
	return folder_sync(file);
}

static enum err copy_to(struct store *s, const char *part, void (*progress)(int done, int total))
{
	unlink(part);
	int fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(full_or_storage(errno), "cannot make %s: %m", part);
	close(fd);
	struct db *to = db_connect(part, true, 1024);
	if (!to)
		return ERR_STORAGE;
	/*
	 * A torn part is thrown away, so it needs no journal; it is synced as a whole at the end.
	 */
	(void)db_run_text(to, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF");
	enum err e = copy_pages(s, to, progress);
	db_close(to);
	return e ? e : file_sync(part, O_RDWR);
}

enum err store_backup(struct store *s, struct str file, void (*progress)(int done, int total))
{
	char *name = NULL, *part = NULL;
	if (asprintf(&name, "%.*s", (int)file.len, file.at) < 0 ||
	    asprintf(&part, "%s.part", name) < 0)
		die("out of memory");
	enum err e;
	if (access(name, F_OK) == 0)
		e = fail(ERR_CONFLICT, "%s exists already", name);
	else
		e = copy_to(s, part, progress);
	if (!e)
		e = publish(part, name);
	if (e && e != ERR_CONFLICT)
		unlink(part);
	free(name);
	free(part);
	return e;
}

/* Adds the rows of a check to the report; false when there is anything but one row "ok". */
static bool check_one(struct db *db, const char *sql, struct buf *report)
{
	sqlite3_stmt *st = NULL;
	bool good = true;
	int rc = sqlite3_prepare_v2(db->sqlite, sql, -1, &st, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
		struct str first = str_of((const char *)sqlite3_column_text(st, 0));
		rc = SQLITE_OK;
		if (str_eq(first, S("ok")))
			continue;
		good = false;
		for (int i = 0; i < sqlite3_column_count(st); i++) {
			buf_put(report, str_of((const char *)sqlite3_column_text(st, i)));
			buf_char(report, i + 1 < sqlite3_column_count(st) ? ' ' : '\n');
		}
	}
	if (rc != SQLITE_DONE) {
		good = false;
		buf_put(report, str_of(sqlite3_errmsg(db->sqlite)));
		buf_char(report, '\n');
	}
	sqlite3_finalize(st);
	return good;
}

enum err store_check(struct store *s, struct buf *report)
{
	struct db *db = db_connect(s->file, false, DB_WRITER_CACHE_KIB);
	if (!db)
		return ERR_STORAGE;
	bool good = check_one(db, "PRAGMA integrity_check", report);
	good = check_one(db, "PRAGMA foreign_key_check", report) && good;
	db_close(db);
	return good ? OK : ERR_STORAGE;
}

/* One bite of a locked care task, so that jobs get their turn between bites. */
static void tend_bite(struct store *s, const char *sql)
{
	pthread_mutex_lock(&s->write_lock);
	if (db_run_text(s->writer, sql))
		log_warn("daily care: %s", sqlite3_errmsg(s->writer->sqlite));
	wal_fold(s, 1);
	pthread_mutex_unlock(&s->write_lock);
}

static int64_t free_pages(struct store *s)
{
	pthread_mutex_lock(&s->write_lock);
	int64_t n = probe(s->writer, "PRAGMA freelist_count", 0);
	pthread_mutex_unlock(&s->write_lock);
	return n;
}

void store_tend(struct store *s, int pages)
{
	char sql[64];
	for (int left = pages; left > 0 && free_pages(s) > 0; left -= TEND_STEP_PAGES) {
		int bite = left < TEND_STEP_PAGES ? left : TEND_STEP_PAGES;
		snprintf(sql, sizeof sql, "PRAGMA incremental_vacuum(%d)", bite);
		tend_bite(s, sql);
	}
	tend_bite(s, "PRAGMA optimize");
}

struct store_sizes store_sizes(struct store *s)
{
	struct store_sizes sizes = {0};
	struct stat st;
	if (stat(s->file, &st) == 0)
		sizes.db_bytes = st.st_size;
	char *name = NULL;
	if (asprintf(&name, "%s-wal", s->file) < 0)
		die("out of memory");
	if (stat(name, &st) == 0)
		sizes.wal_bytes = st.st_size;
	free(name);
	struct db *db = db_connect(s->file, false, 64);
	if (db)
		sizes.free_bytes = probe(db, "PRAGMA freelist_count", 0) *
				   probe(db, "PRAGMA page_size", 0);
	db_close(db);
	return sizes;
}

/* An in-memory database of today's schema, kept for the many statements that a test asks about. */
static sqlite3 *plan_base(void)
{
	static sqlite3 *base;
	char *why = NULL;
	if (base)
		return base;
	if (sqlite3_open(":memory:", &base) || sqlite3_exec(base, schema_sql, NULL, NULL, &why))
		die("schema.sql: %s", why ? why : "cannot open");
	size_t n;
	const struct db_schema *file = db_schemas_all(&n);
	for (size_t i = 0; i < n; i++) {
		if (sqlite3_exec(base, file[i].text, NULL, NULL, &why))
			die("%s: %s", file[i].name, why);
	}
	sqlite3_db_config(base, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	return base;
}

enum err db_plan(const char *sql, struct buf *plan)
{
	sqlite3 *base = plan_base();
	sqlite3_stmt *st = NULL;
	char *text = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	int rc = sqlite3_prepare_v2(base, text, -1, &st, NULL);
	sqlite3_free(text);
	while (rc == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW) {
		buf_put(plan, str_of((const char *)sqlite3_column_text(st, 3)));
		buf_char(plan, '\n');
	}
	sqlite3_finalize(st);
	return rc ? fail(ERR_INTERNAL, "%s in: %s", sqlite3_errmsg(base), sql) : OK;
}
