/* SPDX-License-Identifier: MIT */
/*
 * One request and its answer while in work: what struct req hides from handlers. It lives in a
 * worker; a write takes it along to the writer's thread. Private to http/.
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include "http/civet.h"
#include "http/porter.h"
#include "http/server.h"

struct pagecache;
struct streams;
struct limits;
struct worker;

struct rate_state {
	int64_t limit, left, reset_at; /* limit 0: not counted */
};

enum coding { CODING_NONE, CODING_GZIP, CODING_BROTLI };

struct exchange {
	struct req r;
	struct answer out;
	struct head head;
	struct conn *conn;
	struct server *s;
	struct worker *w; /* NULL on the writer's thread */
	struct arena *a;
	struct buf body;     /* of the answer */
	struct buf lines;    /* of the answer's head */
	struct str sent;     /* the request's body */
	struct str parts[4]; /* of the path */
	struct addr from;    /* the client, through trusted proxies */
	struct job job;
	struct rate_state rate;
	struct exchange *next; /* in the pool */
	enum err err;          /* of a write, to be told by a worker */
	bool known;            /* method and path were understood: headers may be looked at */
	bool head_only, http10, keep_alive, set_form_cookie;
	int64_t taken; /* bytes of the input that were this request; -1 unknown: close */
};

struct server {
	struct server_setup setup;
	struct route_index *routes;
	struct porter *porter;
	struct limits *limits;
	struct pagecache *pages;
	struct streams *streams;
	struct addr_blocks trusted;
	struct worker *workers;
	size_t n_workers;
	int own_fds[16];
	size_t n_own_fds;
	_Atomic int64_t requests, writing;
	_Atomic int64_t holding; /* workers that wait for another process */
	_Atomic bool leaving;
	pthread_mutex_t pool_lock;
	struct exchange *pool;
	int n_pool;
	struct str base_url;
	bool base_https;
};

static inline struct exchange *exchange_of(const struct req *r)
{
	return (struct exchange *)r->conn;
}

/* exchange.c */
struct exchange *exchange_get(struct server *s);
void exchange_put(struct exchange *x);   /* back to the pool, cleared */
void exchange_clear(struct exchange *x); /* for the next request */
void exchange_free(struct exchange *x);  /* NULL is fine */
void exchange_trim(struct server *s);    /* frees what is pooled */

/* dispatch.c: answers one request; false when x went to the writer. */
bool dispatch(struct exchange *x);
/* How long a body the porter waits for, by the head alone: what is no route of ours has none. */
int64_t dispatch_body_most(void *server, struct str head);
/* Goes on with a write that failed on the writer's thread. */
void dispatch_again(struct exchange *x);

/* body.c: reads the request's body to x->sent. */
enum err body_read(struct exchange *x, int64_t max) MUST_USE;

/* upgrade.c: what a browser that cannot set headers offers in place of a token. */
struct str subprotocol(const struct req *r);

/* auth.c */
enum err auth_check(struct exchange *x) MUST_USE;
void auth_recognise(struct exchange *x);        /* by the cookie alone, for pages without a route */
bool auth_is_visitor(const struct exchange *x); /* neither a session cookie nor a token was sent */

/* csrf.c */
void csrf_make(struct exchange *x);
enum err csrf_check(struct exchange *x) MUST_USE;

/* write.c: hands x to the writer. */
void write_submit(struct exchange *x);

/* respond.c: composes and sends. */
void respond(struct exchange *x);
/* With a body that is not in x->body; coding is what it is encoded in. */
struct reply {
	int status;
	struct str type, body, etag, cache_control;
	enum coding coding;
	bool vary;
	bool is_foreign; /* bytes that people uploaded: no policy of ours may apply to them */
	struct pin pin;
};
void respond_with(struct exchange *x, const struct reply *reply);
/* The head of an answer but for Date, Connection and the closing line. */
void respond_head(struct exchange *x, const struct reply *reply, struct buf *to);
/* Sends a finished head (see respond_head) and body. */
void respond_raw(struct exchange *x, struct str head, struct str body, struct pin pin);
/* An error in the route's format; why may be empty. Needs r->db for pages. */
void respond_error(struct exchange *x, enum err e, struct str why);
void respond_status(struct exchange *x, int status, struct str why);
bool is_cors_path(struct str path);
/* upgrade.c: the head of a stream, and the connection becomes one. */
void respond_stream(struct exchange *x);

/* errors.c */
struct str status_line(int status); /* "HTTP/1.1 404 Not Found\r\n" */
struct str error_sentence(struct exchange *x, int status, struct str why);

/* compress.c */
enum coding coding_pick(struct exchange *x, bool brotli); /* what the client takes */
struct packer;
void packer_free(struct packer *p);
/* Encodes; false when it does not pay. */
bool compress_gzip(struct packer **p, struct str in, struct buf *out);
bool compress_brotli(struct str in, struct buf *out);
bool is_compressible(struct str type);

/* statics.c */
void statics_open(void);
bool statics_serve(struct exchange *x); /* false when the path is none */

/* media_files.c */
bool media_files_serve(struct exchange *x); /* false when there is no such file */

/* limit.c */
struct limits *limits_new(void);
void limits_free(struct limits *l);
enum err limit_check(struct exchange *x, bool many_readers) MUST_USE;

/* pagecache.c */
struct pagecache *pagecache_new(void);
void pagecache_free(struct pagecache *p);
/* Serves x from the cache: true when answered. */
bool pagecache_serve(struct exchange *x);
/* Keeps the answer just rendered at event seq and sends it. */
void pagecache_fill(struct exchange *x, int64_t seq);
void pagecache_counts(struct pagecache *p, int64_t *bytes, int64_t *hits);

/* params.c */
enum err params_parse(struct exchange *x) MUST_USE; /* collects what was sent */
enum err params_check(struct exchange *x) MUST_USE; /* against the route's declarations */
/* The raw value of a name that routes need not declare (csrf). */
struct str params_raw(const struct params *p, struct str name);

/* cookies.c */
struct str cookie_find(const char *header, struct str name);

/* worker.c */
void worker_start(struct server *s, struct worker *w);
void worker_join(struct worker *w);
struct worker *workers_new(size_t n);
struct packer **worker_packer(struct worker *w);
struct db *worker_db(struct worker *w);
/* Bytes of c's input that the request just answered took; -1: unknown. */
int64_t worker_taken(const struct conn *c);
struct worker *worker_at(struct worker *all, size_t i);
void workers_free(struct worker *all, size_t n);

#endif
