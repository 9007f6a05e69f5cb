/* SPDX-License-Identifier: MIT */
/*
 * What to do when epoll reports: accept, read a head or a body, flush what a slow reader left, see
 * off who is leaving. Never waits for one connection. Called by workers (queue.c) and, when all of
 * them are held, by the porter's thread.
 */
#include "http/porter_inside.h"
#include "base/clock.h"
#include "base/conf.h"
#include "http/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { ACCEPTS = 64 };

/* A body may take body_timeout, and this much longer for each KiB that did come. */
enum { BODY_US_PER_KIB = 64 * 1000 };

static int64_t deadline_of(enum conn_state state)
{
	int64_t ms = state == CONN_HEAD    ? conf.head_timeout_ms
		     : state == CONN_IDLE  ? conf.idle_timeout_ms
		     : state == CONN_DRAIN ? 1000
					   : conf.body_timeout_ms;

	return clock_mono_us() + ms * 1000;
}

static void rearm_listener(struct porter *p, const int *fd)
{
	struct epoll_event ev = {
		.events = EPOLLIN | EPOLLONESHOT,
		.data.ptr = (void *)(uintptr_t)fd,
	};

	/* Fails once the porter is stopping and has taken it out. */
	(void)epoll_ctl(p->epoll, EPOLL_CTL_MOD, *fd, &ev);
}

void porter_wait(struct conn *c, enum conn_state state, int64_t deadline_us)
{
	struct epoll_event ev = {
		.events = EPOLLONESHOT | (state == CONN_WRITE ? EPOLLOUT : EPOLLIN | EPOLLRDHUP),
		.data.ptr = c,
	};

	int epoll = c->porter->epoll, fd = c->fd;

	c->deadline_us = deadline_us;
	/* The last touch: once armed, c is whose epoll says. */
	c->state = state;
	/*
	 * By its number, because the thread sanitizer knows epoll_ctl as a use of fd that would
	 * race with its closing, and not that this call is what hands fd over.
	 */
	if (syscall(SYS_epoll_ctl, epoll, EPOLL_CTL_MOD, fd, &ev) != 0)
		porter_close(c);
}

static uint16_t *count_of(struct porter *p, const struct conn *c)
{
	return &p->per_addr[addr_key(c->addr, p->seed) % ADDR_SLOTS];
}

void porter_close(struct conn *c)
{
	struct porter *p = c->porter;

	pthread_mutex_lock(&p->lock);
	uint16_t *count = count_of(p, c);
	if (!c->trusted && *count)
		--*count;
	if (p->hand == c)
		p->hand = c->next;
	*(c->prev ? &c->prev->next : &p->all) = c->next;
	*(c->next ? &c->next->prev : &p->newest) = c->prev;
	p->n_conns--;
	pthread_mutex_unlock(&p->lock);
	if (c->stream)
		stream_leave(c->stream);
	conn_clean(c);
	free(c);
}

/* A clock's hand goes round from old to new; who was served since its last visit is passed over
 * once. */
bool porter_evict(struct porter *p)
{
	for (int64_t n = 2 * p->n_conns; n > 0; n--) {
		struct conn *c = p->hand ? p->hand : p->all;
		if (!c)
			return false;
		p->hand = c->next;
		bool waits = c->state == CONN_IDLE || c->state == CONN_HEAD ||
			     c->state == CONN_DRAIN;
		if (!waits || c->late)
			continue;
		if (!c->served) {
			c->late = true;
			shutdown(c->fd, SHUT_RD);
			return true;
		}
		c->served = false;
	}
	return false;
}

/* Takes c in; false when its address has too many already. */
static bool enlist(struct porter *p, struct conn *c)
{
	pthread_mutex_lock(&p->lock);
	uint16_t *count = count_of(p, c);
	bool ok = c->trusted || *count < conf.conns_per_addr;
	*count += !c->trusted && *count < UINT16_MAX;
	c->prev = p->newest;
	*(p->newest ? &p->newest->next : &p->all) = c;
	p->newest = c;
	p->n_conns++;
	pthread_mutex_unlock(&p->lock);
	return ok;
}

static void admit(struct porter *p, int fd, const struct sockaddr *sa)
{
	struct conn *c = calloc(1, sizeof *c);
	struct epoll_event ev = {.data.ptr = c};
	int on = 1;

	if (!c)
		die("out of memory");
	*c = (struct conn){
		.porter = p, .rules = &p->rules, .fd = fd, .addr = addr_of(sa), .state = CONN_BUSY};
	c->is_unix = sa->sa_family == AF_UNIX;
	c->trusted = c->is_unix || addr_in(&p->setup.trusted, c->addr);
	if (!enlist(p, c) || epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev) != 0) {
		porter_close(c);
		return;
	}
	if (!c->is_unix)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	/*
	 * Silent from the start: the time for a head runs, not that of a known client between two
	 * requests.
	 */
	porter_wait(c, CONN_HEAD, deadline_of(CONN_HEAD));
}

/*
 * Out of descriptors: somebody idle has to go. When nobody is, the spare one is given up for a
 * moment so that the caller is told off, not left hanging.
 */
static void refuse_caller(struct porter *p, int listener)
{
	pthread_mutex_lock(&p->lock);
	if (!porter_evict(p)) {
		if (p->spare >= 0)
			close(p->spare);
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd >= 0)
			close(fd);
		p->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	}
	pthread_mutex_unlock(&p->lock);
}

static bool has_room(struct porter *p)
{
	pthread_mutex_lock(&p->lock);
	bool ok = p->n_conns < conf.conns_max || porter_evict(p);
	pthread_mutex_unlock(&p->lock);
	return ok;
}

static void accept_some(struct porter *p, int listener)
{
	for (int i = 0; i < ACCEPTS && !p->stopping; i++) {
		struct sockaddr_storage sa = {.ss_family = AF_UNIX};
		socklen_t len = sizeof sa;
		int fd = accept4(listener, (struct sockaddr *)&sa, &len,
				 SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && (errno == EMFILE || errno == ENFILE))
			refuse_caller(p, listener);
		if (fd < 0)
			return;
		if (has_room(p))
			admit(p, fd, (struct sockaddr *)&sa);
		else
			close(fd);
	}
}

static void on_drain(struct conn *c)
{
	char trash[4096];
	ssize_t n = 0;

	for (int i = 0; i < 16 && n >= 0; i++) {
		n = recv(c->fd, trash, sizeof trash, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN)) {
			porter_close(c);
			return;
		}
	}
	/* The deadline of the first moment stays: nobody may send for ever. */
	porter_wait(c, CONN_DRAIN, c->deadline_us);
}

/*
 * An answer is out or given up, and the client is still sending: closing now would make its kernel
 * drop our answer.
 */
static void drain(struct conn *c)
{
	shutdown(c->fd, SHUT_WR);
	conn_drop(c, c->in_len);
	porter_wait(c, CONN_DRAIN, deadline_of(CONN_DRAIN));
}

static struct conn *on_writable(struct conn *c)
{
	bool moved = conn_flush(c);

	if (c->broken)
		porter_close(c);
	else if (c->out)
		porter_wait(c, CONN_WRITE, moved ? deadline_of(CONN_WRITE) : c->deadline_us);
	else if (c->keep_alive)
		return porter_place(c, c->in_len ? conn_look(c) : CONN_MORE_HEAD, CONN_BUSY);
	else
		drain(c);
	return NULL;
}

static void say_late(struct conn *c)
{
	static const char late[] =
		"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

	conn_send(c, &(struct str){late, sizeof late - 1}, 1, (struct pin){.stays = true});
}

struct conn *porter_place(struct conn *c, enum conn_ready ready, enum conn_state was)
{
	if (ready == CONN_READY)
		return c;
	if (ready == CONN_GONE || (c->porter->stopping && c->in_len == 0)) {
		if (c->late && c->in_len)
			say_late(c);
		porter_close(c);
		return NULL;
	}
	enum conn_state now = ready == CONN_MORE_BODY         ? CONN_BODY
			      : c->in_len || was == CONN_HEAD ? CONN_HEAD
							      : CONN_IDLE;
	/* Dripping bytes win no time. */
	porter_wait(c, now, now == was ? c->deadline_us : deadline_of(now));
	return NULL;
}

static struct conn *on_readable(struct conn *c, enum conn_state was)
{
	size_t had = c->in_len;
	enum conn_ready ready = conn_read(c);

	if (was == CONN_BODY)
		c->deadline_us += (int64_t)(c->in_len - had) * BODY_US_PER_KIB / 1024;
	return porter_place(c, ready, was);
}

bool porter_finish(struct conn *c, int64_t taken)
{
	if (c->broken) {
		porter_close(c);
	} else if (c->out) {
		porter_wait(c, CONN_WRITE, deadline_of(CONN_WRITE));
	} else if (!c->keep_alive) {
		if (taken < 0 || (size_t)taken < c->in_len)
			drain(c);
		else
			porter_close(c);
	} else {
		return false;
	}
	return true;
}

void porter_listen(struct conn *c)
{
	if (c->in_len == 0)
		conn_drop(c, 0);
	porter_wait(c, CONN_STREAM, INT64_MAX);
}

/* Silence is what most streams' clients keep; a worker hears the others. */
static struct conn *on_stream(struct conn *c)
{
	size_t had = c->in_len;

	if (c->late || !conn_fill(c, WS_IN_MAX))
		porter_close(c);
	else if (c->in_len > had)
		return c;
	else
		porter_listen(c);
	return NULL;
}

static struct conn *on_conn(struct conn *c)
{
	enum conn_state was = c->state;

	c->state = CONN_BUSY;
	if (was == CONN_WRITE)
		return on_writable(c);
	if (was == CONN_STREAM)
		return on_stream(c);
	if (was == CONN_DRAIN)
		on_drain(c);
	else
		return on_readable(c, was);
	return NULL;
}

struct conn *porter_attend(struct porter *p, void *tag)
{
	const int *fd = tag;

	if (tag == p)
		return NULL;
	if (fd < p->setup.fds || fd >= p->setup.fds + p->setup.n_fds)
		return on_conn(tag);
	accept_some(p, *fd);
	rearm_listener(p, fd);
	return NULL;
}
