/* SPDX-License-Identifier: MIT */
/* Lists: who may be in one, what each kind of replies shows, what tells home to be made anew. */
#include "kwips.h"

#include "core/list.h"

/* One change of a list, for world_do. */
struct list_deed {
	enum { ADD, EDIT_LIST, DELETE_LIST, PUT_IN, TAKE_OUT } what;
	int64_t owner;
	struct list list;
	int64_t member;
};

static enum err list_run(struct tx *tx, void *arg)
{
	struct list_deed *d = arg;
	switch (d->what) {
	case ADD:
		return list_add(tx, d->owner, &d->list);
	case EDIT_LIST:
		return list_edit(tx, d->owner, &d->list);
	case DELETE_LIST:
		return list_delete(tx, d->owner, d->list.id);
	case PUT_IN:
		return list_members_add(tx, d->owner, d->list.id, &d->member, 1);
	case TAKE_OUT:
		return list_members_take(tx, d->owner, d->list.id, &d->member, 1);
	}
	return ERR_INTERNAL;
}

static enum err changes(struct world *w, struct list_deed d)
{
	return world_do(w, list_run, &d);
}

static struct list new_list(struct world *w, int64_t owner, enum list_replies replies,
			    bool exclusive)
{
	struct list_deed d = {ADD, owner, {0, S("list"), replies, exclusive}, 0};
	assert_int_equal(world_do(w, list_run, &d), OK);
	return d.list;
}

/* How often a home was told to be made anew. */
static int64_t homes_told(struct world *w, int64_t owner)
{
	return DB_I64(w->db, -1, "SELECT count(*) FROM event WHERE kind = ? AND actor = ?",
		      A((int)EVENT_HOME), A(owner));
}

static void members_are_followed(void **state)
{
	struct world *w = *state;
	int64_t me = world_account(w, "mia"), x = world_account(w, "xenia");
	struct list l = new_list(w, me, LIST_REPLIES_LIST, false);
	struct list_deed in = {PUT_IN, me, l, x}, own = {PUT_IN, me, l, me},
			 foreign = {PUT_IN, x, l, me};
	assert_int_equal(changes(w, in), ERR_NOT_FOUND);
	assert_int_equal(changes(w, foreign), ERR_NOT_FOUND);
	OKAY(w, (struct deed){FOLLOW, me, x});
	assert_int_equal(changes(w, in), OK);
	assert_int_equal(changes(w, own), OK);
	assert_int_equal(changes(w, in), ERR_INPUT);
	struct span all = {.limit = 9};
	assert_int_equal(list_members(w->db, w->a, l.id, all).n, 2);
	assert_int_equal(lists_with(w->db, w->a, me, x).n, 1);
	OKAY(w, (struct deed){BLOCK, x, me});
	assert_int_equal(list_members(w->db, w->a, l.id, all).n, 1);
	assert_int_equal(list_members(w->db, w->a, l.id, all).at[0], me);
	assert_int_equal(homes_told(w, me), 0);
}

static void only_what_changes_home_is_told(void **state)
{
	struct world *w = *state;
	int64_t me = world_account(w, "mia"), x = world_account(w, "xenia");
	OKAY(w, (struct deed){FOLLOW, me, x});
	struct list l = new_list(w, me, LIST_REPLIES_LIST, false), changed = l;
	changed.title = S("other");
	assert_int_equal(changes(w, (struct list_deed){EDIT_LIST, me, changed, 0}), OK);
	assert_int_equal(changes(w, (struct list_deed){PUT_IN, me, l, x}), OK);
	assert_int_equal(homes_told(w, me), 0);
	changed.exclusive = true;
	assert_int_equal(changes(w, (struct list_deed){EDIT_LIST, me, changed, 0}), OK);
	assert_int_equal(homes_told(w, me), 1);
	assert_int_equal(changes(w, (struct list_deed){TAKE_OUT, me, l, x}), OK);
	assert_int_equal(changes(w, (struct list_deed){PUT_IN, me, l, x}), OK);
	assert_int_equal(homes_told(w, me), 3);
	assert_int_equal(changes(w, (struct list_deed){DELETE_LIST, x, l, 0}), ERR_NOT_FOUND);
	assert_int_equal(changes(w, (struct list_deed){DELETE_LIST, me, l, 0}), OK);
	assert_int_equal(homes_told(w, me), 4);
	struct list gone;
	assert_false(list_get(w->db, w->a, me, l.id, &gone));
}

/* Which of the kwips the list shows, as bits. */
static int shown(struct world *w, int64_t me, int64_t list, const int64_t *kwips, int n)
{
	struct list_viewer of = {list, me, false};
	struct ids ids = timeline_list(w->db, w->a,
				       (struct span){.limit = 40, .order = ORDER_RECENT}, &of);
	int bits = 0, found = 0;
	for (int i = 0; i < n; i++) {
		bool is = false;
		for (size_t k = 0; k < ids.n; k++)
			is = is || ids.at[k] == kwips[i];
		assert_int_equal(timeline_list_has(w->db, me, list, kwips[i], false), is);
		bits |= is << i;
		found += is;
	}
	assert_int_equal(found, ids.n);
	return bits;
}

static void replies_by_their_policy(void **state)
{
	struct world *w = *state;
	int64_t me = world_account(w, "mia"), x = world_account(w, "xenia"),
		y = world_account(w, "yuri"), z = world_account(w, "zoe");
	OKAY(w, (struct deed){FOLLOW, me, x});
	OKAY(w, (struct deed){FOLLOW_QUIET, me, y});
	struct list l = new_list(w, me, LIST_REPLIES_LIST, true);
	assert_int_equal(changes(w, (struct list_deed){PUT_IN, me, l, x}), OK);
	int64_t mine = says(w, me, "mine", VISIBLE_PUBLIC, 0),
		ys = says(w, y, "y", VISIBLE_PUBLIC, 0), zs = says(w, z, "z", VISIBLE_PUBLIC, 0);
	int64_t root = says(w, x, "root", VISIBLE_FOLLOWERS, 0);
	int64_t all[] = {root,
			 says(w, x, "to me", VISIBLE_PUBLIC, mine),
			 says(w, x, "to oneself", VISIBLE_PUBLIC, root),
			 says(w, x, "to y", VISIBLE_PUBLIC, ys),
			 says(w, x, "to z", VISIBLE_PUBLIC, zs),
			 boosts(w, x, zs),
			 ys,
			 boosts(w, y, zs)};
	enum { COUNT = sizeof all / sizeof *all };
	assert_int_equal(shown(w, me, l.id, all, COUNT), 0x27);
	l.replies = LIST_REPLIES_FOLLOWED;
	assert_int_equal(changes(w, (struct list_deed){EDIT_LIST, me, l, 0}), OK);
	assert_int_equal(shown(w, me, l.id, all, COUNT), 0x2f);
	l.replies = LIST_REPLIES_NONE;
	assert_int_equal(changes(w, (struct list_deed){EDIT_LIST, me, l, 0}), OK);
	assert_int_equal(shown(w, me, l.id, all, COUNT), 0x27);
	l.replies = LIST_REPLIES_LIST;
	assert_int_equal(changes(w, (struct list_deed){EDIT_LIST, me, l, 0}), OK);
	assert_int_equal(changes(w, (struct list_deed){PUT_IN, me, l, y}), OK);
	assert_int_equal(shown(w, me, l.id, all, COUNT), 0x6f);
	assert_int_equal(timeline_home(w->db, w->a,
				       (struct span){.limit = 40, .order = ORDER_RECENT}, me, false)
				 .n,
			 1);
	OKAY(w, (struct deed){MUTE, me, z});
	assert_int_equal(shown(w, me, l.id, all, COUNT), 0x4f);
	assert_int_equal(shown(w, x, l.id, all, COUNT), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		KWIP_TEST(members_are_followed),
		KWIP_TEST(only_what_changes_home_is_told),
		KWIP_TEST(replies_by_their_policy),
	};
	return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
