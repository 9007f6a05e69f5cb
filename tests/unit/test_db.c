/* SPDX-License-Identifier: MIT */
/* The store: opening, binding, snapshots, group commit, ids, full and broken disks, copies. */
#include "scratch.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/db.h"

static struct scratch dir;
static struct store *store;

static int set_up(void **state)
{
	(void)state;
	dir = scratch_make();
	assert_int_equal(store_open(&store, scratch_str(&dir), true), OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	store_close(store);
	store = NULL;
	scratch_remove(&dir);
	return 0;
}

static enum err add_tag(struct tx *tx, void *name)
{
	TX_DO(tx, "INSERT INTO tag (name) VALUES (?)", A(str_of(name)));
	return OK;
}

static int64_t count_tags(struct db *db)
{
	return DB_I64(db, -1, "SELECT count(*) FROM tag /* scan: a test */");
}

static const char *file_in(const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/%s", dir.at, name);
	return path;
}

static void fill_file(const char *name, size_t at, const char *bytes)
{
	int fd = open(file_in(name), O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, strlen(bytes), (off_t)at), strlen(bytes));
	close(fd);
}

static void opening(void **state)
{
	(void)state;
	struct store *s = store;
	assert_int_equal(store_open(&s, S("/tmp/kwipd-unit-absent"), false), ERR_NOT_FOUND);
	assert_null(s);
	struct stat st;
	assert_int_equal(stat(file_in("kwipd.db"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	struct db *db = db_open(store, 256);
	assert_true(DB_I64(db, 0, "SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'epoch'") >
		    0);
	assert_int_equal(DB_I64(db, 0, "SELECT length(value) FROM meta WHERE key = 'secret'"), 64);
	assert_int_equal(DB_I64(db, 0, "PRAGMA auto_vacuum"), 2);
	db_close(db);
	store_close(store);
	assert_int_equal(stat(file_in("kwipd.db-wal"), &st), -1);
	assert_int_equal(store_open(&store, scratch_str(&dir), false), OK);
}

static void not_ours(void **state)
{
	(void)state;
	store_close(store);
	store = NULL;
	fill_file("kwipd.db", 0, "This is no database at all, but a text that somebody wrote.");
	assert_int_equal(store_open(&store, scratch_str(&dir), true), ERR_STORAGE);
	assert_null(store);
}

static enum err make_table(struct tx *tx, void *arg)
{
	(void)arg;
	TX_DO(tx, "CREATE TABLE x (id INTEGER PRIMARY KEY, a, b, c, d, e, f)");
	return OK;
}

static const struct str ODD = S_INIT("a\0b'\"\xc3\xa9");

static enum err write_row(struct tx *tx, void *arg)
{
	(void)arg;
	struct db_arg pi = {.kind = DB_F64, .f = 3.25};
	struct str empty = {0};
	int n = TX_DO(tx, "INSERT INTO x VALUES (1, ?, ?, ?, ?, ?, ?)", A(ODD), A_BLOB(ODD), A_NULL,
		      A(empty), A(INT64_MIN), A(pi));
	assert_int_equal(n, 1);
	return OK;
}

static void binding(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	assert_int_equal(tx_run(store, make_table, NULL), OK);
	assert_int_equal(tx_run(store, write_row, NULL), OK);
	static const struct db_sql sql = {
		"SELECT a, b, c, d, e, f, typeof(a), typeof(b), typeof(d) FROM x WHERE id = ?", "t",
		1};
	struct db *db = db_open(store, 256);
	struct db_row row = db_query(db, &sql, (struct db_arg[]){A(1)}, 1);
	assert_true(db_next(&row));
	assert_true(str_eq(db_str(&row, 0, a), ODD));
	assert_true(str_eq(db_peek(&row, 1), ODD));
	assert_true(db_is_null(&row, 2));
	assert_int_equal(db_str(&row, 2, a).len, 0);
	assert_false(db_is_null(&row, 3));
	assert_int_equal(db_peek(&row, 3).len, 0);
	assert_true(db_i64(&row, 4) == INT64_MIN);
	assert_true(db_f64(&row, 5) == 3.25);
	assert_true(str_eq(db_peek(&row, 6), S("text")));
	assert_true(str_eq(db_peek(&row, 7), S("blob")));
	assert_true(str_eq(db_peek(&row, 8), S("text")));
	assert_false(db_next(&row));
	assert_false(db_next(&row));
	db_done(&row);
	db_close(db);
}

static void reader_cannot_write(void **state)
{
	(void)state;
	struct db *db = db_open(store, 256);
	DB_EACH(row, db, "INSERT INTO tag (name) VALUES ('x') RETURNING id")
		assert_true(false);
	assert_int_equal(db_err(db), ERR_FULL);
	assert_int_equal(db_err(db), OK);
	assert_int_equal(count_tags(db), 0);
	db_close(db);
}

static void snapshot(void **state)
{
	(void)state;
	struct db *db = db_open(store, 256);
	db_begin(db);
	assert_int_equal(count_tags(db), 0);
	assert_int_equal(tx_run(store, add_tag, "one"), OK);
	assert_int_equal(count_tags(db), 0);
	db_end(db);
	assert_int_equal(count_tags(db), 1);
	/* A row left open does not hold the old moment. */
	db_begin(db);
	DB_EACH(row, db, "SELECT id FROM tag ORDER BY id") {
		db_end(db);
		break;
	}
	assert_int_equal(tx_run(store, add_tag, "two"), OK);
	assert_int_equal(count_tags(db), 2);
	db_close(db);
}

/* Counts the pairs by calling itself: the same literal is open several times. */
static int nest(struct db *db, int depth)
{
	int n = 0;
	DB_EACH(row, db, "SELECT id FROM tag WHERE id > ? ORDER BY id", A(0))
		n += depth > 0 ? nest(db, depth - 1) : 1;
	return n;
}

static void nested(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		char name[] = {(char)('a' + i), 0};
		assert_int_equal(tx_run(store, add_tag, name), OK);
	}
	struct db *db = db_open(store, 256);
	assert_int_equal(nest(db, 2), 64);
	uint64_t before = db_statements();
	assert_int_equal(nest(db, 0), 4);
	assert_int_equal(db_statements() - before, 1);
	db_close(db);
}

static enum err fail_after_insert(struct tx *tx, void *arg)
{
	add_tag(tx, arg);
	assert_int_equal(count_tags(tx_db(tx)), 1);
	return ERR_DENIED;
}

static enum err break_key(struct tx *tx, void *arg)
{
	TX_DO(tx, "INSERT INTO kwip_tag (tag, kwip) VALUES (?, ?)", A(77), A(78));
	assert_int_equal(tx_err(tx), ERR_CONFLICT);
	add_tag(tx, arg);
	return OK;
}

static void errors(void **state)
{
	(void)state;
	struct db *db = db_open(store, 256);
	assert_int_equal(tx_run(store, fail_after_insert, "one"), ERR_DENIED);
	assert_int_equal(tx_run(store, break_key, "two"), ERR_CONFLICT);
	assert_int_equal(count_tags(db), 0);
	assert_int_equal(tx_run(store, add_tag, "one"), OK);
	assert_int_equal(tx_run(store, add_tag, "one"), ERR_CONFLICT);
	assert_int_equal(count_tags(db), 1);
	db_close(db);
}

struct counted {
	struct job job;
	int thread, number;
	enum err want;
	_Atomic int done;
};

static _Atomic int commits, answered;

static void note_commit(void *arg)
{
	(void)arg;
	commits++;
}

static enum err counted_run(struct tx *tx, struct job *job)
{
	struct counted *c = (struct counted *)job;
	char name[32];
	snprintf(name, sizeof name, "t%d-%d", c->thread, c->number);
	add_tag(tx, name);
	if (c->want == ERR_CONFLICT)
		add_tag(tx, name);
	return c->want == ERR_CONFLICT ? OK : c->want;
}

static void counted_done(struct job *job, enum err e)
{
	struct counted *c = (struct counted *)job;
	c->done = e == c->want ? 1 : -1;
	answered++;
}

enum { THREADS = 8, JOBS = 100 };
static struct counted jobs[THREADS][JOBS];

static void *submit_all(void *arg)
{
	int t = (int)(intptr_t)arg;
	for (int i = 0; i < JOBS; i++) {
		struct counted *c = &jobs[t][i];
		*c = (struct counted){.job = {.run = counted_run, .done = counted_done},
				      .thread = t,
				      .number = i};
		c->want = i % 10 == 3 ? ERR_DENIED : i % 10 == 7 ? ERR_CONFLICT : OK;
		writer_submit(store, &c->job);
	}
	return NULL;
}

static void group_commit(void **state)
{
	(void)state;
	commits = answered = 0;
	writer_on_commit(store, note_commit, NULL);
	writer_start(store);
	pthread_t threads[THREADS];
	for (int t = 0; t < THREADS; t++)
		assert_int_equal(pthread_create(&threads[t], NULL, submit_all, (void *)(intptr_t)t),
				 0);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	assert_int_equal(tx_run(store, add_tag, "last"),
			 OK); /* first come, first served: all others are through */
	assert_int_equal(answered, THREADS * JOBS);
	for (int i = 0; i < THREADS * JOBS; i++)
		assert_int_equal(jobs[i / JOBS][i % JOBS].done, 1);
	struct db *db = db_open(store, 256);
	assert_int_equal(count_tags(db), THREADS * JOBS * 8 / 10 + 1);
	assert_true(commits > 0 && commits < THREADS * JOBS / 8);
	db_close(db);
}

static void *run_some(void *arg)
{
	char name[32];
	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof name, "w%d-%d", (int)(intptr_t)arg, i);
		assert_int_equal(tx_run(store, add_tag, name), OK);
	}
	return NULL;
}

static void waiting_writers_share(void **state)
{
	(void)state;
	commits = 0;
	writer_on_commit(store, note_commit, NULL);
	writer_start(store);
	pthread_t threads[THREADS];
	for (int t = 0; t < THREADS; t++)
		assert_int_equal(pthread_create(&threads[t], NULL, run_some, (void *)(intptr_t)t),
				 0);
	for (int t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	struct db *db = db_open(store, 256);
	assert_int_equal(count_tags(db), THREADS * 40);
	assert_true(commits <= THREADS * 40 * 3 / 4);
	db_close(db);
}

static void queue_is_served_at_close(void **state)
{
	(void)state;
	writer_start(store);
	answered = 0;
	submit_all((void *)0);
	store_close(store);
	assert_int_equal(answered, JOBS);
	assert_int_equal(store_open(&store, scratch_str(&dir), false), OK);
}

static enum err take_ids(struct tx *tx, void *arg)
{
	int64_t *last = arg;
	for (int i = 0; i < 5000; i++) {
		int64_t id = tx_id(tx);
		assert_true(id > *last);
		assert_int_equal(id >> 12 & 15, 3);
		*last = id;
	}
	return OK;
}

static void ids(void **state)
{
	(void)state;
	int64_t last = 0, now = clock_ms() + 1000;
	id_node(3);
	clock_pin(now);
	assert_int_equal(tx_run(store, take_ids, &last), OK);
	assert_int_equal(id_ms(last), now + 1); /* 5000 do not fit one millisecond */
	assert_int_equal(tx_run(store, take_ids, &last), OK);
	clock_pin(now - 5000);
	assert_int_equal(tx_run(store, take_ids, &last), OK);
	clock_pin(0);
	assert_int_equal(id_ms(id_at(now)), now);
	id_node(1);
}

/* A statement that returns, and one that changes several rows. */
static enum err use_returning(struct tx *tx, void *arg)
{
	int64_t *id = arg;
	id[0] = TX_I64(tx, "INSERT INTO tag (name) VALUES ('r') RETURNING id");
	id[1] = TX_I64(tx,
		       "INSERT INTO tag (name) VALUES ('r') ON CONFLICT DO NOTHING RETURNING id");
	TX_DO(tx, "INSERT INTO tag (name) VALUES ('s'), ('t')");
	id[2] = TX_DO(tx, "UPDATE tag SET name = name || '!' WHERE id > ?", A(0));
	return OK;
}

static void returning(void **state)
{
	(void)state;
	SCOPED_ARENA a = arena_new();
	int64_t id[3];
	assert_int_equal(tx_run(store, use_returning, id), OK);
	assert_true(id[0] > 0);
	assert_int_equal(id[1], 0);
	assert_int_equal(id[2], 3);
	struct db *db = db_open(store, 256);
	struct str name;
	assert_true(DB_TEXT(db, &name, a, "SELECT name FROM tag WHERE id = ?", A(id[0])));
	assert_true(str_eq(name, S("r!")));
	assert_false(DB_TEXT(db, &name, a, "SELECT name FROM tag WHERE id = ?", A(99)));
	db_close(db);
}

static enum err add_big(struct tx *tx, void *arg)
{
	(void)arg;
	TX_DO(tx, "INSERT INTO link (kwip, place, url)"
		  " VALUES (1, (SELECT count(*) FROM link), hex(zeroblob(20000)))");
	return OK;
}

static enum err add_owner(struct tx *tx, void *arg)
{
	(void)arg;
	TX_DO(tx, "INSERT INTO account (id, name, name_key) VALUES (1, 'a', 'a')");
	TX_DO(tx, "INSERT INTO kwip (id, author, conversation, activity) VALUES (1, 1, 1, 1)");
	return OK;
}

static int64_t count_links(struct db *db)
{
	return DB_I64(db, -1, "SELECT count(*) FROM link /* scan: a test */");
}

#define CHECK(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "line %d: %s\n", __LINE__, #cond); \
			_exit(1); \
		} \
	} while (0)

static void limit_files(rlim_t bytes)
{
	struct rlimit l = {bytes, RLIM_INFINITY};
	CHECK(setrlimit(RLIMIT_FSIZE, &l) == 0);
}

/*
 * The disk is full from 1 MB on: clear errors, reading goes on, and writing again when there is
 * room.
 */
static void live_through_full_disk(bool threaded)
{
	CHECK(store_open(&store, scratch_str(&dir), false) == OK);
	struct db *db = db_open(store, 256);
	CHECK(tx_run(store, add_owner, NULL) == OK);
	if (threaded)
		writer_start(store);
	limit_files(1 << 20);
	int kept = 0;
	enum err e;
	while ((e = tx_run(store, add_big, NULL)) == OK && kept < 1000)
		kept++;
	if (e != ERR_FULL)
		fprintf(stderr, "%s after %d\n", err_name(e), kept);
	CHECK(e == ERR_FULL);
	CHECK(tx_run(store, add_big, NULL) == ERR_FULL);
	CHECK(kept > 5 && count_links(db) == kept);
	struct db *late = db_open(store, 256);
	CHECK(count_links(late) == kept);
	db_close(late);
	limit_files(RLIM_INFINITY);
	CHECK(tx_run(store, add_big, NULL) == OK);
	CHECK(count_links(db) == kept + 1 && db_err(db) == OK);
	db_close(db);
	SCOPED_BUF report = BUF_EMPTY;
	CHECK(store_check(store, &report) == OK);
	store_close(store);
}

static int in_child(void (*fn)(bool), bool arg)
{
	store_close(store);
	store = NULL;
	pid_t pid = fork();
	if (pid == 0) {
		fn(arg);
		_exit(0);
	}
	int status = 0;
	waitpid(pid, &status, 0);
	assert_int_equal(store_open(&store, scratch_str(&dir), false), OK);
	return status;
}

static void full_disk(void **state)
{
	(void)state;
	assert_int_equal(in_child(live_through_full_disk, false), 0);
}

static void full_disk_with_thread(void **state)
{
	(void)state;
	assert_int_equal(in_child(live_through_full_disk, true), 0);
}

static int acks[2];

static void write_until_killed(bool unused)
{
	(void)unused;
	char name[32];
	CHECK(store_open(&store, scratch_str(&dir), false) == OK);
	writer_start(store);
	for (int i = 0;; i++) {
		snprintf(name, sizeof name, "k%d", i);
		CHECK(tx_run(store, add_tag, name) == OK);
		CHECK(write(acks[1], &i, sizeof i) == sizeof i);
	}
}

static void killed_writer_loses_nothing(void **state)
{
	(void)state;
	store_close(store);
	assert_int_equal(pipe(acks), 0);
	pid_t pid = fork();
	if (pid == 0)
		write_until_killed(true);
	close(acks[1]);
	int last = -1;
	while (last < 50 && read(acks[0], &last, sizeof last) == sizeof last)
		;
	kill(pid, SIGKILL);
	while (read(acks[0], &last, sizeof last) == sizeof last)
		;
	close(acks[0]);
	waitpid(pid, NULL, 0);
	assert_int_equal(store_open(&store, scratch_str(&dir), false), OK);
	struct db *db = db_open(store, 256);
	assert_true(count_tags(db) > last && last >= 50);
	db_close(db);
}

static int ready[2];

static void read_beside(void)
{
	char byte;
	CHECK(read(ready[0], &byte, 1) == 1);
	CHECK(store_open(&store, scratch_str(&dir), false) == OK);
	struct db *db = db_open(store, 256);
	CHECK(count_tags(db) == 1);
	CHECK(tx_run(store, add_tag, "from the other process") == OK);
	db_close(db);
	store_close(store);
	_exit(0);
}

static void two_processes(void **state)
{
	(void)state;
	store_close(store); /* SQLite's knowledge of its locks must not be inherited */
	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	if (pid == 0)
		read_beside();
	assert_int_equal(store_open(&store, scratch_str(&dir), false), OK);
	struct db *db = db_open(store, 256);
	assert_int_equal(tx_run(store, add_tag, "one"), OK);
	assert_int_equal(write(ready[1], "x", 1), 1);
	int status = 1;
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	assert_int_equal(count_tags(db), 2);
	db_close(db);
	close(ready[0]);
	close(ready[1]);
}

static int steps_seen;

static void see_step(int done, int total)
{
	steps_seen += done <= total;
}

static void backup(void **state)
{
	(void)state;
	char file[128];
	snprintf(file, sizeof file, "%s/copy/kwipd.db", dir.at);
	assert_int_equal(mkdir(file_in("copy"), 0700), 0);
	assert_int_equal(tx_run(store, add_tag, "one"), OK);
	assert_int_equal(store_backup(store, str_of(file), see_step), OK);
	assert_true(steps_seen > 0);
	assert_int_equal(store_backup(store, str_of(file), NULL), ERR_CONFLICT);
	struct stat st;
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	struct store *copy;
	assert_int_equal(store_open(&copy, str_of(file_in("copy")), false), OK);
	struct db *db = db_open(copy, 256);
	assert_int_equal(count_tags(db), 1);
	db_close(db);
	SCOPED_BUF report = BUF_EMPTY;
	assert_int_equal(store_check(copy, &report), OK);
	assert_int_equal(report.len, 0);
	store_close(copy);
}

static void check_finds_damage(void **state)
{
	(void)state;
	store_close(store);
	for (size_t page = 3; page < 40; page++)
		fill_file("kwipd.db", page * 4096 + 8, "garbage garbage garbage garbage");
	assert_int_equal(store_open(&store, scratch_str(&dir), false), OK);
	SCOPED_BUF report = BUF_EMPTY;
	assert_int_equal(store_check(store, &report), ERR_STORAGE);
	assert_true(report.len > 0);
}

static enum err drop_links(struct tx *tx, void *arg)
{
	(void)arg;
	TX_DO(tx, "DELETE FROM link /* scan: a test */");
	return OK;
}

static void care(void **state)
{
	(void)state;
	assert_int_equal(tx_run(store, add_owner, NULL), OK);
	for (int i = 0; i < 40; i++)
		assert_int_equal(tx_run(store, add_big, NULL), OK);
	assert_int_equal(tx_run(store, drop_links, NULL), OK);
	struct store_sizes before = store_sizes(store);
	assert_true(before.free_bytes > 1000000);
	store_tend(store, 100);
	/* A newer SQLite counts the map pages that go with them. */
	assert_in_range(store_sizes(store).free_bytes, before.free_bytes - 102 * 4096,
			before.free_bytes - 100 * 4096);
	store_tend(store, 10000);
	assert_int_equal(store_sizes(store).free_bytes, 0);
	assert_true(store_sizes(store).db_bytes > 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(opening),
		T(not_ours),
		T(binding),
		T(reader_cannot_write),
		T(snapshot),
		T(nested),
		T(errors),
		T(group_commit),
		T(waiting_writers_share),
		T(queue_is_served_at_close),
		T(ids),
		T(returning),
		T(full_disk),
		T(full_disk_with_thread),
		T(killed_writer_loses_nothing),
		T(two_processes),
		T(backup),
		T(check_finds_damage),
		T(care),
	};
	log_open("test_db", LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
