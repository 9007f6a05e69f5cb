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

enum { BOARD_SLOTS = 12, BOARD_WANTED = 256 };

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

struct board {
	int64_t magic;
	_Atomic int supervisor_pid;
	_Atomic int64_t started_at, ready_at;
	_Atomic int nudge_w[BOARD_SLOTS]; /* writing ends: the same fd numbers in every child */
	struct board_slot slot[BOARD_SLOTS];
	/* Kwips whose card was asked for and not there: web writes, the timeline service renders
	 * them. Lossy. */
	_Atomic uint32_t wanted_at;
	_Atomic int64_t wanted[BOARD_WANTED];
};

/* create: made anew (supervisor). Otherwise opened read-write when there is one (ERR_NOT_FOUND). */
enum err board_open(struct board **b, struct str dir, bool create) MUST_USE;
/* As board_open(create), and the file stays open as *fd for children to inherit. */
enum err board_make(struct board **b, struct str dir, int *fd) MUST_USE;
/* The board behind an inherited descriptor, wherever its file went. */
enum err board_of_fd(struct board **b, int fd) MUST_USE;
void board_close(struct board *b);

#endif
