/* SPDX-License-Identifier: MIT */
/*
 * Any well-formed text to HTML: the pieces are the text, every tag in the result is one of ours and
 * is closed in order, no attribute holds what could end it, and the work is linear in the length.
 */
#include "base/utf8.h"
#include "core/markup.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH_MAX = 8 };

/* What may stand between '<' and '>'; a prefix when it ends in a quote. */
static const struct str tags[] = {
	S_INIT("p"),
	S_INIT("br /"),
	S_INIT("span"),
	S_INIT("span class=\"\""),
	S_INIT("span class=\"invisible\""),
	S_INIT("span class=\"ellipsis\""),
	S_INIT("span class=\"h-card\" translate=\"no\""),
	S_INIT("a href=\""),
	S_INIT("img class=\"emoji\" src=\"/media/x\" alt=\":ab:\" title=\":ab:\" width=\"20\" height=\"20\" loading=\"lazy\""),
};

static void must(bool ok)
{
	if (!ok)
		abort();
}

static bool is_ours(struct str tag)
{
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		if (str_eq(tag, tags[i]) ||
		    (str_eq(tags[i], S("a href=\"")) && str_starts(tag, tags[i])))
			return true;
	}
	return false;
}

/* Of a link: http, https or a path of ours, and an even number of quotes. */
static void check_link(struct str tag)
{
	struct str href = str_slice(tag, sizeof "a href=\"" - 1, tag.len);
	size_t quotes = 1;
	must(str_eq_nocase(str_slice(href, 0, 4), S("http")) || str_starts(href, S("/tags/")) ||
	     str_starts(href, S("/@")));
	for (size_t i = 0; i < href.len; i++)
		quotes += href.at[i] == '"';
	must(quotes % 2 == 0 && str_find_char(href, '\'') < 0);
}

static struct str element_of(struct str tag)
{
	return str_cut(&tag, ' ');
}

static void check_html(struct str html)
{
	struct str open[DEPTH_MAX];
	size_t depth = 0;
	for (size_t i = 0; i < html.len; i++) {
		must(html.at[i] != '>'); /* the text's own are entities */
		if (html.at[i] != '<')
			continue;
		struct str rest = str_slice(html, i + 1, html.len);
		ptrdiff_t end = str_find_char(rest, '>');
		must(end > 0);
		struct str tag = str_slice(rest, 0, (size_t)end);
		i += (size_t)end + 1;
		if (tag.at[0] == '/') {
			must(depth > 0 && str_eq(open[--depth], str_slice(tag, 1, tag.len)));
			continue;
		}
		must(is_ours(tag));
		if (str_starts(tag, S("a ")))
			check_link(tag);
		must(depth < DEPTH_MAX);
		if (!str_eq(tag, S("br /")) && !str_starts(tag, S("img ")))
			open[depth++] = element_of(tag);
	}
	must(depth == 0);
}

static void check_pieces(struct str text)
{
	struct scan s = {.text = text};
	struct piece p, before = {.kind = PIECE_LINK};
	size_t at = 0;
	while (markup_next(&s, &p)) {
		must(p.text.len > 0 && p.text.at == text.at + at);
		must(p.kind != PIECE_TEXT || before.kind != PIECE_TEXT);
		must(utf8_ok(p.text));
		at += p.text.len;
		before = p;
	}
	must(at == text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mention people[] = {
		{1, S_INIT("a"), S_INIT(""), S_INIT("https://kwip.example/@a")},
		{2, S_INIT("b"), S_INIT("c"), S_INIT("https://c/@b")},
	};
	struct str text = {(const char *)data, size};
	if (size == 0 || !utf8_ok(text))
		return 0;
	SCOPED_ARENA a = arena_new();
	check_pieces(text);
	struct emoji emoji = {.shortcode = S("ab"), .file = S("x"), .still = S("x")};
	const struct emojis emojis = {&emoji, 1};
	check_html(markup_shown(a, text, (struct mentions){people, 2}, &emojis).s);
	check_html(markup_line(a, text, &emojis).s);
	struct str html = markup_html(a, text, (struct mentions){people, 2}, S("")).s;
	check_html(html);
	must(utf8_ok(html) && html.len <= 400 * size + 16);
	must(utf8_ok(text_normal(a, text)));
	must(utf8_chars(markup_excerpt(a, text, 20)) <= 20);
	tag_fold(a, text);
	return 0;
}
