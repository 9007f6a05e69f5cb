/* SPDX-License-Identifier: MIT */
/* The handlers of kwipd's own extensions that routes_kwipd.c names. */
#ifndef API_EXTENSIONS_H
#define API_EXTENSIONS_H

#include "http/route.h"

enum err on_home_active(struct req *r, struct answer *out);
enum err on_public_active(struct req *r, struct answer *out);
enum err on_comments(struct req *r, struct answer *out);
enum err on_repeats(struct req *r, struct answer *out);

#endif
