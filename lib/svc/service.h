/* SPDX-License-Identifier: MIT */
/*
 * What every service process has: its place on the board, its nudge pipe, the lifeline. The table
 * of services stands in kwipd.c; the supervisor forks and re-executes the binary with --service
 * NAME.
 */
#ifndef SVC_SERVICE_H
#define SVC_SERVICE_H

#include "base/err.h"
#include "store/db.h"
#include "svc/board.h"

enum { SERVICES_MAX = 12 };

struct svc {
	const char *name;
	int slot;          /* on the board */
	int nudge_fd;      /* reading end of this service's pipe, non-blocking; -1 when run alone */
	int lifeline_fd;   /* EOF: the supervisor is gone; -1 when run alone */
	int listen_fds[8]; /* web: sockets opened by the supervisor, so that a restart loses no
			      connection */
	int n_listen_fds;
	struct board *board; /* shared page */
};

struct service {
	const char *name;
	int (*run)(struct svc *
			   self); /* returns the exit code; conf is loaded, log open, signals set */
	bool listens;             /* gets the listening sockets */
	const char *help;
};

/* True until SIGTERM or the end of the lifeline. */
bool svc_alive(const struct svc *self);
/* Waits for a nudge at most timeout_ms (drains the pipe), a signal or the lifeline. Returns
 * svc_alive(). */
bool svc_wait(struct svc *self, int timeout_ms);
/* Tells the board: alive now, what it does (a literal), how far its cursor is. Cheap. */
void svc_beat(struct svc *self, const char *doing, int64_t cursor);
/* Before handling an event: the board remembers it, so that the supervisor can count whose death it
 * was. 0: none. A test names one by KWIPD_TEST_AT_EVENT=SEQ:abort:SERVICE (or :loop:) that is never
 * survived.
 */
void svc_event_begin(struct svc *self, int64_t seq);
/* True when the board says that this event has killed its reader five times: park it and go on. */
bool svc_event_is_deadly(struct svc *self, int64_t seq);
/* "Look at the log": a byte to every service but the caller's own; after each commit. Never blocks.
 */
void svc_nudge_all(struct svc *self);
/* SIGHUP arrived since the last call: settings were read again. */
bool svc_settings_changed(struct svc *self);

/* The work has begun (web answers): wakes the supervisor. */
void svc_say_ready(struct svc *self);

/* The table, in kwipd.c. */
extern const struct service service_table[];
extern const size_t service_count;
/* A service's whole process: what main() becomes under --service. fds: what service_fds_put wrote.
 */
int service_main(const struct service *service, const char *fds);
/* How the descriptors in s, and the board's, are told to the child across exec. */
void service_fds_put(const struct svc *s, int board_fd, char *text, size_t cap);

/* The services; each in a file of its own. */
int svc_web(struct svc *self);
int svc_timeline(struct svc *self);
int svc_courier(struct svc *self);
int svc_media(struct svc *self);
int svc_search(struct svc *self);

#endif
