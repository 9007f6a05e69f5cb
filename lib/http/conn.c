/* SPDX-License-Identifier: MIT */
/*
 * Reading and sending on one connection without ever waiting. Which thread may do so is porter.c's
 * business; called by the porter, the workers and the writer's done.
 */
#include "http/conn.h"
#include "base/err.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Most heads fit, and malloc keeps such blocks at hand for each thread. */
enum { IN_FIRST = 1024 };

struct out {
	size_t sent;
	size_t head_len;
	struct str body;
	void *ref;
	void (*release)(void *ref);
	char head[];
};

static void *must(void *p)
{
	if (!p)
		die("out of memory");
	return p;
}

/* Large buffers are counted: slow senders together cannot take the machine's memory or disk. */
static bool count(_Atomic int64_t *all, int64_t more, int64_t most)
{
	int64_t before = more ? atomic_fetch_add(all, more) : 0;

	if (more <= 0 || before + more <= most)
		return true;
	atomic_fetch_sub(all, more);
	return false;
}

static int64_t in_memory(size_t cap)
{
	return cap > HEAD_MAX && cap <= BULK_OVER ? (int64_t)cap : 0;
}

static int64_t in_file(size_t cap)
{
	return cap > BULK_OVER ? (int64_t)cap : 0;
}

static bool move_to_bulk(struct conn *c, size_t cap)
{
	bool was_memory = c->bulk.at == NULL;

	if (!bulk_grow(&c->bulk, cap))
		return false;
	if (was_memory && c->in_len)
		memcpy(c->bulk.at, c->in, c->in_len);
	if (was_memory)
		free(c->in);
	c->in = c->bulk.at;
	return true;
}

static void move_to_memory(struct conn *c, size_t cap)
{
	char *was = c->bulk.at ? NULL : c->in;

	if (cap == 0) {
		free(was);
		c->in = NULL;
	} else {
		char *to = must(realloc(was, cap));
		if (c->bulk.at && c->in_len)
			memcpy(to, c->bulk.at, c->in_len);
		c->in = to;
	}
	bulk_close(&c->bulk);
}

/* in_len must fit into cap. */
static bool resize(struct conn *c, size_t cap)
{
	int64_t memory = in_memory(cap) - in_memory(c->in_cap);
	int64_t disk = in_file(cap) - in_file(c->in_cap);

	if (!count(&c->rules->gathered, memory, GATHER_MOST))
		return false;
	if (!count(&c->rules->bulky, disk, BULK_MOST)) {
		atomic_fetch_sub(&c->rules->gathered, memory);
		return false;
	}
	if (cap <= BULK_OVER) {
		move_to_memory(c, cap);
	} else if (!move_to_bulk(c, cap)) {
		atomic_fetch_sub(&c->rules->gathered, memory);
		atomic_fetch_sub(&c->rules->bulky, disk);
		return false;
	}
	c->in_cap = cap;
	return true;
}

/* How many bytes of input this request may have, as far as its head tells. */
static size_t input_most(const struct conn *c)
{
	const struct scan *scan = &c->scan;

	if (scan->head_len == 0)
		return HEAD_MAX;
	if (!scan->chunked)
		return scan->head_len + (size_t)scan->content_len;
	/* Size lines come on top; who sends bytes one by one is not waited for. */
	return scan->head_len + 2 * (size_t)c->body_most + HEAD_MAX;
}

enum room { ROOM, ROOM_NONE, ROOM_LATER };

static enum room make_room(struct conn *c)
{
	size_t most = input_most(c), want = c->in_cap ? c->in_cap * 2 : IN_FIRST;

	if (c->in_cap > c->in_len)
		return ROOM;
	if (c->in_len >= most)
		return ROOM_NONE;
	return resize(c, want < most ? want : most) ? ROOM : ROOM_LATER;
}

/* Empty lines before a request are ignored (RFC 9112 section 2.2). */
static void skip_empty_lines(struct conn *c)
{
	size_t n = 0;

	while (n < c->in_len && (c->in[n] == '\r' || c->in[n] == '\n'))
		n++;
	if (n)
		conn_drop(c, n);
}

static enum conn_ready failed(struct conn *c, int status)
{
	c->scan.status = status;
	return CONN_READY;
}

static void send_continue(struct conn *c)
{
	if (!c->scan.expects || c->continued)
		return;
	c->continued = true;
	if (send(c->fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL | MSG_DONTWAIT) != 25)
		c->broken = true;
}

/* 1: the body is whole; 0: more is to come; -1: it is broken. */
static int walk_body(struct conn *c)
{
	struct scan *scan = &c->scan;
	size_t got = c->in_len - scan->head_len;
	int whole = (int64_t)got >= scan->content_len;

	scan->body_len = (size_t)scan->content_len;
	if (scan->chunked) {
		whole = head_walk_chunks(&c->walk, c->in + scan->head_len, got);
		scan->body_len = c->walk.pos;
	}
	scan->whole = whole > 0;
	return whole;
}

/* A body that is too long is not waited for: the worker refuses it. */
static bool is_too_long(const struct conn *c)
{
	return c->scan.content_len > c->body_most ||
	       (c->scan.chunked && c->in_len >= input_most(c));
}

static enum conn_ready look_body(struct conn *c)
{
	int whole = walk_body(c);

	if (whole < 0)
		return failed(c, 400);
	if (whole > 0)
		return CONN_READY;
	if (c->body_most < 0)
		c->body_most = c->rules->body_most
				       ? c->rules->body_most(c->rules->arg,
							     (struct str){c->in, c->scan.head_len})
				       : BODY_DEFAULT;
	if (is_too_long(c))
		return CONN_READY;
	send_continue(c);
	return CONN_MORE_BODY;
}

/* Lines that end in a line feed alone would never make a head for us: better said at once. */
static bool has_bare_line_feed(const struct conn *c)
{
	const char *lf = c->in_len ? memchr(c->in, '\n', c->in_len) : NULL;

	return lf && (lf == c->in || lf[-1] != '\r');
}

enum conn_ready conn_look(struct conn *c)
{
	if (c->scan.head_len == 0) {
		skip_empty_lines(c);
		size_t n = c->in_len ? head_end(c->in, c->in_len) : 0;
		if (n == 0 && has_bare_line_feed(c))
			return failed(c, 400);
		if (n == 0)
			return c->in_len >= HEAD_MAX ? failed(c, 431) : CONN_MORE_HEAD;
		head_scan(c->in, n, &c->scan);
		c->walk = (struct chunk_walk){0};
		c->body_most = -1;
		c->continued = false;
	}
	return c->scan.status ? CONN_READY : look_body(c);
}

enum conn_ready conn_read(struct conn *c)
{
	for (;;) {
		enum room room = make_room(c);
		if (room == ROOM_LATER)
			return failed(c, 503);
		if (room == ROOM_NONE)
			return conn_look(c);
		size_t most = c->in_cap - c->in_len;
		ssize_t n = recv(c->fd, c->in + c->in_len, most, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 || (n < 0 && errno != EAGAIN))
			return CONN_GONE;
		if (n < 0)
			return c->in_len ? conn_look(c) : CONN_MORE_HEAD;
		c->in_len += (size_t)n;
		enum conn_ready r = conn_look(c);
		/* A short read means the socket is empty: no second call to hear that. */
		if (r == CONN_READY || (size_t)n < most)
			return r;
	}
}

bool conn_fill(struct conn *c, size_t most)
{
	while (c->in_len < most) {
		if (c->in_len == c->in_cap &&
		    !resize(c, c->in_cap ? 2 * c->in_cap : (size_t)IN_FIRST))
			return false;
		size_t room = c->in_cap - c->in_len;
		ssize_t n = recv(c->fd, c->in + c->in_len, room, MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 || (n < 0 && errno != EAGAIN))
			return false;
		if (n < 0)
			return true;
		c->in_len += (size_t)n;
		if ((size_t)n < room)
			return true;
	}
	return true;
}

void conn_drop(struct conn *c, size_t n)
{
	c->scan = (struct scan){0};
	if (n < c->in_len) {
		c->in_len -= n;
		memmove(c->in, c->in + n, c->in_len);
		/* What comes behind a large body is seldom large. */
		if (c->bulk.at && c->in_len <= HEAD_MAX)
			(void)resize(c, HEAD_MAX);
		return;
	}
	c->in_len = 0;
	(void)resize(c, 0);
}

static struct iovec iov_of(struct str s)
{
	return (struct iovec){.iov_base = (void *)(uintptr_t)s.at, .iov_len = s.len};
}

static ssize_t send_parts(int fd, const struct str *parts, int n)
{
	struct iovec iov[8];
	struct msghdr msg = {.msg_iov = iov};
	ssize_t sent;

	for (int i = 0; i < n; i++)
		iov[i] = iov_of(parts[i]);
	msg.msg_iovlen = (size_t)n;
	do
		sent = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (sent < 0 && errno == EINTR);
	return sent < 0 && errno == EAGAIN ? 0 : sent;
}

static void keep_body(struct out *o, struct str body, struct pin pin)
{
	if (pin.hold || pin.stays) {
		o->body = body;
		o->ref = pin.ref;
		o->release = pin.release;
		if (pin.hold)
			pin.hold(pin.ref);
		return;
	}
	char *copy = must(malloc(body.len ? body.len : 1));
	if (body.len)
		memcpy(copy, body.at, body.len);
	o->body = (struct str){copy, body.len};
	o->ref = copy;
	o->release = free;
}

static void keep_rest(struct conn *c, const struct str *parts, int n, struct pin pin)
{
	size_t head_len = 0;

	for (int i = 0; i < n - 1; i++)
		head_len += parts[i].len;
	struct out *o = must(malloc(sizeof *o + head_len));
	*o = (struct out){.head_len = head_len};
	size_t at = 0;
	for (int i = 0; i < n - 1; i++) {
		memcpy(o->head + at, parts[i].at, parts[i].len);
		at += parts[i].len;
	}
	keep_body(o, parts[n - 1], pin);
	c->out = o;
}

void conn_send(struct conn *c, const struct str *parts, int n, struct pin pin)
{
	size_t all = 0;

	if (c->broken)
		return;
	for (int i = 0; i < n; i++)
		all += parts[i].len;
	ssize_t sent = send_parts(c->fd, parts, n);
	if (sent < 0) {
		c->broken = true;
		return;
	}
	if ((size_t)sent == all)
		return;
	keep_rest(c, parts, n, pin);
	c->out->sent = (size_t)sent;
}

static void out_free(struct conn *c)
{
	if (c->out && c->out->release)
		c->out->release(c->out->ref);
	free(c->out);
	c->out = NULL;
}

bool conn_flush(struct conn *c)
{
	struct out *o = c->out;
	size_t in_body = o->sent > o->head_len ? o->sent - o->head_len : 0;
	struct str head = {o->head, o->head_len};
	struct str parts[2] = {
		str_slice(head, o->sent, head.len),
		str_slice(o->body, in_body, o->body.len),
	};
	ssize_t sent = send_parts(c->fd, parts, 2);

	if (sent < 0) {
		c->broken = true;
		return false;
	}
	o->sent += (size_t)sent;
	if (o->sent >= o->head_len + o->body.len)
		out_free(c);
	return sent > 0;
}

void conn_clean(struct conn *c)
{
	out_free(c);
	(void)resize(c, 0);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}
