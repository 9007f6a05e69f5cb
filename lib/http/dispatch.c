/* SPDX-License-Identifier: MIT */
/*
 * The order of checks between a parsed head and a handler, and from its result to an answer. Every
 * policy stands in the route table; this file only enforces it. Called by worker.c.
 */
#include "http/exchange.h"
#include "http/pairs.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/utf8.h"
#include "store/event.h"

#define CORS_OPTIONS \
	"Access-Control-Allow-Methods: GET, POST, PUT, PATCH, DELETE, OPTIONS\r\n" \
	"Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key\r\n" \
	"Access-Control-Max-Age: 86400\r\n"

static const struct str method_names[METHOD_COUNT] = {
	S_INIT("GET"), S_INIT("POST"), S_INIT("PUT"), S_INIT("PATCH"), S_INIT("DELETE"),
};

static void snapshot_begin(struct exchange *x)
{
	if (x->r.db)
		return;
	x->r.db = worker_db(x->w);
	db_begin(x->r.db);
}

static void snapshot_end(struct exchange *x)
{
	if (x->r.db)
		db_end(x->r.db);
	x->r.db = NULL;
}

/* -1: OPTIONS, -2: none of ours. */
static int method_of(struct exchange *x)
{
	struct str name = str_of(x->head.method);

	x->head_only = str_eq(name, S("HEAD"));
	if (x->head_only)
		return METHOD_GET;
	for (int m = 0; m < METHOD_COUNT; m++)
		if (str_eq(name, method_names[m]))
			return m;
	return str_eq(name, S("OPTIONS")) ? -1 : -2;
}

/* "/path?query" or "http://host/path?query": the raw path, *query what follows it. */
static struct str split_target(struct str target, struct str *query)
{
	ptrdiff_t at = str_find(target, S("://"));

	if (target.len && target.at[0] != '/' && at > 0) {
		struct str rest = str_slice(target, (size_t)at + 3, target.len);
		ptrdiff_t slash = str_find_char(rest, '/');
		target = slash < 0 ? S("/") : str_slice(rest, (size_t)slash, rest.len);
	}
	*query = target;
	return str_cut(query, '?');
}

static bool read_target(struct exchange *x)
{
	struct str raw = split_target(str_of(x->head.uri), &x->r.query);

	if (raw.len == 0 || raw.at[0] != '/')
		return false;
	x->r.path = memchr(raw.at, '%', raw.len) ? pairs_decode(x->a, raw, false) : raw;
	for (size_t i = 0; i < x->r.path.len; i++)
		if ((unsigned char)x->r.path.at[i] < 32 || x->r.path.at[i] == 127)
			return false;
	return utf8_ok(x->r.path);
}

static int64_t body_most(const struct route *r)
{
	int64_t image = conf.media_image_max_bytes, video = conf.media_video_max_bytes;
	int64_t form = conf.body_max_bytes;

	if (r->body_max == BODY_MEDIA) /* the thumbnail is a picture */
		return (image > video ? image : video) + image + form;
	if (r->body_max == BODY_PORTRAITS)
		return 2 * image + form;
	return r->body_max ? r->body_max : form;
}

/* Who says nothing of who he is will be refused anyway, and is not waited for. */
static bool names_somebody(struct str head)
{
	while (head.len) {
		struct str line = str_cut(&head, '\n'), name = str_cut(&line, ':');
		if (str_eq_nocase(name, S("authorization")) || str_eq_nocase(name, S("cookie")))
			return true;
	}
	return false;
}

int64_t dispatch_body_most(void *arg, struct str head)
{
	const struct server *s = arg;
	struct str lines = head, parts[4], query;
	struct str method = str_cut(&head, ' '), target = str_cut(&head, ' ');
	struct str path = split_target(target, &query);
	const struct route *r = NULL;
	unsigned allow;

	if (memchr(path.at, '%', path.len))
		return conf.body_max_bytes;
	for (int m = 0; m < METHOD_COUNT && !r; m++)
		if (str_eq(method, method_names[m]))
			r = route_find(s->routes, (enum method)m, path, parts, &allow);
	if (!r)
		return 0;
	return r->who == WHO_ANYONE || names_somebody(lines) ? body_most(r) : conf.body_max_bytes;
}

static bool is_host(struct str h)
{
	if (h.len == 0 || h.len > 255)
		return false;
	for (size_t i = 0; i < h.len; i++) {
		char c = h.at[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || strchr(".-_:[]", c);
		if (!ok)
			return false;
	}
	return true;
}

static void read_proxy(struct exchange *x)
{
	const struct conn *c = x->conn;
	struct addr addr = c->addr;

	x->r.https = x->s->base_https;
	if (c->trusted) {
		const char *proto = head_get(&x->head, "X-Forwarded-Proto");
		const char *forwarded = head_get(&x->head, "X-Forwarded-For");
		x->r.https = x->r.https || (proto && str_eq_nocase(str_of(proto), S("https")));
		if (forwarded)
			addr = addr_forwarded(&x->s->trusted, addr, str_of(forwarded));
	}
	x->from = addr;
	x->r.addr = addr_text(addr, x->a);
}

static bool wants_json(const struct exchange *x)
{
	struct str accept = str_of(head_get(&x->head, "Accept"));
	ptrdiff_t json = str_find(accept, S("json")), html = str_find(accept, S("html"));

	return json >= 0 && (html < 0 || json < html);
}

/* Everything of struct req that needs no route. False: not a request we can read (400). */
static bool read_request(struct exchange *x)
{
	const char *host = head_get(&x->head, "Host");

	x->keep_alive = x->head.keep_alive;
	x->http10 = x->head.http10;
	x->r.a = x->a;
	x->r.conn = x;
	x->r.now = clock_ms();
	x->r.base_url = x->s->base_url;
	x->out = (struct answer){.status = 200, .body = &x->body, .a = x->a};
	if (!read_target(x) || (host && !is_host(str_of(host))))
		return false;
	x->r.host = str_of(host);
	x->r.wants_json = wants_json(x);
	read_proxy(x);
	x->known = true;
	return true;
}

static void put_allow(struct exchange *x, unsigned allow)
{
	SCOPED_BUF b = BUF_EMPTY;

	for (int m = 0; m < METHOD_COUNT; m++)
		if (allow >> m & 1) {
			buf_put(&b, method_names[m]);
			buf_put(&b, m == METHOD_GET ? S(", HEAD, ") : S(", "));
		}
	buf_put(&b, S("OPTIONS"));
	answer_header(&x->out, S("Allow"), buf_str(&b));
}

static void answer_options(struct exchange *x, unsigned allow)
{
	put_allow(x, allow);
	if (is_cors_path(x->r.path)) {
		struct str more = S(CORS_OPTIONS);
		x->out.extra = arena_printf(x->a, "%.*s%.*s", (int)x->out.extra.len,
					    x->out.extra.at, (int)more.len, more.at);
	}
	respond_with(x, &(struct reply){.status = 204});
}

static void answer_unknown(struct exchange *x, unsigned allow)
{
	snapshot_begin(x);
	if (allow)
		put_allow(x, allow);
	/* A page for somebody logged in says so, even when it only says that there is nothing here.
	 */
	auth_recognise(x);
	respond_status(x, allow ? 405 : 404, S(""));
}

/* A visitor at the door of a page: to the login form and back here afterwards. */
static bool sends_to_login(struct exchange *x, enum err e)
{
	const struct route *r = x->r.route;

	if (e != ERR_AUTH || r->format != FORMAT_PAGE || r->method != METHOD_GET)
		return false;
	SCOPED_BUF b = BUF_EMPTY;
	buf_put(&b, S("/login?next="));
	esc_url_part(&b, x->r.path);
	if (x->r.query.len) {
		buf_put(&b, S("%3F"));
		esc_url_part(&b, x->r.query);
	}
	answer_redirect(&x->out, buf_str(&b));
	respond(x);
	return true;
}

static void answer_error(struct exchange *x, enum err e, struct str why)
{
	if (sends_to_login(x, e))
		return;
	snapshot_begin(x);
	respond_error(x, e, why);
}

/* From errors of prepare and write: the form again, or the error. */
static void answer_failed(struct exchange *x, enum err e)
{
	const struct route *r = x->r.route;

	if (!r->again || e == ERR_FULL || e == ERR_STORAGE) {
		answer_error(x, e, x->r.why);
		return;
	}
	snapshot_begin(x);
	buf_clear(&x->body, SIZE_MAX);
	x->out = (struct answer){.status = err_http_status(e), .body = &x->body, .a = x->a};
	r->again(&x->r, x->r.db, e, &x->out);
	respond(x);
}

static enum err check(struct exchange *x)
{
	const struct route *r = x->r.route;
	enum err e;

	(void)refuse("%s", "");
	e = auth_check(x);
	if (!e)
		e = limit_check(x, r->format != FORMAT_API);
	if (!e)
		e = body_read(x, body_most(r));
	if (!e)
		e = params_parse(x);
	if (e)
		return e;
	/* First whether it is to be looked at, then whether it makes sense. */
	csrf_make(x);
	e = csrf_check(x);
	return e ? e : params_check(x);
}

static struct str why_of(struct exchange *x)
{
	return arena_str(x->a, str_of(err_why()));
}

/* May other visitors have this very answer? A Link header is the same for all, a cookie is not. */
static bool is_shareable(const struct answer *out)
{
	ptrdiff_t end = str_find(out->extra, S("\r\n"));
	bool only_link = str_starts(out->extra, S("Link: ")) && (size_t)end + 2 == out->extra.len;
	return out->status == 200 && !out->no_store && (out->extra.len == 0 || only_link);
}

static void run_read(struct exchange *x, bool shared)
{
	const struct route *r = x->r.route;
	int64_t seq = shared ? event_newest(x->r.db) : 0;

	(void)refuse("%s", "");
	log_doing(r->path);
	enum err e = r->read(&x->r, &x->out);
	/* A read that failed ended like one without rows: half an answer is none. */
	enum err failed = db_err(x->r.db);
	e = e ? e : failed;
	log_doing(NULL);
	if (e)
		answer_error(x, e, why_of(x));
	else if (x->out.opening.kind != STREAM_NONE && !x->head_only)
		respond_stream(x);
	else if (shared && is_shareable(&x->out))
		pagecache_fill(x, seq);
	else
		respond(x);
}

/* True when x went to the writer. */
static bool run_write(struct exchange *x)
{
	const struct route *r = x->r.route;

	if (r->prepare) {
		(void)refuse("%s", "");
		log_doing(r->path);
		enum err e = r->prepare(&x->r);
		log_doing(NULL);
		if (e) {
			x->r.why = why_of(x);
			answer_failed(x, e);
			return false;
		}
	}
	if (!r->write) {
		answer_error(x, ERR_INTERNAL, S(""));
		return false;
	}
	snapshot_end(x);
	x->taken = worker_taken(x->conn);
	write_submit(x);
	return true;
}

/*
 * From the page cache. One look at the log needs no snapshot around it, and is most of what such an
 * answer costs.
 */
static bool serve_shared(struct exchange *x)
{
	x->r.db = worker_db(x->w);
	bool served = pagecache_serve(x);
	x->r.db = NULL;
	return served;
}

static bool run_route(struct exchange *x)
{
	const struct route *r = x->r.route;
	bool shared = r->cached && r->method == METHOD_GET && auth_is_visitor(x);

	if (shared && x->head.content_len == 0 && !x->head.chunked && serve_shared(x))
		return true;
	snapshot_begin(x);
	enum err e = check(x);
	if (e) {
		answer_error(x, e, why_of(x));
		return true;
	}
	if (r->method == METHOD_GET) {
		run_read(x, shared);
		return true;
	}
	return !run_write(x);
}

static bool is_health(const struct exchange *x)
{
	return str_eq(x->r.path, S("/healthz"));
}

/* Addresses that moderators shut out; whoever watches over the server still may. */
static bool answer_shut(struct exchange *x)
{
	const struct server_hooks *hooks = &x->s->setup.hooks;

	if (!hooks->is_shut || is_health(x) || !hooks->is_shut(worker_db(x->w), x->from, x->r.now))
		return false;
	snapshot_begin(x);
	respond_status(x, 403, S("This site does not answer your address."));
	snapshot_end(x);
	return true;
}

static bool answer_builtin(struct exchange *x)
{
	if (!is_health(x))
		return statics_serve(x) || media_files_serve(x);
	x->out.type = S("text/plain; charset=utf-8");
	x->out.no_store = true;
	buf_put(&x->body, S("OK\n"));
	respond(x);
	return true;
}

bool dispatch(struct exchange *x)
{
	unsigned allow = 0;

	if (!read_request(x)) {
		x->keep_alive = false;
		respond_status(x, 400, S(""));
		return true;
	}
	int m = method_of(x);
	if (answer_shut(x) || (m == METHOD_GET && answer_builtin(x)))
		return true;
	x->r.route = route_find(x->s->routes, m < 0 ? METHOD_GET : (enum method)m, x->r.path,
				x->parts, &allow);
	bool answered = true;
	if (m == -1)
		answer_options(x, allow);
	else if (m < 0 || !x->r.route) {
		x->r.route = NULL;
		answer_unknown(x, allow);
	} else {
		answered = run_route(x);
	}
	if (answered)
		snapshot_end(x);
	return answered;
}

void dispatch_again(struct exchange *x)
{
	answer_failed(x, x->err);
	snapshot_end(x);
}
