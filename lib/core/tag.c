/* SPDX-License-Identifier: MIT */
/* Tags: looking at them, following and featuring. Who uses one is written in kwip_names.c. */
#include "core/tag.h"

#include "base/clock.h"
#include "core/in40.h"
#include "core/timeline_private.h"

enum { DAY_MS = 86400000, SUGGEST_OF = 200 };

static struct tag *tag_of(struct tag *all, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (all[i].id == id)
			return &all[i];
	return NULL;
}

/* Days of UTC; only so many uses of each are looked at, so that a popular tag costs no more. */
static void history_load(struct db *db, const struct db_arg *in, struct tag *all, size_t n)
{
	int64_t today = clock_ms() / DAY_MS;
	for (int d = 0; d < TAG_DAYS; d++) {
		struct db_arg args[IN_WIDTH + 3] = {A(id_at((today - d) * DAY_MS)),
						    A(id_at((today - d + 1) * DAY_MS)),
						    A(TAG_DAY_USES_MAX)};
		memcpy(args + 3, in, IN_WIDTH * sizeof *in);
		DB_EACH_ARGS(
			row, db,
			"SELECT g.id, u.author, count(*) FROM tag g JOIN kwip_tag u ON u.tag = g.id "
			"AND u.kwip >= ?1 AND u.kwip < coalesce((SELECT x.kwip FROM kwip_tag x WHERE x.tag = g.id "
			"AND x.kwip >= ?1 AND x.kwip < ?2 ORDER BY x.kwip LIMIT 1 OFFSET ?3), ?2) "
			"JOIN kwip k ON k.id = u.kwip AND k.visibility = 0 "
			"WHERE g.id IN (" IN40 ") GROUP BY g.id, u.author",
			args, IN_WIDTH + 3)
		{
			struct tag *t = tag_of(all, n, db_i64(&row, 0));
			if (!t)
				continue;
			t->day[d].uses += db_i64(&row, 2);
			t->day[d].accounts++;
		}
	}
}

static void round_load(struct db *db, struct arena *a, int64_t viewer, struct tags *out,
		       const int64_t *ids, size_t n)
{
	struct tag found[IN_WIDTH] = {0};
	struct db_arg args[IN_WIDTH + 1] = {A(viewer)};
	size_t known = 0;
	ids_args(args + 1, ids, n);
	DB_EACH_ARGS(
		row, db,
		"SELECT g.id, g.name, EXISTS (SELECT 1 FROM tag_follow f WHERE f.account = ?1 AND f.tag = g.id), "
		"EXISTS (SELECT 1 FROM tag_featured f WHERE f.account = ?1 AND f.tag = g.id) "
		"FROM tag g WHERE g.id IN (" IN40 ")",
		args, IN_WIDTH + 1)
	found[known++] = (struct tag){.id = db_i64(&row, 0),
				      .name = db_str(&row, 1, a),
				      .following = db_i64(&row, 2) != 0,
				      .featuring = db_i64(&row, 3) != 0};
	history_load(db, args + 1, found, known);
	for (size_t i = 0; i < n; i++) {
		const struct tag *t = tag_of(found, known, ids[i]);
		if (t)
			out->at[out->n++] = *t;
	}
}

struct tags tags_load(struct db *db, struct arena *a, int64_t viewer, const int64_t *ids, size_t n)
{
	struct tags out = {.at = arena_array(a, n, sizeof(struct tag))};
	for (size_t i = 0; i < n; i += IN_WIDTH)
		round_load(db, a, viewer, &out, ids + i, n - i < IN_WIDTH ? n - i : IN_WIDTH);
	return out;
}

static int64_t tag_find(struct db *db, struct str folded)
{
	return DB_I64(db, 0, "SELECT id FROM tag WHERE name = ?", A(folded));
}

void tag_get(struct db *db, struct arena *a, int64_t viewer, struct str folded, struct tag *out)
{
	int64_t id = tag_find(db, folded);
	*out = (struct tag){.name = folded};
	struct tags found = tags_load(db, a, viewer, &id, id ? 1 : 0);
	if (found.n)
		*out = found.at[0];
}

static int64_t tag_make(struct tx *tx, struct str folded)
{
	int64_t id = tag_find(tx_db(tx), folded);
	return id ? id : TX_I64(tx, "INSERT INTO tag (name) VALUES (?) RETURNING id", A(folded));
}

static enum err name_check(struct str folded)
{
	return folded.len ? OK : refuse("Validation failed: Tag is invalid");
}

static void tell_home(struct tx *tx, int64_t account)
{
	event_add(tx, (struct event){.kind = EVENT_HOME, .actor = account});
}

enum err tag_follow(struct tx *tx, int64_t account, struct str folded)
{
	enum err e = name_check(folded);
	if (e != OK)
		return e;
	int64_t tag = tag_make(tx, folded);
	if (DB_I64(tx_db(tx), 0, "SELECT 1 FROM tag_follow WHERE account = ? AND tag = ?",
		   A(account), A(tag)))
		return OK;
	if (DB_I64(tx_db(tx), 0, "SELECT count(*) FROM tag_follow WHERE account = ?", A(account)) >=
	    TAGS_FOLLOWED_MAX)
		return refuse("you follow as many hashtags as one can (%d)", TAGS_FOLLOWED_MAX);
	TX_DO(tx, "INSERT INTO tag_follow (account, tag, id) VALUES (?, ?, ?)", A(account), A(tag),
	      A(tx_id(tx)));
	tell_home(tx, account);
	return OK;
}

enum err tag_unfollow(struct tx *tx, int64_t account, struct str folded)
{
	enum err e = name_check(folded);
	if (e == OK && TX_DO(tx, "DELETE FROM tag_follow WHERE account = ? AND tag = ?", A(account),
			     A(tag_find(tx_db(tx), folded))) > 0)
		tell_home(tx, account);
	return e;
}

#define FOLLOWED(dir) \
	DB_SQL("SELECT f.tag, f.id FROM tag_follow f WHERE f.account = ? AND f.id > ? AND f.id < ? " \
	       "ORDER BY f.id " dir " LIMIT ?")

struct ids tags_followed(struct db *db, struct arena *a, int64_t account, struct span s)
{
	struct range r = range_of(s);
	struct ids out = ids_new(a, r.limit);
	struct db_arg args[] = {A(account), A(r.low), A(r.high), A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(
		db, r.up ? FOLLOWED("ASC") : FOLLOWED("DESC"), args, 4);
	while (db_next(&row))
		ids_add(&out, db_i64(&row, 0), db_i64(&row, 1));
	if (r.up)
		ids_reverse(&out);
	return out;
}

#define ALL(dir) DB_SQL("SELECT id FROM tag WHERE id > ? AND id < ? ORDER BY id " dir " LIMIT ?")

struct ids tags_all(struct db *db, struct arena *a, struct span s)
{
	struct range r = range_of(s);
	struct ids out = ids_new(a, r.limit);
	struct db_arg args[] = {A(r.low), A(r.high), A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(
		db, r.up ? ALL("ASC") : ALL("DESC"), args, 3);
	while (db_next(&row))
		ids_add(&out, db_i64(&row, 0), db_i64(&row, 0));
	if (r.up)
		ids_reverse(&out);
	return out;
}

void tags_featured(struct db *db, struct arena *a, int64_t account, struct featureds *out)
{
	out->n = 0;
	DB_EACH(row, db,
		"SELECT f.id, f.tag, g.name, count(k.id), max(k.id) FROM tag_featured f JOIN tag g ON g.id = f.tag "
		"LEFT JOIN kwip_tag u ON u.tag = f.tag AND u.author = f.account "
		"LEFT JOIN kwip k ON k.id = u.kwip AND k.visibility < 2 "
		"WHERE f.account = ? GROUP BY f.id, f.tag, g.name ORDER BY count(k.id) DESC, f.id LIMIT ?",
		A(account), A(TAGS_FEATURED_MAX))
		out->at[out->n++] = (struct featured){db_i64(&row, 0), db_i64(&row, 1),
						      db_str(&row, 2, a), db_i64(&row, 3),
						      db_i64(&row, 4)};
}

enum err tag_feature(struct tx *tx, int64_t account, struct str folded, int64_t *id)
{
	struct db *db = tx_db(tx);
	enum err e = name_check(folded);
	if (e != OK)
		return e;
	int64_t tag = tag_make(tx, folded);
	*id = DB_I64(db, 0, "SELECT id FROM tag_featured WHERE account = ? AND tag = ?", A(account),
		     A(tag));
	if (*id)
		return OK;
	if (DB_I64(db, 0, "SELECT count(*) FROM tag_featured WHERE account = ?", A(account)) >=
	    TAGS_FEATURED_MAX)
		return refuse("you have already featured the maximum number of hashtags");
	*id = tx_id(tx);
	TX_DO(tx, "INSERT INTO tag_featured (account, tag, id) VALUES (?, ?, ?)", A(account),
	      A(tag), A(*id));
	return OK;
}

enum err tag_unfeature(struct tx *tx, int64_t account, struct str folded)
{
	TX_DO(tx, "DELETE FROM tag_featured WHERE account = ? AND tag = ?", A(account),
	      A(tag_find(tx_db(tx), folded)));
	return name_check(folded);
}

enum err tag_unfeature_id(struct tx *tx, int64_t account, int64_t id)
{
	int gone = TX_DO(tx, "DELETE FROM tag_featured WHERE account = ? AND id = ?", A(account),
			 A(id));
	return gone > 0 ? OK : ERR_NOT_FOUND;
}

struct ids tags_suggested(struct db *db, struct arena *a, int64_t account)
{
	struct ids out = ids_new(a, TAGS_SUGGESTED_MAX);
	DB_EACH(row, db,
		"SELECT t.tag, count(*) FROM (SELECT id FROM kwip WHERE author = ?1 ORDER BY id DESC LIMIT ?2) AS own "
		"JOIN kwip_tag t ON t.kwip = own.id WHERE NOT EXISTS "
		"(SELECT 1 FROM tag_featured f WHERE f.account = ?1 AND f.tag = t.tag) "
		"GROUP BY t.tag ORDER BY count(*) DESC, t.tag LIMIT ?3",
		A(account), A(SUGGEST_OF), A(TAGS_SUGGESTED_MAX))
		ids_add(&out, db_i64(&row, 0), db_i64(&row, 1));
	return out;
}
