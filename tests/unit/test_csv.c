/* SPDX-License-Identifier: MIT */
/* Comma-separated values: the cases of RFC 4180, and what files of other programs hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/csv.h"

/* All records as one text: cells in [], records in lines. */
static void all_of(const char *text, const char *want)
{
	SCOPED_ARENA a = arena_new();
	SCOPED_BUF got = BUF_EMPTY;
	struct str rest = str_of(text), cells[3];
	for (int n; (n = csv_next(&rest, a, cells, 3)) >= 0;) {
		for (int i = 0; i < n; i++) {
			buf_char(&got, '[');
			buf_put(&got, cells[i]);
			buf_char(&got, ']');
		}
		buf_char(&got, '|');
	}
	buf_char(&got, '\0');
	assert_string_equal(got.at, want);
}

static void records(void **state)
{
	(void)state;
	all_of("", "");
	all_of("a,b,c\nd\n", "[a][b][c]|[d]|");
	all_of("a,b\r\nc,d", "[a][b]|[c][d]|");
	all_of("a,,c,d,e\n", "[a][][c]|");
	all_of(",\n", "[][]|");
	all_of("\n\na\n", "||[a]|");
	all_of("\"a,b\",c\n", "[a,b][c]|");
	all_of("\"a \"\"b\"\"\",\"x\ny\"\nz", "[a \"b\"][x\ny]|[z]|");
	all_of("\"\"\n", "[]|");
	all_of("\"open,\nto the end", "[open,\nto the end]|");
	all_of("\"a\"b,c\n", "[a][c]|");
	all_of("\"", "[]|");
}

static void put_is(const char *cell, const char *want)
{
	SCOPED_BUF got = BUF_EMPTY;
	csv_put(&got, str_of(cell));
	buf_char(&got, '\0');
	assert_string_equal(got.at, want);
}

static void cells_out(void **state)
{
	(void)state;
	put_is("plain", "plain");
	put_is("", "");
	put_is("a,b", "\"a,b\"");
	put_is("say \"hi\"", "\"say \"\"hi\"\"\"");
	put_is("two\nlines", "\"two\nlines\"");
	put_is("=1+1", "\"'=1+1\"");
	put_is("@SUM(A1)", "\"'@SUM(A1)\"");
	put_is("@ann@kwip.example", "@ann@kwip.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(records), cmocka_unit_test(cells_out)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
