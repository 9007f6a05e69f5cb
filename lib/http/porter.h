/* SPDX-License-Identifier: MIT */
/*
 * The porter: every connection that nobody is answering at this moment waits in its epoll, which
 * hands it to exactly one worker when something happened. Workers ask epoll themselves, so that a
 * busy server passes nothing from thread to thread; the porter's own thread keeps the time limits
 * and steps in when all workers are held by something slow. Knows no routes.
 */
#ifndef HTTP_PORTER_H
#define HTTP_PORTER_H

#include "base/err.h"
#include "http/conn.h"

#include <pthread.h>

struct porter_setup {
	const int *fds; /* listening */
	size_t n_fds;
	struct addr_blocks trusted;
	int64_t (*body_most)(void *arg, struct str head); /* see conn_rules; may be NULL */
	void *body_arg;
	void (*tick)(void *arg); /* once a second; may be NULL */
	void *arg;
};

/* What the porter knows of a worker. */
struct sleeper {
	pthread_cond_t cond;
	struct sleeper *peer; /* in the list of all */
	struct sleeper *next; /* among those asleep; the one that slept last is woken first */
	bool asleep;
	_Atomic bool in_hand;  /* holds a connection, or is not here */
	_Atomic uint32_t turn; /* counts connections taken */
	uint32_t seen;         /* the turn when the porter last looked */
};

struct porter_counts {
	int64_t conns, busy;
};

struct porter *porter_new(const struct porter_setup *setup);
void porter_start(struct porter *p);
/* Makes the calling worker known. Once, before its first porter_take. */
void porter_join(struct porter *p, struct sleeper *me);
/* The next connection with a request (or with c->x to go on with); NULL after wait_ms (-1: never)
 * or when stopping. */
struct conn *porter_take(struct porter *p, struct sleeper *me, int wait_ms);
/* The request at c->in is answered as far as c->out: takes c back, or returns it when its next
 * request is there already. */
struct conn *porter_done(struct conn *c, int64_t taken, bool keep_alive);
/* c has become a stream, or its stream has heard what was there: takes c back, or returns it when
 * it has said more already. */
struct conn *porter_stream(struct conn *c, int64_t taken);
/* As porter_done, for other threads than workers. */
void porter_hand_back(struct conn *c, int64_t taken, bool keep_alive);
/* Queues c (with c->x set) for a worker. */
void porter_requeue(struct conn *c);
struct porter_counts porter_counts(struct porter *p);
bool porter_is_ended(const struct porter *p); /* porter_stop was called */
/* No new connections; idle ones are closed. Then true when nothing is in hand within drain_ms. */
bool porter_drain(struct porter *p, int64_t drain_ms);
/* Ends the thread and wakes every worker with NULL. */
void porter_stop(struct porter *p);
void porter_free(struct porter *p);

#endif
