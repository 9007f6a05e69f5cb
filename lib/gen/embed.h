/* SPDX-License-Identifier: MIT */
/* The two halves of the embedder: embed.c reads and hashes files, embed_out.c packs and writes C.
 */
#ifndef GEN_EMBED_H
#define GEN_EMBED_H

#include <stddef.h>
#include <stdio.h>

struct bytes {
	unsigned char *at;
	size_t len;
};

/* One file to serve. name points into argv. */
struct asset {
	const char *name;
	char hash[9];
	const char *type;
	struct bytes raw;
	struct bytes gzip; /* at is NULL when packing saves nothing */
	struct bytes brotli;
};

/* Packed at the best level; {NULL, 0} when not smaller. */
struct bytes embed_gzip(struct bytes raw);
struct bytes embed_brotli(struct bytes raw);
/* Memory for n bytes; leaves the program when there is none. */
void *embed_alloc(size_t n);

void embed_write_files(FILE *out, const struct asset *a, size_t n);
void embed_write_urls(FILE *out, const struct asset *a, size_t n);
void embed_write_text(FILE *out, const char *symbol, struct bytes text);

#endif
