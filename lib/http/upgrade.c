/* SPDX-License-Identifier: MIT */
/*
 * From a request to a stream: the handshake of a WebSocket, the head of server-sent events, and the
 * moment when the connection becomes a stream. Called by handlers (answer_stream) and dispatch.c.
 */
#include "http/exchange.h"
#include "http/stream.h"
#include "base/json.h"

bool is_socket_asked(const struct req *r)
{
	return ws_names(req_header(r, "Upgrade"), S("websocket")) &&
	       ws_names(req_header(r, "Connection"), S("upgrade"));
}

/* The first one offered: a token (RFC 7230 section 3.2.6), so it can be sent back as it is. */
struct str subprotocol(const struct req *r)
{
	struct str offered = req_header(r, "Sec-WebSocket-Protocol");
	struct str first = str_trim(str_cut(&offered, ','));

	for (size_t i = 0; i < first.len; i++)
		if (first.at[i] <= ' ' || first.at[i] > '~')
			return (struct str){0};
	return first;
}

static void refuse_handshake(struct answer *out, int status, struct str why)
{
	struct jw w = {.out = out->body};

	out->status = status;
	jw_open(&w, '{');
	jw_kstr(&w, S("error"), why);
	jw_close(&w, '}');
}

void answer_stream(struct req *r, struct answer *out, const struct opening *o)
{
	bool is_socket = o->kind == STREAM_SOCKET;

	if (is_socket && !str_eq(req_header(r, "Sec-WebSocket-Version"), S("13"))) {
		answer_header(out, S("Sec-WebSocket-Version"), S("13"));
		refuse_handshake(out, 426, S("WebSocket version 13, please"));
	} else if (is_socket && !ws_key_ok(req_header(r, "Sec-WebSocket-Key"))) {
		refuse_handshake(out, 400, S("Sec-WebSocket-Key is missing or wrong"));
	} else {
		out->opening = *o;
		out->type = is_socket ? S("") : S("text/event-stream");
		out->no_store = true;
	}
}

static void put_socket_head(struct buf *b, const struct req *r)
{
	struct str protocol = subprotocol(r);

	buf_put(b, status_line(101));
	buf_put(b, S("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "));
	ws_accept(b, req_header(r, "Sec-WebSocket-Key"));
	if (protocol.len) {
		/* Chromium fails a handshake that does not name what it offered. */
		buf_put(b, S("\r\nSec-WebSocket-Protocol: "));
		buf_put(b, protocol);
	}
	buf_put(b, S("\r\n\r\n"));
}

/* Its body ends with the connection. */
static void put_events_head(struct buf *b)
{
	buf_put(b, status_line(200));
	buf_put(b, S("Content-Type: text/event-stream\r\nCache-Control: no-store\r\n"
		     "Access-Control-Allow-Origin: *\r\nX-Content-Type-Options: nosniff\r\n"
		     "X-Accel-Buffering: no\r\nConnection: close\r\n\r\n:)\n"));
}

void respond_stream(struct exchange *x)
{
	const struct opening *o = &x->out.opening;
	SCOPED_BUF head = BUF_EMPTY;

	if (o->kind == STREAM_SOCKET)
		put_socket_head(&head, &x->r);
	else
		put_events_head(&head);
	struct stream *s = stream_open(x->s->streams, x->conn->fd, o->kind, buf_str(&head));
	x->conn->stream = s;
	stream_name(s, o->begin(s, &x->r, o->asked));
	streams_wake(x->s->streams);
}
