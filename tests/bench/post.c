/* SPDX-License-Identifier: MIT */
/*
 * The load generator for durable posts: clients with one keep-alive connection each post distinct
 * kwips to a kwipd on the loopback for a bounded time, every client waiting for its answer. Prints
 * one line of figures. Called by bench.py: `post PORT CLIENTS SECONDS TOKEN...`.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 1024, ANSWER_MAX = 65536, SAMPLES_MAX = 1 << 20, PATIENCE_S = 10 };

struct client {
	pthread_t thread;
	int number;
	const char *token;
	uint32_t *took_us; /* a sample per acknowledged post */
	size_t posts, bad;
	char why[80]; /* the first answer that was no 200 */
};

static int port;
static int64_t end_us, run;

static int64_t now_us(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static int dial(void)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct timeval patience = {PATIENCE_S, 0};
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		perror("connect");
		exit(1);
	}
	return fd;
}

/* About 150 characters that no other post of this or any earlier run holds. */
static int make_request(const struct client *c, char *to, size_t room)
{
	char body[400], text[256];
	int n = snprintf(
		text, sizeof(text),
		"Kwip %zu of client %d in run %lld: the quick brown fox jumps over the lazy dog and "
		"tells nobody why, because a kwip may be as long as it likes to be.",
		c->posts + c->bad, c->number, (long long)run);
	n = snprintf(body, sizeof(body), "{\"status\":\"%.*s\",\"visibility\":\"public\"}", n,
		     text);
	return snprintf(
		to, room,
		"POST /api/v1/statuses HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		port, c->token, n, body);
}

static bool send_all(int fd, const char *at, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

/* Bytes of the whole answer once its head is there; 0 before that. */
static size_t whole_length(const char *answer)
{
	const char *body = strstr(answer, "\r\n\r\n");
	const char *length = body ? strcasestr(answer, "\ncontent-length:") : NULL;
	if (!length || length > body)
		return 0;
	return (size_t)(body + 4 - answer) + strtoul(length + 16, NULL, 10);
}

/* The status of the answer; 0 when none came. */
static int receive(int fd, char *answer)
{
	size_t have = 0, want = 0;
	while (want == 0 || have < want) {
		ssize_t got = recv(fd, answer + have, ANSWER_MAX - 1 - have, 0);
		if (got <= 0)
			return 0;
		have += (size_t)got;
		answer[have] = '\0';
		want = whole_length(answer);
	}
	return (int)strtol(answer + sizeof("HTTP/1.1 ") - 1, NULL, 10);
}

static void *work(void *arg)
{
	static _Thread_local char answer[ANSWER_MAX], request[2048];
	struct client *c = arg;
	int fd = dial();

	for (int64_t from = now_us(); from < end_us && c->posts < SAMPLES_MAX; from = now_us()) {
		int n = make_request(c, request, sizeof(request));
		int status = send_all(fd, request, (size_t)n) ? receive(fd, answer) : 0;
		if (status == 200) {
			c->took_us[c->posts++] = (uint32_t)(now_us() - from);
			continue;
		}
		if (c->bad++ == 0)
			snprintf(c->why, sizeof(c->why), "%d %.60s", status,
				 status ? answer : strerror(errno));
		close(fd);
		fd = dial();
	}
	close(fd);
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

static int tell(const struct client *clients, int n, double seconds)
{
	size_t posts = 0, bad = 0, at = 0;
	for (int i = 0; i < n; i++) {
		posts += clients[i].posts;
		bad += clients[i].bad;
		if (clients[i].bad > 0 && clients[i].why[0])
			fprintf(stderr, "client %d: %s\n", i, clients[i].why);
	}
	uint32_t *all = malloc((posts + 1) * sizeof(*all));
	if (!all)
		return 1;
	for (int i = 0; i < n; i++) {
		memcpy(all + at, clients[i].took_us, clients[i].posts * sizeof(*all));
		at += clients[i].posts;
	}
	qsort(all, posts, sizeof(*all), by_size);
	printf("clients=%d posts=%zu bad=%zu per_s=%.1f p50_ms=%.2f p99_ms=%.2f max_ms=%.2f\n", n,
	       posts, bad, (double)posts / seconds, posts ? all[posts / 2] / 1e3 : 0,
	       posts ? all[posts * 99 / 100] / 1e3 : 0, posts ? all[posts - 1] / 1e3 : 0);
	free(all);
	return posts == 0;
}

int main(int argc, char **argv)
{
	static struct client clients[CLIENTS_MAX];
	if (argc < 5) {
		fprintf(stderr, "usage: post PORT CLIENTS SECONDS TOKEN...\n");
		return 2;
	}
	port = (int)strtol(argv[1], NULL, 10);
	int n = (int)strtol(argv[2], NULL, 10);
	n = n < 1 ? 1 : n > CLIENTS_MAX ? CLIENTS_MAX : n;
	double seconds = strtod(argv[3], NULL);
	int64_t from = now_us();
	run = (int64_t)time(NULL) * 1000 + getpid() % 1000;
	end_us = from + (int64_t)(seconds * 1e6);
	for (int i = 0; i < n; i++) {
		clients[i].number = i;
		clients[i].token = argv[4 + i % (argc - 4)];
		clients[i].took_us = calloc(SAMPLES_MAX,
					    sizeof(uint32_t)); /* touched only as far as used */
		if (!clients[i].took_us ||
		    pthread_create(&clients[i].thread, NULL, work, &clients[i]) != 0)
			return 1;
	}
	for (int i = 0; i < n; i++)
		pthread_join(clients[i].thread, NULL);
	return tell(clients, n, (double)(now_us() - from) / 1e6);
}
