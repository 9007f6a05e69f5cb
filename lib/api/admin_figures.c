/* SPDX-License-Identifier: MIT */
/*
 * Figures for moderators: counts per day (measures), sums by kind (dimensions), who stayed
 * (retention). What this server does not count is left out of the answer.
 */
#include "api/admin.h"

#include "api/entity.h"
#include "base/clock.h"
#include "base/version.h"
#include "store/db.h"

#define DAY_MS INT64_C(86400000)
enum { DAYS_MAX = 92 };

static const struct {
	struct str key;
	int64_t (*count)(struct db *db, int64_t from, int64_t to);
} measures[] = {
	{S_INIT("new_users"), tally_accounts},
	{S_INIT("opened_reports"), tally_reports},
	{S_INIT("resolved_reports"), tally_resolved},
	{S_INIT("interactions"), tally_kwips},
};

/* Midnights, UTC: [from, to). */
struct span_of_days {
	int64_t from, to;
};

/* "2026-11-23..." of a parameter; otherwise so many days before now. */
static int64_t day_of(struct req *r, const char *name, int64_t days_ago)
{
	int64_t at;
	if (!time_parse_iso(param_str(r, name), &at))
		at = r->now - days_ago * DAY_MS;
	return at - at % DAY_MS;
}

static struct span_of_days days_of(struct req *r)
{
	struct span_of_days d = {day_of(r, "start_at", 29), day_of(r, "end_at", 0) + DAY_MS};
	if (d.to - d.from > DAYS_MAX * DAY_MS)
		d.from = d.to - DAYS_MAX * DAY_MS;
	return d;
}

static void put_count(struct jw *w, struct str key, int64_t n)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_i64(&b, n);
	jw_kstr(w, key, buf_str(&b));
}

static void put_measure(struct jw *w, struct db *db, size_t m, struct span_of_days d)
{
	jw_open(w, '{');
	jw_kstr(w, S("key"), measures[m].key);
	jw_knull(w, S("unit"));
	put_count(w, S("total"), measures[m].count(db, d.from, d.to));
	put_count(w, S("previous_total"), measures[m].count(db, d.from - (d.to - d.from), d.from));
	jw_key(w, S("data"));
	jw_open(w, '[');
	for (int64_t at = d.from; at < d.to; at += DAY_MS) {
		jw_open(w, '{');
		jw_key(w, S("date"));
		jw_time(w, at);
		put_count(w, S("value"), measures[m].count(db, at, at + DAY_MS));
		jw_close(w, '}');
	}
	jw_close(w, ']');
	jw_close(w, '}');
}

enum err on_admin_measures(struct req *r, struct tx *tx, struct answer *out)
{
	size_t n;
	const struct str *keys = param_list(r, "keys", &n);
	struct jw w = {.out = out->body};
	struct span_of_days d = days_of(r);
	jw_open(&w, '[');
	for (size_t m = 0; m < sizeof measures / sizeof *measures; m++)
		for (size_t i = 0; i < n; i++)
			if (str_eq(keys[i], measures[m].key)) {
				put_measure(&w, tx_db(tx), m, d);
				break;
			}
	jw_close(&w, ']');
	return OK;
}

static void put_datum(struct jw *w, struct str key, struct str human, struct str value)
{
	jw_open(w, '{');
	jw_kstr(w, S("key"), key);
	jw_kstr(w, S("human_key"), human);
	jw_kstr(w, S("value"), value);
	jw_close(w, '}');
}

enum err on_admin_dimensions(struct req *r, struct tx *tx, struct answer *out)
{
	(void)tx;
	size_t n;
	const struct str *keys = param_list(r, "keys", &n);
	struct jw w = {.out = out->body};
	jw_open(&w, '[');
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(keys[i], S("software_versions")))
			continue;
		jw_open(&w, '{');
		jw_kstr(&w, S("key"), keys[i]);
		jw_key(&w, S("data"));
		jw_open(&w, '[');
		put_datum(&w, S("kwipd"), S("kwipd"), S(KWIPD_VERSION));
		put_datum(&w, S("sqlite"), S("SQLite"), str_of(db_version()));
		jw_close(&w, ']');
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	return OK;
}

enum err on_admin_retention(struct req *r, struct tx *tx, struct answer *out)
{
	(void)r, (void)tx;
	buf_put(out->body, S("[]"));
	return OK;
}
