/* SPDX-License-Identifier: MIT */
/* The index: what it takes in, changes and forgets; its file when it is lost or damaged; trends. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world.h"

#include "core/find.h"
#include "core/index.h"
#include "core/kwip.h"
#include "core/query.h"
#include "core/trend.h"

struct said {
	struct draft d;
	int64_t id;
};

static enum err post(struct tx *tx, void *arg)
{
	struct said *s = arg;
	SCOPED_ARENA a = arena_new();
	return kwip_post(tx, a, &s->d, &s->id);
}

static int64_t say(struct world *w, int64_t author, const char *text)
{
	struct said s = {.d = {.author = author, .body = str_of(text), .app = APP_WEB}};
	assert_int_equal(world_do(w, post, &s), OK);
	return s.id;
}

struct change {
	struct world *w;
	int64_t id;
	const char *text; /* NULL: deleted */
};

static enum err change_run(struct tx *tx, void *arg)
{
	struct change *c = arg;
	SCOPED_ARENA a = arena_new();
	if (!c->text)
		return kwip_delete(
			tx, c->id,
			DB_I64(tx_db(tx), 0, "SELECT author FROM kwip WHERE id = ?", A(c->id)));
	return kwip_edit(tx, a,
			 &(struct revision){.kwip = c->id,
					    .editor = DB_I64(tx_db(tx), 0,
							     "SELECT author FROM kwip WHERE id = ?",
							     A(c->id)),
					    .body = str_of(c->text),
					    .keep_parts = true});
}

/* Takes what there is of these ids into the index. */
struct taking {
	struct db *main;
	const int64_t *ids;
	size_t n;
};

static enum err take_run(struct tx *tx, void *arg)
{
	const struct taking *t = arg;
	index_kwips(tx, t->main, t->ids, t->n);
	index_people(tx, t->main, t->ids, t->n);
	return OK;
}

static void take(struct world *w, struct store *own, const int64_t *ids, size_t n)
{
	struct taking t = {w->db, ids, n};
	assert_int_equal(tx_run(own, take_run, &t), OK);
}

static struct store *index_of(struct world *w)
{
	struct store *own = NULL;
	assert_int_equal(store_open_file(&own, str_of(w->dir.at), &index_schema), OK);
	index_use(str_of(w->dir.at));
	return own;
}

/* How many have the words, whatever their rights. */
static size_t hits(struct world *w, const char *q)
{
	struct query query;
	struct index_hit hit[10];
	SCOPED_INDEX db = index_take();
	query_parse(&query, w->a, str_of(q));
	struct str match = query_match(w->a, &query, (int64_t[QUERY_ITEMS_MAX]){0}, 0);
	return db && match.len ? index_find(db, match, 0, INT64_MAX, hit, 10) : 0;
}

static void comes_changes_goes(void **state)
{
	struct world *w = *state;
	struct store *own = index_of(w);
	int64_t ann = world_account(w, "ann");
	int64_t ids[] = {say(w, ann, "red apple"), say(w, ann, "green apple"), ann};
	take(w, own, ids, 3);
	take(w, own, ids, 3);
	assert_int_equal(hits(w, "apple"), 2);
	assert_int_equal(hits(w, "red"), 1);
	struct change c = {w, ids[0], "yellow pear"};
	assert_int_equal(world_do(w, change_run, &c), OK);
	take(w, own, ids, 3);
	assert_int_equal(hits(w, "red"), 0);
	assert_int_equal(hits(w, "pear"), 1);
	c.text = NULL;
	assert_int_equal(world_do(w, change_run, &c), OK);
	take(w, own, ids, 3);
	assert_int_equal(hits(w, "pear"), 0);
	assert_int_equal(hits(w, "-x"), 1);
	index_forget();
	store_close(own);
}

static void only_what_may_be_found(void **state)
{
	struct world *w = *state;
	struct store *own = index_of(w);
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob");
	int64_t ids[] = {say(w, ann, "apple one"), say(w, ann, "apple two"),
			 say(w, ann, "apple three")};
	take(w, own, ids, 3);
	struct find_ask ask = {.viewer = bob, .q = S("apple"), .limit = 2};
	struct ids found = find_kwips(w->db, w->a, &ask);
	assert_int_equal(found.n, 2);
	assert_int_equal(found.at[0], ids[2]);
	ask.offset = 2;
	found = find_kwips(w->db, w->a, &ask);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.at[0], ids[0]);
	/* Changed, and the index does not know. */
	struct change c = {w, ids[0], "pear"};
	assert_int_equal(world_do(w, change_run, &c), OK);
	assert_int_equal(find_kwips(w->db, w->a, &ask).n, 0);
	index_forget();
	store_close(own);
}

static void a_file_taken_away(void **state)
{
	struct world *w = *state;
	struct store *own = index_of(w);
	int64_t ann = world_account(w, "ann"), id = say(w, ann, "apple");
	take(w, own, &id, 1);
	assert_int_equal(hits(w, "apple"), 1);
	assert_false(store_is_gone(own));
	char *path = arena_zstr(w->a, arena_printf(w->a, "%s/search.db", w->dir.at));
	assert_int_equal(unlink(path), 0);
	assert_true(store_is_gone(own));
	assert_int_equal(hits(w, "apple"), 0);
	store_close(own);
	store_file_remove(str_of(w->dir.at), &index_schema);
	assert_int_equal(store_file_bytes(str_of(w->dir.at), &index_schema), 0);
	own = index_of(w);
	assert_int_equal(hits(w, "apple"), 0);
	take(w, own, &id, 1);
	assert_int_equal(hits(w, "apple"), 1);
	index_forget();
	store_close(own);
}

/* Every page but the first is overwritten: nobody dies of it, and it is noticed. */
static void a_damaged_file(void **state)
{
	struct world *w = *state;
	struct store *own = index_of(w);
	int64_t ann = world_account(w, "ann"), id = say(w, ann, "apple");
	take(w, own, &id, 1);
	store_close(own);
	char *path = arena_zstr(w->a, arena_printf(w->a, "%s/search.db", w->dir.at));
	int fd = open(path, O_RDWR);
	struct stat st;
	assert_int_equal(fstat(fd, &st), 0);
	for (off_t at = 4096; at < st.st_size; at += 8)
		assert_int_equal(pwrite(fd, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, at), 8);
	close(fd);
	assert_int_equal(hits(w, "apple"), 0);
	own = index_of(w);
	struct taking t = {w->db, &id, 1};
	assert_int_not_equal(tx_run(own, take_run, &t), OK);
	assert_true(store_is_broken(own));
	index_forget();
	store_close(own);
}

struct marking {
	int64_t account, kwip;
};

static enum err mark_run(struct tx *tx, void *arg)
{
	const struct marking *m = arg;
	return kwip_mark(tx, m->account, m->kwip, MARK_FAVOURITE, true);
}

static void trends_are_counted(void **state)
{
	struct world *w = *state;
	struct trend out[TRENDS_MAX];
	const int64_t day = 86400000, now = clock_ms() + 2 * day;
	int64_t people[] = {world_account(w, "ann"), world_account(w, "bob"),
			    world_account(w, "cat")};
	for (int i = 0; i < 3; i++)
		say(w, people[i], "#old");
	clock_pin(now);
	int64_t kwip = say(w, people[0], "#new #alone");
	say(w, people[0], "#new #alone");
	say(w, people[1], "#new");
	/* Three quarters of a person against two. */
	assert_int_equal(trends_count(w->db, TREND_TAG, now, out), 2);
	assert_float_equal(out[0].score, 2.0, 0.001);
	assert_float_equal(out[1].score, 0.75, 0.001);
	for (int i = 0; i < 2; i++) {
		struct marking m = {people[i], kwip};
		assert_int_equal(world_do(w, mark_run, &m), OK);
	}
	assert_int_equal(trends_count(w->db, TREND_KWIP, now, out), 0);
	struct marking m = {people[2], kwip};
	assert_int_equal(world_do(w, mark_run, &m), OK);
	assert_int_equal(trends_count(w->db, TREND_KWIP, now, out), 1);
	assert_int_equal(out[0].of, kwip);
	assert_int_equal(trends_count(w->db, TREND_LINK, now, out), 0);
	assert_int_equal(trends_count(w->db, TREND_TAG, now + 6 * day, out), 1);
	assert_int_equal(trends_count(w->db, TREND_TAG, now + 8 * day, out), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(comes_changes_goes), WORLD_TEST(only_what_may_be_found),
		WORLD_TEST(a_file_taken_away),  WORLD_TEST(a_damaged_file),
		WORLD_TEST(trends_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
