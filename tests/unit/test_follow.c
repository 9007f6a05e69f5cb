/* SPDX-License-Identifier: MIT */
/* Relations: rows, counts, events and notices of follow, request, block and mute, and the lists. */
#include "world.h"

#include "core/follow.h"
#include "core/notice.h"

enum verb {
	FOLLOW,
	FOLLOW_QUIET,
	UNFOLLOW,
	ACCEPT,
	REJECT,
	BLOCK,
	UNBLOCK,
	MUTE,
	MUTE_SHORT,
	UNMUTE,
	PRUNE,
	LOCK,
	UNLOCK,
	SUSPEND,
	FORGET
};
struct deed {
	enum verb verb;
	int64_t x, y;
	int n;
};

static enum err deed_run(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	struct profile p = {.discoverable = true, .locked = d->verb == LOCK};
	switch (d->verb) {
	case FOLLOW:
		return follow_add(tx, d->x, d->y, true, false);
	case FOLLOW_QUIET:
		return follow_add(tx, d->x, d->y, false, false);
	case UNFOLLOW:
		return follow_end(tx, d->x, d->y);
	case ACCEPT:
		return follow_accept(tx, d->x, d->y);
	case REJECT:
		return follow_reject(tx, d->x, d->y);
	case BLOCK:
		return block_add(tx, d->x, d->y);
	case UNBLOCK:
		return block_end(tx, d->x, d->y);
	case MUTE:
		return mute_add(tx, d->x, d->y, true, 0);
	case MUTE_SHORT:
		return mute_add(tx, d->x, d->y, false, 1000);
	case UNMUTE:
		return mute_end(tx, d->x, d->y);
	case PRUNE:
		d->n = mute_prune(tx);
		return OK;
	case LOCK:
	case UNLOCK:
		return account_edit(tx, d->x, &p);
	case SUSPEND:
		return account_state_set(tx, d->x, ACCOUNT_SUSPENDED, d->y);
	case FORGET:
		relations_end(tx, d->x);
		return OK;
	}
	return ERR_INTERNAL;
}

static enum err does(struct world *w, enum verb verb, int64_t x, int64_t y)
{
	struct deed d = {verb, x, y, 0};
	return world_do(w, deed_run, &d);
}

#define OKAY(e) assert_int_equal((e), OK)

static void counts_are(struct world *w, int64_t id, int following, int followers)
{
	struct account a = world_get(w, id);
	assert_int_equal(a.following_count, following);
	assert_int_equal(a.followers_count, followers);
}

static void follows_and_unfollows(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	world_events_seen(w);
	OKAY(does(w, FOLLOW, x, y));
	OKAY(does(w, FOLLOW, x, y));
	assert_true(relation_get(w->db, x, y).following);
	assert_false(relation_get(w->db, y, x).following);
	counts_are(w, x, 1, 0);
	counts_are(w, y, 0, 1);
	assert_int_equal(world_events(w, EVENT_FOLLOW, x, y), 1);
	assert_int_equal(notice_list(w->db, w->a, y, 0, 0, 10).at[0].kind, NOTICE_FOLLOW);
	OKAY(does(w, FOLLOW_QUIET, x, y));
	assert_int_equal(world_events(w, EVENT_FOLLOW, x, y), 2);
	assert_false(relation_get(w->db, x, y).boosts);
	OKAY(does(w, UNFOLLOW, x, y));
	OKAY(does(w, UNFOLLOW, x, y));
	assert_int_equal(world_events(w, EVENT_UNFOLLOW, x, y), 1);
	counts_are(w, x, 0, 0);
	counts_are(w, y, 0, 0);
	assert_int_equal(notice_list(w->db, w->a, y, 0, 0, 10).n, 0);
}

static void refuses_wrong_follows(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	assert_int_equal(does(w, FOLLOW, x, x), ERR_INPUT);
	assert_int_equal(does(w, BLOCK, x, x), ERR_INPUT);
	assert_int_equal(does(w, MUTE, x, x), ERR_INPUT);
	assert_int_equal(does(w, FOLLOW, x, 12345), ERR_NOT_FOUND);
	OKAY(does(w, BLOCK, y, x));
	assert_int_equal(does(w, FOLLOW, x, y), ERR_DENIED);
	assert_int_equal(does(w, FOLLOW, y, x), ERR_DENIED);
	OKAY(does(w, UNBLOCK, y, x));
	OKAY(does(w, FOLLOW, x, y));
	OKAY(does(w, SUSPEND, z, y));
	assert_int_equal(does(w, FOLLOW, x, z), ERR_DENIED);
	counts_are(w, z, 0, 0);
}

static void asks_when_locked(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	OKAY(does(w, LOCK, y, 0));
	world_events_seen(w);
	OKAY(does(w, FOLLOW, x, y));
	struct relation r = relation_get(w->db, x, y);
	assert_true(r.requested && !r.following);
	assert_true(relation_get(w->db, y, x).requested_by);
	counts_are(w, y, 0, 0);
	assert_int_equal(world_events(w, EVENT_REQUEST, x, y), 1);
	assert_int_equal(world_events(w, EVENT_FOLLOW, 0, 0), 0);
	assert_int_equal(notice_list(w->db, w->a, y, 0, 0, 10).at[0].kind, NOTICE_REQUEST);
	assert_int_equal(does(w, ACCEPT, x, y), ERR_NOT_FOUND);
	OKAY(does(w, ACCEPT, y, x));
	OKAY(does(w, ACCEPT, y, x));
	assert_true(relation_get(w->db, x, y).following);
	counts_are(w, y, 0, 1);
	assert_int_equal(world_events(w, EVENT_FOLLOW, x, y), 1);
	assert_int_equal(notice_list(w->db, w->a, y, 0, 0, 10).n, 0);
	OKAY(does(w, REJECT, y, x));
	counts_are(w, y, 0, 0);
	counts_are(w, x, 0, 0);
	assert_int_equal(does(w, REJECT, y, x), ERR_NOT_FOUND);
	OKAY(does(w, FOLLOW, x, y));
	OKAY(does(w, UNFOLLOW, x, y));
	assert_int_equal(world_events(w, EVENT_UNFOLLOW, 0, 0), 1);
	assert_false(relation_get(w->db, x, y).requested);
	OKAY(does(w, FOLLOW, x, y));
	OKAY(does(w, UNLOCK, y, 0));
	OKAY(does(w, FOLLOW, x, y));
	assert_true(relation_get(w->db, x, y).following);
}

static void block_ends_everything(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	OKAY(does(w, FOLLOW, x, y));
	OKAY(does(w, FOLLOW, y, x));
	world_events_seen(w);
	OKAY(does(w, BLOCK, x, y));
	OKAY(does(w, BLOCK, x, y));
	counts_are(w, x, 0, 0);
	counts_are(w, y, 0, 0);
	struct event e[8];
	assert_int_equal(event_read(w->db, w->seen, e, 8), 3);
	assert_int_equal(e[0].kind, EVENT_UNFOLLOW);
	assert_int_equal(e[1].kind, EVENT_UNFOLLOW);
	assert_int_equal(e[2].kind, EVENT_BLOCK);
	assert_true(is_blocked_between(w->db, y, x));
	assert_true(relation_get(w->db, y, x).blocked_by);
	assert_int_equal(notice_list(w->db, w->a, x, 0, 0, 10).n +
				 notice_list(w->db, w->a, y, 0, 0, 10).n,
			 0);
	OKAY(does(w, UNBLOCK, x, y));
	OKAY(does(w, UNBLOCK, x, y));
	assert_int_equal(world_events(w, EVENT_UNBLOCK, x, y), 1);
	assert_false(is_blocked_between(w->db, x, y));
}

static void mutes_run_out(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	clock_pin(clock_ms() + 10);
	OKAY(does(w, MUTE_SHORT, x, y));
	OKAY(does(w, MUTE, x, z));
	struct relation r = relation_get(w->db, x, y);
	assert_true(r.muting && !r.muting_notices);
	assert_int_equal(r.mute_expires_at, clock_ms() + 1000);
	struct deed d = {.verb = PRUNE};
	OKAY(world_do(w, deed_run, &d));
	assert_int_equal(d.n, 0);
	clock_pin(clock_ms() + 1000);
	world_events_seen(w);
	OKAY(world_do(w, deed_run, &d));
	assert_int_equal(d.n, 1);
	assert_int_equal(world_events(w, EVENT_UNMUTE, x, y), 1);
	assert_false(relation_get(w->db, x, y).muting);
	assert_true(relation_get(w->db, x, z).muting_notices);
	OKAY(does(w, UNMUTE, x, z));
	assert_false(relation_get(w->db, x, z).muting);
}

static void lists_page_and_relations_load(void **state)
{
	struct world *w = *state;
	enum { PEOPLE = 50 };
	int64_t x = world_account(w, "xenia"), ids[PEOPLE], next = 0;
	for (int i = 0; i < PEOPLE; i++) {
		char name[16];
		snprintf(name, sizeof(name), "p%d", i);
		ids[i] = world_account(w, name);
		OKAY(does(w, FOLLOW, ids[i], x));
		if (i % 2)
			OKAY(does(w, FOLLOW, x, ids[i]));
	}
	struct accounts page = follow_list(w->db, w->a, LIST_FOLLOWERS, x, 0, 30, &next);
	assert_int_equal(page.n, 30);
	assert_int_equal(page.at[0].id, ids[49]);
	assert_int_not_equal(next, 0);
	page = follow_list(w->db, w->a, LIST_FOLLOWERS, x, next, 30, &next);
	assert_int_equal(page.n, 20);
	assert_int_equal(page.at[19].id, ids[0]);
	assert_int_equal(next, 0);
	assert_int_equal(follow_list(w->db, w->a, LIST_FOLLOWING, x, 0, 80, &next).n, 25);
	OKAY(does(w, SUSPEND, ids[49], x));
	assert_int_equal(follow_list(w->db, w->a, LIST_FOLLOWERS, x, 0, 80, &next).n, 49);
	uint64_t before = db_statements();
	struct relation *r = relations_load(w->db, w->a, x, ids, PEOPLE);
	/* Eight for each round of 40. */
	assert_in_range(db_statements() - before, 1, 16);
	for (int i = 0; i < PEOPLE; i++) {
		assert_int_equal(r[i].target, ids[i]);
		assert_true(r[i].followed_by);
		assert_int_equal(r[i].following, i % 2);
	}
	int64_t same[] = {ids[1], ids[0], ids[1]};
	r = relations_load(w->db, w->a, x, same, 3);
	assert_true(r[0].following && r[2].following && !r[1].following);
	OKAY(does(w, BLOCK, x, ids[0]));
	OKAY(does(w, MUTE, x, ids[1]));
	assert_int_equal(follow_list(w->db, w->a, LIST_BLOCKS, x, 0, 5, &next).at[0].id, ids[0]);
	assert_int_equal(follow_list(w->db, w->a, LIST_MUTES, x, 0, 5, &next).at[0].id, ids[1]);
	OKAY(does(w, FORGET, x, 0));
	counts_are(w, x, 0, 0);
	counts_are(w, ids[1], 0, 0);
	assert_int_equal(follow_list(w->db, w->a, LIST_MUTES, x, 0, 5, &next).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(follows_and_unfollows), WORLD_TEST(refuses_wrong_follows),
		WORLD_TEST(asks_when_locked),      WORLD_TEST(block_ends_everything),
		WORLD_TEST(mutes_run_out),         WORLD_TEST(lists_page_and_relations_load),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
