/* SPDX-License-Identifier: MIT */
/*
 * The route table: site map, policy and documentation in one. Tables live in api/routes.c and
 * page/routes.c; `kwipd --routes` prints them; dispatch.c enforces what they say.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "http/answer.h"
#include "http/request.h"

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_PATCH, METHOD_DELETE, METHOD_COUNT };
enum format { FORMAT_PAGE, FORMAT_API, FORMAT_FEED, FORMAT_TEXT };
enum who { WHO_ANYONE, WHO_USER, WHO_MODERATOR, WHO_ADMIN };
/* By the settings on uploads, with room for the form around them. */
enum body_max { BODY_MEDIA = -1, BODY_PORTRAITS = -2 };
enum rate {
	RATE_READ,
	RATE_WRITE,
	RATE_LOGIN,  /* passwords; by address */
	RATE_JOIN,   /* new apps and accounts; by address */
	RATE_MEDIA,  /* uploads */
	RATE_DELETE, /* of kwips */
	RATE_NONE
};

enum param_type {
	PARAM_STR,    /* one line; max = most characters (0: 1000) */
	PARAM_TEXT,   /* many lines, CRLF becomes LF; max = most bytes (0: body limit) */
	PARAM_ID,     /* a positive 64-bit decimal; as a path part: 404 when it is none */
	PARAM_CURSOR, /* where a page begins: an id, or 0; below min counts as min */
	PARAM_INT,    /* clamped into min..max */
	PARAM_BOOL,   /* true false 1 0 on off t f yes no, JSON booleans */
	PARAM_CHOICE, /* one of choices, separated by '|' */
	PARAM_LIST,   /* several PARAM_STR; param_is_sent tells none from an empty list */
	PARAM_FILE,   /* a file part of a multipart body; max = most bytes */
	PARAM_ROWS,   /* a list of objects: name[0][key]=, name[][key]=, JSON [{key: ..}]; choices =
			 their keys, separated by '|' */
};
struct param {
	const char *name; /* as sent; lists without their [] ; nested as "poll[options]" */
	enum param_type type;
	bool required; /* 422 when absent or empty */
	int64_t min, max;
	const char *choices;
	const char *help;
	bool lines; /* PARAM_LIST: a value may have several lines */
};
/* { PARAMS(...) } in a route. */
#define PARAMS(...) \
	.params = (const struct param[]) \
	{ \
		__VA_ARGS__, \
		{ \
			.name = NULL \
		} \
	}

struct route {
	enum method method;
	const char *path; /* "/@:name/:id": a part with ':' is a parameter (declare it). A trailing
			     slash always works too */
	enum format format;
	enum who who;
	const char *scope; /* a token needs this scope ("write:statuses"); NULL: tokens are refused
			      where who > WHO_ANYONE */
	enum rate rate;
	bool optional_token; /* WHO_ANYONE, but a good token makes the viewer known; a bad one is
				401 */
	bool pending;        /* also for people who wait to be let in, whose viewer.account is 0 */
	bool streams; /* answers with a stream: a token may come as access_token in the query or as
			 subprotocol, a session does not count */
	bool cached;  /* GET of a page, feed or API answer that visitors share: kept whole in the
			 page cache */
	int64_t body_max; /* bytes; 0: the setting body_max; or one of enum body_max */
	const struct param *params;
	/* GET: reads only. */
	enum err (*read)(struct req *r, struct answer *out);
	/* Everything else: prepare (may be NULL) runs in a worker with r->db, for slow work
	 * (passwords, parsing) ... */
	enum err (*prepare)(struct req *r);
	/* ... then write runs on the writer thread; its answer goes out after the fsync. */
	enum err (*write)(struct req *r, struct tx *tx, struct answer *out);
	/* Shows the form again with r->why when prepare or write gave an error (pages). NULL: the
	 * error page. */
	void (*again)(struct req *r, struct db *db, enum err e, struct answer *out);
	const char *help; /* one line for --routes and the docs */
};

struct route_table {
	const struct route *at;
	size_t n;
};

int err_http_status(enum err e); /* 422 400 401 403 404 410 409 413 429 507 503 503 500 */
/* "GET /path who scope params help" lines, aligned; and as JSON for tests. */
void routes_print(struct buf *out, const struct route_table *tables, size_t n);
void routes_print_json(struct buf *out, const struct route_table *tables, size_t n);
/* docs/api.md: every address that clients use. */
void routes_print_markdown(struct buf *out, const struct route_table *tables, size_t n);
/*
 * All routes of some tables, made to be found fast (route_index.c); they must outlive it. Freed by
 * route_index_free.
 */
struct route_index;
struct route_index *route_index_new(const struct route_table *tables, size_t n);
void route_index_free(struct route_index *x); /* NULL is fine */
/*
 * Finds a route; path parts go to *parts in order. PUT finds a PATCH route where there is no PUT,
 * and the other way round. On 404 NULL; *allow gets the methods the path knows (bit set) for 405
 * and OPTIONS.
 */
const struct route *route_find(const struct route_index *x, enum method m, struct str path,
			       struct str parts[4], unsigned *allow);
/* Counts this request against one more class; ERR_TOO_MANY after refuse() when that is used up. */
enum err req_count(struct req *r, enum rate class) MUST_USE;

#endif
