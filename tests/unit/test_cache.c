/* SPDX-License-Identifier: MIT */
/*
 * The cache: round trips, order, trimming, and every way its files can be wrong. Reader and writer
 * are never open at once in one process (LMDB's rule), so readers that run beside a writer are
 * forked.
 */
#include "scratch.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/log.h"
#include "store/cache.h"

enum { CAP = 8 << 20 };

static struct scratch dir;
static struct cache *cache;
static struct cache_write *w;

static void open_as(bool writer)
{
	assert_int_equal(cache_open(&cache, scratch_str(&dir), writer, CAP), OK);
}

static int set_up(void **state)
{
	(void)state;
	dir = scratch_make();
	open_as(true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	cache_close(cache);
	cache = NULL;
	scratch_remove(&dir);
	return 0;
}

static void reopen(bool writer)
{
	cache_close(cache);
	open_as(writer);
}

static void begin(void)
{
	assert_int_equal(cache_write_begin(cache, &w), OK);
}

static void commit(int64_t seq)
{
	assert_int_equal(cache_commit(w,
				      (struct cache_meta){
					      .seq = seq, .epoch = 5, .mark_floor = 6, .ready = 1}),
			 OK);
}

static void put_text(int64_t key, struct str text)
{
	assert_int_equal(cache_put(w, CACHE_CARD, key, text), OK);
	assert_int_equal(cache_put(w, CACHE_PAGE, key, S("page")), OK);
}

static bool has_card(int64_t key, struct str want)
{
	struct cache_read *r;
	struct str got;
	assert_int_equal(cache_read_begin(cache, &r), OK);
	bool same = cache_get(r, CACHE_CARD, key, &got) && str_eq(got, want);
	cache_read_end(r);
	return same;
}

static int64_t seq_now(void)
{
	struct cache_read *r;
	struct cache_meta m = {0};
	assert_int_equal(cache_read_begin(cache, &r), OK);
	bool found = cache_meta(r, &m);
	cache_read_end(r);
	return found ? m.seq : -1;
}

static void round_trip(void **state)
{
	(void)state;
	struct cache_read *r;
	struct cache_meta m;
	struct str v;
	assert_int_equal(seq_now(), -1);
	begin();
	put_text(7, S("seven"));
	assert_int_equal(cache_put(w, CACHE_RECENT, 9, S("abc")), OK);
	assert_true(cache_peek(w, CACHE_RECENT, 9, &v) && str_eq(v, S("abc")));
	assert_int_equal(cache_mark_put(w, 1, 7, 5), OK);
	assert_int_equal(cache_mark_put(w, 1, 8, 3), OK);
	commit(41);
	begin();
	assert_int_equal(cache_mark_put(w, 1, 8, 0), OK);
	cache_delete(w, CACHE_PAGE, 7);
	cache_delete(w, CACHE_PAGE, 12345);
	commit(42);
	begin();
	put_text(7, S("changed"));
	cache_abort(w);
	reopen(false);
	assert_int_equal(cache_read_begin(cache, &r), OK);
	assert_true(cache_meta(r, &m));
	assert_true(m.seq == 42 && m.epoch == 5 && m.mark_floor == 6 && m.ready == 1);
	assert_true(cache_get(r, CACHE_CARD, 7, &v) && str_eq(v, S("seven")));
	assert_false(cache_get(r, CACHE_PAGE, 7, &v));
	assert_int_equal(cache_mark(r, 1, 7), 5);
	assert_int_equal(cache_mark(r, 1, 8), 0);
	assert_int_equal(cache_mark(r, 2, 7), 0);
	cache_read_end(r);
	struct cache_sizes sizes = cache_sizes(cache);
	assert_int_equal(sizes.entries[CACHE_CARD], 1);
	assert_int_equal(sizes.entries[CACHE_MARK], 1);
	assert_int_equal(sizes.cap_bytes, CAP);
	cache_relax(cache);
	assert_true(has_card(7, S("seven")));
}

static void snapshots(void **state)
{
	(void)state;
	struct cache_read *old, *new;
	struct str v;
	begin();
	put_text(1, S("one"));
	commit(1);
	assert_int_equal(cache_read_begin(cache, &old), OK);
	begin();
	put_text(1, S("two"));
	commit(2);
	assert_int_equal(cache_read_begin(cache, &new), OK);
	assert_true(cache_get(old, CACHE_CARD, 1, &v) && str_eq(v, S("one")));
	assert_true(cache_get(new, CACHE_CARD, 1, &v) && str_eq(v, S("two")));
	cache_read_end(old);
	cache_read_end(new);
	cache_read_end(NULL);
	assert_int_equal(cache_read_begin(cache, &old),
			 OK); /* from the pool: of now, not of then */
	assert_true(cache_get(old, CACHE_CARD, 1, &v) && str_eq(v, S("two")));
	cache_read_end(old);
}

static void trimming(void **state)
{
	(void)state;
	begin();
	for (int64_t i = 300; i >= 1; i--) /* more than a byte: the order is that of numbers */
		put_text(i, S("x"));
	assert_int_equal(cache_drop_oldest(w, 256), 257);
	commit(1);
	assert_false(has_card(256, S("x")));
	assert_true(has_card(257, S("x")));
	assert_int_equal(cache_sizes(cache).entries[CACHE_PAGE], 44);
	begin();
	assert_int_equal(cache_drop_oldest(w, 1000), 0);
	commit(2);
	begin();
	put_text(1, S("x"));
	cache_clear(w);
	commit(3);
	assert_int_equal(cache_sizes(cache).entries[CACHE_CARD], 0);
	assert_int_equal(seq_now(), 3);
}

static void marks_go_in_small_bites(void **state)
{
	(void)state;
	begin();
	for (int64_t i = 0; i < 100; i++)
		assert_int_equal(cache_mark_put(w, i % 10, i, 1), OK);
	cache_drop_marks(w, 50, 30);
	commit(1);
	assert_int_equal(cache_sizes(cache).entries[CACHE_MARK],
			 85); /* half of each account's are below */
	for (int i = 0; i < 100; i++) {
		begin();
		cache_drop_marks(w, 50, 1);
		commit(2);
	}
	assert_int_equal(cache_sizes(cache).entries[CACHE_MARK], 50);
}

static void full_map(void **state)
{
	(void)state;
	static const char big[100000];
	enum err e = OK;
	begin();
	put_text(1, S("kept"));
	commit(1);
	begin();
	for (int64_t i = 2; i < 1000 && !e; i++)
		e = cache_put(w, CACHE_CARD, i, (struct str){big, sizeof big});
	assert_int_equal(e, ERR_FULL);
	assert_int_equal(cache_put(w, CACHE_CARD, 5, S("x")), ERR_FULL);
	cache_delete(w, CACHE_CARD, 1);
	assert_int_equal(cache_commit(w, (struct cache_meta){.seq = 9}), ERR_FULL);
	assert_true(has_card(1, S("kept")));
	assert_int_equal(seq_now(), 1);
	begin();
	put_text(2, S("goes on"));
	commit(2);
	assert_true(has_card(2, S("goes on")));
}

static const char *file_in(const char *name)
{
	static char path[128];
	snprintf(path, sizeof path, "%s/cache/%s", dir.at, name);
	return path;
}

static void stale(void **state)
{
	(void)state;
	begin();
	put_text(1, S("one"));
	commit(1);
	reopen(false);
	assert_false(cache_is_stale(cache));
	unlink(file_in("data.mdb"));
	unlink(file_in("lock.mdb"));
	assert_true(cache_is_stale(cache));
	assert_true(has_card(1, S("one"))); /* what is open stays readable */
	cache_close(cache);
	assert_int_equal(cache_open(&cache, scratch_str(&dir), false, CAP), ERR_NOT_FOUND);
	assert_null(cache);
	open_as(true);
	assert_int_equal(seq_now(), -1);
}

static void damage(const char *name, off_t at, size_t n)
{
	char junk[4096];
	memset(junk, 0x5a, sizeof junk);
	int fd = open(file_in(name), O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, junk, n, at), n);
	close(fd);
}

static void put_and_close(void)
{
	begin();
	put_text(1, S("one"));
	commit(1);
	cache_close(cache);
	cache = NULL;
}

static void is_made_anew(void)
{
	assert_int_equal(cache_open(&cache, scratch_str(&dir), false, CAP), ERR_NOT_FOUND);
	open_as(true);
	assert_int_equal(seq_now(), -1);
	begin();
	put_text(2, S("two"));
	commit(2);
	assert_true(has_card(2, S("two")));
}

static void damaged_meta(void **state)
{
	(void)state;
	put_and_close();
	damage("data.mdb", 0, 4096);
	damage("data.mdb", 4096, 4096);
	is_made_anew();
}

static void truncated(void **state)
{
	(void)state;
	put_and_close();
	assert_int_equal(truncate(file_in("data.mdb"), 3 * 4096), 0);
	is_made_anew();
}

static void empty_file(void **state)
{
	(void)state;
	put_and_close();
	assert_int_equal(truncate(file_in("data.mdb"), 0), 0);
	is_made_anew();
}

static void killed_writer(void **state)
{
	(void)state;
	cache_close(cache);
	pid_t pid = fork();
	if (pid == 0) {
		open_as(true);
		begin();
		put_text(1, S("one"));
		commit(1);
		begin(); /* and leaves with the lock held */
		raise(SIGKILL);
	}
	waitpid(pid, NULL, 0);
	open_as(true);
	assert_true(has_card(1, S("one")));
	begin();
	put_text(2, S("two"));
	commit(2);
}

static void power_cut(void **state)
{
	(void)state;
	cache_close(cache);
	pid_t pid = fork();
	if (pid == 0) {
		open_as(true);
		begin();
		put_text(1, S("one"));
		commit(1);
		_exit(0); /* without closing */
	}
	waitpid(pid, NULL, 0);
	open_as(false);
	assert_true(has_card(1, S("one"))); /* this boot: trusted */
	cache_close(cache);
	damage("boot", 0, 36); /* another boot, not synced */
	is_made_anew();
}

static void clean_close_survives_reboot(void **state)
{
	(void)state;
	put_and_close();
	damage("boot", 0, 36);
	open_as(false);
	assert_true(has_card(1, S("one")));
	reopen(true);
	assert_true(has_card(1, S("one")));
}

static void crash_loop_ends(void **state)
{
	(void)state;
	put_and_close();
	for (int i = 0; i < 9; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			open_as(true);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
	open_as(true);
	assert_int_equal(seq_now(), -1);
}

static void full_disk(void **state)
{
	(void)state;
	cache_close(cache);
	pid_t pid = fork();
	if (pid == 0) {
		static const char big[100000];
		struct rlimit l = {1 << 20, RLIM_INFINITY};
		signal(SIGXFSZ, SIG_IGN);
		open_as(true);
		begin();
		put_text(1, S("one"));
		commit(1);
		setrlimit(RLIMIT_FSIZE, &l);
		begin();
		enum err e = OK;
		for (int64_t i = 2; i < 30 && !e; i++)
			e = cache_put(w, CACHE_CARD, i, (struct str){big, sizeof big});
		e = e ? e : cache_commit(w, (struct cache_meta){.seq = 9});
		bool good = e == ERR_FULL && has_card(1, S("one")) && seq_now() == 1;
		begin();
		put_text(2, S("small"));
		commit(2);
		_exit(good && has_card(2, S("small")) ? 0 : 1);
	}
	int status = 1;
	waitpid(pid, &status, 0);
	open_as(true);
	assert_int_equal(status, 0);
}

/* A reader in a process of its own sees what is committed after it opened. */
static void reader_beside_writer(void **state)
{
	(void)state;
	int go[2], opened[2];
	char byte = 'x';
	assert_int_equal(pipe(go) | pipe(opened), 0);
	begin();
	commit(1);
	cache_close(cache);
	pid_t pid = fork();
	if (pid == 0) {
		open_as(false);
		bool good = seq_now() == 1 && write(opened[1], &byte, 1) == 1 &&
			    read(go[0], &byte, 1) == 1;
		good = good && seq_now() == 2 && has_card(1, S("one"));
		cache_close(cache);
		_exit(good ? 0 : 1);
	}
	assert_int_equal(read(opened[0], &byte, 1), 1);
	open_as(true);
	begin();
	put_text(1, S("one"));
	commit(2);
	assert_int_equal(write(go[1], &byte, 1), 1);
	int status = 1;
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
	close(go[0]), close(go[1]), close(opened[0]), close(opened[1]);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(round_trip),
		T(snapshots),
		T(trimming),
		T(marks_go_in_small_bites),
		T(full_map),
		T(stale),
		T(damaged_meta),
		T(truncated),
		T(empty_file),
		T(killed_writer),
		T(power_cut),
		T(clean_close_survives_reboot),
		T(crash_loop_ends),
		T(full_disk),
		T(reader_beside_writer),
	};
	log_open("test_cache", LOG_ERROR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
