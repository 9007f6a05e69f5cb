/* SPDX-License-Identifier: MIT */
/*
 * Timelines: spans and orders of each, and home against a second, slow and plain wording of its
 * definition in some hundred random communities.
 */
#include "kwips.h"

#include "core/fanout.h"
#include "core/list.h"
#include "core/site.h"
#include "core/tag.h"

static void ids_are(struct ids got, const int64_t *want, size_t n)
{
	assert_int_equal(got.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(got.at[i], want[i]);
}
#define IDS(got, ...) \
	ids_are(got, (int64_t[]){__VA_ARGS__}, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t))
#define RECENT(n) ((struct span){.limit = (n), .order = ORDER_RECENT})
#define ACTIVE(n) ((struct span){.limit = (n), .order = ORDER_ACTIVE})

static void everyone(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t k1 = says(w, x, "one", VISIBLE_PUBLIC, 0),
		k2 = says(w, y, "two", VISIBLE_PUBLIC, 0);
	says(w, y, "hidden", VISIBLE_UNLISTED, 0);
	says(w, y, "@zoe hidden", VISIBLE_DIRECT, 0);
	int64_t k3 = says(w, x, "three", VISIBLE_PUBLIC, 0),
		c = says(w, y, "comment", VISIBLE_PUBLIC, k1);
	boosts(w, z, k2);
	struct arena *a = w->a;
	IDS(timeline_everyone(w->db, a, RECENT(9), 0, false), k3, k2, k1);
	IDS(timeline_everyone(w->db, a, ACTIVE(9), 0, false), k1, k3, k2);
	assert_int_equal(timeline_everyone(w->db, a, ACTIVE(1), 0, false).cursor[0], c);
	IDS(timeline_everyone(w->db, a,
			      (struct span){.max_id = k3, .limit = 1, .order = ORDER_RECENT}, 0,
			      false),
	    k2);
	IDS(timeline_everyone(w->db, a,
			      (struct span){.since_id = k1, .limit = 1, .order = ORDER_RECENT}, 0,
			      false),
	    k3);
	IDS(timeline_everyone(w->db, a,
			      (struct span){.min_id = k1, .limit = 1, .order = ORDER_RECENT}, 0,
			      false),
	    k2);
	IDS(timeline_everyone(w->db, a,
			      (struct span){.min_id = k1, .limit = 5, .order = ORDER_RECENT}, 0,
			      false),
	    k3, k2);
	IDS(timeline_everyone(w->db, a,
			      (struct span){.max_id = c, .limit = 5, .order = ORDER_ACTIVE}, 0,
			      false),
	    k3, k2);
	OKAY(w, (struct deed){MUTE, z, x});
	IDS(timeline_everyone(w->db, a, RECENT(9), z, false), k2);
	OKAY(w, (struct deed){BLOCK, y, z});
	assert_int_equal(timeline_everyone(w->db, a, RECENT(9), z, false).n, 0);
	OKAY(w, (struct deed){SUSPEND, x, 0});
	IDS(timeline_everyone(w->db, a, RECENT(9), 0, false), k2);
}

static void everyone_with_repeats(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), said[6];
	static const char *const texts[] = {"same", "b", "same", "c", "same", "d"};
	for (int i = 0; i < 6; i++) {
		said[i] = says(w, x, texts[i], VISIBLE_PUBLIC, 0);
		OKAY(w, (struct deed){LOOK, x, said[i]});
	}
	int64_t c = says(w, x, "comment", VISIBLE_PUBLIC, said[1]);
	struct arena *a = w->a;
	IDS(timeline_everyone(w->db, a, RECENT(9), 0, false), said[5], said[3], said[1], said[0]);
	IDS(timeline_everyone(w->db, a, RECENT(3), 0, true), said[5], said[4], said[3]);
	IDS(timeline_everyone(w->db, a, ACTIVE(9), 0, false), said[1], said[5], said[3], said[0]);
	IDS(timeline_everyone(w->db, a, ACTIVE(9), 0, true), said[1], said[5], said[4], said[3],
	    said[2], said[0]);
	IDS(timeline_everyone(w->db, a, ACTIVE(3), 0, true), said[1], said[5], said[4]);
	IDS(timeline_everyone(w->db, a, (struct span){.max_id = said[4], .limit = 2}, 0, true),
	    said[3], said[2]);
	IDS(timeline_everyone(w->db, a, (struct span){.min_id = said[0], .limit = 2}, 0, true),
	    said[3], said[2]);
	IDS(timeline_everyone(w->db, a, (struct span){.min_id = said[3], .limit = 9}, 0, true),
	    said[1], said[5], said[4]);
	assert_int_equal(timeline_everyone(w->db, a, ACTIVE(1), 0, true).cursor[0], c);
}

static void of_an_account(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k1 = says(w, x, "one", VISIBLE_PUBLIC, 0),
		k2 = says(w, x, "two", VISIBLE_FOLLOWERS, 0);
	int64_t other = says(w, y, "other", VISIBLE_PUBLIC, 0);
	int64_t c = says(w, x, "comment", VISIBLE_PUBLIC, other), b = boosts(w, x, other);
	int64_t d = says(w, x, "@yuri psst", VISIBLE_DIRECT, 0),
		on1 = says(w, y, "bump", VISIBLE_PUBLIC, k1);
	struct arena *a = w->a;
	int all = PART_KWIPS | PART_COMMENTS | PART_BOOSTS;
	IDS(timeline_account(w->db, a, RECENT(9), 0, x, all, false), b, c, k1);
	IDS(timeline_account(w->db, a, RECENT(9), x, x, all, false), d, b, c, k2, k1);
	IDS(timeline_account(w->db, a, RECENT(9), y, x, PART_KWIPS, false), d, k1);
	IDS(timeline_account(w->db, a, RECENT(9), y, x, PART_COMMENTS, false), c);
	IDS(timeline_account(w->db, a, RECENT(9), y, x, PART_BOOSTS, false), b);
	OKAY(w, (struct deed){FOLLOW, y, x});
	IDS(timeline_account(w->db, a, ACTIVE(9), y, x, all, false), k1, d, k2);
	assert_int_equal(timeline_account(w->db, a, ACTIVE(9), y, x, all, false).cursor[0], on1);
	IDS(timeline_account(w->db, a,
			     (struct span){.min_id = k1, .limit = 1, .order = ORDER_RECENT}, x, x,
			     all, false),
	    k2);
	OKAY(w, (struct deed){BLOCK, x, y});
	assert_int_equal(timeline_account(w->db, a, RECENT(9), y, x, all, false).n, 0);
}

static void conversations_and_tags(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t k = says(w, x, "root #Kwip", VISIBLE_PUBLIC, 0),
		c1 = says(w, y, "first #kwip", VISIBLE_PUBLIC, k);
	int64_t c2 = says(w, x, "@zoe secret #kwip", VISIBLE_DIRECT, c1),
		c3 = says(w, z, "third", VISIBLE_UNLISTED, k);
	struct arena *a = w->a;
	IDS(timeline_conversation(w->db, a, 0, k, 0, 9), c1, c3);
	IDS(timeline_conversation(w->db, a, z, k, 0, 9), c1, c2, c3);
	IDS(timeline_conversation(w->db, a, z, k, c1, 1), c2);
	IDS(timeline_tag(w->db, a, RECENT(9), 0, S("kwip")), c1, k);
	IDS(timeline_tag(w->db, a, RECENT(9), x, S("kwip")), c2, c1, k);
	IDS(timeline_tag(w->db, a, (struct span){.min_id = k, .limit = 1}, x, S("kwip")), c1);
	assert_int_equal(timeline_tag(w->db, a, RECENT(9), 0, S("none")).n, 0);
	OKAY(w, (struct deed){MUTE, z, y});
	IDS(timeline_conversation(w->db, a, z, k, 0, 9), c2, c3);
	IDS(timeline_tag(w->db, a, RECENT(9), z, S("kwip")), k);
}

static void marked(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k1 = says(w, x, "one", VISIBLE_PUBLIC, 0),
		k2 = says(w, x, "two", VISIBLE_PUBLIC, 0);
	OKAY(w, (struct deed){MARK, y, k2, .mark = MARK_FAVOURITE});
	OKAY(w, (struct deed){MARK, y, k1, .mark = MARK_FAVOURITE});
	OKAY(w, (struct deed){MARK, y, k2, .mark = MARK_BOOKMARK});
	struct ids all = timeline_favourites(w->db, w->a, RECENT(9), y);
	IDS(all, k1, k2);
	IDS(timeline_favourites(w->db, w->a, (struct span){.max_id = all.cursor[0], .limit = 5}, y),
	    k2);
	IDS(timeline_favourites(w->db, w->a, (struct span){.min_id = all.cursor[1], .limit = 5}, y),
	    k1);
	IDS(timeline_bookmarks(w->db, w->a, RECENT(9), y), k2);
	OKAY(w, (struct deed){BLOCK, x, y});
	assert_int_equal(timeline_favourites(w->db, w->a, RECENT(9), y).n, 0);
}

/* Random communities. */

enum { PEOPLE = 6, DEEDS = 90, COMMUNITIES = 300, KWIPS_MAX = 128 };

struct community {
	struct rand_seq rand;
	struct arena *a;
	int64_t who[PEOPLE];
	int64_t list[PEOPLE]; /* exclusive ones at times */
	int64_t said[KWIPS_MAX];
	size_t n;
	int64_t before; /* ids of this community are above */
	int number;
};

static int64_t pick(struct community *c, size_t n)
{
	return (int64_t)rand_seq_below(&c->rand, n);
}

static int64_t somebody(struct community *c)
{
	return c->who[pick(c, PEOPLE)];
}

/* People of one community are p<number><letter>, its tag is tea<number>; a third of the texts names
 * one, few differ. */
static const char *some_text(struct community *c)
{
	static char text[64];
	if (pick(c, 3) == 0)
		snprintf(text, sizeof text, "@p%d%c hello %d", c->number,
			 (char)('a' + pick(c, PEOPLE)), (int)pick(c, 3));
	else
		snprintf(text, sizeof text, pick(c, 3) ? "good morning%s" : "good morning%s #tea%d",
			 pick(c, 4)   ? ""
			 : pick(c, 2) ? "?"
				      : " #rain",
			 c->number);
	return text;
}

static const enum verb verbs[] = {
	SAY,    SAY,     SAY,          SAY,          SAY,      SAY,   SAY,     SAY,
	SAY,    SAY,     SAY,          SAY,          BOOST,    BOOST, BOOST,   EDIT,
	DELETE, UNBOOST, MARK,         LOOK,         LOOK,     LOOK,  FOLLOW,  FOLLOW,
	FOLLOW, FOLLOW,  FOLLOW_QUIET, FOLLOW_QUIET, UNFOLLOW, BLOCK, UNBLOCK, UNBLOCK,
	MUTE,   UNMUTE,  SUSPEND,      RESTORE,      RESTORE};

/* What else decides on home: followed tags and exclusive lists. */
static void random_taste(struct tx *tx, struct community *c)
{
	int64_t who = pick(c, PEOPLE), viewer = c->who[who], member = somebody(c);
	struct list l = {c->list[who], S("list"), LIST_REPLIES_LIST, pick(c, 2)};
	struct str tag = arena_printf(c->a, "tea%d", c->number);
	enum err e = OK;
	static const struct str wishes[] = {S_INIT("de"), S_INIT("en de"), S_INIT("")};
	switch (pick(c, 12)) {
	case 7:
		e = follow_languages_set(tx, viewer, member, wishes[pick(c, 3)]);
		break;
	case 0:
	case 1:
		e = tag_follow(tx, viewer, tag);
		break;
	case 2:
		e = tag_unfollow(tx, viewer, tag);
		break;
	case 3:
		e = list_edit(tx, viewer, &l);
		break;
	case 4:
	case 5:
		e = list_members_add(tx, viewer, l.id, &member, 1);
		assert_true(e == OK || e == ERR_NOT_FOUND || e == ERR_INPUT);
		return;
	case 6:
		e = list_members_take(tx, viewer, l.id, &member, 1);
		break;
	default:
		break;
	}
	assert_int_equal(e, OK);
}

static void random_deed(struct tx *tx, struct community *c)
{
	enum verb verb = verbs[pick(c, sizeof verbs / sizeof *verbs)];
	int64_t kwip = c->n ? c->said[pick(c, c->n)] : 0;
	bool is_relation = verb >= FOLLOW && verb <= UNMUTE, is_root = verb == SAY && pick(c, 2);
	struct deed d = {.verb = verb,
			 .who = somebody(c),
			 .a = c->a,
			 .text = some_text(c),
			 .mark = MARK_FAVOURITE};
	d.language = pick(c, 3) ? "en" : pick(c, 2) ? "de" : "fr";
	d.on = is_relation ? somebody(c) : is_root ? 0 : kwip;
	d.visibility = pick(c, 2) ? VISIBLE_PUBLIC : (enum visibility)pick(c, verb == SAY ? 4 : 3);
	if (verb == EDIT || verb == DELETE || (verb == BOOST && pick(c, 3) == 0))
		d.who = DB_I64(tx_db(tx), d.who, "SELECT author FROM kwip WHERE id = ?", A(kwip));
	enum err e = deed_run(tx, &d);
	assert_true(e == OK || e == ERR_NOT_FOUND || e == ERR_DENIED || e == ERR_INPUT);
	assert_int_equal(tx_err(tx), OK);
	if (e == OK && d.made && c->n < KWIPS_MAX)
		c->said[c->n++] = d.made;
	if (verb == SAY && d.made && pick(c, 4))
		assert_int_equal(repeat_look(tx, c->a, d.made), OK);
}

static enum err live(struct tx *tx, void *arg)
{
	struct community *c = arg;
	c->before = tx_id(tx);
	for (int i = 0; i < PEOPLE; i++) {
		char name[32];
		snprintf(name, sizeof name, "p%d%c", c->number, (char)('a' + i));
		struct account_new n = {.name = str_of(name), .password_hash = ""};
		assert_int_equal(account_add(tx, &n, &c->who[i]), OK);
		struct list l = {.title = S("list"), .exclusive = i % 2};
		assert_int_equal(list_add(tx, c->who[i], &l), OK);
		c->list[i] = l.id;
	}
	for (int i = 0; i < DEEDS; i++)
		random_taste(tx, c), random_deed(tx, c);
	return OK;
}

struct expected {
	int64_t kwip[KWIPS_MAX], activity[KWIPS_MAX];
	size_t n;
};

/* timeline.h's definition as sets: who is shunned, who is followed, what is visible; nothing shared
 * with core/. */
static struct expected expect(struct world *w, const struct community *c, int64_t viewer,
			      enum order order, bool repeats)
{
	struct expected x = {0};
	DB_EACH(row, w->db,
		"WITH loved AS (SELECT kwip FROM kwip_tag WHERE tag IN (SELECT tag FROM tag_follow WHERE account = ?1)), "
		"shelved AS (SELECT account AS id FROM list_member WHERE account <> ?1 "
		" AND list IN (SELECT id FROM list WHERE exclusive AND account = ?1)), "
		"shunned AS (SELECT target AS id FROM block WHERE actor = ?1 UNION SELECT actor FROM block WHERE target = ?1 "
		" UNION SELECT target FROM mute WHERE actor = ?1), "
		"friends AS (SELECT target AS id, boosts, languages FROM follow WHERE actor = ?1 AND pending = 0), "
		"barred AS (SELECT target AS id FROM block WHERE actor = ?1 UNION SELECT actor FROM block WHERE target = ?1 "
		" UNION SELECT id FROM account WHERE state <> 0), "
		"plain AS (SELECT id FROM kwip WHERE id > ?2 AND author NOT IN (SELECT id FROM barred) AND (visibility IN (0, 1) "
		" OR author = ?1 OR id IN (SELECT kwip FROM mention WHERE account = ?1) "
		" OR (visibility = 2 AND author IN (SELECT id FROM friends)))) "
		"SELECT k.id, k.activity FROM kwip k WHERE k.id > ?2 "
		"AND k.author NOT IN (SELECT id FROM shelved) AND k.id IN (SELECT id FROM plain) "
		"AND (coalesce(k.boost_of, 0) = 0 OR k.boost_of IN (SELECT id FROM plain)) "
		"AND ((k.visibility = 0 AND k.boost_of IS NULL AND k.id IN (SELECT kwip FROM loved)) OR "
		"((k.author = ?1 OR k.author IN (SELECT id FROM friends)) AND NOT (k.reply_to IS NOT NULL AND k.author <> ?1 AND k.reply_to_author NOT IN (?1, k.author) "
		" AND k.reply_to_author NOT IN (SELECT id FROM friends)) "
		"AND NOT (k.boost_of IS NOT NULL AND k.author <> ?1 AND k.author NOT IN (SELECT id FROM friends WHERE boosts = 1)) "
		"AND NOT (k.language <> '' AND k.author IN (SELECT id FROM friends WHERE languages <> '' "
		" AND ' ' || languages || ' ' NOT LIKE '% ' || k.language || ' %')))) "
		"AND k.author NOT IN (SELECT id FROM shunned) AND coalesce(k.reply_to_author, 0) NOT IN (SELECT id FROM shunned) "
		"AND coalesce((SELECT author FROM kwip b WHERE b.id = k.boost_of), 0) NOT IN (SELECT id FROM shunned) "
		"AND (?3 OR k.repeat_of IS NULL) AND (?4 OR (k.reply_to IS NULL AND k.boost_of IS NULL)) "
		"ORDER BY CASE WHEN ?4 THEN k.id ELSE k.activity END DESC",
		A(viewer), A(c->before), A(repeats), A(order == ORDER_RECENT)) {
		x.kwip[x.n] = db_i64(&row, 0);
		x.activity[x.n++] = db_i64(&row, 1);
	}
	return x;
}

static void equals(const struct expected *x, enum order order, struct ids got, size_t from)
{
	for (size_t i = 0; i < got.n; i++) {
		assert_int_equal(got.at[i], x->kwip[from + i]);
		assert_int_equal(got.cursor[i],
				 order == ORDER_RECENT ? x->kwip[from + i] : x->activity[from + i]);
	}
}

/* All of it in pages, downwards and up again. */
static void pages_equal(struct world *w, int64_t viewer, const struct expected *x, enum order order,
			bool repeats)
{
	struct span s = {.limit = 5, .order = order};
	size_t at = 0;
	for (struct ids page; (page = timeline_home(w->db, w->a, s, viewer, repeats)).n > 0;
	     at += page.n) {
		assert_true(at + page.n <= x->n);
		equals(x, order, page, at);
		s.max_id = page.cursor[page.n - 1];
	}
	assert_int_equal(at, x->n);
	s = (struct span){.limit = 4, .order = order, .min_id = 1};
	for (struct ids page; (page = timeline_home(w->db, w->a, s, viewer, repeats)).n > 0;
	     at -= page.n) {
		assert_true(page.n <= at);
		equals(x, order, page, at - page.n);
		s.min_id = page.cursor[0];
	}
	assert_int_equal(at, 0);
}

static void singles_equal(struct world *w, const struct community *c, int64_t viewer,
			  const struct expected *x, bool repeats)
{
	for (size_t i = 0; i < c->n; i++) {
		bool wanted = false;
		for (size_t j = 0; j < x->n; j++)
			wanted = wanted || x->kwip[j] == c->said[i];
		assert_int_equal(timeline_home_has(w->db, viewer, c->said[i], repeats), wanted);
	}
}

/* The same from the kwip's side. */
static void fanout_agrees(struct world *w, const struct community *c)
{
	struct fanout *f = fanout_open(w->db, w->a);
	for (size_t i = 0; i < c->n; i++) {
		struct said s;
		if (!fanout_said(f, c->said[i], &s))
			continue;
		struct viewers got = fanout_viewers(f, &s);
		size_t at = 0;
		for (int v = 0; v < PEOPLE; v++) {
			if (!timeline_home_has(w->db, c->who[v], c->said[i], true))
				continue;
			assert_true(at < got.n);
			assert_int_equal(got.at[at++], c->who[v]);
		}
		assert_int_equal(at, got.n);
	}
}

/* kwips_visible and kwip_may_see are one. */
static void visibility_agrees(struct world *w, const struct community *c, int64_t viewer)
{
	int64_t ids[KWIPS_MAX];
	memcpy(ids, c->said, sizeof ids);
	size_t n = kwips_visible(w->db, viewer, ids, c->n), at = 0;
	for (size_t i = 0; i < c->n; i++) {
		if (!kwip_may_see(w->db, viewer, c->said[i]))
			continue;
		assert_true(at < n);
		assert_int_equal(ids[at++], c->said[i]);
	}
	assert_int_equal(at, n);
}

static void home_is_as_defined(void **state)
{
	struct world *w = *state;
	size_t entries = 0;
	for (int i = 0; i < COMMUNITIES; i++) {
		struct community c = {.rand = {(uint64_t)i + 1}, .a = w->a, .number = i};
		assert_int_equal(world_do(w, live, &c), OK);
		for (int v = 0; v < 3; v++) {
			for (int way = 0; way < 4; way++) {
				enum order order = way & 1 ? ORDER_RECENT : ORDER_ACTIVE;
				struct expected x = expect(w, &c, c.who[v], order, way & 2);
				pages_equal(w, c.who[v], &x, order, way & 2);
				if (order == ORDER_RECENT)
					singles_equal(w, &c, c.who[v], &x, way & 2);
				entries += x.n;
			}
			visibility_agrees(w, &c, c.who[v]);
		}
		visibility_agrees(w, &c, 0);
		fanout_agrees(w, &c);
		arena_reset(w->a, 1 << 20);
	}
	assert_true(entries > 4 * COMMUNITIES); /* the communities are not empty */
	SCOPED_BUF report = BUF_EMPTY;
	int wrong = site_check_counts(w->db, &report);
	if (wrong)
		print_message("%.*s", (int)report.len, report.at);
	assert_int_equal(wrong, 0);
}

/* What site.c does not count: comments, activity, kwips of people. In an independent wording. */
static void counts_are_kept(void **state)
{
	struct world *w = *state;
	for (int i = 0; i < 40; i++) {
		struct community c = {.rand = {(uint64_t)i + 1000}, .a = w->a, .number = i};
		assert_int_equal(world_do(w, live, &c), OK);
	}
	assert_int_equal(
		DB_I64(w->db, -1,
		       "SELECT count(*) FROM kwip r WHERE r.conversation = r.id AND r.comments_count <> "
		       "(SELECT count(*) FROM kwip c WHERE c.conversation = r.id AND c.id <> r.id AND c.reply_to IS NOT NULL AND c.visibility <= r.visibility)"),
		0);
	assert_int_equal(
		DB_I64(w->db, -1,
		       "SELECT count(*) FROM kwip r WHERE r.conversation <> r.id AND r.comments_count <> "
		       "(SELECT count(*) FROM kwip c WHERE c.reply_to = r.id AND c.visibility <= r.visibility)"),
		0);
	assert_int_equal(
		DB_I64(w->db, -1,
		       "SELECT count(*) FROM kwip r WHERE r.activity <> coalesce("
		       "(SELECT max(c.id) FROM kwip c WHERE c.conversation = r.id AND c.reply_to IS NOT NULL AND c.visibility <= r.visibility "
		       "AND c.id > r.id AND r.conversation = r.id), r.id)"),
		0);
	assert_int_equal(
		DB_I64(w->db, -1,
		       "SELECT count(*) FROM account a WHERE kwips_count <> (SELECT count(*) FROM kwip WHERE author = a.id AND visibility < 3) "
		       "OR coalesce(last_kwip, 0) <> coalesce((SELECT max(id) FROM kwip WHERE author = a.id AND visibility < 3), 0)"),
		0);
	assert_int_equal(
		DB_I64(w->db, -1,
		       "SELECT count(*) FROM kwip_tag t JOIN kwip k ON k.id = t.kwip WHERE t.author <> k.author OR t.activity IS NOT "
		       "CASE WHEN k.visibility = 0 AND k.reply_to IS NULL THEN k.activity END"),
		0);
	assert_true(DB_I64(w->db, 0, "SELECT count(*) FROM kwip_tag WHERE activity > kwip") > 10);
	assert_true(DB_I64(w->db, 0, "SELECT count(*) FROM kwip WHERE repeat_of IS NOT NULL") > 10);
	assert_true(DB_I64(w->db, 0, "SELECT count(*) FROM kwip WHERE comments_count > 0") > 100);
	assert_int_equal(
		DB_I64(w->db, -1,
		       "SELECT count(*) FROM saying s WHERE NOT EXISTS (SELECT 1 FROM kwip k WHERE k.id = s.kwip AND k.repeat_of IS NULL)"),
		0);
	assert_int_equal(
		DB_I64(w->db, -1,
		       "SELECT count(*) FROM kwip WHERE repeat_of IS NOT NULL AND repeat_of NOT IN (SELECT kwip FROM saying)"),
		0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		KWIP_TEST(everyone),        KWIP_TEST(everyone_with_repeats),
		KWIP_TEST(of_an_account),   KWIP_TEST(conversations_and_tags),
		KWIP_TEST(marked),          KWIP_TEST(home_is_as_defined),
		KWIP_TEST(counts_are_kept),
	};
	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
