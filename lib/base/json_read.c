/* SPDX-License-Identifier: MIT */
/* JSON in: jansson behind an opaque node; the only includer of jansson.h. */
#include <stdlib.h>

/* jansson names four of its kinds as we do: here they get another name, so that both can be seen.
 */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_NULL JANSSON_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_NULL

#include "base/json.h"
#include "base/utf8.h"

enum { DEPTH_MAX = 32 };

/* A struct json is jansson's json_t under another name. */
static const json_t *node(const struct json *n)
{
	return (const json_t *)(const void *)n;
}

static const struct json *ours(const json_t *n)
{
	return (const struct json *)(const void *)n;
}

/* jansson's own limit is 2048 levels, deeper than anything we take: counts brackets outside of
 * strings. */
static bool is_too_deep(struct str text)
{
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
			depth++;
		else if (!quoted && (c == '}' || c == ']'))
			depth--;
		if (depth > DEPTH_MAX)
			return true;
	}
	return false;
}

/* jansson quotes what stands near the mistake; where it cuts a character in two, we quote nothing.
 */
static struct str reason_of(const json_error_t *why)
{
	struct str text = str_of(why->text);
	ptrdiff_t quote = str_find(text, S(" near "));
	return utf8_ok(text) || quote < 0 ? text : str_slice(text, 0, (size_t)quote);
}

enum err json_parse(struct json_doc *doc, struct str text)
{
	json_error_t why;
	doc->root = NULL;
	/* jansson takes a NUL behind the value for the end of the text */
	if (str_find_char(text, '\0') >= 0)
		return refuse("not valid JSON: a NUL byte");
	if (is_too_deep(text))
		return refuse("JSON nested deeper than %d levels", DEPTH_MAX);
	json_t *root = json_loadb(text.len ? text.at : "", text.len,
				  JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!root) {
		struct str reason = reason_of(&why);
		return refuse("not valid JSON: %.*s (line %d)", (int)reason.len, reason.at,
			      why.line);
	}
	doc->root = (struct json *)(void *)root;
	return OK;
}

void json_free(struct json_doc *doc)
{
	json_decref((json_t *)(void *)doc->root);
	doc->root = NULL;
}

enum json_kind json_kind(const struct json *n)
{
	static const enum json_kind kinds[] = {
		[JANSSON_OBJECT] = JSON_OBJECT, [JANSSON_ARRAY] = JSON_ARRAY,
		[JANSSON_STRING] = JSON_STRING, [JSON_INTEGER] = JSON_NUMBER,
		[JSON_REAL] = JSON_NUMBER,      [JSON_TRUE] = JSON_BOOL,
		[JSON_FALSE] = JSON_BOOL,       [JANSSON_NULL] = JSON_NULL,
	};
	return n ? kinds[json_typeof(node(n))] : JSON_NULL;
}

const struct json *json_get(const struct json *object, const char *key)
{
	return ours(json_object_get(node(object), key));
}

size_t json_len(const struct json *array)
{
	return json_array_size(node(array));
}

const struct json *json_at(const struct json *array, size_t i)
{
	return ours(json_array_get(node(array), i));
}

struct str json_str(const struct json *n)
{
	const char *at = json_string_value(node(n));
	return at ? (struct str){at, json_string_length(node(n))} : S("");
}

bool json_i64(const struct json *n, int64_t *out)
{
	if (!n || json_typeof(node(n)) != JSON_INTEGER)
		return false;
	*out = json_integer_value(node(n));
	return true;
}

bool json_bool(const struct json *n)
{
	return n && json_typeof(node(n)) == JSON_TRUE;
}

void json_each(const struct json *object,
	       void (*each)(void *arg, struct str key, const struct json *value), void *arg)
{
	json_t *o = (json_t *)(void *)(uintptr_t)(const void *)object;
	for (void *i = json_object_iter(o); i; i = json_object_iter_next(o, i))
		each(arg, str_of(json_object_iter_key(i)), ours(json_object_iter_value(i)));
}

struct str json_number_text(const struct json *n, struct arena *a)
{
	int64_t whole;
	if (json_i64(n, &whole))
		return arena_printf(a, "%lld", (long long)whole);
	if (!n || json_typeof(node(n)) != JSON_REAL)
		return S("");
	double real = json_real_value(node(n));
	struct str text = S("");
	for (int digits = 15; digits <= 17;
	     digits++) { /* 17 always suffice, but 0.1 should stay 0.1 */
		text = arena_printf(a, "%.*g", digits, real);
		if (strtod(text.at, NULL) == real)
			break;
	}
	return text;
}
