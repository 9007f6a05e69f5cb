/* SPDX-License-Identifier: MIT */
/*
 * The workers' side of the porter: taking the next request, giving an answered connection back, and
 * how many workers are awake. Called by worker.c and write.c.
 */
#include "http/porter_inside.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A client that has sent many requests at once shall not keep a worker from the others. */
enum { IN_A_ROW = 8 };

void porter_kick(struct porter *p)
{
	uint64_t one = 1;

	if (write(p->wake, &one, sizeof one) < 0)
		log_warn("waking the workers: %d", errno);
}

void porter_queue(struct porter *p, struct conn *c)
{
	pthread_mutex_lock(&p->lock);
	c->behind = NULL;
	*(p->last ? &p->last->behind : &p->first) = c;
	p->last = c;
	p->n_queued++;
	pthread_mutex_unlock(&p->lock);
	porter_kick(p);
}

static struct conn *unqueue(struct porter *p)
{
	if (p->n_queued == 0)
		return NULL;
	pthread_mutex_lock(&p->lock);
	struct conn *c = p->first;
	if (c) {
		p->first = c->behind;
		if (!p->first)
			p->last = NULL;
		p->n_queued--;
	}
	pthread_mutex_unlock(&p->lock);
	/* One kick wakes one worker, however many were given meanwhile. */
	if (c && p->n_queued > 0)
		porter_kick(p);
	return c;
}

void porter_requeue(struct conn *c)
{
	porter_queue(c->porter, c);
}

void porter_join(struct porter *p, struct sleeper *me)
{
	pthread_mutex_lock(&p->lock);
	me->in_hand = true;
	me->peer = p->workers;
	p->workers = me;
	p->awake++;
	pthread_mutex_unlock(&p->lock);
}

static void wake_one(struct porter *p)
{
	struct sleeper *s = p->asleep;

	p->asleep = s->next;
	s->asleep = false;
	p->awake++;
	pthread_cond_signal(&s->cond);
}

bool porter_relieve(struct porter *p)
{
	int moving = 0, stuck = 0;

	pthread_mutex_lock(&p->lock);
	for (struct sleeper *s = p->workers; s; s = s->peer) {
		uint32_t turn = s->turn;
		bool same = s->in_hand && turn == s->seen;
		s->seen = turn;
		moving += !s->asleep && !same;
		stuck += !s->asleep && same;
	}
	p->allowed = p->cores + stuck;
	for (; moving < p->cores && p->asleep; moving++)
		wake_one(p);
	pthread_mutex_unlock(&p->lock);
	/* Its kick may have met a worker that was just leaving. */
	if (p->n_queued > 0)
		porter_kick(p);
	return moving > 0;
}

static void forget_sleeper(struct porter *p, struct sleeper *me)
{
	for (struct sleeper **at = &p->asleep; *at; at = &(*at)->next)
		if (*at == me) {
			*at = me->next;
			break;
		}
	me->asleep = false;
	p->awake++;
}

static bool is_one_too_many(const struct porter *p)
{
	return p->awake > p->allowed;
}

/* Sleeps while there are enough without me. False when the time was up before anybody called. */
static bool sleep_if_not_needed(struct porter *p, struct sleeper *me, int wait_ms)
{
	struct timespec until;
	int rc = 0;

	if (!is_one_too_many(p))
		return true;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += wait_ms / 1000;
	pthread_mutex_lock(&p->lock);
	if (is_one_too_many(p)) {
		me->asleep = true;
		me->next = p->asleep;
		p->asleep = me;
		p->awake--;
		while (me->asleep && !p->threads_end && rc == 0)
			rc = wait_ms < 0 ? pthread_cond_wait(&me->cond, &p->lock)
					 : pthread_cond_timedwait(&me->cond, &p->lock, &until);
		if (me->asleep)
			forget_sleeper(p, me);
	}
	pthread_mutex_unlock(&p->lock);
	return rc == 0;
}

struct conn *porter_take(struct porter *p, struct sleeper *me, int wait_ms)
{
	struct conn *c = NULL;
	int n = 1;

	me->in_hand = false;
	while (!p->threads_end && !c && n != 0) {
		struct epoll_event ev;
		if (!sleep_if_not_needed(p, me, wait_ms))
			break;
		c = unqueue(p);
		if (c)
			break;
		/* One at a time: what is ready behind it is for whoever is free first. */
		n = epoll_wait(p->epoll, &ev, 1, wait_ms);
		if (n == 1)
			c = porter_attend(p, ev.data.ptr);
	}
	me->turn++;
	me->in_hand = true;
	if (c)
		c->served = true;
	return c;
}

/* Settles what the finished request leaves behind. */
static void settle(struct conn *c, int64_t taken, bool keep_alive)
{
	c->x = NULL;
	c->keep_alive = keep_alive && taken >= 0 && !c->porter->stopping && !c->late;
	if (c->keep_alive)
		conn_drop(c, (size_t)taken);
}

/* The next request of c when it is there already, else NULL and c waits. */
static struct conn *next_request(struct conn *c)
{
	return porter_place(c, c->in_len ? conn_look(c) : CONN_MORE_HEAD, CONN_BUSY);
}

struct conn *porter_done(struct conn *c, int64_t taken, bool keep_alive)
{
	struct porter *p = c->porter;

	settle(c, taken, keep_alive);
	if (porter_finish(c, taken) || !(c = next_request(c)))
		return NULL;
	if (++c->in_a_row < IN_A_ROW)
		return c;
	c->in_a_row = 0;
	porter_queue(p, c);
	return NULL;
}

struct conn *porter_stream(struct conn *c, int64_t taken)
{
	c->x = NULL;
	if (taken > 0)
		conn_drop(c, (size_t)taken);
	if (taken > 0 && c->in_len)
		return c;
	porter_listen(c);
	return NULL;
}

void porter_hand_back(struct conn *c, int64_t taken, bool keep_alive)
{
	struct porter *p = c->porter;

	settle(c, taken, keep_alive);
	if (!porter_finish(c, taken) && (c = next_request(c)))
		porter_queue(p, c);
}
