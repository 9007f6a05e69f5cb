/* SPDX-License-Identifier: MIT */
/* What a handler gives back. The body goes to a buf; status and headers are few and typed. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "base/buf.h"
#include "http/request.h"
#include "http/stream.h"

/* Turns the connection into a stream once a read handler has returned OK. */
struct opening {
	enum stream_kind kind; /* STREAM_NONE: an answer like others */
	/* Called with the stream after its head went out, inside the request's snapshot: what it
	 * returns is the stream's who. asked lives until then. */
	void *(*begin)(struct stream *s, struct req *r, void *asked);
	void *asked;
};

struct answer {
	int status;      /* 200 unless set */
	struct str type; /* media type; by the route's format unless set */
	struct buf *body;
	struct str extra; /* further header lines, each with CRLF */
	struct arena *a;
	struct opening opening;
	bool no_store;    /* Cache-Control: no-store; default for signed-in viewers is private,
			     no-cache */
	bool form_leaves; /* a page whose form's answer leads to another site: browsers hold a
			     policy on forms against the redirect as well */
};

/* Does the request ask for a WebSocket? */
bool is_socket_asked(const struct req *r);
/* Answers with a stream, for handlers of routes that say `streams`. A WebSocket's handshake is
 * checked: when it is wrong, the answer says so (RFC 6455 section 4.2.2). */
void answer_stream(struct req *r, struct answer *out, const struct opening *o);
/* Adds a header; a value with CR or LF is a bug (die). */
void answer_header(struct answer *out, struct str name, struct str value);
/* 303 See Other to a path of this site ("/..."); anything else goes to "/". */
void answer_redirect(struct answer *out, struct str path);
/* 303 to any address. The caller has made sure that it may lead there: never what a request says
 * alone. Bytes that are no part of a URL are a bug (die). */
void answer_leave(struct answer *out, struct str url);
/* Cookies: HttpOnly, SameSite=Lax, Path=/, Secure when the site is https; max_age_s 0: until the
 * browser closes; < 0: removes it. */
void answer_cookie(struct req *r, struct answer *out, struct str name, struct str value,
		   int64_t max_age_s);
/* The Link header of Mastodon's paging: next (max_id) first, prev (min_id); 0 leaves one out. Keeps
 * other query parameters. */
void answer_links(struct req *r, struct answer *out, int64_t next_max_id, int64_t prev_min_id);
/* The same of lists that are paged by how many to pass over. */
void answer_offsets(struct req *r, struct answer *out, int64_t here, int64_t limit, bool more);

#endif
