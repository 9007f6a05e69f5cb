/* SPDX-License-Identifier: MIT */
/* The output buffer and the escapers of HTML, URLs and XML; every byte value goes through each of
 * them. */
#include "scratch.h"

#include "base/buf.h"
#include "base/crypt.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static void expect(const struct buf *b, struct str want)
{
	if (!str_eq(buf_str(b), want))
		print_error("got %.*s, want %.*s\n", (int)b->len, b->at, (int)want.len, want.at);
	assert_true(str_eq(buf_str(b), want));
}

static void grows_and_clears(void **state)
{
	SCOPED_BUF b = BUF_EMPTY;

	(void)state;
	assert_int_equal(buf_str(&b).len, 0);
	assert_non_null(buf_str(&b).at);
	buf_put(&b, (struct str){NULL, 0});
	assert_null(b.at);
	for (int i = 0; i < 100000; i++)
		buf_char(&b, (char)i);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(b.at[i], (char)i);
	size_t cap = b.cap;
	char *at = b.at;
	buf_clear(&b, cap);
	assert_int_equal(b.len, 0);
	assert_ptr_equal(b.at, at);
	buf_clear(&b, cap - 1);
	assert_int_equal(b.cap, 0);
	buf_reserve(&b, 0);
	buf_reserve(&b, 257);
	assert_true(b.cap >= 257);
}

/* The text may be longer than the room that is left by any amount. */
static void puts_at_every_fill(void **state)
{
	char text[700];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t fill = 250; fill < 262; fill++) {
		for (size_t n = 0; n < sizeof(text); n += 37) {
			SCOPED_BUF b = BUF_EMPTY;
			buf_put(&b, (struct str){text, fill});
			buf_put(&b, (struct str){text, n});
			assert_int_equal(b.len, fill + n);
			assert_true(b.cap >= b.len);
		}
	}
}

static void numbers(void **state)
{
	static const struct {
		int64_t i;
		uint64_t u;
		struct str want_i, want_u;
	} rows[] = {
		{0, 0, S_INIT("0"), S_INIT("0")},
		{-1, 10, S_INIT("-1"), S_INIT("10")},
		{INT64_MAX, UINT64_MAX, S_INIT("9223372036854775807"),
		 S_INIT("18446744073709551615")},
		{INT64_MIN, 1, S_INIT("-9223372036854775808"), S_INIT("1")},
		{-100, 999, S_INIT("-100"), S_INIT("999")},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		SCOPED_BUF signed_one = BUF_EMPTY;
		SCOPED_BUF unsigned_one = BUF_EMPTY;
		buf_i64(&signed_one, rows[i].i);
		buf_u64(&unsigned_one, rows[i].u);
		expect(&signed_one, rows[i].want_i);
		expect(&unsigned_one, rows[i].want_u);
	}
}

static void hex_and_base64(void **state)
{
	static const struct {
		struct str bytes, hex, base64;
	} rows[] = {
		/* RFC 4648 section 10, and the two letters that differ in base64url */
		{S_INIT(""), S_INIT(""), S_INIT("")},
		{S_INIT("f"), S_INIT("66"), S_INIT("Zg")},
		{S_INIT("fo"), S_INIT("666f"), S_INIT("Zm8")},
		{S_INIT("foo"), S_INIT("666f6f"), S_INIT("Zm9v")},
		{S_INIT("foob"), S_INIT("666f6f62"), S_INIT("Zm9vYg")},
		{S_INIT("fooba"), S_INIT("666f6f6261"), S_INIT("Zm9vYmE")},
		{S_INIT("foobar"), S_INIT("666f6f626172"), S_INIT("Zm9vYmFy")},
		{S_INIT("\xfb\xff\xfe\0"), S_INIT("fbfffe00"), S_INIT("-__-AA")},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		SCOPED_BUF hex = BUF_EMPTY;
		SCOPED_BUF base64 = BUF_EMPTY;
		buf_hex(&hex, rows[i].bytes.at, rows[i].bytes.len);
		buf_base64url(&base64, rows[i].bytes.at, rows[i].bytes.len);
		expect(&hex, rows[i].hex);
		expect(&base64, rows[i].base64);
	}
}

struct escaper {
	void (*put)(struct buf *b, struct str s);
	const char *gone[256]; /* what a byte becomes; NULL: itself */
};

static const struct escaper escapers[] = {
	{esc_text, {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;"}},
	{esc_attr,
	 {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"}},
	{esc_xml,
	 {[0 ... 8] = "",
	  [11] = "",
	  [12] = "",
	  [14 ... 31] = "",
	  ['&'] = "&amp;",
	  ['<'] = "&lt;",
	  ['>'] = "&gt;",
	  ['"'] = "&quot;",
	  ['\''] = "&#39;"}},
};

static void every_byte_through_every_escaper(void **state)
{
	(void)state;
	for (size_t e = 0; e < ROWS(escapers); e++) {
		for (int c = 0; c < 256; c++) {
			char text[3] = {'a', (char)c, 'b'};
			SCOPED_BUF got = BUF_EMPTY;
			SCOPED_BUF want = BUF_EMPTY;
			escapers[e].put(&got, (struct str){text, 3});
			buf_char(&want, 'a');
			if (escapers[e].gone[c])
				buf_put(&want, str_of(escapers[e].gone[c]));
			else
				buf_char(&want, (char)c);
			buf_char(&want, 'b');
			expect(&got, buf_str(&want));
		}
		SCOPED_BUF empty = BUF_EMPTY;
		escapers[e].put(&empty, (struct str){NULL, 0});
		assert_int_equal(empty.len, 0);
	}
}

/* Against a byte-by-byte version on random text of many special bytes. */
static void escapers_on_random_text(void **state)
{
	static const char often[] = "&<>\"'\x01 a\xc3";
	struct rand_seq r = {2};

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char text[64];
		size_t n = rand_seq_below(&r, sizeof(text));
		const struct escaper *e = &escapers[rand_seq_below(&r, ROWS(escapers))];
		SCOPED_BUF got = BUF_EMPTY;
		SCOPED_BUF want = BUF_EMPTY;
		for (size_t i = 0; i < n; i++)
			text[i] = often[rand_seq_below(&r, sizeof(often) - 1)];
		for (size_t i = 0; i < n; i++) {
			const char *gone = e->gone[(unsigned char)text[i]];
			buf_put(&want, gone ? str_of(gone) : (struct str){text + i, 1});
		}
		e->put(&got, (struct str){text, n});
		expect(&got, buf_str(&want));
	}
}

static void xml_drops_what_xml_forbids(void **state)
{
	static const struct {
		struct str s, want;
	} rows[] = {
		{S_INIT("a\xef\xbf\xbe"
			"b"),
		 S_INIT("ab")},                                   /* U+FFFE */
		{S_INIT("a\xef\xbf\xbf"), S_INIT("a")},           /* U+FFFF */
		{S_INIT("\xef\xbf\xbd"), S_INIT("\xef\xbf\xbd")}, /* U+FFFD may stay */
		{S_INIT("\xef\xbf"), S_INIT("\xef\xbf")},
		{S_INIT("\xf0\x9f\xbf\xbe"), S_INIT("\xf0\x9f\xbf\xbe")},
		{S_INIT("\t\n\r\x7f"), S_INIT("\t\n\r\x7f")},
		{S_INIT("<\xef\xbf\xbf&"), S_INIT("&lt;&amp;")},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		SCOPED_BUF b = BUF_EMPTY;
		esc_xml(&b, rows[i].s);
		expect(&b, rows[i].want);
	}
}

static void urls(void **state)
{
	static const struct {
		struct str url;
		const char *want; /* NULL: "#" */
	} rows[] = {
		{S_INIT("http://a/?b&c='\""), "http://a/?b&amp;c=&#39;&quot;"},
		{S_INIT("HTTPS://a"), "HTTPS://a"},
		{S_INIT("mailto:a@b"), "mailto:a@b"},
		{S_INIT("xmpp:a@b"), "xmpp:a@b"},
		{S_INIT("/path:x"), "/path:x"},
		{S_INIT("?q=a:b"), "?q=a:b"},
		{S_INIT("#a:b"), "#a:b"},
		{S_INIT("path/a:b"), "path/a:b"},
		{S_INIT(""), ""},
		{S_INIT("javascript:alert(1)"), NULL},
		{S_INIT("JaVaScRiPt:alert(1)"), NULL},
		{S_INIT(" javascript:alert(1)"), NULL},
		{S_INIT("\tjavascript:alert(1)"), NULL},
		{S_INIT("java\nscript:alert(1)"), NULL},
		{S_INIT("java\0script:alert(1)"), NULL},
		{S_INIT("data:text/html,x"), NULL},
		{S_INIT("vbscript:x"), NULL},
		{S_INIT("http:x"), NULL},
		{S_INIT("https:"), NULL},
		{S_INIT(":x"), NULL},
		{S_INIT("\\\\host"), NULL},
		{S_INIT("\x01/"), NULL},
	};
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		SCOPED_BUF b = BUF_EMPTY;
		esc_url(&b, rows[i].url);
		expect(&b, str_of(rows[i].want ? rows[i].want : "#"));
	}
	SCOPED_BUF b = BUF_EMPTY;
	esc_url(&b, (struct str){NULL, 0});
	expect(&b, S(""));
}

static void url_parts(void **state)
{
	static const char keep[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
	(void)state;
	for (int c = 0; c < 256; c++) {
		char one = (char)c, want[4];
		SCOPED_BUF b = BUF_EMPTY;
		esc_url_part(&b, (struct str){&one, 1});
		if (c && strchr(keep, c))
			snprintf(want, sizeof(want), "%c", c);
		else
			snprintf(want, sizeof(want), "%%%02X", (unsigned)c);
		expect(&b, str_of(want));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows_and_clears),
		cmocka_unit_test(puts_at_every_fill),
		cmocka_unit_test(numbers),
		cmocka_unit_test(hex_and_base64),
		cmocka_unit_test(every_byte_through_every_escaper),
		cmocka_unit_test(escapers_on_random_text),
		cmocka_unit_test(xml_drops_what_xml_forbids),
		cmocka_unit_test(urls),
		cmocka_unit_test(url_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
