/* SPDX-License-Identifier: MIT */
/* What handlers put into an answer besides its body: headers, redirects, cookies, paging links. */
#include "http/exchange.h"
#include "base/conf.h"

void answer_header(struct answer *out, struct str name, struct str value)
{
	if (memchr(value.at ? value.at : "", '\r', value.len) ||
	    memchr(value.at ? value.at : "", '\n', value.len))
		die("a header's value has a line break: %.*s", (int)name.len, name.at);
	size_t len = out->extra.len + name.len + value.len + 4;
	char *to = arena_take(out->a, len + 1), *at = to;
	const struct str pieces[] = {out->extra, name, S(": "), value, S("\r\n")};
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		if (pieces[i].len)
			memcpy(at, pieces[i].at, pieces[i].len);
		at += pieces[i].len;
	}
	out->extra = (struct str){to, len};
}

/* A path of this site: no "//host", no "/\host" (browsers read it as such), no control characters.
 */
static bool is_local(struct str path)
{
	if (path.len == 0 || path.at[0] != '/')
		return false;
	if (path.len > 1 && (path.at[1] == '/' || path.at[1] == '\\'))
		return false;
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.at[i] <= 32 || path.at[i] == 127)
			return false;
	return true;
}

void answer_redirect(struct answer *out, struct str path)
{
	out->status = 303;
	buf_clear(out->body, SIZE_MAX);
	answer_header(out, S("Location"), is_local(path) ? path : S("/"));
}

void answer_leave(struct answer *out, struct str url)
{
	for (size_t i = 0; i < url.len; i++)
		if ((unsigned char)url.at[i] <= 32 || (unsigned char)url.at[i] >= 127)
			die("an address to leave to has a byte %d", url.at[i]);
	out->status = 303;
	buf_clear(out->body, SIZE_MAX);
	answer_header(out, S("Location"), url);
}

void answer_cookie(struct req *r, struct answer *out, struct str name, struct str value,
		   int64_t max_age_s)
{
	struct str age = {0};

	if (max_age_s != 0)
		age = arena_printf(out->a, "; Max-Age=%lld",
				   (long long)(max_age_s < 0 ? 0 : max_age_s));
	struct str line = arena_printf(out->a, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%.*s",
				       (int)name.len, name.at, (int)(max_age_s < 0 ? 0 : value.len),
				       value.at ? value.at : "",
				       r->https || conf.secure_cookies ? "; Secure" : "",
				       (int)age.len, age.at ? age.at : "");
	answer_header(out, S("Set-Cookie"), line);
}

static bool is_cursor(struct str pair)
{
	return str_starts(pair, S("max_id=")) || str_starts(pair, S("min_id=")) ||
	       str_starts(pair, S("since_id=")) || str_starts(pair, S("offset=")) || pair.len == 0;
}

static void put_link(struct req *r, struct buf *b, struct str cursor, int64_t id, bool next)
{
	if (b->len)
		buf_put(b, S(", "));
	buf_char(b, '<');
	buf_put(b, r->base_url);
	for (size_t i = 0; i < r->path.len; i++) {
		if (r->path.at[i] == '/')
			buf_char(b, '/');
		else
			esc_url_part(b, str_slice(r->path, i, i + 1));
	}
	buf_char(b, '?');
	for (struct str rest = r->query; rest.len;) {
		struct str pair = str_cut(&rest, '&');
		if (!is_cursor(pair)) {
			for (size_t i = 0; i < pair.len; i++)
				if (pair.at[i] != '<' && pair.at[i] != '>' && pair.at[i] != '"')
					buf_char(b, pair.at[i]);
			buf_char(b, '&');
		}
	}
	buf_put(b, cursor);
	buf_i64(b, id);
	buf_put(b, next ? S(">; rel=\"next\"") : S(">; rel=\"prev\""));
}

void answer_links(struct req *r, struct answer *out, int64_t next_max_id, int64_t prev_min_id)
{
	SCOPED_BUF b = BUF_EMPTY;

	if (next_max_id)
		put_link(r, &b, S("max_id="), next_max_id, true);
	if (prev_min_id)
		put_link(r, &b, S("min_id="), prev_min_id, false);
	if (b.len)
		answer_header(out, S("Link"), buf_str(&b));
}

void answer_offsets(struct req *r, struct answer *out, int64_t here, int64_t limit, bool more)
{
	SCOPED_BUF b = BUF_EMPTY;

	if (more)
		put_link(r, &b, S("offset="), here + limit, true);
	if (here > 0)
		put_link(r, &b, S("offset="), here > limit ? here - limit : 0, false);
	if (b.len)
		answer_header(out, S("Link"), buf_str(&b));
}
