/* SPDX-License-Identifier: MIT */
/* Character references and old charsets of HTML into UTF-8 text. For
 * html_meta.c and oembed.c. */
#ifndef NET_HTML_ENTITY_H
#define NET_HTML_ENTITY_H

#include "base/buf.h"

enum charset { CHARSET_UTF8, CHARSET_1252, CHARSET_8859_15, CHARSET_UNKNOWN };

/* By its label, without regard to case. */
enum charset charset_of(struct str label);
/*
 * Appends the text: decoded by charset, references resolved, white space and controls collapsed
 * into single spaces, nothing at the ends, at most chars characters.
 */
void html_text_put(struct buf *out, enum charset charset, struct str raw, size_t chars);

#endif
