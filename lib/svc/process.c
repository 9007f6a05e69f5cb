/* SPDX-License-Identifier: MIT */
/* Processes and folders as the operating system sees them. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "svc/process.h"

void process_harden(void)
{
	umask(077);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

enum err folder_make(struct str dir)
{
	char path[PATH_MAX];
	if (dir.len == 0 || dir.len >= sizeof path)
		return fail(ERR_STORAGE, "the data folder's name is empty or too long");
	memcpy(path, dir.at, dir.len);
	path[dir.len] = '\0';
	for (size_t i = 1; i <= dir.len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		char kept = path[i];
		path[i] = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return fail(ERR_STORAGE, "folder %s: %s", path, strerror(errno));
		path[i] = kept;
	}
	struct stat st;
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return fail(ERR_STORAGE, "%s is not a folder", path);
	return OK;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path) == 0 || errno == ENOENT ? 0 : -1;
}

void folder_remove(struct str dir)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.*s", (int)dir.len, dir.at);
	/* Twice: a process that is just ending may still have added a file. */
	for (int i = 0; i < 2 && access(path, F_OK) == 0; i++)
		if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0 && i > 0)
			fail(ERR_STORAGE, "%s could not be removed whole: %s", path,
			     strerror(errno));
}

enum err folder_lock(struct str dir, int *fd)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof path, "%.*s/run", (int)dir.len, dir.at);
	enum err e = folder_make((struct str){path, (size_t)len});
	if (e != OK)
		return e;
	snprintf(path + len, sizeof path - (size_t)len, "/lock");
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return fail(ERR_STORAGE, "%s: %s", path, strerror(errno));
	/* fcntl's lock and not flock's, because this one can tell who has it. */
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	if (fcntl(*fd, F_SETLK, &lock) == 0)
		return OK;
	close(*fd);
	*fd = -1;
	return ERR_CONFLICT;
}

int folder_locked_by(struct str dir)
{
	char path[PATH_MAX];
	snprintf(path, sizeof path, "%.*s/run/lock", (int)dir.len, dir.at);
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return 0;
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	bool is_free = fcntl(fd, F_GETLK, &lock) != 0 || lock.l_type == F_UNLCK;
	close(fd);
	return is_free ? 0 : lock.l_pid;
}

char process_state(int pid)
{
	char path[64], text[512];
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	/* The name stands in brackets and may hold anything; the state follows the last one. */
	const char *at = strrchr(text, ')');
	return at && at[1] == ' ' ? at[2] : 0;
}
