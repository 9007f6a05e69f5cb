/* SPDX-License-Identifier: MIT */
/*
 * The porter's own thread: ends what takes too long, and watches that nothing ready waits while
 * workers are held by something slow. Starting and stopping. Started by server.c.
 */
#include "http/porter_inside.h"
#include "base/clock.h"
#include "base/crypt.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EVENTS = 64, TICK_MS = 1000, WATCH_MS = 2 };

static void raise_file_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0)
		log_warn("file limit stays: %d", errno);
}

static void watch(struct porter *p, int fd, void *tag, uint32_t how)
{
	struct epoll_event ev = {.events = EPOLLIN | how, .data.ptr = tag};

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
	p->rules = (struct conn_rules){.body_most = setup->body_most, .arg = setup->body_arg};
	/* Held for some instructions at a time: spinning a moment beats sleeping. */
	pthread_mutexattr_t kind;
	pthread_mutexattr_init(&kind);
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(&p->lock, &kind);
	pthread_mutexattr_destroy(&kind);
	p->allowed = p->cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
	/* Each kick wakes one worker. */
	watch(p, p->wake, p, EPOLLET);
	/*
	 * A listener's tag is the address of its number: told from a connection by lying in that
	 * array.
	 */
	for (size_t i = 0; i < setup->n_fds; i++)
		watch(p, setup->fds[i], (void *)(uintptr_t)&setup->fds[i], EPOLLONESHOT);
	return p;
}

bool porter_is_ended(const struct porter *p)
{
	return p->threads_end;
}

static bool is_waiting(enum conn_state state)
{
	return state != CONN_BUSY;
}

static bool may_leave(enum conn_state state)
{
	return state == CONN_IDLE || state == CONN_HEAD || state == CONN_DRAIN ||
	       state == CONN_STREAM;
}

/* Shuts down whose time is up; when stopping, also whoever waits for nothing. */
static void look_around(struct porter *p)
{
	int64_t now = clock_mono_us();

	pthread_mutex_lock(&p->lock);
	for (struct conn *c = p->all; c; c = c->next) {
		enum conn_state state = c->state;
		bool over = is_waiting(state) && c->deadline_us <= now;
		if (c->late || !(over || (p->stopping && may_leave(state))))
			continue;
		c->late = true;
		shutdown(c->fd, state == CONN_WRITE ? SHUT_RDWR : SHUT_RD);
	}
	pthread_mutex_unlock(&p->lock);
}

static bool is_late(int64_t *last_us)
{
	int64_t now = clock_mono_us();

	if (now - *last_us < TICK_MS * 1000)
		return false;
	*last_us = now;
	return true;
}

static bool has_reports(struct porter *p, int wait_ms)
{
	struct pollfd fd = {.fd = p->epoll, .events = POLLIN};

	return poll(&fd, 1, wait_ms) > 0;
}

/* All workers are held: heads and bodies are read and slow readers fed nevertheless. */
static void stand_in(struct porter *p)
{
	struct epoll_event ev;

	for (int i = 0; i < EVENTS && epoll_wait(p->epoll, &ev, 1, 0) == 1; i++) {
		struct conn *c = porter_attend(p, ev.data.ptr);
		if (c)
			porter_queue(p, c);
	}
}

/* Waits for something that the workers do not take soon, at most wait_ms. */
static void watch_workers(struct porter *p, int wait_ms)
{
	if (p->n_queued == 0 && !has_reports(p, wait_ms))
		return;
	clock_sleep_ms(WATCH_MS);
	if ((p->n_queued > 0 || has_reports(p, 0)) && !porter_relieve(p))
		stand_in(p);
}

static void *run(void *arg)
{
	struct porter *p = arg;
	int64_t last_us = 0;

	log_doing("porter");
	while (!p->threads_end) {
		watch_workers(p, TICK_MS);
		if (!is_late(&last_us))
			continue;
		look_around(p);
		if (p->setup.tick)
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

static int64_t count(struct porter *p, bool (*is)(enum conn_state state))
{
	int64_t n = 0;

	pthread_mutex_lock(&p->lock);
	for (struct conn *c = p->all; c; c = c->next)
		n += is(c->state);
	pthread_mutex_unlock(&p->lock);
	return n;
}

struct porter_counts porter_counts(struct porter *p)
{
	struct porter_counts out;

	out.busy = -count(p, is_waiting);
	pthread_mutex_lock(&p->lock);
	out.conns = p->n_conns;
	pthread_mutex_unlock(&p->lock);
	out.busy += out.conns;
	return out;
}

/* Whoever is still sending a body, or leaving, is not waited for. */
static bool is_in_hand(enum conn_state state)
{
	return state != CONN_DRAIN && state != CONN_BODY;
}

bool porter_drain(struct porter *p, int64_t drain_ms)
{
	int64_t until = clock_mono_us() + drain_ms * 1000;

	p->stopping = true;
	for (size_t i = 0; i < p->setup.n_fds; i++)
		epoll_ctl(p->epoll, EPOLL_CTL_DEL, p->setup.fds[i], NULL);
	for (;;) {
		look_around(p);
		if (count(p, is_in_hand) == 0)
			return true;
		if (clock_mono_us() >= until)
			return false;
		clock_sleep_ms(2);
	}
}

void porter_stop(struct porter *p)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = p};

	pthread_mutex_lock(&p->lock);
	p->threads_end = true;
	for (struct sleeper *s = p->asleep; s; s = s->next)
		pthread_cond_signal(&s->cond);
	pthread_mutex_unlock(&p->lock);
	/* Nobody reads it: from now on it is reported to everyone who asks. */
	epoll_ctl(p->epoll, EPOLL_CTL_MOD, p->wake, &ev);
	porter_kick(p);
	if (p->started)
		pthread_join(p->thread, NULL);
}

void porter_free(struct porter *p)
{
	while (p->all)
		porter_close(p->all);
	close(p->epoll);
	close(p->wake);
	if (p->spare >= 0)
		close(p->spare);
	pthread_mutex_destroy(&p->lock);
	free(p);
}
