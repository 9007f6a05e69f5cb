/* SPDX-License-Identifier: MIT */
/* For the unit tests of kwips, timelines and repeats: one deed, one transaction; any deed within
 * one. */
#ifndef TESTS_UNIT_KWIPS_H
#define TESTS_UNIT_KWIPS_H

#include "world.h"

#include "base/conf.h"
#include "core/follow.h"
#include "core/kwip.h"
#include "core/notice.h"
#include "core/repeat.h"
#include "core/timeline.h"

/* Deeds are written with what they need; the rest of one is zero. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum verb {
	SAY,
	EDIT,
	DELETE,
	BOOST,
	UNBOOST,
	MARK,
	UNMARK,
	LOOK,
	FOLLOW,
	FOLLOW_QUIET,
	FOLLOW_KEEN,
	UNFOLLOW,
	BLOCK,
	UNBLOCK,
	MUTE,
	UNMUTE,
	SUSPEND,
	RESTORE
};
struct deed {
	enum verb verb;
	int64_t who, on; /* an account, and a kwip or an account */
	const char *text;
	enum visibility visibility;
	enum mark mark;
	struct arena *a;
	const char *key, *warning, *language;
	int64_t made;
};

static enum err say(struct tx *tx, struct deed *d)
{
	struct draft draft = {.author = d->who,
			      .body = str_of(d->text),
			      .warning = str_of(d->warning),
			      .language = str_of(d->language),
			      .visibility = d->visibility,
			      .reply_to = d->on,
			      .app = APP_WEB,
			      .idempotency_key = str_of(d->key)};
	return kwip_post(tx, d->a, &draft, &d->made);
}

static enum err edit(struct tx *tx, const struct deed *d)
{
	struct revision r = {.kwip = d->on,
			     .editor = d->who,
			     .body = str_of(d->text),
			     .warning = str_of(d->warning),
			     .language = str_of(d->language)};
	return kwip_edit(tx, d->a, &r);
}

__attribute__((unused)) static enum err deed_run(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	switch (d->verb) {
	case SAY:
		return say(tx, d);
	case EDIT:
		return edit(tx, d);
	case DELETE:
		return kwip_delete(tx, d->on, d->who);
	case BOOST:
		return kwip_boost(tx, d->who, d->on, d->visibility, APP_WEB, &d->made);
	case UNBOOST:
		return kwip_unboost(tx, d->who, d->on);
	case MARK:
		return kwip_mark(tx, d->who, d->on, d->mark, true);
	case UNMARK:
		return kwip_mark(tx, d->who, d->on, d->mark, false);
	case LOOK:
		return repeat_look(tx, d->a, d->on);
	case FOLLOW:
		return follow_add(tx, d->who, d->on, true, false);
	case FOLLOW_QUIET:
		return follow_add(tx, d->who, d->on, false, false);
	case FOLLOW_KEEN:
		return follow_add(tx, d->who, d->on, true, true);
	case UNFOLLOW:
		return follow_end(tx, d->who, d->on);
	case BLOCK:
		return block_add(tx, d->who, d->on);
	case UNBLOCK:
		return block_end(tx, d->who, d->on);
	case MUTE:
		return mute_add(tx, d->who, d->on, true, 0);
	case UNMUTE:
		return mute_end(tx, d->who, d->on);
	case SUSPEND:
		return account_state_set(tx, d->who, ACCOUNT_SUSPENDED, 0);
	case RESTORE:
		return account_state_set(tx, d->who, ACCOUNT_ACTIVE, 0);
	}
	return ERR_INTERNAL;
}

__attribute__((unused)) static enum err does(struct world *w, struct deed d)
{
	d.a = w->a;
	return world_do(w, deed_run, &d);
}

/* Says it and must succeed. on: what is answered, or 0. */
__attribute__((unused)) static int64_t says(struct world *w, int64_t who, const char *text,
					    enum visibility v, int64_t on)
{
	struct deed d = {SAY, who, on, text, v, .a = w->a};
	assert_int_equal(world_do(w, deed_run, &d), OK);
	assert_true(d.made > 0);
	return d.made;
}

__attribute__((unused)) static int64_t boosts(struct world *w, int64_t who, int64_t on)
{
	struct deed d = {BOOST, who, on};
	assert_int_equal(world_do(w, deed_run, &d), OK);
	return d.made;
}

__attribute__((unused)) static struct kwip kwip_now(struct world *w, int64_t id)
{
	struct kwips k = kwips_load(w->db, w->a, &id, 1);
	assert_int_equal(k.n, 1);
	return k.at[0];
}

#define OKAY(...) assert_int_equal(does(__VA_ARGS__), OK)

/* A world whose site has a name. The standing setting is kept, for it is on the heap. */
__attribute__((unused)) static int kwips_setup(void **state)
{
	static struct str standard;
	int failed = world_setup(state);
	if (!standard.at)
		standard = conf.base_url;
	conf.base_url = S("https://kwip.example");
	conf.kwip_max_chars = 1000;
	return failed;
}
#define KWIP_TEST(fn) cmocka_unit_test_setup_teardown(fn, kwips_setup, world_teardown)

#endif
