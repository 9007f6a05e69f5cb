/* SPDX-License-Identifier: MIT */
/*
 * JSON out: a streaming writer over a buf that puts the commas itself. JSON in: jansson, strict
 * (UTF-8, depth 32, duplicate keys refused), seen through an opaque node so that nobody else
 * includes jansson.h.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct jw {
	struct buf *out;
	bool comma; /* the next value or key needs a comma before it */
};

void jw_open(struct jw *w, char bracket);  /* '{' or '[' */
void jw_close(struct jw *w, char bracket); /* '}' or ']' */
void jw_key(struct jw *w, struct str key); /* key needs no escaping: a literal of ours */
void jw_str(struct jw *w, struct str s);   /* escapes; ill-formed UTF-8 becomes U+FFFD */
void jw_i64(struct jw *w, int64_t n);
void jw_bool(struct jw *w, bool b);
void jw_null(struct jw *w);
void jw_id(struct jw *w, int64_t id);         /* a number as a string: Mastodon's ids */
void jw_id_or_null(struct jw *w, int64_t id); /* 0 is null */
void jw_time(struct jw *w, int64_t at_ms);    /* "2026-11-23T20:38:31.000Z"; 0 is null */
void jw_raw(struct jw *w, struct str json);   /* one finished value */
/* key and value in one call */
void jw_kstr(struct jw *w, struct str key, struct str s);
void jw_ki64(struct jw *w, struct str key, int64_t n);
void jw_kbool(struct jw *w, struct str key, bool b);
void jw_knull(struct jw *w, struct str key);
void jw_kid(struct jw *w, struct str key, int64_t id);
/* Text between the quotes of a JSON string, for those who place the quotes themselves. */
void esc_json(struct buf *b, struct str s);

struct json; /* a node of a parsed tree; owned by its document */
struct json_doc {
	struct json *root; /* NULL after json_free */
};
/* Parses the whole text. ERR_INPUT with a sentence (refuse) when it is not strict JSON. Free with
 * json_free. */
enum err json_parse(struct json_doc *doc, struct str text) MUST_USE;
void json_free(struct json_doc *doc);
#define SCOPED_JSON __attribute__((cleanup(json_free))) struct json_doc

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };
enum json_kind json_kind(const struct json *n); /* NULL node: JSON_NULL */
const struct json *json_get(const struct json *object,
			    const char *key); /* NULL when absent or not an object */
size_t json_len(const struct json *array);    /* 0 when not an array */
const struct json *json_at(const struct json *array, size_t i);
struct str json_str(const struct json *n); /* "" unless a string; lives as long as the doc */
bool json_i64(const struct json *n, int64_t *out); /* integers only */
bool json_bool(const struct json *n);
/* Calls each(arg, key, value) for every member in order. */
void json_each(const struct json *object,
	       void (*each)(void *arg, struct str key, const struct json *value), void *arg);
/* The number as text ("1", "1.5"), for parameters that may be either. "" when not a number. */
struct str json_number_text(const struct json *n, struct arena *a);

#endif
