/* SPDX-License-Identifier: MIT */
/* Filters: what matches which kwip, and looking for many words (words.h) in little time. */
#include "kwips.h"

#include "base/clock.h"
#include "core/filter.h"
#include "core/words.h"

struct filter_deed {
	int64_t who, kwip;
	struct filter f;
	struct filter_word words[3];
	size_t n;
};

static enum err filter_run(struct tx *tx, void *arg)
{
	struct filter_deed *d = arg;
	enum err e = filter_add(tx, d->who, &d->f);
	for (size_t i = 0; i < d->n && e == OK; i++) {
		d->words[i].filter = d->f.id;
		e = filter_word_add(tx, d->who, &d->words[i]);
	}
	struct filter_kwip k = {0, d->f.id, d->kwip};
	if (e == OK && d->kwip)
		e = filter_kwip_add(tx, d->who, &k);
	return e;
}

#define HOME_ONLY (1 << FILTER_HOME)

static void matching(void **state)
{
	struct world *w = *state;
	int64_t me = world_account(w, "mia"), x = world_account(w, "xenia");
	int64_t named = says(w, x, "named", VISIBLE_PUBLIC, 0),
		cat = says(w, x, "a CAT and a hotdog", VISIBLE_PUBLIC, 0);
	int64_t all[] = {says(w, x, "category", VISIBLE_PUBLIC, 0),
			 boosts(w, x, cat),
			 cat,
			 named,
			 says(w, me, "my cat", VISIBLE_PUBLIC, 0),
			 99};
	enum { COUNT = sizeof all / sizeof *all };
	assert_int_equal(filters_match(w->db, w->a, me, all, COUNT).n, 0);
	struct filter_deed d = {
		.who = me,
		.kwip = named,
		.f = {.title = S("animals"), .contexts = HOME_ONLY, .action = FILTER_HIDE},
		.words = {{.keyword = S("cat"), .whole = true}, {.keyword = S("DOG")}},
		.n = 2,
	};
	assert_int_equal(world_do(w, filter_run, &d), OK);
	struct filter_deed over = {
		.who = me,
		.f = {.title = S("over"), .contexts = HOME_ONLY, .expires_at = 1},
		.words = {{.keyword = S("a")}},
		.n = 1,
	};
	assert_int_equal(world_do(w, filter_run, &over), OK);
	struct filter_matches m = filters_match(w->db, w->a, me, all, COUNT);
	assert_int_equal(m.n, 3);
	assert_int_equal(m.at[0].kwip, all[1]);
	assert_int_equal(m.at[1].kwip, cat);
	assert_int_equal(m.at[1].n_keywords, 2);
	assert_true(str_eq(m.at[1].keywords[1], S("DOG")));
	assert_false(m.at[1].by_kwip);
	assert_int_equal(m.at[2].kwip, named);
	assert_true(m.at[2].by_kwip);
	assert_int_equal(m.at[2].named, named);
	assert_int_equal(m.at[2].filter->action, FILTER_HIDE);
	assert_int_equal(filters_match(w->db, w->a, x, all, COUNT).n, 0);
	assert_int_equal(filters_match(w->db, w->a, 0, all, COUNT).n, 0);
}

static void one_statement_without_filters(void **state)
{
	struct world *w = *state;
	int64_t me = world_account(w, "mia"), kwips[40];
	for (int i = 0; i < 40; i++)
		kwips[i] = says(w, me, "text", VISIBLE_PUBLIC, 0);
	uint64_t before = db_statements();
	filters_match(w->db, w->a, me, kwips, 40);
	assert_int_equal(db_statements() - before, 1);
}

static void refused(void **state)
{
	struct world *w = *state;
	int64_t me = world_account(w, "mia");
	struct filter_deed none = {.who = me, .f = {.title = S("x")}};
	struct filter_deed blank = {.who = me, .f = {.title = S(" "), .contexts = HOME_ONLY}};
	struct filter_deed word = {.who = me,
				   .f = {.title = S("x"), .contexts = HOME_ONLY},
				   .words = {{.keyword = S(" ")}},
				   .n = 1};
	assert_int_equal(world_do(w, filter_run, &none), ERR_INPUT);
	assert_int_equal(world_do(w, filter_run, &blank), ERR_INPUT);
	assert_int_equal(world_do(w, filter_run, &word), ERR_INPUT);
	assert_int_equal(filters_load(w->db, w->a, me, 0).n, 0);
}

/* What would take a naive search, or one that follows every suffix, minutes. */
static void many_words_take_one_pass(void **state)
{
	(void)state;
	enum { WORDS = 250, TEXT = 200000 };
	SCOPED_ARENA a = arena_new();
	struct word all[WORDS + 1];
	bool found[WORDS + 1] = {false};
	char *text = arena_take(a, TEXT);
	memset(text, 'a', TEXT);
	for (size_t i = 0; i < WORDS; i++)
		all[i] = (struct word){{text, i + 1}, i % 2};
	all[WORDS] = (struct word){S("b"), false};
	int64_t before = clock_mono_us();
	words_find(words_open(a, all, WORDS + 1), (struct str){text, TEXT}, found);
	assert_true(clock_mono_us() - before < 2000000);
	for (size_t i = 0; i < WORDS; i++)
		assert_int_equal(found[i], i % 2 == 0);
	assert_false(found[WORDS]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		KWIP_TEST(matching),
		KWIP_TEST(one_statement_without_filters),
		KWIP_TEST(refused),
		cmocka_unit_test(many_words_take_one_pass),
	};
	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
