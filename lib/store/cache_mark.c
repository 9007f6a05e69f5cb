/* SPDX-License-Identifier: MIT */
/*
 * Files in the cache's folder: "boot" holds the boot id of the writer's machine, "synced" exists
 * after a clean close, "tries" has a byte per opening that did not end well.
 */
#include "store/cache_mark.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

enum { BOOT_ID_MAX = 64, PATH_BYTES = 4096 };

static char boot_id[BOOT_ID_MAX];

static size_t file_read(const char *path, char out[BOOT_ID_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, out, BOOT_ID_MAX - 1);
	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	return n > 0 ? (size_t)n : 0;
}

/* Without a boot id nothing written before is trusted unless it was synced: slower, never wrong. */
static void boot_id_read(void)
{
	file_read("/proc/sys/kernel/random/boot_id", boot_id);
}

static const char *boot_id_get(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, boot_id_read);
	return boot_id;
}

static const char *path_of(char path[PATH_BYTES], const char *folder, const char *name)
{
	snprintf(path, PATH_BYTES, "%s/%s", folder, name);
	return path;
}

static void drop(const char *folder, const char *name)
{
	char path[PATH_BYTES];
	unlink(path_of(path, folder, name));
}

static bool folder_sync(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

static bool put(const char *folder, const char *name, const char *text, int flags)
{
	char path[PATH_BYTES];
	int fd = open(path_of(path, folder, name), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);
	if (fd < 0)
		return false;
	bool good = write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;
	close(fd);
	return good;
}

bool cache_mark_is_trusted(const char *folder)
{
	char path[PATH_BYTES], was[BOOT_ID_MAX];
	if (access(path_of(path, folder, "synced"), F_OK) == 0)
		return true;
	size_t n = file_read(path_of(path, folder, "boot"), was);
	return n > 0 && strcmp(was, boot_id_get()) == 0;
}

bool cache_mark_open(const char *folder)
{
	char path[PATH_BYTES], was[BOOT_ID_MAX];
	size_t n = file_read(path_of(path, folder, "boot"), was);
	bool is_this_boot = n > 0 &&
			    strcmp(was, boot_id_get()) == 0; /* then a full disk does no harm */
	/* Boot first: a reader that looks in between must find one of the two. */
	if (!is_this_boot && !put(folder, "boot", boot_id_get(), O_TRUNC))
		log_warn("the cache's mark could not be written: %m");
	drop(folder, "synced");
	return folder_sync(folder);
}

void cache_mark_synced(const char *folder)
{
	if (put(folder, "synced", "yes", O_TRUNC))
		folder_sync(folder);
	drop(folder, "tries");
}

void cache_mark_distrust(const char *folder)
{
	drop(folder, "boot");
	drop(folder, "synced");
}

int cache_mark_tries(const char *folder)
{
	char path[PATH_BYTES];
	struct stat st;
	put(folder, "tries", "x", O_APPEND);
	return stat(path_of(path, folder, "tries"), &st) == 0 ? (int)st.st_size : 0;
}

void cache_mark_well(const char *folder)
{
	drop(folder, "tries");
}

void cache_mark_wipe(const char *folder)
{
	static const char *const ALL[] = {"boot", "synced", "tries", "data.mdb", "lock.mdb"};
	for (size_t i = 0; i < sizeof ALL / sizeof ALL[0]; i++)
		drop(folder, ALL[i]);
}
