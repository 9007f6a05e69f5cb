/* SPDX-License-Identifier: MIT */
/* Repeats: what is one, where its comments go, and what happens when the first changes or goes. */
#include "kwips.h"

static int64_t says_looked(struct world *w, int64_t who, const char *text, enum visibility v)
{
	int64_t id = says(w, who, text, v, 0);
	OKAY(w, (struct deed){LOOK, who, id});
	return id;
}

static int64_t first_of(struct world *w, int64_t kwip)
{
	return kwip_now(w, kwip).repeat_of;
}

static void finds_repeats(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k = says_looked(w, x, "Good  Morning!", VISIBLE_PUBLIC);
	world_events_seen(w);
	int64_t again = says_looked(w, x, "good morning!\n", VISIBLE_PUBLIC);
	assert_int_equal(first_of(w, again), k);
	assert_int_equal(kwip_now(w, k).repeats_count, 1);
	assert_int_equal(world_events(w, EVENT_REPEAT, x, 0), 1);
	assert_int_equal(world_events(w, EVENT_KWIP_COUNTS, x, 0), 1);
	world_events_seen(w);
	OKAY(w, (struct deed){LOOK, x, again});
	OKAY(w, (struct deed){LOOK, x, k});
	assert_int_equal(event_newest(w->db), w->seen);
	assert_int_equal(first_of(w, says_looked(w, x, "Good Morning!", VISIBLE_PUBLIC)), k);
	assert_int_equal(kwip_now(w, k).repeats_count, 2);
	assert_int_equal(first_of(w, says_looked(w, y, "good morning!", VISIBLE_PUBLIC)), 0);
	assert_int_equal(first_of(w, says_looked(w, x, "good morning", VISIBLE_PUBLIC)), 0);
	assert_int_equal(first_of(w, says_looked(w, x, "good morning!", VISIBLE_UNLISTED)), 0);
	assert_int_equal(first_of(w, says_looked(w, x, "good morning!", VISIBLE_DIRECT)), 0);
	assert_int_equal(first_of(w, says_looked(w, x, "good morning!", VISIBLE_DIRECT)), 0);
	int64_t comment = says(w, x, "good morning!", VISIBLE_PUBLIC, k);
	OKAY(w, (struct deed){LOOK, x, comment});
	assert_int_equal(first_of(w, comment), 0);
	OKAY(w, (struct deed){LOOK, x, 12345});
}

static void warnings_differ(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), k = says_looked(w, x, "ends well", VISIBLE_PUBLIC);
	struct deed d = {SAY, x, 0, "ends well", .warning = "spoiler", .a = w->a};
	assert_int_equal(world_do(w, deed_run, &d), OK);
	OKAY(w, (struct deed){LOOK, x, d.made});
	assert_int_equal(first_of(w, d.made), 0);
	assert_int_equal(kwip_now(w, k).repeats_count, 0);
}

static void moves_comments(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k = says_looked(w, x, "same", VISIBLE_PUBLIC),
		c0 = says(w, y, "to the first", VISIBLE_PUBLIC, k);
	int64_t again = says(w, x, "same", VISIBLE_PUBLIC, 0),
		c1 = says(w, y, "to the second", VISIBLE_PUBLIC, again);
	int64_t c2 = says(w, x, "and on", VISIBLE_PUBLIC, c1);
	OKAY(w, (struct deed){LOOK, x, again});
	assert_int_equal(kwip_now(w, c1).conversation, k);
	assert_int_equal(kwip_now(w, c1).reply_to, k);
	assert_int_equal(kwip_now(w, c2).reply_to, c1);
	assert_int_equal(kwip_now(w, k).comments_count, 3);
	assert_int_equal(kwip_now(w, k).activity, c2);
	assert_int_equal(kwip_now(w, again).comments_count, 0);
	assert_int_equal(kwip_now(w, again).activity, again);
	int64_t late = says(w, y, "late", VISIBLE_PUBLIC, again);
	assert_int_equal(kwip_now(w, late).reply_to, k);
	assert_int_equal(kwip_now(w, k).comments_count, 4);
	struct ids all = timeline_conversation(w->db, w->a, 0, k, 0, 9);
	assert_int_equal(all.n, 4);
	assert_int_equal(all.at[0], c0);
}

static void goes_on_without_the_first(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), k[4];
	for (int i = 0; i < 4; i++)
		k[i] = says_looked(w, x, "same", VISIBLE_PUBLIC);
	OKAY(w, (struct deed){DELETE, x, k[0]});
	assert_int_equal(first_of(w, k[1]), 0);
	assert_int_equal(kwip_now(w, k[1]).repeats_count, 2);
	assert_int_equal(first_of(w, k[3]), k[1]);
	OKAY(w, (struct deed){DELETE, x, k[2]});
	assert_int_equal(kwip_now(w, k[1]).repeats_count, 1);
	OKAY(w, (struct deed){EDIT, x, k[1], "another"});
	OKAY(w, (struct deed){LOOK, x, k[1]});
	assert_int_equal(first_of(w, k[3]), 0);
	assert_int_equal(kwip_now(w, k[1]).repeats_count, 0);
	assert_int_equal(first_of(w, says_looked(w, x, "same", VISIBLE_PUBLIC)), k[3]);
	OKAY(w, (struct deed){EDIT, x, k[1], "Same"});
	OKAY(w, (struct deed){LOOK, x, k[1]});
	assert_int_equal(first_of(w, k[1]), k[3]);
	world_events_seen(w);
	OKAY(w, (struct deed){EDIT, x, k[1], "unlike"});
	OKAY(w, (struct deed){LOOK, x, k[1]});
	assert_int_equal(first_of(w, k[1]), 0);
	assert_int_equal(kwip_now(w, k[3]).repeats_count, 1);
	assert_int_equal(world_events(w, EVENT_REPEAT, x, 0), 1);
	assert_int_equal(first_of(w, says_looked(w, x, "unlike", VISIBLE_PUBLIC)), k[1]);
}

static bool is_told_of(struct world *w, enum event_kind kind, int64_t kwip)
{
	struct event e[64];
	size_t n = event_read(w->db, w->seen, e, 64);
	for (size_t i = 0; i < n; i++) {
		if (e[i].kind == kind && e[i].kwip == kwip)
			return true;
	}
	return false;
}

/* A card shows how often a thing was said: an edited first one shows it no more. */
static void tells_of_the_first_that_was(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), k = says_looked(w, x, "same", VISIBLE_PUBLIC);
	says_looked(w, x, "same", VISIBLE_PUBLIC);
	OKAY(w, (struct deed){EDIT, x, k, "another"});
	world_events_seen(w);
	OKAY(w, (struct deed){LOOK, x, k});
	assert_int_equal(kwip_now(w, k).repeats_count, 0);
	assert_true(is_told_of(w, EVENT_KWIP_COUNTS, k));
}

static void keeps_muted_what_moves(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t k = says_looked(w, x, "same", VISIBLE_PUBLIC),
		again = says(w, x, "same", VISIBLE_PUBLIC, 0);
	int64_t c = says(w, y, "noise", VISIBLE_PUBLIC, again);
	OKAY(w, (struct deed){MARK, y, again, .mark = MARK_MUTE});
	OKAY(w, (struct deed){MARK, z, again, .mark = MARK_MUTE});
	world_events_seen(w);
	OKAY(w, (struct deed){LOOK, x, again});
	assert_true(is_told_of(w, EVENT_MARK, k));
	says(w, x, "@yuri @zoe hear me", VISIBLE_PUBLIC, c);
	assert_int_equal(notice_list(w->db, w->a, y, 0, 0, 9).n, 0);
	assert_int_equal(notice_list(w->db, w->a, z, 0, 0, 9).n, 0);
	int bits;
	kwip_marks(w->db, z, &c, &k, 1, &bits);
	assert_int_equal(bits, MARK_MUTE);
}

/* The number of statements is the same after a thousand sayings. */
static void costs_the_same(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia");
	says_looked(w, x, "same", VISIBLE_PUBLIC);
	int64_t early = says(w, x, "same", VISIBLE_PUBLIC, 0);
	uint64_t from = db_statements();
	OKAY(w, (struct deed){LOOK, x, early});
	uint64_t first_cost = db_statements() - from;
	for (int i = 0; i < 100; i++)
		says_looked(w, x, "same", VISIBLE_PUBLIC);
	int64_t late = says(w, x, "same", VISIBLE_PUBLIC, 0);
	from = db_statements();
	OKAY(w, (struct deed){LOOK, x, late});
	assert_int_equal(db_statements() - from, first_cost);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		KWIP_TEST(finds_repeats),          KWIP_TEST(warnings_differ),
		KWIP_TEST(moves_comments),         KWIP_TEST(goes_on_without_the_first),
		KWIP_TEST(costs_the_same),         KWIP_TEST(tells_of_the_first_that_was),
		KWIP_TEST(keeps_muted_what_moves),
	};
	return cmocka_run_group_tests_name("repeat", tests, NULL, NULL);
}
