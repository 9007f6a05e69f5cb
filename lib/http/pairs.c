/* SPDX-License-Identifier: MIT */
/*
 * Query strings, forms and JSON into one list of names and values. Foreign bytes come in here
 * first; nothing of what they say is believed but that it is UTF-8 afterwards. Called by params.c.
 */
#include "http/pairs.h"
#include "base/json.h"
#include "base/utf8.h"

enum { NAME_MAX_BYTES = 256, JSON_DEPTH = 8 };

static bool is_index(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < '0' || s.at[i] > '9')
			return false;
	return true;
}

/* "poll[options][]" and "poll[options][3]" are both "poll[options]". */
static struct str plain_name(struct arena *a, struct str name)
{
	char *to = arena_take(a, name.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		if (name.at[i] == '[') {
			struct str rest = str_slice(name, i + 1, name.len);
			ptrdiff_t end = str_find_char(rest, ']');
			if (end >= 0 && is_index(str_slice(rest, 0, (size_t)end))) {
				i += (size_t)end + 1;
				continue;
			}
		}
		to[n++] = name.at[i];
	}
	return (struct str){to, n};
}

enum err pairs_add(struct pairs *p, struct str name, struct str value)
{
	if (name.len == 0)
		return OK;
	if (p->n == PAIRS_MAX || name.len > NAME_MAX_BYTES)
		return refuse("there are too many parameters"), ERR_TOO_LARGE;
	if (!utf8_ok(name) || !utf8_ok(value))
		return refuse("parameters must be text in UTF-8");
	if (p->n == p->cap) {
		size_t cap = p->cap ? p->cap * 2 : 16;
		struct pair *at = arena_array(p->a, cap, sizeof *at);
		if (p->n)
			memcpy(at, p->at, p->n * sizeof *at);
		p->at = at;
		p->cap = cap;
	}
	p->at[p->n++] = (struct pair){.name = plain_name(p->a, name), .sent = name, .value = value};
	return OK;
}

enum err pairs_add_file(struct pairs *p, struct str name, const struct upload *file)
{
	if (name.len == 0 || (file->name.len == 0 && file->bytes.len == 0))
		return OK;
	if (p->n_files == FILES_MAX || name.len > NAME_MAX_BYTES)
		return refuse("there are too many files"), ERR_TOO_LARGE;
	if (!utf8_ok(name) || !utf8_ok(file->name) || !utf8_ok(file->type))
		return refuse("parameters must be text in UTF-8");
	if (!p->files)
		p->files = arena_array(p->a, FILES_MAX, sizeof *p->files);
	p->files[p->n_files++] = (struct pair_file){plain_name(p->a, name), *file};
	return OK;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str pairs_decode(struct arena *a, struct str s, bool is_form)
{
	char *to = arena_take(a, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		int high = s.at[i] == '%' && i + 2 < s.len ? hex_digit(s.at[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(s.at[i + 2]) : -1;
		if (low >= 0) {
			to[n++] = (char)(high * 16 + low);
			i += 2;
		} else {
			to[n++] = is_form && s.at[i] == '+' ? ' ' : s.at[i];
		}
	}
	return (struct str){to, n};
}

enum err pairs_urlencoded(struct pairs *p, struct str text)
{
	while (text.len) {
		struct str value = str_cut(&text, '&');
		struct str name = str_cut(&value, '=');
		enum err e = pairs_add(p, pairs_decode(p->a, name, true),
				       pairs_decode(p->a, value, true));
		if (e)
			return e;
	}
	return OK;
}

struct walk {
	struct pairs *p;
	struct str prefix;
	int depth;
	enum err err;
};

static void walk_value(void *arg, struct str key, const struct json *v);

static struct str nested_name(struct walk *w, struct str key)
{
	if (w->prefix.len == 0)
		return key;
	if (w->prefix.len + key.len > NAME_MAX_BYTES)
		return arena_str(w->p->a, key);
	return arena_printf(w->p->a, "%.*s[%.*s]", (int)w->prefix.len, w->prefix.at, (int)key.len,
			    key.at);
}

static void walk_array(struct walk *w, struct str name, const struct json *v)
{
	struct walk inner = {.p = w->p, .depth = w->depth + 1};

	/* Said to be empty is not the same as not said. */
	if (json_len(v) == 0)
		inner.err = pairs_add(w->p, name, S(""));
	for (size_t i = 0; i < json_len(v) && !inner.err; i++) {
		const struct json *one = json_at(v, i);
		if (json_kind(one) == JSON_OBJECT) {
			inner.prefix = arena_printf(w->p->a, "%.*s[%zu]", (int)name.len, name.at,
						    i);
			json_each(one, walk_value, &inner);
		} else {
			struct walk same = {.p = w->p, .depth = w->depth + 1};
			size_t before = w->p->n;
			walk_value(&same, name, one);
			if (w->p->n > before)
				w->p->at[w->p->n - 1].is_listed = true;
			inner.err = same.err;
		}
	}
	w->err = inner.err;
}

static void walk_value(void *arg, struct str key, const struct json *v)
{
	struct walk *w = arg;

	if (w->err)
		return;
	if (w->depth > JSON_DEPTH) {
		w->err = refuse("the JSON is nested too deeply");
		return;
	}
	struct str name = nested_name(w, key);
	switch (json_kind(v)) {
	case JSON_NULL:
		break;
	case JSON_BOOL:
		w->err = pairs_add(w->p, name, json_bool(v) ? S("true") : S("false"));
		break;
	case JSON_NUMBER:
		w->err = pairs_add(w->p, name, json_number_text(v, w->p->a));
		break;
	case JSON_STRING:
		w->err = pairs_add(w->p, name, arena_str(w->p->a, json_str(v)));
		break;
	case JSON_ARRAY:
		walk_array(w, name, v);
		break;
	case JSON_OBJECT: {
		struct walk inner = {.p = w->p, .prefix = name, .depth = w->depth + 1};
		json_each(v, walk_value, &inner);
		w->err = inner.err;
		break;
	}
	}
}

static void walk_root(void *arg, struct str key, const struct json *v)
{
	struct walk *w = arg;

	/* Keys outlive the document in the pairs. */
	if (!w->err)
		walk_value(w, arena_str(w->p->a, key), v);
}

enum err pairs_json(struct pairs *p, struct str text)
{
	SCOPED_JSON doc = {NULL};

	if (str_trim(text).len == 0)
		return OK;
	enum err e = json_parse(&doc, text);
	if (e)
		return e;
	if (json_kind(doc.root) != JSON_OBJECT)
		return refuse("the JSON must be an object");
	struct walk w = {.p = p};
	json_each(doc.root, walk_root, &w);
	return w.err;
}

enum err pairs_body(struct pairs *p, struct str content_type, struct str body)
{
	struct str rest = content_type;
	struct str type = str_trim(str_cut(&rest, ';'));

	if (body.len == 0)
		return OK;
	if (str_eq_nocase(type, S("application/json")))
		return pairs_json(p, body);
	if (str_eq_nocase(type, S("multipart/form-data")))
		return pairs_multipart(p, content_type, body);
	/* Old clients send forms without saying so. */
	if (type.len == 0 || str_eq_nocase(type, S("application/x-www-form-urlencoded")))
		return pairs_urlencoded(p, body);
	return OK;
}
