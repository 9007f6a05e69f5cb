/* SPDX-License-Identifier: MIT */
/*
 * Home and lists, straight from the tables: the definitions in timeline.h, which the cache must
 * equal. Everybody followed, each followed tag and each member of a list is a stream of the merge.
 */
#include "core/timeline_private.h"

/* Not blocked either way, not muted: for somebody a kwip has to do with, if there is anybody. */
#define SQL_AT_PEACE(who) "(" who " IS NULL OR (" SQL_NO_BLOCK(who) " AND " SQL_NO_MUTE(who) "))"
/* The author's blocks are in SQL_SEES already. */
#define SQL_PEACE \
	SQL_NO_MUTE("k.author") \
	" AND " SQL_SEES("k") " AND " SQL_AT_PEACE("k.reply_to_author") " AND " SQL_AT_PEACE( \
		"b.author")
/* Said by who is followed (f), to people whom the viewer knows. */
#define SQL_OF_FOLLOWED \
	"f.target IS NOT NULL AND (f.languages = '' OR k.language = '' OR instr(' ' || f.languages || ' ', ' ' || k.language || ' ') > 0) " \
	"AND (k.boost_of IS NULL OR f.boosts = 1) " \
	"AND (k.reply_to IS NULL OR k.reply_to_author = ?1 OR k.reply_to_author = k.author OR " SQL_FOLLOWS( \
		"k.reply_to_author") ")"
/* CROSS JOIN keeps the order: few lists of the viewer, few tags of the kwip, one look for each. */
#define SQL_IN_EXCLUSIVE \
	"EXISTS (SELECT 1 FROM list l CROSS JOIN list_member m ON m.list = l.id AND m.account = k.author " \
	"WHERE l.account = ?1 AND l.exclusive = 1)"
#define SQL_TAG_FOLLOWED \
	"EXISTS (SELECT 1 FROM kwip_tag t CROSS JOIN tag_follow g ON g.account = ?1 AND g.tag = t.tag " \
	"WHERE t.kwip = k.id)"
#define FROM_KWIP \
	"FROM kwip k LEFT JOIN follow f ON f.actor = ?1 AND f.target = k.author AND f.pending = 0 " \
	"LEFT JOIN kwip b ON b.id = k.boost_of "

bool timeline_home_has(struct db *db, int64_t viewer, int64_t kwip, bool show_repeats)
{
	return DB_I64(db, 0,
		      "SELECT 1 " FROM_KWIP
		      "WHERE k.id = ?2 AND (k.repeat_of IS NULL OR ?3 = 1) AND (k.author = ?1 OR "
		      "(((" SQL_OF_FOLLOWED
		      ") OR (k.visibility = 0 AND k.boost_of IS NULL AND " SQL_TAG_FOLLOWED
		      " AND " SQL_UNLIMITED("k.author") ")) AND NOT " SQL_IN_EXCLUSIVE
							")) AND " SQL_PEACE,
		      A(viewer), A(kwip), A(show_repeats)) != 0;
}

bool timeline_list_has(struct db *db, int64_t viewer, int64_t list, int64_t kwip, bool show_repeats)
{
	return DB_I64(db, 0,
		      "SELECT 1 " FROM_KWIP "JOIN list o ON o.id = ?4 AND o.account = ?1 "
		      "JOIN list_member w ON w.list = ?4 AND w.account = k.author "
		      "WHERE k.id = ?2 AND (k.repeat_of IS NULL OR ?3 = 1) AND (k.author = ?1 OR "
		      "(" SQL_OF_FOLLOWED
		      " AND (k.reply_to IS NULL OR k.reply_to_author IN (?1, k.author) OR o.replies = 1 OR (o.replies = 0 "
		      "AND EXISTS (SELECT 1 FROM list_member x WHERE x.list = ?4 AND x.account = k.reply_to_author))))) "
		      "AND " SQL_PEACE,
		      A(viewer), A(kwip), A(show_repeats), A(list)) != 0;
}

/* The next key of every stream at once. */
#define FOLLOWED(way) \
	DB_SQL("SELECT f.target, (" NEXT_OF_AUTHOR( \
		"f.target", way) ") FROM follow f WHERE f.actor = ?1 AND f.pending = 0")
#define TAGS(...) \
	DB_SQL("SELECT g.tag, (" NEXT_OF_TAG( \
		"g.tag", __VA_ARGS__) ") FROM tag_follow g WHERE g.account = ?1")
#define MEMBERS(way) \
	DB_SQL("SELECT m.account, (" NEXT_OF_AUTHOR("m.account", \
						    way) ") FROM list_member m WHERE m.list = ?1")

static void seed(struct merge *m, enum stream_kind kind, const struct ways *w, int64_t of)
{
	struct db_arg args[] = {A(of), A(merge_from(m))};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(m->db, merge_way(m, w), args,
								       2);
	while (db_next(&row))
		merge_add(m, kind, db_i64(&row, 0), db_i64(&row, 1));
}

static bool home_belongs(const struct merge *m, int64_t kwip)
{
	return timeline_home_has(m->db, m->viewer, kwip, m->show_repeats);
}

struct ids timeline_home(struct db *db, struct arena *a, struct span s, int64_t viewer,
			 bool show_repeats)
{
	const struct ways followed = {FOLLOWED(RECENT_DOWN), FOLLOWED(RECENT_UP),
				      FOLLOWED(ACTIVE_DOWN), FOLLOWED(ACTIVE_UP)};
	const struct ways tags = {
		TAGS("kwip", "<", "", "DESC"),
		TAGS("kwip", ">", "", "ASC"),
		TAGS("activity", "<", TAG_ROOT, "DESC"),
		TAGS("activity", ">", TAG_ROOT, "ASC"),
	};
	struct merge m = {.db = db,
			  .a = a,
			  .viewer = viewer,
			  .order = s.order,
			  .range = range_of(s),
			  .show_repeats = show_repeats,
			  .belongs = home_belongs};
	seed(&m, STREAM_AUTHOR, &followed, viewer);
	seed(&m, STREAM_TAG, &tags, viewer);
	merge_add(&m, STREAM_AUTHOR, viewer, merge_next(&m, STREAM_AUTHOR, viewer, merge_from(&m)));
	return merge_run(&m);
}

struct ids timeline_home_all(struct db *db, struct arena *a, int64_t viewer, enum order order,
			     int limit)
{
	return timeline_home(db, a, (struct span){.limit = limit, .order = order}, viewer, true);
}

static bool list_belongs(const struct merge *m, int64_t kwip)
{
	return timeline_list_has(m->db, m->viewer, m->list, kwip, m->show_repeats);
}

struct ids timeline_list(struct db *db, struct arena *a, struct span s,
			 const struct list_viewer *of)
{
	const struct ways members = {MEMBERS(RECENT_DOWN), MEMBERS(RECENT_UP), MEMBERS(ACTIVE_DOWN),
				     MEMBERS(ACTIVE_UP)};
	struct merge m = {.db = db,
			  .a = a,
			  .viewer = of->viewer,
			  .list = of->list,
			  .order = s.order,
			  .range = range_of(s),
			  .show_repeats = of->show_repeats,
			  .belongs = list_belongs};
	seed(&m, STREAM_AUTHOR, &members, of->list);
	return merge_run(&m);
}
