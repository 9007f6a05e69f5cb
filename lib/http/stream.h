/* SPDX-License-Identifier: MIT */
/*
 * Live streams: connections that stay open and are sent things, WebSockets and server-sent events.
 * Each waits in the porter's epoll for what its client says; sending never waits: what the socket
 * does not take is queued, up to a bound, and one thread goes on with it, beats the heart of all
 * streams and calls the hook that finds what is new. Knows no streams by name: api/streaming.c
 * does.
 */
#ifndef HTTP_STREAM_H
#define HTTP_STREAM_H

#include "http/websocket.h"
#include "store/db.h"

struct stream;
struct streams; /* those of one server */

enum stream_kind { STREAM_NONE, STREAM_SOCKET, STREAM_EVENTS };

/* A slow reader has this much waiting for it, beyond what its socket holds; then it is dropped. */
enum { STREAM_QUEUE_BYTES = 128 * 1024, STREAM_QUEUE_PACKETS = 1024 };

struct stream_hooks {
	/* A whole message of a WebSocket's client: well-formed UTF-8, at most WS_MESSAGE_MAX bytes.
	 * In a worker; db has a snapshot open. */
	void (*said)(void *arg, void *who, struct db *db, struct str text);
	/* Look for what is new: after streams_wake, and once a second. In the streams' thread. */
	void (*look)(void *arg);
	/* A stream is gone and nobody will speak of it again. In the streams' thread. */
	void (*gone)(void *arg, void *who);
	void *arg;
};

/* Bytes to send, shared by all streams that are sent the same. The maker holds it until
 * packet_drop. */
struct packet;
struct packet *packet_new(struct str bytes);
void packet_drop(struct packet *p); /* NULL is fine */

/* How often a WebSocket is pinged (and dropped when it has not answered by the next time), and SSE
 * gets a comment (mastodon-api.md section 4); looked at once a second. */
enum { STREAM_PING_MS = 30 * 1000, STREAM_THUMP_MS = 15 * 1000 };
struct streams *streams_new(const struct stream_hooks *hooks, int ping_ms, int thump_ms);
/* Calls look soon. Any thread, cheap; nothing when nobody listens. */
void streams_wake(struct streams *all);
int64_t streams_count(struct streams *all);
/* Says goodbye (1001) to every stream, also to those still to come. The porter closes them. */
void streams_farewell(struct streams *all);
/* Ends the thread. No connection may hold a stream any more. */
void streams_free(struct streams *all);

/* Makes a stream of a connected socket, which stays its connection's, and sends the head. */
struct stream *stream_open(struct streams *all, int fd, enum stream_kind kind, struct str head);
/* What hooks get as who; before the first message is read. */
void stream_name(struct stream *s, void *who);
enum stream_kind stream_kind(const struct stream *s);
/* Sends without waiting. False: it is ending, or was too slow and is dropped now. Any thread. */
bool stream_send(struct stream *s, struct packet *p);
/* Sends a close frame (SSE: a comment line) and ends it when that is out. Any thread. */
void stream_end(struct stream *s, enum ws_code code, struct str why);
/* Deals with what a client sent and takes it out of the buffer as far as it is whole. In the worker
 * that owns the connection. */
void stream_hear(struct stream *s, char *at, size_t *len, struct db *db);
/* Its connection is about to be closed: by the connection's owner, who forgets s. */
void stream_leave(struct stream *s);

#endif
