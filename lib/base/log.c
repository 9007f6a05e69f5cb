/* SPDX-License-Identifier: MIT */
/* The log: logfmt lines on stderr, and a last line when a signal ends us. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"

enum { LINE_MAX_BYTES = 2048 };

static const char *service = "kwipd";
static _Atomic int least = LOG_INFO;
static _Thread_local const char *doing;

void log_open(const char *name, enum log_level level)
{
	service = name;
	log_level_set(level);
}

void log_level_set(enum log_level level)
{
	atomic_store(&least, level);
}

void log_doing(const char *what)
{
	doing = what;
}

const char *log_what(void)
{
	return doing;
}

/* A byte as \xNN, a line feed as \n. */
static size_t put_code(char *line, size_t at, unsigned char c)
{
	line[at++] = '\\';
	line[at++] = c == '\n' ? 'n' : 'x';
	if (c == '\n')
		return at;
	line[at++] = "0123456789abcdef"[c >> 4];
	line[at++] = "0123456789abcdef"[c & 15];
	return at;
}

/*
 * Copies text as far as there is room, with quotes, backslashes, control characters (a terminal
 * obeys those of C1 too) and what is no UTF-8 escaped: the log stays one line of text whatever it
 * quotes.
 */
static size_t put_quoted(char *line, size_t at, size_t end, struct str text)
{
	for (size_t i = 0; i < text.len && at + 4 <= end;) {
		size_t from = i;
		uint32_t c = utf8_next(text, &i);
		if (c < ' ' || (c >= 0x7f && c <= 0x9f)) {
			at = put_code(line, at, (unsigned char)c);
		} else if (i - from == 1 && c == 0xfffd) {
			at = put_code(line, at, (unsigned char)text.at[from]);
		} else {
			if (c == '"' || c == '\\')
				line[at++] = '\\';
			memcpy(line + at, text.at + from, i - from);
			at += i - from;
		}
	}
	return at;
}

static void write_line(enum log_level level, const char *fmt, va_list args)
{
	static const char *const names[] = {"debug", "info", "warn", "error"};
	if ((int)level < atomic_load_explicit(&least, memory_order_relaxed))
		return;
	int saved = errno;
	char line[LINE_MAX_BYTES], text[LINE_MAX_BYTES - 256];
	char room[64];
	struct buf at = {room, 0,
			 sizeof(room)}; /* never grows: this line may tell of exhausted memory */
	put_time_iso(&at, clock_ms());
	vsnprintf(text, sizeof(text), fmt, args);
	int n = snprintf(line, sizeof(line), "at=%.*s level=%s svc=%s pid=%d msg=\"", (int)at.len,
			 at.at, names[level], service, (int)getpid());
	size_t len = put_quoted(line, (size_t)n, sizeof(line) - 2, str_of(text));
	line[len++] = '"';
	line[len++] = '\n';
	if (write(STDERR_FILENO, line, len) < 0)
		errno = 0; /* nobody to tell */
	errno = saved;
}

#define LOG_FUNCTION(name, level) \
	void name(const char *fmt, ...) \
	{ \
		va_list args; \
		va_start(args, fmt); \
		write_line(level, fmt, args); \
		va_end(args); \
	}

LOG_FUNCTION(log_debug, LOG_DEBUG)
LOG_FUNCTION(log_info, LOG_INFO)
LOG_FUNCTION(log_warn, LOG_WARN)
LOG_FUNCTION(log_error, LOG_ERROR)

/* Only what is safe in a signal handler: fixed texts and write(2). */
static void on_crash(int sig)
{
	static const char head[] = "level=error msg=\"crashed by signal ";
	char line[256];
	size_t n = sizeof(head) - 1;
	memcpy(line, head, n);
	line[n++] = (char)('0' + sig / 10);
	line[n++] = (char)('0' + sig % 10);
	const char *parts[] = {" in ", doing ? doing : "no handler", "\" svc=", service, "\n"};
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		for (const char *p = parts[i]; *p && n < sizeof(line) - 1; p++)
			line[n++] = *p;
	}
	line[n - 1] = '\n';
	ssize_t written = write(STDERR_FILENO, line, n);
	(void)written;
	raise(sig);
}

void log_crashes(void)
{
	static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
	struct sigaction sa = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		sigaction(signals[i], &sa, NULL);
}
