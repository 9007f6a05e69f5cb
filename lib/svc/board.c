/* SPDX-License-Identifier: MIT */
/*
 * The status board: a page of memory that is also the file DIR/run/board. The supervisor makes a
 * new file at every start, so that a mapping of an old one stays what it was instead of shrinking.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "svc/board.h"

enum { BOARD_MAGIC = 0x6b776970 };

static bool board_path(struct str dir, char path[PATH_MAX])
{
	return snprintf(path, PATH_MAX, "%.*s/run/board", (int)dir.len, dir.at) < PATH_MAX;
}

static enum err board_map(struct board **b, int fd)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || (size_t)st.st_size < sizeof(struct board))
		return ERR_NOT_FOUND;
	void *at = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		return fail(ERR_STORAGE, "the board cannot be mapped: %s", strerror(errno));
	*b = at;
	return OK;
}

enum err board_make(struct board **b, struct str dir, int *fd)
{
	char path[PATH_MAX];
	if (!board_path(dir, path))
		return fail(ERR_STORAGE, "the data folder's name is too long");
	unlink(path);
	*fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	/* Written, not truncated to size: a full disk shows here and not as a SIGBUS later. */
	if (*fd < 0 || posix_fallocate(*fd, 0, sizeof(struct board)) != 0)
		return fail(ERR_STORAGE, "%s: %s", path, strerror(errno));
	enum err e = board_map(b, *fd);
	if (e == OK)
		(*b)->magic = BOARD_MAGIC;
	return e;
}

enum err board_of_fd(struct board **b, int fd)
{
	enum err e = board_map(b, fd);
	if (e == OK && (*b)->magic != BOARD_MAGIC) {
		board_close(*b);
		return ERR_NOT_FOUND;
	}
	return e;
}

enum err board_open(struct board **b, struct str dir, bool create)
{
	char path[PATH_MAX];
	int fd = -1;
	enum err e = ERR_NOT_FOUND;
	if (create)
		e = board_make(b, dir, &fd);
	else if (board_path(dir, path) && (fd = open(path, O_RDWR | O_CLOEXEC)) >= 0)
		e = board_of_fd(b, fd);
	if (fd >= 0)
		close(fd);
	return e;
}

void board_close(struct board *b)
{
	if (b)
		munmap(b, sizeof *b);
}

void ring_put(struct board_ring *r, int64_t id)
{
	uint32_t at = atomic_fetch_add(&r->end, 1);
	atomic_store(&r->id[at % BOARD_RING], id);
}

size_t ring_take(struct board_ring *r, uint32_t *seen, int64_t ids[BOARD_RING])
{
	size_t n = 0;
	uint32_t end = atomic_load(&r->end);
	if (end - *seen > BOARD_RING)
		*seen = end - BOARD_RING;
	for (; *seen != end; (*seen)++) {
		int64_t id = atomic_exchange(&r->id[*seen % BOARD_RING], 0);
		if (id != 0)
			ids[n++] = id;
	}
	return n;
}

int64_t board_cursor(const struct board *b, struct str name)
{
	for (size_t i = 0; i < BOARD_SLOTS; i++) {
		if (str_eq(str_of(b->slot[i].name), name))
			return atomic_load(&b->slot[i].cursor);
	}
	return 0;
}
