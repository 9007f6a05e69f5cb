/* SPDX-License-Identifier: MIT */
/* Saying, answering, editing, deleting, boosting, marking; who may see; what loading gives; events
 * and notices. */
#include "kwips.h"

#include "core/conversation.h"
#include "core/people.h"

static enum err try(struct world *w, struct deed d)
{
	return does(w, d);
}

static void refuses_bad_texts(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia");
	conf.kwip_max_chars = 5;
	static const struct {
		const char *text, *warning, *language;
		enum err want;
	} cases[] = {
		{"", NULL, NULL, ERR_INPUT},
		{" \n\t\xc2\xa0", NULL, NULL, ERR_INPUT},
		{"\xff", NULL, NULL, ERR_INPUT},
		{"123456", NULL, NULL, ERR_INPUT},
		{"1234", "12", NULL, ERR_INPUT},
		{"a", "\xc3", NULL, ERR_INPUT},
		{"\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4", NULL, NULL, OK},
		{"a", NULL, "en", OK},
		{"a", NULL, "pt-BR", OK},
		{"a", NULL, "zh-Hans-CN", OK},
		{"a", NULL, "e", ERR_INPUT},
		{"a", NULL, "EN", ERR_INPUT},
		{"a", NULL, "en-", ERR_INPUT},
		{"a", NULL, "en--a", ERR_INPUT},
		{"a", NULL, "en_US", ERR_INPUT},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(
			try(w, (struct deed){SAY, x, 0, cases[i].text, .warning = cases[i].warning,
					     .language = cases[i].language}),
			cases[i].want);
	assert_int_equal(try(w, (struct deed){SAY, x, 0, "a", (enum visibility)4}), ERR_INPUT);
	assert_int_equal(try(w, (struct deed){SAY, x, 99, "a"}), ERR_NOT_FOUND);
	assert_int_equal(try(w, (struct deed){SAY, 99, 0, "a"}), ERR_DENIED);
	OKAY(w, (struct deed){SUSPEND, x});
	assert_int_equal(try(w, (struct deed){SAY, x, 0, "a"}), ERR_DENIED);
}

static void says_once_per_key(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	struct deed first = {SAY, x, 0, "hello", .key = "k1", .a = w->a}, again = first,
		    other = first;
	other.who = y;
	assert_int_equal(world_do(w, deed_run, &first), OK);
	world_events_seen(w);
	assert_int_equal(world_do(w, deed_run, &again), OK);
	assert_int_equal(again.made, first.made);
	assert_int_equal(event_newest(w->db), w->seen);
	assert_int_equal(world_do(w, deed_run, &other), OK);
	assert_int_not_equal(other.made, first.made);
	OKAY(w, (struct deed){DELETE, x, first.made});
	assert_int_equal(world_do(w, deed_run, &again), OK);
	assert_int_not_equal(again.made, first.made);
	assert_int_equal(world_get(w, x).kwips_count, 1);
}

/* The write path: a plain kwip takes no statements beyond these. */
static void is_cheap_to_say(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia");
	says(w, x, "warm", VISIBLE_PUBLIC, 0);
	uint64_t from = db_statements();
	says(w, x, "plain text", VISIBLE_PUBLIC, 0);
	assert_in_range(db_statements() - from, 1, 8); /* four of ours, and the transaction's */
}

static void loads_everything(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k = says(
		w, x, "Hi @Yuri, @nobody, me@yuri and @yuri! #One #two #ONE\r\nhttps://a.example/",
		VISIBLE_PUBLIC, 0);
	int64_t c = says(w, y, "answer", VISIBLE_PUBLIC, k), b = boosts(w, y, k),
		gone = says(w, x, "gone", VISIBLE_PUBLIC, 0);
	OKAY(w, (struct deed){DELETE, x, gone});
	struct kwips all = kwips_load(w->db, w->a, (int64_t[]){b, gone, c, k, b}, 5);
	assert_int_equal(all.n, 4);
	assert_int_equal(all.at[0].id, b);
	assert_int_equal(all.at[0].boosted->id, k);
	assert_true(str_eq(all.at[0].boosted->who->name, S("xenia")));
	assert_int_equal(all.at[0].boosted->mentions.n, 1);
	assert_true(str_eq(all.at[1].reply_to_name, S("xenia")));
	assert_int_equal(all.at[1].conversation, k);
	const struct kwip *root = &all.at[2];
	assert_int_equal(root->n_tags, 2);
	assert_int_equal(root->mentions.at[0].account, y);
	assert_true(str_eq(root->mentions.at[0].url, S("https://kwip.example/@yuri")));
	assert_true(str_eq(root->app_name, S("Web")));
	assert_true(str_find_char(root->body, '\r') < 0);
	assert_int_equal(root->comments_count, 1);
	assert_int_equal(root->boosts_count, 1);
	assert_int_equal(root->activity, c);
	assert_int_equal(DB_I64(w->db, 0, "SELECT count(*) FROM link WHERE kwip = ?", A(k)), 1);
}

static void loads_in_few_statements(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), ids[40];
	for (int i = 0; i < 40; i += 2) {
		ids[i] = says(w, x, "#tag @xenia", VISIBLE_PUBLIC, 0);
		ids[i + 1] = boosts(w, x, ids[i]);
	}
	kwips_load(w->db, w->a, ids, 40);
	uint64_t from = db_statements();
	assert_int_equal(kwips_load(w->db, w->a, ids, 40).n, 40);
	assert_in_range(db_statements() - from, 1, 5);
}

struct sight {
	enum visibility visibility;
	bool visitor, stranger, follower, named;
};

static void shows_to_whom_it_may(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), stranger = world_account(w, "stan"),
		follower = world_account(w, "fay"), named = world_account(w, "nora");
	OKAY(w, (struct deed){FOLLOW, follower, x});
	static const struct sight cases[] = {
		{VISIBLE_PUBLIC, true, true, true, true},
		{VISIBLE_UNLISTED, true, true, true, true},
		{VISIBLE_FOLLOWERS, false, false, true, true},
		{VISIBLE_DIRECT, false, false, false, true},
	};
	for (size_t i = 0; i < 4; i++) {
		int64_t k = says(w, x, "for @nora", cases[i].visibility, 0);
		assert_int_equal(kwip_may_see(w->db, 0, k), cases[i].visitor);
		assert_int_equal(kwip_may_see(w->db, stranger, k), cases[i].stranger);
		assert_int_equal(kwip_may_see(w->db, follower, k), cases[i].follower);
		assert_int_equal(kwip_may_see(w->db, named, k), cases[i].named);
		assert_true(kwip_may_see(w->db, x, k));
		struct kwip out;
		assert_int_equal(kwip_get(w->db, w->a, stranger, k, &out),
				 cases[i].stranger ? OK : ERR_NOT_FOUND);
	}
	int64_t k = says(w, x, "for @nora", VISIBLE_PUBLIC, 0), b = boosts(w, follower, k);
	OKAY(w, (struct deed){BLOCK, x, named});
	assert_false(kwip_may_see(w->db, named, k));
	assert_false(kwip_may_see(w->db, named, b));
	assert_int_equal(try(w, (struct deed){SAY, named, k, "hey"}), ERR_DENIED);
	OKAY(w, (struct deed){SUSPEND, x});
	assert_false(kwip_may_see(w->db, 0, k));
	assert_false(kwip_may_see(w->db, follower, b));
}

static void answers(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t k = says(w, x, "root", VISIBLE_UNLISTED, 0);
	world_events_seen(w);
	int64_t c1 = says(w, y, "first", VISIBLE_PUBLIC, k);
	assert_int_equal(kwip_now(w, c1).visibility, VISIBLE_UNLISTED);
	assert_int_equal(world_events(w, EVENT_KWIP_NEW, y, x), 1);
	assert_int_equal(world_events(w, EVENT_KWIP_COUNTS, x, x), 1);
	int64_t c2 = says(w, z, "second @xenia", VISIBLE_PUBLIC, c1);
	assert_int_equal(kwip_now(w, c2).conversation, k);
	assert_int_equal(kwip_now(w, c1).comments_count, 1);
	assert_int_equal(kwip_now(w, k).comments_count, 2);
	assert_int_equal(kwip_now(w, k).activity, c2);
	says(w, z, "psst @yuri", VISIBLE_DIRECT, c1);
	assert_int_equal(kwip_now(w, k).comments_count, 2);
	assert_int_equal(kwip_now(w, k).activity, c2);
	int64_t b = boosts(w, z, k), c3 = says(w, y, "to a boost", VISIBLE_PUBLIC, b);
	assert_int_equal(kwip_now(w, c3).reply_to, k);
	struct notices nx = notice_list(w->db, w->a, x, 0, 0, 20),
		       ny = notice_list(w->db, w->a, y, 0, 0, 20);
	assert_int_equal(nx.n, 4); /* comment, mention, boost, comment */
	assert_int_equal(nx.at[3].kind, NOTICE_COMMENT);
	assert_int_equal(nx.at[2].kind, NOTICE_MENTION);
	assert_int_equal(ny.n, 2);
	assert_int_equal(ny.at[0].kind, NOTICE_MENTION);
	assert_int_equal(ny.at[1].kind, NOTICE_COMMENT);
	OKAY(w, (struct deed){DELETE, y, c3});
	assert_int_equal(kwip_now(w, k).activity, c2);
	OKAY(w, (struct deed){DELETE, z, c2});
	assert_int_equal(kwip_now(w, k).activity, c1);
	assert_int_equal(kwip_now(w, c1).comments_count, 0);
	OKAY(w, (struct deed){DELETE, y, c1});
	assert_int_equal(kwip_now(w, k).activity, k);
	assert_int_equal(kwip_now(w, k).comments_count, 0);
}

static void edits(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	clock_pin(1000000000000);
	int64_t k = says(w, x, "one @yuri #old", VISIBLE_PUBLIC, 0);
	boosts(w, y, k);
	world_events_seen(w);
	OKAY(w, (struct deed){EDIT, x, k, "one @yuri #old"});
	assert_int_equal(event_newest(w->db), w->seen);
	OKAY(w, (struct deed){EDIT, x, k, "two #new", .language = "de"});
	OKAY(w, (struct deed){EDIT, x, k, "three #new", .warning = "hm"});
	assert_int_equal(world_events(w, EVENT_KWIP_EDIT, x, 0), 2);
	struct kwip now = kwip_now(w, k);
	assert_int_equal(now.mentions.n, 0);
	assert_int_equal(now.n_tags, 1);
	assert_true(str_eq(now.tags[0], S("new")));
	assert_true(str_eq(now.language, S("de")));
	assert_true(now.sensitive && now.edited_at > 0);
	struct kwip_editions h = kwip_history(w->db, w->a, k);
	assert_int_equal(h.n, 3);
	assert_true(str_eq(h.at[0].body, S("one @yuri #old")));
	assert_true(str_eq(h.at[2].body, S("three #new")));
	assert_int_equal(h.at[0].at, id_ms(k));
	assert_true(h.at[2].at > h.at[1].at);
	assert_int_equal(notice_list(w->db, w->a, y, 0, 0, 9).at[0].kind, NOTICE_EDIT);
	assert_int_equal(try(w, (struct deed){EDIT, y, k, "mine"}), ERR_DENIED);
	assert_int_equal(try(w, (struct deed){EDIT, x, 99, "none"}), ERR_NOT_FOUND);
	assert_int_equal(try(w, (struct deed){EDIT, x, k, " "}), ERR_INPUT);
	int64_t secret = says(w, x, "secret", VISIBLE_DIRECT, 0);
	assert_int_equal(try(w, (struct deed){EDIT, y, secret, "x"}), ERR_NOT_FOUND);
}

static void deletes(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k = says(w, x, "root @yuri", VISIBLE_PUBLIC, 0),
		c = says(w, y, "stays", VISIBLE_PUBLIC, k), b = boosts(w, y, k);
	OKAY(w, (struct deed){MARK, y, k, .mark = MARK_FAVOURITE});
	assert_int_equal(try(w, (struct deed){DELETE, y, k}), ERR_DENIED);
	world_events_seen(w);
	OKAY(w, (struct deed){DELETE, x, k});
	assert_int_equal(world_events(w, EVENT_KWIP_DELETE, x, x), 1);
	assert_int_equal(world_events(w, EVENT_KWIP_DELETE, y, x), 1);
	assert_int_equal(DB_I64(w->db, 0, "SELECT count(*) FROM kwip"), 1);
	assert_int_equal(
		DB_I64(w->db, 0, "SELECT count(*) FROM tombstone WHERE id IN (?, ?)", A(k), A(b)),
		2);
	assert_int_equal(DB_I64(w->db, 0, "SELECT count(*) FROM favourite"), 0);
	assert_int_equal(kwip_now(w, c).conversation, k);
	assert_int_equal(world_get(w, x).kwips_count, 0);
	assert_int_equal(world_get(w, x).last_kwip, 0);
	assert_int_equal(world_get(w, y).kwips_count, 1);
	assert_int_equal(world_get(w, y).last_kwip, c);
	assert_int_equal(try(w, (struct deed){DELETE, x, k}), ERR_NOT_FOUND);
	int64_t on = says(w, x, "goes on", VISIBLE_PUBLIC, c);
	assert_int_equal(kwip_now(w, on).conversation, k);
	assert_int_equal(kwip_now(w, c).comments_count, 1);
}

static void boosts_and_back(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t k = says(w, x, "one", VISIBLE_UNLISTED, 0),
		secret = says(w, x, "two", VISIBLE_FOLLOWERS, 0);
	int64_t direct = says(w, x, "three", VISIBLE_DIRECT, 0);
	world_events_seen(w);
	int64_t b = boosts(w, y, k);
	assert_int_equal(world_events(w, EVENT_KWIP_NEW, y, x), 1);
	assert_int_equal(world_events(w, EVENT_KWIP_COUNTS, x, x), 1);
	assert_int_equal(world_events(w, EVENT_MARK, y, 0), 1);
	assert_int_equal(boosts(w, y, k), b);
	assert_int_equal(kwip_now(w, boosts(w, z, b)).boost_of, k);
	assert_int_equal(kwip_now(w, k).boosts_count, 2);
	assert_int_equal(kwip_now(w, b).visibility, VISIBLE_UNLISTED);
	assert_int_equal(try(w, (struct deed){BOOST, y, secret}), ERR_NOT_FOUND);
	OKAY(w, (struct deed){FOLLOW, y, x});
	assert_int_equal(try(w, (struct deed){BOOST, y, secret}), ERR_DENIED);
	assert_int_equal(try(w, (struct deed){BOOST, x, direct}), ERR_DENIED);
	assert_int_equal(kwip_now(w, boosts(w, x, secret)).visibility, VISIBLE_FOLLOWERS);
	struct people p = people_page(w->db, w->a, PEOPLE_BOOSTED, k, (struct span){.limit = 1});
	assert_int_equal(p.who.n, 1);
	assert_int_equal(p.who.at[0].id, z);
	p = people_page(w->db, w->a, PEOPLE_BOOSTED, k,
			(struct span){.limit = 1, .max_id = p.last});
	assert_int_equal(p.who.at[0].id, y);
	OKAY(w, (struct deed){UNBOOST, y, k});
	OKAY(w, (struct deed){UNBOOST, y, k});
	assert_int_equal(kwip_now(w, k).boosts_count, 1);
	assert_int_equal(notice_list(w->db, w->a, x, 0, 0, 9).at[0].kind, NOTICE_FOLLOW);
	assert_int_equal(try(w, (struct deed){UNBOOST, y, 99}), ERR_NOT_FOUND);
}

static void marks(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k = says(w, x, "root", VISIBLE_PUBLIC, 0),
		c = says(w, x, "comment", VISIBLE_PUBLIC, k);
	for (int i = 0; i < 2; i++) {
		OKAY(w, (struct deed){MARK, y, k, .mark = MARK_FAVOURITE});
		OKAY(w, (struct deed){MARK, y, c, .mark = MARK_BOOKMARK});
		OKAY(w, (struct deed){MARK, y, c, .mark = MARK_MUTE});
	}
	boosts(w, y, c);
	int bits[3];
	kwip_marks(w->db, y, (int64_t[]){k, c, 77}, (int64_t[]){k, k, 77}, 3, bits);
	assert_int_equal(bits[0], MARK_FAVOURITE | MARK_MUTE);
	assert_int_equal(bits[1], MARK_BOOKMARK | MARK_BOOST | MARK_MUTE);
	assert_int_equal(bits[2], 0);
	kwip_marks(w->db, 0, (int64_t[]){k}, (int64_t[]){k}, 1, bits);
	assert_int_equal(bits[0], 0);
	assert_int_equal(kwip_now(w, k).favourites_count, 1);
	struct event e[64];
	size_t n = event_read(w->db, w->seen, e, 64);
	int64_t root_bits = 0;
	for (size_t i = 0; i < n; i++)
		root_bits = e[i].kind == EVENT_MARK && e[i].kwip == k ? e[i].extra : root_bits;
	assert_int_equal(root_bits, MARK_FAVOURITE | MARK_MUTE);
	struct people p = people_page(w->db, w->a, PEOPLE_FAVOURITED, k, (struct span){.limit = 9});
	assert_int_equal(p.who.at[0].id, y);
	assert_false(p.full);
	OKAY(w, (struct deed){UNMARK, y, k, .mark = MARK_FAVOURITE});
	assert_int_equal(kwip_now(w, k).favourites_count, 0);
	assert_int_equal(notice_list(w->db, w->a, x, 0, 0, 9).n, 1); /* the boost alone */
	int64_t secret = says(w, x, "secret", VISIBLE_DIRECT, 0);
	assert_int_equal(try(w, (struct deed){MARK, y, secret, .mark = MARK_FAVOURITE}),
			 ERR_NOT_FOUND);
}

/* What one may not see answers as if it were not there, whatever is tried on it. */
static void tells_nothing_of_the_hidden(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t secret = says(w, x, "secret", VISIBLE_FOLLOWERS, 0),
		open = says(w, z, "open", VISIBLE_PUBLIC, 0);
	struct deed quiet = {BOOST, x, open, .visibility = VISIBLE_FOLLOWERS};
	assert_int_equal(world_do(w, deed_run, &quiet), OK);
	const int64_t hidden[] = {secret, quiet.made};
	const enum mark all[] = {MARK_FAVOURITE, MARK_BOOKMARK, MARK_MUTE};
	for (size_t i = 0; i < 2; i++) {
		for (size_t m = 0; m < 3; m++) {
			assert_int_equal(try(w, (struct deed){MARK, y, hidden[i], .mark = all[m]}),
					 ERR_NOT_FOUND);
			assert_int_equal(
				try(w, (struct deed){UNMARK, y, hidden[i], .mark = all[m]}),
				ERR_NOT_FOUND);
		}
		assert_int_equal(try(w, (struct deed){BOOST, y, hidden[i]}), ERR_NOT_FOUND);
		assert_int_equal(try(w, (struct deed){UNBOOST, y, hidden[i]}), ERR_NOT_FOUND);
	}
	/* Who lost sight of it can take back what they had done, once. */
	OKAY(w, (struct deed){FOLLOW, y, x});
	OKAY(w, (struct deed){MARK, y, secret, .mark = MARK_FAVOURITE});
	OKAY(w, (struct deed){UNFOLLOW, y, x});
	assert_int_equal(timeline_favourites(w->db, w->a, (struct span){.limit = 9}, y).n, 0);
	OKAY(w, (struct deed){UNMARK, y, secret, .mark = MARK_FAVOURITE});
	assert_int_equal(kwip_now(w, secret).favourites_count, 0);
	assert_int_equal(try(w, (struct deed){UNMARK, y, secret, .mark = MARK_FAVOURITE}),
			 ERR_NOT_FOUND);
	assert_int_equal(kwip_said(w->db, quiet.made), open);
	assert_int_equal(kwip_said(w->db, 99), 0);
}

/* A private kwip's answers reach who said it, without being named, also after an edit. */
static void answers_in_private(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t direct = says(w, x, "@yuri a word?", VISIBLE_DIRECT, 0);
	int64_t back = says(w, y, "yes", VISIBLE_PUBLIC, direct);
	assert_int_equal(kwip_now(w, back).visibility, VISIBLE_DIRECT);
	assert_true(kwip_may_see(w->db, x, back));
	assert_false(kwip_may_see(w->db, z, back));
	assert_int_equal(notice_list(w->db, w->a, x, 0, 0, 9).at[0].kwip, back);
	OKAY(w, (struct deed){EDIT, y, back, "yes!"});
	assert_true(kwip_may_see(w->db, x, back));
	int64_t open = says(w, x, "open", VISIBLE_PUBLIC, 0);
	int64_t aside = says(w, y, "not for xenia", VISIBLE_FOLLOWERS, open);
	assert_false(kwip_may_see(w->db, x, aside));
	/* When somebody writes in private is not for others either. */
	int64_t day = world_get(w, x).last_kwip;
	says(w, x, "@yuri still there?", VISIBLE_DIRECT, 0);
	assert_int_equal(world_get(w, x).last_kwip, day);
}

static size_t told_of(struct world *w, int64_t who, int64_t kwip)
{
	size_t n = 0;
	struct notices all = notice_list(w->db, w->a, who, 0, 0, 99);
	for (size_t i = 0; i < all.n; i++)
		n += all.at[i].kind == NOTICE_KWIP && all.at[i].kwip == kwip;
	return n;
}

static void tells_who_asked_for_it(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), keen = world_account(w, "keen"),
		cool = world_account(w, "cool");
	OKAY(w, (struct deed){FOLLOW_KEEN, keen, x});
	OKAY(w, (struct deed){FOLLOW, cool, x});
	int64_t k = says(w, x, "news", VISIBLE_FOLLOWERS, 0),
		more = says(w, x, "more", VISIBLE_FOLLOWERS, k);
	assert_int_equal(told_of(w, keen, k), 1);
	assert_int_equal(told_of(w, keen, more), 1);
	assert_int_equal(told_of(w, cool, k), 0);
	assert_int_equal(told_of(w, keen, says(w, x, "@cool psst", VISIBLE_DIRECT, 0)), 0);
	assert_int_equal(told_of(w, keen, says(w, x, "@keen look", VISIBLE_PUBLIC, 0)), 0);
	int64_t other = says(w, cool, "mine", VISIBLE_PUBLIC, 0);
	assert_int_equal(told_of(w, keen, says(w, x, "yours", VISIBLE_PUBLIC, other)), 0);
	OKAY(w, (struct deed){MUTE, keen, x});
	assert_int_equal(told_of(w, keen, says(w, x, "again", VISIBLE_PUBLIC, 0)), 0);
	OKAY(w, (struct deed){SUSPEND, x});
	assert_int_equal(notice_list(w->db, w->a, keen, 0, 0, 99).n, 0);
}

static void keeps_a_bounded_history(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), k = says(w, x, "0", VISIBLE_PUBLIC, 0);
	for (int i = 1; i <= 105; i++)
		OKAY(w, (struct deed){EDIT, x, k, arena_printf(w->a, "%d", i).at});
	struct kwip_editions h = kwip_history(w->db, w->a, k);
	assert_int_equal(h.n, 101);
	assert_true(str_eq(h.at[0].body, S("5")));
	assert_true(str_eq(h.at[100].body, S("105")));
	assert_true(h.at[0].at > id_ms(k));
}

static struct context_most up_to(int n)
{
	return (struct context_most){n, n, n};
}

static void threads(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri"),
		z = world_account(w, "zoe");
	int64_t root = says(w, x, "root", VISIBLE_PUBLIC, 0),
		b = says(w, y, "b", VISIBLE_PUBLIC, root);
	for (int i = 0; i < 5; i++)
		says(w, x, "between", VISIBLE_PUBLIC, root);
	int64_t c = says(w, z, "c", VISIBLE_PUBLIC, b), d = says(w, x, "d", VISIBLE_PUBLIC, c);
	struct context of_d = conversation_context(w->db, w->a, 0, d, up_to(3)),
		       of_b = conversation_context(w->db, w->a, 0, b, up_to(9));
	assert_int_equal(of_d.ancestors.n, 3); /* however many comments came before */
	assert_int_equal(of_d.ancestors.at[0], root);
	assert_int_equal(of_d.ancestors.at[2], c);
	assert_int_equal(of_b.descendants.n, 2);
	assert_int_equal(of_b.descendants.at[0], c);
	assert_int_equal(conversation_context(w->db, w->a, 0, root, up_to(99)).descendants.n, 8);
	OKAY(w, (struct deed){MUTE, x, z});
	of_d = conversation_context(w->db, w->a, x, d, up_to(9));
	assert_int_equal(of_d.ancestors.n, 2);
	assert_int_equal(of_d.ancestors.at[1], b);
	of_b = conversation_context(w->db, w->a, x, b, up_to(9));
	assert_int_equal(of_b.descendants.n, 1);
	assert_int_equal(of_b.descendants.at[0], d);
	assert_int_equal(conversation_context(w->db, w->a, x, 99, up_to(9)).ancestors.n, 0);
}

static void knows_its_own_members_by_their_address(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	struct kwip k = kwip_now(
		w, says(w, x, "@Yuri@Kwip.Example and @yuri@other.example.", VISIBLE_PUBLIC, 0));
	assert_int_equal(k.mentions.n, 1);
	assert_int_equal(k.mentions.at[0].account, y);
	struct str html = markup_html(w->a, k.body, k.mentions, S("")).s;
	assert_true(str_find(html, S("href=\"/@yuri\"")) > 0);
	assert_true(str_find(html, S("@yuri@other.example.")) > 0);
}

static void names_visibilities(void **state)
{
	(void)state;
	enum visibility v;
	for (enum visibility i = VISIBLE_PUBLIC; i <= VISIBLE_DIRECT; i++) {
		assert_true(visibility_of(visibility_name(i), &v));
		assert_int_equal(v, i);
	}
	assert_false(visibility_of(S("secret"), &v));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		KWIP_TEST(refuses_bad_texts),
		KWIP_TEST(says_once_per_key),
		KWIP_TEST(is_cheap_to_say),
		KWIP_TEST(loads_everything),
		KWIP_TEST(loads_in_few_statements),
		KWIP_TEST(shows_to_whom_it_may),
		KWIP_TEST(answers),
		KWIP_TEST(edits),
		KWIP_TEST(deletes),
		KWIP_TEST(boosts_and_back),
		KWIP_TEST(marks),
		KWIP_TEST(tells_nothing_of_the_hidden),
		KWIP_TEST(answers_in_private),
		KWIP_TEST(tells_who_asked_for_it),
		KWIP_TEST(keeps_a_bounded_history),
		KWIP_TEST(threads),
		KWIP_TEST(knows_its_own_members_by_their_address),
		cmocka_unit_test(names_visibilities),
	};
	return cmocka_run_group_tests_name("kwip", tests, NULL, NULL);
}
