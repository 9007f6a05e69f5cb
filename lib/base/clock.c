/* SPDX-License-Identifier: MIT */
/* Time: one monotone wall clock, durations, and the few formats that go out. */
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

static _Atomic int64_t latest, pinned;

__attribute__((constructor)) static void pin_from_environment(void)
{
	const char *at = getenv("KWIPD_TEST_CLOCK_MS");
	int64_t ms;
	if (at && str_i64(str_of(at), &ms))
		clock_pin(ms);
}

void clock_pin(int64_t at_ms)
{
	atomic_store(&pinned, at_ms);
}

int64_t clock_ms(void)
{
	int64_t pin = atomic_load_explicit(&pinned, memory_order_relaxed);
	if (pin != 0)
		return pin;
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	int64_t now = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	int64_t seen = atomic_load_explicit(&latest, memory_order_relaxed);
	while (seen < now && !atomic_compare_exchange_weak(&latest, &seen, now))
		;
	return seen > now ? seen : now;
}

int64_t clock_mono_us(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void clock_sleep_ms(int64_t ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000};
	nanosleep(&ts, NULL);
}

/* Times may come from strangers: what four digits of a year do not hold stands still at the edge.
 */
static int64_t within_calendar(int64_t at_ms)
{
	const int64_t first = INT64_C(-62167219200000), last = INT64_C(253402300799999);
	return at_ms < first ? first : at_ms > last ? last : at_ms;
}

static void put_padded(struct buf *b, int n, int width)
{
	char digits[12];
	for (int i = width; i-- > 0; n /= 10)
		digits[i] = (char)('0' + n % 10);
	buf_put(b, (struct str){digits, (size_t)width});
}

/* Broken down without gmtime_r's locks and locale: days to civil date after Howard Hinnant's
 * algorithm. */
static struct tm split(int64_t at_ms)
{
	at_ms = within_calendar(at_ms);
	int64_t s = at_ms / 1000 - (at_ms % 1000 < 0);
	int64_t days = s / 86400 - (s % 86400 < 0);
	int rest = (int)(s - days * 86400);
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097, yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int64_t month = mp < 10 ? mp + 3 : mp - 9;
	return (struct tm){
		.tm_year = (int)(yoe + era * 400 + (month <= 2)),
		.tm_mon = (int)month,
		.tm_mday = (int)(doy - (153 * mp + 2) / 5 + 1),
		.tm_hour = rest / 3600,
		.tm_min = rest / 60 % 60,
		.tm_sec = rest % 60,
		.tm_wday = (int)((days % 7 + 11) % 7),
	};
}

static void put_hms(struct buf *b, const struct tm *t)
{
	put_padded(b, t->tm_hour, 2);
	buf_char(b, ':');
	put_padded(b, t->tm_min, 2);
	buf_char(b, ':');
	put_padded(b, t->tm_sec, 2);
}

static void put_ymd(struct buf *b, const struct tm *t)
{
	put_padded(b, t->tm_year, 4);
	buf_char(b, '-');
	put_padded(b, t->tm_mon, 2);
	buf_char(b, '-');
	put_padded(b, t->tm_mday, 2);
}

void put_date(struct buf *b, int64_t at_ms)
{
	struct tm t = split(at_ms);
	put_ymd(b, &t);
}

void put_time_iso(struct buf *b, int64_t at_ms)
{
	struct tm t = split(at_ms);
	int ms = (int)(within_calendar(at_ms) % 1000);
	put_ymd(b, &t);
	buf_char(b, 'T');
	put_hms(b, &t);
	buf_char(b, '.');
	put_padded(b, ms < 0 ? ms + 1000 : ms, 3);
	buf_char(b, 'Z');
}

static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

void put_time_http(struct buf *b, int64_t at_ms)
{
	struct tm t = split(at_ms);
	buf_put(b, (struct str){&"SunMonTueWedThuFriSat"[3 * t.tm_wday], 3});
	buf_put(b, S(", "));
	put_padded(b, t.tm_mday, 2);
	buf_char(b, ' ');
	buf_put(b, (struct str){&month_names[3 * (t.tm_mon - 1)], 3});
	buf_char(b, ' ');
	put_padded(b, t.tm_year, 4);
	buf_char(b, ' ');
	put_hms(b, &t);
	buf_put(b, S(" GMT"));
}

void put_time_human(struct buf *b, int64_t at_ms)
{
	struct tm t = split(at_ms);
	buf_i64(b, t.tm_mday);
	buf_char(b, ' ');
	buf_put(b, (struct str){&month_names[3 * (t.tm_mon - 1)], 3});
	buf_char(b, ' ');
	put_padded(b, t.tm_year, 4);
	buf_put(b, S(", "));
	put_padded(b, t.tm_hour, 2);
	buf_char(b, ':');
	put_padded(b, t.tm_min, 2);
}

/* Exactly n digits. */
static bool take_digits(struct str *s, size_t n, int64_t *out)
{
	if (s->len < n)
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++) {
		if (s->at[i] < '0' || s->at[i] > '9')
			return false;
		*out = *out * 10 + (s->at[i] - '0');
	}
	*s = str_slice(*s, n, s->len);
	return true;
}

static bool take_char(struct str *s, const char *any)
{
	if (s->len == 0 || !strchr(any, s->at[0]))
		return false;
	*s = str_slice(*s, 1, s->len);
	return true;
}

static bool take_date(struct str *s, int64_t *days)
{
	int64_t y, m, d;
	if (!take_digits(s, 4, &y) || !take_char(s, "-") || !take_digits(s, 2, &m) ||
	    !take_char(s, "-") || !take_digits(s, 2, &d))
		return false;
	struct tm tm = {.tm_year = (int)y - 1900, .tm_mon = (int)m - 1, .tm_mday = (int)d};
	*days = (int64_t)timegm(&tm) / 86400;
	/* The 31st of a month of 30 days comes back as another day. */
	return m >= 1 && m <= 12 && tm.tm_mday == d && tm.tm_mon == m - 1;
}

/* "20:38[:31[.123...]]" in milliseconds. */
static bool take_clock(struct str *s, int64_t *ms)
{
	int64_t h, m, sec = 0, digit, unit = 100, part = 0;
	if (!take_digits(s, 2, &h) || !take_char(s, ":") || !take_digits(s, 2, &m))
		return false;
	if (take_char(s, ":") && !take_digits(s, 2, &sec))
		return false;
	if (take_char(s, "."))
		for (; take_digits(s, 1, &digit); unit /= 10)
			part += digit * unit;
	*ms = ((h * 60 + m) * 60 + sec) * 1000 + part;
	return h < 24 && m < 60 && sec <= 60;
}

/* "Z", "+02:00", "-0330", or nothing: UTC. */
static bool take_zone(struct str *s, int64_t *ms)
{
	int64_t h, m = 0;
	*ms = 0;
	if (s->len == 0 || take_char(s, "Zz"))
		return true;
	bool west = s->at[0] == '-';
	if (!take_char(s, "+- ") || !take_digits(s, 2, &h))
		return false;
	(void)take_char(s, ":");
	if (s->len > 0 && !take_digits(s, 2, &m))
		return false;
	*ms = (h * 60 + m) * 60000 * (west ? -1 : 1);
	return h < 24 && m < 60;
}

bool time_parse_iso(struct str text, int64_t *at_ms)
{
	int64_t days, clock = 0, zone = 0;
	if (!take_date(&text, &days))
		return false;
	if (text.len > 0 &&
	    (!take_char(&text, "Tt ") || !take_clock(&text, &clock) || !take_zone(&text, &zone)))
		return false;
	*at_ms = days * 86400000 + clock - zone;
	return text.len == 0;
}
