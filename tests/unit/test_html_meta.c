/* SPDX-License-Identifier: MIT */
/* What pages say about themselves, well and badly written. */
#include "net/html_entity.h"
#include "net/html_meta.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/utf8.h"

static void assert_text(struct str got, const char *want)
{
	if (!str_eq(got, str_of(want)))
		fail_msg("\"%.*s\", not \"%s\"", (int)got.len, got.at, want);
}

static void titles(void **state)
{
	static const char *const cases[][2] = {
		{"<title>x</title>", "x"},
		{"<TITLE\n lang=en> a\n\t b </TITLE >", "a b"},
		{"<title>tag</title><meta property='og:title' content='og'>", "og"},
		{"<meta name=twitter:title content=tw><title>t</title>", "tw"},
		{"<meta content=\"before the name\" property=og:title>", "before the name"},
		{"<title>first</title><title>second</title>", "first"},
		{"<svg><title>icon</title></svg><title>page</title>", "page"},
		{"<script>'<title>no</title>'</script><title>yes</title>", "yes"},
		{"<!-- <title>no</title> --><title>yes</title>", "yes"},
		{"<title>1 < 2 &amp;&#38;&#x26; &lt;b&gt;</title>", "1 < 2 &&& <b>"},
		{"<title>&nbsp;&hellip;&#0;&#xd800;&nothing;&</title>",
		 "\xe2\x80\xa6&#0;&#xd800;&nothing;&"},
		{"<title>&#150;&#x1F600;</title>", "\xe2\x80\x93\xf0\x9f\x98\x80"},
		{"<title>\xff\xc3(</title>", "\xef\xbf\xbd\xef\xbf\xbd("},
		{"<title>\xe2\x80\xaeturned\xe2\x80\xac</title>", "turned"},
		{"<meta property=\"og:title\" content='a \"b\" > c'>", "a \"b\" > c"},
		{"<meta property=og:title content=\"never closed", "never closed"},
		{"<title>never closed", "never closed"},
		{"<meta property=og:title content=>", ""},
		{"<meta / = property=og:title / content = x>", "x"},
		{"<", ""},
		{"</", ""},
		{"<!", ""},
		{"<!--", ""},
		{"", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_ARENA a = arena_new();
		struct html_meta m;
		print_message("%s\n", cases[i][0]);
		assert_true(html_meta_read(a, S("text/html"), str_of(cases[i][0]), &m));
		assert_text(m.title, cases[i][1]);
	}
}

static void everything(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	struct html_meta m;
	assert_true(html_meta_read(
		a, S("text/html; charset=UTF-8"),
		S("<html lang=de-AT><head><title>T</title><meta name=Description content=D>"
		  "<meta property=og:site_name content=Site><meta name=author content=A>"
		  "<meta property=article:author content='https://a.example/~a'>"
		  "<meta property=og:image content='/i.png'><meta property=og:image:alt content=Alt>"
		  "<meta property=article:published_time content=2026-11-23T20:38:31Z>"),
		&m));
	assert_text(m.description, "D");
	assert_text(m.provider_name, "Site");
	assert_text(m.author_name, "A");
	assert_text(m.author_url, "https://a.example/~a");
	assert_text(m.image, "/i.png");
	assert_text(m.image_description, "Alt");
	assert_text(m.language, "de-AT");
	assert_int_equal(m.published_at, 1795466311000);
}

static void authors(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	struct html_meta m;
	assert_true(html_meta_read(a, S(""),
				   S("<meta property=article:author content='A Name'>"
				     "<link rel=author href=javascript:alert(1)>"),
				   &m));
	assert_text(m.author_name, "A Name");
	assert_text(m.author_url, "");
	assert_true(html_meta_read(a, S(""), S("<link rel=author href=https://a.example/>"), &m));
	assert_text(m.author_url, "https://a.example/");
}

/* rel is a list of words; other kinds of oEmbed, and other alternates, are none of ours. */
static void where_more_is_said(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	struct html_meta m;
	assert_true(html_meta_read(
		a, S(""),
		S("<link rel=alternate type=application/rss+xml href=/feed>"
		  "<link rel=alternate type=text/xml+oembed href=/xml>"
		  "<link rel='nofollow Alternate' type='application/json+oembed' href='/o?a=1&amp;b=2'>"
		  "<link rel=alternate type=application/json+oembed href=/second>"
		  "<meta name=fediverse:creator content=' @ann@a.example '>"),
		&m));
	assert_text(m.oembed, "/o?a=1&b=2");
	assert_text(m.creator, "@ann@a.example");
	assert_text(m.author_url, "");
	assert_true(
		html_meta_read(a, S(""), S("<link rel=alternate href=/x><title>t</title>"), &m));
	assert_text(m.oembed, "");
}

static void charsets(void **state)
{
	static const struct {
		const char *type, *page, *title;
		bool known;
	} cases[] = {
		{"text/html; charset=iso-8859-1", "<title>\xe4\x80</title>", "\xc3\xa4\xe2\x82\xac",
		 true},
		{"text/html; Charset=\"utf-8\"", "<meta charset=latin1><title>\xc3\xa4</title>",
		 "\xc3\xa4", true},
		{"text/html", "<meta charset=windows-1252><title>\xe4</title>", "\xc3\xa4", true},
		{"text/html",
		 "<title>\xa4</title><meta http-equiv=content-type content='text/html; charset=ISO-8859-15'>",
		 "\xe2\x82\xac", true},
		{"text/html; charset=shift_jis", "<title>x</title>", "", false},
		{"text/html", "\xef\xbb\xbf<meta charset=latin1><title>\xc3\xa4</title>",
		 "\xc3\xa4", true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_ARENA a = arena_new();
		struct html_meta m;
		assert_int_equal(
			html_meta_read(a, str_of(cases[i].type), str_of(cases[i].page), &m),
			cases[i].known);
		assert_text(m.title, cases[i].title);
	}
}

static void times(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} cases[] = {
		{"2026-11-23", 1795392000000},
		{"2026-11-23T20:38:31Z", 1795466311000},
		{"2026-11-23T20:38:31.123456+02:00", 1795459111000},
		{"2026-11-23 20:38", 1795466280000},
		{"2026-11-23T20:38:31-0530", 1795486111000},
		{"2026-13-01", 0},
		{"2026-00-01", 0},
		{"0000-01-01", 0},
		{"2026-1-1", 0},
		{"yesterday", 0},
		{"", 0},
		{"-026-01-01", 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s\n", cases[i].text);
		assert_int_equal(html_meta_time(str_of(cases[i].text)), cases[i].at);
	}
}

/* However long a page makes it, what is kept is short and whole characters. */
static void long_texts(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	SCOPED_BUF page = BUF_EMPTY;
	struct html_meta m;
	buf_put(&page, S("<title>"));
	for (int i = 0; i < 100000; i++)
		buf_put(&page, S("\xc3\xa4 "));
	assert_true(html_meta_read(a, S(""), buf_str(&page), &m));
	assert_true(utf8_ok(m.title));
	assert_in_range(utf8_chars(m.title), META_TITLE_MAX - 1, META_TITLE_MAX + 1);
}

/* A megabyte of anything is read in one pass. */
static void linear(void **state)
{
	static const char *const pieces[] = {"<",       "<a ",        "<!--",     "</",
					     "<title>", "<meta a=\"", "<script>", "&",
					     "<a b='",  "</title",    "<svg></"};
	(void)state;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		SCOPED_ARENA a = arena_new();
		SCOPED_BUF page = BUF_EMPTY;
		struct html_meta m;
		while (page.len < 1 << 20)
			buf_put(&page, str_of(pieces[i]));
		int64_t begun = clock_mono_us();
		assert_true(html_meta_read(a, S(""), buf_str(&page), &m));
		print_message("%s: %lld us\n", pieces[i], (long long)(clock_mono_us() - begun));
		assert_true(clock_mono_us() - begun < 2000000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles),     cmocka_unit_test(everything),
		cmocka_unit_test(authors),    cmocka_unit_test(where_more_is_said),
		cmocka_unit_test(charsets),   cmocka_unit_test(times),
		cmocka_unit_test(long_texts), cmocka_unit_test(linear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
