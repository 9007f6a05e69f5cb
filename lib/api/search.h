/* SPDX-License-Identifier: MIT */
/* The handlers that routes_search.c names. */
#ifndef API_SEARCH_H
#define API_SEARCH_H

#include "http/route.h"

enum err on_search(struct req *r, struct answer *out);
enum err on_accounts_search(struct req *r, struct answer *out);

enum err on_trends_tags(struct req *r, struct answer *out);
enum err on_trends_statuses(struct req *r, struct answer *out);
enum err on_trends_links(struct req *r, struct answer *out);

#endif
