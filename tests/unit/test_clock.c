/* SPDX-License-Identifier: MIT */
/* Time: every format against the C library's own over ten thousand years, and a clock that never
 * goes back. */
#include "scratch.h"

#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/crypt.h"

static const int64_t year_0 = INT64_C(-62167219200000), year_9999 = INT64_C(253402300799999);

static const struct {
	void (*put)(struct buf *b, int64_t at_ms);
	const char *format;
} formats[] = {
	{put_date, "%Y-%m-%d"},
	{put_time_http, "%a, %d %b %Y %H:%M:%S GMT"},
	{put_time_iso, "%Y-%m-%dT%H:%M:%S"},
	{put_time_human, "%d %b %Y, %H:%M"},
};

/* What strftime says, with the year in four digits, milliseconds, and a human's day without zero.
 */
static struct str reference(size_t f, int64_t at_ms, char out[64])
{
	int64_t ms = (at_ms % 1000 + 1000) % 1000;
	time_t s = (at_ms - ms) / 1000;
	struct tm t;
	char format[64], rest[64];
	assert_non_null(gmtime_r(&s, &t));
	const char *year = strstr(formats[f].format, "%Y");
	snprintf(format, sizeof(format), "%.*s%04d%s", (int)(year - formats[f].format),
		 formats[f].format, t.tm_year + 1900, year + 2);
	strftime(rest, sizeof(rest), format, &t);
	bool human = formats[f].put == put_time_human;
	int n = snprintf(out, 64, "%s", rest + (human && rest[0] == '0'));
	if (formats[f].put == put_time_iso)
		n += snprintf(out + n, 64 - (size_t)n, ".%03dZ", (int)ms);
	return (struct str){out, (size_t)n};
}

static void check(int64_t at_ms)
{
	for (size_t f = 0; f < sizeof(formats) / sizeof(*formats); f++) {
		char want[64];
		SCOPED_BUF got = BUF_EMPTY;
		formats[f].put(&got, at_ms);
		struct str text = reference(f, at_ms, want);
		if (!str_eq(buf_str(&got), text))
			print_error("%lld: got %.*s, want %s\n", (long long)at_ms, (int)got.len,
				    got.at, want);
		assert_true(str_eq(buf_str(&got), text));
	}
}

static void known_times(void **state)
{
	SCOPED_BUF b = BUF_EMPTY;
	const int64_t at = INT64_C(1795466311000);
	(void)state;
	put_time_iso(&b, at);
	buf_char(&b, '|');
	put_time_http(&b, at);
	buf_char(&b, '|');
	put_time_human(&b, at);
	buf_char(&b, '|');
	put_date(&b, at);
	assert_true(str_eq(buf_str(&b), S("2026-11-23T20:38:31.000Z|Mon, 23 Nov 2026 20:38:31 GMT|"
					  "23 Nov 2026, 20:38|2026-11-23")));
}

/* A step that is no multiple of a day meets all hours; leap days and turns of years come by. */
static void all_years(void **state)
{
	(void)state;
	for (int64_t at = year_0; at <= year_9999; at += INT64_C(86399123) * 41)
		check(at);
}

static void around_every_edge(void **state)
{
	static const int64_t edges[] = {0,
					INT64_C(951782400000),  /* 2000-02-29 */
					INT64_C(4107542400000), /* 2100-03-01 */
					INT64_C(2147483648000),
					INT64_C(4294967296000),
					INT64_C(1709164800000), /* 2024-02-29 */
					INT64_C(-2208988800000)};
	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++) {
		for (int64_t d = -2; d <= 2; d++) {
			check(edges[i] + d);
			check(edges[i] + 1000 * d);
			check(edges[i] + 86400000 * d);
		}
	}
	check(year_0);
	check(year_9999);
}

static void every_day_of_four_centuries(void **state)
{
	(void)state;
	for (int64_t day = -135140; day < 11000; day++) {
		char want[64];
		SCOPED_BUF got = BUF_EMPTY;
		put_date(&got, day * 86400000);
		assert_true(str_eq(buf_str(&got), reference(0, day * 86400000, want)));
	}
}

/* What no calendar of four digits holds stands still at the nearest that it does. */
static void beyond_the_calendar(void **state)
{
	static const struct {
		int64_t at_ms;
		struct str want;
	} rows[] = {
		{INT64_MAX, S_INIT("9999-12-31T23:59:59.999Z")},
		{INT64_C(253402300800000), S_INIT("9999-12-31T23:59:59.999Z")},
		{INT64_MIN, S_INIT("0000-01-01T00:00:00.000Z")},
		{INT64_C(-62167219200001), S_INIT("0000-01-01T00:00:00.000Z")},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		SCOPED_BUF b = BUF_EMPTY;
		put_time_iso(&b, rows[i].at_ms);
		assert_true(str_eq(buf_str(&b), rows[i].want));
		buf_clear(&b, SIZE_MAX);
		put_time_http(&b, rows[i].at_ms);
		assert_int_equal(b.len, 29);
	}
}

static void pins(void **state)
{
	(void)state;
	int64_t before = clock_ms();
	clock_pin(1000);
	assert_int_equal(clock_ms(), 1000);
	assert_int_equal(clock_ms(), 1000);
	clock_pin(INT64_MAX);
	assert_true(clock_ms() == INT64_MAX);
	clock_pin(0);
	assert_true(clock_ms() >= before);
	assert_true(clock_ms() < before + 60000);
	assert_true(llabs(clock_ms() / 1000 - (int64_t)time(NULL)) <= 2);
}

static void *watch(void *arg)
{
	int64_t last = 0;
	(void)arg;
	for (int i = 0; i < 200000; i++) {
		int64_t now = clock_ms();
		if (now < last)
			return "went back";
		last = now;
	}
	return NULL;
}

static void never_back_in_any_thread(void **state)
{
	pthread_t threads[4];
	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, watch, NULL), 0);
	for (int i = 0; i < 4; i++) {
		void *bad;
		pthread_join(threads[i], &bad);
		assert_null(bad);
	}
}

static void sleeps_and_measures(void **state)
{
	(void)state;
	int64_t from = clock_mono_us();
	clock_sleep_ms(30);
	int64_t took = clock_mono_us() - from;
	assert_in_range(took, 30000, 5000000);
	clock_sleep_ms(0);
}

static int64_t parsed(const char *text)
{
	int64_t at = -1;
	return time_parse_iso(str_of(text), &at) ? at : -1;
}

static void reads_what_clients_send(void **state)
{
	(void)state;
	const int64_t at = INT64_C(1795466311000); /* 2026-11-23T20:38:31Z */
	assert_int_equal(parsed("2026-11-23T20:38:31.000Z"), at);
	assert_int_equal(parsed("2026-11-23T20:38:31Z"), at);
	assert_int_equal(parsed("2026-11-23 20:38:31"), at);
	assert_int_equal(parsed("2026-11-23T22:38:31+02:00"), at);
	assert_int_equal(parsed("2026-11-23T17:08:31-0330"), at);
	assert_int_equal(parsed("2026-11-23T20:38:31.123456+00:00"), at + 123);
	assert_int_equal(parsed("2026-11-23T20:38"), at - 31000);
	assert_int_equal(parsed("2026-11-23"), at - at % 86400000);
	assert_int_equal(parsed("2024-02-29"), INT64_C(1709164800000));
	const char *const bad[] = {"",
				   "now",
				   "2026",
				   "2026-13-01",
				   "2026-02-30",
				   "2026-11-23T",
				   "2026-11-23T24:00",
				   "2026-11-23T20:38:31Q",
				   "2026-11-23T20:61",
				   "2026-11-23T20:38:31+",
				   "2026-11-23T20:38:31Zx",
				   "2026-11-23x"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(parsed(bad[i]), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_times),
		cmocka_unit_test(all_years),
		cmocka_unit_test(around_every_edge),
		cmocka_unit_test(every_day_of_four_centuries),
		cmocka_unit_test(beyond_the_calendar),
		cmocka_unit_test(pins),
		cmocka_unit_test(never_back_in_any_thread),
		cmocka_unit_test(sleeps_and_measures),
		cmocka_unit_test(reads_what_clients_send),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
