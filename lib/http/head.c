/* SPDX-License-Identifier: MIT */
/*
 * Framing of requests. Stricter than civetweb where leniency lets a proxy and us disagree about
 * where a request ends: folded lines, bare line feeds, doubled lengths. Called by the porter.
 */
#include "http/head.h"

#include <strings.h>

size_t head_end(const char *at, size_t len)
{
	size_t i = 0;

	while (i + 4 <= len) {
		const char *cr = memchr(at + i, '\r', len - i - 3);
		if (!cr)
			return 0;
		if (memcmp(cr, "\r\n\r\n", 4) == 0)
			return (size_t)(cr - at) + 4;
		i = (size_t)(cr - at) + 1;
	}
	return 0;
}

static bool is_token(unsigned char c)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr(others, c));
}

struct seen {
	int hosts, lengths, encodings;
};

static int scan_length(struct str v, struct scan *out)
{
	if (v.len == 0 || v.len > 18 || v.at[0] == '-' || !str_i64(v, &out->content_len))
		return 400;
	return 0;
}

static int scan_known(struct str name, struct str v, struct scan *out, struct seen *seen)
{
	if (name.len == 4 && str_eq_nocase(name, S("host"))) {
		seen->hosts++;
	} else if (name.len == 14 && str_eq_nocase(name, S("content-length"))) {
		seen->lengths++;
		return scan_length(v, out);
	} else if (name.len == 17 && str_eq_nocase(name, S("transfer-encoding"))) {
		seen->encodings++;
		out->chunked = str_eq_nocase(v, S("chunked"));
		return out->chunked ? 0 : 501;
	} else if (name.len == 6 && str_eq_nocase(name, S("expect"))) {
		out->expects = str_eq_nocase(v, S("100-continue"));
		return out->expects ? 0 : 417;
	}
	return 0;
}

/* One header line without its CRLF. */
static int scan_line(struct str line, struct scan *out, struct seen *seen)
{
	size_t n = 0;

	while (n < line.len && is_token((unsigned char)line.at[n]))
		n++;
	if (n == 0 || n == line.len || line.at[n] != ':')
		return 400;
	for (size_t i = n; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];
		if ((c < 32 && c != '\t') || c == 127)
			return 400;
	}
	return scan_known(str_slice(line, 0, n), str_trim(str_slice(line, n + 1, line.len)), out,
			  seen);
}

/* "METHOD SP TARGET SP HTTP/1.x" */
static int scan_request_line(struct str line, bool *http11)
{
	struct str rest = line;
	struct str method = str_cut(&rest, ' '), target = str_cut(&rest, ' ');

	if (method.len == 0 || target.len == 0 || rest.len != 8)
		return 400;
	for (size_t i = 0; i < method.len; i++)
		if (!is_token((unsigned char)method.at[i]))
			return 400;
	for (size_t i = 0; i < target.len; i++)
		if ((unsigned char)target.at[i] <= 32 || target.at[i] == 127)
			return 400;
	if (memcmp(rest.at, "HTTP/", 5) != 0)
		return 400;
	*http11 = str_eq(rest, S("HTTP/1.1"));
	return *http11 || str_eq(rest, S("HTTP/1.0")) ? 0 : 505;
}

static int scan_lines(struct str rest, struct scan *out)
{
	struct seen seen = {0};
	bool http11 = false;

	for (int n = 0; rest.len; n++) {
		const char *lf = memchr(rest.at, '\n', rest.len);
		if (!lf || lf == rest.at || lf[-1] != '\r')
			return 400;
		struct str line = {rest.at, (size_t)(lf - rest.at) - 1};
		rest = str_slice(rest, line.len + 2, rest.len);
		int status = n > HEAD_LINES  ? 431
			     : n == 0        ? scan_request_line(line, &http11)
			     : line.len == 0 ? (rest.len ? 400 : 0)
					     : scan_line(line, out, &seen);
		if (status)
			return status;
	}
	if (seen.hosts > 1 || (http11 && seen.hosts == 0) || seen.lengths > 1 || seen.encodings > 1)
		return 400;
	/* Length and encoding together, or an encoding in 1.0, are how requests are smuggled past
	 * proxies. */
	if (seen.encodings && (seen.lengths || !http11))
		return 400;
	return 0;
}

void head_scan(const char *at, size_t head_len, struct scan *out)
{
	*out = (struct scan){.head_len = head_len};
	out->status = scan_lines((struct str){at, head_len}, out);
}

const char *head_get(const struct head *h, const char *name)
{
	for (int i = 0; i < h->n; i++)
		if ((h->at[i].name[0] | 32) == (name[0] | 32) &&
		    strcasecmp(h->at[i].name, name) == 0)
			return h->at[i].value;
	return NULL;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The size a chunk's line gives, -1 when it is none. */
static int64_t chunk_size(struct str line)
{
	int64_t n = 0;
	size_t i = 0;

	for (; i < line.len && hex_digit(line.at[i]) >= 0; i++)
		if (i > 7)
			return -1;
		else
			n = n * 16 + hex_digit(line.at[i]);
	return i > 0 && (i == line.len || line.at[i] == ';') ? n : -1;
}

int head_walk_chunks(struct chunk_walk *w, const char *body, size_t len)
{
	while (w->pos < len) {
		const char *lf = memchr(body + w->pos, '\n', len - w->pos);
		if (!lf)
			return len - w->pos > 1024 ? -1 : 0;
		struct str line = {body + w->pos, (size_t)(lf - body) - w->pos};
		if (line.len == 0 || line.at[line.len - 1] != '\r')
			return -1;
		line.len--;
		if (w->part == 1 && line.len == 0) {
			w->pos += 2;
			return 1;
		}
		int64_t n = w->part == 1 ? 0 : chunk_size(line);
		if (n < 0)
			return -1;
		/* A chunk is stepped over only when it is here with its CRLF. */
		size_t next = w->pos + line.len + 2 + (n ? (size_t)n + 2 : 0);
		if (next > len)
			return 0;
		if (n && memcmp(body + next - 2, "\r\n", 2) != 0)
			return -1;
		w->part = w->part || n == 0;
		w->pos = next;
	}
	return 0;
}

size_t head_join_chunks(char *body, size_t len)
{
	size_t out = 0;

	for (size_t pos = 0; pos < len;) {
		const char *lf = memchr(body + pos, '\n', len - pos);
		struct str line = {body + pos, lf ? (size_t)(lf - body) - pos : 0};
		int64_t n = line.len ? chunk_size(str_slice(line, 0, line.len - 1)) : 0;
		pos += line.len + 1;
		if (n <= 0 || (size_t)n > len - pos)
			break;
		memmove(body + out, body + pos, (size_t)n);
		out += (size_t)n;
		pos += (size_t)n + 2;
	}
	return out;
}
