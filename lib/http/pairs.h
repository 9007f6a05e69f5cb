/* SPDX-License-Identifier: MIT */
/* Names and values as they were sent, before any route's declaration looks at them. Private to
 * params and dispatch. */
#ifndef HTTP_PAIRS_H
#define HTTP_PAIRS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "http/request.h"

enum { PAIRS_MAX = 1000 };

struct pair {
	struct str name; /* without list marks: "poll[options]", "fields_attributes[name]" */
	struct str sent; /* as it was sent: "fields_attributes[0][name]" */
	struct str value;
	bool is_listed; /* came out of a JSON array */
};
/* A part with a file name; bytes point into the body. */
struct pair_file {
	struct str name; /* of the parameter, as in struct pair */
	struct upload file;
};
struct pairs {
	struct arena *a;
	struct pair *at;
	size_t n, cap;
	struct pair_file *files;
	size_t n_files;
};
enum { FILES_MAX = 20 };

/* Adds; the name loses its "[]" and numeric indices. ERR_TOO_LARGE when there are too many,
 * ERR_INPUT when not UTF-8. */
enum err pairs_add(struct pairs *p, struct str name, struct str value) MUST_USE;
/* The same for a file; one without name and bytes (a form's empty field) is left out. */
enum err pairs_add_file(struct pairs *p, struct str name, const struct upload *file) MUST_USE;
/* Decodes %XX, in forms and queries also '+'. A stray byte or '%' stands for itself: check the
 * result. */
struct str pairs_decode(struct arena *a, struct str s, bool is_form);
/* "a=b&c=d", percent-decoded. */
enum err pairs_urlencoded(struct pairs *p, struct str text) MUST_USE;
/* An object: {"a":{"b":1}} becomes a[b]=1, arrays become several values, or one empty one when
 * there is nothing in them; [{"k":1}] becomes a[0][k]=1. */
enum err pairs_json(struct pairs *p, struct str text) MUST_USE;
/* multipart/form-data; parts with a file name become files. */
enum err pairs_multipart(struct pairs *p, struct str content_type, struct str body) MUST_USE;
/* By the media type; an unknown one adds nothing. */
enum err pairs_body(struct pairs *p, struct str content_type, struct str body) MUST_USE;

#endif
