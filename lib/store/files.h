/* SPDX-License-Identifier: MIT */
/*
 * Finished files below DIR/media, each named by what is in it: ab/cd/<32 hex digits>.<ext>. Equal
 * bytes are one file. A name never means other bytes, so whoever serves one may say "immutable".
 * Uploads that still wait lie in DIR/spool/<id>.in.
 */
#ifndef STORE_FILES_H
#define STORE_FILES_H

#include "base/err.h"
#include "base/str.h"

enum { FILES_PATH_MAX = 64 };

/* A file's bytes in memory. What is written there stays in this process and reaches no file. */
struct mapped {
	char *bytes; /* NULL: none */
	size_t len;
};
static inline struct str mapped_str(const struct mapped *m)
{
	return (struct str){m->bytes ? m->bytes : "", m->len};
}

/*
 * Keeps the bytes under DIR/media; path takes the name below it, with a NUL. When it returns OK
 * file and name survive a crash of the machine. ext: a literal such as "jpg".
 * ERR_FULL, ERR_STORAGE.
 */
enum err files_put(struct str dir, struct str bytes, const char *ext,
		   char path[FILES_PATH_MAX]) MUST_USE;
/* Removes DIR/media/<path>; gone already is fine. */
void files_remove(struct str dir, struct str path);

/* ERR_NOT_FOUND, ERR_STORAGE. An empty file maps to no bytes. */
enum err files_upload_map(struct str dir, int64_t id, struct mapped *out) MUST_USE;
void files_upload_remove(struct str dir, int64_t id);
/* The bytes behind a descriptor. */
enum err files_map(int fd, struct mapped *out) MUST_USE;
void files_unmap(struct mapped *m);

#endif
