/* SPDX-License-Identifier: MIT */
/* Frames and handshakes of RFC 6455. Every byte that ws_read sees is foreign. */
#include "http/websocket.h"
#include "base/crypt.h"
#include "base/utf8.h"

enum {
	KEY_CHARS = 24,
	BIT_FIN = 0x80,
	BIT_MASK = 0x80,
	SHORT_MAX = 125,
	LEN_16 = 126,
	LEN_64 = 127
};

bool ws_key_ok(struct str key)
{
	if (key.len != KEY_CHARS || !str_ends(key, S("==")))
		return false;
	for (size_t i = 0; i < KEY_CHARS - 2; i++) {
		char c = key.at[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '+' || c == '/';
		if (!ok)
			return false;
	}
	return true;
}

void ws_accept(struct buf *out, struct str key)
{
	SCOPED_BUF joined = BUF_EMPTY;
	unsigned char sum[SHA1_BYTES];

	buf_put(&joined, key);
	buf_put(&joined, S("258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
	sha1_of(buf_str(&joined), sum);
	buf_base64(out, sum, sizeof sum);
}

bool ws_names(struct str header, struct str token)
{
	while (header.len)
		if (str_eq_nocase(str_trim(str_cut(&header, ',')), token))
			return true;
	return false;
}

void ws_frame(struct buf *out, enum ws_opcode opcode, struct str payload)
{
	buf_char(out, (char)(BIT_FIN | opcode));
	if (payload.len <= SHORT_MAX) {
		buf_char(out, (char)payload.len);
	} else if (payload.len <= UINT16_MAX) {
		buf_char(out, LEN_16);
		buf_char(out, (char)(payload.len >> 8));
		buf_char(out, (char)payload.len);
	} else {
		buf_char(out, LEN_64);
		for (int shift = 56; shift >= 0; shift -= 8)
			buf_char(out, (char)((uint64_t)payload.len >> shift));
	}
	buf_put(out, payload);
}

void ws_close_frame(struct buf *out, enum ws_code code, struct str why)
{
	char payload[WS_CONTROL_MAX] = {(char)(code >> 8), (char)code};
	size_t n = why.len < sizeof payload - 2 ? why.len : sizeof payload - 2;

	if (n)
		memcpy(payload + 2, why.at, n);
	ws_frame(out, WS_CLOSE, (struct str){payload, 2 + n});
}

struct frame {
	uint8_t opcode;
	bool fin;
	size_t head, len;
	const unsigned char *mask;
};

static enum ws_event wrong(struct ws_said *said, enum ws_code code)
{
	said->code = code;
	return WS_WRONG;
}

/* What the first two bytes alone forbid; 0 when nothing. */
static enum ws_code forbids(const struct ws_reader *r, unsigned char first, unsigned char second)
{
	uint8_t opcode = first & 0x0f;
	bool is_control = opcode >= WS_CLOSE;

	if (first & 0x70 || !(second & BIT_MASK))
		return WS_CODE_PROTOCOL;
	if (is_control)
		return opcode > WS_PONG || !(first & BIT_FIN) || (second & 0x7f) > WS_CONTROL_MAX
			       ? WS_CODE_PROTOCOL
			       : 0;
	if (opcode > WS_BINARY || (opcode == WS_CONTINUATION) != (r->opcode != 0))
		return WS_CODE_PROTOCOL;
	return opcode == WS_BINARY ? WS_CODE_NOT_TEXT : 0;
}

/* WS_MORE: the frame is not whole; WS_MESSAGE: *f holds it. */
static enum ws_event read_head(const struct ws_reader *r, const char *at, size_t len,
			       struct frame *f, struct ws_said *said)
{
	const unsigned char *b = (const unsigned char *)at;

	if (len < 2)
		return WS_MORE;
	enum ws_code bad = forbids(r, b[0], b[1]);
	if (bad)
		return wrong(said, bad);
	uint64_t n = b[1] & 0x7f;
	size_t wide = n == LEN_16 ? 2 : n == LEN_64 ? 8 : 0;
	if (len < 2 + wide)
		return WS_MORE;
	if (wide)
		n = 0;
	for (size_t i = 0; i < wide; i++)
		n = n << 8 | b[2 + i];
	bool is_data = (b[0] & 0x0f) < WS_CLOSE;
	if (n > WS_MESSAGE_MAX || (is_data && n + r->have > WS_MESSAGE_MAX))
		return wrong(said, WS_CODE_TOO_LARGE);
	*f = (struct frame){.opcode = b[0] & 0x0f,
			    .fin = b[0] & BIT_FIN,
			    .head = 2 + wide + 4,
			    .len = (size_t)n,
			    .mask = b + 2 + wide};
	return len < f->head + f->len ? WS_MORE : WS_MESSAGE;
}

static void remove_bytes(char *at, size_t *len, size_t from, size_t n)
{
	if (n)
		memmove(at + from, at + from + n, *len - from - n);
	*len -= n;
}

/* A code that a peer may send (section 7.4). */
static bool is_code(unsigned code)
{
	return (code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006) ||
	       (code >= 3000 && code <= 4999);
}

static enum ws_event close_of(struct ws_said *said)
{
	struct str p = said->payload;
	const unsigned char *b = (const unsigned char *)p.at;

	said->code = WS_CODE_NORMAL;
	if (p.len == 0)
		return WS_CLOSED;
	unsigned code = p.len > 1 ? (unsigned)b[0] << 8 | b[1] : 0;
	if (!is_code(code) || (p.len > 2 && !utf8_ok(str_slice(p, 2, p.len))))
		return wrong(said, WS_CODE_PROTOCOL);
	said->code = (enum ws_code)code;
	return WS_CLOSED;
}

static enum ws_event control_of(struct ws_reader *r, const struct frame *f, struct ws_said *said)
{
	r->drop_at = r->have;
	r->drop_n = (uint16_t)f->len;
	if (f->opcode == WS_CLOSE)
		return close_of(said);
	return f->opcode == WS_PING ? WS_PINGED : WS_PONGED;
}

/* The message's own NULs are fine in RFC 6455, but no text of ours has any: JSON forbids them. */
static enum ws_event message_of(struct ws_reader *r, const char *at, struct ws_said *said)
{
	said->payload = (struct str){at, r->have};
	r->drop_at = 0;
	r->drop_n = r->have;
	r->have = 0;
	r->opcode = 0;
	return utf8_ok(said->payload) ? WS_MESSAGE : wrong(said, WS_CODE_BAD_UTF8);
}

enum ws_event ws_read(struct ws_reader *r, char *at, size_t *len, struct ws_said *said)
{
	struct frame f;

	remove_bytes(at, len, r->drop_at, r->drop_n);
	r->drop_n = 0;
	for (;;) {
		enum ws_event e = read_head(r, at + r->have, *len - r->have, &f, said);
		if (e != WS_MESSAGE)
			return e;
		char *payload = at + r->have + f.head;
		for (size_t i = 0; i < f.len; i++)
			payload[i] ^= (char)f.mask[i % 4];
		remove_bytes(at, len, r->have, f.head);
		said->payload = (struct str){at + r->have, f.len};
		if (f.opcode >= WS_CLOSE)
			return control_of(r, &f, said);
		if (f.opcode)
			r->opcode = f.opcode;
		r->have += (uint16_t)f.len;
		if (f.fin)
			return message_of(r, at, said);
	}
}
