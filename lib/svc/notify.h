/* SPDX-License-Identifier: MIT */
/* systemd's notify protocol (sd_notify(3)); does nothing when not started by systemd. */
#ifndef SVC_NOTIFY_H
#define SVC_NOTIFY_H

#include <stdint.h>

/* Takes NOTIFY_SOCKET and WATCHDOG_USEC out of the environment, so that children do not speak for
 * us. */
void notify_open(void);
/* "READY=1\nSTATUS=..." */
void notify_send(const char *state);
/* Sends WATCHDOG=1 when half of the watchdog's time has passed. Returns ms until the next one, -1
 * without a watchdog. */
int notify_watchdog(int64_t now_us);

#endif
