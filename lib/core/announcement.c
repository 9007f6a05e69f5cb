/* SPDX-License-Identifier: MIT */
/* Announcements, who has read them, and reactions to them. */
#include "core/announcement.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "core/in40.h"
#include "store/event.h"

enum { EMOJI_POINTS_MAX = 16, ZWJ = 0x200d, VARIANT = 0xfe0f, KEYCAP = 0x20e3 };

struct points {
	uint32_t from, to;
};

/* Unicode's Extended_Pictographic in coarse blocks: what keyboards offer is in them, letters are
 * not. */
static const struct points pictures[] = {
	{0x00a9, 0x00a9},   {0x00ae, 0x00ae},   {0x203c, 0x203c},   {0x2049, 0x2049},
	{0x2122, 0x2122},   {0x2139, 0x2139},   {0x2194, 0x21aa},   {0x231a, 0x23ff},
	{0x24c2, 0x24c2},   {0x25aa, 0x25fe},   {0x2600, 0x27bf},   {0x2934, 0x2935},
	{0x2b05, 0x2b55},   {0x3030, 0x3030},   {0x303d, 0x303d},   {0x3297, 0x3299},
	{0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f170, 0x1f19a}, {0x1f201, 0x1f251},
	{0x1f300, 0x1f3fa}, {0x1f400, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f774, 0x1f77f},
	{0x1f7d5, 0x1f7ff}, {0x1f90c, 0x1faff},
};

static bool is_within(uint32_t c, uint32_t from, uint32_t to)
{
	return c >= from && c <= to;
}

static bool is_picture(uint32_t c)
{
	for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++)
		if (is_within(c, pictures[i].from, pictures[i].to))
			return true;
	return false;
}

/* One picture with what modifies it, from *i on; c holds n code points and a 0 behind them. */
static bool take_picture(const uint32_t *c, size_t *i)
{
	if (is_within(c[*i], 0x1f1e6, 0x1f1ff) && is_within(c[*i + 1], 0x1f1e6, 0x1f1ff)) {
		*i += 2; /* a flag: two letters of its own alphabet */
		return true;
	}
	if (is_within(c[*i], '0', '9') || c[*i] == '#' || c[*i] == '*') {
		*i += c[*i + 1] == VARIANT ? 2 : 1;
		return c[(*i)++] == KEYCAP;
	}
	if (!is_picture(c[(*i)++]))
		return false;
	*i += c[*i] == VARIANT;
	*i += is_within(c[*i], 0x1f3fb, 0x1f3ff);
	while (is_within(c[*i], 0xe0020, 0xe007f))
		(*i)++;
	return true;
}

bool reaction_is_emoji(struct str s)
{
	uint32_t c[EMOJI_POINTS_MAX + 2] = {0};
	size_t n = 0, i = 0;
	for (size_t at = 0; at < s.len;) {
		if (n == EMOJI_POINTS_MAX)
			return false;
		c[n++] = utf8_next(s, &at);
	}
	while (i < n) {
		if (!take_picture(c, &i))
			return false;
		if (i == n)
			return true;
		if (c[i++] != ZWJ)
			return false;
	}
	return false;
}

#define SQL_ANNOUNCEMENT \
	"SELECT n.id, n.body, coalesce(n.starts_at, 0), coalesce(n.ends_at, 0), n.all_day, n.published_at, n.updated_at," \
	" EXISTS (SELECT 1 FROM announcement_read r WHERE r.account = ?1 AND r.announcement = n.id) AS seen" \
	" FROM announcement n WHERE "

static struct announcement announcement_of(struct db_row *row, struct arena *a)
{
	return (struct announcement){
		.id = db_i64(row, 0),
		.body = db_str(row, 1, a),
		.starts_at = db_i64(row, 2),
		.ends_at = db_i64(row, 3),
		.all_day = db_i64(row, 4) != 0,
		.published_at = db_i64(row, 5),
		.updated_at = db_i64(row, 6),
		.read = db_i64(row, 7) != 0,
	};
}

static struct announcement *find(struct announcements *list, int64_t id)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->at[i].id == id)
			return &list->at[i];
	return NULL;
}

static void read_reactions(struct db *db, struct arena *a, int64_t viewer,
			   struct announcements *list)
{
	int64_t ids[ANNOUNCEMENTS_SHOWN];
	struct db_arg args[1 + IN_WIDTH] = {A(viewer)};
	for (size_t i = 0; i < list->n; i++)
		ids[i] = list->at[i].id;
	(void)ids_args(args + 1, ids, list->n);
	DB_EACH_ARGS(
		row, db,
		"SELECT r.announcement, r.name, count(*), max(r.account = ?1), coalesce(e.file, ''), coalesce(e.still, '')"
		" FROM announcement_reaction r LEFT JOIN emoji e ON e.shortcode = r.name"
		" WHERE r.announcement IN (" IN40 ") GROUP BY r.announcement, r.name",
		args, 1 + IN_WIDTH)
	{
		struct announcement *n = find(list, db_i64(&row, 0));
		if (n && n->n_reactions < REACTIONS_MAX)
			n->reaction[n->n_reactions++] = (struct reaction){
				.name = db_str(&row, 1, a),
				.file = db_str(&row, 4, a),
				.still = db_str(&row, 5, a),
				.count = db_i64(&row, 2),
				.me = db_i64(&row, 3) != 0};
	}
}

static void read_emojis(struct db *db, struct arena *a, struct announcements *list)
{
	struct str texts[ANNOUNCEMENTS_SHOWN];
	for (size_t i = 0; i < list->n; i++)
		texts[i] = list->at[i].body;
	struct emojis found = emojis_of(db, a, texts, list->n);
	for (size_t i = 0; found.n > 0 && i < list->n; i++)
		list->at[i].emojis = emojis_among(a, &found, &texts[i], 1);
}

struct announcements announcement_list(struct db *db, struct arena *a, int64_t viewer,
				       bool dismissed)
{
	struct announcements list = {.at = arena_array(a, ANNOUNCEMENTS_SHOWN, sizeof *list.at)};
	int64_t now = clock_ms();
	DB_EACH(row, db,
		SQL_ANNOUNCEMENT
		"n.id > 0 AND (n.starts_at IS NULL OR n.starts_at <= ?2)"
		" AND (n.ends_at IS NULL OR n.ends_at > ?2) AND (?3 OR NOT seen) ORDER BY n.id DESC LIMIT ?4",
		A(viewer), A(now), A(dismissed), A((int)ANNOUNCEMENTS_SHOWN))
		list.at[list.n++] = announcement_of(&row, a);
	for (size_t i = 0; i + 1 < list.n - i; i++) {
		struct announcement n = list.at[i];
		list.at[i] = list.at[list.n - 1 - i];
		list.at[list.n - 1 - i] = n;
	}
	if (list.n > 0)
		read_reactions(db, a, viewer, &list);
	read_emojis(db, a, &list);
	return list;
}

bool announcement_get(struct db *db, struct arena *a, int64_t viewer, int64_t id,
		      struct announcement *out)
{
	struct announcements one = {.at = out};
	DB_EACH(row, db, SQL_ANNOUNCEMENT "n.id = ?2", A(viewer), A(id))
		out[one.n++] = announcement_of(&row, a);
	if (one.n > 0)
		read_reactions(db, a, viewer, &one);
	read_emojis(db, a, &one);
	return one.n > 0;
}

enum err announcement_add(struct tx *tx, struct str body, int64_t *id)
{
	if (!utf8_ok(body) || str_trim(body).len == 0)
		return refuse("an announcement says something");
	if (utf8_chars(body) > ANNOUNCEMENT_CHARS_MAX)
		return refuse("an announcement has at most %d characters", ANNOUNCEMENT_CHARS_MAX);
	*id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO announcement (id, body, published_at, updated_at) VALUES (?1, ?2, ?3, ?3)",
	      A(*id), A(str_trim(body)), A(tx_now(tx)));
	event_add(tx, (struct event){.kind = EVENT_ANNOUNCEMENT, .extra = *id});
	return OK;
}

enum err announcement_delete(struct tx *tx, int64_t id)
{
	if (TX_DO(tx, "DELETE FROM announcement WHERE id = ?", A(id)) == 0)
		return ERR_NOT_FOUND;
	event_add(tx, (struct event){.kind = EVENT_ANNOUNCEMENT, .target = 1, .extra = id});
	return OK;
}

static bool is_there(struct db *db, int64_t id)
{
	return DB_I64(db, 0, "SELECT 1 FROM announcement WHERE id = ?", A(id)) != 0;
}

enum err announcement_dismiss(struct tx *tx, int64_t account, int64_t id)
{
	if (!is_there(tx_db(tx), id))
		return ERR_NOT_FOUND;
	TX_DO(tx,
	      "INSERT INTO announcement_read (account, announcement) VALUES (?, ?) ON CONFLICT DO NOTHING",
	      A(account), A(id));
	return OK;
}

/* May there be one more kind, and is it one? Joining in with what others chose always is fine. */
static enum err reaction_check(struct db *db, int64_t id, struct str name)
{
	if (DB_I64(db, 0,
		   "SELECT 1 FROM announcement_reaction WHERE announcement = ? AND name = ? LIMIT 1",
		   A(id), A(name)))
		return OK;
	if (!reaction_is_emoji(name) &&
	    !DB_I64(db, 0, "SELECT 1 FROM emoji WHERE shortcode = ?", A(name)))
		return refuse("Validation failed: Name is not a recognized emoji");
	if (DB_I64(db, 0,
		   "SELECT count(DISTINCT name) FROM announcement_reaction WHERE announcement = ?",
		   A(id)) >= REACTIONS_MAX)
		return refuse("Validation failed: Limit of different reactions reached");
	return OK;
}

enum err announcement_react(struct tx *tx, int64_t account, int64_t id, struct str name, bool on)
{
	if (!is_there(tx_db(tx), id))
		return ERR_NOT_FOUND;
	enum err e = on ? reaction_check(tx_db(tx), id, name) : OK;
	if (e != OK)
		return e;
	int changed =
		on ? TX_DO(tx,
			   "INSERT INTO announcement_reaction (announcement, name, account) VALUES (?, ?, ?)"
			   " ON CONFLICT DO NOTHING",
			   A(id), A(name), A(account))
		   : TX_DO(tx,
			   "DELETE FROM announcement_reaction WHERE announcement = ? AND name = ? AND account = ?",
			   A(id), A(name), A(account));
	if (changed)
		event_add(tx,
			  (struct event){.kind = EVENT_REACTION, .actor = account, .extra = id});
	return OK;
}
