/* SPDX-License-Identifier: MIT */
/*
 * One request as a handler sees it: who asks, what was declared and sent, where to allocate. Made
 * by dispatch.c after every check of the route's policy has passed.
 */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/arena.h"
#include "base/crypt.h"
#include "base/err.h"
#include "store/db.h"

struct route;

enum via { VIA_NONE, VIA_SESSION, VIA_TOKEN };

/* Who asks. Filled by the functions of struct server_hooks from core's sessions and tokens. */
struct viewer {
	int64_t account; /* 0: a visitor, or an app's own token */
	struct str name; /* of the account */
	int role;        /* enum account_role */
	enum via via;
	struct str scopes; /* token only: space-separated */
	int64_t app;       /* where kwips of this request come from */
	bool show_repeats;
	int default_order;       /* 0 active, 1 recent */
	int64_t unread;          /* notices; sessions only */
	struct hash secret_hash; /* of the session or token in use */
	bool pending;            /* a token of somebody who waits to be let in; account is 0 */
};

struct req {
	const struct route *route;
	struct arena *a; /* lives until the answer is out */
	struct db *db;   /* this worker's snapshot; NULL in a write handler: use tx_db(tx) */
	struct viewer viewer;
	struct str path;  /* decoded, no query */
	struct str query; /* raw, without '?' */
	struct str host;  /* from Host, checked */
	struct str addr;  /* of the client, through trusted proxies */
	struct str
		base_url; /* "https://kwip.example": from the settings, else from listen address */
	int64_t now;      /* ms */
	bool https;
	bool wants_json; /* Accept prefers JSON over HTML */
	struct str csrf; /* token for this viewer's (or visitor's) forms */
	struct str why;  /* in an `again` handler: the sentence to show */
	void *prepared;  /* what the route's prepare left for its write */
	struct params *params;
	void *conn; /* http/'s own */
};

/*
 * For a prepare that another process must see something of before the answer is known.
 * req_commit runs one transaction now, outside the request's snapshot, and returns when it is
 * durable. req_wait holds this worker until done(r, arg) is true, with a fresh snapshot for each
 * look; false when the time is up, the server is leaving, or too many workers are held like this.
 */
enum err req_commit(struct req *r, enum err (*run)(struct tx *tx, void *arg), void *arg) MUST_USE;
bool req_wait(struct req *r, int64_t ms, bool (*done)(struct req *r, void *arg),
	      void *arg) MUST_USE;

/* A request header, "" when absent. Only some headers are kept for write handlers: User-Agent,
 * Idempotency-Key, Accept, Referer. */
struct str req_header(const struct req *r, const char *name);
struct str req_cookie(const struct req *r, const char *name);

/*
 * Declared parameters, from the path, the query, and a form, multipart or JSON body alike, already
 * checked against their type. Asking for one the route does not declare is a bug (die).
 */
bool param_has(const struct req *r, const char *name);
struct str param_str(const struct req *r, const char *name); /* "" when absent */
int64_t param_i64(const struct req *r, const char *name, int64_t otherwise);
bool param_bool(const struct req *r, const char *name, bool otherwise);
/* All values of a list parameter (k[]=a&k[]=b, k=a, JSON array), NULL when none. */
const struct str *param_list(const struct req *r, const char *name, size_t *n);

/* Was it sent at all, if only as an empty list or value? ("take away all" is not "leave as is") */
bool param_is_sent(const struct req *r, const char *name);

/* A file part. Bytes live as long as the request; type is what the client says: look yourself. */
struct upload {
	struct str name, type, bytes;
};
bool param_file(const struct req *r, const char *name, struct upload *out);
/* How many rows a PARAM_ROWS got; a cell of one, as sent and unchecked but for UTF-8, "" when
 * absent (cell_has tells). */
size_t param_rows(const struct req *r, const char *name);
struct str param_cell(const struct req *r, const char *name, size_t row, const char *key);
bool param_cell_has(const struct req *r, const char *name, size_t row, const char *key);

#endif
