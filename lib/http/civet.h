/* SPDX-License-Identifier: MIT */
/*
 * CivetWeb as a parser of requests and bodies for connections that the porter owns. civet.c is the
 * one file that includes civetweb; a worker has one struct civet and uses it for one request at a
 * time.
 */
#ifndef HTTP_CIVET_H
#define HTTP_CIVET_H

#include "http/head.h"

struct civet;

void civet_open(int64_t read_timeout_ms); /* once, before threads */
struct civet *civet_new(void);
void civet_free(struct civet *c); /* NULL is fine */
/* Parses the request at the start of buf in place; head_len as head_end found it. 0, or the HTTP
 * status of what is wrong with it. */
int civet_parse(struct civet *c, int fd, char *buf, size_t len, size_t head_len, struct head *out);
/* The next bytes of the body: 0 at its end, -1 when it is broken or late. */
int civet_read(struct civet *c, void *buf, size_t n);
/* Bytes of the buffer that this request took; -1 when the body was not read to its end. For tests:
 * ours must agree. */
int64_t civet_taken(const struct civet *c);
/* Ends reads that wait. */
void civet_stop(void);
const char *civet_version(void);

#endif
