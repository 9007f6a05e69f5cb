/* SPDX-License-Identifier: MIT */
/* libcurl's multi interface behind our names, with every limit set. */
#include <curl/curl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/log.h"
#include "net/fetch.h"
#include "net/reach.h"

enum { CONNECT_TIMEOUT_MS = 10000, IDLE_CONNECTIONS = 8 };

struct flight {
	struct fetcher *fetcher; /* NULL: this place is free */
	CURL *easy;
	struct curl_slist *headers;
	char *url, *body;
	char host[256];
	struct buf got;
	size_t body_max, heads;
	bool may_cut, is_cut, too_large, refused, packed;
	int64_t retry_after_s;
	char why[CURL_ERROR_SIZE];
	fetch_done *done;
	void *arg;
};

struct fetcher {
	CURLM *multi;
	char *agent, *ca_file;
	struct addr_blocks allowed;
	struct flight flight[FETCH_AT_ONCE];
	size_t running;
};

void fetch_open(void)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("libcurl does not start");
}

const char *fetch_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->version;
}

const char *fetch_tls_version(void)
{
	return curl_version_info(CURLVERSION_NOW)->ssl_version;
}

static char *copy(struct str s)
{
	char *z = malloc(s.len + 1);
	if (!z)
		die("out of memory");
	if (s.len > 0)
		memcpy(z, s.at, s.len);
	z[s.len] = '\0';
	return z;
}

struct fetcher *fetcher_new(const struct fetch_setup *setup)
{
	struct fetcher *f = calloc(1, sizeof *f);
	if (!f)
		die("out of memory");
	f->multi = curl_multi_init();
	if (!f->multi)
		die("out of memory");
	f->agent = copy(setup->agent);
	f->ca_file = copy(setup->ca_file);
	f->allowed = addr_blocks_parse(setup->allow_private);
	curl_multi_setopt(f->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS);
	curl_multi_setopt(f->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	return f;
}

static void flight_end(struct flight *t)
{
	struct fetcher *f = t->fetcher;
	curl_multi_remove_handle(f->multi, t->easy);
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	free(t->url);
	free(t->body);
	buf_free(&t->got);
	*t = (struct flight){0};
	f->running--;
}

void fetcher_free(struct fetcher *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < FETCH_AT_ONCE; i++) {
		if (f->flight[i].fetcher)
			flight_end(&f->flight[i]);
	}
	curl_multi_cleanup(f->multi);
	free(f->agent);
	free(f->ca_file);
	free(f);
}

struct str fetch_host(struct str url)
{
	struct str rest = {0};
	if (url.len > 8 && str_eq_nocase(str_slice(url, 0, 8), S("https://")))
		rest = str_slice(url, 8, url.len);
	else if (url.len > 7 && str_eq_nocase(str_slice(url, 0, 7), S("http://")))
		rest = str_slice(url, 7, url.len);
	size_t end = 0;
	while (end < rest.len && !memchr("/?#\\", rest.at[end], 4))
		end++;
	rest.len = end;
	ptrdiff_t at;
	while ((at = str_find_char(rest, '@')) >= 0)
		rest = str_slice(rest, (size_t)at + 1, rest.len);
	if (rest.len > 0 && rest.at[0] == '[')
		return str_slice(rest, 0, (size_t)(str_find_char(rest, ']') + 1));
	at = str_find_char(rest, ':');
	return at >= 0 ? str_slice(rest, 0, (size_t)at) : rest;
}

bool fetcher_has_room(const struct fetcher *f, struct str url)
{
	struct str host = fetch_host(url);
	size_t same = 0;
	for (size_t i = 0; i < FETCH_AT_ONCE; i++)
		same += f->flight[i].fetcher && str_eq_nocase(str_of(f->flight[i].host), host);
	return f->running < FETCH_AT_ONCE && same < FETCH_PER_HOST;
}

size_t fetcher_running(const struct fetcher *f)
{
	return f->running;
}

/* The one place where a connection begins: what is refused here was never spoken to. */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct flight *t = arg;
	if (purpose != CURLSOCKTYPE_IPCXN || !reach_is_allowed(&to->addr, &t->fetcher->allowed)) {
		t->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t on_body(char *at, size_t size, size_t n, void *arg)
{
	struct flight *t = arg;
	size_t len = size * n, room = t->body_max - t->got.len;
	buf_put(&t->got, (struct str){at, len < room ? len : room});
	if (len <= room)
		return len;
	t->is_cut = t->may_cut;
	t->too_large = !t->may_cut;
	return 0;
}

static bool header_is(struct str line, struct str name, struct str *value)
{
	struct str rest = line;
	if (!str_eq_nocase(str_trim(str_cut(&rest, ':')), name))
		return false;
	*value = str_trim(rest);
	return true;
}

static size_t on_header(char *at, size_t size, size_t n, void *arg)
{
	struct flight *t = arg;
	struct str line = {at, size * n}, value;
	t->heads += line.len;
	if (t->heads > FETCH_HEADS_MAX) {
		t->too_large = true;
		return 0;
	}
	if (str_starts(line, S("HTTP/"))) { /* the next answer, after a redirect */
		t->retry_after_s = -1;
		t->packed = false;
	}
	if (header_is(line, S("retry-after"), &value) && !str_i64(value, &t->retry_after_s))
		t->retry_after_s = -1;
	if (header_is(line, S("content-encoding"), &value))
		t->packed = value.len > 0 && !str_eq_nocase(value, S("identity"));
	return line.len;
}

static void set_limits(struct flight *t, const struct fetch_ask *ask)
{
	CURL *c = t->easy;
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, ask->redirects_max > 0 ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)ask->redirects_max);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)ask->timeout_ms);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	/* A resolver's thread that hangs is left behind instead of waited for. */
	curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, t->why);
}

static void set_request(struct flight *t, const struct fetch_ask *ask)
{
	CURL *c = t->easy;
	struct fetcher *f = t->fetcher;
	curl_easy_setopt(c, CURLOPT_URL, t->url);
	curl_easy_setopt(c, CURLOPT_USERAGENT, f->agent);
	curl_easy_setopt(c, CURLOPT_PRIVATE, t);
	if (f->ca_file[0])
		curl_easy_setopt(c, CURLOPT_CAINFO, f->ca_file);
	t->headers = curl_slist_append(NULL, "Expect:");
	for (size_t i = 0; i < ask->n_headers; i++) {
		char *line = copy(ask->headers[i]);
		t->headers = curl_slist_append(t->headers, line);
		free(line);
	}
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
	if (!ask->post)
		return;
	t->body = copy(ask->body);
	curl_easy_setopt(c, CURLOPT_POST, 1L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, t->body);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.len);
}

static struct flight *place_free(struct fetcher *f)
{
	for (size_t i = 0; i < FETCH_AT_ONCE; i++) {
		if (!f->flight[i].fetcher)
			return &f->flight[i];
	}
	die("more fetches than places");
}

/* Printable, and of a host that fits: the rest curl judges. */
static bool is_fetchable(struct str url)
{
	struct str host = fetch_host(url);
	if (host.len == 0 || host.len > 255 || url.len > FETCH_URL_MAX)
		return false;
	for (size_t i = 0; i < url.len; i++) {
		if ((unsigned char)url.at[i] <= ' ' || url.at[i] == 0x7f)
			return false;
	}
	return true;
}

struct str fetch_resolve(struct arena *a, struct str base, struct str link)
{
	CURLU *u = curl_url();
	struct str out = S("");
	char *whole = NULL;
	if (!u)
		die("out of memory");
	const unsigned flags = CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_DISALLOW_USER;
	if (link.len > 0 && link.len <= FETCH_URL_MAX &&
	    curl_url_set(u, CURLUPART_URL, arena_zstr(a, base), 0) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_URL, arena_zstr(a, link), flags) == CURLUE_OK &&
	    curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_URL, &whole, 0) == CURLUE_OK && is_fetchable(str_of(whole)))
		out = arena_str(a, str_of(whole));
	curl_free(whole);
	curl_url_cleanup(u);
	return out;
}

void fetcher_start(struct fetcher *f, const struct fetch_ask *ask, fetch_done *done, void *arg)
{
	if (!is_fetchable(ask->url)) {
		done(arg, &(struct fetch_answer){
				  .err = ERR_INPUT, .why = "no URL to fetch", .retry_after_s = -1});
		return;
	}
	struct flight *t = place_free(f);
	struct str host = fetch_host(ask->url);
	*t = (struct flight){.fetcher = f,
			     .easy = curl_easy_init(),
			     .url = copy(ask->url),
			     .body_max = ask->body_max,
			     .may_cut = ask->may_cut,
			     .retry_after_s = -1,
			     .done = done,
			     .arg = arg};
	if (!t->easy)
		die("out of memory");
	memcpy(t->host, host.at, host.len);
	f->running++;
	set_limits(t, ask);
	set_request(t, ask);
	if (curl_multi_add_handle(f->multi, t->easy) != CURLM_OK)
		die("a fetch cannot be added");
}

static enum err err_of(const struct flight *t, CURLcode code)
{
	if (t->too_large || code == CURLE_FILESIZE_EXCEEDED)
		return ERR_TOO_LARGE;
	if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && t->is_cut))
		return t->packed ? ERR_REMOTE : OK;
	if (code == CURLE_COULDNT_CONNECT && t->refused)
		return ERR_DENIED;
	long sent = 0;
	curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &sent);
	if (sent > 0 && t->heads == 0)
		return ERR_REMOTE; /* no HTTP came back */
	if (code != CURLE_URL_MALFORMAT && code != CURLE_UNSUPPORTED_PROTOCOL &&
	    code != CURLE_LOGIN_DENIED)
		return ERR_REMOTE;
	/* Of the URL asked for, or of one that an answer led to. */
	return t->heads == 0 ? ERR_INPUT : ERR_DENIED;
}

static const char *why_of(const struct flight *t, enum err e, CURLcode code)
{
	if (e == OK)
		return "";
	if (e == ERR_TOO_LARGE)
		return "the answer is too large";
	if (e == ERR_DENIED)
		return "leads to where nobody may go";
	if (code == CURLE_OK)
		return "the answer is compressed, which was not asked for";
	return t->why[0] ? t->why : curl_easy_strerror(code);
}

/* Its place is free before done() is called, which may start the next. */
static void flight_land(struct flight *t, CURLcode code)
{
	const char *url = NULL, *type = NULL;
	long status = 0;
	curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &url);
	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	SCOPED_ARENA a = arena_new();
	enum err e = err_of(t, code);
	struct fetch_answer answer = {.err = e,
				      .why = arena_zstr(a, str_of(why_of(t, e, code))),
				      .status = (int)status,
				      .url = arena_str(a, str_of(url)),
				      .type = arena_str(a, str_of(type)),
				      .retry_after_s = t->retry_after_s};
	SCOPED_BUF body = t->got;
	t->got = BUF_EMPTY;
	answer.body = buf_str(&body);
	fetch_done *done = t->done;
	void *arg = t->arg;
	flight_end(t);
	done(arg, &answer);
}

static void land_all(struct fetcher *f)
{
	int left;
	for (CURLMsg *m; (m = curl_multi_info_read(f->multi, &left)) != NULL;) {
		struct flight *t = NULL;
		CURLcode code = m->data.result;
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		flight_land(t, code);
	}
}

void fetcher_wait(struct fetcher *f, int wake_fd, int timeout_ms)
{
	struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
	int running;
	curl_multi_perform(f->multi, &running);
	size_t before = f->running;
	land_all(f);
	if (f->running != before)
		return;
	curl_multi_poll(f->multi, &wake, wake_fd >= 0 ? 1 : 0, timeout_ms, NULL);
	curl_multi_perform(f->multi, &running);
	land_all(f);
}
