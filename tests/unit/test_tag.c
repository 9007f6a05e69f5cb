/* SPDX-License-Identifier: MIT */
/* Tags: their history, following, featuring, and what an edit or a deletion tells. */
#include "kwips.h"

#include "core/tag.h"

struct tag_deed {
	enum { TAG_FOLLOW, TAG_UNFOLLOW, TAG_FEATURE, TAG_UNFEATURE } what;
	int64_t who;
	const char *name;
	int64_t id;
};

static enum err tag_run(struct tx *tx, void *arg)
{
	struct tag_deed *d = arg;
	struct str name = str_of(d->name);
	switch (d->what) {
	case TAG_FOLLOW:
		return tag_follow(tx, d->who, name);
	case TAG_UNFOLLOW:
		return tag_unfollow(tx, d->who, name);
	case TAG_FEATURE:
		return tag_feature(tx, d->who, name, &d->id);
	case TAG_UNFEATURE:
		return tag_unfeature(tx, d->who, name);
	}
	return ERR_INTERNAL;
}

static enum err tags(struct world *w, struct tag_deed d)
{
	return world_do(w, tag_run, &d);
}

static int64_t told(struct world *w, enum event_kind kind)
{
	return DB_I64(w->db, -1, "SELECT count(*) FROM event WHERE kind = ?", A((int)kind));
}

static void history_counts_public_uses(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	struct tag t;
	tag_get(w->db, w->a, x, S("tea"), &t);
	assert_int_equal(t.id, 0);
	assert_int_equal(t.day[0].uses, 0);
	for (int i = 0; i < 3; i++)
		says(w, x, "#Tea", VISIBLE_PUBLIC, 0);
	says(w, y, "#TEA #tea", VISIBLE_PUBLIC, 0);
	says(w, y, "#tea", VISIBLE_UNLISTED, 0);
	tag_get(w->db, w->a, x, S("tea"), &t);
	assert_int_equal(t.day[0].uses, 4);
	assert_int_equal(t.day[0].accounts, 2);
	assert_int_equal(t.day[1].uses, 0);
	int64_t ids[] = {99, t.id, t.id};
	struct tags both = tags_load(w->db, w->a, 0, ids, 3);
	assert_int_equal(both.n, 2);
	assert_int_equal(both.at[1].day[0].uses, 4);
}

static enum err many_run(struct tx *tx, void *arg)
{
	struct world *w = arg;
	int64_t x = DB_I64(tx_db(tx), 0, "SELECT min(id) FROM account");
	for (int i = 0; i < TAG_DAY_USES_MAX + 20; i++) {
		struct deed d = {SAY, x, 0, "#much", VISIBLE_PUBLIC, .a = w->a};
		assert_int_equal(deed_run(tx, &d), OK);
	}
	return OK;
}

static void history_is_bounded(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia");
	struct tag t;
	assert_int_equal(world_do(w, many_run, w), OK);
	tag_get(w->db, w->a, x, S("much"), &t);
	assert_int_equal(t.day[0].uses, TAG_DAY_USES_MAX);
	assert_int_equal(t.day[0].accounts, 1);
}

static void following(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	int64_t k = says(w, y, "#tea", VISIBLE_PUBLIC, 0);
	assert_int_equal(tags(w, (struct tag_deed){TAG_FOLLOW, x, ""}), ERR_INPUT);
	assert_int_equal(tags(w, (struct tag_deed){TAG_FOLLOW, x, "tea"}), OK);
	assert_int_equal(tags(w, (struct tag_deed){TAG_FOLLOW, x, "tea"}), OK);
	assert_int_equal(told(w, EVENT_HOME), 1);
	assert_true(timeline_home_has(w->db, x, k, false));
	OKAY(w, (struct deed){EDIT, y, k, "no more"});
	assert_int_equal(told(w, EVENT_UNTAG), 1);
	assert_false(timeline_home_has(w->db, x, k, false));
	OKAY(w, (struct deed){EDIT, y, k, "#tea again"});
	OKAY(w, (struct deed){DELETE, y, k});
	assert_int_equal(told(w, EVENT_UNTAG), 2);
	assert_int_equal(tags(w, (struct tag_deed){TAG_UNFOLLOW, x, "tea"}), OK);
	assert_int_equal(tags(w, (struct tag_deed){TAG_UNFOLLOW, x, "tea"}), OK);
	assert_int_equal(told(w, EVENT_HOME), 2);
	k = says(w, y, "#tea", VISIBLE_PUBLIC, 0);
	OKAY(w, (struct deed){DELETE, y, k});
	assert_int_equal(told(w, EVENT_UNTAG), 3); /* live streams of the tag may have had it */
	k = says(w, y, "#tea", VISIBLE_FOLLOWERS, 0);
	OKAY(w, (struct deed){DELETE, y, k});
	k = says(w, y, "#tea", VISIBLE_PUBLIC, 0);
	OKAY(w, (struct deed){EDIT, y, k, "no more"});
	assert_int_equal(told(w, EVENT_UNTAG), 3); /* nobody follows it */
}

static void featuring(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y = world_account(w, "yuri");
	struct featureds all;
	struct tag_deed d = {TAG_FEATURE, x, "tea"};
	int64_t last = says(w, x, "#tea", VISIBLE_UNLISTED, 0);
	says(w, x, "#tea", VISIBLE_FOLLOWERS, 0);
	says(w, y, "#tea", VISIBLE_PUBLIC, 0);
	assert_int_equal(tags_suggested(w->db, w->a, x).n, 1);
	assert_int_equal(world_do(w, tag_run, &d), OK);
	tags_featured(w->db, w->a, x, &all);
	assert_int_equal(all.n, 1);
	assert_int_equal(all.at[0].id, d.id);
	assert_int_equal(all.at[0].kwips, 1);
	assert_int_equal(all.at[0].last_kwip, last);
	assert_int_equal(tags_suggested(w->db, w->a, x).n, 0);
	for (int i = 1; i < TAGS_FEATURED_MAX; i++) {
		char name[16];
		snprintf(name, sizeof name, "tea%d", i);
		assert_int_equal(tags(w, (struct tag_deed){TAG_FEATURE, x, name}), OK);
	}
	assert_int_equal(tags(w, (struct tag_deed){TAG_FEATURE, x, "more"}), ERR_INPUT);
	assert_int_equal(tags(w, (struct tag_deed){TAG_UNFEATURE, x, "tea"}), OK);
	tags_featured(w->db, w->a, x, &all);
	assert_int_equal(all.n, TAGS_FEATURED_MAX - 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		KWIP_TEST(history_counts_public_uses),
		KWIP_TEST(history_is_bounded),
		KWIP_TEST(following),
		KWIP_TEST(featuring),
	};
	return cmocka_run_group_tests_name("tag", tests, NULL, NULL);
}
