/* SPDX-License-Identifier: MIT */
/*
 * The status board: one shared page that all processes of a kwipd see. Each writes its own slot
 * only; the supervisor and `kwipd status` read all. Kept as DIR/run/board so that `kwipd status`
 * finds it beside a running server.
 */
#ifndef SVC_BOARD_H
#define SVC_BOARD_H

#include <stdatomic.h>
#include "base/err.h"
#include "base/str.h"

enum { BOARD_SLOTS = 12, BOARD_RING = 256 };

struct board_slot {
	char name[16];
	_Atomic int pid;            /* 0: not running */
	_Atomic int64_t started_at; /* ms */
	_Atomic int64_t beat_at;    /* ms of the last heartbeat */
	_Atomic int64_t cursor;     /* event seq it has reached */
	_Atomic int64_t event;      /* being handled now */
	_Atomic int64_t deadly;     /* the event it died at last */
	_Atomic int deaths;         /* in a row at that event */
	_Atomic int restarts;
	char doing[48]; /* a short word, torn reads are harmless */
};

/* Ids from one process to another. Lossy: a full ring forgets its oldest, and who asked asks again.
 */
struct board_ring {
	_Atomic uint32_t end; /* ids ever put */
	_Atomic int64_t id[BOARD_RING];
};

struct board {
	int64_t magic;
	_Atomic int supervisor_pid;
	_Atomic int64_t started_at, ready_at;
	_Atomic int nudge_w[BOARD_SLOTS]; /* writing ends: the same fd numbers in every child */
	struct board_slot slot[BOARD_SLOTS];
	struct board_ring
		wanted; /* kwips whose card was missing: web asks, the timeline service renders */
	struct board_ring
		repeats; /* kwips that may be repeats: the timeline service asks, web looks */
	_Atomic int64_t repeats_seq; /* how far the log was read for them */
};

/* create: made anew (supervisor). Otherwise opened read-write when there is one (ERR_NOT_FOUND). */
enum err board_open(struct board **b, struct str dir, bool create) MUST_USE;
/* As board_open(create), and the file stays open as *fd for children to inherit. */
enum err board_make(struct board **b, struct str dir, int *fd) MUST_USE;
/* The board behind an inherited descriptor, wherever its file went. */
enum err board_of_fd(struct board **b, int fd) MUST_USE;
void board_close(struct board *b);

/* How far a service has read the log; 0 when it does not say. */
int64_t board_cursor(const struct board *b, struct str name);

/* Any thread. */
void ring_put(struct board_ring *r, int64_t id);
/* Takes what was put since *seen (the reader's own mark) into ids, each once; returns how many. One
 * reader. */
size_t ring_take(struct board_ring *r, uint32_t *seen, int64_t ids[BOARD_RING]);

#endif
