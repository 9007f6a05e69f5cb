/* SPDX-License-Identifier: MIT */
/* What porter.c (the thread) and queue.c (the workers' side) share. Included by these two only. */
#ifndef HTTP_PORTER_INSIDE_H
#define HTTP_PORTER_INSIDE_H

#include "http/porter.h"

enum { ADDR_SLOTS = 16384 };

struct conn_list {
	struct conn *first, *last;
	int64_t n;
};

struct porter {
	struct porter_setup setup;
	int epoll, wake, spare;
	pthread_t thread;
	bool started;
	_Atomic bool stopping, threads_end;
	pthread_mutex_t lock; /* of everything below */
	struct conn_list lists[CONN_STATES];
	struct conn_list queue;
	struct sleeper *asleep;
	int awake,
		cores; /* workers not asleep; more than cores of them only when somebody waits long */
	int64_t n_conns;
	uint64_t seed;
	uint16_t per_addr[ADDR_SLOTS];
};

/* Under the lock: moves c into the list of a state, with its deadline, and arms epoll for it. */
void porter_put(struct porter *p, struct conn *c, enum conn_state state);
/* Under the lock: wakes one more worker when the queue's first has waited too long. True while there is one to watch. */
bool porter_hurry(struct porter *p);
/* Under the lock. */
void porter_queue(struct porter *p, struct conn *c);
/* Under the lock: takes c out of its list; it is busy from now on. */
void porter_pick(struct porter *p, struct conn *c);
/* Under the lock: closes; c is freed at the porter's next round. */
void porter_close(struct porter *p, struct conn *c);
/* Under the lock, c busy: what its input asks for: queue, wait, close. */
void porter_place(struct porter *p, struct conn *c, enum conn_ready ready);

#endif
