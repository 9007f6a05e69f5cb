/* SPDX-License-Identifier: MIT */
/*
 * Gathering: what is found, joined and counted, the same with a cache as without one. Cards that
 * the cache holds say "kept", those made here say "made", so that it shows where one came from.
 */
#include "kwips.h"

#include "core/gather.h"

enum { CAP = 8 << 20, GONE = 12345 };

static int made, authored; /* calls of the form since `look` */

static void put_record(struct buf *out, struct card c, struct str word)
{
	c.part[0] = word;
	card_pack(out, &c);
}

static void make_kwip(struct buf *out, struct arena *a, const struct kwip *k)
{
	(void)a;
	made++;
	put_record(out, card_of_kwip(k), S("made"));
}

static void make_author(struct buf *out, struct arena *a, const struct account *who)
{
	(void)a;
	authored++;
	buf_put(out, who->name);
}

static const struct gather_form json = {CACHE_CARD, 0, true, false, make_kwip, make_author};
static const struct gather_form html = {CACHE_PAGE, 1, false, false, make_kwip, make_author};

/* A room: xenia says root and a comment below it, yuri boosts root, vera looks and has marks. */
struct room {
	int64_t xenia, yuri, vera, root, comment, boost, newest;
};

static struct room room_make(struct world *w)
{
	struct room r = {.xenia = world_account(w, "xenia"),
			 .yuri = world_account(w, "yuri"),
			 .vera = world_account(w, "vera")};
	r.root = says(w, r.xenia, "root", VISIBLE_PUBLIC, 0);
	r.comment = says(w, r.yuri, "comment", VISIBLE_PUBLIC, r.root);
	r.boost = boosts(w, r.yuri, r.root);
	OKAY(w, (struct deed){MARK, r.vera, r.root, .mark = MARK_FAVOURITE});
	OKAY(w, (struct deed){MARK, r.vera, r.root, .mark = MARK_MUTE});
	OKAY(w, (struct deed){MARK, r.vera, r.comment, .mark = MARK_BOOKMARK});
	r.newest = event_newest(w->db);
	return r;
}

static void keep_kwip(struct cache_write *c, enum cache_kind kind, struct card card)
{
	SCOPED_BUF b = BUF_EMPTY;
	put_record(&b, card, kind == CACHE_PAGE ? S("kept page") : S("kept"));
	assert_int_equal(cache_put(c, kind, card.id, buf_str(&b)), OK);
}

static void keep_author(struct cache_write *c, int64_t id)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct card card = {.id = id, .part = {S_INIT("kept"), S_INIT("kept html")}};
	card_pack(&b, &card);
	assert_int_equal(cache_put(c, CACHE_ACCOUNT, id, buf_str(&b)), OK);
}

static void keep_marks(struct cache_write *c, const struct room *r)
{
	assert_int_equal(cache_mark_put(c, r->vera, r->root, MARK_FAVOURITE | MARK_MUTE), OK);
	assert_int_equal(cache_mark_put(c, r->vera, r->comment, MARK_BOOKMARK), OK);
}

/* A cache of the whole room, and of a card and boosts whose other halves are nowhere. */
static void cache_make(struct world *w, const struct room *r)
{
	const int64_t kwips[] = {r->root, r->comment, r->boost};
	struct cache *c;
	struct cache_write *to;
	assert_int_equal(cache_open(&c, scratch_str(&w->dir), true, CAP), OK);
	assert_int_equal(cache_write_begin(c, &to), OK);
	for (int i = 0; i < 3; i++) {
		struct kwip k = kwip_now(w, kwips[i]);
		keep_kwip(to, CACHE_CARD, card_of_kwip(&k));
		keep_kwip(to, CACHE_PAGE, card_of_kwip(&k));
	}
	keep_kwip(to, CACHE_CARD, (struct card){.id = GONE, .author = GONE});
	keep_kwip(to, CACHE_CARD, (struct card){GONE + 1, r->xenia, .boost_of = GONE + 2});
	keep_kwip(to, CACHE_CARD, (struct card){GONE + 3, GONE, .boost_of = r->root});
	keep_kwip(to, CACHE_CARD, (struct card){GONE + 4, r->xenia, .boost_of = r->boost});
	keep_author(to, r->xenia);
	keep_author(to, r->yuri);
	keep_marks(to, r);
	struct cache_meta meta = {.seq = r->newest, .epoch = card_epoch(w->db), .ready = 1};
	assert_int_equal(cache_commit(to, meta), OK);
	cache_close(c);
	lens_use(scratch_str(&w->dir), CAP);
}

static struct lens *look(struct world *w, bool cached)
{
	made = authored = 0;
	db_begin(w->db);
	struct lens *l = cached ? lens_open(w->db, w->a) : lens_blank(w->db, w->a);
	assert_int_equal(lens_state(l).has_cache, cached);
	return l;
}

static void look_away(struct world *w, struct lens *l)
{
	lens_close(l);
	db_end(w->db);
}

static void assert_is(const struct gathered *k, int64_t id, struct str word, struct str author)
{
	assert_non_null(k);
	assert_int_equal(k->card.id, id);
	assert_true(str_eq(k->card.part[0], word));
	assert_true(str_eq(k->author, author));
}

static void find_all(struct world *w, const struct room *r, bool cached)
{
	struct lens *l = look(w, cached);
	int64_t ids[] = {r->boost, r->comment, r->boost};
	struct gather_ask ask = {w->db, l, r->vera, ids, 3};
	const struct gather *g = gather_kwips(w->a, &ask, &json);
	struct str word = cached ? S("kept") : S("made");
	const struct gathered *b = gather_find(g, r->boost), *root = gather_find(g, r->root);
	assert_is(b, r->boost, word, cached ? S("kept") : S("yuri"));
	assert_is(root, r->root, word, cached ? S("kept") : S("xenia"));
	assert_is(gather_find(g, r->comment), r->comment, word, cached ? S("kept") : S("yuri"));
	assert_ptr_equal(b->boosted, root);
	assert_null(root->boosted);
	assert_int_equal(made, cached ? 0 : 3);
	assert_int_equal(authored, cached ? 0 : 2);
	look_away(w, l);
}

static void find_marks(struct world *w, const struct room *r, bool cached)
{
	struct lens *l = look(w, cached);
	int64_t ids[] = {r->comment, r->boost};
	struct gather_ask ask = {w->db, l, r->vera, ids, 2};
	const struct gather *g = gather_kwips(w->a, &ask, &json);
	assert_int_equal(gather_find(g, r->root)->bits, MARK_FAVOURITE | MARK_MUTE);
	assert_int_equal(gather_find(g, r->boost)->bits, MARK_FAVOURITE | MARK_MUTE);
	/* Muted is the conversation, by its root. */
	assert_int_equal(gather_find(g, r->comment)->bits, MARK_BOOKMARK | MARK_MUTE);
	ask.viewer = 0;
	g = gather_kwips(w->a, &ask, &json);
	assert_int_equal(gather_find(g, r->root)->bits, 0);
	assert_int_equal(gather_find(g, r->boost)->bits, 0);
	assert_int_equal(gather_find(g, r->comment)->bits, 0);
	look_away(w, l);
}

static void pass_over_gone(struct world *w, const struct room *r, bool cached)
{
	struct lens *l = look(w, cached);
	int64_t ids[] = {r->comment, r->boost, GONE, GONE + 1, GONE + 3, GONE + 4, 0};
	struct gather_ask ask = {w->db, l, r->vera, ids, 7};
	const struct gather *g = gather_kwips(w->a, &ask, &json);
	for (int i = 0; i < 7; i++)
		assert_int_equal(gather_find(g, ids[i]) != NULL, i < 2);
	ask.n = 1;
	assert_null(gather_find(gather_kwips(w->a, &ask, &json), r->boost)); /* nobody asked */
	ask.n = 0;
	assert_null(gather_find(gather_kwips(w->a, &ask, &json), r->comment));
	look_away(w, l);
}

static void blank_is_as_cached(void **state)
{
	struct world *w = *state;
	struct room r = room_make(w);
	cache_make(w, &r);
	for (int cached = 0; cached < 2; cached++) {
		find_all(w, &r, cached);
		find_marks(w, &r, cached);
		pass_over_gone(w, &r, cached);
	}
	lens_forget();
}

static void warm_takes_no_statement(void **state)
{
	struct world *w = *state;
	struct room r = room_make(w);
	cache_make(w, &r);
	struct lens *l = look(w, true);
	int64_t ids[] = {r.boost, r.comment};
	struct gather_ask ask = {w->db, l, r.vera, ids, 2};
	uint64_t from = db_statements();
	const struct gather *g = gather_kwips(w->a, &ask, &html);
	assert_int_equal(db_statements() - from, 0);
	assert_is(gather_find(g, r.boost), r.boost, S("kept page"), S("kept html"));
	look_away(w, l);
	lens_forget();
}

/* What changed after the cache was written is made anew, and nothing else. */
static void makes_anew_what_is_stale(void **state)
{
	struct world *w = *state;
	struct room r = room_make(w);
	cache_make(w, &r);
	OKAY(w, (struct deed){EDIT, r.xenia, r.root, "other words"});
	OKAY(w, (struct deed){DELETE, r.yuri, r.comment});
	struct lens *l = look(w, true);
	int64_t ids[] = {r.boost, r.comment};
	struct gather_ask ask = {w->db, l, r.vera, ids, 2};
	const struct gather *g = gather_kwips(w->a, &ask, &json);
	assert_is(gather_find(g, r.boost), r.boost, S("kept"), S("yuri")); /* counts less kwips */
	assert_is(gather_find(g, r.boost)->boosted, r.root, S("made"), S("kept"));
	assert_null(gather_find(g, r.comment));
	assert_int_equal(made, 1);
	assert_int_equal(authored, 1);
	look_away(w, l);
	lens_forget();
}

static uint64_t statements_of(struct world *w, int64_t viewer, const int64_t *ids, size_t n)
{
	struct gather_ask ask = {w->db, lens_blank(w->db, w->a), viewer, ids, n};
	uint64_t from = db_statements();
	const struct gather *g = gather_kwips(w->a, &ask, &json);
	for (size_t i = 0; i < n; i++)
		assert_non_null(gather_find(g, ids[i]));
	return db_statements() - from;
}

struct posting {
	struct arena *a;
	struct draft d;
	int64_t id;
};

static enum err posting_run(struct tx *tx, void *arg)
{
	struct posting *p = arg;
	return kwip_post(tx, p->a, &p->d, &p->id);
}

/* 40 boosts by many, of kwips by many, take as many statements as one; the last of them asks
 * whether the viewer has filters. */
static void loads_in_few_statements(void **state)
{
	enum { PEOPLE = 8, KWIPS = 40 };
	struct world *w = *state;
	int64_t people[PEOPLE], ids[KWIPS];
	for (int i = 0; i < PEOPLE; i++) {
		char name[] = "person0";
		name[6] = (char)('0' + i);
		people[i] = world_account(w, name);
	}
	for (int i = 0; i < KWIPS; i++) {
		int64_t k = says(w, people[i % PEOPLE], "#tag @person0", VISIBLE_PUBLIC, 0);
		ids[i] = boosts(w, people[(i + 1) % PEOPLE], k);
	}
	uint64_t one = statements_of(w, people[0], ids, 1);
	assert_in_range(one, 1, 15);
	assert_int_equal(statements_of(w, people[0], ids, KWIPS), one);
}

/* So do 20 quotes and their 20 polls: what differs between viewers is loaded together as well. */
static void loads_parts_in_few_statements(void **state)
{
	enum { KWIPS = 20 };
	struct world *w = *state;
	int64_t ids[KWIPS], ann = world_account(w, "ann"), bob = world_account(w, "bob");
	for (int i = 0; i < KWIPS; i++) {
		struct str options[] = {S_INIT("yes"), S_INIT("no")};
		struct poll_draft poll = {.options = options, .n = 2, .life_s = 300};
		struct posting asked = {w->a, {.author = ann, .body = S("?"), .poll = &poll}, 0};
		assert_int_equal(world_do(w, posting_run, &asked), OK);
		struct posting quote = {
			w->a, {.author = bob, .body = S("!"), .quote_of = asked.id}, 0};
		assert_int_equal(world_do(w, posting_run, &quote), OK);
		ids[i] = quote.id;
	}
	struct gather_ask ask = {w->db, lens_blank(w->db, w->a), bob, ids, KWIPS};
	const struct gather *g = gather_kwips(w->a, &ask, &json);
	for (int i = 0; i < KWIPS; i++) {
		const struct gathered *k = gather_find(g, ids[i]);
		assert_int_equal(k->quote_state, QUOTE_ACCEPTED);
		assert_int_equal(k->quoted->poll->n, 2);
	}
	uint64_t one = statements_of(w, bob, ids, 1);
	assert_in_range(one, 1, 25);
	assert_int_equal(statements_of(w, bob, ids, KWIPS), one);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		KWIP_TEST(blank_is_as_cached),
		KWIP_TEST(warm_takes_no_statement),
		KWIP_TEST(makes_anew_what_is_stale),
		KWIP_TEST(loads_in_few_statements),
		KWIP_TEST(loads_parts_in_few_statements),
	};
	return cmocka_run_group_tests_name("gather", tests, NULL, NULL);
}
