/* SPDX-License-Identifier: MIT */
/*
 * The one client for errands on somebody's behalf: http and https, many at once in one thread, no
 * address reached that net/reach.h refuses, everything bounded. No cookies, no netrc, no proxies
 * of the environment, no compression (so nothing to unpack); TLS is checked against the system's
 * authorities. Not thread-safe: a fetcher belongs to the thread that made it.
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum { FETCH_AT_ONCE = 16, FETCH_PER_HOST = 2, FETCH_URL_MAX = 2048, FETCH_HEADS_MAX = 64 * 1024 };

struct fetcher;
struct fetch_setup {
	struct str agent;         /* User-Agent */
	struct str allow_private; /* addresses or blocks beside the public ones, commas */
	struct str ca_file;       /* "": the system's authorities; for tests */
};

struct fetch_ask {
	struct str url;
	bool post; /* with body; else GET */
	struct str body;
	const struct str *headers; /* "Name: value" */
	size_t n_headers;
	size_t body_max; /* of the answer */
	bool may_cut;    /* a longer answer is cut and good; else ERR_TOO_LARGE */
	int64_t timeout_ms;
	int redirects_max; /* 0: none is followed, the 3xx is the answer */
};

/* Lives during done() only; what was asked for by then may be copied. */
struct fetch_answer {
	/*
	 * OK: there is a status. ERR_INPUT: no URL of ours to fetch. ERR_DENIED: an address that
	 * may not be reached. ERR_TOO_LARGE. ERR_REMOTE: all else, see why.
	 */
	enum err err;
	const char *why; /* never NULL */
	int status;
	struct str url;        /* where it ended after redirects */
	struct str type;       /* Content-Type, "" when absent */
	int64_t retry_after_s; /* -1: not said */
	struct str body;
};
typedef void fetch_done(void *arg, const struct fetch_answer *answer);

void fetch_open(void); /* once per process, before the first fetcher */
const char *fetch_version(void);
const char *fetch_tls_version(void);
struct fetcher *fetcher_new(const struct fetch_setup *setup);
/* Drops what runs without calling done(). NULL is fine. */
void fetcher_free(struct fetcher *f);
/* Is there a place for this URL's host now? Asking for more than FETCH_AT_ONCE is a bug. */
bool fetcher_has_room(const struct fetcher *f, struct str url);
size_t fetcher_running(const struct fetcher *f);
/* Starts; done() is called from fetcher_wait, always once. Copies what it needs of ask. */
void fetcher_start(struct fetcher *f, const struct fetch_ask *ask, fetch_done *done, void *arg);
/* Works until something came, wake_fd (or -1) is readable, or the time is over. */
void fetcher_wait(struct fetcher *f, int wake_fd, int timeout_ms);
/* What a link of the page at base leads to; "" when that is no http(s) URL that may be fetched. */
struct str fetch_resolve(struct arena *a, struct str base, struct str link);
/* "http://user@Host:1/x" -> "host"; "" when it is no http(s) URL. A view into url. */
struct str fetch_host(struct str url);

#endif
