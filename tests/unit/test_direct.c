/* SPDX-License-Identifier: MIT */
/* Private conversations by the rules: whose rows move, events, what a deletion leaves. */
#include "kwips.h"

#include "core/direct.h"

static struct directs rows_of(struct world *w, int64_t account)
{
	return direct_list(w->db, w->a, (struct span){.limit = 20}, account);
}

static void everybody_named_has_a_row(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	world_events_seen(w);
	says(w, x, "@yuri in public", VISIBLE_PUBLIC, 0);
	assert_int_equal(world_events(w, EVENT_DIRECT, 0, 0), 0);
	int64_t first = says(w, x, "@yuri @zoe psst", VISIBLE_DIRECT, 0);
	assert_int_equal(world_events(w, EVENT_DIRECT, x, 0), 3);
	struct directs mine = rows_of(w, x), theirs = rows_of(w, z);
	assert_int_equal(mine.n, 1);
	assert_false(mine.at[0].unread);
	assert_int_equal(mine.at[0].n_people, 2);
	assert_true(theirs.at[0].unread);
	assert_int_equal(theirs.at[0].people[0], x);
	assert_int_equal(theirs.at[0].people[1], y);
	assert_int_equal(theirs.at[0].last_kwip, first);
}

static void an_edit_names_more_and_moves_nothing_back(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t first = says(w, x, "@yuri one", VISIBLE_DIRECT, 0),
		last = says(w, y, "@xenia two", VISIBLE_DIRECT, first);
	OKAY(w, (struct deed){EDIT, x, first, "@yuri one, corrected"});
	assert_int_equal(rows_of(w, x).n, 1);
	assert_int_equal(rows_of(w, x).at[0].last_kwip, last);
	OKAY(w, (struct deed){EDIT, x, first, "@yuri @zoe one for all"});
	assert_int_equal(rows_of(w, z).at[0].last_kwip, first);
}

static void a_deletion_goes_back_among_the_same_people(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	world_account(w, "zoe");
	int64_t root = says(w, x, "@yuri root", VISIBLE_DIRECT, 0);
	says(w, x, "@yuri @zoe aside", VISIBLE_DIRECT, root);
	int64_t last = says(w, y, "@xenia last", VISIBLE_DIRECT, root);
	world_events_seen(w);
	OKAY(w, (struct deed){DELETE, y, last});
	assert_int_equal(world_events(w, EVENT_DIRECT, 0, 0), 2);
	struct directs mine = rows_of(w, y);
	assert_int_equal(mine.n, 2);
	assert_int_equal(mine.at[1].last_kwip, root);
	assert_int_equal(mine.at[1].n_people, 1);
	OKAY(w, (struct deed){DELETE, x, root});
	assert_int_equal(rows_of(w, y).n, 1);
	assert_int_equal(rows_of(w, x).n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KWIP_TEST(everybody_named_has_a_row),
		KWIP_TEST(an_edit_names_more_and_moves_nothing_back),
		KWIP_TEST(a_deletion_goes_back_among_the_same_people),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
