/* SPDX-License-Identifier: MIT */
/* The guarded client: which addresses it reaches, and a hostile peer on loopback that it survives.
 */
#include "base/clock.h"
#include "base/log.h"
#include "net/fetch.h"
#include "net/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static struct addr addr(const char *text)
{
	struct addr out;
	assert_true(addr_parse(str_of(text), &out));
	return out;
}

static void public_addresses(void **state)
{
	static const char *const good[] = {"1.1.1.1",        "9.255.255.255",   "11.0.0.0",
					   "100.63.255.255", "100.128.0.0",     "172.15.255.255",
					   "172.32.0.0",     "192.0.1.0",       "198.17.255.255",
					   "198.20.0.0",     "223.255.255.255", "2606:4700::1111",
					   "2a01::1",        "::ffff:1.1.1.1",  "64:ff9b::1.1.1.1"};
	static const char *const bad[] = {"0.0.0.0",
					  "10.1.2.3",
					  "100.64.0.1",
					  "127.0.0.1",
					  "127.255.255.255",
					  "169.254.169.254",
					  "172.16.0.1",
					  "172.31.255.255",
					  "192.0.0.8",
					  "192.0.2.1",
					  "192.88.99.1",
					  "192.168.1.1",
					  "198.18.0.1",
					  "198.19.255.255",
					  "198.51.100.7",
					  "203.0.113.9",
					  "224.0.0.1",
					  "239.1.1.1",
					  "240.0.0.1",
					  "255.255.255.255",
					  "::",
					  "::1",
					  "fe80::1",
					  "fc00::1",
					  "fd12::1",
					  "ff02::1",
					  "2001:db8::1",
					  "2001::1",
					  "2002:7f00:1::",
					  "2620:4f:8000::1",
					  "3fff::1",
					  "::ffff:127.0.0.1",
					  "::ffff:10.0.0.1",
					  "64:ff9b::7f00:1",
					  "::7f00:1",
					  "100::1",
					  "4000::1"};
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		print_message("%s\n", good[i]);
		assert_true(reach_is_public(addr(good[i])));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		print_message("%s\n", bad[i]);
		assert_false(reach_is_public(addr(bad[i])));
	}
}

static bool allowed(const char *ip, int port, const char *list)
{
	struct addr_blocks blocks = addr_blocks_parse(str_of(list));
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	assert_int_equal(inet_pton(AF_INET, ip, &to.sin_addr), 1);
	return reach_is_allowed((struct sockaddr *)&to, &blocks);
}

static void ports_and_exceptions(void **state)
{
	(void)state;
	assert_true(allowed("1.1.1.1", 80, ""));
	assert_true(allowed("1.1.1.1", 443, ""));
	assert_true(allowed("1.1.1.1", 8443, ""));
	assert_false(allowed("1.1.1.1", 25, ""));
	assert_false(allowed("1.1.1.1", 22, "127.0.0.1"));
	assert_false(allowed("127.0.0.1", 80, ""));
	assert_true(allowed("127.0.0.1", 25, "10.0.0.0/8, 127.0.0.1"));
	assert_false(allowed("127.0.0.2", 80, "127.0.0.1"));
	assert_true(allowed("192.168.7.7", 80, "192.168.0.0/16"));
}

static void hosts_of_urls(void **state)
{
	static const char *const cases[][2] = {
		{"http://a.example/x", "a.example"},
		{"HTTPS://B.example:81?x", "B.example"},
		{"https://u:p@c.example/@d", "c.example"},
		{"http://[::1]:80/", "[::1]"},
		{"http://a@b@c#@d", "c"},
		{"ftp://a/", ""},
		{"http://", ""},
		{"http:///x", ""},
		{"https://x\\@y/", "x"},
		{"", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct str host = fetch_host(str_of(cases[i][0]));
		print_message("%s\n", cases[i][0]);
		assert_true(str_eq(host, str_of(cases[i][1])));
	}
}

/* A peer that answers by the path: one thread, a thread more for each connection. */
struct peer {
	int fd, port;
	pthread_t thread;
	_Atomic int connections;
};

static void send_all(int fd, const char *text)
{
	size_t len = strlen(text);
	while (len > 0) {
		ssize_t n = send(fd, text, len, MSG_NOSIGNAL);
		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

static void answer(int fd, const char *request)
{
	char line[200];
	if (strstr(request, " /plain "))
		send_all(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
			     "Retry-After: 7\r\n\r\nhello");
	else if (strstr(request, " /echo "))
		send_all(fd, strstr(request, "\r\n\r\nthe body") && strstr(request, "X-Own: yes")
				     ? "HTTP/1.1 202 OK\r\nContent-Length: 4\r\n\r\ngood"
				     : "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
	else if (strstr(request, " /drip "))
		for (int i = 0; i < 100; i++) {
			send_all(fd, i == 0 ? "HTTP/1.1 200 OK\r\nX-Slow: " : "x");
			usleep(50000);
		}
	else if (strstr(request, " /heads "))
		for (int i = 0; i < 4000; i++)
			send_all(fd,
				 i == 0 ? "HTTP/1.1 200 OK\r\n"
					: "X-Many: 0123456789012345678901234567890123456789\r\n");
	else if (strstr(request, " /large ")) {
		memset(line, 'x', sizeof line);
		line[sizeof line - 1] = '\0';
		send_all(fd, "HTTP/1.1 200 OK\r\n\r\n");
		for (int i = 0; i < 2000; i++)
			send_all(fd, line);
	} else if (strstr(request, " /never "))
		sleep(2);
	else if (strstr(request, " /loop "))
		send_all(fd, "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\n\r\n");
	else if (strstr(request, " /inner "))
		send_all(fd, "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n"
			     "Content-Length: 0\r\n\r\n");
	else if (strstr(request, " /file "))
		send_all(fd, "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n"
			     "Content-Length: 0\r\n\r\n");
	else if (strstr(request, " /to-plain "))
		send_all(fd, "HTTP/1.1 301 Moved\r\nLocation: /plain\r\nContent-Length: 0\r\n\r\n");
	else if (strstr(request, " /packed "))
		send_all(
			fd,
			"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx");
	else if (strstr(request, " /junk "))
		send_all(fd, "\x16\x03\x01 this is no HTTP at all\r\n\r\n");
}

static void *serve_one(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char request[8192] = "";
	size_t len = 0;
	ssize_t n;
	while (len + 1 < sizeof request &&
	       (n = recv(fd, request + len, sizeof request - 1 - len, 0)) > 0) {
		len += (size_t)n;
		request[len] = '\0';
		const char *end = strstr(request, "\r\n\r\n");
		if (end && (!strstr(request, "POST") || strlen(end) > 4))
			break;
	}
	answer(fd, request);
	close(fd);
	return NULL;
}

static void *serve(void *arg)
{
	struct peer *p = arg;
	int fd;
	while ((fd = accept(p->fd, NULL, NULL)) >= 0) {
		pthread_t t;
		p->connections++;
		if (pthread_create(&t, NULL, serve_one, (void *)(intptr_t)fd) == 0)
			pthread_detach(t);
	}
	return NULL;
}

static struct peer peer;

static int peer_start(void **state)
{
	(void)state;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	log_open("test", LOG_ERROR);
	fetch_open();
	peer.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(peer.fd, (struct sockaddr *)&at, sizeof at) || listen(peer.fd, 64) ||
	    getsockname(peer.fd, (struct sockaddr *)&at, &len))
		return 1;
	peer.port = ntohs(at.sin_port);
	return pthread_create(&peer.thread, NULL, serve, &peer);
}

static int peer_stop(void **state)
{
	(void)state;
	shutdown(peer.fd, SHUT_RDWR);
	pthread_join(peer.thread, NULL);
	close(peer.fd);
	return 0;
}

struct got {
	int n, status;
	enum err err;
	char body[64], url[128], type[64];
	size_t len;
	int64_t retry_after_s;
};

static void on_answer(void *arg, const struct fetch_answer *a)
{
	struct got *g = arg;
	g->n++;
	g->status = a->status;
	g->err = a->err;
	g->len = a->body.len;
	g->retry_after_s = a->retry_after_s;
	snprintf(g->body, sizeof g->body, "%.*s", (int)(a->body.len < 60 ? a->body.len : 60),
		 a->body.at ? a->body.at : "");
	snprintf(g->url, sizeof g->url, "%.*s", (int)a->url.len, a->url.at ? a->url.at : "");
	snprintf(g->type, sizeof g->type, "%.*s", (int)a->type.len, a->type.at ? a->type.at : "");
}

static struct fetcher *open_fetcher(const char *allow)
{
	return fetcher_new(
		&(struct fetch_setup){.agent = S("test"), .allow_private = str_of(allow)});
}

static struct fetch_ask ask_of(char *url, size_t cap, const char *path)
{
	snprintf(url, cap, strchr(path, ':') ? "%s" : "http://127.0.0.1:%2$d%1$s", path, peer.port);
	return (struct fetch_ask){
		.url = str_of(url), .body_max = 1000, .timeout_ms = 600, .redirects_max = 3};
}

static struct got run(const char *allow, struct fetch_ask *ask)
{
	struct got g = {0};
	struct fetcher *f = open_fetcher(allow);
	int64_t begun = clock_mono_us();
	fetcher_start(f, ask, on_answer, &g);
	while (fetcher_running(f) > 0)
		fetcher_wait(f, -1, 50);
	assert_int_equal(g.n, 1);
	assert_true(clock_mono_us() - begun < 1500000);
	fetcher_free(f);
	return g;
}

static struct got get(const char *path)
{
	char url[256];
	struct fetch_ask ask = ask_of(url, sizeof url, path);
	return run("127.0.0.1", &ask);
}

static void plain(void **state)
{
	(void)state;
	struct got g = get("/plain");
	assert_int_equal(g.err, OK);
	assert_int_equal(g.status, 200);
	assert_string_equal(g.body, "hello");
	assert_string_equal(g.type, "text/plain");
	assert_int_equal(g.retry_after_s, 7);
	g = get("/to-plain");
	assert_int_equal(g.status, 200);
	assert_non_null(strstr(g.url, "/plain"));
}

static void post(void **state)
{
	(void)state;
	char url[256];
	const struct str headers[] = {S_INIT("X-Own: yes"), S_INIT("Content-Type: text/x")};
	struct fetch_ask ask = ask_of(url, sizeof url, "/echo");
	ask.post = true;
	ask.body = S("the body");
	ask.headers = headers;
	ask.n_headers = 2;
	struct got g = run("127.0.0.1", &ask);
	assert_int_equal(g.status, 202);
	assert_string_equal(g.body, "good");
	assert_int_equal(g.retry_after_s, -1);
}

static void hostile_peers(void **state)
{
	static const struct {
		const char *path;
		enum err err;
	} cases[] = {
		{"/never", ERR_REMOTE},    {"/drip", ERR_REMOTE},     {"/junk", ERR_REMOTE},
		{"/heads", ERR_TOO_LARGE}, {"/large", ERR_TOO_LARGE}, {"/loop", ERR_REMOTE},
		{"/inner", ERR_DENIED},    {"/packed", ERR_REMOTE},   {"/nothing", ERR_REMOTE},
		{"/file", ERR_DENIED},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s\n", cases[i].path);
		assert_int_equal(get(cases[i].path).err, cases[i].err);
	}
}

static void cut(void **state)
{
	(void)state;
	char url[256];
	struct fetch_ask ask = ask_of(url, sizeof url, "/large");
	ask.may_cut = true;
	struct got g = run("127.0.0.1", &ask);
	assert_int_equal(g.err, OK);
	assert_int_equal(g.status, 200);
	assert_int_equal(g.len, 1000);
}

static void redirects_not_followed(void **state)
{
	(void)state;
	char url[256];
	struct fetch_ask ask = ask_of(url, sizeof url, "/to-plain");
	ask.redirects_max = 0;
	assert_int_equal(run("127.0.0.1", &ask).status, 301);
}

static void not_to_be_reached(void **state)
{
	static const char *const names[] = {"127.0.0.1",  "localhost",  "127.1",
					    "2130706433", "0x7f000001", "[::ffff:127.0.0.1]",
					    "0.0.0.0"};
	(void)state;
	int before = peer.connections;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char url[256];
		snprintf(url, sizeof url, "http://%s:%d/plain", names[i], peer.port);
		struct fetch_ask ask = {.url = str_of(url), .body_max = 9, .timeout_ms = 600};
		print_message("%s\n", url);
		assert_int_equal(run("", &ask).err, ERR_DENIED);
	}
	assert_int_equal(peer.connections, before);
}

static void no_urls(void **state)
{
	static const char *const urls[] = {"",
					   "file:///etc/passwd",
					   "gopher://127.0.0.1/",
					   "http://",
					   "http://a b/",
					   "http://user:pw@127.0.0.1/",
					   "ftp://127.0.0.1/",
					   "http://127.0.0.1/\r\nX: y"};
	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct fetch_ask ask = {.url = str_of(urls[i]), .body_max = 9, .timeout_ms = 600};
		print_message("%s\n", urls[i]);
		assert_int_equal(run("127.0.0.1", &ask).err, ERR_INPUT);
	}
}

static void no_proxy_of_the_environment(void **state)
{
	(void)state;
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
	assert_int_equal(get("/plain").status, 200);
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
}

/* Two to one host, and the third finds room when one has landed. */
static void room(void **state)
{
	(void)state;
	char url[2][256];
	struct got g[2] = {{0}};
	struct fetcher *f = open_fetcher("127.0.0.1");
	for (int i = 0; i < 2; i++) {
		struct fetch_ask ask = ask_of(url[i], sizeof url[i], i ? "/plain" : "/never");
		assert_true(fetcher_has_room(f, ask.url));
		fetcher_start(f, &ask, on_answer, &g[i]);
	}
	assert_false(fetcher_has_room(f, str_of(url[0])));
	assert_true(fetcher_has_room(f, S("https://elsewhere.example/")));
	while (g[1].n == 0)
		fetcher_wait(f, -1, 50);
	assert_int_equal(g[0].n, 0);
	assert_true(fetcher_has_room(f, str_of(url[0])));
	fetcher_free(f); /* with one still on its way */
}

static void links_of_a_page(void **state)
{
	static const char *const cases[][2] = {
		{"/i.png", "https://a.example/i.png"},
		{"i.png?a=1#f", "https://a.example/in/i.png?a=1"},
		{"../../i.png", "https://a.example/i.png"},
		{"//b.example/i", "https://b.example/i"},
		{"http://c.example:81/a b", "http://c.example:81/a%20b"},
		{"https://user:pass@c.example/", ""},
		{"javascript:alert(1)", ""},
		{"data:image/png;base64,AA", ""},
		{"file:///etc/passwd", ""},
		{"", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_ARENA a = arena_new();
		struct str to = fetch_resolve(a, S("https://a.example/in/page.html"),
					      str_of(cases[i][0]));
		print_message("%s\n", cases[i][0]);
		assert_true(str_eq(to, str_of(cases[i][1])));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(public_addresses),
		cmocka_unit_test(ports_and_exceptions),
		cmocka_unit_test(hosts_of_urls),
		cmocka_unit_test(links_of_a_page),
		cmocka_unit_test(plain),
		cmocka_unit_test(post),
		cmocka_unit_test(hostile_peers),
		cmocka_unit_test(cut),
		cmocka_unit_test(redirects_not_followed),
		cmocka_unit_test(not_to_be_reached),
		cmocka_unit_test(no_urls),
		cmocka_unit_test(no_proxy_of_the_environment),
		cmocka_unit_test(room),
	};
	return cmocka_run_group_tests(tests, peer_start, peer_stop);
}
