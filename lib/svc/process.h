/* SPDX-License-Identifier: MIT */
/* Small things about processes that the supervisor, the services and the commands share. */
#ifndef SVC_PROCESS_H
#define SVC_PROCESS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

/* Files for the owner only, no core dumps, no new privileges. */
void process_harden(void);
/* mkdir -p, for the owner only. ERR_STORAGE after a log line. */
enum err folder_make(struct str dir) MUST_USE;
/* Removes a folder and all in it; nothing follows symbolic links. */
void folder_remove(struct str dir);
/*
 * Takes the lock of a data folder, DIR/run/lock; *fd keeps it until it is closed or the process
 * ends. ERR_CONFLICT when another kwipd has it, without a log line. Makes DIR/run.
 */
enum err folder_lock(struct str dir, int *fd) MUST_USE;
/* The pid of who has that lock; 0: nobody. Takes nothing, so it disturbs no start. */
int folder_locked_by(struct str dir);
/* The letter of /proc/PID/stat: R, S, T (stopped) ...; 0 when there is none. */
char process_state(int pid);

#endif
