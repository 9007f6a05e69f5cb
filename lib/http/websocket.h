/* SPDX-License-Identifier: MIT */
/*
 * WebSocket (RFC 6455) as bytes: the answer to a handshake, making frames, and taking a client's
 * messages out of a buffer. Knows no sockets; stream.c sends, worker.c reads. Extensions are not
 * spoken.
 */
#ifndef HTTP_WEBSOCKET_H
#define HTTP_WEBSOCKET_H

#include "base/buf.h"

enum ws_opcode {
	WS_CONTINUATION = 0,
	WS_TEXT = 1,
	WS_BINARY = 2,
	WS_CLOSE = 8,
	WS_PING = 9,
	WS_PONG = 10
};
/* Why a socket is closed (section 7.4.1). */
enum ws_code {
	WS_CODE_NORMAL = 1000,
	WS_CODE_AWAY = 1001,
	WS_CODE_PROTOCOL = 1002,
	WS_CODE_NOT_TEXT = 1003,
	WS_CODE_NONE = 1005, /* never sent: a close frame without a code */
	WS_CODE_BAD_UTF8 = 1007,
	WS_CODE_POLICY = 1008,
	WS_CODE_TOO_LARGE = 1009
};
/* The longest message a client may send; the buffer it is gathered in has room for one control
 * frame more. */
enum { WS_MESSAGE_MAX = 4096, WS_CONTROL_MAX = 125, WS_IN_MAX = 8192 };

/* The value of Sec-WebSocket-Accept for a client's key. */
void ws_accept(struct buf *out, struct str key);
/* 16 bytes in base64 (section 4.2.1). */
bool ws_key_ok(struct str key);
/* Does a comma-separated header name this token, in any case? */
bool ws_names(struct str header, struct str token);

/* Appends one unmasked frame with FIN set. */
void ws_frame(struct buf *out, enum ws_opcode opcode, struct str payload);
/* Appends a close frame; why is cut to what fits. */
void ws_close_frame(struct buf *out, enum ws_code code, struct str why);

/* Where a reader is within what it was given. All zero at first. */
struct ws_reader {
	uint16_t have;            /* bytes of a fragmented message, at the front of the buffer */
	uint16_t drop_at, drop_n; /* told at the last call: forgotten at the next */
	uint8_t opcode;           /* of the message begun; 0: none */
};
enum ws_event {
	WS_MORE,    /* nothing whole is there: read more */
	WS_MESSAGE, /* a whole text message, well-formed UTF-8 */
	WS_PINGED,
	WS_PONGED,
	WS_CLOSED, /* code: the client's, or WS_CODE_NORMAL when it gave none */
	WS_WRONG   /* code: what to close with. Nothing more can be read */
};
struct ws_said {
	struct str payload; /* in the buffer, until the next call */
	enum ws_code code;
};
/*
 * Takes the next event out of *len bytes (which it changes, and shortens). Call until WS_MORE. The
 * buffer needs no more room than WS_IN_MAX.
 */
enum ws_event ws_read(struct ws_reader *r, char *at, size_t *len, struct ws_said *said);

#endif
