/* SPDX-License-Identifier: MIT */
/* The handlers that routes_search.c names. */
#ifndef API_SEARCH_H
#define API_SEARCH_H

#include "http/route.h"

enum err on_search(struct req *r, struct answer *out);
enum err on_accounts_search(struct req *r, struct answer *out);
enum err on_no_trends(struct req *r, struct answer *out);

#endif
