/* SPDX-License-Identifier: MIT */
/* UTF-8 (RFC 3629): checking, counting and walking. Knows nothing of languages beyond simple
 * folding. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/* Well-formed: no overlong forms, surrogates or code points over U+10FFFF. NUL bytes count as
 * ill-formed. */
bool utf8_ok(struct str s);
/* Number of Unicode code points; s must be well-formed. */
size_t utf8_chars(struct str s);
/* Decodes the code point at s[*i] and moves *i past it; U+FFFD (and one byte) when ill-formed. *i <
 * s.len. */
uint32_t utf8_next(struct str s, size_t *i);
/* The longest prefix of at most n code points, never cutting one. */
struct str utf8_prefix(struct str s, size_t n);
/* Letters, digits and marks of any script, and '_': what may stand in a hashtag. */
bool utf8_is_word(uint32_t c);
bool utf8_is_space(uint32_t c);
/* Simple case folding for Latin, Greek, Cyrillic and Armenian; others as they are. */
uint32_t utf8_fold(uint32_t c);

#endif
