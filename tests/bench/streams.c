/* SPDX-License-Identifier: MIT */
/*
 * Both ends of many live streams, for the bench. `streams hold PORT N TOKEN` opens N WebSockets on
 * the public stream and then, for each line on its standard input, waits until every one of them
 * got a whole message; it prints the moments (CLOCK_MONOTONIC seconds) of the median, the 99th of a
 * hundred, and the last. `streams bare PORT BYTES` is the least that a server can do: it takes
 * connections and, for each line, writes one message of so many bytes to each, by a loop over send.
 * Both end when their standard input does. Loopback only.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STREAMS_MAX = 20000, HEAD_MAX = 1024, CHUNK = 65536, PATIENCE_MS = 20000, TEXT = 1 };

static const char ACCEPTED[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
			       "Connection: Upgrade\r\n"
			       "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/* One held stream: where in a frame its next byte stands. */
struct held {
	int fd;
	uint64_t left; /* bytes of the frame that are still to come */
	int opcode;
	bool got; /* a whole message, in this round */
};

static struct held held[STREAMS_MAX];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double now_s(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static struct sockaddr_in address(const char *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)strtol(port, NULL, 10))};
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return at;
}

/* Reads a head to its end, byte by byte so that nothing behind it is lost. */
static void read_head(int fd)
{
	char head[HEAD_MAX];
	size_t n = 0;
	while (n < 4 || memcmp(head + n - 4, "\r\n\r\n", 4) != 0)
		if (n == sizeof head || read(fd, head + n++, 1) != 1)
			die("head");
}

static int open_stream(const char *port, const char *token)
{
	struct sockaddr_in to = address(port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("connect");
	dprintf(fd,
		"GET /api/v1/streaming?stream=public HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n"
		"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer %s\r\n\r\n",
		port, token);
	return fd;
}

/* The frame that begins at b (RFC 6455 5.2; a server's are not masked). Returns its head's length.
 */
static size_t frame_begin(struct held *h, const unsigned char *b, size_t n)
{
	size_t head = n < 2 ? 2 : b[1] == 126 ? 4 : b[1] == 127 ? 10 : 2;
	if (n < head) {
		fprintf(stderr, "a frame's head came in pieces\n");
		exit(1);
	}
	h->opcode = b[0] & 15;
	h->left = 0;
	for (size_t i = 2; i < head; i++)
		h->left = h->left << 8 | b[i];
	if (head == 2)
		h->left = b[1];
	return head;
}

static void take(struct held *h, const unsigned char *b, size_t n)
{
	while (n > 0) {
		if (h->left == 0) {
			size_t head = frame_begin(h, b, n);
			b += head;
			n -= head;
		}
		size_t part = h->left < n ? (size_t)h->left : n;
		h->left -= part;
		b += part;
		n -= part;
		if (h->left == 0 && h->opcode == TEXT)
			h->got = true;
	}
}

static void drain(struct held *h)
{
	static unsigned char chunk[CHUNK];
	for (ssize_t n; (n = recv(h->fd, chunk, sizeof chunk, MSG_DONTWAIT)) != -1;) {
		if (n == 0) {
			fprintf(stderr, "a stream was closed\n");
			exit(1);
		}
		take(h, chunk, (size_t)n);
		if ((size_t)n < sizeof chunk)
			return;
	}
	if (errno != EAGAIN)
		die("recv");
}

/* Until every stream has its message; moments holds when each had, in order. */
static void wait_all(int poller, size_t count, double *moments)
{
	struct epoll_event ready[512];
	double until = now_s() + PATIENCE_MS / 1000.0;
	for (size_t i = 0; i < count; i++)
		held[i].got = false;
	for (size_t done = 0; done < count && now_s() < until;) {
		int n = epoll_wait(poller, ready, 512, 200);
		for (int i = 0; i < n; i++) {
			struct held *h = &held[ready[i].data.u32];
			bool had = h->got;
			drain(h);
			if (!had && h->got)
				moments[done++] = now_s();
		}
	}
	if (moments[count - 1] == 0) {
		fprintf(stderr, "not every stream heard it\n");
		exit(1);
	}
}

static void hold(const char *port, size_t count, const char *token)
{
	static double moments[STREAMS_MAX];
	char line[16];
	int poller = epoll_create1(EPOLL_CLOEXEC);
	for (size_t i = 0; i < count; i++) {
		struct epoll_event e = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
		held[i].fd = open_stream(port, token);
		read_head(held[i].fd);
		if (epoll_ctl(poller, EPOLL_CTL_ADD, held[i].fd, &e) != 0)
			die("epoll_ctl");
	}
	puts("ready");
	while (fgets(line, sizeof line, stdin)) {
		memset(moments, 0, sizeof moments);
		wait_all(poller, count, moments);
		printf("%.6f %.6f %.6f\n", moments[count / 2], moments[count * 99 / 100],
		       moments[count - 1]);
	}
}

static size_t message(unsigned char *to, size_t bytes)
{
	to[0] = 0x80 | TEXT;
	to[1] = 126;
	to[2] = (unsigned char)(bytes >> 8);
	to[3] = (unsigned char)bytes;
	memset(to + 4, 'x', bytes);
	return bytes + 4;
}

static void bare_tell(size_t count, const unsigned char *packet, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (send(held[i].fd, packet, len, MSG_NOSIGNAL) != (ssize_t)len)
			die("send");
}

static void bare(const char *port, size_t bytes)
{
	static unsigned char packet[CHUNK + 4];
	struct sockaddr_in at = address(port);
	int one = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t count = 0, len = message(packet, bytes);
	char line[16];
	setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(door, (struct sockaddr *)&at, sizeof at) != 0 || listen(door, 4096) != 0)
		die("bind");
	puts("ready");
	struct pollfd both[2] = {{.fd = door, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
	while (poll(both, 2, -1) > 0) {
		if (both[0].revents && count < STREAMS_MAX) {
			int fd = held[count++].fd = accept(door, NULL, NULL);
			read_head(fd);
			if (write(fd, ACCEPTED, sizeof ACCEPTED - 1) < 0)
				die("write");
		}
		if (both[1].revents && read(0, line, sizeof line) <= 0)
			return;
		if (both[1].revents)
			bare_tell(count, packet, len);
	}
}

int main(int argc, char **argv)
{
	struct rlimit most;
	getrlimit(RLIMIT_NOFILE, &most);
	most.rlim_cur = most.rlim_max;
	setrlimit(RLIMIT_NOFILE, &most);
	setvbuf(stdout, NULL, _IOLBF, 0);
	size_t number = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;
	if (argc == 5 && strcmp(argv[1], "hold") == 0 && number > 0 && number <= STREAMS_MAX)
		hold(argv[2], number, argv[4]);
	else if (argc == 4 && strcmp(argv[1], "bare") == 0 && number < CHUNK)
		bare(argv[2], number);
	else
		return 2;
	return 0;
}
