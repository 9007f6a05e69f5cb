/* SPDX-License-Identifier: MIT */
/* The arena: alignment, zeroing after reuse, growth, resets that keep and that give back, death at
 * overflow. */
#include "scratch.h"

#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/crypt.h"

static void takes_are_aligned_zeroed_and_apart(void **state)
{
	SCOPED_ARENA a = arena_new();
	unsigned char *before = NULL;
	size_t before_n = 0;

	(void)state;
	for (size_t n = 0; n < 600; n++) {
		unsigned char *at = arena_take(a, n);
		assert_non_null(at);
		assert_int_equal((uintptr_t)at % 16, 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(at[i], 0);
		memset(at, 0xa5, n);
		for (size_t i = 0; i < before_n; i++)
			assert_int_equal(before[i], 0xa5);
		before = at;
		before_n = n;
	}
}

static void reset_zeroes_again(void **state)
{
	static const size_t keeps[] = {0, 4096, 1 << 16, 1 << 24};
	SCOPED_ARENA a = arena_new();

	(void)state;
	for (size_t k = 0; k < sizeof(keeps) / sizeof(*keeps); k++) {
		for (size_t n = 1; n < 3 << 20; n = 3 * n + 1) {
			unsigned char *at = arena_take(a, n);
			for (size_t i = 0; i < n; i++)
				assert_int_equal(at[i], 0);
			memset(at, 0xff, n);
		}
		assert_true(arena_used(a) > 0);
		arena_reset(a, keeps[k]);
		assert_int_equal(arena_used(a), 0);
	}
}

static void used_counts_what_was_handed_out(void **state)
{
	SCOPED_ARENA a = arena_new();

	(void)state;
	assert_int_equal(arena_used(a), 0);
	arena_take(a, 0);
	assert_int_equal(arena_used(a), 0);
	arena_take(a, 1);
	arena_take(a, 100000);
	assert_in_range(arena_used(a), 100001, 100001 + 64);
}

/* A reset with a large allowance must make the next round free of malloc; one without gives all
 * back. */
static void reset_keeps_and_gives_back(void **state)
{
	SCOPED_ARENA a = arena_new();

	(void)state;
	for (int i = 0; i < 30; i++)
		arena_take(a, 1000);
	arena_reset(a, 1 << 20);
	char *first = arena_take(a, 3000);
	char *second = arena_take(a, 3000);
	arena_reset(a, 1 << 20);
	assert_ptr_equal(arena_take(a, 3000), first);
	assert_ptr_equal(arena_take(a, 3000), second);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	size_t small = mallinfo2().uordblks;
	for (int i = 0; i < 100; i++)
		arena_take(a, 10000);
	assert_true(mallinfo2().uordblks > small + 900000);
	arena_reset(a, 0);
	assert_true(mallinfo2().uordblks <= small);
#endif
}

static void large_takes(void **state)
{
	SCOPED_ARENA a = arena_new();

	(void)state;
	char *big = arena_take(a, 20 << 20);
	big[0] = big[(20 << 20) - 1] = 1;
	char *small = arena_take(a, 16);
	assert_true(small + 16 <= big || small >= big + (20 << 20));
	arena_reset(a, 4096);
	arena_take(a, 4096);
}

static void copies(void **state)
{
	SCOPED_ARENA a = arena_new();
	struct str s = arena_str(a, S("a\0b"));

	(void)state;
	assert_true(str_eq(s, S("a\0b")));
	assert_int_equal(s.at[3], '\0');
	assert_string_equal(arena_zstr(a, S("xyz")), "xyz");
	assert_string_equal(arena_zstr(a, (struct str){NULL, 0}), "");
	assert_string_equal(arena_str(a, (struct str){NULL, 0}).at, "");
}

static void printf_of_any_length(void **state)
{
	SCOPED_ARENA a = arena_new();

	(void)state;
	assert_true(str_eq(arena_printf(a, "%d-%s", 5, "x"), S("5-x")));
	assert_int_equal(arena_printf(a, "%s", "").len, 0);
	for (int n = 1; n < 20000; n = 2 * n + 1) {
		struct str s = arena_printf(a, "%0*d", n, 7);
		assert_int_equal(s.len, n);
		assert_int_equal(s.at[n - 1], '7');
		assert_int_equal(s.at[n], '\0');
	}
}

static void many_random_takes(void **state)
{
	enum { ROUNDS = 20, TAKES = 400 };
	struct rand_seq r = {1};
	SCOPED_ARENA a = arena_new();

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		unsigned char *at[TAKES];
		size_t n[TAKES];
		for (int i = 0; i < TAKES; i++) {
			n[i] = rand_seq_below(&r, rand_seq_below(&r, 50) == 0 ? 100000 : 300);
			at[i] = arena_array(a, n[i], 1);
			memset(at[i], i & 0xff, n[i]);
		}
		for (int i = 0; i < TAKES; i++) {
			for (size_t k = 0; k < n[i]; k++)
				assert_int_equal(at[i][k], i & 0xff);
		}
		arena_reset(a, rand_seq_below(&r, 1 << 20));
	}
}

static void ask_for(int what)
{
	struct arena *a = arena_new();
	volatile size_t half = SIZE_MAX / 2 + 2;
	if (what == 0)
		arena_array(a, half, 2);
	else
		arena_take(a, half);
	_exit(0);
}

static void overflow_dies(void **state)
{
	(void)state;
	for (int what = 0; what < 2; what++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			(void)!freopen("/dev/null", "w", stderr);
			signal(SIGABRT, SIG_DFL);
			ask_for(what);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	}
}

static void free_of_null(void **state)
{
	(void)state;
	arena_free(NULL);
	struct arena *a = arena_new();
	arena_free_ptr(&a);
	assert_null(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_are_aligned_zeroed_and_apart),
		cmocka_unit_test(reset_zeroes_again),
		cmocka_unit_test(used_counts_what_was_handed_out),
		cmocka_unit_test(reset_keeps_and_gives_back),
		cmocka_unit_test(large_takes),
		cmocka_unit_test(copies),
		cmocka_unit_test(printf_of_any_length),
		cmocka_unit_test(many_random_takes),
		cmocka_unit_test(overflow_dies),
		cmocka_unit_test(free_of_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
