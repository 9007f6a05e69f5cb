/* SPDX-License-Identifier: MIT */
/* The courier's queue, and files of single services in general. */
#include "world.h"

#include "core/errand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <cmocka.h>

struct queue {
	struct store *store;
	struct db *db;
};

static struct queue queue_open(struct world *w)
{
	struct queue q;
	assert_int_equal(store_open_file(&q.store, str_of(w->dir.at), &errand_schema), OK);
	q.db = db_open(q.store, 64);
	return q;
}

static void queue_close(struct queue *q)
{
	db_close(q->db);
	store_close(q->store);
}

enum verb { ADD, BEGIN, DONE, RETRY, DEFER, RESET, PLACE };
struct step {
	enum verb verb;
	struct errand e;
	int64_t at;
};

static enum err step_run(struct tx *tx, void *arg)
{
	struct step *s = arg;
	if (s->verb == ADD)
		errand_add(tx, s->e.kind, s->e.subject, s->e.target, s->at);
	else if (s->verb == BEGIN)
		errand_begin(tx, s->e.id);
	else if (s->verb == DONE)
		errand_done(tx, &s->e);
	else if (s->verb == RETRY)
		errand_retry(tx, &s->e, s->at);
	else if (s->verb == DEFER)
		errand_defer(tx, s->e.id, s->at);
	else if (s->verb == RESET)
		errands_reset(tx);
	else
		errand_place_set(tx, s->at, 7);
	return OK;
}

static void take(struct queue *q, enum verb verb, struct errand e, int64_t at)
{
	struct step s = {verb, e, at};
	assert_int_equal(tx_run(q->store, step_run, &s), OK);
}

static size_t due(struct queue *q, struct errand *out)
{
	return errands_due(q->db, ERRAND_PUSH, out, 10);
}

static void life_of_an_errand(void **state)
{
	struct world *w = *state;
	struct queue q = queue_open(w);
	struct errand e[10], push = {.kind = ERRAND_PUSH, .subject = 1, .target = 2};
	clock_pin(1000000);
	assert_int_equal(errand_next_at(q.db), INT64_MAX);
	take(&q, ADD, push, 1000100);
	assert_int_equal(due(&q, e), 0);
	assert_int_equal(errand_next_at(q.db), 1000100);
	clock_pin(1000100);
	assert_int_equal(due(&q, e), 1);
	take(&q, DEFER, e[0], 1000200);
	assert_int_equal(due(&q, e), 0);
	clock_pin(1000200);
	assert_int_equal(due(&q, e), 1);
	take(&q, BEGIN, e[0], 0);
	struct errand none[10];
	assert_int_equal(due(&q, none), 0);
	take(&q, RETRY, e[0], 1000300);
	clock_pin(1000300);
	assert_int_equal(due(&q, e), 1);
	assert_int_equal(e[0].attempts, 1);
	take(&q, BEGIN, e[0], 0);
	take(&q, DONE, e[0], 0);
	assert_int_equal(errands_waiting(q.db), 0);
	queue_close(&q);
}

/* Asked for again while it is on its way: it is done once more. */
static void again(void **state)
{
	struct world *w = *state;
	struct queue q = queue_open(w);
	struct errand e[10], push = {.kind = ERRAND_PUSH, .subject = 1, .target = 2};
	clock_pin(1000000);
	take(&q, ADD, push, 0);
	take(&q, ADD, push, 0);
	assert_int_equal(due(&q, e), 1);
	take(&q, BEGIN, e[0], 0);
	take(&q, ADD, push, 0);
	take(&q, DONE, e[0], 0);
	assert_int_equal(due(&q, e), 1);
	take(&q, BEGIN, e[0], 0);
	take(&q, DONE, e[0], 0);
	assert_int_equal(due(&q, e), 0);
	queue_close(&q);
}

static void after_a_crash(void **state)
{
	struct world *w = *state;
	struct queue q = queue_open(w);
	struct errand e[10], push = {.kind = ERRAND_PUSH, .subject = 1};
	int64_t seq, epoch;
	assert_false(errand_place(q.db, &seq, &epoch));
	take(&q, ADD, push, 0);
	assert_int_equal(due(&q, e), 1);
	take(&q, BEGIN, e[0], 0);
	take(&q, PLACE, push, 42);
	queue_close(&q);
	q = queue_open(w);
	assert_int_equal(due(&q, e), 0);
	take(&q, RESET, push, 0);
	assert_int_equal(due(&q, e), 1);
	assert_int_equal(e[0].attempts, 1);
	assert_true(errand_place(q.db, &seq, &epoch));
	assert_int_equal(seq, 42);
	assert_int_equal(epoch, 7);
	queue_close(&q);
}

static char *path_of(struct world *w, const char *name)
{
	return arena_zstr(w->a, arena_printf(w->a, "%s/%s", w->dir.at, name));
}

static void a_file_of_no_use(void **state)
{
	struct world *w = *state;
	struct errand push = {.kind = ERRAND_PUSH, .subject = 1};
	FILE *f = fopen(path_of(w, "courier.db"), "w");
	assert_non_null(f);
	for (int i = 0; i < 1000; i++)
		fputs("this is no database\n", f);
	fclose(f);
	struct queue q = queue_open(w);
	struct stat st;
	assert_int_equal(stat(path_of(w, "courier.db.old"), &st), 0);
	take(&q, ADD, push, 0);
	queue_close(&q);
	struct db_schema newer = errand_schema;
	newer.version++;
	assert_int_equal(store_open_file(&q.store, str_of(w->dir.at), &newer), OK);
	q.db = db_open(q.store, 64);
	assert_int_equal(errands_waiting(q.db), 0);
	queue_close(&q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(life_of_an_errand),
		WORLD_TEST(again),
		WORLD_TEST(after_a_crash),
		WORLD_TEST(a_file_of_no_use),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
