/* SPDX-License-Identifier: MIT */
/* The entities of notices and private conversations: to whom they are shown, and that long lists
 * take no more statements than short ones. */
#include "kwips.h"

#include "api/notifications.h"
#include "core/announcement.h"

enum { CROWD = 30 };

struct scene {
	struct world *w;
	int64_t me, said, crowd[CROWD];
};

static struct scene scene_make(struct world *w)
{
	struct scene s = {.w = w, .me = world_account(w, "hero")};
	s.said = says(w, s.me, "said", VISIBLE_PUBLIC, 0);
	for (int i = 0; i < CROWD; i++) {
		char name[] = {'f', 'a', 'n', '_', (char)('a' + i / 10), (char)('a' + i % 10), 0};
		s.crowd[i] = world_account(w, name);
		says(w, s.crowd[i], "@hero look", VISIBLE_PUBLIC, 0);
		says(w, s.crowd[i], "@hero psst", VISIBLE_DIRECT, 0);
		OKAY(w, (struct deed){MARK, s.crowd[i], s.said, .mark = MARK_FAVOURITE});
	}
	return s;
}

static struct sight sight_of(const struct scene *s, int64_t viewer)
{
	return (struct sight){s->w->a, s->w->db, lens_blank(s->w->db, s->w->a), viewer};
}

/* How many statements so many of each take. */
static int64_t price(const struct scene *s, int limit)
{
	SCOPED_BUF out = BUF_EMPTY;
	struct jw w = {.out = &out};
	struct sight sight = sight_of(s, s->me);
	struct notice_ask ask = {
		.account = s->me, .kinds = NOTICES_ALL, .grouped = NOTICES_GROUPED, .limit = limit};
	uint64_t before = db_statements();
	entity_notifications(&w, &sight, notice_page(s->w->db, s->w->a, &ask));
	entity_notice_groups(&w, &sight, notice_groups(s->w->db, s->w->a, &ask), false);
	entity_conversations(&w, &sight,
			     direct_list(s->w->db, s->w->a, (struct span){.limit = limit}, s->me));
	return (int64_t)(db_statements() - before);
}

static void long_lists_cost_no_more(void **state)
{
	struct scene s = scene_make(*state);
	assert_int_equal(price(&s, 3), price(&s, CROWD));
}

static bool shown(const struct scene *s, int64_t viewer, int64_t id,
		  bool (*entity)(struct jw *w, struct arena *a, struct db *db, struct lens *l,
				 int64_t viewer, int64_t id))
{
	SCOPED_BUF out = BUF_EMPTY;
	struct jw w = {.out = &out};
	struct sight sight = sight_of(s, viewer);
	bool is = entity(&w, sight.a, sight.db, sight.lens, viewer, id);
	assert_true(is == (out.len > 0));
	return is;
}

static void nobody_sees_anothers(void **state)
{
	struct world *w = *state;
	struct scene s = scene_make(w);
	int64_t note = notice_list(w->db, w->a, s.me, 0, 0, 1).at[0].id;
	int64_t talk = direct_list(w->db, w->a, (struct span){.limit = 1}, s.me).at[0].id;
	assert_true(shown(&s, s.me, note, entity_notification_by_id));
	assert_false(shown(&s, s.crowd[CROWD - 1], note, entity_notification_by_id));
	assert_false(shown(&s, s.me, note + 1000, entity_notification_by_id));
	assert_true(shown(&s, s.me, talk, entity_conversation_by_id));
	assert_false(shown(&s, s.crowd[CROWD - 1], talk, entity_conversation_by_id));
	OKAY(w, (struct deed){SUSPEND, s.crowd[CROWD - 1]});
	assert_false(shown(&s, s.me, note, entity_notification_by_id));
}

static enum err announce_run(struct tx *tx, void *arg)
{
	return announcement_add(tx, S("Cake!"), arg);
}

static void announcements_are_everybodys(void **state)
{
	struct world *w = *state;
	struct scene s = {.w = w, .me = world_account(w, "hero")};
	int64_t id;
	assert_int_equal(world_do(w, announce_run, &id), OK);
	assert_true(shown(&s, s.me, id, entity_announcement_by_id));
	assert_false(shown(&s, s.me, id + 1, entity_announcement_by_id));
	assert_int_equal(world_events(w, EVENT_ANNOUNCEMENT, 0, 0), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		KWIP_TEST(long_lists_cost_no_more),
		KWIP_TEST(nobody_sees_anothers),
		KWIP_TEST(announcements_are_everybodys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
