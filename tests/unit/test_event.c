/* SPDX-License-Identifier: MIT */
/* The log: order, reading on, cursors, parked events, pruning that never reuses a seq. */
#include "scratch.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/event.h"

static struct scratch dir;
static struct store *store;
static struct db *db;

static int set_up(void **state)
{
	(void)state;
	dir = scratch_make();
	assert_int_equal(store_open(&store, scratch_str(&dir), true), OK);
	db = db_open(store, 256);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	clock_pin(0);
	db_close(db);
	store_close(store);
	scratch_remove(&dir);
	return 0;
}

static enum err add(struct tx *tx, void *arg)
{
	for (int64_t i = 1; i <= *(int *)arg; i++)
		event_add(tx, (struct event){.kind = EVENT_FOLLOW,
					     .actor = i,
					     .kwip = 10 * i,
					     .target = 20 * i,
					     .extra = 30 * i});
	return OK;
}

static void add_events(int n)
{
	assert_int_equal(tx_run(store, add, &n), OK);
}

struct move {
	struct str name;
	int64_t seq;
};

static enum err move(struct tx *tx, void *arg)
{
	struct move *m = arg;
	reader_move(tx, m->name, m->seq);
	return OK;
}

static void move_to(struct str name, int64_t seq)
{
	assert_int_equal(tx_run(store, move, &(struct move){name, seq}), OK);
}

static enum err park(struct tx *tx, void *arg)
{
	struct move *m = arg;
	reader_park(tx, m->name, m->seq, S("it hurts"));
	return OK;
}

struct pruning {
	int64_t keep_ms;
	int max, gone;
};

static enum err prune(struct tx *tx, void *arg)
{
	struct pruning *p = arg;
	p->gone = event_prune(tx, p->keep_ms, p->max);
	return OK;
}

static int pruned(int64_t keep_ms, int max)
{
	struct pruning p = {keep_ms, max, -1};
	assert_int_equal(tx_run(store, prune, &p), OK);
	return p.gone;
}

static void order(void **state)
{
	(void)state;
	struct event got[8];
	assert_int_equal(event_newest(db), 0);
	assert_int_equal(event_oldest(db), 1);
	assert_int_equal(event_read(db, 0, got, 8), 0);
	int64_t before = clock_ms();
	add_events(5);
	assert_int_equal(event_newest(db), 5);
	assert_int_equal(event_oldest(db), 1);
	assert_int_equal(event_read(db, 0, got, 3), 3);
	assert_int_equal(event_read(db, got[2].seq, got, 8), 2);
	assert_int_equal(got[0].seq, 4);
	assert_int_equal(got[1].seq, 5);
	assert_int_equal(got[1].kind, EVENT_FOLLOW);
	assert_int_equal(got[1].actor, 5);
	assert_int_equal(got[1].kwip, 50);
	assert_int_equal(got[1].target, 100);
	assert_int_equal(got[1].extra, 150);
	assert_true(got[1].at >= before);
}

static void cursors(void **state)
{
	(void)state;
	assert_int_equal(reader_cursor(db, S("timeline")), 0);
	move_to(S("timeline"), 7);
	move_to(S("search"), 3);
	move_to(S("timeline"), 9);
	assert_int_equal(reader_cursor(db, S("timeline")), 9);
	assert_int_equal(reader_cursor(db, S("search")), 3);
	assert_false(reader_is_parked(db, S("search"), 4));
	assert_int_equal(tx_run(store, park, &(struct move){S("search"), 4}), OK);
	assert_int_equal(tx_run(store, park, &(struct move){S("search"), 4}), OK);
	assert_true(reader_is_parked(db, S("search"), 4));
	assert_false(reader_is_parked(db, S("timeline"), 4));
	assert_int_equal(reader_cursor(db, S("search")), 3);
}

static void pruning(void **state)
{
	(void)state;
	int64_t now = clock_ms();
	clock_pin(now);
	add_events(10);
	clock_pin(now + 1000);
	add_events(10);
	move_to(S("slow"), 4);
	move_to(S("fast"), 20);
	clock_pin(now + 1500);
	assert_int_equal(pruned(2000, 100), 0); /* nothing is old enough */
	assert_int_equal(pruned(1000, 3), 3);   /* at most so many */
	assert_int_equal(pruned(1000, 100), 1); /* the slow one stands at 4 */
	assert_int_equal(event_oldest(db), 5);
	move_to(S("slow"), 20);
	assert_int_equal(pruned(1000, 100), 6); /* the later ten are too young */
	assert_int_equal(event_oldest(db), 11);
	clock_pin(now + 9000);
	assert_int_equal(pruned(1000, 100), 9); /* the newest stays */
	assert_int_equal(pruned(1000, 100), 0);
	assert_int_equal(event_newest(db), 20);
	add_events(1);
	assert_int_equal(event_newest(db), 21);
}

static enum err forget_all(struct tx *tx, void *arg)
{
	(void)arg;
	TX_DO(tx, "DELETE FROM event WHERE seq > 0");
	return OK;
}

static void seq_is_never_used_again(void **state)
{
	(void)state;
	add_events(3);
	assert_int_equal(tx_run(store, forget_all, NULL), OK);
	add_events(1);
	assert_int_equal(event_newest(db), 4);
}

static void names(void **state)
{
	(void)state;
	for (int i = 0; i < EVENT_KINDS; i++)
		assert_non_null(event_name((enum event_kind)i));
	assert_string_equal(event_name(EVENT_KWIP_NEW), "kwip_new");
	assert_string_equal(event_name((enum event_kind)99), "unknown");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {T(order), T(cursors), T(pruning),
						  T(seq_is_never_used_again), T(names)};
	log_open("test_event", LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
