/* SPDX-License-Identifier: MIT */
/* Handlers of uploads (routes_media.c). */
#ifndef API_MEDIA_H
#define API_MEDIA_H

#include "http/route.h"

/* "x,y", each from -1 to 1, into thousandths; "" leaves them. refuse()s what is no two numbers. */
enum err focus_read(struct arena *a, struct str text, int *x, int *y) MUST_USE;

enum err on_media(struct req *r, struct answer *out);
enum err prepare_media(struct req *r);      /* waits a moment */
enum err prepare_media_slow(struct req *r); /* waits until it is done */
enum err on_media_posted(struct req *r, struct tx *tx, struct answer *out);      /* 200 or 202 */
enum err on_media_posted_slow(struct req *r, struct tx *tx, struct answer *out); /* 200 */
enum err prepare_media_edit(struct req *r);
enum err on_media_edit(struct req *r, struct tx *tx, struct answer *out);
enum err on_media_delete(struct req *r, struct tx *tx, struct answer *out);

#endif
