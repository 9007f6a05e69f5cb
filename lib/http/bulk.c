/* SPDX-License-Identifier: MIT */
/* Large request bodies in mapped files without a name. */
#include "http/bulk.h"
#include "base/conf.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Uploads leave this much of the disk to the database. */
static const unsigned long long KEEP_FREE = 256ull << 20;

/* Some file systems know no file without a name: there it has one for a moment. */
static int open_unnamed(void)
{
	char path[1100];
	int fd = -1;

	if (conf.dir.len > 1000)
		return -1;
	snprintf(path, sizeof path, "%.*s", (int)conf.dir.len, conf.dir.at ? conf.dir.at : ".");
	fd = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	snprintf(path, sizeof path, "%.*s/.body-XXXXXX", (int)conf.dir.len,
		 conf.dir.at ? conf.dir.at : ".");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static bool reserve(int fd, size_t from, size_t cap)
{
	struct statvfs fs;

	if (fstatvfs(fd, &fs) != 0 ||
	    (unsigned long long)fs.f_bavail * fs.f_frsize < KEEP_FREE + (cap - from))
		return false;
	return posix_fallocate(fd, (off_t)from, (off_t)(cap - from)) == 0;
}

bool bulk_grow(struct bulk *b, size_t cap)
{
	int fd = b->at ? b->fd : open_unnamed();
	size_t was = b->at ? b->cap : 0;
	void *at = MAP_FAILED;

	if (fd >= 0 && reserve(fd, was, cap))
		at = b->at ? mremap(b->at, was, cap, MREMAP_MAYMOVE)
			   : mmap(NULL, cap, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at != MAP_FAILED) {
		*b = (struct bulk){.at = at, .cap = cap, .fd = fd};
		return true;
	}
	log_warn("no room on the disk for a request body of %zu bytes", cap);
	if (fd >= 0 && !b->at)
		close(fd);
	return false;
}

void bulk_close(struct bulk *b)
{
	if (!b->at)
		return;
	munmap(b->at, b->cap);
	close(b->fd);
	*b = (struct bulk){0};
}
