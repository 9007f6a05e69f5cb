/* SPDX-License-Identifier: MIT */
/*
 * Sending to live streams. The connection's owner (porter.h) reads and closes; everybody may send,
 * under the stream's lock. What does not fit waits in an epoll of the streams' own thread, and this
 * thread alone frees streams, so that whoever runs in it may hold them without counting.
 */
#include "http/stream.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	TICK_MS = 1000,
	GRACE_US = 5 * 1000000, /* for the last words to get out, and the client to leave */
	SEND_BUFFER = 32 *
		      1024, /* the kernel doubles it: with the queue, all that a reader costs */
	READY = 64,
	STACK = 512 * 1024
};

struct packet {
	_Atomic uint32_t refs;
	uint32_t len;
	char bytes[];
};

struct stream {
	struct stream *prev, *next; /* of all; under their lock, taken out by their thread only */
	struct stream *next_gone;
	struct streams *all;
	void *who;
	struct ws_reader reader; /* the connection's owner's */
	uint8_t kind;
	pthread_mutex_t lock; /* of everything below */
	int fd;               /* -1: gone */
	bool watched;         /* known to the epoll */
	bool ending;          /* nothing more is queued; at the end of the queue it is shut down */
	bool broken;          /* sending failed: the porter sees it off */
	bool pinged, ponged;
	uint16_t first, n, cap; /* of the queue */
	uint32_t offset;        /* of its first packet, what is sent already */
	uint32_t bytes;
	struct packet **queue; /* NULL while nothing waits */
	int64_t beat_us, end_us;
};

struct streams {
	struct stream_hooks hooks;
	pthread_t thread;
	int epoll, wake;
	_Atomic bool woken, stopping;
	_Atomic int64_t n;
	pthread_mutex_t lock; /* of the lists */
	bool farewell;
	struct stream *first, *gone;
	struct packet *ping, *thump;
	int64_t ping_us, thump_us; /* how often */
	int64_t tick_us;
};

struct packet *packet_new(struct str bytes)
{
	struct packet *p = malloc(sizeof *p + bytes.len);

	if (!p || bytes.len > UINT32_MAX)
		die("out of memory");
	p->refs = 1;
	p->len = (uint32_t)bytes.len;
	memcpy(p->bytes, bytes.at, bytes.len);
	return p;
}

void packet_drop(struct packet *p)
{
	if (p && --p->refs == 0)
		free(p);
}

enum stream_kind stream_kind(const struct stream *s)
{
	return (enum stream_kind)s->kind;
}

void stream_name(struct stream *s, void *who)
{
	s->who = who;
}

/* Everything down to beat() runs under the stream's lock. */
static void watch(struct stream *s)
{
	struct epoll_event ev = {.events = EPOLLOUT | EPOLLONESHOT, .data.ptr = s};
	int how = s->watched ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

	if (epoll_ctl(s->all->epoll, how, s->fd, &ev) != 0)
		shutdown(s->fd, SHUT_RDWR);
	s->watched = true;
}

static void forget_queue(struct stream *s, uint16_t from)
{
	for (uint16_t i = from; i < s->n; i++) {
		s->bytes -= s->queue[s->first + i]->len;
		packet_drop(s->queue[s->first + i]);
	}
	s->n = from;
	if (s->n)
		return;
	free(s->queue);
	s->queue = NULL;
	s->first = s->cap = 0;
	s->offset = s->bytes = 0;
}

/* Bytes the socket took; the shutdown of a broken one is reported to the porter, which closes it.
 */
static size_t send_some(struct stream *s, const struct packet *p, size_t from)
{
	ssize_t n;

	do
		n = send(s->fd, p->bytes + from, p->len - from, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno != EAGAIN) {
		s->broken = s->ending = true;
		shutdown(s->fd, SHUT_RDWR);
	}
	return n > 0 ? (size_t)n : 0;
}

static void push_back(struct stream *s, struct packet *p)
{
	if (s->first + s->n == s->cap && s->first) {
		memmove(s->queue, s->queue + s->first, s->n * sizeof(struct packet *));
		s->first = 0;
	}
	if (s->first + s->n == s->cap) {
		s->cap = s->cap ? s->cap * 2 : 8;
		s->queue = realloc(s->queue, s->cap * sizeof(struct packet *));
		if (!s->queue)
			die("out of memory");
	}
	p->refs++;
	s->queue[s->first + s->n++] = p;
	s->bytes += p->len;
}

/* Sends at once what goes; the rest waits. */
static void put(struct stream *s, struct packet *p)
{
	size_t sent = s->n == 0 ? send_some(s, p, 0) : 0;

	if (sent == p->len || s->broken)
		return;
	push_back(s, p);
	if (s->n > 1)
		return;
	s->offset = (uint32_t)sent;
	watch(s);
}

static void shut_when_empty(struct stream *s)
{
	if (s->ending && s->n == 0 && !s->broken)
		shutdown(s->fd, SHUT_WR);
}

static void flush(struct stream *s)
{
	while (s->n) {
		struct packet *p = s->queue[s->first];
		s->offset += (uint32_t)send_some(s, p, s->offset);
		if (s->broken)
			break;
		if (s->offset < p->len) {
			watch(s);
			return;
		}
		s->offset = 0;
		s->bytes -= p->len;
		s->first++;
		s->n--;
		packet_drop(p);
	}
	forget_queue(s, 0);
	shut_when_empty(s);
}

static void say_last(struct stream *s, enum ws_code code, struct str why)
{
	SCOPED_BUF b = BUF_EMPTY;

	if (s->kind == STREAM_SOCKET) {
		ws_close_frame(&b, code, why);
	} else {
		buf_char(&b, ':');
		buf_put(&b, why);
		buf_char(&b, '\n');
	}
	struct packet *p = packet_new(buf_str(&b));
	put(s, p);
	packet_drop(p);
	s->ending = true;
	s->end_us = clock_mono_us() + GRACE_US;
	shut_when_empty(s);
}

static void drop_slow(struct stream *s)
{
	log_info("stream dropped: too slow, %u bytes in %u packets waited", s->bytes, s->n);
	/* What has begun must end, or the close frame would be taken for a part of it. */
	forget_queue(s, s->offset ? 1 : 0);
	say_last(s, WS_CODE_POLICY, S("too slow"));
}

static bool send_locked(struct stream *s, struct packet *p)
{
	if (s->fd < 0 || s->ending)
		return false;
	bool full = s->n &&
		    (s->bytes + p->len > STREAM_QUEUE_BYTES || s->n == STREAM_QUEUE_PACKETS);
	if (full)
		drop_slow(s);
	else
		put(s, p);
	return !full;
}

static void beat(struct stream *s, int64_t now)
{
	if (s->fd < 0)
		return;
	if (s->ending) {
		if (now >= s->end_us)
			shutdown(s->fd, SHUT_RDWR);
		return;
	}
	if (now < s->beat_us)
		return;
	bool is_socket = s->kind == STREAM_SOCKET;
	s->beat_us = now + (is_socket ? s->all->ping_us : s->all->thump_us);
	if (s->pinged && !s->ponged) {
		log_debug("stream dropped: no pong");
		shutdown(s->fd, SHUT_RDWR);
		return;
	}
	s->pinged = is_socket;
	s->ponged = false;
	(void)send_locked(s, is_socket ? s->all->ping : s->all->thump);
}

bool stream_send(struct stream *s, struct packet *p)
{
	pthread_mutex_lock(&s->lock);
	bool ok = send_locked(s, p);
	pthread_mutex_unlock(&s->lock);
	return ok;
}

void stream_end(struct stream *s, enum ws_code code, struct str why)
{
	pthread_mutex_lock(&s->lock);
	if (s->fd >= 0 && !s->ending)
		say_last(s, code, why);
	pthread_mutex_unlock(&s->lock);
}

static void send_pong(struct stream *s, struct str payload)
{
	SCOPED_BUF b = BUF_EMPTY;

	ws_frame(&b, WS_PONG, payload);
	struct packet *p = packet_new(buf_str(&b));
	(void)stream_send(s, p);
	packet_drop(p);
}

static void note_pong(struct stream *s)
{
	pthread_mutex_lock(&s->lock);
	s->ponged = true;
	pthread_mutex_unlock(&s->lock);
}

static void hear_message(struct stream *s, struct db *db, struct str text)
{
	db_begin(db);
	s->all->hooks.said(s->all->hooks.arg, s->who, db, text);
	db_end(db);
}

static bool is_ending(struct stream *s)
{
	pthread_mutex_lock(&s->lock);
	bool ending = s->ending;
	pthread_mutex_unlock(&s->lock);
	return ending;
}

void stream_hear(struct stream *s, char *at, size_t *len, struct db *db)
{
	struct ws_said said;

	while (s->kind == STREAM_SOCKET && !is_ending(s)) {
		switch (ws_read(&s->reader, at, len, &said)) {
		case WS_MORE:
			return;
		case WS_MESSAGE:
			hear_message(s, db, said.payload);
			break;
		case WS_PINGED:
			send_pong(s, said.payload);
			break;
		case WS_PONGED:
			note_pong(s);
			break;
		case WS_CLOSED:
		case WS_WRONG:
			stream_end(s, said.code, S(""));
			break;
		}
	}
	/* Who only listens, or is leaving, has nothing to say. */
	*len = 0;
}

static void wake(struct streams *all)
{
	uint64_t one = 1;

	if (!atomic_exchange(&all->woken, true) && write(all->wake, &one, sizeof one) < 0)
		log_warn("waking the streams: %d", errno);
}

void streams_wake(struct streams *all)
{
	if (all->n > 0)
		wake(all);
}

int64_t streams_count(struct streams *all)
{
	return all->n;
}

struct stream *stream_open(struct streams *all, int fd, enum stream_kind kind, struct str head)
{
	struct stream *s = calloc(1, sizeof *s);
	int room = SEND_BUFFER;

	if (!s)
		die("out of memory");
	*s = (struct stream){.all = all, .kind = (uint8_t)kind, .fd = fd};
	pthread_mutex_init(&s->lock, NULL);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	s->beat_us = clock_mono_us() + (kind == STREAM_SOCKET ? all->ping_us : all->thump_us);
	struct packet *p = packet_new(head);
	pthread_mutex_lock(&s->lock);
	put(s, p);
	pthread_mutex_unlock(&s->lock);
	packet_drop(p);
	pthread_mutex_lock(&all->lock);
	s->next = all->first;
	if (s->next)
		s->next->prev = s;
	all->first = s;
	all->n++;
	bool late = all->farewell;
	pthread_mutex_unlock(&all->lock);
	if (late)
		stream_end(s, WS_CODE_AWAY, S("going away"));
	return s;
}

void stream_leave(struct stream *s)
{
	struct streams *all = s->all;

	pthread_mutex_lock(&s->lock);
	s->fd = -1;
	forget_queue(s, 0);
	pthread_mutex_unlock(&s->lock);
	pthread_mutex_lock(&all->lock);
	s->next_gone = all->gone;
	all->gone = s;
	pthread_mutex_unlock(&all->lock);
	wake(all);
}

static void take_out(struct streams *all, struct stream *s)
{
	if (s->next)
		s->next->prev = s->prev;
	*(s->prev ? &s->prev->next : &all->first) = s->next;
	all->n--;
}

static void reap(struct streams *all)
{
	pthread_mutex_lock(&all->lock);
	struct stream *gone = all->gone;
	all->gone = NULL;
	for (struct stream *s = gone; s; s = s->next_gone)
		take_out(all, s);
	pthread_mutex_unlock(&all->lock);
	while (gone) {
		struct stream *s = gone;
		gone = s->next_gone;
		if (s->who)
			all->hooks.gone(all->hooks.arg, s->who);
		pthread_mutex_destroy(&s->lock);
		free(s);
	}
}

static void beat_all(struct streams *all, int64_t now)
{
	pthread_mutex_lock(&all->lock);
	for (struct stream *s = all->first; s; s = s->next) {
		pthread_mutex_lock(&s->lock);
		beat(s, now);
		pthread_mutex_unlock(&s->lock);
	}
	pthread_mutex_unlock(&all->lock);
}

static void flush_ready(struct streams *all, int wait_ms)
{
	struct epoll_event ev[READY];
	int n = epoll_wait(all->epoll, ev, READY, wait_ms);

	for (int i = 0; i < n; i++) {
		struct stream *s = ev[i].data.ptr;
		if (!s)
			continue;
		pthread_mutex_lock(&s->lock);
		if (s->fd >= 0)
			flush(s);
		pthread_mutex_unlock(&s->lock);
	}
}

static bool is_second_over(struct streams *all, int64_t now)
{
	if (now - all->tick_us < TICK_MS * 1000)
		return false;
	all->tick_us = now;
	return true;
}

static void *run(void *arg)
{
	struct streams *all = arg;
	uint64_t trash;

	log_doing("streams");
	while (!all->stopping) {
		flush_ready(all, all->n > 0 ? TICK_MS : -1);
		/* In this order: whoever wakes between the two is seen by the second. */
		if (read(all->wake, &trash, sizeof trash) < 0 && errno != EAGAIN)
			log_warn("streams: %d", errno);
		bool woken = atomic_exchange(&all->woken, false);
		int64_t now = clock_mono_us();
		bool tick = is_second_over(all, now);
		if (tick)
			beat_all(all, now);
		if ((woken || tick) && !all->stopping)
			all->hooks.look(all->hooks.arg);
		reap(all);
	}
	reap(all);
	return NULL;
}

static struct packet *make_ping(void)
{
	SCOPED_BUF b = BUF_EMPTY;

	ws_frame(&b, WS_PING, S(""));
	return packet_new(buf_str(&b));
}

struct streams *streams_new(const struct stream_hooks *hooks, int ping_ms, int thump_ms)
{
	struct streams *all = calloc(1, sizeof *all);
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL};
	pthread_attr_t attr;

	if (!all)
		die("out of memory");
	all->hooks = *hooks;
	all->ping_us = (int64_t)ping_ms * 1000;
	all->thump_us = (int64_t)thump_ms * 1000;
	all->ping = make_ping();
	all->thump = packet_new(S(":thump\n"));
	pthread_mutex_init(&all->lock, NULL);
	all->epoll = epoll_create1(EPOLL_CLOEXEC);
	all->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (all->epoll < 0 || all->wake < 0 ||
	    epoll_ctl(all->epoll, EPOLL_CTL_ADD, all->wake, &ev) != 0)
		die("epoll or eventfd: %d", errno);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	if (pthread_create(&all->thread, &attr, run, all) != 0)
		die("no thread for the streams");
	pthread_attr_destroy(&attr);
	return all;
}

void streams_farewell(struct streams *all)
{
	pthread_mutex_lock(&all->lock);
	all->farewell = true;
	for (struct stream *s = all->first; s; s = s->next)
		stream_end(s, WS_CODE_AWAY, S("going away"));
	pthread_mutex_unlock(&all->lock);
}

void streams_free(struct streams *all)
{
	all->stopping = true;
	atomic_store(&all->woken, false);
	wake(all);
	pthread_join(all->thread, NULL);
	packet_drop(all->ping);
	packet_drop(all->thump);
	close(all->epoll);
	close(all->wake);
	pthread_mutex_destroy(&all->lock);
	free(all);
}
