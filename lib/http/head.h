/* SPDX-License-Identifier: MIT */
/*
 * The framing of a request, read strictly before anyone parses it: where the head ends, how long
 * the body is. Made to agree with civetweb or to refuse, so that no two readers see different
 * requests.
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "base/str.h"

enum { HEAD_MAX = 16384, HEAD_LINES = 64 };

struct head_line {
	const char *name, *value;
};

/* A parsed head; the strings live in the connection's buffer until the answer is out. */
struct head {
	const char *method, *uri;
	struct head_line at[HEAD_LINES];
	int n;
	bool http10;
	bool keep_alive;
	bool chunked;
	int64_t content_len;
};

struct scan {
	size_t head_len;     /* with the empty line */
	int64_t content_len; /* 0 when none was given */
	bool chunked;
	bool expects; /* Expect: 100-continue */
	bool whole;   /* the body is here, body_len bytes of it as they were sent */
	size_t body_len;
	int status; /* 0, or the error to answer with */
};

/* Length of the head with its empty line, 0 when it is not whole yet. */
size_t head_end(const char *at, size_t len);
void head_scan(const char *at, size_t head_len, struct scan *out);
/* The value of a header, NULL when absent. */
const char *head_get(const struct head *h, const char *name);

/*
 * Walks a chunked body: `pos` (from the body's start) and `left` are the state, zero at first. 1:
 * whole and *pos is its length; 0: more is to come; -1: broken.
 */
struct chunk_walk {
	size_t pos;
	uint8_t part; /* 0: a size line, 1: the trailer */
};
int head_walk_chunks(struct chunk_walk *w, const char *body, size_t len);
/* Takes the size lines and the trailer out of a body that head_walk_chunks called whole, in place.
 * Returns what is left of its length. */
size_t head_join_chunks(char *body, size_t len);

#endif
