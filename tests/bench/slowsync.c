/* SPDX-License-Identifier: MIT */
/*
 * For the bench, by LD_PRELOAD: an fsync that takes SLOWSYNC_US longer, as on a disk of another
 * machine. What group commit gains depends on that time, and a fast disk in the test machine hides
 * it.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int slowly(const char *name, int fd)
{
	const char *us = getenv("SLOWSYNC_US");
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
	if (us)
		usleep((useconds_t)strtoul(us, NULL, 10));
	return real(fd);
}

int fsync(int fd)
{
	return slowly("fsync", fd);
}

int fdatasync(int fd)
{
	return slowly("fdatasync", fd);
}
