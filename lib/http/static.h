/* SPDX-License-Identifier: MIT */
/* Static files, embedded plain and precompressed under names that carry their hash; made by
 * lib/gen/embed.c. */
#ifndef HTTP_STATIC_H
#define HTTP_STATIC_H

#include <stddef.h>

struct static_file {
	const char *name; /* "kwip.css" */
	const char *path; /* "/static/kwip.1234abcd.css" */
	const char *type; /* media type */
	const unsigned char *raw;
	size_t raw_len;
	const unsigned char *gzip; /* NULL when not smaller */
	size_t gzip_len;
	const unsigned char *brotli;
	size_t brotli_len;
};
extern const struct static_file static_files[];
extern const size_t static_files_count;

#endif
