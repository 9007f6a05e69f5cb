/* SPDX-License-Identifier: MIT */
/*
 * The web server: the porter (epoll, owns connections), CivetWeb's workers, dispatch by the route
 * tables, static files, page cache, rate limits. Knows no kwips: what it needs of core and page
 * comes as hooks from svc/web.c.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "base/addr.h"
#include "http/route.h"

struct server;

struct server_hooks {
	/* ERR_AUTH when unknown, expired, or the account may not act. secret is what the cookie or
	 * header held. */
	enum err (*by_session)(struct db *db, struct arena *a, struct str secret,
			       struct viewer *out);
	enum err (*by_token)(struct db *db, struct arena *a, struct str secret, struct viewer *out);
	/* A page that says what went wrong; status and why are final. */
	void (*error_page)(struct req *r, int status, struct str why, struct answer *out);
	/* Events that no visitor's page can show (bookmarks, mutes, notices ...) do not outdate the
	 * page cache. */
	bool (*is_private_event)(int event_kind);
	/* Is every request from this address refused? db stands outside a snapshot. */
	bool (*is_shut)(struct db *db, struct addr from, int64_t now);
	/* Once a second from the porter's thread: watchdog, cache staleness, settings. */
	void (*tick)(void *arg);
	void *arg;
	struct stream_hooks streams;
};

struct server_setup {
	struct store *store;
	const struct route_table *tables;
	size_t n_tables;
	struct server_hooks hooks;
	struct hash csrf_key;  /* from meta.secret */
	const int *listen_fds; /* inherited sockets (already listening); n 0: open conf.listen */
	size_t n_listen_fds;
};

/* Opens the listeners of conf.listen: fds to *fds (at most max). ERR_STORAGE after a clear log line
 * ("address already in use"). */
enum err server_listen(struct str listen, int *fds, size_t max, size_t *n) MUST_USE;
/* Starts all threads; /healthz answers 200 from now on. */
enum err server_start(struct server **s, const struct server_setup *setup) MUST_USE;
/* Stops accepting, answers what is in hand (at most drain_ms), then ends every thread. */
void server_stop(struct server *s, int64_t drain_ms);

/* Something was committed: live streams look for what is theirs. Any thread. */
void server_wake_streams(struct server *s);

struct server_counts {
	int64_t conns, streams, requests, busy_workers, page_cache_bytes, page_cache_hits;
};
struct server_counts server_counts(const struct server *s);

/* For tests and fuzzing: the body and query parsers over foreign bytes. */
enum err params_fuzz(struct arena *a, struct str content_type, struct str body, struct str query);

#endif
