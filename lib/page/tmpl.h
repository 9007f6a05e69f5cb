/* SPDX-License-Identifier: MIT */
/*
 * What a hole in a template becomes. lib/gen/tmpl.c picks the macro by the place of the hole in the
 * HTML; the macro picks the escaper by the type of the value. A type that has no business there
 * does not compile: struct html in an attribute, a bare char * anywhere. Included by
 * build/gen/pages.c.
 */
#ifndef PAGE_TMPL_H
#define PAGE_TMPL_H

#include "base/buf.h"
#include "core/markup.h"

static inline void tmpl_html(struct buf *out, struct html h)
{
	buf_put(out, h.s);
}

/* clang-format off: it takes the types of _Generic for labels. */

/* The numbers that may stand anywhere. bool is left out: it is for {% if %}. */
#define TMPL_NUMBERS \
	short : buf_i64, \
		int : buf_i64, \
		      long : buf_i64, \
			     long long : buf_i64, \
					 unsigned short : buf_u64, \
							  unsigned : buf_u64, \
								     unsigned long \
	    : buf_u64, \
	      unsigned long long : buf_u64

/* Between tags. */
#define TMPL_TEXT(out, x) \
	_Generic((x), struct str : esc_text, struct html : tmpl_html, TMPL_NUMBERS)((out), (x))
/* In a quoted attribute value, in <title> and in <textarea>. */
#define TMPL_ATTR(out, x) _Generic((x), struct str : esc_attr, TMPL_NUMBERS)((out), (x))
/* A whole URL. */
#define TMPL_URL(out, x) _Generic((x), struct str : esc_url)((out), (x))
/* A piece of a URL, behind something that is there already. */
#define TMPL_URL_PART(out, x) _Generic((x), struct str : esc_url_part, TMPL_NUMBERS)((out), (x))

/* clang-format on */

#endif
