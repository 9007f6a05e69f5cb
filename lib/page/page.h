/* SPDX-License-Identifier: MIT */
/*
 * What the rest of kwipd sees of the web pages and feeds: their routes, the page for errors, and
 * the pieces of HTML that are the same for everybody and so are kept in the cache (core/card.h).
 */
#ifndef PAGE_PAGE_H
#define PAGE_PAGE_H

#include "core/card.h"
#include "http/route.h"

extern const struct route_table page_table;

/* A whole page that says what went wrong, in the site's look. Works for requests without a route.
 */
void page_error_answer(struct req *r, int status, struct str why, struct answer *out);
/*
 * Appends the CACHE_PAGE record of a kwip: part[0] ends where the author's HTML belongs, part[1]
 * stands between it and the viewer's poll and quote, part[2] before the actions. A boost has no
 * HTML of its own: its parts are empty.
 */
void page_card_make(struct buf *out, struct arena *a, const struct kwip *k);
/* Picture, display name and @name, linked to the profile. */
void page_author_html(struct buf *out, const struct account *who);

#endif
