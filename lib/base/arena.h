/* SPDX-License-Identifier: MIT */
/*
 * Memory by scope: everything taken from an arena is given back at once. A function with an arena
 * in its signature may allocate there; one without does not allocate. Not thread-safe.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

struct arena;

/* A new arena, or die(). The first block is small (4 KiB) and grows by doubling up to 1 MiB. */
struct arena *arena_new(void);
void arena_free(struct arena *a); /* NULL is fine */
/* Forgets everything but keeps at most keep_bytes of blocks for the next use. */
void arena_reset(struct arena *a, size_t keep_bytes);
/* Zeroed memory, aligned to 16 bytes; never NULL (die() when memory is exhausted). n may be 0. */
void *arena_take(struct arena *a, size_t n) __attribute__((malloc, returns_nonnull));
/* A zeroed array; dies on overflow of n * size. */
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull));
/* Copies; arena_str's result is followed by a NUL, which is not counted. */
struct str arena_str(struct arena *a, struct str s);
char *arena_zstr(struct arena *a, struct str s);
/* printf into the arena, for names and log-like texts, never for HTML, JSON or SQL. */
struct str arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), nonnull(2)));
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

void arena_free_ptr(struct arena **a);
#define SCOPED_ARENA __attribute__((cleanup(arena_free_ptr))) struct arena *

#endif
