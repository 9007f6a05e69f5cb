/* SPDX-License-Identifier: MIT */
/* JSON: the writer against a naive one around every 16-byte boundary, the reader against what
 * strict means. */
#include "scratch.h"

#include "base/crypt.h"
#include "base/json.h"
#include "base/utf8.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static void expect(const struct buf *b, struct str want)
{
	if (!str_eq(buf_str(b), want))
		print_error("got %.*s, want %.*s\n", (int)b->len, b->at, (int)want.len, want.at);
	assert_true(str_eq(buf_str(b), want));
}

/* What esc_json must give, a byte at a time. */
static void naive(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len;) {
		unsigned char c = (unsigned char)s.at[i];
		size_t next = i;
		char code[8];
		if (c >= 0x80) {
			uint32_t point = utf8_next(s, &next);
			bool bad = point == 0xfffd && next - i == 1;
			buf_put(b, bad ? S("\xef\xbf\xbd") : str_slice(s, i, next));
			i = next;
			continue;
		}
		const char *short_form = c ? strchr("\"\"\\\\\nn\tt\rr\bb\ff", c) : NULL;
		i++;
		if (c == '"' || c == '\\' || (c < ' ' && short_form)) {
			buf_char(b, '\\');
			buf_char(b, c < ' ' ? short_form[1] : (char)c);
		} else if (c < ' ') {
			snprintf(code, sizeof(code), "\\u%04x", c);
			buf_put(b, str_of(code));
		} else {
			buf_char(b, (char)c);
		}
	}
}

static void compare(const char *at, size_t n)
{
	char *copy = malloc(n ? n : 1); /* of this size, so that ASan guards the end */
	SCOPED_BUF got = BUF_EMPTY;
	SCOPED_BUF want = BUF_EMPTY;
	assert_non_null(copy);
	memcpy(copy, at, n);
	esc_json(&got, (struct str){copy, n});
	naive(&want, (struct str){copy, n});
	expect(&got, buf_str(&want));
	assert_true(utf8_ok(buf_str(&got)));
	free(copy);
}

/* Every byte value at every place of texts that end around a boundary. */
static void every_byte_at_every_place(void **state)
{
	char text[50];
	(void)state;
	for (size_t n = 1; n < sizeof(text); n++) {
		for (size_t at = 0; at < n; at++) {
			for (int c = 0; c < 256; c += (at % 16 == 0 || at % 16 == 15) ? 1 : 7) {
				memset(text, 'x', n);
				text[at] = (char)c;
				compare(text, n);
			}
		}
	}
	compare(text, 0);
}

static void random_text(void **state)
{
	static const char *const pieces[] = {
		"a",        "bc",           "the quick brown fox jumps",
		"\"",       "\\",           "\n",
		"\x01",     "\x1f",         "\x7f",
		"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
		"\xe2\x82", "\xf0\x9f",     "\xed\xa0\x80",
		"\xc0\xaf", "\xff",         " ",
		"/",        "\xef\xbf\xbd"};
	struct rand_seq r = {4};
	(void)state;
	for (int round = 0; round < 20000; round++) {
		SCOPED_BUF text = BUF_EMPTY;
		for (uint64_t n = rand_seq_below(&r, 20); n > 0; n--)
			buf_put(&text, str_of(pieces[rand_seq_below(&r, ROWS(pieces))]));
		if (rand_seq_below(&r, 4) == 0)
			buf_char(&text, (char)rand_seq_next(&r));
		compare(buf_str(&text).at, text.len);
	}
}

/* What the writer wrote the reader gives back. */
static void there_and_back(void **state)
{
	struct rand_seq r = {5};
	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[40];
		size_t n = rand_seq_below(&r, sizeof(text));
		SCOPED_BUF out = BUF_EMPTY;
		for (size_t i = 0; i < n; i++)
			text[i] = (char)(1 + rand_seq_below(&r, 127));
		struct jw w = {&out, false};
		jw_str(&w, (struct str){text, n});
		SCOPED_JSON doc = {NULL};
		assert_int_equal(json_parse(&doc, buf_str(&out)), OK);
		assert_true(str_eq(json_str(doc.root), (struct str){text, n}));
	}
}

static void writes_whole_documents(void **state)
{
	SCOPED_BUF out = BUF_EMPTY;
	struct jw w = {&out, false};

	(void)state;
	jw_open(&w, '{');
	jw_kid(&w, S("id"), INT64_MAX);
	jw_kstr(&w, S("s"), S("a\"b"));
	jw_ki64(&w, S("n"), INT64_MIN);
	jw_kbool(&w, S("t"), true);
	jw_kbool(&w, S("f"), false);
	jw_knull(&w, S("z"));
	jw_key(&w, S("l"));
	jw_open(&w, '[');
	jw_open(&w, '[');
	jw_close(&w, ']');
	jw_open(&w, '{');
	jw_close(&w, '}');
	jw_i64(&w, 1);
	jw_null(&w);
	jw_raw(&w, S("{\"r\":1}"));
	jw_id_or_null(&w, 0);
	jw_id_or_null(&w, 7);
	jw_time(&w, 0);
	jw_time(&w, 1);
	jw_close(&w, ']');
	jw_kstr(&w, S("e"), S(""));
	jw_close(&w, '}');
	expect(&out,
	       S("{\"id\":\"9223372036854775807\",\"s\":\"a\\\"b\",\"n\":-9223372036854775808,"
		 "\"t\":true,\"f\":false,\"z\":null,\"l\":[[],{},1,null,{\"r\":1},null,\"7\",null,"
		 "\"1970-01-01T00:00:00.001Z\"],\"e\":\"\"}"));
	SCOPED_JSON doc = {NULL};
	assert_int_equal(json_parse(&doc, buf_str(&out)), OK);
}

static void takes_and_refuses(void **state)
{
	static const struct {
		struct str text;
		bool good;
	} rows[] = {
		{S_INIT("{}"), true},
		{S_INIT(" [1, 2.5, -3e2, \"x\", null, true, false, {\"a\": {}}] \n"), true},
		{S_INIT("1"), true},
		{S_INIT("\"\\ud83d\\ude00\""), true},
		{S_INIT("9223372036854775807"), true},
		{S_INIT(""), false},
		{S_INIT("   "), false},
		{S_INIT("{"), false},
		{S_INIT("{\"a\":1,\"a\":2}"), false},
		{S_INIT("{\"b\":{\"a\":1,\"a\":1}}"), false},
		{S_INIT("{\"a\":1,\"\\u0061\":2}"), false},
		{S_INIT("{} {}"), false},
		{S_INIT("{}x"), false},
		{S_INIT("[1,]"), false},
		{S_INIT("{\"a\":1,}"), false},
		{S_INIT("{a:1}"), false},
		{S_INIT("['a']"), false},
		{S_INIT("[01]"), false},
		{S_INIT("[+1]"), false},
		{S_INIT("[1.]"), false},
		{S_INIT("[.5]"), false},
		{S_INIT("[NaN]"), false},
		{S_INIT("[Infinity]"), false},
		{S_INIT("[1e999]"), false},
		{S_INIT("9223372036854775808"), false},
		{S_INIT("-9223372036854775809"), false},
		{S_INIT("\"\\ud800\""), false},
		{S_INIT("\"\\udc00\\ud800\""), false},
		{S_INIT("\"\\u0000\""), false},
		{S_INIT("{\"a\\u0000b\":1}"), false},
		{S_INIT("\"\\x\""), false},
		{S_INIT("\"\xff\""), false},
		{S_INIT("\"\xc0\xaf\""), false},
		{S_INIT("\"\xed\xa0\x80\""), false},
		{S_INIT("\"a\nb\""), false},
		{S_INIT("\"a"), false},
		{S_INIT("// no\n1"), false},
		{S_INIT("\xef\xbb\xbf{}"), false},
		{S_INIT("1\0"), false},
		{S_INIT("{}\0{}"), false},
		{S_INIT("\0"), false},
		{{NULL, 0}, false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		SCOPED_JSON doc = {NULL};
		enum err e = json_parse(&doc, rows[i].text);
		if (e != (rows[i].good ? OK : ERR_INPUT))
			print_error("%.*s\n", (int)rows[i].text.len, rows[i].text.at);
		assert_int_equal(e, rows[i].good ? OK : ERR_INPUT);
		assert_int_equal(doc.root != NULL, rows[i].good);
		if (!rows[i].good)
			assert_true(str_starts(str_of(err_why()), S("not valid JSON")));
	}
}

static enum err parse_nested(size_t depth, char open, const char *inside)
{
	SCOPED_BUF text = BUF_EMPTY;
	SCOPED_JSON doc = {NULL};
	for (size_t i = 0; i < depth; i++) {
		if (open == '{' && i > 0)
			buf_put(&text, S("\"a\":"));
		buf_char(&text, open);
	}
	buf_put(&text, str_of(inside));
	for (size_t i = 0; i < depth; i++)
		buf_char(&text, open == '{' ? '}' : ']');
	return json_parse(&doc, buf_str(&text));
}

static void depth_is_limited(void **state)
{
	(void)state;
	for (size_t depth = 1; depth < 40; depth++) {
		assert_int_equal(parse_nested(depth, '[', ""), depth <= 32 ? OK : ERR_INPUT);
		assert_int_equal(parse_nested(depth, '{', ""), depth <= 32 ? OK : ERR_INPUT);
	}
	assert_non_null(strstr(err_why(), "32"));
	assert_int_equal(parse_nested(100000, '[', ""), ERR_INPUT);
	/* Brackets in strings do not count, escaped quotes do not end them. */
	assert_int_equal(parse_nested(30, '[', "\"[[[[[[[[{{{{\", \"\\\"[[[[[[[[\\\\\", []"), OK);
	assert_int_equal(parse_nested(31, '[', "[[\"]]\"]]"), ERR_INPUT);
}

/* The sentence quotes the input: it must stay UTF-8 and one line, wherever jansson cuts. */
static void the_reason_is_text(void **state)
{
	(void)state;
	for (size_t n = 0; n < 300; n++) {
		SCOPED_BUF text = BUF_EMPTY;
		SCOPED_JSON doc = {NULL};
		buf_put(&text, S("[ x"));
		for (size_t i = 0; i < n; i++)
			buf_char(&text, 'x');
		for (size_t i = 0; i < 90; i++)
			buf_put(&text, i % 9 ? S("\xf0\x9f\x98\x80") : S("\n"));
		assert_int_equal(json_parse(&doc, buf_str(&text)), ERR_INPUT);
		assert_true(utf8_ok(str_of(err_why())));
		buf_put(&text, S("\xff"));
		assert_int_equal(json_parse(&doc, str_slice(buf_str(&text), n, text.len)),
				 ERR_INPUT);
		assert_true(utf8_ok(str_of(err_why())));
	}
}

/* Found by the fuzzer: jansson names the escape it does not know, and cuts the character behind it.
 */
static void the_reason_of_a_torn_escape(void **state)
{
	static const struct str rows[] = {
		S_INIT("\"\\ud8\xcd\x9b\""), S_INIT("\"\\u\xe2\x82\xac\""),
		S_INIT("[\"\\\xf0\x9f\x98\x80\"]"), S_INIT("{\"a\": \"\xe2\"}")};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		SCOPED_JSON doc = {NULL};
		assert_int_equal(json_parse(&doc, rows[i]), ERR_INPUT);
		assert_true(utf8_ok(str_of(err_why())));
		assert_non_null(strstr(err_why(), "(line 1)"));
	}
}

static void collect(void *arg, struct str key, const struct json *value)
{
	struct buf *b = arg;
	buf_put(b, key);
	buf_char(b, '=');
	buf_put(b, json_str(value));
	buf_char(b, ';');
}

static void walks(void **state)
{
	SCOPED_JSON doc = {NULL};
	SCOPED_BUF seen = BUF_EMPTY;
	int64_t n = 42;

	(void)state;
	assert_int_equal(
		json_parse(&doc, S("{\"s\":\"x\",\"l\":[1,true,null,1.5],\"a\":\"y\",\"o\":{}}")),
		OK);
	const struct json *l = json_get(doc.root, "l");
	assert_int_equal(json_kind(doc.root), JSON_OBJECT);
	assert_int_equal(json_kind(l), JSON_ARRAY);
	assert_int_equal(json_len(l), 4);
	assert_int_equal(json_kind(json_at(l, 0)), JSON_NUMBER);
	assert_int_equal(json_kind(json_at(l, 1)), JSON_BOOL);
	assert_int_equal(json_kind(json_at(l, 2)), JSON_NULL);
	assert_int_equal(json_kind(json_at(l, 3)), JSON_NUMBER);
	assert_null(json_at(l, 4));
	assert_null(json_at(l, SIZE_MAX));
	assert_true(json_i64(json_at(l, 0), &n) && n == 1);
	assert_false(json_i64(json_at(l, 3), &n));
	assert_false(json_i64(json_at(l, 1), &n));
	assert_int_equal(n, 1);
	assert_true(json_bool(json_at(l, 1)));
	assert_false(json_bool(json_at(l, 0)));
	json_each(doc.root, collect, &seen);
	expect(&seen, S("s=x;l=;a=y;o=;"));
}

/* Nodes that are not there, or of another kind, are all harmless. */
static void walks_nothing(void **state)
{
	SCOPED_ARENA a = arena_new();
	SCOPED_BUF seen = BUF_EMPTY;
	SCOPED_JSON doc = {NULL};
	int64_t n;

	(void)state;
	assert_int_equal(json_parse(&doc, S("[\"x\"]")), OK);
	const struct json *const nodes[] = {NULL, doc.root, json_at(doc.root, 0)};
	for (size_t i = 0; i < ROWS(nodes); i++) {
		assert_null(json_get(nodes[i], "x"));
		assert_false(json_i64(nodes[i], &n));
		assert_false(json_bool(nodes[i]));
		assert_int_equal(json_number_text(nodes[i], a).len, 0);
		json_each(nodes[i], collect, &seen);
		assert_int_equal(json_len(nodes[i]), i == 1);
		assert_int_equal(json_at(nodes[i], 0) != NULL, i == 1);
		assert_int_equal(json_str(nodes[i]).len, i == 2);
	}
	assert_int_equal(seen.len, 0);
	assert_int_equal(json_kind(NULL), JSON_NULL);
	json_free(&doc);
	json_free(&doc);
	assert_null(doc.root);
}

static void numbers_as_text(void **state)
{
	static const struct {
		struct str json, want;
	} rows[] = {
		{S_INIT("1"), S_INIT("1")},
		{S_INIT("-0"), S_INIT("0")},
		{S_INIT("9223372036854775807"), S_INIT("9223372036854775807")},
		{S_INIT("1.5"), S_INIT("1.5")},
		{S_INIT("0.1"), S_INIT("0.1")},
		{S_INIT("1e3"), S_INIT("1000")},
		{S_INIT("0.30000000000000004"), S_INIT("0.30000000000000004")},
		{S_INIT("1e300"), S_INIT("1e+300")},
	};
	SCOPED_ARENA a = arena_new();
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		SCOPED_JSON doc = {NULL};
		assert_int_equal(json_parse(&doc, rows[i].json), OK);
		assert_true(str_eq(json_number_text(doc.root, a), rows[i].want));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_at_every_place),
		cmocka_unit_test(random_text),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(writes_whole_documents),
		cmocka_unit_test(takes_and_refuses),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(the_reason_is_text),
		cmocka_unit_test(the_reason_of_a_torn_escape),
		cmocka_unit_test(walks),
		cmocka_unit_test(walks_nothing),
		cmocka_unit_test(numbers_as_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
