/* SPDX-License-Identifier: MIT */
/*
 * Room for large request bodies that is not memory of ours: an unlinked file in the data folder,
 * mapped, so that the system writes out what it needs the memory of. Used by conn.c alone.
 */
#ifndef HTTP_BULK_H
#define HTTP_BULK_H

#include <stdbool.h>
#include <stddef.h>

/* A buffer up to this size is plain memory. */
enum { BULK_OVER = 1024 * 1024 };

struct bulk {
	char *at; /* NULL: not open */
	size_t cap;
	int fd;
};

/*
 * Makes room for cap bytes in all, keeping what is there; opens the file at first. False, with
 * everything as it was, when the disk has no room to spare: blocks are reserved, so that writing to
 * the mapping never fails later.
 */
bool bulk_grow(struct bulk *b, size_t cap);
void bulk_close(struct bulk *b); /* fine when it is not open */

#endif
