/* SPDX-License-Identifier: MIT */
/* Writing a file so that it is there whole or not at all, and the folders it needs. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crypt.h"
#include "store/files.h"

static enum err failed(const char *what, const char *path)
{
	enum err e = errno == ENOSPC || errno == EDQUOT || errno == EROFS ? ERR_FULL : ERR_STORAGE;
	return fail(e, "%s %s: %s", what, path, strerror(errno));
}

static enum err sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed("open", path);
	int bad = fsync(fd);
	enum err e = bad ? failed("fsync", path) : OK;
	close(fd);
	return e;
}

/* One folder of the path's; its own name in the folder above must last, too. */
static enum err folder(char *path, size_t len)
{
	char kept = path[len];
	path[len] = '\0';
	enum err e = OK;
	if (mkdir(path, 0700) == 0) {
		char *slash = strrchr(path, '/');
		*slash = '\0';
		e = sync_folder(path);
		*slash = '/';
	} else if (errno != EEXIST) {
		e = failed("mkdir", path);
	}
	path[len] = kept;
	return e;
}

static enum err write_all(int fd, struct str bytes, const char *path)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.at, bytes.len < 1 << 20 ? bytes.len : 1 << 20);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return failed("write", path);
		bytes = str_slice(bytes, (size_t)n, bytes.len);
	}
	return fsync(fd) == 0 ? OK : failed("fsync", path);
}

static enum err write_new(const char *path, struct str bytes)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed("open", path);
	enum err e = write_all(fd, bytes, path);
	if (close(fd) != 0 && e == OK)
		e = failed("close", path);
	if (e != OK)
		unlink(path);
	return e;
}

static void name_make(struct str bytes, const char *ext, char path[FILES_PATH_MAX])
{
	unsigned char hash[16];
	char hex[33];
	hash_short(bytes, hash);
	for (int i = 0; i < 16; i++)
		snprintf(hex + (size_t)2 * i, 3, "%02x", hash[i]);
	snprintf(path, FILES_PATH_MAX, "%.2s/%.2s/%s.%s", hex, hex + 2, hex, ext);
}

enum err files_put(struct str dir, struct str bytes, const char *ext, char path[FILES_PATH_MAX])
{
	char whole[PATH_MAX], fresh[PATH_MAX];
	struct stat st;
	name_make(bytes, ext, path);
	int len = snprintf(whole, sizeof whole, "%.*s/media/%s", (int)dir.len, dir.at, path);
	int top = (int)dir.len + (int)sizeof "/media" - 1;
	if (len >= (int)sizeof whole)
		return fail(ERR_STORAGE, "the data folder's name is too long");
	/* One that nothing names may be on its way out by its age: it is young again. */
	if (stat(whole, &st) == 0 && (uint64_t)st.st_size == bytes.len &&
	    utimensat(AT_FDCWD, whole, NULL, 0) == 0)
		return OK;
	enum err e = folder(whole, (size_t)top);
	if (e == OK)
		e = folder(whole, (size_t)top + 3);
	if (e == OK)
		e = folder(whole, (size_t)top + 6);
	if (e != OK)
		return e;
	snprintf(fresh, sizeof fresh, "%.*s.%d.new", top, whole, (int)getpid());
	e = write_new(fresh, bytes);
	if (e != OK)
		return e;
	if (rename(fresh, whole) != 0)
		return failed("rename", whole);
	*strrchr(whole, '/') = '\0';
	return sync_folder(whole);
}

void files_remove(struct str dir, struct str path)
{
	char whole[PATH_MAX];
	int len = snprintf(whole, sizeof whole, "%.*s/media/%.*s", (int)dir.len, dir.at,
			   (int)path.len, path.at);
	if (path.len == 0 || len >= (int)sizeof whole || strstr(whole, "/../"))
		return;
	if (unlink(whole) != 0 && errno != ENOENT && failed("unlink", whole) == OK)
		return;
}

static void spool_name(struct str dir, int64_t id, char path[PATH_MAX])
{
	snprintf(path, PATH_MAX, "%.*s/spool/%lld.in", (int)dir.len, dir.at, (long long)id);
}

enum err files_map(int fd, struct mapped *out)
{
	struct stat st;
	*out = (struct mapped){NULL, 0};
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fail(ERR_STORAGE, "fstat: %s", strerror(errno));
	if (st.st_size == 0)
		return OK;
	void *at = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return fail(ERR_STORAGE, "mmap: %s", strerror(errno));
	*out = (struct mapped){at, (size_t)st.st_size};
	return OK;
}

void files_unmap(struct mapped *m)
{
	if (m->bytes)
		munmap(m->bytes, m->len);
	*m = (struct mapped){NULL, 0};
}

enum err files_upload_map(struct str dir, int64_t id, struct mapped *out)
{
	char path[PATH_MAX];
	*out = (struct mapped){NULL, 0};
	spool_name(dir, id, path);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return ERR_NOT_FOUND;
	if (fd < 0)
		return failed("open", path);
	enum err e = files_map(fd, out);
	close(fd);
	return e;
}

void files_upload_remove(struct str dir, int64_t id)
{
	char path[PATH_MAX];
	spool_name(dir, id, path);
	unlink(path);
}
