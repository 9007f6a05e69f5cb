/* SPDX-License-Identifier: MIT */
/* Text to pieces and to HTML: what is a link, a mention, a tag and what is not; and that it takes
 * linear time. */
#include "scratch.h"

#include "base/clock.h"
#include "core/markup.h"

static struct arena *a;

static struct mention people[] = {
	{1, S_INIT("ada"), S_INIT(""), S_INIT("https://kwip.example/@ada")},
	{2, S_INIT("Bob"), S_INIT("far.example"), S_INIT("https://far.example/u/bob")},
};
static const struct mentions known = {people, 2};

static void same(struct str got, const char *want)
{
	char *z = arena_zstr(a, got);
	assert_string_equal(z, want);
}

/* The pieces as "k:text" joined by "|"; k is t, l, m or g. */
static const char *pieces(const char *text)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct scan s = {.text = str_of(text)};
	struct piece p;
	while (markup_next(&s, &p)) {
		if (b.len)
			buf_char(&b, '|');
		buf_char(&b, "tlmg"[p.kind]);
		buf_char(&b, ':');
		buf_put(&b, p.text);
		if (p.kind == PIECE_MENTION && p.domain.len) {
			buf_char(&b, '=');
			buf_put(&b, p.domain);
		}
	}
	return arena_zstr(a, buf_str(&b));
}

static void finds_pieces(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"plain", "t:plain"},
		{"hello @ada!", "t:hello |m:@ada|t:!"},
		{"@ada.", "m:@ada|t:."},
		{"@ada_ @a-b", "m:@ada_|t: |m:@a|t:-b"},
		{"@bob@far.example.", "m:@bob@far.example=far.example|t:."},
		{"@b.o@far.example", "m:@b.o@far.example=far.example"},
		{"@bob@", "m:@bob|t:@"},
		{"me@ada.example", "t:me@ada.example"},
		{"x/@ada @@ada", "t:x/@ada @@ada"},
		{"(@ada)", "t:(|m:@ada|t:)"},
		{"#kwip #Kwip2, #2024", "g:#kwip|t: |g:#Kwip2|t:, #2024"},
		{"a#b c", "t:a#b c"},
		{"#caf\xc3\xa9!", "g:#caf\xc3\xa9|t:!"},
		{"#\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x80\x82",
		 "g:#\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e|t:\xe3\x80\x82"},
		{"&#39; ##x", "t:&#39; ##x"},
		{"see https://a.example/x.", "t:see |l:https://a.example/x|t:."},
		{"(https://a.example/b)", "t:(|l:https://a.example/b|t:)"},
		{"https://a.example/b_(c)", "l:https://a.example/b_(c)"},
		{"(https://a.example/b_(c)).", "t:(|l:https://a.example/b_(c)|t:)."},
		{"HTTP://A.example?q=1&r=#top, ok", "l:HTTP://A.example?q=1&r=#top|t:, ok"},
		{"http:// https://. http://<b>", "t:http:// https://. http://<b>"},
		{"xhttp://a.example", "t:xhttp://a.example"},
		{"https://a.example/@ada#x", "l:https://a.example/@ada#x"},
		{"\"https://a.example\"", "t:\"|l:https://a.example|t:\""},
		{"https://b\xc3\xbc"
		 "cher.example/\xe2\x80\xa6",
		 "l:https://b\xc3\xbc"
		 "cher.example/|t:\xe2\x80\xa6"},
		{"javascript:alert(1) ftp://x.example", "t:javascript:alert(1) ftp://x.example"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(pieces(cases[i][0]), cases[i][1]);
}

#define LINK(url, shown) \
	"<a href=\"" url "\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\">" shown \
	"</a>"
#define ADA(href) \
	"<span class=\"h-card\" translate=\"no\"><a href=\"" href \
	"\" class=\"u-url mention\">@<span>ada</span></a></span>"

static void makes_html(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"", ""},
		{" \n\n ", ""},
		{"a", "<p>a</p>"},
		{"a\nb", "<p>a<br />b</p>"},
		{"a\r\n\r\nb\n\n\n\nc\n", "<p>a</p><p>b</p><p>c</p>"},
		{"a\n  \n b", "<p>a</p><p>b</p>"},
		{"<script>&\"x\"</script>", "<p>&lt;script&gt;&amp;\"x\"&lt;/script&gt;</p>"},
		{"a\x01"
		 "b\x7f",
		 "<p>ab</p>"},
		{"@ada @ADA", "<p>" ADA("https://kwip.example/@ada") " " ADA(
				      "https://kwip.example/@ada") "</p>"},
		{"@eve @ada@far.example", "<p>@eve @ada@far.example</p>"},
		{"@bob@far.example\nx",
		 "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://far.example/u/bob\" class=\"u-url mention\">"
		 "@<span>Bob</span></a></span><br />x</p>"},
		{"#Caf\xc3\x89",
		 "<p><a href=\"https://kwip.example/tags/caf%C3%A9\" class=\"mention hashtag\" rel=\"tag\">#<span>Caf\xc3\x89</span></a></p>"},
		{"\nhttp://a.example",
		 "<p>" LINK(
			 "http://a.example",
			 "<span class=\"invisible\">http://</span><span class=\"\">a.example</span><span class=\"invisible\"></span>") "</p>"},
		{"https://www.a.example/?a=1&b='2'x",
		 "<p>" LINK(
			 "https://www.a.example/?a=1&amp;b=&#39;2&#39;x",
			 "<span class=\"invisible\">https://www.</span><span class=\"\">a.example/?a=1&amp;b='2'x</span>"
			 "<span class=\"invisible\"></span>") "</p>"},
		{"https://a.example/0123456789012345678901234567",
		 "<p>" LINK(
			 "https://a.example/0123456789012345678901234567",
			 "<span class=\"invisible\">https://</span><span class=\"ellipsis\">a.example/01234567890123456789</span>"
			 "<span class=\"invisible\">01234567</span>") "</p>"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		same(markup_html(a, str_of(cases[i][0]), known, S("https://kwip.example")).s,
		     cases[i][1]);
	same(markup_html(a, S("@ada"), known, S("")).s, "<p>" ADA("/@ada") "</p>");
}

static void folds(void **state)
{
	(void)state;
	same(tag_fold(a, S("KwiP")), "kwip");
	same(tag_fold(a, S("#\xc3\x89T\xc3\x89")), "\xc3\xa9t\xc3\xa9");
	same(tag_fold(a, S("2024")), "");
	same(tag_fold(a, S("a b")), "");
	same(tag_fold(a, S("")), "");
	char longest[102];
	memset(longest, 'x', sizeof longest);
	assert_int_equal(tag_fold(a, (struct str){longest, 100}).len, 100);
	assert_int_equal(tag_fold(a, (struct str){longest, 101}).len, 0);
	same(text_normal(a, S("  Good\n\tMORNING !\xc2\xa0 \xc3\x84 ")), "good morning ! \xc3\xa4");
	same(text_normal(a, S(" \n")), "");
	same(markup_excerpt(a, S(" one\n two  three"), 100), "one two three");
	same(markup_excerpt(a, S("one two three"), 13), "one two three");
	same(markup_excerpt(a, S("one two three"), 8), "one two\xe2\x80\xa6");
	same(markup_excerpt(a, S("\xc3\xa4\xc3\xa4\xc3\xa4"), 2), "\xc3\xa4\xe2\x80\xa6");
}

static int64_t time_of(const char *unit, size_t bytes)
{
	SCOPED_BUF b = BUF_EMPTY;
	while (b.len < bytes)
		buf_put(&b, str_of(unit));
	int64_t best = INT64_MAX;
	for (int round = 0; round < 3; round++) {
		int64_t from = clock_mono_us();
		markup_html(a, buf_str(&b), known, S(""));
		int64_t took = clock_mono_us() - from;
		best = took < best ? took : best;
		arena_reset(a, 1 << 20);
	}
	return best;
}

/* Quadratic work would take 64 times as long, or more, for 8 times the text. */
static void takes_linear_time(void **state)
{
	(void)state;
	static const char *const units[] = {
		"@",  "#",    "h",         "http://",  "@a", "@a@", "@a@b",
		"#1", "((((", "http://a(", "http://[", "a.", "@-.", "https://a.example)))) ",
		"\n", "&",    "@ada "};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		int64_t small = time_of(units[i], 65536), large = time_of(units[i], 8 * 65536);
		assert_in_range(large, 0, 24 * small + 20000);
	}
}

static int make_arena(void **state)
{
	(void)state;
	a = arena_new();
	return 0;
}

static int drop_arena(void **state)
{
	(void)state;
	arena_free(a);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_pieces),
		cmocka_unit_test(makes_html),
		cmocka_unit_test(folds),
		cmocka_unit_test(takes_linear_time),
	};
	return cmocka_run_group_tests_name("markup", tests, make_arena, drop_arena);
}
