/* SPDX-License-Identifier: MIT */
/*
 * A client's WebSocket bytes, in the pieces that the first byte says: what comes out must not
 * depend on the pieces, messages lie in the buffer, and nothing is read after the end.
 */
#include "http/websocket.h"

#include "base/err.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
	struct ws_reader reader;
	char *at; /* WS_IN_MAX bytes */
	size_t len;
	struct buf said; /* each event with what it said */
};

/* False when nothing more can be read. */
static bool events(struct reading *r)
{
	for (;;) {
		struct ws_said said = {.code = WS_CODE_NONE};
		enum ws_event e = ws_read(&r->reader, r->at, &r->len, &said);
		if (e == WS_MORE)
			return true;
		buf_char(&r->said, (char)('0' + e));
		if (e == WS_MESSAGE || e == WS_PINGED || e == WS_PONGED) {
			if (said.payload.at < r->at ||
			    said.payload.at + said.payload.len > r->at + WS_IN_MAX)
				die("a message outside of the buffer");
			buf_put(&r->said, said.payload);
		} else {
			buf_i64(&r->said, said.code);
			return false;
		}
	}
}

static void read_in_pieces(struct reading *r, struct str in, size_t piece)
{
	*r = (struct reading){.at = malloc(WS_IN_MAX)};
	if (!r->at)
		die("out of memory");
	while (in.len > 0) {
		size_t n = in.len < piece ? in.len : piece;
		n = n < WS_IN_MAX - r->len ? n : WS_IN_MAX - r->len;
		if (n == 0)
			die("a full buffer says nothing");
		memcpy(r->at + r->len, in.at, n);
		r->len += n;
		in = str_slice(in, n, in.len);
		if (!events(r))
			break;
	}
	free(r->at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading whole, pieces;
	if (size < 1)
		return 0;
	struct str in = {(const char *)data + 1, size - 1};
	read_in_pieces(&whole, in, WS_IN_MAX);
	read_in_pieces(&pieces, in, 1 + data[0] % 16);
	if (!str_eq(buf_str(&whole.said), buf_str(&pieces.said)))
		die("pieces make a difference");
	buf_free(&whole.said);
	buf_free(&pieces.said);
	return 0;
}
