/* SPDX-License-Identifier: MIT */
/*
 * Files of single services beside the main database: their queues, their indexes. Each has a small
 * schema of its own and no migrations: what is in them can be made again.
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "store/db_private.h"

extern const struct db_schema __start_schemaset[] __attribute__((weak));
extern const struct db_schema __stop_schemaset[] __attribute__((weak));

const struct db_schema *db_schemas_all(size_t *n)
{
	*n = __start_schemaset ? (size_t)(__stop_schemaset - __start_schemaset) : 0;
	return __start_schemaset;
}

/* user_version; -1 when the file cannot be read as a database. */
static int version_kept(struct db *db)
{
	sqlite3_stmt *st = NULL;
	int version = -1;
	if (sqlite3_prepare_v2(db->sqlite, "PRAGMA user_version", -1, &st, NULL) == SQLITE_OK &&
	    sqlite3_step(st) == SQLITE_ROW)
		version = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return version;
}

static enum err fill(struct store *s, const struct db_schema *schema)
{
	char *sql = NULL;
	if (asprintf(&sql, "BEGIN IMMEDIATE; %s; PRAGMA user_version=%d; COMMIT;", schema->text,
		     schema->version) < 0)
		die("out of memory");
	enum err e = store_exec(s, sql);
	free(sql);
	return e;
}

/* What a database is on the disk; the file itself last. */
static const char *const ends[] = {"-wal", "-shm", ""};
enum { ENDS = sizeof ends / sizeof *ends };

/* The file and what SQLite keeps beside it get other names. */
static void set_aside(struct str dir, const char *name)
{
	for (size_t i = 0; i < ENDS; i++) {
		char *from = NULL, *to = NULL;
		if (asprintf(&from, "%.*s/%s%s", (int)dir.len, dir.at, name, ends[i]) < 0 ||
		    asprintf(&to, "%.*s/%s.old%s", (int)dir.len, dir.at, name, ends[i]) < 0)
			die("out of memory");
		if (rename(from, to) && errno != ENOENT)
			log_warn("cannot set %s aside: %m", from);
		free(from);
		free(to);
	}
}

/* A file that is there and begins like no database. A lock, or a full disk, is another matter. */
static bool is_foreign(struct str dir, const char *name)
{
	char *path = NULL, head[16];
	if (asprintf(&path, "%.*s/%s", (int)dir.len, dir.at, name) < 0)
		die("out of memory");
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(head, 1, sizeof head, f) : 0;
	if (f)
		fclose(f);
	free(path);
	return n > 0 && (n < sizeof head || memcmp(head, "SQLite format 3", sizeof head) != 0);
}

/* *remake: the file is there and of no use. */
static enum err open_once(struct store **s, struct str dir, const struct db_schema *schema,
			  bool *remake)
{
	*remake = is_foreign(dir, schema->name);
	enum err e = *remake ? ERR_STORAGE : store_open_named(s, dir, schema->name);
	if (e != OK)
		return e;
	(*s)->is_spare = (*s)->writer->is_spare = true;
	(*s)->inode = store_file_inode(dir, schema);
	int version = version_kept((*s)->writer);
	if (version == schema->version)
		return OK;
	*remake = version > 0;
	e = version == 0 ? fill(*s, schema) : ERR_STORAGE;
	if (e == OK)
		return OK;
	store_close(*s);
	*s = NULL;
	return e;
}

enum err store_open_file(struct store **s, struct str dir, const struct db_schema *schema)
{
	bool remake = false;
	enum err e = open_once(s, dir, schema, &remake);
	if (!remake)
		return e;
	log_warn("%s is of another version or broken: it is made anew", schema->name);
	set_aside(dir, schema->name);
	return open_once(s, dir, schema, &remake);
}

bool store_is_broken(const struct store *s)
{
	return s->writer->is_broken;
}

static bool look_at(struct str dir, const char *name, const char *end, struct stat *st)
{
	char *path = NULL;
	if (asprintf(&path, "%.*s/%s%s", (int)dir.len, dir.at, name, end) < 0)
		die("out of memory");
	bool there = stat(path, st) == 0;
	free(path);
	return there;
}

int64_t store_file_inode(struct str dir, const struct db_schema *schema)
{
	struct stat st;
	return look_at(dir, schema->name, "", &st) ? (int64_t)st.st_ino : 0;
}

int64_t store_file_bytes(struct str dir, const struct db_schema *schema)
{
	struct stat st;
	int64_t sum = 0;
	for (size_t i = 0; i < ENDS; i++)
		sum += look_at(dir, schema->name, ends[i], &st) ? st.st_size : 0;
	return sum;
}

bool store_is_gone(const struct store *s)
{
	struct stat st;
	return stat(s->file, &st) != 0 || (int64_t)st.st_ino != s->inode;
}

void store_file_remove(struct str dir, const struct db_schema *schema)
{
	for (size_t i = 0; i < ENDS; i++) {
		char *path = NULL;
		if (asprintf(&path, "%.*s/%s%s", (int)dir.len, dir.at, schema->name, ends[i]) < 0)
			die("out of memory");
		if (unlink(path) && errno != ENOENT)
			log_warn("cannot remove %s: %m", path);
		free(path);
	}
}

struct db *db_open_file(struct str dir, const struct db_schema *schema, int cache_kib,
			int64_t *inode)
{
	/* Looked at first: a file put in its place meanwhile is noticed by the next comparison. */
	*inode = store_file_inode(dir, schema);
	if (*inode == 0)
		return NULL;
	char *path = NULL;
	if (asprintf(&path, "%.*s/%s", (int)dir.len, dir.at, schema->name) < 0)
		die("out of memory");
	struct db *db = db_connect(path, false, cache_kib);
	free(path);
	if (db && version_kept(db) == schema->version) {
		db->is_spare = true;
		return db;
	}
	db_close(db);
	return NULL;
}
