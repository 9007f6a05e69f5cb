/* SPDX-License-Identifier: MIT */
/* Quotes: who may, who sees what, counts; and kwips that have more than a text in their history. */
#include "kwips.h"

#include "core/quote.h"

struct quoting {
	struct arena *a;
	int64_t who, of, made;
	enum visibility visibility;
	enum quote_policy policy;
	const char *text;
};

static enum err quote_run(struct tx *tx, void *arg)
{
	struct quoting *q = arg;
	struct draft d = {.author = q->who,
			  .body = str_of(q->text ? q->text : "look"),
			  .visibility = q->visibility,
			  .quote_of = q->of,
			  .has_quote_policy = true,
			  .quote_policy = q->policy};
	return kwip_post(tx, q->a, &d, &q->made);
}

static enum err quotes(struct world *w, struct quoting q, int64_t *made)
{
	q.a = w->a;
	enum err e = world_do(w, quote_run, &q);
	*made = q.made;
	return e;
}

static int64_t with_policy(struct world *w, int64_t who, enum quote_policy p, enum visibility v)
{
	int64_t made;
	assert_int_equal(
		quotes(w, (struct quoting){.who = who, .visibility = v, .policy = p}, &made), OK);
	return made;
}

static void who_may_quote(void **state)
{
	struct world *w = *state;
	enum { AUTHOR, FAN, STRANGER };
	int64_t who[] = {world_account(w, "author"), world_account(w, "fan"),
			 world_account(w, "stranger")};
	int64_t made;
	OKAY(w, (struct deed){FOLLOW, who[FAN], who[AUTHOR]});
	static const struct {
		enum quote_policy p;
		enum visibility v;
		bool may[3];
	} cases[] = {{QUOTE_BY_ALL, VISIBLE_PUBLIC, {true, true, true}},
		     {QUOTE_BY_ALL, VISIBLE_UNLISTED, {true, true, true}},
		     {QUOTE_BY_FOLLOWERS, VISIBLE_PUBLIC, {true, true, false}},
		     {QUOTE_BY_NOBODY, VISIBLE_PUBLIC, {true, false, false}},
		     {QUOTE_BY_ALL, VISIBLE_FOLLOWERS, {true, false, false}},
		     {QUOTE_BY_ALL, VISIBLE_DIRECT, {false, false, false}}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t k = with_policy(w, who[AUTHOR], cases[i].p, cases[i].v);
		for (int j = 0; j < 3; j++) {
			assert_int_equal(quotes(w, (struct quoting){.who = who[j], .of = k}, &made),
					 cases[i].may[j] ? OK : ERR_NOT_FOUND);
			assert_int_equal(quote_may(w->db, who[j], k), cases[i].may[j]);
		}
		assert_int_equal(kwip_now(w, k).quote_policy,
				 cases[i].v > VISIBLE_UNLISTED ? QUOTE_BY_NOBODY : cases[i].p);
	}
}

static enum quote_state sees(struct world *w, int64_t viewer, int64_t quoted)
{
	enum quote_state s;
	quotes_shown(w->db, viewer, &quoted, 1, &s);
	return s;
}

static void who_sees_what(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob");
	int64_t k = says(w, ann, "said", VISIBLE_PUBLIC, 0),
		hidden = says(w, ann, "said to few", VISIBLE_FOLLOWERS, 0);
	assert_int_equal(sees(w, bob, k), QUOTE_ACCEPTED);
	assert_int_equal(sees(w, 0, k), QUOTE_ACCEPTED);
	assert_int_equal(sees(w, bob, hidden), QUOTE_UNAUTHORIZED);
	assert_int_equal(sees(w, ann, hidden), QUOTE_ACCEPTED);
	assert_int_equal(sees(w, bob, 4711), QUOTE_DELETED);
	OKAY(w, (struct deed){MUTE, bob, ann});
	assert_int_equal(sees(w, bob, k), QUOTE_MUTED);
	OKAY(w, (struct deed){BLOCK, bob, ann});
	assert_int_equal(sees(w, bob, k), QUOTE_BLOCKED);
	OKAY(w, (struct deed){BLOCK, ann, bob});
	assert_int_equal(sees(w, bob, k), QUOTE_UNAUTHORIZED);
	OKAY(w, (struct deed){SUSPEND, ann});
	assert_int_equal(sees(w, 0, k), QUOTE_UNAUTHORIZED);
	enum { MANY = 90 };
	int64_t ids[MANY];
	enum quote_state states[MANY];
	for (int i = 0; i < MANY; i++)
		ids[i] = i == MANY - 1 ? k : 1000 + i;
	quotes_shown(w->db, 0, ids, MANY, states);
	assert_int_equal(states[0], QUOTE_DELETED);
	assert_int_equal(states[MANY - 1], QUOTE_UNAUTHORIZED);
}

struct revoking {
	int64_t by, quoted, quoting;
};

static enum err revoke_run(struct tx *tx, void *arg)
{
	struct revoking *r = arg;
	return quote_revoke(tx, r->by, r->quoted, r->quoting);
}

static void counts_and_consent(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob"), q[4];
	int64_t k = says(w, ann, "said", VISIBLE_PUBLIC, 0);
	static const enum visibility v[] = {VISIBLE_PUBLIC, VISIBLE_UNLISTED, VISIBLE_FOLLOWERS,
					    VISIBLE_PUBLIC};
	for (int i = 0; i < 4; i++)
		assert_int_equal(
			quotes(w, (struct quoting){.who = bob, .of = k, .visibility = v[i]}, &q[i]),
			OK);
	assert_int_equal(kwip_now(w, k).quotes_count, 3);
	struct revoking r = {ann, k, q[0]};
	world_events_seen(w);
	assert_int_equal(world_do(w, revoke_run, &r), OK);
	assert_int_equal(world_do(w, revoke_run, &r), OK);
	assert_int_equal(world_events(w, EVENT_CONSENT, 0, 0), 1);
	assert_int_equal(world_events(w, EVENT_KWIP_COUNTS, 0, 0), 1);
	assert_int_equal(kwip_now(w, k).quotes_count, 2);
	assert_int_equal(kwip_now(w, q[0]).quote_state, QUOTE_REVOKED);
	OKAY(w, (struct deed){DELETE, bob, q[0]});
	OKAY(w, (struct deed){DELETE, bob, q[2]});
	assert_int_equal(kwip_now(w, k).quotes_count, 2);
	OKAY(w, (struct deed){DELETE, bob, q[1]});
	assert_int_equal(kwip_now(w, k).quotes_count, 1);
	struct ids ids = timeline_quotes(w->db, w->a, (struct span){.limit = 9}, 0, k);
	assert_int_equal(ids.n, 1);
	assert_int_equal(ids.at[0], q[3]);
	struct revoking wrong = {bob, k, q[3]};
	assert_int_equal(world_do(w, revoke_run, &wrong), ERR_DENIED);
	OKAY(w, (struct deed){DELETE, ann, k});
	assert_int_equal(kwip_now(w, q[3]).quote_of, k);
	assert_int_equal(sees(w, bob, k), QUOTE_DELETED);
}

static void what_is_private_stays_so(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob"), made;
	int64_t mine = says(w, ann, "for followers", VISIBLE_FOLLOWERS, 0),
		open = says(w, ann, "for all", VISIBLE_PUBLIC, 0);
	assert_int_equal(quotes(w, (struct quoting){.who = ann, .of = mine}, &made), OK);
	assert_int_equal(kwip_now(w, made).visibility, VISIBLE_FOLLOWERS);
	struct quoting direct = {.who = bob, .of = open, .visibility = VISIBLE_DIRECT};
	assert_int_equal(quotes(w, direct, &made), ERR_INPUT);
	direct.text = "@ann look";
	assert_int_equal(quotes(w, direct, &made), OK);
	assert_int_equal(kwip_now(w, open).quotes_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KWIP_TEST(who_may_quote),
		KWIP_TEST(who_sees_what),
		KWIP_TEST(counts_and_consent),
		KWIP_TEST(what_is_private_stays_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
