/* SPDX-License-Identifier: MIT */
/* What the rest of kwipd sees of the Mastodon client API: its routes and the JSON cards the
 * timeline service stores. */
#ifndef API_API_H
#define API_API_H

#include "core/card.h"
#include "http/route.h"

/* The tables of all parts of the API, at most API_TABLES_MAX of them; returns how many. */
enum { API_TABLES_MAX = 24 };
size_t api_tables(struct route_table out[API_TABLES_MAX]);

/*
 * Appends the CACHE_CARD record (card_pack) of a kwip: its Status entity without what differs
 * between viewers. part[0] ends after "account": ; part[1] starts with the comma after it and ends
 * after "current_user": of quote_approval; what follows in an answer is that word, the members
 * poll, quote and reblog, then the viewer's flags and the closing brace. URLs from conf_base_url().
 */
void api_card_make(struct buf *out, struct arena *a, const struct kwip *k);
/* The Account entity. */
void api_account_json(struct buf *out, struct arena *a, const struct account *who);
/* Where its avatar is: an absolute URL. */
struct str api_avatar_url(struct arena *a, const struct account *who);

#endif
