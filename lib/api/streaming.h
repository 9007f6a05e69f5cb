/* SPDX-License-Identifier: MIT */
/*
 * Live streams of the client API: WebSocket and server-sent events. streaming.c lets listeners in
 * and hears what they ask for, stream_deliver.c sends them what the log says. svc/web.c starts it.
 */
#ifndef API_STREAMING_H
#define API_STREAMING_H

#include "http/server.h"

enum err on_streaming(struct req *r, struct answer *out);
enum err on_streaming_events(struct req *r, struct answer *out);
enum err on_streaming_health(struct req *r, struct answer *out);

/* Once per process, before the server starts: where to read from. The hooks are server_setup's. */
struct stream_hooks streaming_start(struct store *store);
/* After the server has stopped. */
void streaming_stop(void);
/* The first listener came: what is newer than seq is for it. */
void stream_deliver_from(int64_t seq);
/* Sends what the log holds beyond the last call. In the streams' thread. */
void stream_deliver(struct db *db);

#endif
