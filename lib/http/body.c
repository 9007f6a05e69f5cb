/* SPDX-License-Identifier: MIT */
/*
 * The request's body. The porter has gathered it, so nothing here waits; only a chunked one is
 * taken apart, by civetweb. Called by dispatch.c.
 */
#include "http/exchange.h"

enum { STEP = 16 * 1024 };

static enum err read_chunks(struct exchange *x, struct buf *to, int64_t max)
{
	struct civet *civet = worker_civet(x->w);

	for (;;) {
		buf_reserve(to, STEP);
		int n = civet_read(civet, to->at + to->len, STEP);
		if (n < 0)
			return refuse("the body is broken");
		if (n == 0)
			return OK;
		to->len += (size_t)n;
		if ((int64_t)to->len > max)
			return ERR_TOO_LARGE;
	}
}

enum err body_read(struct exchange *x, int64_t max)
{
	const struct scan *scan = &x->conn->scan;

	/* Only what is too long was not waited for. */
	if (!scan->whole || x->head.content_len > max)
		return ERR_TOO_LARGE;
	/* No copy: it stays in the connection's buffer until the answer is out. */
	if (!x->head.chunked) {
		x->sent = (struct str){x->conn->in + scan->head_len, scan->body_len};
		return OK;
	}
	SCOPED_BUF b = BUF_EMPTY;
	enum err e = read_chunks(x, &b, max);
	if (!e)
		x->sent = arena_str(x->a, buf_str(&b));
	return e;
}
