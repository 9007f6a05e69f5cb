/* SPDX-License-Identifier: MIT */
/*
 * Every timeline but home (timeline_home.c), each one statement. ?1 is the viewer, ?2 and ?3 the
 * span's ends, ?4 the limit, ?5 and up what the timeline is of. The statements differ by key and
 * direction only, so macros spell them; the WHERE terms of the partial indexes stand there
 * literally because the planner compares them with the schema.
 */
#include "core/timeline_private.h"

void page_turn(void *at, size_t n, size_t bytes)
{
	unsigned char *low = at, *high = low + n * bytes;
	for (size_t i = 0; i < n / 2; i++, low += bytes) {
		high -= bytes;
		for (size_t b = 0; b < bytes; b++) {
			unsigned char was = low[b];
			low[b] = high[b];
			high[b] = was;
		}
	}
}

struct ids ids_new(struct arena *a, int limit)
{
	size_t room = limit > 0 ? (size_t)limit : 0;
	return (struct ids){.at = arena_array(a, room, sizeof(int64_t)),
			    .cursor = arena_array(a, room, sizeof(int64_t))};
}

void ids_add(struct ids *x, int64_t id, int64_t cursor)
{
	x->at[x->n] = id;
	x->cursor[x->n++] = cursor;
}

void ids_reverse(struct ids *x)
{
	for (size_t i = 0, j = x->n; i + 1 < j; i++) {
		j--;
		int64_t at = x->at[i], cursor = x->cursor[i];
		x->at[i] = x->at[j];
		x->cursor[i] = x->cursor[j];
		x->at[j] = at;
		x->cursor[j] = cursor;
	}
}

static const struct db_sql *way_for(const struct ways *w, enum order order, bool up)
{
	if (order == ORDER_ACTIVE && w->active_down)
		return up ? w->active_up : w->active_down;
	return up ? w->recent_up : w->recent_down;
}

/* What is asked: `of` are the arguments from ?5 on. */
struct walk {
	struct db *db;
	struct arena *a;
	int64_t viewer;
	struct range range;
	struct db_arg of[4];
	size_t n_of;
};

/* Runs a statement that gives (id, key). */
static struct ids walk(const struct walk *w, const struct db_sql *sql)
{
	struct ids out = ids_new(w->a, w->range.limit);
	struct db_arg args[8] = {A(w->viewer), A(w->range.low), A(w->range.high),
				 A(w->range.limit)};
	memcpy(args + 4, w->of, w->n_of * sizeof *args);
	__attribute__((cleanup(db_done))) struct db_row row = db_query(w->db, sql, args,
								       4 + w->n_of);
	while (out.n < (size_t)w->range.limit && db_next(&row))
		ids_add(&out, db_i64(&row, 0), db_i64(&row, 1));
	if (w->range.up)
		ids_reverse(&out);
	return out;
}

#define EVERYONE(repeats, key, dir) \
	DB_SQL("SELECT k.id, k." key " FROM kwip k " \
	       "WHERE k.visibility = 0 AND k.reply_to IS NULL AND k.boost_of IS NULL" repeats \
	       " AND k." key " > ?2 AND k." key " < ?3" \
	       " AND " SQL_PRESENTABLE("k.author") " AND " SQL_NO_BLOCK( \
		       "k.author") " AND " SQL_NO_MUTE("k.author") " ORDER BY k." key " " dir \
								   " LIMIT ?4")
#define NO_REPEATS " AND k.repeat_of IS NULL"
#define ONLY_REPEATS " AND k.repeat_of IS NOT NULL"

/* Both lists newest first; of the two together, the page's end that the walk began at. */
static struct ids join(struct arena *a, struct ids x, struct ids y, struct range r)
{
	struct ids all = ids_new(a, 2 * r.limit);
	for (size_t i = 0, j = 0; i < x.n || j < y.n;) {
		if (j == y.n || (i < x.n && x.cursor[i] > y.cursor[j])) {
			ids_add(&all, x.at[i], x.cursor[i]);
			i++;
		} else {
			ids_add(&all, y.at[j], y.cursor[j]);
			j++;
		}
	}
	size_t extra = all.n > (size_t)r.limit ? all.n - (size_t)r.limit : 0;
	all.n -= extra;
	if (r.up) {
		all.at += extra;
		all.cursor += extra;
	}
	return all;
}

/*
 * No comment counts on a repeat (they go to the first), so its activity is its id: the repeats of
 * an active page are found by id between the page's ends, and no index needs to hold them.
 */
static struct ids with_repeats(struct walk *w, struct ids page)
{
	bool full = page.n == (size_t)w->range.limit && page.n > 0;
	struct range all = w->range;
	if (full && w->range.up)
		w->range.high = page.cursor[0];
	else if (full)
		w->range.low = page.cursor[page.n - 1];
	const struct db_sql *sql = all.up ? EVERYONE(ONLY_REPEATS, "id", "ASC")
					  : EVERYONE(ONLY_REPEATS, "id", "DESC");
	return join(w->a, page, walk(w, sql), all);
}

struct ids timeline_everyone(struct db *db, struct arena *a, struct span s, int64_t viewer,
			     bool show_repeats)
{
	const struct ways plain = {
		EVERYONE(NO_REPEATS, "id", "DESC"),
		EVERYONE(NO_REPEATS, "id", "ASC"),
		EVERYONE(NO_REPEATS, "activity", "DESC"),
		EVERYONE(NO_REPEATS, "activity", "ASC"),
	};
	const struct ways all = {.recent_down = EVERYONE("", "id", "DESC"),
				 .recent_up = EVERYONE("", "id", "ASC")};
	struct walk w = {db, a, viewer, range_of(s), .n_of = 0};
	if (show_repeats && s.order == ORDER_RECENT)
		return walk(&w, way_for(&all, s.order, w.range.up));
	struct ids page = walk(&w, way_for(&plain, s.order, w.range.up));
	return show_repeats ? with_repeats(&w, page) : page;
}

#define ACCOUNT(parts, key, dir) \
	DB_SQL("SELECT k.id, k." key " FROM kwip k WHERE k.author = ?5 AND k." key \
	       " > ?2 AND k." key " < ?3" parts \
	       " AND (k.repeat_of IS NULL OR ?7 = 1) AND " SQL_SEES("k") " ORDER BY k." key \
									 " " dir " LIMIT ?4")
#define ANY_PART \
	" AND ((k.reply_to IS NULL AND k.boost_of IS NULL AND ?6 % 2 = 1) OR (k.reply_to IS NOT NULL AND ?6 / 2 % 2 = 1)" \
	" OR (k.reply_to IS NOT NULL AND k.reply_to_author = k.author AND ?6 / 8 % 2 = 1)" \
	" OR (k.boost_of IS NOT NULL AND ?6 / 4 % 2 = 1))"
#define ROOT_PART " AND k.reply_to IS NULL AND k.boost_of IS NULL AND ?6 % 2 = 1"

struct ids timeline_account(struct db *db, struct arena *a, struct span s, int64_t viewer,
			    int64_t account, int parts, bool show_repeats)
{
	const struct ways ways = {
		ACCOUNT(ANY_PART, "id", "DESC"),
		ACCOUNT(ANY_PART, "id", "ASC"),
		ACCOUNT(ROOT_PART, "activity", "DESC"),
		ACCOUNT(ROOT_PART, "activity", "ASC"),
	};
	struct walk w = {db, a, viewer, range_of(s), {A(account), A(parts), A(show_repeats)}, 3};
	return walk(&w, way_for(&ways, s.order, w.range.up));
}

#define MEDIA_PART ANY_PART " AND k.media_count > 0"
#define TAG_PART \
	" AND (?8 = 0 OR EXISTS (SELECT 1 FROM kwip_tag t WHERE t.tag = ?8 AND t.kwip = k.id))"

struct ids timeline_account_some(struct db *db, struct arena *a, struct span s, int64_t viewer,
				 const struct account_ask *ask)
{
	const struct ways any = {.recent_down = ACCOUNT(ANY_PART TAG_PART, "id", "DESC"),
				 .recent_up = ACCOUNT(ANY_PART TAG_PART, "id", "ASC")};
	const struct ways media = {.recent_down = ACCOUNT(MEDIA_PART TAG_PART, "id", "DESC"),
				   .recent_up = ACCOUNT(MEDIA_PART TAG_PART, "id", "ASC")};
	int64_t tag = 0;
	if (ask->tag.len)
		tag = DB_I64(db, -1, "SELECT id FROM tag WHERE name = ?", A(ask->tag));
	struct walk w = {db,
			 a,
			 viewer,
			 range_of(s),
			 {A(ask->account), A(ask->parts), A(ask->show_repeats), A(tag)},
			 4};
	return walk(&w, way_for(ask->only_media ? &media : &any, ORDER_RECENT, w.range.up));
}

struct ids timeline_pinned(struct db *db, struct arena *a, struct span s, int64_t viewer,
			   int64_t account)
{
	const struct db_sql *sql = DB_SQL(
		"SELECT k.id, k.id FROM pin p JOIN kwip k ON k.id = p.kwip WHERE p.account = ?5 "
		"AND p.id > ?2 AND p.id < ?3 AND " SQL_SEES_ROW(
			"k") " ORDER BY p.id DESC LIMIT ?4");
	struct walk w = {db,           a, viewer, {.high = INT64_MAX, .limit = range_of(s).limit},
			 {A(account)}, 1};
	return walk(&w, sql);
}

#define QUOTES(dir) \
	DB_SQL("SELECT k.id, k.id FROM kwip k WHERE k.quote_of = ?5 AND k.quote_of IS NOT NULL AND k.id > ?2 " \
	       "AND k.id < ?3 AND k.quote_state = 0 AND " SQL_HEARS("k.author") " AND " SQL_SEES_ROW( \
		       "k") " AND " SQL_NO_MUTE("k.author") " ORDER BY k.id " dir " LIMIT ?4")

struct ids timeline_quotes(struct db *db, struct arena *a, struct span s, int64_t viewer,
			   int64_t kwip)
{
	const struct ways ways = {.recent_down = QUOTES("DESC"), .recent_up = QUOTES("ASC")};
	struct walk w = {db, a, viewer, range_of(s), {A(kwip)}, 1};
	return walk(&w, way_for(&ways, ORDER_RECENT, w.range.up));
}

struct ids timeline_conversation(struct db *db, struct arena *a, int64_t viewer, int64_t root,
				 int64_t after, int limit)
{
	const struct db_sql *sql = DB_SQL(
		"SELECT k.id, k.id FROM kwip k WHERE k.conversation = ?5 AND k.reply_to IS NOT NULL "
		"AND k.id > ?2 AND k.id < ?3 AND " SQL_SEES_ROW("k") " AND " SQL_NO_MUTE(
			"k.author") " AND " SQL_HEARS("k.author") " ORDER BY k.id LIMIT ?4");
	struct walk w = {db,        a, viewer, {.low = after, .high = INT64_MAX, .limit = limit},
			 {A(root)}, 1};
	return walk(&w, sql);
}

/* Public ones and the viewer's own; a tag has no active order. */
#define TAG(dir) \
	DB_SQL("SELECT t.kwip, t.kwip FROM kwip_tag t JOIN kwip k ON k.id = t.kwip WHERE t.tag = ?5 AND t.kwip > ?2 " \
	       "AND t.kwip < ?3 AND k.repeat_of IS NULL AND (k.visibility = 0 OR k.author = ?1) AND " SQL_UNLIMITED( \
		       "k.author") " AND " SQL_SEES_ROW("k") " AND " SQL_NO_MUTE("k.author") " ORDER BY t.kwip " dir \
											     " LIMIT ?4")

struct ids timeline_tag(struct db *db, struct arena *a, struct span s, int64_t viewer,
			struct str folded_tag)
{
	const struct ways ways = {.recent_down = TAG("DESC"), .recent_up = TAG("ASC")};
	int64_t tag = DB_I64(db, 0, "SELECT id FROM tag WHERE name = ?", A(folded_tag));
	struct walk w = {db, a, viewer, range_of(s), {A(tag)}, 1};
	return walk(&w, way_for(&ways, ORDER_RECENT, w.range.up));
}

#define MEDIA(dir) \
	DB_SQL("SELECT k.id, k.id FROM kwip k WHERE k.visibility = 0 AND k.media_count > 0 AND k.reply_to IS NULL " \
	       "AND k.boost_of IS NULL AND k.repeat_of IS NULL AND k.id > ?2 AND k.id < ?3 AND " SQL_PRESENTABLE( \
		       "k.author") " AND " SQL_NO_BLOCK("k.author") " AND " SQL_NO_MUTE("k.author") " ORDER BY k.id " dir \
												    " LIMIT ?4")

struct ids timeline_media(struct db *db, struct arena *a, struct span s, int64_t viewer)
{
	const struct ways ways = {.recent_down = MEDIA("DESC"), .recent_up = MEDIA("ASC")};
	struct walk w = {db, a, viewer, range_of(s), .n_of = 0};
	return walk(&w, way_for(&ways, ORDER_RECENT, w.range.up));
}

#define LINKED(dir) \
	DB_SQL("SELECT l.kwip, l.kwip FROM link l JOIN kwip k ON k.id = l.kwip WHERE l.url = ?5 AND l.kwip > ?2 " \
	       "AND l.kwip < ?3 AND k.repeat_of IS NULL AND k.visibility = 0 AND " SQL_UNLIMITED( \
		       "k.author") " AND " SQL_SEES_ROW("k") " AND " SQL_NO_MUTE("k.author") " ORDER BY l.kwip " dir \
											     " LIMIT ?4")

struct ids timeline_link(struct db *db, struct arena *a, struct span s, int64_t viewer,
			 struct str url)
{
	const struct ways ways = {.recent_down = LINKED("DESC"), .recent_up = LINKED("ASC")};
	struct walk w = {db, a, viewer, range_of(s), {A(url)}, 1};
	return walk(&w, way_for(&ways, ORDER_RECENT, w.range.up));
}

#define MARKED(table, dir) \
	DB_SQL("SELECT k.id, m.id FROM " table \
	       " m JOIN kwip k ON k.id = m.kwip WHERE m.account = ?1 AND m.id > ?2 " \
	       "AND m.id < ?3 AND " SQL_SEES_ROW("k") " ORDER BY m.id " dir " LIMIT ?4")

struct ids timeline_favourites(struct db *db, struct arena *a, struct span s, int64_t viewer)
{
	const struct ways ways = {.recent_down = MARKED("favourite", "DESC"),
				  .recent_up = MARKED("favourite", "ASC")};
	struct walk w = {db, a, viewer, range_of(s), .n_of = 0};
	return walk(&w, way_for(&ways, ORDER_RECENT, w.range.up));
}

struct ids timeline_bookmarks(struct db *db, struct arena *a, struct span s, int64_t viewer)
{
	const struct ways ways = {.recent_down = MARKED("bookmark", "DESC"),
				  .recent_up = MARKED("bookmark", "ASC")};
	struct walk w = {db, a, viewer, range_of(s), .n_of = 0};
	return walk(&w, way_for(&ways, ORDER_RECENT, w.range.up));
}
