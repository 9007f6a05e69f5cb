/* SPDX-License-Identifier: MIT */
/*
 * What porter.c (time limits, start and stop), attend.c (what epoll reports) and queue.c (the
 * workers' side) share. Included by these three only.
 *
 * Who may touch a connection: epoll reports it once and then no more until it is armed again
 * (EPOLLONESHOT), so whoever got the report owns it, and only the owner closes and frees it.
 * Anybody else who wants it gone shuts its socket down under the lock: that makes a report.
 */
#ifndef HTTP_PORTER_INSIDE_H
#define HTTP_PORTER_INSIDE_H

#include "http/porter.h"

enum { ADDR_SLOTS = 16384 };

struct porter {
	struct porter_setup setup;
	struct conn_rules rules;
	int epoll, wake;
	int cores;
	uint64_t seed;
	pthread_t thread;
	bool started;
	_Atomic bool stopping, threads_end;
	_Atomic int awake; /* workers that are not asleep */
	_Atomic int
		allowed; /* more than these only take turns: one a core, and those that are stuck */
	_Atomic int n_queued; /* changed under the lock */
	pthread_mutex_t lock; /* of everything below, and of what its comment says in struct conn */
	int spare;
	struct conn *all, *newest; /* from the oldest on */
	struct conn *hand;         /* whom porter_evict looks at next */
	int64_t n_conns;
	struct conn *first, *last; /* the queue: requests found by others than workers */
	struct sleeper *workers, *asleep;
	uint16_t per_addr[ADDR_SLOTS];
};

/* attend.c: c is the caller's; these give it away. */
void porter_wait(struct conn *c, enum conn_state state, int64_t deadline_us);
void porter_close(struct conn *c);
/* Waits for what the client of c's stream says. */
void porter_listen(struct conn *c);
/* Arms c for what its state of reading asks for; returns c when a whole request is there. */
struct conn *porter_place(struct conn *c, enum conn_ready ready, enum conn_state was);
/* After an answer: drain, flush or close. False when c is to go on with its next request. */
bool porter_finish(struct conn *c, int64_t taken);
/* Deals with a report of epoll; returns a connection that has a request. Never waits. */
struct conn *porter_attend(struct porter *p, void *tag);
/* Under the lock: shuts down one that nobody would miss. */
bool porter_evict(struct porter *p);

/* queue.c */
void porter_queue(struct porter *p, struct conn *c);
/* Says that the queue has something. */
void porter_kick(struct porter *p);
/* Lets sleeping workers in for those that are stuck; false when nobody is left who could take
 * anything. */
bool porter_relieve(struct porter *p);

#endif
