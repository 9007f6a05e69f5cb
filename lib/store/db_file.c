/* SPDX-License-Identifier: MIT */
/*
 * Files of single services beside the main database: their queues, their indexes. Each has a small
 * schema of its own and no migrations: what is in them can be made again.
 */
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
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

/* The file and what SQLite keeps beside it get other names. */
static void set_aside(struct str dir, const char *name)
{
	static const char *const ends[] = {"-wal", "-shm", ""};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
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
