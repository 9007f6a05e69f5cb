/* SPDX-License-Identifier: MIT */
/*
 * The one growing output. Bytes are put, never printf'ed; each escaper is named after the place the
 * text goes to. A buf keeps its memory when cleared, so a worker's buf stops allocating soon.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
	char *at;
	size_t len;
	size_t cap;
};

#define BUF_EMPTY ((struct buf){0})
#define SCOPED_BUF __attribute__((cleanup(buf_free))) struct buf

void buf_free(struct buf *b);
/* Forgets the content; memory beyond keep_bytes is given back. */
void buf_clear(struct buf *b, size_t keep_bytes);
/* Room for n more bytes; dies when memory is exhausted. */
void buf_reserve(struct buf *b, size_t n);
struct str buf_str(const struct buf *b); /* a view, valid until the next put */

void buf_put(struct buf *b, struct str s);
void buf_char(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t n);
void buf_u64(struct buf *b, uint64_t n);
/* Lower-case hexadecimal of n bytes. */
void buf_hex(struct buf *b, const void *bytes, size_t n);
/* Base64url without padding (RFC 4648 section 5). */
void buf_base64url(struct buf *b, const void *bytes, size_t n);
/* Base64 with padding (RFC 4648 section 4). */
void buf_base64(struct buf *b, const void *bytes, size_t n);

/* Text into HTML content: & < > become entities. */
void esc_text(struct buf *b, struct str s);
/* Text into a double-quoted HTML attribute: & < > " ' become entities. */
void esc_attr(struct buf *b, struct str s);
/* A URL into an attribute like href: only http, https, mailto, xmpp and relative ones pass (else
 * "#"), then esc_attr. */
void esc_url(struct buf *b, struct str s);
/* One component of a URL: everything but unreserved characters is percent-encoded (RFC 3986). */
void esc_url_part(struct buf *b, struct str s);
/* Text into XML content or attribute: as esc_attr, and what XML forbids (control characters,
 * U+FFFE, U+FFFF) is dropped. */
void esc_xml(struct buf *b, struct str s);

#endif
