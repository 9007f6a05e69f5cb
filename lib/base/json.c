/* SPDX-License-Identifier: MIT */
/* JSON out: the streaming writer, the hot path of the API. Reading stands in json_read.c. */
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"

static void comma(struct jw *w)
{
	if (w->comma)
		buf_char(w->out, ',');
	w->comma = true;
}

void jw_open(struct jw *w, char bracket)
{
	comma(w);
	buf_char(w->out, bracket);
	w->comma = false;
}

void jw_close(struct jw *w, char bracket)
{
	buf_char(w->out, bracket);
	w->comma = true;
}

void jw_key(struct jw *w, struct str key)
{
	comma(w);
	buf_reserve(w->out, key.len + 3);
	buf_char(w->out, '"');
	buf_put(w->out, key);
	buf_put(w->out, S("\":"));
	w->comma = false;
}

/* How many bytes from `at` on are ASCII that needs no escape. */
static size_t plain_run(const char *at, size_t left)
{
	size_t i = 0;
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
		      space = _mm_set1_epi8(' ');
	for (; i + 16 <= left; i += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
		/* signed compare: bytes over 0x7f count as less than ' ' and stop the run too */
		__m128i stop = _mm_or_si128(
			_mm_cmplt_epi8(x, space),
			_mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash)));
		int bits = _mm_movemask_epi8(stop);
		if (bits != 0)
			return i + (size_t)__builtin_ctz((unsigned)bits);
	}
#endif
	while (i < left && (unsigned char)at[i] >= ' ' && (unsigned char)at[i] < 0x80 &&
	       at[i] != '"' && at[i] != '\\')
		i++;
	return i;
}

static void put_escape(struct buf *b, unsigned char c)
{
	static const char short_form[256] = {
		['"'] = '"',  ['\\'] = '\\', ['\n'] = 'n', ['\t'] = 't',
		['\r'] = 'r', ['\b'] = 'b',  ['\f'] = 'f'};
	buf_char(b, '\\');
	if (short_form[c]) {
		buf_char(b, short_form[c]);
		return;
	}
	buf_put(b, S("u00"));
	buf_hex(b, &c, 1);
}

/* Moves *i past one well-formed sequence of several bytes; false (and *i stays) at anything else.
 */
static bool skip_sequence(struct str s, size_t *i)
{
	size_t next = *i;
	if ((unsigned char)s.at[next] < 0x80)
		return false;
	utf8_next(s, &next);
	if (next - *i == 1)
		return false;
	*i = next;
	return true;
}

void esc_json(struct buf *b, struct str s)
{
	size_t done = 0;
	buf_reserve(b, s.len);
	for (size_t i = 0; i < s.len;) {
		i += plain_run(s.at + i, s.len - i);
		if (i == s.len || skip_sequence(s, &i))
			continue;
		buf_put(b, str_slice(s, done, i));
		if ((unsigned char)s.at[i] < 0x80)
			put_escape(b, (unsigned char)s.at[i]);
		else
			buf_put(b, S("\xef\xbf\xbd"));
		done = ++i;
	}
	buf_put(b, str_slice(s, done, s.len));
}

void jw_str(struct jw *w, struct str s)
{
	comma(w);
	buf_char(w->out, '"');
	esc_json(w->out, s);
	buf_char(w->out, '"');
}

void jw_i64(struct jw *w, int64_t n)
{
	comma(w);
	buf_i64(w->out, n);
}

void jw_bool(struct jw *w, bool b)
{
	comma(w);
	buf_put(w->out, b ? S("true") : S("false"));
}

void jw_null(struct jw *w)
{
	comma(w);
	buf_put(w->out, S("null"));
}

void jw_id(struct jw *w, int64_t id)
{
	comma(w);
	buf_char(w->out, '"');
	buf_i64(w->out, id);
	buf_char(w->out, '"');
}

void jw_id_or_null(struct jw *w, int64_t id)
{
	if (id == 0)
		jw_null(w);
	else
		jw_id(w, id);
}

void jw_time(struct jw *w, int64_t at_ms)
{
	if (at_ms == 0) {
		jw_null(w);
		return;
	}
	comma(w);
	buf_char(w->out, '"');
	put_time_iso(w->out, at_ms);
	buf_char(w->out, '"');
}

void jw_raw(struct jw *w, struct str json)
{
	comma(w);
	buf_put(w->out, json);
}

void jw_kstr(struct jw *w, struct str key, struct str s)
{
	jw_key(w, key);
	jw_str(w, s);
}

void jw_ki64(struct jw *w, struct str key, int64_t n)
{
	jw_key(w, key);
	jw_i64(w, n);
}

void jw_kbool(struct jw *w, struct str key, bool b)
{
	jw_key(w, key);
	jw_bool(w, b);
}

void jw_knull(struct jw *w, struct str key)
{
	jw_key(w, key);
	jw_null(w);
}

void jw_kid(struct jw *w, struct str key, int64_t id)
{
	jw_key(w, key);
	jw_id(w, id);
}
