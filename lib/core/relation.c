/* SPDX-License-Identifier: MIT */
/*
 * Looking at follows, blocks and mutes: one's relations to many, and the lists. Changes nothing;
 * see follow.c. A mute counts until mute_prune has ended it, so that every view changes at the same
 * event.
 */
#include "core/follow.h"

#include "core/in40.h"

enum { LIST_LIMIT_MAX = 80 };

/* The relation towards id; the callers' lists are short. */
static struct relation *relation_of(struct relation *r, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (r[i].target == id)
			return &r[i];
	return NULL;
}

/* args: actor, then 40 ids. */
static void outgoing_load(struct db *db, struct arena *a, const struct db_arg *args,
			  struct relation *all, size_t n)
{
	struct relation *r;
	DB_EACH_ARGS(row, db,
		     "SELECT target, pending, boosts, notify, languages FROM follow"
		     " WHERE actor = ? AND target IN (" IN40 ")",
		     args, IN_WIDTH + 1)
	if ((r = relation_of(all, n, db_i64(&row, 0))) != NULL) {
		r->requested = db_i64(&row, 1) != 0;
		r->following = !r->requested;
		r->boosts = db_i64(&row, 2) != 0;
		r->notify = db_i64(&row, 3) != 0;
		if (a)
			r->languages = db_str(&row, 4, a);
	}
	DB_EACH_ARGS(row, db, "SELECT target FROM block WHERE actor = ? AND target IN (" IN40 ")",
		     args, IN_WIDTH + 1)
	if ((r = relation_of(all, n, db_i64(&row, 0))) != NULL)
		r->blocking = true;
	DB_EACH_ARGS(row, db,
		     "SELECT target, notices, coalesce(expires_at, 0) FROM mute"
		     " WHERE actor = ? AND target IN (" IN40 ")",
		     args, IN_WIDTH + 1)
	if ((r = relation_of(all, n, db_i64(&row, 0))) != NULL) {
		r->muting = true;
		r->muting_notices = db_i64(&row, 1) != 0;
		r->mute_expires_at = db_i64(&row, 2);
	}
}

static void incoming_load(struct db *db, const struct db_arg *args, struct relation *all, size_t n)
{
	struct relation *r;
	DB_EACH_ARGS(row, db,
		     "SELECT actor, pending FROM follow WHERE target = ? AND actor IN (" IN40 ")",
		     args, IN_WIDTH + 1)
	if ((r = relation_of(all, n, db_i64(&row, 0))) != NULL) {
		r->requested_by = db_i64(&row, 1) != 0;
		r->followed_by = !r->requested_by;
	}
	DB_EACH_ARGS(row, db, "SELECT actor FROM block WHERE target = ? AND actor IN (" IN40 ")",
		     args, IN_WIDTH + 1)
	if ((r = relation_of(all, n, db_i64(&row, 0))) != NULL)
		r->blocked_by = true;
}

/* What only actor knows of them; texts go to the arena. */
static void remarks_load(struct db *db, struct arena *a, const struct db_arg *args,
			 struct relation *all, size_t n)
{
	struct relation *r;
	DB_EACH_ARGS(row, db,
		     "SELECT target, comment FROM account_note WHERE actor = ? AND target IN (" IN40
		     ")",
		     args, IN_WIDTH + 1)
	if ((r = relation_of(all, n, db_i64(&row, 0))) != NULL)
		r->note = db_str(&row, 1, a);
}

/* Recommended ones, and those whose whole server actor blocks. */
static void flags_load(struct db *db, const struct db_arg *args, struct relation *all, size_t n)
{
	struct relation *r;
	DB_EACH_ARGS(row, db,
		     "SELECT target FROM endorsement WHERE actor = ? AND target IN (" IN40 ")",
		     args, IN_WIDTH + 1)
	if ((r = relation_of(all, n, db_i64(&row, 0))) != NULL)
		r->endorsed = true;
	DB_EACH_ARGS(row, db,
		     "SELECT w.id FROM domain_block d JOIN account w ON w.domain = d.domain"
		     " WHERE d.account = ? AND w.id IN (" IN40 ")",
		     args, IN_WIDTH + 1)
	if ((r = relation_of(all, n, db_i64(&row, 0))) != NULL)
		r->domain_blocked = true;
}

/* One round of at most 40, the same account not twice. a may be NULL: no texts. */
static void round_load(struct db *db, struct arena *a, int64_t actor, struct relation *r, size_t n)
{
	struct db_arg args[IN_WIDTH + 1] = {A(actor)};
	int64_t targets[IN_WIDTH];
	for (size_t i = 0; i < n; i++)
		targets[i] = r[i].target;
	ids_args(args + 1, targets, n);
	outgoing_load(db, a, args, r, n);
	incoming_load(db, args, r, n);
	if (a) {
		remarks_load(db, a, args, r, n);
		flags_load(db, args, r, n);
	}
	for (size_t i = 1; i < n; i++)
		r[i] = *relation_of(r, i + 1, targets[i]);
}

struct relation relation_get(struct db *db, int64_t actor, int64_t target)
{
	struct relation r = {.target = target};
	round_load(db, NULL, actor, &r, 1);
	return r;
}

struct relation *relations_load(struct db *db, struct arena *a, int64_t actor,
				const int64_t *targets, size_t n)
{
	struct relation *all = arena_array(a, n, sizeof(*all));
	for (size_t i = 0; i < n; i++)
		all[i] = (struct relation){.target = targets[i]};
	for (size_t i = 0; i < n; i += IN_WIDTH)
		round_load(db, a, actor, all + i, n - i < IN_WIDTH ? n - i : IN_WIDTH);
	return all;
}

bool is_blocked_between(struct db *db, int64_t x, int64_t y)
{
	return DB_I64(db, 0,
		      "SELECT 1 FROM block WHERE actor = ? AND target = ? UNION ALL"
		      " SELECT 1 FROM block WHERE actor = ? AND target = ? LIMIT 1",
		      A(x), A(y), A(y), A(x)) != 0;
}

/* Blocks and mutes have no index by id: who has them has few, and sees them seldom. */
static const struct db_sql *list_sql(enum follow_list which)
{
	switch (which) {
	case LIST_FOLLOWERS:
		return DB_SQL(
			"SELECT actor, id FROM follow WHERE target = ? AND pending = 0 AND id < ? ORDER BY id DESC LIMIT ?");
	case LIST_FOLLOWING:
		return DB_SQL(
			"SELECT target, id FROM follow WHERE actor = ? AND pending = 0 AND id < ? ORDER BY id DESC LIMIT ?");
	case LIST_REQUESTS:
		return DB_SQL(
			"SELECT actor, id FROM follow WHERE target = ? AND pending = 1 AND id < ? ORDER BY id DESC LIMIT ?");
	case LIST_BLOCKS:
		return DB_SQL(
			"SELECT target, id FROM block WHERE actor = ? AND id < ? ORDER BY id DESC LIMIT ?");
	case LIST_MUTES:
		break;
	}
	return DB_SQL(
		"SELECT target, id FROM mute WHERE actor = ? AND id < ? ORDER BY id DESC LIMIT ?");
}

/* Suspended people keep their relations, yet nobody is shown them among followers. */
static void inactive_drop(struct accounts *people)
{
	size_t kept = 0;
	for (size_t i = 0; i < people->n; i++)
		if (people->at[i].state == ACCOUNT_ACTIVE)
			people->at[kept++] = people->at[i];
	people->n = kept;
}

struct accounts follow_list(struct db *db, struct arena *a, enum follow_list which, int64_t account,
			    int64_t before, int limit, int64_t *next)
{
	if (limit < 1 || limit > LIST_LIMIT_MAX)
		limit = LIST_LIMIT_MAX;
	int64_t ids[LIST_LIMIT_MAX], last = 0;
	int n = 0, more = 0;
	struct db_arg args[] = {A(account), A(before > 0 ? before : INT64_MAX), A(limit + 1)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, list_sql(which), args,
								       3);
	while (db_next(&row)) {
		if (n == limit) {
			more = 1;
			break;
		}
		ids[n++] = db_i64(&row, 0);
		last = db_i64(&row, 1);
	}
	db_done(&row);
	*next = more ? last : 0;
	struct accounts people = accounts_load(db, a, ids, (size_t)n);
	if (which != LIST_BLOCKS && which != LIST_MUTES)
		inactive_drop(&people);
	return people;
}
