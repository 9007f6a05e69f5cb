/* SPDX-License-Identifier: MIT */
/* Removes what nothing points to below DIR/media: rows go first (core/media_make.c), files here. */
#include "svc/media_care.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/media.h"
#include "store/spool.h"

enum { DAY_S = 24 * 3600 };

struct sweep {
	struct db *db;
	struct str folder; /* "ab", then "ab/cd" */
	int removed;
};

static DIR *open_below(struct arena *a, struct str folder)
{
	return opendir(arena_printf(a, "%.*s/media/%.*s", (int)conf.dir.len, conf.dir.at,
				    (int)folder.len, folder.at ? folder.at : "")
			       .at);
}

static bool is_folder_name(const char *name)
{
	return name[0] != '.' && strlen(name) == 2;
}

static void look_at_file(struct sweep *s, struct arena *a, DIR *d, const char *name)
{
	struct stat st;
	if (fstatat(dirfd(d), name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode) ||
	    time(NULL) - st.st_mtime < DAY_S)
		return;
	struct str path = arena_printf(a, "%.*s/%s", (int)s->folder.len, s->folder.at, name);
	bool is_used = media_file_is_used(s->db, path);
	/* What could not be asked is kept. */
	if (db_err(s->db) == OK && !is_used)
		s->removed += unlinkat(dirfd(d), name, 0) == 0;
}

static void sweep_inner(struct sweep *s, struct str folder)
{
	SCOPED_ARENA a = arena_new();
	DIR *d = open_below(a, folder);
	s->folder = folder;
	if (!d)
		return;
	for (const struct dirent *e; (e = readdir(d));)
		look_at_file(s, a, d, e->d_name);
	closedir(d);
}

static void sweep_outer(struct sweep *s, struct arena *a, struct str folder)
{
	DIR *d = open_below(a, folder);
	if (!d)
		return;
	for (const struct dirent *e; (e = readdir(d));)
		if (is_folder_name(e->d_name))
			sweep_inner(s, arena_printf(a, "%.*s/%s", (int)folder.len, folder.at,
						    e->d_name));
	closedir(d);
}

/* The round's folder among those that there are; "" when there is none. */
static struct str pick(struct arena *a, unsigned round)
{
	DIR *d = open_below(a, S(""));
	unsigned n = 0;
	struct str picked = S("");
	if (!d)
		return picked;
	for (const struct dirent *e; (e = readdir(d));)
		n += is_folder_name(e->d_name);
	rewinddir(d);
	unsigned at = n ? round % n : 0;
	for (const struct dirent *e; n && (e = readdir(d));)
		if (is_folder_name(e->d_name) && at-- == 0) {
			picked = arena_str(a, str_of(e->d_name));
			break;
		}
	closedir(d);
	return picked;
}

void media_care(struct store *store, unsigned round)
{
	SCOPED_ARENA a = arena_new();
	spool_prune(a, conf.dir);
	struct str folder = pick(a, round);
	if (folder.len == 0)
		return;
	struct sweep s = {.db = db_open(store, 64)};
	sweep_outer(&s, a, folder);
	db_close(s.db);
	if (s.removed)
		log_info("%d files of deleted media removed", s.removed);
}
