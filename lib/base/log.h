/* SPDX-License-Identifier: MIT */
/*
 * One logfmt line each on stderr: at=... level=... svc=... msg="..." written with a single
 * write(2). Never log a token, password, cookie or private text. Thread-safe.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_open(const char *service, enum log_level least); /* service: a literal, kept */
void log_level_set(enum log_level least);
/* What this thread is doing (a handler's name, a literal; NULL to clear): named in die() and crash
 * lines. */
void log_doing(const char *what);
const char *log_what(void);
void log_debug(const char *fmt, ...) PRINTF(1, 2);
void log_info(const char *fmt, ...) PRINTF(1, 2);
void log_warn(const char *fmt, ...) PRINTF(1, 2);
void log_error(const char *fmt, ...) PRINTF(1, 2);
/* SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT: one line with the signal and log_what(), then the
 * default action. */
void log_crashes(void);

#endif
