/* SPDX-License-Identifier: MIT */
/* The home rule from the kwip's side, over sorted arrays of account ids. */
#include <stdlib.h>

#include "core/fanout.h"
#include "core/idset.h"

/* Lists about one account, read when first needed. */
struct circle {
	int64_t account;           /* 0: free slot */
	struct viewers followers;  /* accepted */
	struct viewers boost_fans; /* of these, who want its boosts */
	struct viewers shy;        /* block or mute it, or are blocked by it */
	struct viewers choosy;     /* of the followers, who want some languages only ... */
	struct str *languages;     /* ... namely these, in the same order */
	struct viewers shelvers;   /* have it in an exclusive list */
};

struct fanout {
	struct db *db;
	struct arena *a;
	struct circle *slot;
	size_t mask, used;
	bool any_tags; /* does anybody follow a tag at all? */
};

enum { FIRST_SLOTS = 256 };

struct fanout *fanout_open(struct db *db, struct arena *a)
{
	struct fanout *f = arena_take(a, sizeof(*f));
	*f = (struct fanout){.db = db, .a = a, .mask = FIRST_SLOTS - 1};
	f->slot = arena_array(a, FIRST_SLOTS, sizeof(*f->slot));
	f->any_tags = DB_I64(db, 0, "SELECT 1 FROM tag_follow LIMIT 1 /* scan: one row */") != 0;
	return f;
}

/* A growing list in the arena. */
static void list_add(struct arena *a, struct viewers *v, size_t *cap, int64_t id)
{
	if (v->n == *cap) {
		size_t more = *cap ? 2 * *cap : 32;
		int64_t *bigger = arena_array(a, more, sizeof(int64_t));
		if (v->n > 0)
			memcpy(bigger, v->at, v->n * sizeof(int64_t));
		v->at = bigger;
		*cap = more;
	}
	v->at[v->n++] = id;
}

static int by_id(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

static void list_sort(struct viewers *v)
{
	if (v->n > 1)
		qsort(v->at, v->n, sizeof(*v->at), by_id);
}

/* Its place, or -1. */
static ptrdiff_t list_find(const struct viewers *v, int64_t id)
{
	size_t low = 0, high = v->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (v->at[mid] == id)
			return (ptrdiff_t)mid;
		if (v->at[mid] < id)
			low = mid + 1;
		else
			high = mid;
	}
	return -1;
}

static bool list_has(const struct viewers *v, int64_t id)
{
	return list_find(v, id) >= 0;
}

static void circle_languages(struct fanout *f, struct circle *c)
{
	size_t cap = 0, room = 0;
	DB_EACH(row, f->db,
		"SELECT actor, languages FROM follow WHERE target = ? AND pending = 0 AND languages <> '' ORDER BY actor",
		A(c->account)) {
		list_add(f->a, &c->choosy, &cap, db_i64(&row, 0));
		if (cap > room) {
			struct str *bigger = arena_array(f->a, cap, sizeof(*bigger));
			if (room > 0)
				memcpy(bigger, c->languages, room * sizeof(*bigger));
			c->languages = bigger;
			room = cap;
		}
		c->languages[c->choosy.n - 1] = db_str(&row, 1, f->a);
	}
}

static void circle_read(struct fanout *f, struct circle *c)
{
	size_t fans = 0, boost_fans = 0, shy = 0, shelvers = 0;
	DB_EACH(row, f->db, "SELECT actor, boosts FROM follow WHERE target = ? AND pending = 0",
		A(c->account)) {
		list_add(f->a, &c->followers, &fans, db_i64(&row, 0));
		if (db_i64(&row, 1) != 0)
			list_add(f->a, &c->boost_fans, &boost_fans, db_i64(&row, 0));
	}
	DB_EACH(row, f->db,
		"SELECT actor FROM block WHERE target = ? UNION SELECT target FROM block WHERE actor = ? "
		"UNION SELECT actor FROM mute WHERE target = ?",
		A(c->account), A(c->account), A(c->account))
		list_add(f->a, &c->shy, &shy, db_i64(&row, 0));
	circle_languages(f, c);
	DB_EACH(row, f->db,
		"SELECT DISTINCT l.account FROM list_member m JOIN list l ON l.id = m.list AND l.exclusive = 1 "
		"WHERE m.account = ?",
		A(c->account))
		list_add(f->a, &c->shelvers, &shelvers, db_i64(&row, 0));
	list_sort(&c->shelvers);
	list_sort(&c->followers);
	list_sort(&c->boost_fans);
	list_sort(&c->shy);
}

static struct circle *circle_slot(struct circle *slot, size_t mask, int64_t account)
{
	size_t i = id_hash(account) & mask;
	while (slot[i].account != 0 && slot[i].account != account)
		i = (i + 1) & mask;
	return &slot[i];
}

static void circles_grow(struct fanout *f)
{
	size_t mask = 2 * f->mask + 1;
	struct circle *bigger = arena_array(f->a, mask + 1, sizeof(*bigger));
	for (size_t i = 0; i <= f->mask; i++) {
		if (f->slot[i].account != 0)
			*circle_slot(bigger, mask, f->slot[i].account) = f->slot[i];
	}
	f->slot = bigger;
	f->mask = mask;
}

static const struct circle *circle_of(struct fanout *f, int64_t account)
{
	if (2 * f->used > f->mask)
		circles_grow(f);
	struct circle *c = circle_slot(f->slot, f->mask, account);
	if (c->account == 0) {
		f->used++;
		c->account = account;
		circle_read(f, c);
	}
	return c;
}

bool fanout_said(struct fanout *f, int64_t kwip, struct said *out)
{
	DB_EACH(row, f->db,
		"SELECT k.author, k.conversation, k.reply_to, k.reply_to_author, k.boost_of, b.author, k.activity, "
		"k.visibility, a.state, c.state, k.language, a.limited FROM kwip k JOIN account a ON a.id = k.author "
		"LEFT JOIN kwip b ON b.id = k.boost_of LEFT JOIN account c ON c.id = b.author WHERE k.id = ?",
		A(kwip)) {
		*out = (struct said){
			.id = kwip,
			.author = db_i64(&row, 0),
			.conversation = db_i64(&row, 1),
			.reply_to = db_i64(&row, 2),
			.reply_to_author = db_i64(&row, 3),
			.boost_of = db_i64(&row, 4),
			.boosted_author = db_i64(&row, 5),
			.activity = db_i64(&row, 6),
			.visibility = (enum visibility)db_i64(&row, 7),
			.language = db_str(&row, 10, f->a),
			.hidden = db_i64(&row, 8) != ACCOUNT_ACTIVE ||
				  db_i64(&row, 9) != ACCOUNT_ACTIVE,
			.limited = db_i64(&row, 11) != 0,
		};
		return true;
	}
	return false;
}

/* Does the reply rule let v have it? */
static bool may_have_reply(struct fanout *f, const struct said *s, int64_t v)
{
	return s->reply_to == 0 || v == s->author || s->reply_to_author == s->author ||
	       v == s->reply_to_author || list_has(&circle_of(f, s->reply_to_author)->followers, v);
}

/* Does v, who follows the author, want its language? */
static bool may_have_language(struct fanout *f, const struct said *s, int64_t v)
{
	const struct circle *c = circle_of(f, s->author);
	ptrdiff_t at = s->language.len ? list_find(&c->choosy, v) : -1;
	if (at < 0)
		return true;
	for (struct str rest = c->languages[at]; rest.len;)
		if (str_eq(str_cut(&rest, ' '), s->language))
			return true;
	return false;
}

static bool is_shy_of(struct fanout *f, int64_t v, int64_t account)
{
	return account != 0 && list_has(&circle_of(f, account)->shy, v);
}

static bool is_mentioned(struct fanout *f, int64_t v, int64_t kwip)
{
	return DB_I64(f->db, 0, "SELECT 1 FROM mention WHERE kwip = ? AND account = ?", A(kwip),
		      A(v)) != 0;
}

/* Whichever way it comes. */
static bool is_at_peace(struct fanout *f, const struct said *s, int64_t v)
{
	if (v != s->author && list_has(&circle_of(f, s->author)->shelvers, v))
		return false;
	return !is_shy_of(f, v, s->author) && !is_shy_of(f, v, s->reply_to_author) &&
	       !is_shy_of(f, v, s->boosted_author);
}

static bool receives(struct fanout *f, const struct said *s, int64_t v)
{
	if (s->visibility == VISIBLE_DIRECT && v != s->author && !is_mentioned(f, v, s->id))
		return false;
	return may_have_reply(f, s, v) && may_have_language(f, s, v) && is_at_peace(f, s, v);
}

struct viewers fanout_tag_followers(struct fanout *f, int64_t tag)
{
	struct viewers out = {0};
	size_t cap = 0;
	DB_EACH(row, f->db, "SELECT account FROM tag_follow WHERE tag = ? ORDER BY account", A(tag))
		list_add(f->a, &out, &cap, db_i64(&row, 0));
	return out;
}

struct viewers fanout_tagged(struct fanout *f, const struct said *s)
{
	struct viewers out = {0};
	size_t cap = 0;
	if (!f->any_tags || s->hidden || s->limited || s->visibility != VISIBLE_PUBLIC ||
	    s->boost_of != 0)
		return out;
	DB_EACH(row, f->db,
		"SELECT DISTINCT g.account FROM kwip_tag t JOIN tag_follow g ON g.tag = t.tag WHERE t.kwip = ?",
		A(s->id))
		list_add(f->a, &out, &cap, db_i64(&row, 0));
	list_sort(&out);
	return out;
}

/* Adds who gets it by a tag and has it not yet; both are sorted. */
static void add_tagged(struct fanout *f, const struct said *s, struct viewers *to)
{
	struct viewers tagged = fanout_tagged(f, s), had = *to;
	if (tagged.n == 0)
		return;
	to->at = arena_array(f->a, had.n + tagged.n, sizeof(int64_t));
	if (had.n > 0)
		memcpy(to->at, had.at, had.n * sizeof(int64_t));
	for (size_t i = 0; i < tagged.n; i++) {
		if (!list_has(&had, tagged.at[i]) && is_at_peace(f, s, tagged.at[i]))
			to->at[to->n++] = tagged.at[i];
	}
	list_sort(to);
}

struct viewers fanout_viewers(struct fanout *f, const struct said *s)
{
	struct viewers out = {0};
	if (s->hidden)
		return out;
	const struct circle *c = circle_of(f, s->author);
	struct viewers fans = s->boost_of ? c->boost_fans : c->followers;
	out.at = arena_array(f->a, fans.n + 1, sizeof(int64_t));
	for (size_t i = 0; i < fans.n; i++) {
		if (receives(f, s, fans.at[i]))
			out.at[out.n++] = fans.at[i];
	}
	if (receives(f, s, s->author))
		out.at[out.n++] = s->author;
	list_sort(&out);
	add_tagged(f, s, &out);
	return out;
}

bool fanout_any_choosy(struct fanout *f, int64_t account)
{
	return circle_of(f, account)->choosy.n > 0;
}

struct viewers fanout_followers(struct fanout *f, int64_t account)
{
	const struct circle *c = circle_of(f, account);
	struct viewers out = {.at = arena_array(f->a, c->followers.n + 1, sizeof(int64_t))};
	if (c->followers.n > 0)
		memcpy(out.at, c->followers.at, c->followers.n * sizeof(int64_t));
	out.n = c->followers.n;
	out.at[out.n++] = account;
	list_sort(&out);
	return out;
}

struct mark_rows fanout_marks(struct db *db, struct arena *a, int64_t from, int64_t to)
{
	struct mark_rows out = {0};
	size_t cap = 0;
	DB_EACH(row, db,
		"SELECT account, kwip, SUM(bit) FROM ("
		"SELECT account, kwip, 1 AS bit FROM favourite WHERE kwip >= ? AND kwip < ? UNION ALL "
		"SELECT author, boost_of, 2 FROM kwip WHERE boost_of >= ? AND boost_of < ? AND boost_of IS NOT NULL UNION ALL "
		"SELECT account, kwip, 4 FROM bookmark WHERE kwip >= ? AND kwip < ? UNION ALL "
		"SELECT account, kwip, 8 FROM conversation_mute WHERE kwip >= ? AND kwip < ?) AS m "
		"GROUP BY account, kwip /* scan */",
		A(from), A(to), A(from), A(to), A(from), A(to), A(from), A(to)) {
		if (out.n == cap) {
			cap = cap ? 2 * cap : 256;
			struct mark_row *bigger = arena_array(a, cap, sizeof(*bigger));
			if (out.n > 0)
				memcpy(bigger, out.at, out.n * sizeof(*bigger));
			out.at = bigger;
		}
		out.at[out.n++] = (struct mark_row){db_i64(&row, 0), db_i64(&row, 1),
						    (int)db_i64(&row, 2)};
	}
	return out;
}

struct viewers fanout_accounts(struct db *db, struct arena *a, int64_t after, int limit)
{
	struct viewers out = {.at = arena_array(a, (size_t)limit, sizeof(int64_t))};
	DB_EACH(row, db, "SELECT account FROM login WHERE account > ? ORDER BY account LIMIT ?",
		A(after), A(limit))
		out.at[out.n++] = db_i64(&row, 0);
	return out;
}

struct viewers fanout_kwips(struct db *db, struct arena *a, int64_t before, int limit)
{
	struct viewers out = {.at = arena_array(a, (size_t)limit, sizeof(int64_t))};
	DB_EACH(row, db, "SELECT id FROM kwip WHERE id < ? ORDER BY id DESC LIMIT ?", A(before),
		A(limit))
		out.at[out.n++] = db_i64(&row, 0);
	return out;
}

struct viewers fanout_kwips_up(struct db *db, struct arena *a, int64_t after, int limit)
{
	struct viewers out = {.at = arena_array(a, (size_t)limit, sizeof(int64_t))};
	DB_EACH(row, db, "SELECT id FROM kwip WHERE id > ? ORDER BY id LIMIT ?", A(after), A(limit))
		out.at[out.n++] = db_i64(&row, 0);
	return out;
}
