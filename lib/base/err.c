/* SPDX-License-Identifier: MIT */
/* Errors: their names, the visitor's sentence, and the end. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"

enum { WHY_MAX = 256 };
static _Thread_local char why[WHY_MAX];

const char *err_name(enum err e)
{
	static const char *const names[] = {
		[OK] = "ok",
		[ERR_INPUT] = "input",
		[ERR_MISSING] = "missing",
		[ERR_AUTH] = "auth",
		[ERR_DENIED] = "denied",
		[ERR_NOT_FOUND] = "not found",
		[ERR_GONE] = "gone",
		[ERR_CONFLICT] = "conflict",
		[ERR_TOO_LARGE] = "too large",
		[ERR_TOO_MANY] = "too many",
		[ERR_FULL] = "disk full",
		[ERR_STORAGE] = "storage",
		[ERR_REMOTE] = "remote",
		[ERR_INTERNAL] = "internal",
	};
	return (size_t)e < sizeof(names) / sizeof(*names) ? names[e] : "unknown";
}

enum err fail(enum err e, const char *fmt, ...)
{
	char text[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	log_warn("%s: %s", err_name(e), text);
	return e;
}

enum err refuse(const char *fmt, ...)
{
	char text[WHY_MAX]; /* not `why` itself: err_why() may be among the arguments */
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	size_t len = strlen(text);
	if (n >= WHY_MAX) { /* a character that was cut goes altogether */
		while (len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
			len--;
		if (len > 0 && (unsigned char)text[len - 1] >= 0xc0)
			len--;
	}
	memcpy(why, text, len);
	why[len] = '\0';
	return ERR_INPUT;
}

const char *err_why(void)
{
	return why;
}

void die(const char *fmt, ...)
{
	char text[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	log_error("died while in %s: %s", log_what() ? log_what() : "no handler", text);
	abort();
}
