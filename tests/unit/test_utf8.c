/* SPDX-License-Identifier: MIT */
/* UTF-8: every code point there and back, every ill-formed kind, counting and cutting, classes and
 * folding. */
#include "scratch.h"

#include "base/crypt.h"
#include "base/utf8.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

/* Encodes any number below 0x200000 in n bytes, also such as UTF-8 forbids. */
static struct str encode(uint32_t c, size_t n, char out[4])
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	if (n == 1) {
		out[0] = (char)c;
		return (struct str){out, 1};
	}
	for (size_t i = n; i-- > 1; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(lead[n] | c);
	return (struct str){out, n};
}

static size_t shortest(uint32_t c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static void every_code_point_in_every_length(void **state)
{
	static const uint32_t limit[] = {0, 0x80, 0x800, 0x10000, 0x200000};
	(void)state;
	for (uint32_t c = 0; c < 0x200000; c++) {
		bool scalar = c != 0 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
		for (size_t n = shortest(c); n <= 4; n++) {
			char room[4];
			size_t i = 0;
			bool good = scalar && n == shortest(c);
			if (c >= limit[n])
				continue;
			struct str s = encode(c, n, room);
			if (utf8_ok(s) != good)
				print_error("U+%x in %zu bytes\n", c, n);
			assert_true(utf8_ok(s) == good);
			assert_int_equal(utf8_next(s, &i), good ? c : 0xfffd);
			assert_int_equal(i, good ? n : 1);
			if (good)
				assert_int_equal(utf8_chars(s), 1);
		}
	}
}

static void ill_formed(void **state)
{
	static const struct str rows[] = {
		S_INIT("\0"),
		S_INIT("a\0b"),
		S_INIT("\x80"),
		S_INIT("\xbf"),
		S_INIT("\xc0\x80"),
		S_INIT("\xc1\xbf"),
		S_INIT("\xc2"),
		S_INIT("\xc2\x41"),
		S_INIT("\xc2\xc2"),
		S_INIT("\xe0\x9f\xbf"),
		S_INIT("\xe0\xa0"),
		S_INIT("\xe1\x80\xc0"),
		S_INIT("\xed\xa0\x80"),
		S_INIT("\xed\xbf\xbf"),
		S_INIT("\xf0\x8f\xbf\xbf"),
		S_INIT("\xf0\x90\x80"),
		S_INIT("\xf4\x90\x80\x80"),
		S_INIT("\xf5\x80\x80\x80"),
		S_INIT("\xf8\x88\x80\x80\x80"),
		S_INIT("\xfe"),
		S_INIT("\xff"),
		S_INIT("ok \xe2\x82"),
		S_INIT("\xf0\x9f\x98\x41"),
	};
	(void)state;
	for (size_t k = 0; k < ROWS(rows); k++) {
		bool replaced = false;
		assert_false(utf8_ok(rows[k]));
		for (size_t i = 0; i < rows[k].len;)
			replaced |= utf8_next(rows[k], &i) == 0xfffd;
		assert_true(replaced);
	}
	assert_true(utf8_ok((struct str){NULL, 0}));
	assert_true(utf8_ok(S("")));
	assert_true(utf8_ok(S("\xef\xbb\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf")));
}

/* A sequence cut by the end of the view must not be read beyond it. */
static void cut_at_every_byte(void **state)
{
	static const struct str text = S_INIT("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	static const bool whole[] = {true, true,  false, true,  false, false,
				     true, false, false, false, true};
	(void)state;
	for (size_t n = 0; n <= text.len; n++) {
		char *copy = malloc(n ? n : 1); /* of this size, so that ASan guards the end */
		assert_non_null(copy);
		memcpy(copy, text.at, n);
		struct str s = {copy, n};
		assert_int_equal(utf8_ok(s), whole[n]);
		for (size_t i = 0; i < n;)
			utf8_next(s, &i);
		free(copy);
	}
}

static void counts_and_prefixes(void **state)
{
	static const struct str s = S_INIT("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z");
	static const size_t bytes[] = {0, 1, 3, 6, 10, 11, 11};
	(void)state;
	assert_int_equal(utf8_chars(s), 5);
	assert_int_equal(utf8_chars((struct str){NULL, 0}), 0);
	for (size_t n = 0; n < ROWS(bytes); n++) {
		assert_int_equal(utf8_prefix(s, n).len, bytes[n]);
		assert_true(utf8_ok(utf8_prefix(s, n)));
	}
	assert_int_equal(utf8_prefix(s, SIZE_MAX).len, s.len);
	assert_int_equal(utf8_prefix((struct str){NULL, 0}, 3).len, 0);
	assert_int_equal(utf8_prefix(S(""), 0).len, 0);
}

static void walks_random_bytes_to_the_end(void **state)
{
	struct rand_seq r = {3};
	(void)state;
	for (int round = 0; round < 20000; round++) {
		char bytes[24];
		size_t n = rand_seq_below(&r, sizeof(bytes)), i = 0;
		bool good = true;
		for (size_t k = 0; k < n; k++)
			bytes[k] = (char)(rand_seq_next(&r) | (rand_seq_next(&r) & 0x80));
		struct str s = {bytes, n};
		while (i < n) {
			size_t before = i;
			uint32_t c = utf8_next(s, &i);
			assert_true(i > before && i <= n);
			assert_true(c != 0 && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff));
			good &= c != 0xfffd || i - before == 3;
		}
		assert_int_equal(utf8_ok(s), good);
	}
}

static void words_and_spaces(void **state)
{
	static const struct {
		uint32_t c;
		bool word, space;
	} rows[] = {
		{'a', true, false},       {'Z', true, false},     {'0', true, false},
		{'_', true, false},       {'-', false, false},    {'#', false, false},
		{' ', false, true},       {'\t', false, true},    {'\n', false, true},
		{0, false, false},        {0x7f, false, false},   {0xa0, false, true},
		{0xaa, true, false},      {0xb5, true, false},    {0xd7, false, false},
		{0xe4, true, false},      {0x301, true, false},   {0x3b1, true, false},
		{0x416, true, false},     {0x5d0, true, false},   {0x627, true, false},
		{0x0939, true, false},    {0x0964, false, false}, {0x0e01, true, false},
		{0x2014, false, false},   {0x2003, false, true},  {0x200d, true, false},
		{0x20ac, false, false},   {0x3000, false, true},  {0x3001, false, false},
		{0x3042, true, false},    {0x4e2d, true, false},  {0xac00, true, false},
		{0xff01, false, false},   {0xff21, true, false},  {0x1f600, false, false},
		{0x20000, true, false},   {0xe000, false, false}, {0xfffd, false, false},
		{0x10ffff, false, false},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		if (utf8_is_word(rows[i].c) != rows[i].word)
			print_error("U+%04x\n", rows[i].c);
		assert_int_equal(utf8_is_word(rows[i].c), rows[i].word);
		assert_int_equal(utf8_is_space(rows[i].c), rows[i].space);
	}
	for (uint32_t c = 0; c <= 0x10ffff; c++)
		assert_false(utf8_is_word(c) && utf8_is_space(c));
}

static void folds(void **state)
{
	static const struct {
		uint32_t from, to;
	} rows[] = {
		{'A', 'a'},       {'Z', 'z'},       {'@', '@'},       {'[', '['},
		{'a', 'a'},       {0xb5, 0x3bc},    {0xc4, 0xe4},     {0xd7, 0xd7},
		{0xdf, 0xdf},     {0x130, 0x130},   {0x131, 0x131},   {0x141, 0x142},
		{0x178, 0xff},    {0x17f, 's'},     {0x1c4, 0x1c6},   {0x1c5, 0x1c6},
		{0x3a3, 0x3c3},   {0x3a2, 0x3a2},   {0x3c2, 0x3c3},   {0x3f4, 0x3b8},
		{0x401, 0x451},   {0x416, 0x436},   {0x4c0, 0x4cf},   {0x531, 0x561},
		{0x1e9e, 0xdf},   {0x1f08, 0x1f00}, {0x1f5a, 0x1f5a}, {0x1ffc, 0x1ff3},
		{0xff21, 0xff41}, {0x4e2d, 0x4e2d},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(utf8_fold(rows[i].from), rows[i].to);
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		uint32_t once = utf8_fold(c);
		assert_int_equal(utf8_fold(once), once);
		/* 0x345, a mark, folds to a letter; tags stay tags all the same. */
		assert_int_equal(utf8_is_word(once), utf8_is_word(c));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_in_every_length),
		cmocka_unit_test(ill_formed),
		cmocka_unit_test(cut_at_every_byte),
		cmocka_unit_test(counts_and_prefixes),
		cmocka_unit_test(walks_random_bytes_to_the_end),
		cmocka_unit_test(words_and_spaces),
		cmocka_unit_test(folds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
