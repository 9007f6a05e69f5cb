/* SPDX-License-Identifier: MIT */
/* A chain of blocks, bumped through; under ASan a reset poisons nothing, but freed blocks are
 * caught. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/err.h"

enum { BLOCK_MIN = 4096, BLOCK_MAX = 1 << 20, ALIGN = 16 };

struct block {
	struct block *older;
	size_t cap; /* bytes behind the head */
	size_t used;
	size_t pad; /* keeps what follows aligned */
};

struct arena {
	struct block *now;
	size_t used;
};

static struct block *block_new(size_t cap, struct block *older)
{
	struct block *b = malloc(sizeof(*b) + cap);
	if (!b)
		die("out of memory: %zu bytes", cap);
	*b = (struct block){.older = older, .cap = cap};
	return b;
}

struct arena *arena_new(void)
{
	struct block *b = block_new(BLOCK_MIN - sizeof(*b), NULL);
	struct arena *a = (struct arena *)(b + 1);
	*a = (struct arena){.now = b};
	b->used = (sizeof(*a) + ALIGN - 1) / ALIGN * ALIGN;
	return a;
}

static void free_newer(struct arena *a, const struct block *keep)
{
	while (a->now != keep) {
		struct block *older = a->now->older;
		free(a->now);
		a->now = older;
	}
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	struct block *b = a->now;
	while (b) {
		struct block *older = b->older;
		free(b);
		b = older;
	}
}

void arena_free_ptr(struct arena **a)
{
	arena_free(*a);
	*a = NULL;
}

void arena_reset(struct arena *a, size_t keep_bytes)
{
	struct block *first = a->now;
	while (first->older)
		first = first->older;
	struct block *largest = a->now;
	bool keep = largest != first && largest->cap + first->cap <= keep_bytes;
	if (keep) {
		a->now = largest->older;
		free_newer(a, first);
		largest->older = first;
		largest->used = 0;
		a->now = largest;
	} else {
		free_newer(a, first);
	}
	first->used = (sizeof(*a) + ALIGN - 1) / ALIGN * ALIGN;
	a->used = 0;
}

static void add_block(struct arena *a, size_t n)
{
	size_t cap = 2 * a->now->cap;
	cap = cap < BLOCK_MAX ? cap : BLOCK_MAX;
	cap = cap > n ? cap : n;
	a->now = block_new(cap, a->now);
}

void *arena_take(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2)
		die("arena: %zu bytes asked for", n);
	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (a->now->cap - a->now->used < n)
		add_block(a, n);
	void *at = (char *)(a->now + 1) + a->now->used;
	a->now->used += n;
	a->used += n;
	return memset(at, 0, n);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		die("arena: array of %zu times %zu bytes", n, size);
	return arena_take(a, bytes);
}

char *arena_zstr(struct arena *a, struct str s)
{
	char *z = arena_take(a, s.len + 1);
	if (s.len > 0)
		memcpy(z, s.at, s.len);
	return z;
}

struct str arena_str(struct arena *a, struct str s)
{
	return (struct str){arena_zstr(a, s), s.len};
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		die("arena_printf: bad format");
	char *z = arena_take(a, (size_t)n + 1);
	vsnprintf(z, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){z, (size_t)n};
}

size_t arena_used(const struct arena *a)
{
	return a->used;
}
