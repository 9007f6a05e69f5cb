/* SPDX-License-Identifier: MIT */
/* Addresses: IPv4 and IPv6 alike in 16 bytes, blocks of them, and who stands behind a proxy.
 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/arena.h"
#include "base/str.h"

#include <sys/socket.h>

/* IPv4 as ::ffff:a.b.c.d; all zero: a unix socket. */
struct addr {
	unsigned char at[16];
};

enum { ADDR_BLOCKS = 64 };
struct addr_block {
	struct addr base;
	int bits; /* of 128 */
};
struct addr_blocks {
	struct addr_block at[ADDR_BLOCKS];
	size_t n;
};

/* "10.0.0.0/8", "::1". */
bool addr_block_parse(struct str text, struct addr_block *out);
bool addr_in_block(const struct addr_block *b, struct addr addr);
struct addr addr_of(const struct sockaddr *sa);
bool addr_parse(struct str text, struct addr *out); /* "1.2.3.4", "::1", "[::1]:80", "1.2.3.4:80" */
struct str addr_text(struct addr addr, struct arena *a); /* "unix" for a unix socket */
/* "10.0.0.0/8, ::1": what does not parse is skipped with a warning. */
struct addr_blocks addr_blocks_parse(struct str list);
bool addr_in(const struct addr_blocks *blocks, struct addr addr);
/* What limits count: an IPv4 address, an IPv6 /64. */
uint64_t addr_key(struct addr addr, uint64_t seed);
/* The rightmost address of X-Forwarded-For that is no trusted proxy; peer when there is none. */
struct addr addr_forwarded(const struct addr_blocks *trusted, struct addr peer, struct str header);
/* A well-mixed 64-bit hash of bytes, keyed by seed; for tables in memory only. */
uint64_t addr_hash(const void *bytes, size_t n, uint64_t seed);

#endif
