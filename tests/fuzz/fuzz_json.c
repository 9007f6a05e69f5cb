/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as JSON: refused with a reason, or taken; what is taken is walked whole, written again
 * by our writer, and must then be taken again and give the same text.
 */
#include "base/json.h"
#include "base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NESTED_MAX = 32 };

struct walk {
	struct jw w;
	struct arena *a;
	int depth;
};

static void put_node(struct walk *k, const struct json *n);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void put_member(void *arg, struct str key, const struct json *value)
{
	struct walk *k = arg;
	SCOPED_BUF name = BUF_EMPTY;
	must(utf8_ok(key));
	esc_json(&name, key);
	jw_key(&k->w, buf_str(&name));
	put_node(k, value);
}

static void put_nested(struct walk *k, const struct json *n)
{
	must(++k->depth <= NESTED_MAX);
	if (json_kind(n) == JSON_OBJECT) {
		jw_open(&k->w, '{');
		json_each(n, put_member, k);
		jw_close(&k->w, '}');
	} else {
		jw_open(&k->w, '[');
		for (size_t i = 0; i < json_len(n); i++)
			put_node(k, json_at(n, i));
		jw_close(&k->w, ']');
	}
	k->depth--;
}

static void put_node(struct walk *k, const struct json *n)
{
	int64_t whole;
	must(n != NULL);
	switch (json_kind(n)) {
	case JSON_NULL:
		jw_null(&k->w);
		break;
	case JSON_BOOL:
		jw_bool(&k->w, json_bool(n));
		break;
	case JSON_NUMBER:
		must(json_number_text(n, k->a).len > 0);
		if (json_i64(n, &whole))
			jw_i64(&k->w, whole);
		else
			jw_raw(&k->w, S("0.5"));
		break;
	case JSON_STRING:
		must(utf8_ok(json_str(n)));
		jw_str(&k->w, json_str(n));
		break;
	default:
		put_nested(k, n);
	}
}

static void write_again(struct buf *out, const struct json *root)
{
	SCOPED_ARENA a = arena_new();
	struct walk k = {{out, false}, a, 0};
	put_node(&k, root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_JSON first = {NULL};
	SCOPED_JSON second = {NULL};
	SCOPED_BUF once = BUF_EMPTY;
	SCOPED_BUF twice = BUF_EMPTY;
	struct str text = {(const char *)data, size};

	if (json_parse(&first, text) != OK) {
		must(first.root == NULL && err_why()[0] != '\0' && utf8_ok(str_of(err_why())));
		return 0;
	}
	must(utf8_ok(text)); /* all of the text was read, and it is text */
	write_again(&once, first.root);
	must(json_parse(&second, buf_str(&once)) == OK);
	write_again(&twice, second.root);
	must(str_eq(buf_str(&once), buf_str(&twice)));
	json_get(first.root, "a");
	return 0;
}
