/* SPDX-License-Identifier: MIT */
/*
 * From an answer to bytes on the connection: status line, the few headers every answer has, body.
 * The hot path of the server: pieces are constant and copied once.
 */
#include "http/exchange.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"

#define SECURITY(forms) \
	"Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; " \
	"img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; " \
	"media-src 'self'; " forms "frame-ancestors 'none'; base-uri 'none'\r\n" \
	"X-Content-Type-Options: nosniff\r\n" \
	"Referrer-Policy: same-origin\r\n" \
	"X-Frame-Options: DENY\r\n"
/* What is no page loads nothing and is shown in nothing; on the API's hot path every byte counts
 * twice. */
#define SECURITY_DATA \
	"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n" \
	"X-Content-Type-Options: nosniff\r\n"
/* Uploads are looked at, never run; other sites may show them. */
#define SECURITY_FOREIGN \
	"Content-Security-Policy: sandbox; default-src 'none'; style-src 'unsafe-inline'\r\n" \
	"X-Content-Type-Options: nosniff\r\n" \
	"Cross-Origin-Resource-Policy: cross-origin\r\n"
#define CORS \
	"Access-Control-Allow-Origin: *\r\n" \
	"Access-Control-Expose-Headers: Link, X-RateLimit-Limit, X-RateLimit-Remaining, " \
	"X-RateLimit-Reset, X-Request-Id, Retry-After\r\n"

bool is_cors_path(struct str path)
{
	static const struct str starts[] = {
		S_INIT("/api/"),           S_INIT("/oauth/token"),  S_INIT("/oauth/revoke"),
		S_INIT("/oauth/userinfo"), S_INIT("/.well-known/"), S_INIT("/nodeinfo"),
		S_INIT("/static/"),        S_INIT("/media/"),
	};

	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (str_starts(path, starts[i]))
			return true;
	return false;
}

static void put_header(struct buf *b, struct str name, struct str value)
{
	if (value.len == 0)
		return;
	buf_put(b, name);
	buf_put(b, value);
	buf_put(b, S("\r\n"));
}

static void put_rate(struct buf *b, const struct rate_state *rate, int64_t now)
{
	if (rate->limit == 0)
		return;
	buf_put(b, S("X-RateLimit-Limit: "));
	buf_i64(b, rate->limit);
	buf_put(b, S("\r\nX-RateLimit-Remaining: "));
	buf_i64(b, rate->left);
	buf_put(b, S("\r\nX-RateLimit-Reset: "));
	put_time_iso(b, rate->reset_at);
	buf_put(b, S("\r\n"));
	if (rate->left == 0) {
		buf_put(b, S("Retry-After: "));
		buf_i64(b, rate->reset_at > now ? (rate->reset_at - now + 999) / 1000 : 1);
		buf_put(b, S("\r\n"));
	}
}

void respond_head(struct exchange *x, const struct reply *reply, struct buf *b)
{
	bool bodyless = reply->status == 304 || reply->status == 204;

	buf_put(b, status_line(reply->status));
	if (!bodyless) {
		put_header(b, S("Content-Type: "), reply->type);
		buf_put(b, S("Content-Length: "));
		buf_u64(b, reply->body.len);
		buf_put(b, S("\r\n"));
	}
	if (reply->coding != CODING_NONE)
		put_header(b, S("Content-Encoding: "),
			   reply->coding == CODING_GZIP ? S("gzip") : S("br"));
	bool is_data = x->r.route && x->r.route->format != FORMAT_PAGE;
	buf_put(b, reply->is_foreign    ? S(SECURITY_FOREIGN)
		   : is_data            ? S(SECURITY_DATA)
		   : x->out.form_leaves ? S(SECURITY(""))
					: S(SECURITY("form-action 'self'; ")));
	if (x->r.https)
		buf_put(b, S("Strict-Transport-Security: max-age=31536000\r\n"));
	put_header(b, S("Cache-Control: "), reply->cache_control);
	put_header(b, S("ETag: "), reply->etag);
	if (reply->vary)
		buf_put(b, S("Vary: Accept-Encoding, Cookie, Authorization\r\n"));
	if (is_cors_path(x->r.path))
		buf_put(b, S(CORS));
	buf_put(b, x->out.extra);
	put_rate(b, &x->rate, x->r.now);
}

/* "Date: ...\r\n" of this second; made once per second and thread. */
static struct str date_line(void)
{
	static _Thread_local char line[48];
	static _Thread_local size_t len;
	static _Thread_local int64_t second;
	int64_t now = clock_ms();

	if (now / 1000 != second || len == 0) {
		SCOPED_BUF b = BUF_EMPTY;
		buf_put(&b, S("Date: "));
		put_time_http(&b, now);
		buf_put(&b, S("\r\n"));
		len = b.len < sizeof line ? b.len : 0;
		memcpy(line, b.at, len);
		second = now / 1000;
	}
	return (struct str){line, len};
}

void respond_raw(struct exchange *x, struct str head, struct str body, struct pin pin)
{
	struct str end = !x->keep_alive ? S("Connection: close\r\n\r\n")
			 : x->http10    ? S("Connection: keep-alive\r\n\r\n")
					: S("\r\n");
	struct str parts[] = {head, date_line(), end, x->head_only ? S("") : body};

	conn_send(x->conn, parts, 4, pin);
	/* Of this process so far: a test asks one thing at a time and looks at the difference. */
	log_debug("answer path=%.*s statements=%llu", (int)x->r.path.len,
		  x->r.path.at ? x->r.path.at : "", (unsigned long long)db_statements());
}

void respond_with(struct exchange *x, const struct reply *reply)
{
	buf_clear(&x->lines, SIZE_MAX);
	respond_head(x, reply, &x->lines);
	bool bodyless = reply->status == 304 || reply->status == 204;
	respond_raw(x, buf_str(&x->lines), bodyless ? S("") : reply->body, reply->pin);
}

static enum format format_of(const struct exchange *x)
{
	if (x->r.route)
		return x->r.route->format;
	if (x->r.wants_json || (is_cors_path(x->r.path) && !str_starts(x->r.path, S("/static/"))))
		return FORMAT_API;
	return x->known ? FORMAT_PAGE : FORMAT_TEXT;
}

static struct str default_type(enum format f)
{
	static const struct str types[] = {
		[FORMAT_PAGE] = S_INIT("text/html; charset=utf-8"),
		[FORMAT_API] = S_INIT("application/json; charset=utf-8"),
		[FORMAT_FEED] = S_INIT("application/rss+xml; charset=utf-8"),
		[FORMAT_TEXT] = S_INIT("text/plain; charset=utf-8"),
	};

	return types[f];
}

static struct str cache_control(const struct exchange *x)
{
	if (x->out.no_store)
		return S("no-store");
	return format_of(x) == FORMAT_API ? S("private, no-store") : S("private, no-cache");
}

void respond(struct exchange *x)
{
	struct reply reply = {
		.status = x->out.status,
		.type = x->out.type.len ? x->out.type : default_type(format_of(x)),
		.body = buf_str(&x->body),
		.cache_control = cache_control(x),
	};
	SCOPED_BUF packed = BUF_EMPTY;

	if (x->w && reply.body.len > 1024 && is_compressible(reply.type) &&
	    coding_pick(x, false) == CODING_GZIP &&
	    compress_gzip(worker_packer(x->w), reply.body, &packed)) {
		reply.body = buf_str(&packed);
		reply.coding = CODING_GZIP;
		answer_header(&x->out, S("Vary"), S("Accept-Encoding"));
	}
	respond_with(x, &reply);
}

static void put_error(struct exchange *x, int status, struct str why)
{
	enum format f = format_of(x);

	if (f == FORMAT_PAGE && x->r.db && x->s->setup.hooks.error_page) {
		x->s->setup.hooks.error_page(&x->r, status, why, &x->out);
	} else if (f == FORMAT_API) {
		struct jw w = {.out = &x->body};
		jw_open(&w, '{');
		jw_kstr(&w, S("error"), why);
		jw_close(&w, '}');
	} else {
		x->out.type = default_type(FORMAT_TEXT);
		buf_put(&x->body, why);
		buf_char(&x->body, '\n');
	}
}

void respond_status(struct exchange *x, int status, struct str why)
{
	struct str extra = x->out.extra;

	buf_clear(&x->body, SIZE_MAX);
	x->out = (struct answer){.body = &x->body, .a = x->a, .extra = extra};
	put_error(x, status, error_sentence(x, status, why));
	x->out.status = status;
	if (status == 401)
		answer_header(&x->out, S("WWW-Authenticate"), S("Bearer realm=\"kwipd\""));
	respond(x);
}

void respond_error(struct exchange *x, enum err e, struct str why)
{
	/* What a handler had put before it failed is no part of the error. */
	x->out.extra = (struct str){0};
	respond_status(x, err_http_status(e), why);
}
