/* SPDX-License-Identifier: MIT */
/* Polls: what may be asked, votes and their counts, change, end; and pins beside them. */
#include "kwips.h"

#include "core/pin.h"
#include "core/poll.h"

struct asking {
	struct arena *a;
	int64_t author, made;
	struct str options[POLL_OPTIONS_MAX + 1];
	struct poll_draft poll;
};

static enum err ask_run(struct tx *tx, void *arg)
{
	struct asking *q = arg;
	struct draft d = {.author = q->author, .body = S("which?"), .poll = &q->poll};
	return kwip_post(tx, q->a, &d, &q->made);
}

static struct asking asking_of(struct world *w, int64_t author, size_t n)
{
	struct asking q = {.a = w->a, .author = author, .poll = {.n = n, .life_s = 300}};
	for (size_t i = 0; i <= POLL_OPTIONS_MAX; i++)
		q.options[i] = arena_printf(w->a, "option %zu", i);
	return q;
}

static enum err asks(struct world *w, struct asking *q)
{
	q->poll.options = q->options;
	return world_do(w, ask_run, q);
}

static int64_t asked(struct world *w, int64_t author, size_t n, bool multiple)
{
	struct asking q = asking_of(w, author, n);
	q.poll.multiple = multiple;
	assert_int_equal(asks(w, &q), OK);
	return q.made;
}

static struct poll poll_now(struct world *w, int64_t viewer, int64_t kwip)
{
	struct polls p = polls_of_kwips(w->db, w->a, viewer, &kwip, 1);
	assert_int_equal(p.n, 1);
	return p.at[0];
}

struct voting {
	int64_t who, poll;
	int64_t choice[POLL_OPTIONS_MAX];
	size_t n;
};

static enum err vote_run(struct tx *tx, void *arg)
{
	struct voting *v = arg;
	return poll_vote(tx, v->who, v->poll, v->choice, v->n);
}

static enum err votes(struct world *w, int64_t who, int64_t poll, int64_t x, int64_t y)
{
	struct voting v = {who, poll, {x, y}, y < 0 ? 1 : 2};
	return world_do(w, vote_run, &v);
}

static int ended;
static enum err end_run(struct tx *tx, void *arg)
{
	(void)arg;
	ended = poll_end_due(tx);
	return OK;
}

static void what_may_be_asked(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann");
	static const struct {
		size_t n;
		int64_t life_s;
		enum err e;
	} cases[] = {{2, 300, OK},
		     {8, 2629746, OK},
		     {1, 300, ERR_INPUT},
		     {0, 300, ERR_INPUT},
		     {9, 300, ERR_INPUT},
		     {2, 299, ERR_INPUT},
		     {2, 2629747, ERR_INPUT},
		     {2, 0, ERR_INPUT},
		     {2, -5, ERR_INPUT}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct asking q = asking_of(w, ann, cases[i].n);
		q.poll.life_s = cases[i].life_s;
		assert_int_equal(asks(w, &q), cases[i].e);
	}
	struct asking same = asking_of(w, ann, 2), blank = same, wide = same, bad = same;
	same.options[1] = S(" option 0 ");
	blank.options[1] = S("  ");
	wide.options[1] = S("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\xcc\x81");
	bad.options[1] = S("\xff");
	assert_int_equal(asks(w, &same), ERR_INPUT);
	assert_int_equal(asks(w, &blank), ERR_INPUT);
	assert_int_equal(asks(w, &wide), OK);
	assert_int_equal(asks(w, &bad), ERR_INPUT);
	assert_int_equal(DB_I64(w->db, 0, "SELECT count(*) FROM poll"), 3);
	assert_int_equal(DB_I64(w->db, 0, "SELECT count(*) FROM kwip"), 3);
}

static void counting(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob"),
		cat = world_account(w, "cat");
	int64_t one = asked(w, ann, 3, false), many = asked(w, ann, 3, true);
	int64_t p = poll_now(w, 0, one).id, q = poll_now(w, 0, many).id;
	world_events_seen(w);
	assert_int_equal(votes(w, bob, p, 2, -1), OK);
	assert_int_equal(votes(w, bob, p, 1, -1), ERR_INPUT);
	assert_int_equal(votes(w, cat, p, 0, 1), ERR_INPUT);
	assert_int_equal(votes(w, cat, p, 3, -1), ERR_INPUT);
	assert_int_equal(votes(w, ann, p, 0, -1), ERR_INPUT);
	assert_int_equal(votes(w, cat, p + 99, 0, -1), ERR_NOT_FOUND);
	assert_int_equal(votes(w, cat, q, 0, 1), OK);
	assert_int_equal(votes(w, bob, q, 1, 1), OK);
	assert_int_equal(world_events(w, EVENT_POLL, ann, 0), 3);
	struct poll of_bob = poll_now(w, bob, one), of_cat = poll_now(w, cat, many);
	assert_true(of_bob.voted && of_bob.own[2] && !of_bob.own[0]);
	assert_int_equal(of_bob.votes, 1);
	assert_int_equal(of_cat.votes, 3);
	assert_int_equal(of_cat.voters, 2);
	assert_true(poll_now(w, ann, one).voted);
	assert_false(poll_now(w, 0, one).voted);
	const int64_t both[] = {one, ann, many};
	assert_int_equal(polls_of_kwips(w->db, w->a, bob, both, 3).n, 2);
	OKAY(w, (struct deed){BLOCK, ann, cat});
	assert_int_equal(votes(w, cat, p, 0, -1), ERR_NOT_FOUND);
}

static void the_end(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob");
	int64_t now = 1800000000000;
	clock_pin(now);
	int64_t kwip = asked(w, ann, 2, false), poll = poll_now(w, 0, kwip).id;
	assert_int_equal(votes(w, bob, poll, 0, -1), OK);
	assert_false(poll_is_due(w->db, now + 299999));
	clock_pin(now + 300000);
	assert_true(poll_is_due(w->db, now + 300000));
	assert_true(poll_now(w, 0, kwip).expired);
	assert_int_equal(votes(w, world_account(w, "cat"), poll, 0, -1), ERR_INPUT);
	world_events_seen(w);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(world_do(w, end_run, NULL), OK);
		assert_int_equal(ended, i == 0);
	}
	assert_int_equal(world_events(w, EVENT_POLL, ann, 0), 1);
	assert_int_equal(world_events(w, EVENT_NOTICE, ann, ann), 1);
	assert_int_equal(world_events(w, EVENT_NOTICE, ann, bob), 1);
	assert_false(poll_is_due(w->db, now + 900000));
}

struct changing {
	int64_t kwip, account;
	const struct poll_draft *to;
	bool changed;
};

static enum err change_run(struct tx *tx, void *arg)
{
	struct changing *c = arg;
	c->changed = poll_change(tx, c->kwip, c->account, c->to);
	return OK;
}

static bool changes(struct world *w, int64_t kwip, int64_t account, const struct poll_draft *to)
{
	struct changing c = {kwip, account, to, false};
	assert_int_equal(world_do(w, change_run, &c), OK);
	return c.changed;
}

static void change(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob");
	int64_t kwip = asked(w, ann, 2, false);
	struct asking q = asking_of(w, ann, 2);
	q.poll.options = q.options;
	q.poll.life_s = 600;
	assert_int_equal(votes(w, bob, poll_now(w, 0, kwip).id, 1, -1), OK);
	assert_false(changes(w, kwip, ann, &q.poll));
	assert_int_equal(poll_now(w, 0, kwip).votes, 1);
	assert_string_equal(poll_titles(w->db, w->a, kwip).at, "[\"option 0\",\"option 1\"]");
	q.poll.n = 3;
	assert_true(changes(w, kwip, ann, &q.poll));
	assert_int_equal(poll_now(w, bob, kwip).votes, 0);
	assert_false(poll_now(w, bob, kwip).voted);
	assert_int_equal(votes(w, bob, poll_now(w, 0, kwip).id, 2, -1), OK);
	q.poll.multiple = true;
	assert_true(changes(w, kwip, ann, &q.poll));
	assert_int_equal(poll_now(w, 0, kwip).voters, 0);
	assert_true(changes(w, kwip, ann, NULL));
	assert_false(kwip_now(w, kwip).polled);
	assert_false(changes(w, kwip, ann, NULL));
	assert_true(changes(w, kwip, ann, &q.poll));
	assert_true(kwip_now(w, kwip).polled);
}

struct pinning {
	int64_t who, kwip;
	bool on;
};

static enum err pin_run(struct tx *tx, void *arg)
{
	struct pinning *p = arg;
	return kwip_pin(tx, p->who, p->kwip, p->on);
}

static enum err pins(struct world *w, int64_t who, int64_t kwip, bool on)
{
	struct pinning p = {who, kwip, on};
	return world_do(w, pin_run, &p);
}

static void pinned(void **state)
{
	struct world *w = *state;
	int64_t ann = world_account(w, "ann"), bob = world_account(w, "bob"), k[PINS_MAX + 1];
	for (int i = 0; i <= PINS_MAX; i++)
		k[i] = says(w, ann, "said", VISIBLE_PUBLIC, 0);
	world_events_seen(w);
	for (int i = 0; i < PINS_MAX; i++)
		assert_int_equal(pins(w, ann, k[i], true), OK);
	assert_int_equal(pins(w, ann, k[0], true), OK);
	assert_int_equal(world_events(w, EVENT_PIN, ann, 0), PINS_MAX);
	assert_int_equal(pins(w, ann, k[PINS_MAX], true), ERR_INPUT);
	assert_true(kwip_now(w, k[1]).pinned);
	struct span s = {.limit = 20};
	struct ids ids = timeline_pinned(w->db, w->a, s, bob, ann);
	assert_int_equal(ids.n, PINS_MAX);
	assert_int_equal(ids.at[0], k[PINS_MAX - 1]);
	assert_int_equal(pins(w, ann, k[0], false), OK);
	assert_int_equal(pins(w, ann, k[PINS_MAX], true), OK);
	assert_int_equal(pins(w, bob, k[0], true), ERR_INPUT);
	int64_t direct = says(w, bob, "to myself", VISIBLE_DIRECT, 0);
	assert_int_equal(pins(w, bob, direct, true), ERR_INPUT);
	assert_int_equal(pins(w, ann, direct, true), ERR_NOT_FOUND);
	assert_int_equal(pins(w, bob, boosts(w, bob, k[0]), true), ERR_INPUT);
	OKAY(w, (struct deed){DELETE, ann, k[1]});
	assert_int_equal(timeline_pinned(w->db, w->a, s, 0, ann).n, PINS_MAX - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KWIP_TEST(what_may_be_asked),
		KWIP_TEST(counting),
		KWIP_TEST(the_end),
		KWIP_TEST(change),
		KWIP_TEST(pinned),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
