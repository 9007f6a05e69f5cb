/* SPDX-License-Identifier: MIT */
/* Uploads on their way to the media service. */
#include "store/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crypt.h"

enum { DAY_S = 24 * 3600 };

static struct str path_of(struct arena *a, struct str dir, struct str name)
{
	return arena_printf(a, "%.*s/spool/%.*s", (int)dir.len, dir.at, (int)name.len, name.at);
}

static enum err write_all(int fd, struct str bytes)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.at, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == ENOSPC || errno == EDQUOT || errno == EROFS ? ERR_FULL
										    : ERR_STORAGE;
		bytes = str_slice(bytes, (size_t)n, bytes.len);
	}
	return fsync(fd) == 0 ? OK : errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_STORAGE;
}

enum err spool_write(struct arena *a, struct str dir, struct str bytes, struct str *name)
{
	*name = arena_printf(a, "new-%016llx", (unsigned long long)rand_u64());
	struct str path = path_of(a, dir, *name);
	(void)mkdir(path_of(a, dir, S("")).at, 0700);
	int fd = open(path.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(errno == ENOSPC || errno == EROFS ? ERR_FULL : ERR_STORAGE,
			    "an upload cannot be kept in %s: %s", path.at, strerror(errno));
	enum err e = write_all(fd, bytes);
	close(fd);
	if (e == OK)
		return OK;
	unlink(path.at);
	return fail(e, "an upload of %zu bytes cannot be kept: %s", bytes.len, strerror(errno));
}

enum err spool_keep(struct arena *a, struct str dir, struct str *name, int64_t id)
{
	struct str next = arena_printf(a, "%lld.in", (long long)id);
	struct str from = path_of(a, dir, *name), to = path_of(a, dir, next);
	if (rename(from.at, to.at) != 0)
		return fail(ERR_STORAGE, "an upload cannot be renamed to %s: %s", to.at,
			    strerror(errno));
	*name = next;
	return OK;
}

void spool_drop(struct arena *a, struct str dir, struct str name)
{
	unlink(path_of(a, dir, name).at);
}

void spool_prune(struct arena *a, struct str dir)
{
	DIR *d = opendir(path_of(a, dir, S("")).at);
	struct stat st;
	time_t now = time(NULL);
	if (!d)
		return;
	for (struct dirent *e; (e = readdir(d));)
		if (fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && now - st.st_mtime > DAY_S)
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
}
