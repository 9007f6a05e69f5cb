/* SPDX-License-Identifier: MIT */
/*
 * The porter's thread: accepts, reads heads and small bodies, keeps idle connections, flushes what slow
 * readers left, and ends what takes too long. Never waits for one connection. Started by server.c.
 */
#include "http/porter_inside.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/crypt.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EVENTS = 64, ACCEPTS = 64, TICK_MS = 1000, WATCH_MS = 2 };

static void raise_file_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0)
		log_warn("file limit stays: %d", errno);
}

static void watch(struct porter *p, int fd, void *tag)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = tag};

	if (epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev) != 0)
		die("epoll: %d", errno);
}

struct porter *porter_new(const struct porter_setup *setup)
{
	struct porter *p = calloc(1, sizeof *p);

	if (!p)
		die("out of memory");
	raise_file_limit();
	p->setup = *setup;
	p->epoll = epoll_create1(EPOLL_CLOEXEC);
	p->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	p->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (p->epoll < 0 || p->wake < 0)
		die("epoll or eventfd: %d", errno);
	p->seed = rand_u64();
	/* Held for some instructions at a time: spinning a moment beats sleeping. */
	pthread_mutexattr_t kind;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(&p->lock, &kind);
	pthread_mutexattr_destroy(&kind);
	p->cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
	watch(p, p->wake, p);
	/*
	 * A listener's tag is the address of its number: told from a connection by lying in that
	 * array.
	 */
	for (size_t i = 0; i < setup->n_fds; i++)
		watch(p, setup->fds[i], (void *)(uintptr_t)&setup->fds[i]);
	return p;
}

bool porter_is_ended(const struct porter *p)
{
	return p->threads_end;
}

/* Makes room by closing whoever has been idle, or dawdling over a head, for longest. */
static bool evict(struct porter *p)
{
	static const enum conn_state order[] = {CONN_IDLE, CONN_DRAIN, CONN_HEAD};

	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (p->lists[order[i]].first) {
			porter_close(p, p->lists[order[i]].first);
			return true;
		}
	return false;
}

static void admit(struct porter *p, int fd, const struct sockaddr *sa)
{
	struct conn *c = calloc(1, sizeof *c);
	struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data.ptr = c};
	int on = 1;

	if (!c)
		die("out of memory");
	*c = (struct conn){.porter = p, .fd = fd, .addr = addr_of(sa), .state = CONN_BUSY};
	c->is_unix = sa->sa_family == AF_UNIX;
	c->trusted = c->is_unix || addr_in(&p->setup.trusted, c->addr);
	p->n_conns++;
	uint16_t *count = &p->per_addr[addr_key(c->addr, p->seed) % ADDR_SLOTS];
	bool many = !c->trusted && *count >= conf.conns_per_addr;
	*count += !c->trusted && *count < UINT16_MAX;
	if (many || epoll_ctl(p->epoll, EPOLL_CTL_ADD, fd, &ev) != 0) {
		porter_close(p, c);
		return;
	}
	if (!c->is_unix)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	porter_place(p, c, conn_read(c));
	/*
	 * Silent from the start: the time for a head runs, not that of a known client between two
	 * requests.
	 */
	if (c->state == CONN_IDLE) {
		porter_pick(p, c);
		porter_put(p, c, CONN_HEAD);
	}
}

/*
 * Out of descriptors: the spare one is given up for a moment so that the caller is told
 * off, not left hanging.
 */
static void refuse_caller(struct porter *p, int listener)
{
	if (evict(p))
		return;
	if (p->spare >= 0)
		close(p->spare);
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		close(fd);
	p->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void accept_all(struct porter *p, int listener)
{
	for (int i = 0; i < ACCEPTS && !p->stopping; i++) {
		struct sockaddr_storage sa = {.ss_family = AF_UNIX};
		socklen_t len = sizeof sa;
		int fd = accept4(listener, (struct sockaddr *)&sa, &len,
				 SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
			refuse_caller(p, listener);
			continue;
		}
		if (fd < 0)
			return;
		if (p->n_conns >= conf.conns_max && !evict(p)) {
			close(fd);
			continue;
		}
		admit(p, fd, (struct sockaddr *)&sa);
	}
}

static void on_drain(struct porter *p, struct conn *c)
{
	char trash[4096];
	ssize_t n;

	for (int i = 0; i < 16; i++) {
		n = recv(c->fd, trash, sizeof trash, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN)) {
			porter_close(p, c);
			return;
		}
		if (n < 0)
			break;
	}
	/* The deadline of the first moment stays: nobody may send for ever. */
	int64_t deadline = c->deadline_us;
	porter_put(p, c, CONN_DRAIN);
	c->deadline_us = deadline;
}

static void on_writable(struct porter *p, struct conn *c)
{
	int64_t deadline = c->deadline_us;
	bool moved = conn_flush(c);

	if (c->broken) {
		porter_close(p, c);
	} else if (c->out) {
		porter_put(p, c, CONN_WRITE);
		if (!moved)
			c->deadline_us = deadline;
	} else if (c->keep_alive) {
		porter_place(p, c, c->in_len ? conn_look(c) : CONN_MORE_HEAD);
	} else {
		shutdown(c->fd, SHUT_WR);
		porter_put(p, c, CONN_DRAIN);
	}
}

static void on_conn(struct porter *p, struct conn *c)
{
	enum conn_state was = c->state;
	int64_t deadline = c->deadline_us;

	if (was == CONN_DEAD || was == CONN_BUSY)
		return;
	porter_pick(p, c);
	if (was == CONN_WRITE) {
		on_writable(p, c);
	} else if (was == CONN_DRAIN) {
		on_drain(p, c);
	} else {
		/*
		 * Reading needs no lock: c is nobody else's now, and workers shall not wait for a system
		 * call.
		 */
		pthread_mutex_unlock(&p->lock);
		enum conn_ready ready = conn_read(c);
		pthread_mutex_lock(&p->lock);
		porter_place(p, c, ready);
		/* Dripping bytes win no time. */
		if (c->state == was && was != CONN_IDLE)
			c->deadline_us = deadline;
	}
}

static void on_event(struct porter *p, void *tag)
{
	const int *fd = tag;

	if (tag == p) {
		uint64_t n;
		if (read(p->wake, &n, sizeof n) < 0)
			return;
	} else if (fd >= p->setup.fds && fd < p->setup.fds + p->setup.n_fds) {
		accept_all(p, *fd);
	} else {
		on_conn(p, tag);
	}
}

static void expire(struct porter *p, enum conn_state state, int64_t now)
{
	static const char late[] =
		"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

	for (struct conn *c = p->lists[state].first, *next; c; c = next) {
		next = c->next;
		if (c->deadline_us > now)
			continue;
		if (state == CONN_BODY || (state == CONN_HEAD && c->in_len))
			conn_send(c, &(struct str){late, sizeof late - 1}, 1,
				  (struct pin){.stays = true});
		porter_close(p, c);
	}
}

static void bury(struct porter *p)
{
	for (struct conn *c = p->lists[CONN_DEAD].first, *next; c; c = next) {
		next = c->next;
		free(c);
	}
	p->lists[CONN_DEAD] = (struct conn_list){0};
}

static void look_around(struct porter *p)
{
	int64_t now = clock_mono_us();

	for (int s = CONN_HEAD; s <= CONN_DRAIN; s++)
		expire(p, s, now);
	if (p->stopping)
		while (evict(p))
			;
}

static bool is_late(int64_t *last_us)
{
	int64_t now = clock_mono_us();

	if (now - *last_us < TICK_MS * 1000)
		return false;
	*last_us = now;
	return true;
}

static void *run(void *arg)
{
	struct porter *p = arg;
	struct epoll_event ev[EVENTS];
	int64_t last_us = 0;
	bool watching = false; /* somebody waits in the queue while workers sleep */

	log_doing("porter");
	while (!p->threads_end) {
		int n = epoll_wait(p->epoll, ev, EVENTS,
				   watching      ? WATCH_MS
				   : p->stopping ? 10
						 : TICK_MS);
		pthread_mutex_lock(&p->lock);
		for (int i = 0; i < n; i++)
			on_event(p, ev[i].data.ptr);
		bool tick = is_late(&last_us);
		if (tick || p->stopping)
			look_around(p);
		bury(p);
		watching = porter_hurry(p);
		pthread_mutex_unlock(&p->lock);
		if (tick && p->setup.tick)
			p->setup.tick(p->setup.arg);
	}
	return NULL;
}

void porter_start(struct porter *p)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 256 * 1024);
	if (pthread_create(&p->thread, &attr, run, p) != 0)
		die("no thread for the porter");
	pthread_attr_destroy(&attr);
	p->started = true;
}

static void wake(struct porter *p)
{
	uint64_t one = 1;

	if (write(p->wake, &one, sizeof one) < 0)
		log_warn("waking the porter: %d", errno);
}

struct porter_counts porter_counts(struct porter *p)
{
	struct porter_counts out;
	int64_t waiting = 0;

	pthread_mutex_lock(&p->lock);
	for (int s = CONN_HEAD; s <= CONN_DRAIN; s++)
		waiting += p->lists[s].n;
	out = (struct porter_counts){.conns = p->n_conns, .busy = p->n_conns - waiting};
	pthread_mutex_unlock(&p->lock);
	return out;
}

static bool is_quiet(struct porter *p)
{
	pthread_mutex_lock(&p->lock);
	int64_t still = p->n_conns - p->lists[CONN_DRAIN].n - p->lists[CONN_BODY].n;
	pthread_mutex_unlock(&p->lock);
	return still <= 0;
}

bool porter_drain(struct porter *p, int64_t drain_ms)
{
	int64_t until = clock_mono_us() + drain_ms * 1000;

	for (size_t i = 0; i < p->setup.n_fds; i++)
		epoll_ctl(p->epoll, EPOLL_CTL_DEL, p->setup.fds[i], NULL);
	p->stopping = true;
	wake(p);
	while (!is_quiet(p))
		if (clock_mono_us() >= until)
			return false;
		else
			clock_sleep_ms(2);
	return true;
}

void porter_stop(struct porter *p)
{
	pthread_mutex_lock(&p->lock);
	p->threads_end = true;
	for (struct sleeper *s = p->asleep; s; s = s->next)
		pthread_cond_signal(&s->cond);
	pthread_mutex_unlock(&p->lock);
	wake(p);
	if (p->started)
		pthread_join(p->thread, NULL);
}

void porter_free(struct porter *p)
{
	for (int s = CONN_HEAD; s <= CONN_DRAIN; s++)
		while (p->lists[s].first)
			porter_close(p, p->lists[s].first);
	while (p->queue.first) {
		struct conn *c = p->queue.first;
		p->queue.first = c->next;
		porter_close(p, c);
	}
	bury(p);
	close(p->epoll);
	close(p->wake);
	if (p->spare >= 0)
		close(p->spare);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
