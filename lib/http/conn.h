/* SPDX-License-Identifier: MIT */
/*
 * One client's connection: its socket, what was read, what is still to be sent. At any moment it
 * belongs to the porter, to one worker, or to a write that waits for its fsync; only the owner
 * touches it.
 */
#ifndef HTTP_CONN_H
#define HTTP_CONN_H

#include "base/addr.h"
#include "base/err.h"
#include "http/bulk.h"
#include "http/head.h"

struct exchange;
struct porter;
struct stream;

enum conn_state {
	CONN_HEAD,
	CONN_IDLE,
	CONN_BODY,
	CONN_WRITE,
	CONN_DRAIN,
	CONN_STREAM, /* for what its client says; others send meanwhile */
	CONN_BUSY,   /* in somebody's hands; all others wait for epoll */
};

/* What the connections of one porter share. */
struct conn_rules {
	/* The longest body that a request with this head may have. NULL: BODY_DEFAULT. */
	int64_t (*body_most)(void *arg, struct str head);
	void *arg;
	_Atomic int64_t gathered; /* bytes of all buffers in memory that hold bodies */
	_Atomic int64_t bulky;    /* the same of those in files */
};

/* All bodies being gathered together take no more memory, and no more disk, than this; then large
 * ones are put off. */
enum { BODY_DEFAULT = 256 * 1024, GATHER_MOST = 64 * 1024 * 1024 };
static const int64_t BULK_MOST = INT64_C(16) << 30;

/* What the last part of an answer points into: hold keeps it until release. A NULL hold with
 * `stays`: for ever. */
struct pin {
	bool stays;
	void *ref;
	void (*hold)(void *ref);
	void (*release)(void *ref);
};

/* The unsent rest of an answer. */
struct out;

struct conn {
	struct conn *prev, *next; /* of all; the porter's lock guards them */
	struct conn *behind;      /* in the queue */
	struct porter *porter;
	struct conn_rules *rules;
	struct exchange *x;    /* a request that comes back to a worker for its answer */
	struct stream *stream; /* once it is one; NULL */
	char *in;              /* NULL while nothing was read; memory, or bulk.at */
	struct bulk bulk;      /* where a large body is gathered */
	struct out *out;
	struct scan scan; /* of the request at in, once its head is whole */
	struct chunk_walk walk;
	size_t in_len, in_cap;
	int64_t body_most;
	_Atomic int64_t deadline_us; /* these three are looked at by the porter's thread too */
	_Atomic uint8_t state;
	_Atomic bool
		late; /* its time is up and its socket shut; whoever gets the event closes it */
	int fd;
	uint8_t in_a_row; /* requests answered without waiting for epoll */
	bool is_unix, trusted, broken, keep_alive, continued;
	bool served; /* since the porter last looked for somebody to make room */
	struct addr addr;
};

enum conn_ready { CONN_MORE_HEAD, CONN_MORE_BODY, CONN_READY, CONN_GONE };

/* Reads what is there (never waits) and says what is to be done. */
enum conn_ready conn_read(struct conn *c);
/* The same for bytes already read. */
enum conn_ready conn_look(struct conn *c);
/* Reads what is there up to so many bytes in all, whatever it means; false when the client is gone.
 */
bool conn_fill(struct conn *c, size_t most) MUST_USE;
/* Forgets the first n bytes (a finished request); with none left the buffer is given back. */
void conn_drop(struct conn *c, size_t n);
/* Sends what goes out at once; the rest is kept in c->out. At most 7 parts, the last is the body.
 */
void conn_send(struct conn *c, const struct str *parts, int n, struct pin pin);
/* Sends more of the rest: true when something went out. c->out is NULL when all is out. */
bool conn_flush(struct conn *c);
/* Frees everything but c itself. */
void conn_clean(struct conn *c);

#endif
