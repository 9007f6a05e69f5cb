/* SPDX-License-Identifier: MIT */
/* What readers take for one character: extended grapheme clusters (UAX 29), for counting lengths.
 */
#ifndef BASE_GRAPHEME_H
#define BASE_GRAPHEME_H

#include "base/str.h"

/* How many there are in well-formed UTF-8. Ill-formed bytes count one each. Linear time. */
size_t grapheme_count(struct str s);

#endif
