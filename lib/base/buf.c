/* SPDX-License-Identifier: MIT */
/* The growing output and the escapers for HTML, URLs and XML; JSON's escaper stands in json.c. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"

enum { FIRST_CAP = 256 };

void buf_free(struct buf *b)
{
	free(b->at);
	*b = BUF_EMPTY;
}

void buf_clear(struct buf *b, size_t keep_bytes)
{
	b->len = 0;
	if (b->cap > keep_bytes)
		buf_free(b);
}

void buf_reserve(struct buf *b, size_t n)
{
	if (b->cap - b->len >= n)
		return;
	size_t need, cap = b->cap ? b->cap : FIRST_CAP;
	if (__builtin_add_overflow(b->len, n, &need) || need > SIZE_MAX / 4)
		die("buf: %zu more bytes asked for", n);
	while (cap < need)
		cap *= 2;
	char *bigger = realloc(b->at, cap);
	if (!bigger)
		die("out of memory: %zu bytes", cap);
	b->at = bigger;
	b->cap = cap;
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->at ? b->at : "", b->len};
}

void buf_put(struct buf *b, struct str s)
{
	if (s.len == 0)
		return;
	buf_reserve(b, s.len);
	memcpy(b->at + b->len, s.at, s.len);
	b->len += s.len;
}

void buf_char(struct buf *b, char c)
{
	buf_reserve(b, 1);
	b->at[b->len++] = c;
}

void buf_u64(struct buf *b, uint64_t n)
{
	char digits[20];
	size_t i = sizeof(digits);
	do {
		digits[--i] = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	buf_put(b, (struct str){digits + i, sizeof(digits) - i});
}

void buf_i64(struct buf *b, int64_t n)
{
	if (n < 0)
		buf_char(b, '-');
	buf_u64(b, n < 0 ? 0 - (uint64_t)n : (uint64_t)n);
}

void buf_hex(struct buf *b, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;
	buf_reserve(b, 2 * n);
	for (size_t i = 0; i < n; i++) {
		b->at[b->len++] = "0123456789abcdef"[at[i] >> 4];
		b->at[b->len++] = "0123456789abcdef"[at[i] & 15];
	}
}

static void put_base64(struct buf *b, const unsigned char *at, size_t n, const char letter[64])
{
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i < 3 ? n - i : 3;
		unsigned v = (unsigned)at[i] << 16;
		v |= left > 1 ? (unsigned)at[i + 1] << 8 : 0;
		v |= left > 2 ? (unsigned)at[i + 2] : 0;
		for (size_t k = 0; k <= left; k++)
			buf_char(b, letter[v >> (18 - 6 * k) & 63]);
	}
}

#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

void buf_base64url(struct buf *b, const void *bytes, size_t n)
{
	put_base64(b, bytes, n, ALNUM "-_");
}

void buf_base64(struct buf *b, const void *bytes, size_t n)
{
	put_base64(b, bytes, n, ALNUM "+/");
	for (; n % 3; n++)
		buf_char(b, '=');
}

/* Puts s, with each byte that has an entry in table (by byte value) replaced by it. */
static void put_escaped(struct buf *b, struct str s, const struct str table[256])
{
	size_t done = 0;
	for (size_t i = 0; i < s.len; i++) {
		struct str with = table[(unsigned char)s.at[i]];
		if (!with.at)
			continue;
		buf_put(b, str_slice(s, done, i));
		buf_put(b, with);
		done = i + 1;
	}
	buf_put(b, str_slice(s, done, s.len));
}

void esc_text(struct buf *b, struct str s)
{
	static const struct str table[256] = {
		['&'] = S_INIT("&amp;"), ['<'] = S_INIT("&lt;"), ['>'] = S_INIT("&gt;")};
	put_escaped(b, s, table);
}

#define ATTR_ENTITIES \
	['&'] = S_INIT("&amp;"), ['<'] = S_INIT("&lt;"), ['>'] = S_INIT("&gt;"), \
	['"'] = S_INIT("&quot;"), ['\''] = S_INIT("&#39;")

void esc_attr(struct buf *b, struct str s)
{
	static const struct str table[256] = {ATTR_ENTITIES};
	put_escaped(b, s, table);
}

/* Where the next U+FFFE or U+FFFF begins, which XML knows no way to write; s.len when none does. */
static size_t find_noncharacter(struct str s)
{
	for (size_t from = 0; from + 3 <= s.len;) {
		ptrdiff_t i = str_find(str_slice(s, from, s.len), S("\xef\xbf"));
		if (i < 0)
			break;
		from += (size_t)i;
		if (from + 3 <= s.len && (unsigned char)s.at[from + 2] >= 0xbe)
			return from;
		from += 2;
	}
	return s.len;
}

void esc_xml(struct buf *b, struct str s)
{
	static const struct str table[256] = {ATTR_ENTITIES, [0 ... 8] = S_INIT(""),
					      [11 ... 12] = S_INIT(""), [14 ... 31] = S_INIT("")};
	for (size_t end; (end = find_noncharacter(s)) < s.len; s = str_slice(s, end + 3, s.len))
		put_escaped(b, str_slice(s, 0, end), table);
	put_escaped(b, s, table);
}

/* Is it relative (no scheme), or of a scheme that runs nothing? */
static bool is_safe_url(struct str s)
{
	static const struct str good[] = {S_INIT("http://"), S_INIT("https://"), S_INIT("mailto:"),
					  S_INIT("xmpp:")};
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		if (s.len >= good[i].len && str_eq_nocase(str_slice(s, 0, good[i].len), good[i]))
			return true;
	}
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.at[i] <= ' ' || s.at[i] == '\\')
			return false;
		if (s.at[i] == '/' || s.at[i] == '?' || s.at[i] == '#')
			return true;
		if (s.at[i] == ':')
			return false;
	}
	return true;
}

void esc_url(struct buf *b, struct str s)
{
	if (is_safe_url(s))
		esc_attr(b, s);
	else
		buf_char(b, '#');
}

static bool is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_' || c == '~';
}

void esc_url_part(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		if (is_unreserved(c)) {
			buf_char(b, (char)c);
			continue;
		}
		buf_char(b, '%');
		buf_char(b, "0123456789ABCDEF"[c >> 4]);
		buf_char(b, "0123456789ABCDEF"[c & 15]);
	}
}
