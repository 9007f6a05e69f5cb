/* SPDX-License-Identifier: MIT */
/* The handlers of routes_push.c. */
#ifndef API_PUSH_H
#define API_PUSH_H

#include "http/route.h"

enum err on_push(struct req *r, struct answer *out);
enum err on_push_subscribe(struct req *r, struct tx *tx, struct answer *out);
enum err on_push_change(struct req *r, struct tx *tx, struct answer *out);
enum err on_push_remove(struct req *r, struct tx *tx, struct answer *out);

#endif
