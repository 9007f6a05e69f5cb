/* SPDX-License-Identifier: MIT */
/* The porter without a server: framing of requests, and a real one on a loopback socket with this
 * test as worker. */
#include "http/porter.h"
#include "base/clock.h"
#include "base/conf.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct scan_case {
	const char *head;
	int status;
	int64_t content_len;
	bool chunked;
};

static void test_framing(void **state)
{
	static const struct scan_case cases[] = {
		{"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 0, 0, false},
		{"GET / HTTP/1.0\r\n\r\n", 0, 0, false},
		{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n", 0, 12, false},
		{"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 0, 0, true},
		{"GET / HTTP/1.1\r\n\r\n", 400, 0, false},
		{"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, 0, false},
		{"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400, 0, false},
		{"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400, 0, false},
		{"GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400, 0, false},
		{"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, 0, false},
		{"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, 0, false},
		{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
		 400, 1, false},
		{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n", 400, 0, false},
		{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400, 0, false},
		{"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
		 400, 1, true},
		{"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501, 0,
		 false},
		{"POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", 400, 0, true},
		{"POST / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n", 417, 0, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct scan s;
		size_t n = strlen(cases[i].head);
		print_message("head %zu\n", i);
		assert_int_equal(head_end(cases[i].head, n), n);
		assert_int_equal(head_end(cases[i].head, n - 1), 0);
		head_scan(cases[i].head, n, &s);
		assert_int_equal(s.status, cases[i].status);
		assert_int_equal(s.content_len, cases[i].content_len);
		assert_int_equal(s.chunked, cases[i].chunked);
	}
}

struct walk_case {
	const char *body;
	int result;
	size_t len;
};

static void test_chunks(void **state)
{
	static const struct walk_case cases[] = {
		{"0\r\n\r\n", 1, 5},
		{"5\r\nhello\r\n0\r\n\r\nGET", 1, 15},
		{"5;x=y\r\nhello\r\n0\r\nTrailer: a\r\n\r\n", 1, 31},
		{"5\r\nhell", 0, 0},
		{"5\r\nhello\r\n0\r\n", 0, 13},
		{"5\r\nhelloXX0\r\n\r\n", -1, 0},
		{"zz\r\n", -1, 0},
		{"\r\n", -1, 0},
		{"5\nhello\r\n", -1, 0},
		{"fffffffff\r\n", -1, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct chunk_walk w = {0}, slow = {0};
		size_t n = strlen(cases[i].body);
		int r = 0;
		print_message("chunks %zu\n", i);
		assert_int_equal(head_walk_chunks(&w, cases[i].body, n), cases[i].result);
		if (cases[i].result >= 0 && cases[i].len)
			assert_int_equal(w.pos, cases[i].len);
		/* Byte by byte gives the same. */
		for (size_t k = 1; k <= n && r == 0; k++)
			r = head_walk_chunks(&slow, cases[i].body, k);
		assert_int_equal(r, cases[i].result);
	}
}

static int listener;
static struct sockaddr_in where;
static struct porter *porter;
static struct sleeper me;

static int setup(void **state)
{
	pthread_condattr_t attr;
	socklen_t len = sizeof where;

	(void)state;
	conf.head_timeout_ms = conf.idle_timeout_ms = conf.body_timeout_ms = 1000;
	conf.conns_max = 8;
	conf.conns_per_addr = 4;
	listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	where = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	if (bind(listener, (struct sockaddr *)&where, sizeof where) || listen(listener, 16) ||
	    getsockname(listener, (struct sockaddr *)&where, &len))
		return -1;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&me.cond, &attr);
	porter = porter_new(&(struct porter_setup){.fds = &listener, .n_fds = 1});
	porter_join(porter, &me);
	porter_start(porter);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	bool quiet = porter_drain(porter, 500);
	porter_stop(porter);
	porter_free(porter);
	close(listener);
	return quiet ? 0 : -1;
}

static int dial(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval patience = {.tv_sec = 4};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	assert_int_equal(connect(fd, (struct sockaddr *)&where, sizeof where), 0);
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void hear(int fd, const char *text)
{
	char got[64] = {0};

	assert_int_equal(recv(fd, got, strlen(text), MSG_WAITALL), strlen(text));
	assert_string_equal(got, text);
}

static bool is_closed(int fd)
{
	char c;

	return recv(fd, &c, 1, 0) <= 0;
}

#define GET "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

static void reply(struct conn *c, const char *text)
{
	struct str parts[] = {str_of(text), S("")};

	conn_send(c, parts, 2, (struct pin){.stays = true});
}

static void test_dripped_head_and_keep_alive(void **state)
{
	int fd = dial();

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (const char *at = GET; *at; at++)
			assert_int_equal(send(fd, at, 1, MSG_NOSIGNAL), 1);
		struct conn *c = porter_take(porter, &me, 2000);
		assert_non_null(c);
		assert_int_equal(c->scan.head_len, strlen(GET));
		reply(c, "answer");
		assert_null(porter_done(c, (int64_t)strlen(GET), true));
		hear(fd, "answer");
	}
	close(fd);
}

static void test_pipelined_and_body(void **state)
{
	int fd = dial();

	(void)state;
	say(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab");
	clock_sleep_ms(50);
	say(fd, "cd" GET);
	struct conn *c = porter_take(porter, &me, 2000);
	assert_non_null(c);
	assert_memory_equal(c->in + c->scan.head_len, "abcd", 4);
	reply(c, "one");
	c = porter_done(c, (int64_t)c->scan.head_len + 4, true);
	assert_non_null(c);
	assert_memory_equal(c->in, "GET", 3);
	reply(c, "two");
	assert_null(porter_done(c, (int64_t)strlen(GET), false));
	hear(fd, "onetwo");
	assert_true(is_closed(fd));
	close(fd);
}

static void test_slow_reader_gets_everything(void **state)
{
	enum { SIZE = 8 * 1024 * 1024 };
	char *big = calloc(1, SIZE), *got = malloc(SIZE);
	int fd = dial();
	size_t n = 0;

	(void)state;
	assert_true(big && got);
	memset(big, 'k', SIZE);
	say(fd, GET);
	struct conn *c = porter_take(porter, &me, 2000);
	assert_non_null(c);
	struct str parts[] = {S("head"), {big, SIZE}};
	conn_send(c, parts, 2, (struct pin){0});
	/* More than a socket takes: the rest is the porter's, and a copy. */
	assert_non_null(c->out);
	memset(big, 'x', SIZE);
	assert_null(porter_done(c, (int64_t)strlen(GET), true));
	hear(fd, "head");
	for (ssize_t r; n < SIZE && (r = recv(fd, got + n, SIZE - n, 0)) > 0;)
		n += (size_t)r;
	assert_int_equal(n, SIZE);
	assert_null(memchr(got, 'x', SIZE));
	close(fd);
	free(big);
	free(got);
}

static void test_silence_ends(void **state)
{
	int silent = dial(), half = dial(), idle = dial();

	(void)state;
	say(half, "GET / HT");
	say(idle, GET);
	struct conn *c = porter_take(porter, &me, 2000);
	assert_non_null(c);
	reply(c, "hi");
	assert_null(porter_done(c, (int64_t)strlen(GET), true));
	hear(idle, "hi");
	hear(half, "HTTP/1.1 408");
	assert_true(is_closed(silent));
	assert_true(is_closed(idle));
	close(silent);
	close(half);
	close(idle);
}

/* The worker sees a body when all of it is there, however long and however it is cut. */
static void test_large_bodies_are_gathered(void **state)
{
	enum { SIZE = 200 * 1000, PIECE = 1000 };
	static const char chunked[] =
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
	static const char plain[] = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n";
	char piece[PIECE + 1] = {0};
	(void)state;
	memset(piece, 'p', PIECE);
	for (int is_chunked = 0; is_chunked < 2; is_chunked++) {
		int fd = dial();
		say(fd, is_chunked ? chunked : plain);
		for (int i = 0; i < SIZE / PIECE; i++) {
			say(fd, is_chunked ? "3e8\r\n" : "");
			say(fd, piece);
			say(fd, is_chunked ? "\r\n" : "");
			if (i == SIZE / PIECE / 2)
				assert_null(porter_take(porter, &me, 50));
		}
		say(fd, is_chunked ? "0\r\n\r\n" : "");
		struct conn *c = porter_take(porter, &me, 2000);
		assert_non_null(c);
		assert_true(c->scan.whole);
		assert_int_equal(c->scan.body_len, SIZE + (is_chunked ? 200 * 7 + 5 : 0));
		assert_int_equal(c->in_len, c->scan.head_len + c->scan.body_len);
		assert_true(c->rules->gathered >= SIZE);
		reply(c, "ok");
		assert_null(porter_done(c, (int64_t)c->in_len, true));
		hear(fd, "ok");
		close(fd);
	}
}

static void test_too_long_is_not_waited_for(void **state)
{
	int fd = dial();

	(void)state;
	say(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\nab");
	struct conn *c = porter_take(porter, &me, 2000);
	assert_non_null(c);
	assert_false(c->scan.whole);
	reply(c, "413");
	assert_null(porter_done(c, -1, true));
	hear(fd, "413");
	close(fd);
}

/* With the only worker held by something slow, others are still read, fed and timed out. */
static void test_porter_stands_in(void **state)
{
	int held = dial(), half = dial(), next = dial();

	(void)state;
	say(held, GET);
	struct conn *c = porter_take(porter, &me, 2000);
	assert_non_null(c);
	say(half, "GET /");
	say(next, GET);
	hear(half, "HTTP/1.1 408");
	reply(c, "late");
	assert_null(porter_done(c, (int64_t)strlen(GET), true));
	c = porter_take(porter, &me, 2000);
	assert_non_null(c);
	reply(c, "next");
	assert_null(porter_done(c, (int64_t)strlen(GET), true));
	hear(held, "late");
	hear(next, "next");
	close(held);
	close(half);
	close(next);
}

/* Full: whoever was never served makes room for the newcomer. */
static void test_full_house(void **state)
{
	int fd[9];

	(void)state;
	conf.conns_per_addr = 100;
	for (int i = 0; i < 9; i++)
		fd[i] = dial();
	say(fd[8], GET);
	struct conn *c = porter_take(porter, &me, 2000);
	assert_non_null(c);
	reply(c, "in");
	assert_null(porter_done(c, (int64_t)strlen(GET), true));
	hear(fd[8], "in");
	int64_t since = clock_mono_us();
	int closed = 0;
	for (int i = 0; i < 8; i++) {
		char byte;
		closed += recv(fd[i], &byte, 1, MSG_DONTWAIT) == 0;
	}
	assert_int_equal(closed, 1);
	assert_true(clock_mono_us() - since < 500 * 1000);
	for (int i = 0; i < 9; i++)
		close(fd[i]);
}

static void test_cap_per_address(void **state)
{
	int fd[5];

	(void)state;
	for (int i = 0; i < 5; i++)
		fd[i] = dial();
	/* The fifth is turned away at once, long before any time limit. */
	int64_t since = clock_mono_us();
	assert_true(is_closed(fd[4]));
	assert_true(clock_mono_us() - since < 500 * 1000);
	for (int i = 0; i < 5; i++)
		close(fd[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_framing),
		cmocka_unit_test(test_chunks),
		cmocka_unit_test_setup_teardown(test_dripped_head_and_keep_alive, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pipelined_and_body, setup, teardown),
		cmocka_unit_test_setup_teardown(test_slow_reader_gets_everything, setup, teardown),
		cmocka_unit_test_setup_teardown(test_silence_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large_bodies_are_gathered, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_long_is_not_waited_for, setup, teardown),
		cmocka_unit_test_setup_teardown(test_porter_stands_in, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_house, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cap_per_address, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
