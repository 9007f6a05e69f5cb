/* SPDX-License-Identifier: MIT */
/* What of the counted may be shown, to whom; and what moderators keep out. */
#include "core/trend.h"

#include "base/clock.h"
#include "core/in40.h"
#include "core/kwip_private.h"
#include "core/moderation.h"
#include "core/timeline_private.h"

enum { DAY_MS = 24 * 3600 * 1000, KEPT_OUT_MAX = 1000 };

static const enum site_block_kind block_of[] = {
	[TREND_TAG] = BLOCK_TAG, [TREND_KWIP] = BLOCK_KWIP, [TREND_LINK] = BLOCK_LINK};

/* ?1 viewer; ?2: to moderators, who see what they keep out. */
#define NOT_KEPT_OUT(kind, value) \
	"(?2 OR NOT EXISTS (SELECT 1 FROM site_block b WHERE b.kind = " kind \
	" AND b.value = " value "))"
#define TAGS_SHOWN \
	"SELECT g.id, '' FROM tag g WHERE ?1 >= 0 AND " NOT_KEPT_OUT( \
		"6", "g.name") " AND g.id IN (" IN40 ")"
#define LINKS_SHOWN \
	"SELECT v.id, v.url FROM preview v WHERE ?1 >= 0 AND v.state = 1 AND " NOT_KEPT_OUT( \
		"7", "lower(v.url)") " AND v.id IN (" IN40 ")"
#define KWIPS_SHOWN \
	"SELECT k.id, '' FROM kwip k JOIN account w ON w.id = k.author WHERE k.visibility = 0" \
	" AND k.sensitive = 0 AND w.state = 0 AND w.limited = 0 AND w.discoverable = 1" \
	" AND " SQL_NO_BLOCK("k.author") " AND " SQL_NO_MUTE("k.author") " AND " NOT_KEPT_OUT( \
		"8", "CAST(k.id AS TEXT)") " AND k.id IN (" IN40 ")"

/* Of one round of ids those that exist and may be shown. */
static const struct db_sql *shown_sql(enum trend_kind kind)
{
	const struct db_sql *const sql[] = {
		[TREND_TAG] = DB_SQL(TAGS_SHOWN),
		[TREND_KWIP] = DB_SQL(KWIPS_SHOWN),
		[TREND_LINK] = DB_SQL(LINKS_SHOWN),
	};
	return sql[kind];
}

/* Hosts that may not trend: few, and asked for once. */
struct hosts {
	struct str at[KEPT_OUT_MAX];
	size_t n;
};

static void hosts_read(struct db *db, struct arena *a, struct hosts *out)
{
	DB_EACH(row, db, "SELECT value FROM site_block WHERE kind = ? LIMIT ?", A((int)BLOCK_LINK),
		A(KEPT_OUT_MAX)) {
		struct str value = db_peek(&row, 0);
		if (str_find(value, S("://")) < 0)
			out->at[out->n++] = arena_str(a, value);
	}
}

static bool is_from(const struct hosts *h, struct arena *a, struct str url)
{
	struct str host = h->n ? trend_host(a, url) : S("");
	for (size_t i = 0; i < h->n; i++)
		if (str_eq(h->at[i], host))
			return true;
	return false;
}

/* Which of one round of ids stay. */
struct round {
	struct db *db;
	struct arena *a;
	enum trend_kind kind;
	int64_t viewer;
	bool all;
	const struct hosts *out;
};

static void round_keep(const struct round *r, const struct trend *all, size_t n, bool *keep)
{
	struct db_arg args[IN_WIDTH + 2] = {A(r->viewer), A(r->all)};
	int64_t ids[IN_WIDTH];
	for (size_t i = 0; i < n; i++)
		ids[i] = all[i].of;
	ids_args(args + 2, ids, n);
	__attribute__((cleanup(db_done))) struct db_row row = db_query(r->db, shown_sql(r->kind),
								       args, IN_WIDTH + 2);
	while (db_next(&row)) {
		bool good = r->kind != TREND_LINK || r->all ||
			    !is_from(r->out, r->a, db_peek(&row, 1));
		for (size_t i = 0; i < n; i++)
			keep[i] |= good && ids[i] == db_i64(&row, 0);
	}
}

struct ids trends_shown(struct db *db, struct arena *a, enum trend_kind kind, int64_t viewer,
			bool all)
{
	struct trend found[TRENDS_MAX];
	struct ids out = ids_new(a, TRENDS_MAX);
	struct hosts *hosts = arena_take(a, sizeof *hosts);
	SCOPED_INDEX index = index_take();
	size_t n = index ? index_trends(index, kind, found, TRENDS_MAX) : 0;
	struct round r = {db, a, kind, viewer, all, hosts};
	if (kind == TREND_LINK && n > 0)
		hosts_read(db, a, hosts);
	for (size_t at = 0; at < n; at += IN_WIDTH) {
		bool keep[IN_WIDTH] = {false};
		size_t taken = n - at < IN_WIDTH ? n - at : IN_WIDTH;
		round_keep(&r, found + at, taken, keep);
		for (size_t i = 0; i < taken; i++)
			if (keep[i])
				ids_add(&out, found[at + i].of, found[at + i].of);
	}
	return out;
}

static void days_read(struct db *db, const struct db_arg *in, struct trend_links *out)
{
	int64_t today = clock_ms() / DAY_MS;
	struct db_arg args[IN_WIDTH + 1] = {A(id_at((today - TREND_DAYS + 1) * DAY_MS))};
	memcpy(args + 1, in, IN_WIDTH * sizeof *in);
	DB_EACH_ARGS(
		row, db,
		"SELECT p.preview, (k.id >> 16) / 86400000, count(*), count(DISTINCT k.author)"
		" FROM kwip_preview p JOIN kwip k ON k.id = p.kwip WHERE p.kwip >= ?1 AND k.visibility = 0"
		" AND p.preview IN (" IN40 ") GROUP BY 1, 2",
		args, IN_WIDTH + 1)
	{
		int64_t back = today - db_i64(&row, 1);
		for (size_t i = 0; i < out->n && back >= 0 && back < TREND_DAYS; i++) {
			if (out->at[i].id != db_i64(&row, 0))
				continue;
			out->days[i].day[back].uses = db_i64(&row, 2);
			out->days[i].day[back].accounts = db_i64(&row, 3);
		}
	}
}

struct trend_links trend_links_load(struct db *db, struct arena *a, const int64_t *ids, size_t n)
{
	struct trend_links out = {0};
	struct db_arg args[IN_WIDTH];
	size_t taken = ids_args(args, ids, n);
	struct previews found = previews_load(db, a, ids, taken);
	out.at = found.at;
	out.n = found.n;
	out.days = arena_array(a, found.n, sizeof *out.days);
	if (out.n > 0)
		days_read(db, args, &out);
	return out;
}

/* What site_block knows it by; "" when it is gone. */
static struct str value_of(struct db *db, struct arena *a, enum trend_kind kind, int64_t of)
{
	struct str value = S("");
	bool found = false;
	if (kind == TREND_TAG)
		found = DB_TEXT(db, &value, a, "SELECT name FROM tag WHERE id = ?", A(of));
	else if (kind == TREND_LINK)
		found = DB_TEXT(db, &value, a, "SELECT url FROM preview WHERE id = ?", A(of));
	else
		found = DB_TEXT(db, &value, a, "SELECT CAST(id AS TEXT) FROM kwip WHERE id = ?",
				A(of));
	return found ? value : S("");
}

static enum err allow(struct tx *tx, struct arena *a, enum site_block_kind kind, struct str value,
		      bool on)
{
	int64_t id = site_block_id(tx_db(tx), a, kind, value);
	if (on)
		return id ? site_block_end(tx, kind, id) : OK;
	if (id)
		return OK;
	struct site_block b = {.kind = kind, .value = value};
	return site_block_put(tx, a, &b, &id);
}

enum err trend_allow(struct tx *tx, struct arena *a, enum trend_kind kind, int64_t of, bool on)
{
	struct str value = value_of(tx_db(tx), a, kind, of);
	return value.len ? allow(tx, a, block_of[kind], value, on) : ERR_NOT_FOUND;
}

enum err trend_allow_host(struct tx *tx, struct arena *a, struct str host, bool on)
{
	return allow(tx, a, BLOCK_LINK, host, on);
}

static void not_this(bool *allowed, const struct str *values, size_t n, struct str value)
{
	for (size_t i = 0; i < n; i++)
		allowed[i] = allowed[i] && !str_eq(values[i], value);
}

bool *trends_allowed(struct db *db, struct arena *a, enum trend_kind kind, const struct str *values,
		     size_t n)
{
	bool *out = arena_array(a, n, sizeof *out);
	memset(out, true, n * sizeof *out);
	for (size_t at = 0; at < n; at += IN_WIDTH) {
		struct db_arg args[IN_WIDTH + 1] = {A((int)block_of[kind])};
		for (size_t i = 0; i < IN_WIDTH; i++)
			args[i + 1] = A(at + i < n ? values[at + i] : S(""));
		DB_EACH_ARGS(row, db,
			     "SELECT value FROM site_block WHERE kind = ? AND value IN (" IN40 ")",
			     args, IN_WIDTH + 1)
		not_this(out, values, n, db_str(&row, 0, a));
	}
	return out;
}

struct str trend_host(struct arena *a, struct str url)
{
	ptrdiff_t at = str_find(url, S("://"));
	struct str rest = at < 0 ? url : str_slice(url, (size_t)at + 3, url.len);
	size_t n = 0;
	while (n < rest.len && rest.at[n] != '/' && rest.at[n] != '?' && rest.at[n] != '#')
		n++;
	char *host = arena_take(a, n + 1);
	for (size_t i = 0; i < n; i++)
		host[i] = rest.at[i] >= 'A' && rest.at[i] <= 'Z' ? (char)(rest.at[i] + 32)
								 : rest.at[i];
	return (struct str){host, n};
}
