/* SPDX-License-Identifier: MIT */
/* What trends.c and admin_trends.c share: a page of what is talked about, and a link's entity. */
#ifndef API_TRENDS_H
#define API_TRENDS_H

#include "base/json.h"
#include "core/trend.h"
#include "http/route.h"

/* Those behind `offset`, at most `limit`; writes the Link header. all: as core/trend.h. */
struct ids trends_page(struct req *r, struct answer *out, enum trend_kind kind, bool all,
		       int standard);
/* "Trends::Link" without its braces. */
void entity_trend_link_members(struct jw *w, const struct trend_links *all, size_t i);

#endif
