/* SPDX-License-Identifier: MIT */
/*
 * Handing connections from the porter to workers and back. First come, first served; a worker that
 * finished an answer looks once for the next request on the same connection while nobody else waits.
 */
#include "http/porter_inside.h"
#include "base/clock.h"
#include "base/conf.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

static void list_add(struct conn_list *l, struct conn *c)
{
	c->next = NULL;
	c->prev = l->last;
	*(l->last ? &l->last->next : &l->first) = c;
	l->last = c;
	l->n++;
}

static void list_take(struct conn_list *l, struct conn *c)
{
	*(c->prev ? &c->prev->next : &l->first) = c->next;
	*(c->next ? &c->next->prev : &l->last) = c->prev;
	c->prev = c->next = NULL;
	l->n--;
}

/*
 * A client that asks without pause shall not keep a worker from those the porter has not
 * seen yet.
 */
enum { IN_A_ROW = 8 };

static int64_t patience_us(enum conn_state state)
{
	switch (state) {
	case CONN_HEAD:
		return conf.head_timeout_ms * 1000;
	case CONN_IDLE:
		return conf.idle_timeout_ms * 1000;
	case CONN_DRAIN:
		return 1000 * 1000;
	default:
		return conf.body_timeout_ms * 1000;
	}
}

void porter_put(struct porter *p, struct conn *c, enum conn_state state)
{
	struct epoll_event ev = {
		.events = EPOLLONESHOT | (state == CONN_WRITE ? EPOLLOUT : EPOLLIN | EPOLLRDHUP),
		.data.ptr = c,
	};

	c->state = (uint8_t)state;
	c->deadline_us = clock_mono_us() + patience_us(state);
	list_add(&p->lists[state], c);
	if (epoll_ctl(p->epoll, EPOLL_CTL_MOD, c->fd, &ev) != 0)
		porter_close(p, c);
}

void porter_pick(struct porter *p, struct conn *c)
{
	if (c->state != CONN_BUSY)
		list_take(&p->lists[c->state], c);
	c->state = CONN_BUSY;
}

enum { WAIT_LONG_US = 2000 };

static void wake_one(struct porter *p)
{
	struct sleeper *s = p->asleep;

	if (!s)
		return;
	p->asleep = s->next;
	s->woken = true;
	p->awake++;
	pthread_cond_signal(&s->cond);
}

/*
 * More threads than cores only take turns: another is woken when those awake seem to be
 * held by something slow.
 */
bool porter_hurry(struct porter *p)
{
	struct conn *c = p->queue.first;

	if (!c || !p->asleep)
		return false;
	if (p->awake < p->cores || clock_mono_us() - c->deadline_us > WAIT_LONG_US)
		wake_one(p);
	return true;
}

void porter_join(struct porter *p)
{
	pthread_mutex_lock(&p->lock);
	p->awake++;
	pthread_mutex_unlock(&p->lock);
}

void porter_queue(struct porter *p, struct conn *c)
{
	c->state = CONN_BUSY;
	c->in_a_row = 0;
	c->deadline_us = clock_mono_us(); /* since when it waits */
	list_add(&p->queue, c);
	porter_hurry(p);
}

void porter_requeue(struct conn *c)
{
	struct porter *p = c->porter;

	pthread_mutex_lock(&p->lock);
	porter_queue(p, c);
	pthread_mutex_unlock(&p->lock);
}

static void fall_awake(struct porter *p, struct sleeper *me)
{
	for (struct sleeper **at = &p->asleep; *at; at = &(*at)->next)
		if (*at == me) {
			*at = me->next;
			return;
		}
}

/* Under the lock. False when the time was up before anybody called. */
static bool sleep_till_called(struct porter *p, struct sleeper *me, int wait_ms)
{
	struct timespec until;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	me->woken = false;
	p->awake--;
	me->next = p->asleep;
	p->asleep = me;
	while (!me->woken && !p->threads_end && rc == 0)
		rc = wait_ms < 0 ? pthread_cond_wait(&me->cond, &p->lock)
				 : pthread_cond_timedwait(&me->cond, &p->lock, &until);
	if (!me->woken) {
		fall_awake(p, me);
		p->awake++;
	}
	return me->woken;
}

struct conn *porter_take(struct porter *p, struct sleeper *me, int wait_ms)
{
	struct conn *c = NULL;

	pthread_mutex_lock(&p->lock);
	while (!p->threads_end && !p->queue.first)
		if (!sleep_till_called(p, me, wait_ms) && wait_ms >= 0)
			break;
	if (!p->threads_end && p->queue.first) {
		c = p->queue.first;
		list_take(&p->queue, c);
		porter_hurry(p);
	}
	pthread_mutex_unlock(&p->lock);
	return c;
}

void porter_place(struct porter *p, struct conn *c, enum conn_ready ready)
{
	switch (ready) {
	case CONN_READY:
		porter_queue(p, c);
		break;
	case CONN_MORE_HEAD:
		if (c->in_len == 0) {
			free(c->in);
			c->in = NULL;
			c->in_cap = 0;
		}
		if (c->in_len == 0 && p->stopping)
			porter_close(p, c);
		else
			porter_put(p, c, c->in_len ? CONN_HEAD : CONN_IDLE);
		break;
	case CONN_MORE_BODY:
		porter_put(p, c, CONN_BODY);
		break;
	case CONN_GONE:
		porter_close(p, c);
		break;
	}
}

/*
 * An answer is out or given up, and the client is still sending: closing now would make
 * its kernel drop our answer.
 */
static void drain(struct porter *p, struct conn *c)
{
	shutdown(c->fd, SHUT_WR);
	c->scan = (struct scan){0};
	porter_put(p, c, CONN_DRAIN);
}

/* Whether this connection waits for something else than a next request; it is placed then. */
static bool ended(struct porter *p, struct conn *c, int64_t taken)
{
	if (c->broken) {
		porter_close(p, c);
	} else if (c->out) {
		porter_put(p, c, CONN_WRITE);
	} else if (!c->keep_alive) {
		if (taken < 0 || (uint32_t)taken < c->in_len)
			drain(p, c);
		else
			porter_close(p, c);
	} else {
		return false;
	}
	return true;
}

/* Settles what the finished request leaves behind. */
static void settle(struct conn *c, int64_t taken, bool keep_alive)
{
	c->x = NULL;
	c->keep_alive = keep_alive && taken >= 0 && !c->porter->stopping;
	if (c->keep_alive)
		conn_drop(c, (size_t)taken);
}

struct conn *porter_done(struct conn *c, int64_t taken, bool keep_alive)
{
	struct porter *p = c->porter;
	enum conn_ready ready = CONN_MORE_HEAD;

	settle(c, taken, keep_alive);
	bool linger = ++c->in_a_row < IN_A_ROW;
	if (c->keep_alive && !c->out && !c->broken)
		ready = c->in_len ? conn_look(c) : linger ? conn_read(c) : CONN_MORE_HEAD;
	pthread_mutex_lock(&p->lock);
	if (!ended(p, c, taken)) {
		if (ready == CONN_READY && !p->queue.first && linger) {
			pthread_mutex_unlock(&p->lock);
			return c;
		}
		porter_place(p, c, ready);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

void porter_hand_back(struct conn *c, int64_t taken, bool keep_alive)
{
	struct porter *p = c->porter;

	settle(c, taken, keep_alive);
	pthread_mutex_lock(&p->lock);
	if (!ended(p, c, taken))
		porter_place(p, c, c->in_len ? conn_look(c) : CONN_MORE_HEAD);
	pthread_mutex_unlock(&p->lock);
}

void porter_close(struct porter *p, struct conn *c)
{
	porter_pick(p, c);
	uint16_t *count = &p->per_addr[addr_key(c->addr, p->seed) % ADDR_SLOTS];
	if (!c->is_unix && !c->trusted && *count)
		--*count;
	conn_clean(c);
	p->n_conns--;
	/* The porter may hold an event for it: it frees the dead between two rounds. */
	c->state = CONN_DEAD;
	list_add(&p->lists[CONN_DEAD], c);
}
