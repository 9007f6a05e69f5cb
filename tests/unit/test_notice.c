/* SPDX-License-Identifier: MIT */
/* Notices: who gets none, no doubles, ids that only grow, paging, reading, groups, the policy. */
#include "world.h"

#include "core/follow.h"
#include "core/kwip.h"
#include "core/marker.h"
#include "core/notice.h"
#include "core/notice_policy.h"

enum verb {
	ADD,
	BACK,
	READ,
	CLEAR,
	BLOCK,
	MUTE,
	MUTE_QUIET,
	SUSPEND,
	FOLLOW,
	REPORT,
	LIMIT,
	STAFF,
	ACCEPT,
	DISMISS,
	PRUNE
};
struct deed {
	enum verb verb;
	int64_t to, from, n;
	enum notice_kind kind;
	int64_t kwip;
};

static enum err deed_run(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	switch (d->verb) {
	case ADD:
		notice_add(tx, d->to, d->kind, d->from, d->kwip);
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
	case FOLLOW:
		return follow_add(tx, d->to, d->from, true, false);
	case REPORT:
		notice_add_report(tx, d->to, d->from, d->n);
		return OK;
	case LIMIT:
		TX_DO(tx, "UPDATE account SET limited = 1 WHERE id = ?", A(d->to));
		return OK;
	case STAFF:
		return account_role_set(tx, d->to, ROLE_MODERATOR);
	case ACCEPT:
		return notice_request_accept(tx, d->to, d->n);
	case DISMISS:
		return notice_request_dismiss(tx, d->to, d->n);
	case PRUNE:
		d->n = notice_prune(tx, &d->kwip, d->from, 3);
		return OK;
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

/* A kwip's row alone: notices of marks hang on one. */
static enum err kwip_run(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	d->n = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO kwip (id, author, conversation, visibility, reply_to_author, activity)"
	      " VALUES (?1, ?2, ?1, ?3, ?4, ?1)",
	      A(d->n), A(d->from), A((int)d->kind), A_ID(d->to));
	return OK;
}

static int64_t kwip_by(struct world *w, int64_t author, enum visibility v, int64_t answered)
{
	struct deed d = {.from = author, .kind = (enum notice_kind)v, .to = answered};
	assert_int_equal(world_do(w, kwip_run, &d), OK);
	return d.n;
}

static void marks(struct world *w, int64_t to, int64_t from, enum notice_kind kind, int64_t kwip)
{
	struct deed d = {.verb = ADD, .to = to, .from = from, .kind = kind, .kwip = kwip};
	assert_int_equal(world_do(w, deed_run, &d), OK);
}

static struct notice_ask all_of(int64_t account)
{
	return (struct notice_ask){
		.account = account, .kinds = NOTICES_ALL, .grouped = NOTICES_GROUPED, .limit = 40};
}

static void says_again_what_was_edited_again(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k = kwip_by(w, y, VISIBLE_PUBLIC, 0);
	marks(w, x, y, NOTICE_EDIT, k);
	int64_t first = notice_list(w->db, w->a, x, 0, 0, 9).at[0].id;
	marks(w, x, y, NOTICE_EDIT, k);
	struct notices list = notice_list(w->db, w->a, x, 0, 0, 9);
	assert_int_equal(list.n, 1);
	assert_true(list.at[0].id > first);
}

static void own_polls_and_every_report(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k = kwip_by(w, x, VISIBLE_PUBLIC, 0);
	marks(w, x, x, NOTICE_POLL, k);
	assert_int_equal(held(w, x), 1);
	for (int64_t report = 7; report < 9; report++) {
		struct deed d = {.verb = REPORT, .to = x, .from = y, .n = report};
		assert_int_equal(world_do(w, deed_run, &d), OK);
		assert_int_equal(world_do(w, deed_run, &d), OK);
	}
	struct notices list = notice_list(w->db, w->a, x, 0, 0, 9);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.at[0].kind, NOTICE_REPORT);
	assert_int_equal(list.at[0].extra, 8);
}

enum { CROWD = 12 };

static void groups_by_kwip_and_hour(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), now = 1800000000000, crowd[CROWD];
	clock_pin(now);
	char name[8] = "crowd_a";
	for (int i = 0; i < CROWD; i++, name[6]++)
		crowd[i] = world_account(w, name);
	int64_t k = kwip_by(w, x, VISIBLE_PUBLIC, 0), l = kwip_by(w, x, VISIBLE_PUBLIC, 0);
	for (int i = 0; i < CROWD; i++) {
		clock_pin(now + i * 3600000LL);
		marks(w, x, crowd[i], NOTICE_FAVOURITE, k);
	}
	marks(w, x, crowd[0], NOTICE_FAVOURITE, l);
	marks(w, x, crowd[0], NOTICE_MENTION, l);
	struct notice_ask ask = all_of(x);
	uint64_t before = db_statements();
	struct notice_groups list = notice_groups(w->db, w->a, &ask);
	assert_int_equal(db_statements() - before, 2);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.at[0].newest.kind, NOTICE_MENTION);
	assert_false(list.at[0].grouped);
	assert_int_equal(list.at[1].count, 1);
	assert_int_equal(list.at[2].count, CROWD);
	assert_int_equal(list.at[2].samples, NOTICE_GROUP_SAMPLES);
	assert_int_equal(list.at[2].sample[0], crowd[CROWD - 1]);
	assert_int_equal(notice_count(w->db, &ask), 3);

	struct str key = notice_group_key(w->a, &list.at[2].newest, true);
	struct notice_group g;
	assert_int_equal(notice_group_get(w->db, x, key, &g), OK);
	assert_int_equal(g.count, CROWD);
	assert_int_equal(notice_group_get(w->db, crowd[0], key, &g), ERR_NOT_FOUND);

	/* Twelve hours after it began another one begins. */
	int64_t late = world_account(w, "late");
	clock_pin(now + CROWD * 3600000LL);
	marks(w, x, late, NOTICE_FAVOURITE, k);
	list = notice_groups(w->db, w->a, &ask);
	assert_int_equal(list.n, 4);
	assert_int_equal(list.at[0].count, 1);
	assert_false(str_eq(notice_group_key(w->a, &list.at[0].newest, true), key));
}

static void strange_keys_are_nobodys(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia");
	static const struct str keys[] = {S_INIT(""),
					  S_INIT("-"),
					  S_INIT("ungrouped"),
					  S_INIT("ungrouped-"),
					  S_INIT("ungrouped--1"),
					  S_INIT("favourite-1"),
					  S_INIT("favourite--1"),
					  S_INIT("follow-1048576"),
					  S_INIT("follow--1"),
					  S_INIT("favourite-9223372036854775807-1048575"),
					  S_INIT("mention-1-1")};
	struct notice_group g;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		assert_int_equal(notice_group_get(w->db, x, keys[i], &g), ERR_NOT_FOUND);
}

struct said_policy {
	int64_t account;
	enum notice_stranger which;
	enum notice_verdict verdict;
};

static enum err policy_run(struct tx *tx, void *arg)
{
	const struct said_policy *s = arg;
	struct notice_policy p = {0};
	p.of[s->which] = s->verdict;
	notice_policy_set(tx, s->account, &p);
	return OK;
}

static void sets(struct world *w, int64_t account, enum notice_stranger which,
		 enum notice_verdict verdict)
{
	struct said_policy s = {account, which, verdict};
	assert_int_equal(world_do(w, policy_run, &s), OK);
}

/* 0 shown, 1 kept back, 2 not there. */
static int fate(struct world *w, int64_t to, int64_t from, enum notice_kind kind, int64_t kwip)
{
	struct notice_ask ask = all_of(to);
	does(w, CLEAR, to, 0, 0);
	marks(w, to, from, kind, kwip);
	ask.filtered = true;
	struct notices list = notice_page(w->db, w->a, &ask);
	return list.n == 0 ? 2 : list.at[0].filtered;
}

static void the_policy_speaks(void **state)
{
	struct world *w = *state;
	int64_t day = 86400000, now = 1800000000000;
	clock_pin(now);
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	does(w, FOLLOW, x, z, 0);
	for (int v = NOTICE_ACCEPT; v <= NOTICE_DROP; v++) {
		sets(w, x, STRANGER_NOT_FOLLOWING, (enum notice_verdict)v);
		assert_int_equal(fate(w, x, y, NOTICE_FOLLOW, 0), v);
		assert_int_equal(fate(w, x, z, NOTICE_FOLLOW, 0), 0);
		assert_int_equal(fate(w, x, y, NOTICE_SIGNUP, 0), 0);
	}
	sets(w, x, STRANGER_NEW_ACCOUNT, NOTICE_FILTER);
	assert_int_equal(fate(w, x, y, NOTICE_FOLLOW, 0), 1);
	assert_int_equal(fate(w, x, z, NOTICE_FOLLOW, 0), 0);
	does(w, FOLLOW, y, x, 0);
	sets(w, x, STRANGER_NOT_FOLLOWER, NOTICE_FILTER);
	assert_int_equal(fate(w, x, y, NOTICE_MENTION, 0), 1);
	clock_pin(now + 4 * day);
	assert_int_equal(fate(w, x, y, NOTICE_MENTION, 0), 0);
	clock_pin(now + 31 * day);
	sets(w, x, STRANGER_NEW_ACCOUNT, NOTICE_FILTER);
	assert_int_equal(fate(w, x, y, NOTICE_FOLLOW, 0), 0);

	int64_t hush = kwip_by(w, y, VISIBLE_DIRECT, 0), answer = kwip_by(w, y, VISIBLE_DIRECT, x);
	sets(w, x, STRANGER_PRIVATE, NOTICE_DROP);
	assert_int_equal(fate(w, x, y, NOTICE_MENTION, hush), 2);
	assert_int_equal(fate(w, x, y, NOTICE_MENTION, answer), 0);
	does(w, STAFF, y, 0, 0);
	assert_int_equal(fate(w, x, y, NOTICE_MENTION, hush), 0);
}

static void the_limited_wait_unless_said_otherwise(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	does(w, LIMIT, y, 0, 0);
	assert_int_equal(fate(w, x, y, NOTICE_MENTION, 0), 1);
	sets(w, x, STRANGER_LIMITED, NOTICE_ACCEPT);
	assert_int_equal(fate(w, x, y, NOTICE_MENTION, 0), 0);
}

static struct notice_requests waiting(struct world *w, int64_t account)
{
	const int64_t all[3] = {0};
	return notice_requests_list(w->db, w->a, account, all, 9);
}

static void requests_count_and_end(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	sets(w, x, STRANGER_NOT_FOLLOWING, NOTICE_FILTER);
	world_events_seen(w);
	does(w, ADD, x, y, NOTICE_MENTION);
	does(w, ADD, x, y, NOTICE_FOLLOW);
	assert_int_equal(world_events(w, EVENT_NOTICE, 0, x), 0);
	assert_int_equal(world_events(w, EVENT_NOTICE_HELD, 0, x), 2);
	assert_int_equal(held(w, x), 0);
	assert_int_equal(notice_unread(w->db, x), 0);
	assert_int_equal(waiting(w, x).at[0].count, 2);
	does(w, BACK, x, y, NOTICE_FOLLOW);
	assert_int_equal(waiting(w, x).at[0].count, 1);
	struct deed d = {.verb = DISMISS, .to = x, .n = waiting(w, x).at[0].id};
	assert_int_equal(world_do(w, deed_run, &d), OK);
	assert_int_equal(world_do(w, deed_run, &d), ERR_NOT_FOUND);
	assert_int_equal(waiting(w, x).n, 0);
	does(w, ADD, x, y, NOTICE_MENTION);
	d = (struct deed){.verb = ACCEPT, .to = x, .n = waiting(w, x).at[0].id};
	assert_int_equal(world_do(w, deed_run, &d), OK);
	assert_int_equal(world_events(w, EVENT_NOTICES_MERGED, x, 0), 1);
	does(w, ADD, x, y, NOTICE_FOLLOW);
	assert_int_equal(held(w, x), 2);
	does(w, BACK, x, y, NOTICE_FOLLOW);
	assert_int_equal(notice_policy_get(w->db, x).requests, 0);
}

static void ids_never_come_again_for_held_ones(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	sets(w, x, STRANGER_NOT_FOLLOWING, NOTICE_FILTER);
	for (int kind = NOTICE_MENTION; kind <= NOTICE_REQUEST; kind++)
		does(w, ADD, x, y, (enum notice_kind)kind);
	does(w, ADD, z, y, NOTICE_FOLLOW);
	int64_t first = notice_list(w->db, w->a, z, 0, 0, 1).at[0].id;
	does(w, BACK, z, y, NOTICE_FOLLOW);
	does(w, ADD, z, y, NOTICE_FOLLOW);
	assert_true(notice_list(w->db, w->a, z, 0, 0, 1).at[0].id > first);
}

static void one_mark_with_the_markers(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia");
	does(w, READ, x, 7, 0);
	struct marker m = marker_get(w->db, x, MARKER_NOTICES);
	assert_int_equal(m.last_read, 7);
	assert_int_equal(m.version, 1);
	does(w, READ, x, 5, 0);
	assert_int_equal(marker_get(w->db, x, MARKER_NOTICES).last_read, 7);
	assert_int_equal(marker_get(w->db, x, MARKER_HOME).version, 0);
}

static void forgets_what_was_read_long_ago(void **state)
{
	struct world *w = *state;
	int64_t day = 86400000, now = 1800000000000;
	clock_pin(now);
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	for (int kind = NOTICE_MENTION; kind <= NOTICE_SIGNUP; kind++)
		does(w, ADD, x, y, (enum notice_kind)kind);
	struct notices all = notice_list(w->db, w->a, x, 0, 0, 100);
	does(w, READ, x, all.at[2].id, 0);
	clock_pin(now + 10 * day);
	does(w, ADD, x, y, NOTICE_POLL);
	struct deed d = {.verb = PRUNE, .from = 5 * day};
	for (int round = 0; round < 3; round++) {
		assert_int_equal(world_do(w, deed_run, &d), OK);
		assert_int_equal(d.n, 3);
	}
	assert_int_equal(world_do(w, deed_run, &d), OK);
	assert_int_equal(d.n, 1);
	assert_int_equal(d.kwip, 0);
	assert_int_equal(held(w, x), 3); /* two unread, one young */
	d = (struct deed){.verb = PRUNE, .from = 50 * day};
	assert_int_equal(world_do(w, deed_run, &d), OK);
	assert_int_equal(held(w, x), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(adds_once_with_event),
		WORLD_TEST(spares_who_wants_none),
		WORLD_TEST(ids_never_come_again),
		WORLD_TEST(pages_and_counts_unread),
		WORLD_TEST(says_again_what_was_edited_again),
		WORLD_TEST(own_polls_and_every_report),
		WORLD_TEST(groups_by_kwip_and_hour),
		WORLD_TEST(strange_keys_are_nobodys),
		WORLD_TEST(the_policy_speaks),
		WORLD_TEST(the_limited_wait_unless_said_otherwise),
		WORLD_TEST(requests_count_and_end),
		WORLD_TEST(ids_never_come_again_for_held_ones),
		WORLD_TEST(one_mark_with_the_markers),
		WORLD_TEST(forgets_what_was_read_long_ago),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
