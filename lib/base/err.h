/* SPDX-License-Identifier: MIT */
/*
 * What can go wrong, in three kinds: our bug or a broken machine (die), expected trouble (an enum
 * err, logged once by fail() where the facts are known), a visitor's mistake (ERR_INPUT and the
 * like, which http/ turns into a 4xx). Remote input can never reach die().
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
	OK = 0,
	ERR_INPUT,     /* 422: what was sent makes no sense; err_why() says which part */
	ERR_MISSING,   /* 400: what is asked for was not named; err_why() says which part */
	ERR_AUTH,      /* 401: not known who asks, or the secret is wrong */
	ERR_DENIED,    /* 403: known, but may not */
	ERR_NOT_FOUND, /* 404: absent, or not visible to who asks */
	ERR_GONE,      /* 410: was there once */
	ERR_CONFLICT,  /* 409: exists already, or changed meanwhile */
	ERR_TOO_LARGE, /* 413 */
	ERR_TOO_MANY,  /* 429 */
	ERR_FULL,      /* 507: the disk is full or read-only */
	ERR_STORAGE,   /* 503: the database did not do as told (busy too long, I/O error) */
	ERR_REMOTE,    /* 503: somebody else's server */
	ERR_INTERNAL,  /* 500: should not happen, yet is no reason to die */
};

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/* The name of an error for the log: "input", "full", ... */
const char *err_name(enum err e);
/* Logs once, at warning level, and returns e. For expected trouble that an operator may want to
 * see. */
enum err fail(enum err e, const char *fmt, ...) PRINTF(2, 3);
/*
 * A visitor's mistake: keeps the sentence (thread local, at most 255 bytes, replaced by the next
 * call) for the answer and returns ERR_INPUT. Not logged.
 */
enum err refuse(const char *fmt, ...) PRINTF(1, 2);
/* The sentence of this thread's last refuse(), or "". */
const char *err_why(void);
/* Logs at error level and aborts. For our bugs, exhausted memory and broken disks. */
_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);

#endif
