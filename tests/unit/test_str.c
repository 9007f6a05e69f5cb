/* SPDX-License-Identifier: MIT */
/* Views: every function at its edges, the empty and the NULL view included. */
#include "scratch.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static const struct str none = {NULL, 0};

static void of_and_eq(void **state)
{
	(void)state;
	assert_int_equal(str_of(NULL).len, 0);
	assert_non_null(str_of(NULL).at);
	assert_int_equal(str_of("abc").len, 3);
	assert_true(str_eq(none, S("")));
	assert_true(str_eq(S("a\0b"), S("a\0b")));
	assert_false(str_eq(S("a\0b"), S("a\0c")));
	assert_false(str_eq(S("a"), S("ab")));
	assert_false(str_eq(S("a"), S("A")));
}

static void nocase_folds_ascii_only(void **state)
{
	static const struct {
		struct str a, b;
		bool same;
	} rows[] = {
		{S_INIT("aZ09"), S_INIT("Az09"), true},
		{S_INIT(""), S_INIT(""), true},
		{S_INIT("@"), S_INIT("`"), false},
		{S_INIT("["), S_INIT("{"), false},
		{S_INIT("\xc3\x84"), S_INIT("\xc3\xa4"), false},
		{S_INIT("ab"), S_INIT("a"), false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(str_eq_nocase(rows[i].a, rows[i].b), rows[i].same);
	assert_true(str_eq_nocase(none, none));
}

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void cmp_is_an_order(void **state)
{
	static const struct str sorted[] = {S_INIT(""),   S_INIT("A"),    S_INIT("AB"),
					    S_INIT("B"),  S_INIT("a"),    S_INIT("a\0"),
					    S_INIT("ab"), S_INIT("\x80"), S_INIT("\xff")};
	(void)state;
	for (size_t i = 0; i < ROWS(sorted); i++) {
		for (size_t k = 0; k < ROWS(sorted); k++)
			assert_int_equal(sign(str_cmp(sorted[i], sorted[k])), (i > k) - (i < k));
	}
	assert_int_equal(str_cmp(none, S("")), 0);
	assert_true(str_cmp(none, S("a")) < 0);
}

static void starts_and_ends(void **state)
{
	static const struct {
		struct str s, part;
		bool starts, ends;
	} rows[] = {
		{S_INIT("abc"), S_INIT("ab"), true, false},
		{S_INIT("abc"), S_INIT("bc"), false, true},
		{S_INIT("abc"), S_INIT("abc"), true, true},
		{S_INIT("abc"), S_INIT("abcd"), false, false},
		{S_INIT("abc"), S_INIT(""), true, true},
		{S_INIT(""), S_INIT(""), true, true},
		{S_INIT(""), S_INIT("a"), false, false},
		{{NULL, 0}, S_INIT(""), true, true},
		{{NULL, 0}, S_INIT("a"), false, false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_int_equal(str_starts(rows[i].s, rows[i].part), rows[i].starts);
		assert_int_equal(str_ends(rows[i].s, rows[i].part), rows[i].ends);
	}
}

static void finds(void **state)
{
	static const struct {
		struct str s, needle;
		ptrdiff_t at;
	} rows[] = {
		{S_INIT("abcabc"), S_INIT("ca"), 2}, {S_INIT("aab"), S_INIT("ab"), 1},
		{S_INIT("abc"), S_INIT(""), 0},      {S_INIT(""), S_INIT(""), 0},
		{S_INIT(""), S_INIT("a"), -1},       {S_INIT("ab"), S_INIT("abc"), -1},
		{S_INIT("a\0b"), S_INIT("\0b"), 1},  {{NULL, 0}, S_INIT("x"), -1},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(str_find(rows[i].s, rows[i].needle), rows[i].at);
	assert_int_equal(str_find_char(S("abc"), 'c'), 2);
	assert_int_equal(str_find_char(S("abc"), 'd'), -1);
	assert_int_equal(str_find_char(S("a\xff"), '\xff'), 1);
	assert_int_equal(str_find_char(S("abc"), '\0'), -1);
	assert_int_equal(str_find_char(none, 'a'), -1);
}

static void slice_clamps(void **state)
{
	static const struct {
		size_t from, to;
		struct str want;
	} rows[] = {
		{0, 3, S_INIT("abc")},
		{1, 2, S_INIT("b")},
		{0, SIZE_MAX, S_INIT("abc")},
		{3, 3, S_INIT("")},
		{2, 1, S_INIT("")},
		{4, 9, S_INIT("")},
		{SIZE_MAX, SIZE_MAX, S_INIT("")},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str got = str_slice(S("abc"), rows[i].from, rows[i].to);
		assert_true(str_eq(got, rows[i].want));
	}
	assert_int_equal(str_slice(none, 1, 2).len, 0);
}

static void trims(void **state)
{
	static const struct {
		struct str s, want;
	} rows[] = {
		{S_INIT("  a b \t\r\n\v\f"), S_INIT("a b")},
		{S_INIT(" \n "), S_INIT("")},
		{S_INIT(""), S_INIT("")},
		{S_INIT("x"), S_INIT("x")},
		{S_INIT("\xc2\xa0x"), S_INIT("\xc2\xa0x")},
		{S_INIT("\0 "), S_INIT("\0")},
		{{NULL, 0}, S_INIT("")},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_true(str_eq(str_trim(rows[i].s), rows[i].want));
}

static void cuts(void **state)
{
	static const struct str want[] = {S_INIT(""), S_INIT("a"), S_INIT(""), S_INIT("b"),
					  S_INIT("")};
	struct str rest = S(",a,,b,");
	size_t n = 0;

	(void)state;
	for (; rest.at; n++) {
		assert_true(n < ROWS(want));
		assert_true(str_eq(str_cut(&rest, ','), want[n]));
	}
	assert_int_equal(n, ROWS(want));
	assert_int_equal(str_cut(&rest, ',').len, 0);
	assert_null(rest.at);
	rest = S("");
	assert_int_equal(str_cut(&rest, ',').len, 0);
	assert_null(rest.at);
}

static void numbers(void **state)
{
	static const struct {
		struct str s;
		bool is_i, is_u;
		int64_t i;
		uint64_t u;
	} rows[] = {
		{S_INIT("0"), true, true, 0, 0},
		{S_INIT("007"), true, true, 7, 7},
		{S_INIT("-0"), true, false, 0, 0},
		{S_INIT("-1"), true, false, -1, 0},
		{S_INIT("9223372036854775807"), true, true, INT64_MAX, INT64_MAX},
		{S_INIT("9223372036854775808"), false, true, 0, (uint64_t)INT64_MAX + 1},
		{S_INIT("-9223372036854775808"), true, false, INT64_MIN, 0},
		{S_INIT("-9223372036854775809"), false, false, 0, 0},
		{S_INIT("18446744073709551615"), false, true, 0, UINT64_MAX},
		{S_INIT("18446744073709551616"), false, false, 0, 0},
		{S_INIT("99999999999999999999999"), false, false, 0, 0},
		{S_INIT(""), false, false, 0, 0},
		{S_INIT("-"), false, false, 0, 0},
		{S_INIT("--1"), false, false, 0, 0},
		{S_INIT("+1"), false, false, 0, 0},
		{S_INIT(" 1"), false, false, 0, 0},
		{S_INIT("1 "), false, false, 0, 0},
		{S_INIT("1\0"), false, false, 0, 0},
		{S_INIT("1.0"), false, false, 0, 0},
		{S_INIT("0x1"), false, false, 0, 0},
		{{NULL, 0}, false, false, 0, 0},
	};
	(void)state;
	for (size_t k = 0; k < ROWS(rows); k++) {
		int64_t i = 42;
		uint64_t u = 42;
		assert_int_equal(str_i64(rows[k].s, &i), rows[k].is_i);
		assert_int_equal(str_u64(rows[k].s, &u), rows[k].is_u);
		assert_true(i == (rows[k].is_i ? rows[k].i : 42));
		assert_true(u == (rows[k].is_u ? rows[k].u : 42));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_and_eq),       cmocka_unit_test(nocase_folds_ascii_only),
		cmocka_unit_test(cmp_is_an_order), cmocka_unit_test(starts_and_ends),
		cmocka_unit_test(finds),           cmocka_unit_test(slice_clamps),
		cmocka_unit_test(trims),           cmocka_unit_test(cuts),
		cmocka_unit_test(numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
