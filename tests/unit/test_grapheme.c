/* SPDX-License-Identifier: MIT */
/* What counts as one character. */
#include "world.h"

#include "base/grapheme.h"

static void clusters(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {
		{"", 0},
		{"abc", 3},
		{"e\u0301", 1},
		{"\u0301", 1},
		{"a\r\nb", 3},
		{"\r\r\n\n", 3},
		{"\n\u0301", 2},
		{"\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 2},
		{"\U0001F1E9\U0001F1EA\U0001F1EB", 2},
		{"\U0001F468\u200D\U0001F469\u200D\U0001F467", 1},
		{"\U0001F44D\U0001F3FD", 1},
		{"\u2764\uFE0F\u200D\U0001F525", 1},
		{"a\u200D\U0001F525", 2},
		{"\U0001F525\U0001F525", 2},
		{"\u1112\u1161\u11AB\u1100\u1173\u11AF", 2},
		{"\uD55C\uAE00", 2},
		{"\uAC00\u11A8", 1},
		{"\uAC01\u1161", 2},
		{"1\uFE0F\u20E3", 1},
		{"\u0e01\u0e33", 1},
		{"\u0928\u093F", 1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(grapheme_count(str_of(cases[i].text)), cases[i].n);
	assert_int_equal(grapheme_count(S("a\xff\xffz")), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(clusters)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
