/* SPDX-License-Identifier: MIT */
/*
 * Notices put together: who all liked the same kwip. A group is decided when its notices are
 * written and stands in notice.bucket; reading only has to look for equal ones.
 *
 * A bucket is the hour in which the group began (20 bits), its kind (4) and a hash of its kwip: so
 * the groups that a new notice may go on with are a few numbers, not a search, and the key that
 * clients see can be made from a notice alone.
 */
#include "core/notice.h"

#include "core/in40.h"

enum { HOUR_BITS = 20, KIND_BITS = 4, KEY_MAX = 60, GROUPS_MAX = 80 };
static const int64_t hour_ms = 3600000;

_Static_assert((int)NOTICE_KINDS <= 1 << KIND_BITS, "KIND_BITS is too small");

static const struct {
	struct str word;
	enum notice_kind kind;
	bool has_kwip;
} prefixes[] = {
	{S_INIT("favourite"), NOTICE_FAVOURITE, true},
	{S_INIT("reblog"), NOTICE_BOOST, true},
	{S_INIT("follow"), NOTICE_FOLLOW, false},
	{S_INIT("admin.sign_up"), NOTICE_SIGNUP, false},
};
enum { PREFIXES = sizeof prefixes / sizeof *prefixes };

static int64_t bucket_of(enum notice_kind kind, int64_t kwip, int64_t hour)
{
	uint64_t mixed = (uint64_t)kwip * UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = mixed >> (HOUR_BITS + KIND_BITS + 1); /* the sign stays clear */
	return (int64_t)(hash << (HOUR_BITS + KIND_BITS) | (uint64_t)kind << HOUR_BITS |
			 ((uint64_t)hour & ((1 << HOUR_BITS) - 1)));
}

int64_t notice_bucket(struct db *db, int64_t account, enum notice_kind kind, int64_t kwip,
		      int64_t now)
{
	int64_t hour = now / hour_ms;
	struct db_arg args[1 + NOTICE_GROUP_HOURS] = {A(account)};
	for (int i = 0; i < NOTICE_GROUP_HOURS; i++)
		args[1 + i] = A(bucket_of(kind, kwip, hour - i));
	int64_t found = db_one(
		db, 0,
		DB_SQL("SELECT max(bucket) FROM notice WHERE account = ? AND bucket <> 0"
		       " AND bucket IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
		args, 1 + NOTICE_GROUP_HOURS);
	return found ? found : bucket_of(kind, kwip, hour);
}

struct str notice_group_key(struct arena *a, const struct notice *n, bool grouped)
{
	long long hour = n->bucket & ((1 << HOUR_BITS) - 1);
	for (size_t i = 0; i < PREFIXES && grouped && n->bucket; i++) {
		if (prefixes[i].kind != n->kind)
			continue;
		return prefixes[i].has_kwip ? arena_printf(a, "%s-%lld-%lld", prefixes[i].word.at,
							   (long long)n->kwip, hour)
					    : arena_printf(a, "%s-%lld", prefixes[i].word.at, hour);
	}
	return arena_printf(a, "ungrouped-%lld", (long long)n->id);
}

/* The other way: what a client sends. */
struct key {
	int64_t id;     /* of a notice alone, or 0 */
	int64_t bucket; /* of a group */
};

static bool key_parse(struct str text, struct key *out)
{
	struct str rest = text;
	int64_t kwip = 0, number = 0;
	*out = (struct key){0};
	if (text.len > KEY_MAX)
		return false;
	struct str word = str_cut(&rest, '-');
	if (str_eq(word, S("ungrouped")))
		return str_i64(rest, &out->id) && out->id > 0;
	for (size_t i = 0; i < PREFIXES; i++) {
		if (!str_eq(prefixes[i].word, word))
			continue;
		if (prefixes[i].has_kwip && !str_i64(str_cut(&rest, '-'), &kwip))
			return false;
		if (!str_i64(rest, &number) || number < 0 || number >> HOUR_BITS)
			return false;
		out->bucket = bucket_of(prefixes[i].kind, kwip, number);
		return true;
	}
	return false;
}

/* ?1 account, ?2 below, ?3 above, ?4 kinds, ?5 filtered, ?6 from, ?7 limit, ?8 grouped kinds.
 * first: how another one of the same group would hide this one. */
#define SQL_FIRSTS(first, order) \
	"SELECT n.id, n.actor, coalesce(n.kwip, 0), n.at, n.kind, n.bucket, n.filtered, n.extra" \
	" FROM notice n JOIN account w ON w.id = n.actor" \
	" WHERE n.account = ?1 AND n.id < ?2 AND n.id > ?3 AND w.state IN (0, 3) AND (1 << n.kind) & ?4" \
	" AND n.filtered <= ?5 AND (?6 = 0 OR n.actor = ?6)" \
	" AND (n.bucket = 0 OR NOT (1 << n.kind) & ?8 OR NOT EXISTS (SELECT 1 FROM notice m JOIN account v ON v.id = m.actor" \
	" WHERE m.account = ?1 AND m.bucket = n.bucket AND m.bucket <> 0 AND " first \
	" AND (?6 = 0 OR m.actor = ?6) AND v.state IN (0, 3))) ORDER BY n.id " order "LIMIT ?7"

static bool is_grouped(const struct notice_ask *ask, const struct notice *n)
{
	return n->bucket != 0 && ask->grouped & NOTICE_BIT(n->kind);
}

static struct notice_group group_of(const struct notice_ask *ask, struct db_row *row)
{
	struct notice n = {
		.id = db_i64(row, 0),
		.actor = db_i64(row, 1),
		.kwip = db_i64(row, 2),
		.at = db_i64(row, 3),
		.kind = (enum notice_kind)db_i64(row, 4),
		.bucket = db_i64(row, 5),
		.filtered = db_i64(row, 6) != 0,
		.extra = db_i64(row, 7),
	};
	return (struct notice_group){.newest = n,
				     .count = 1,
				     .page_min = n.id,
				     .page_max = n.id,
				     .sample = {n.actor},
				     .samples = 1,
				     .grouped = is_grouped(ask, &n)};
}

static void turn(struct notice_groups *list)
{
	for (size_t i = 0; i + 1 < list->n - i; i++) {
		struct notice_group g = list->at[i];
		list->at[i] = list->at[list->n - 1 - i];
		list->at[list->n - 1 - i] = g;
	}
}

/* The page as one representative per group. */
static struct notice_groups read_firsts(struct db *db, struct arena *a,
					const struct notice_ask *ask)
{
	bool up = ask->min_id > 0;
	int limit = ask->limit < 0 || ask->limit > GROUPS_MAX ? GROUPS_MAX : ask->limit;
	struct notice_groups list = {.at = arena_array(a, (size_t)limit, sizeof(*list.at))};
	const struct db_sql *sql = up ? DB_SQL(SQL_FIRSTS("m.id < n.id AND m.id > ?3", ""))
				      : DB_SQL(SQL_FIRSTS("m.id > n.id AND m.id < ?2", "DESC "));
	struct db_arg args[] = {A(ask->account),
				A(ask->max_id > 0 ? ask->max_id : INT64_MAX),
				A(up ? ask->min_id : ask->since_id),
				A(ask->kinds),
				A(ask->filtered),
				A(ask->from),
				A(limit),
				A(ask->grouped)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, sql, args, 8);
	while (db_next(&row))
		list.at[list.n++] = group_of(ask, &row);
	if (up)
		turn(&list);
	return list;
}

/* What one page shows of its groups: from the ids bottom up to top. */
struct range {
	int64_t account, bottom, top, from;
};

static struct notice_group *find_group(struct notice_groups *list, int64_t bucket)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].grouped && list->at[i].newest.bucket == bucket)
			return &list->at[i];
	return NULL;
}

static void add_member(struct notice_group *g, struct db_row *row)
{
	int64_t id = db_i64(row, 1), at = db_i64(row, 3), page_min = db_i64(row, 5);
	g->count = db_i64(row, 4);
	g->page_min = page_min ? page_min : g->page_min;
	if (g->samples == 0) {
		g->newest.id = g->page_max = id;
		g->newest.at = at;
		g->newest.actor = db_i64(row, 2);
	}
	if (g->samples < NOTICE_GROUP_SAMPLES)
		g->sample[g->samples++] = db_i64(row, 2);
}

/* The newest members of up to 40 groups, with their counts. */
static void read_members(struct db *db, struct notice_groups *list, const struct range *r,
			 const int64_t *buckets, size_t n)
{
	struct db_arg args[4 + IN_WIDTH] = {A(r->account), A(r->top), A(r->bottom), A(r->from)};
	_Static_assert((int)NOTICE_GROUP_SAMPLES == 8, "the statement says 8");
	(void)ids_args(args + 4, buckets, n);
	DB_EACH_ARGS(
		row, db,
		"SELECT bucket, id, actor, at, members, page_min FROM (SELECT n.bucket, n.id, n.actor, n.at,"
		" row_number() OVER (PARTITION BY n.bucket ORDER BY n.id DESC) AS nth,"
		" count(*) OVER (PARTITION BY n.bucket) AS members,"
		" min(CASE WHEN n.id >= ?3 THEN n.id END) OVER (PARTITION BY n.bucket) AS page_min"
		" FROM notice n JOIN account w ON w.id = n.actor"
		" WHERE n.account = ?1 AND n.bucket <> 0 AND n.id <= ?2 AND w.state IN (0, 3) AND (?4 = 0 OR n.actor = ?4)"
		" AND n.bucket IN (" IN40 ")) AS ranked WHERE nth <= 8 ORDER BY id DESC",
		args, 4 + IN_WIDTH)
	{
		struct notice_group *g = find_group(list, db_i64(&row, 0));
		if (g)
			add_member(g, &row);
	}
}

static void fill(struct db *db, struct notice_groups *list, const struct range *r)
{
	int64_t buckets[IN_WIDTH];
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++) {
		if (list->at[i].grouped) {
			list->at[i].samples = 0;
			buckets[n++] = list->at[i].newest.bucket;
		}
		if (n == IN_WIDTH || (n > 0 && i + 1 == list->n)) {
			read_members(db, list, r, buckets, n);
			n = 0;
		}
	}
}

/* A page that is not full reaches to where it was asked to end. */
struct notice_groups notice_groups(struct db *db, struct arena *a, const struct notice_ask *ask)
{
	struct notice_groups list = read_firsts(db, a, ask);
	if (list.n == 0)
		return list;
	bool whole = list.n < (size_t)ask->limit;
	list.top = list.at[0].newest.id;
	list.bottom = list.at[list.n - 1].newest.id;
	struct range r = {ask->account, list.bottom, list.top, ask->from};
	if (whole && ask->min_id > 0)
		r.top = ask->max_id > 0 ? ask->max_id - 1 : INT64_MAX;
	else if (whole)
		r.bottom = ask->since_id + 1;
	fill(db, &list, &r);
	return list;
}

int64_t notice_count(struct db *db, const struct notice_ask *ask)
{
	return DB_I64(
		db, 0,
		"SELECT count(*) FROM (SELECT 1 FROM notice n JOIN account w ON w.id = n.actor"
		" WHERE n.account = ?1 AND n.id > ?2 AND w.state IN (0, 3) AND (1 << n.kind) & ?3 AND n.filtered <= ?4"
		" AND (?5 = 0 OR n.actor = ?5) AND (n.bucket = 0 OR NOT (1 << n.kind) & ?7"
		" OR NOT EXISTS (SELECT 1 FROM notice m WHERE m.account = ?1 AND m.bucket = n.bucket AND m.bucket <> 0"
		" AND m.id > n.id AND (?5 = 0 OR m.actor = ?5))) LIMIT ?6) AS unread",
		A(ask->account), A(ask->since_id), A(ask->kinds), A(ask->filtered), A(ask->from),
		A(ask->limit), A(ask->grouped));
}

enum err notice_group_get(struct db *db, int64_t account, struct str key, struct notice_group *out)
{
	struct key k;
	struct notice n;
	if (!key_parse(key, &k))
		return ERR_NOT_FOUND;
	if (!k.id)
		k.id = DB_I64(
			db, 0,
			"SELECT n.id FROM notice n JOIN account w ON w.id = n.actor WHERE n.account = ? AND n.bucket = ?"
			" AND n.bucket <> 0 AND w.state IN (0, 3) ORDER BY n.id DESC LIMIT 1",
			A(account), A(k.bucket));
	if (!notice_get(db, account, k.id, &n))
		return ERR_NOT_FOUND;
	*out = (struct notice_group){.newest = n,
				     .count = 1,
				     .page_min = n.id,
				     .page_max = n.id,
				     .sample = {n.actor},
				     .samples = 1,
				     .grouped = k.bucket != 0};
	struct notice_groups one = {.at = out, .n = 1};
	fill(db, &one, &(struct range){account, 0, INT64_MAX, 0});
	return OK;
}

int64_t *notice_group_actors(struct db *db, struct arena *a, int64_t account,
			     const struct notice_group *g, int limit, size_t *n)
{
	int64_t *who = arena_array(a, (size_t)limit, sizeof *who);
	*n = 0;
	if (!g->grouped) {
		who[(*n)++] = g->newest.actor;
		return who;
	}
	DB_EACH(row, db,
		"SELECT n.actor FROM notice n JOIN account w ON w.id = n.actor WHERE n.account = ? AND n.bucket = ?"
		" AND n.bucket <> 0 AND w.state IN (0, 3) ORDER BY n.id DESC LIMIT ?",
		A(account), A(g->newest.bucket), A(limit))
		who[(*n)++] = db_i64(&row, 0);
	return who;
}

enum err notice_group_dismiss(struct tx *tx, int64_t account, struct str key)
{
	struct key k;
	if (!key_parse(key, &k))
		return ERR_NOT_FOUND;
	if (k.id)
		return notice_dismiss(tx, account, k.id);
	int n = TX_DO(tx, "DELETE FROM notice WHERE account = ? AND bucket = ? AND bucket <> 0",
		      A(account), A(k.bucket));
	return n > 0 ? OK : ERR_NOT_FOUND;
}
