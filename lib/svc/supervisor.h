/* SPDX-License-Identifier: MIT */
/*
 * The parent of all services: listens, starts each as a process of its own, restarts what dies.
 * Opens no database and parses no input but settings. Called by `kwipd run` and `kwipd demo`.
 */
#ifndef SVC_SUPERVISOR_H
#define SVC_SUPERVISOR_H

#include "svc/service.h"

/* Serves until SIGTERM or SIGINT. The exit code: 0 after those, 1 when it could not begin. */
int supervisor_run(void);
/*
 * The first child of a start, `--service prepare`: makes or migrates the database; prints the link
 * for the first account when there is none yet. Its exit code.
 */
int prepare_main(const char *fds);

#endif
