/* SPDX-License-Identifier: MIT */
/* The log and the errors: what stands on stderr, read from a child's end of a pipe. */
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"

static char said[16384];
static int status;

/* Runs what() in a child and keeps what it wrote to stderr, and how it ended. */
static void hear(void (*what)(void))
{
	int ends[2];
	size_t n = 0;
	ssize_t got;
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		clock_pin(INT64_C(1795466311042));
		log_open("test", LOG_INFO);
		what();
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], said + n, sizeof(said) - 1 - n)) > 0)
		n += (size_t)got;
	said[n] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void say_one(void)
{
	log_warn("a %d \"b\" \\ c\nd\te\x7f %s", 5, "\xc3\xa4");
}

static void one_line_in_logfmt(void **state)
{
	static const char head[] = "at=2026-11-23T20:38:31.042Z level=warn svc=test pid=";
	(void)state;
	hear(say_one);
	assert_memory_equal(said, head, sizeof(head) - 1);
	char *msg = strstr(said, " msg=");
	assert_non_null(msg);
	assert_string_equal(msg, " msg=\"a 5 \\\"b\\\" \\\\ c\\nd\\x09e\\x7f \xc3\xa4\"\n");
}

static void say_all_levels(void)
{
	log_debug("zero");
	log_info("one");
	log_level_set(LOG_ERROR);
	log_info("two");
	log_warn("three");
	log_error("four");
	log_level_set(LOG_DEBUG);
	log_debug("five");
}

static void levels(void **state)
{
	(void)state;
	hear(say_all_levels);
	assert_null(strstr(said, "zero"));
	assert_non_null(strstr(said, "level=info svc=test"));
	assert_null(strstr(said, "two"));
	assert_null(strstr(said, "three"));
	assert_non_null(strstr(said, "level=error svc=test"));
	assert_non_null(strstr(said, "level=debug svc=test"));
}

static char filler[5000];

static void say_long(void)
{
	log_info("%s", filler);
}

/* However long and full of escapes: one line, within bounds, closed, and no character torn apart.
 */
static void long_texts(void **state)
{
	static const char *const units[] = {"x",        "\"", "\x01", "\xf0\x9f\x98\x80",
					    "\xc3\xa4", "\n"};
	(void)state;
	for (size_t u = 0; u < sizeof(units) / sizeof(*units); u++) {
		for (size_t shift = 0; shift < 5; shift++) {
			size_t n = shift;
			memset(filler, 'a', sizeof(filler));
			while (n + 8 < sizeof(filler)) {
				memcpy(filler + n, units[u], strlen(units[u]));
				n += strlen(units[u]);
			}
			filler[n] = '\0';
			hear(say_long);
			size_t len = strlen(said);
			assert_in_range(len, 1000, 2048);
			assert_string_equal(said + len - 2, "\"\n");
			assert_ptr_equal(strchr(said, '\n'), said + len - 1);
			assert_true(utf8_ok(str_of(said)));
		}
	}
}

static void say_ill_formed(void)
{
	log_info("a\xff\xfe\xc3(\xe2\x82");
}

static void ill_formed_text_is_escaped(void **state)
{
	(void)state;
	hear(say_ill_formed);
	assert_true(utf8_ok(str_of(said)));
	assert_non_null(strstr(said, "msg=\"a\\xff\\xfe\\xc3(\\xe2\\x82\"\n"));
}

static void say_and_keep_errno(void)
{
	errno = ENOSPC;
	log_info("x");
	if (errno != ENOSPC)
		_exit(1);
	close(STDERR_FILENO);
	log_info("x");
	_exit(errno == ENOSPC ? 0 : 2);
}

static void errno_stays(void **state)
{
	(void)state;
	hear(say_and_keep_errno);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void say_without_memory(void)
{
	log_info("warm");
	size_t before = mallinfo2().uordblks;
	for (int i = 0; i < 50; i++)
		log_info("x %d", i);
	_exit(mallinfo2().uordblks == before ? 0 : 1);
}

static void takes_no_memory(void **state)
{
	(void)state;
	hear(say_without_memory);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void fail_once(void)
{
	enum err e = fail(ERR_REMOTE, "smtp %s: %d", "host", 421);
	_exit(e == ERR_REMOTE ? 0 : 1);
}

static void fail_logs_and_returns(void **state)
{
	(void)state;
	hear(fail_once);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_non_null(strstr(said, "level=warn"));
	assert_non_null(strstr(said, "msg=\"remote: smtp host: 421\"\n"));
}

static void die_now(void)
{
	log_doing("on_kwip_show");
	die("no %s", "way");
}

static void die_names_the_handler(void **state)
{
	(void)state;
	hear(die_now);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_non_null(strstr(said, "level=error"));
	assert_non_null(strstr(said, "on_kwip_show"));
	assert_non_null(strstr(said, "no way"));
}

static void crash(void)
{
	log_crashes();
	log_doing("on_crash_test");
	raise(SIGFPE);
}

static void crashes_are_named_and_pass_on(void **state)
{
	(void)state;
	hear(crash);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGFPE);
	assert_string_equal(said,
			    "level=error msg=\"crashed by signal 08 in on_crash_test\" svc=test\n");
}

static void doing(void **state)
{
	(void)state;
	assert_null(log_what());
	log_doing("a");
	assert_string_equal(log_what(), "a");
	log_doing(NULL);
	assert_null(log_what());
}

static void refusals(void **state)
{
	(void)state;
	assert_int_equal(refuse("%s %d", "x", 1), ERR_INPUT);
	assert_string_equal(err_why(), "x 1");
	assert_int_equal(refuse("again: %s", err_why()), ERR_INPUT);
	assert_string_equal(err_why(), "again: x 1");
	for (size_t n = 245; n < 262; n++) {
		char text[300];
		memset(text, 'a', n);
		memcpy(text + n, "\xf0\x9f\x98\x80z", 6);
		assert_int_equal(refuse("%s", text), ERR_INPUT);
		assert_true(utf8_ok(str_of(err_why())));
		assert_true(strlen(err_why()) >= (n < 251 ? n : 251));
	}
	assert_string_equal(err_name(ERR_FULL), "disk full");
	assert_string_equal(err_name((enum err)99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_in_logfmt),
		cmocka_unit_test(levels),
		cmocka_unit_test(long_texts),
		cmocka_unit_test(ill_formed_text_is_escaped),
		cmocka_unit_test(errno_stays),
		cmocka_unit_test(takes_no_memory),
		cmocka_unit_test(fail_logs_and_returns),
		cmocka_unit_test(die_names_the_handler),
		cmocka_unit_test(crashes_are_named_and_pass_on),
		cmocka_unit_test(doing),
		cmocka_unit_test(refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
