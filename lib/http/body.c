/* SPDX-License-Identifier: MIT */
/*
 * The request's body through civetweb's reader: small ones are in the connection's buffer already, larger
 * ones are read here with a deadline. Called by dispatch.c.
 */
#include "http/exchange.h"
#include "base/clock.h"
#include "base/conf.h"

enum { STEP = 16 * 1024 };

/* Slower than this for the whole body is an attack on a worker's time, not a phone in a train. */
enum { LEAST_BYTES_PER_S = 16 * 1024 };

static bool is_too_slow(int64_t since_us, size_t got)
{
	int64_t spent_ms = (clock_mono_us() - since_us) / 1000;

	return spent_ms > conf.body_timeout_ms ||
	       (spent_ms > 5000 && (int64_t)got < spent_ms * LEAST_BYTES_PER_S / 1000);
}

static enum err read_all(struct exchange *x, struct buf *to, int64_t max)
{
	struct civet *civet = worker_civet(x->w);
	int64_t since_us = clock_mono_us();

	for (;;) {
		buf_reserve(to, STEP);
		int n = civet_read(civet, to->at + to->len, STEP);
		if (n < 0)
			return refuse("the body is broken or came too slowly");
		if (n == 0)
			return OK;
		to->len += (size_t)n;
		if ((int64_t)to->len > max)
			return ERR_TOO_LARGE;
		if (is_too_slow(since_us, to->len))
			return refuse("the body came too slowly");
	}
}

enum err body_read(struct exchange *x, int64_t max)
{
	const struct scan *scan = &x->conn->scan;

	if (x->head.content_len > max)
		return ERR_TOO_LARGE;
	if (!x->head.chunked && x->head.content_len == 0)
		return OK;
	/* Whole in the buffer: no copy. It stays there until the answer is out. */
	if (!x->head.chunked && x->conn->in_len >= scan->head_len + (size_t)x->head.content_len) {
		x->sent = (struct str){x->conn->in + scan->head_len, (size_t)x->head.content_len};
		return OK;
	}
	SCOPED_BUF b = BUF_EMPTY;
	enum err e = read_all(x, &b, max);
	if (!e && !x->head.chunked && (int64_t)b.len != x->head.content_len)
		e = refuse("the body is broken or came too slowly");
	if (!e)
		x->sent = arena_str(x->a, buf_str(&b));
	return e;
}
