/* SPDX-License-Identifier: MIT */
/* Notices: who gets none, no doubles, ids that only grow, paging, reading. */
#include "world.h"

#include "core/follow.h"
#include "core/notice.h"

enum verb { ADD, BACK, READ, CLEAR, BLOCK, MUTE, MUTE_QUIET, SUSPEND };
struct deed {
	enum verb verb;
	int64_t to, from, n;
	enum notice_kind kind;
};

static enum err deed_run(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	switch (d->verb) {
	case ADD:
		notice_add(tx, d->to, d->kind, d->from, 0);
		return OK;
	case BACK:
		notice_take_back(tx, d->to, d->kind, d->from, 0);
		return OK;
	case READ:
		notice_read(tx, d->to, d->n);
		return OK;
	case CLEAR:
		notice_clear(tx, d->to);
		return OK;
	case BLOCK:
		return block_add(tx, d->to, d->from);
	case MUTE:
		return mute_add(tx, d->to, d->from, true, 0);
	case MUTE_QUIET:
		return mute_add(tx, d->to, d->from, false, 0);
	case SUSPEND:
		return account_state_set(tx, d->to, ACCOUNT_SUSPENDED, 0);
	}
	return ERR_INTERNAL;
}

static void does(struct world *w, enum verb verb, int64_t to, int64_t from, enum notice_kind kind)
{
	struct deed d = {.verb = verb, .to = to, .from = from, .n = from, .kind = kind};
	assert_int_equal(world_do(w, deed_run, &d), OK);
}

static size_t held(struct world *w, int64_t account)
{
	return notice_list(w->db, w->a, account, 0, 0, 100).n;
}

static void adds_once_with_event(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	world_events_seen(w);
	does(w, ADD, x, y, NOTICE_FOLLOW);
	does(w, ADD, x, y, NOTICE_FOLLOW);
	does(w, ADD, x, x, NOTICE_FOLLOW);
	struct notices list = notice_list(w->db, w->a, x, 0, 0, 10);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.at[0].actor, y);
	assert_int_equal(list.at[0].kwip, 0);
	struct event e[4];
	assert_int_equal(event_read(w->db, w->seen, e, 4), 1);
	assert_int_equal(e[0].kind, EVENT_NOTICE);
	assert_int_equal(e[0].target, x);
	assert_int_equal(e[0].extra, list.at[0].id);
	assert_in_range(list.at[0].id, 1, INT32_MAX);
}

static void spares_who_wants_none(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	does(w, MUTE, x, y, 0);
	does(w, ADD, x, y, NOTICE_FOLLOW);
	assert_int_equal(held(w, x), 0);
	does(w, MUTE_QUIET, x, y, 0);
	does(w, ADD, x, y, NOTICE_FOLLOW);
	assert_int_equal(held(w, x), 1);
	does(w, BLOCK, y, z, 0);
	does(w, ADD, y, z, NOTICE_FOLLOW);
	does(w, ADD, z, y, NOTICE_FOLLOW);
	assert_int_equal(held(w, y) + held(w, z), 0);
	does(w, SUSPEND, x, 0, 0);
	does(w, ADD, x, z, NOTICE_FOLLOW);
	assert_int_equal(held(w, x), 1);
}

static void ids_never_come_again(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	does(w, ADD, x, y, NOTICE_FOLLOW);
	int64_t first = notice_list(w->db, w->a, x, 0, 0, 1).at[0].id;
	does(w, BACK, x, y, NOTICE_FOLLOW);
	assert_int_equal(held(w, x), 0);
	does(w, ADD, x, y, NOTICE_FOLLOW);
	assert_true(notice_list(w->db, w->a, x, 0, 0, 1).at[0].id > first);
}

static void pages_and_counts_unread(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	for (int kind = NOTICE_MENTION; kind <= NOTICE_SIGNUP; kind++)
		does(w, ADD, x, y, (enum notice_kind)kind);
	struct notices all = notice_list(w->db, w->a, x, 0, 0, 100);
	assert_int_equal(all.n, 10);
	assert_true(all.at[0].id > all.at[9].id);
	assert_int_equal(notice_unread(w->db, x), 10);
	struct notices part = notice_list(w->db, w->a, x, all.at[2].id, all.at[6].id, 100);
	assert_int_equal(part.n, 3);
	assert_int_equal(part.at[0].id, all.at[3].id);
	does(w, READ, x, all.at[4].id, 0);
	assert_int_equal(notice_unread(w->db, x), 4);
	does(w, READ, x, all.at[8].id, 0);
	assert_int_equal(notice_unread(w->db, x), 4);
	does(w, CLEAR, x, 0, 0);
	assert_int_equal(held(w, x), 0);
	assert_int_equal(notice_unread(w->db, x), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(adds_once_with_event),
		WORLD_TEST(spares_who_wants_none),
		WORLD_TEST(ids_never_come_again),
		WORLD_TEST(pages_and_counts_unread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
