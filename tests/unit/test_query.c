/* SPDX-License-Identifier: MIT */
/* Questions taken apart, and texts spread into words. What the index makes of it: test_index.c. */
#include "scratch.h"

#include "base/arena.h"
#include "base/clock.h"
#include "core/query.h"
#include "core/spread.h"

#define ANYTHING "facts : (\"v0\" OR \"v1\" OR \"v2\" OR \"v3\")"

static void spread_is(const char *text, const char *words, const char *sought, bool begins)
{
	SCOPED_BUF all = BUF_EMPTY, part = BUF_EMPTY;
	spread_text(&all, str_of(text));
	bool is_beginning = spread_sought(&part, str_of(text));
	buf_char(&all, '\0');
	buf_char(&part, '\0');
	assert_string_equal(all.at, words);
	assert_string_equal(part.at, sought);
	assert_int_equal(is_beginning, begins);
}

static void texts_are_spread(void **state)
{
	(void)state;
	spread_is("", "", "", false);
	spread_is("Hello, w\u00f6rld!", "Hello w\u00f6rld ", "Hello w\u00f6rld ", false);
	spread_is("  #tag_two @ann ", "tag two ann ", "tag two ann ", false);
	spread_is("https://example.org/a?b=1", "https example org a b 1 ",
		  "https example org a b 1 ", false);
	/* Pairs, and the last character on its own: there it may begin what goes on. */
	spread_is("\u6771\u4eac\u90fd", "\u6771\u4eac \u4eac\u90fd \u90fd ",
		  "\u6771\u4eac \u4eac\u90fd ", false);
	spread_is("\u6771", "\u6771 ", "\u6771 ", true);
	spread_is("\u6771\u4eac.", "\u6771\u4eac \u4eac ", "\u6771\u4eac \u4eac ", false);
	spread_is("iPhone\u3092\u8cb7\u3046", "iPhone \u3092\u8cb7 \u8cb7\u3046 \u3046 ",
		  "iPhone \u3092\u8cb7 \u8cb7\u3046 ", false);
	spread_is("\ud55c\uad6d x", "\ud55c\uad6d \uad6d x ", "\ud55c\uad6d \uad6d x ", false);
	spread_is("\xff\xfe.a\xc3", "a ", "a ", false);
	spread_is("\U0001f389 \u2026 _", "", "", false);
}

static void match_is(const char *q, const char *match)
{
	SCOPED_ARENA a = arena_new();
	struct query out;
	int64_t people[QUERY_ITEMS_MAX] = {0};
	query_parse(&out, a, str_of(q));
	for (size_t i = 0; i < out.n; i++)
		people[i] = out.at[i].kind == QUERY_FROM ? 35 : 0;
	struct str got = query_match(a, &out, people, 0);
	assert_string_equal(arena_zstr(a, got), match);
}

static void words_and_signs(void **state)
{
	(void)state;
	match_is("", "");
	match_is(" !!! - \"\" \"...\" ", "");
	match_is("one", "(text : \"one\")");
	match_is("one two", "(text : \"one\") AND (text : \"two\")");
	match_is("\"one two\"", "(text : \"one two\")");
	match_is("\"one two", "(text : \"one two\")");
	match_is("\"one\"\"two\"", "(text : \"one\") AND (text : \"two\")");
	match_is("don't", "(text : \"don t\")");
	match_is("one -two", "((text : \"one\")) NOT ((text : \"two\"))");
	match_is("one -\"two three\" -four",
		 "((text : \"one\")) NOT ((text : \"two three\") OR (text : \"four\"))");
	match_is("-two", "(" ANYTHING ") NOT ((text : \"two\"))");
	match_is("+one", "(text : \"one\")");
	match_is("wor* w*", "(text : \"wor\" *) AND (text : \"w\")");
	match_is("\"wor*\"", "(text : \"wor\")");
	match_is("\u4eac", "(text : \"\u4eac\" *)");
	/* Words of the index's own language are words. */
	match_is("a OR b", "(text : \"a\") AND (text : \"OR\") AND (text : \"b\")");
	match_is("NEAR(a b) {text}:^c",
		 "(text : \"NEAR a\") AND (text : \"b\") AND (text : \"text c\")");
}

static void operators(void **state)
{
	(void)state;
	match_is("from:ann", "(facts : \"az\")");
	match_is("from:@ann x", "(facts : \"az\") AND (text : \"x\")");
	match_is("-from:me x", "((text : \"x\")) NOT ((facts : \"az\"))");
	match_is("has:media has:poll", "(facts : \"xm\") AND (facts : \"xp\")");
	match_is("has:image has:video has:audio has:link",
		 "(facts : \"xi\") AND (facts : \"xv\") AND (facts : \"xa\") AND (facts : \"xl\")");
	match_is("is:reply -is:sensitive", "((facts : \"xr\")) NOT ((facts : \"xs\"))");
	match_is("language:pt-BR", "(facts : \"lptbr\")");
	match_is("LANGUAGE:PT", "(facts : \"lpt\")");
	/* What is no operator is words. */
	match_is("has:nothing", "(text : \"has nothing\")");
	match_is("is:media", "(text : \"is media\")");
	match_is("language:\"x", "(text : \"language\") AND (text : \"x\")");
	match_is("before:tomorrow", "(text : \"before tomorrow\")");
	match_is("before:2026-13-45", "(text : \"before 2026 13 45\")");
	match_is("from:", "(text : \"from\")");
	match_is("http://x", "(text : \"http x\")");
}

static void parse(struct query *out, struct arena *a, const char *q)
{
	query_parse(out, a, str_of(q));
}

static void dates_and_places(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	struct query q;
	const int64_t day = 86400000, at = 1795737600000; /* 2026-11-27 */
	parse(&q, a, "x before:2026-11-27");
	assert_int_equal(q.until_ms, at);
	assert_int_equal(q.since_ms, 0);
	parse(&q, a, "x after:2026-11-27");
	assert_int_equal(q.since_ms, at + day);
	parse(&q, a, "during:2026-11-27");
	assert_int_equal(q.since_ms, at);
	assert_int_equal(q.until_ms, at + day);
	assert_int_equal(query_match(a, &q, (int64_t[QUERY_ITEMS_MAX]){0}, 0).len,
			 sizeof ANYTHING - 1);
	parse(&q, a, "x in:library");
	assert_int_equal(q.scope, QUERY_LIBRARY);
	parse(&q, a, "x in:PUBLIC");
	assert_int_equal(q.scope, QUERY_PUBLIC);
	parse(&q, a, "x in:all in:nowhere");
	assert_int_equal(q.scope, QUERY_ALL);
	assert_int_equal(q.n, 2);
}

static void much_is_bounded(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	SCOPED_BUF text = BUF_EMPTY;
	struct query q;
	for (int i = 0; i < 1000; i++)
		buf_put(&text, S("a -b "));
	query_parse(&q, a, buf_str(&text));
	assert_int_equal(q.n, QUERY_ITEMS_MAX);
}

static void people_by_beginnings(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	assert_string_equal(arena_zstr(a, query_people(a, S("Ann \"Lee\""), S("names"))),
			    "{names} : (\"Ann\" * AND \"Lee\" *)");
	assert_int_equal(query_people(a, S("!?"), S("names")).len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_spread), cmocka_unit_test(words_and_signs),
		cmocka_unit_test(operators),        cmocka_unit_test(dates_and_places),
		cmocka_unit_test(much_is_bounded),  cmocka_unit_test(people_by_beginnings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
