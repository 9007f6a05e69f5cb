/* SPDX-License-Identifier: MIT */
/*
 * The request's body. The porter has gathered it, so nothing here waits, and nothing is copied: it
 * stays in the connection's buffer until the answer is out. Called by dispatch.c.
 */
#include "http/exchange.h"

enum err body_read(struct exchange *x, int64_t max)
{
	const struct scan *scan = &x->conn->scan;
	char *body = x->conn->in + scan->head_len;
	size_t len = scan->body_len;

	/* Only what is too long was not waited for. */
	if (!scan->whole || x->head.content_len > max)
		return ERR_TOO_LARGE;
	if (x->head.chunked)
		len = head_join_chunks(body, len);
	if ((int64_t)len > max)
		return ERR_TOO_LARGE;
	x->sent = (struct str){body, len};
	return OK;
}
