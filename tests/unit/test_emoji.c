/* SPDX-License-Identifier: MIT */
/* Custom emoji: which words of a text are one, and how they are shown. */
#include "world.h"

#include "core/emoji.h"
#include "core/markup.h"

static enum err put_run(struct tx *tx, void *arg)
{
	return emoji_put(tx, arg);
}

static enum err put(struct world *w, const char *code)
{
	struct emoji e = {str_of(code), S("ab/cd/x.png"), S("ab/cd/y.png"), S(""), true};
	return world_do(w, put_run, &e);
}

static enum err end_run(struct tx *tx, void *arg)
{
	return emoji_end(tx, str_of(arg));
}

/* The shortcodes used, separated by spaces. */
static const char *used(struct world *w, const char *text)
{
	struct str s = str_of(text);
	struct emojis found = emojis_of(w->db, w->a, &s, 1);
	SCOPED_BUF b = BUF_EMPTY;
	for (size_t i = 0; i < found.n; i++) {
		if (i > 0)
			buf_char(&b, ' ');
		buf_put(&b, found.at[i].shortcode);
	}
	return arena_zstr(w->a, buf_str(&b));
}

static void words_that_are_emoji(void **state)
{
	struct world *w = *state;
	static const char *const cases[][2] = {
		{"", ""},
		{":", ""},
		{"::", ""},
		{":cat", ""},
		{"cat:", ""},
		{":cat:", "cat"},
		{":dog: :cat: :dog:", "dog cat"},
		{":Cat:", ""},
		{":ca t:", ""},
		{":none: :cat:", "cat"},
		{"a:cat:", ""},
		{":cat:9", ""},
		{"_:cat:_", "cat"},
		{":cat::dog:", ""},
		{":cat:,:dog:", "cat dog"},
		{"::cat:", ""},
		{":x:cat:", ""},
		{"\xc3\xa9:cat:", ""},
		{":cat:\xc3\xa9", ""},
		{"\xf0\x9f\x98\x80:cat:\xf0\x9f\x98\x80", "cat"},
		{"\xff:cat:\xff", "cat"},
	};
	assert_int_equal(put(w, "cat"), OK);
	assert_int_equal(put(w, "dog"), OK);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(used(w, cases[i][0]), cases[i][1]);
}

static void many_words_are_found_in_rounds(void **state)
{
	struct world *w = *state;
	SCOPED_BUF b = BUF_EMPTY;
	for (int i = 0; i < 95; i++)
		buf_put(&b, arena_printf(w->a, ":e_%02d: ", i));
	assert_int_equal(put(w, "e_00"), OK);
	assert_int_equal(put(w, "e_41"), OK);
	assert_int_equal(put(w, "e_94"), OK);
	assert_string_equal(used(w, arena_zstr(w->a, buf_str(&b))), "e_00 e_41 e_94");
}

static void shortcodes_and_events(void **state)
{
	struct world *w = *state;
	static const char *const bad[] = {"",
					  "x",
					  "a-b",
					  "a b",
					  "\xc3\xa9\xc3\xa9",
					  "a23456789012345678901234567890123456789012345678901"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(put(w, bad[i]), ERR_INPUT);
	assert_int_equal(world_events(w, EVENT_EMOJI, 0, 0), 0);
	assert_int_equal(put(w, "a_1"), OK);
	assert_int_equal(put(w, "a_1"), OK);
	assert_int_equal(emoji_list(w->db, w->a).n, 1);
	assert_int_equal(world_do(w, end_run, "a_1"), OK);
	assert_int_equal(world_do(w, end_run, "a_1"), ERR_NOT_FOUND);
	assert_int_equal(world_events(w, EVENT_EMOJI, 0, 0), 3);
}

#define CAT \
	"<img class=\"emoji\" src=\"/media/c.png\" alt=\":cat:\" title=\":cat:\" width=\"20\" height=\"20\" loading=\"lazy\">"

static void shown_as_pictures_between_escaped_text(void **state)
{
	struct world *w = *state;
	struct emoji cat = {S("cat"), S("c.png"), S("c.png"), S(""), true};
	struct emojis all = {&cat, 1};
	const struct {
		const char *text, *shown;
	} cases[] = {
		{"plain <b>", "plain &lt;b&gt;"},
		{":cat:", CAT},
		{"<:cat:>", "&lt;" CAT "&gt;"},
		{"a :cat: & :dog: :cat:", "a " CAT " &amp; :dog: " CAT},
		{"a:cat:", "a:cat:"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct html h = markup_line(w->a, str_of(cases[i].text), &all);
		assert_string_equal(arena_zstr(w->a, h.s), cases[i].shown);
	}
	struct html none = markup_line(w->a, S(":cat:"), NULL);
	assert_string_equal(arena_zstr(w->a, none.s), ":cat:");
	struct html text = markup_shown(w->a, S("#tag :cat:\nhttps://x.example/:cat:"),
					(struct mentions){0}, &all);
	assert_non_null(strstr(arena_zstr(w->a, text.s), "</a> " CAT "<br />"));
	struct html api = markup_html(w->a, S(":cat:"), (struct mentions){0},
				      S("https://x.example"));
	assert_string_equal(arena_zstr(w->a, api.s), "<p>:cat:</p>");
}

int main(void)
{
	const struct CMUnitTest all[] = {
		WORLD_TEST(words_that_are_emoji),
		WORLD_TEST(many_words_are_found_in_rounds),
		WORLD_TEST(shortcodes_and_events),
		WORLD_TEST(shown_as_pictures_between_escaped_text),
	};
	return cmocka_run_group_tests(all, NULL, NULL);
}
