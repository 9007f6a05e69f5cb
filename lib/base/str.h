/* SPDX-License-Identifier: MIT */
/*
 * Views of bytes. A str never owns memory and need not end in NUL; who made the bytes decides how
 * long they live (most often a request's arena). Everyone includes this.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *at; /* may be NULL only when len is 0 */
	size_t len;
};

/* A str from a string literal; anything else does not compile. */
#define S(lit) ((struct str){"" lit "", sizeof(lit) - 1})
/* The same for static initialisers. */
#define S_INIT(lit) \
	{ \
		"" lit "", sizeof(lit) - 1 \
	}

/* The str of a NUL-terminated string; NULL gives the empty str. */
struct str str_of(const char *z);
bool str_eq(struct str a, struct str b);
/* Equality and order that fold ASCII case only. */
bool str_eq_nocase(struct str a, struct str b);
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Index of the first c / of needle, or -1. */
ptrdiff_t str_find_char(struct str s, char c);
ptrdiff_t str_find(struct str s, struct str needle);
/* The bytes from `from` up to (not including) `to`, both clamped to the string. */
struct str str_slice(struct str s, size_t from, size_t to);
/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/*
 * Cuts *rest at the first sep: returns what stands before it and leaves what stands after it.
 * At the end returns the last piece and leaves *rest empty with at == NULL.
 */
struct str str_cut(struct str *rest, char sep);
/* Decimal to number: the whole string must be digits (an optional '-' for i64) and must fit. */
bool str_i64(struct str s, int64_t *out);
bool str_u64(struct str s, uint64_t *out);

#endif
