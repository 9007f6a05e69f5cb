/* SPDX-License-Identifier: MIT */
/* Accounts: names, making, finding, lists, profiles, preferences, passwords, states. */
#include "world.h"

#include "core/follow.h"
#include "core/kwip.h"
#include "core/notice.h"
#include "core/session.h"

static void names(void **state)
{
	(void)state;
	static const struct {
		struct str name;
		enum err e;
	} cases[] = {
		{S_INIT("xenia"), OK},
		{S_INIT("X_9"), OK},
		{S_INIT("ab"), OK},
		{S_INIT("a"), ERR_INPUT},
		{S_INIT(""), ERR_INPUT},
		{S_INIT("abcdefghijklmnopqrstuvwxyz0123"), OK},
		{S_INIT("abcdefghijklmnopqrstuvwxyz01234"), ERR_INPUT},
		{S_INIT("with space"), ERR_INPUT},
		{S_INIT("j\xc3\xb6rg"), ERR_INPUT},
		{S_INIT("dot.ted"), ERR_INPUT},
		{S_INIT("nul\0l"), ERR_INPUT},
		{S_INIT("Admin"), ERR_INPUT},
		{S_INIT("API"), ERR_INPUT},
		{S_INIT("www"), ERR_INPUT},
		{S_INIT("kwips"), ERR_INPUT},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(account_name_check(cases[i].name), cases[i].e);
	assert_int_equal(account_password_check(S("1234567"), S("xenia")), ERR_INPUT);
	assert_int_equal(account_password_check(S("12345678"), S("xenia")), OK);
	assert_int_equal(account_password_check(S("Xenia_Petrova"), S("xenia_petrova")), ERR_INPUT);
	assert_int_equal(account_password_check(S("\xff\xff\xff\xff\xff\xff\xff\xff"), S("xenia")),
			 ERR_INPUT);
}

static enum err add(struct world *w, struct account_new n, int64_t *id)
{
	struct world_new new = {.n = n};
	enum err e = world_do(w, world_new_run, &new);
	*id = new.id;
	return e;
}

static void adds_and_finds(void **state)
{
	struct world *w = *state;
	struct account a;
	int64_t id, other;
	assert_false(account_any(w->db));
	world_events_seen(w);
	struct account_new n = {.name = S("Xenia"),
				.email = S("Xenia@Example.org"),
				.password_hash = "secret-hash",
				.language = S("de")};
	assert_int_equal(add(w, n, &id), OK);
	assert_int_equal(world_events(w, EVENT_ACCOUNT_NEW, id, 0), 1);
	assert_true(account_any(w->db));
	assert_int_equal(account_count(w->db), 1);
	assert_true(account_find(w->db, w->a, S("xENIA"), S(""), &a));
	assert_int_equal(a.id, id);
	assert_true(str_eq(a.name, S("Xenia")));
	assert_true(a.discoverable && !a.locked);
	assert_false(account_find(w->db, w->a, S("xenia"), S("elsewhere.example"), &a));
	assert_false(account_find(w->db, w->a, S(""), S(""), &a));
	n.name = S("xenia");
	n.email = S("");
	assert_int_equal(add(w, n, &other), ERR_CONFLICT);
	assert_string_equal(err_why(), "that name is taken");
	n.name = S("yuri");
	n.email = S("xenia@example.ORG");
	assert_int_equal(add(w, n, &other), ERR_CONFLICT);
	n.email = S("no address");
	assert_int_equal(add(w, n, &other), ERR_INPUT);
	n.email = S("");
	n.language = S("not a language");
	assert_int_equal(add(w, n, &other), ERR_INPUT);
	assert_int_equal(account_count(w->db), 1);

	char hash[PASSWORD_HASH_MAX];
	assert_int_equal(account_login_find(w->db, w->a, S("@XENIA"), &other, hash), OK);
	assert_int_equal(other, id);
	assert_string_equal(hash, "secret-hash");
	assert_int_equal(account_login_find(w->db, w->a, S("XENIA@example.org "), &other, hash),
			 OK);
	assert_int_equal(account_login_find(w->db, w->a, S("nobody"), &other, hash), ERR_AUTH);
	assert_string_equal(hash, "");
}

static void invited_people_meet(void **state)
{
	struct world *w = *state;
	int64_t x = world_account(w, "xenia"), y;
	assert_int_equal(
		add(w,
		    (struct account_new){.name = S("yuri"), .password_hash = "", .invited_by = x},
		    &y),
		OK);
	assert_true(relation_get(w->db, y, x).following);
	assert_int_equal(world_get(w, x).followers_count, 1);
	struct notices list = notice_list(w->db, w->a, x, 0, 0, 10);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.at[0].kind, NOTICE_SIGNUP);
	assert_int_equal(list.at[1].kind, NOTICE_FOLLOW);
	struct prefs p;
	account_prefs(w->db, w->a, y, &p);
	assert_int_equal(p.invited_by, x);
}

static void lists(void **state)
{
	struct world *w = *state;
	enum { PEOPLE = 45 };
	int64_t ids[PEOPLE + 2];
	for (int i = 0; i < PEOPLE; i++) {
		char name[16];
		snprintf(name, sizeof(name), "%s%02d", i % 2 ? "odd" : "even", i);
		ids[i + 1] = world_account(w, name);
	}
	ids[0] = 99;
	ids[PEOPLE + 1] = ids[3];
	uint64_t before = db_statements();
	struct accounts all = accounts_load(w->db, w->a, ids, PEOPLE + 2);
	assert_int_equal(db_statements() - before, 2);
	assert_int_equal(all.n, PEOPLE + 1);
	for (int i = 0; i < PEOPLE; i++)
		assert_int_equal(all.at[i].id, ids[i + 1]);
	assert_int_equal(all.at[PEOPLE].id, ids[3]);
	struct accounts odd = account_search(w->db, w->a, S("@ODD0"), 3);
	assert_int_equal(odd.n, 3);
	assert_true(str_eq(odd.at[0].name, S("odd01")) && str_eq(odd.at[2].name, S("odd05")));
	assert_int_equal(account_search(w->db, w->a, S(""), 3).n, 0);
	assert_int_equal(account_search(w->db, w->a, S("none"), 3).n, 0);
	struct accounts newest = account_directory(w->db, w->a, true, 5, 2);
	assert_int_equal(newest.n, 5);
	assert_int_equal(newest.at[0].id, ids[PEOPLE - 2]);
	assert_int_equal(account_directory(w->db, w->a, true, 5, 43).n, 2);
	assert_int_equal(account_directory(w->db, w->a, false, 5, 500).n, 0);
}

struct edit {
	int64_t id, by;
	struct profile profile;
	struct prefs prefs;
	enum account_state state;
	int64_t kwip;
};
static enum err profile_run(struct tx *tx, void *arg)
{
	struct edit *e = arg;
	return account_edit(tx, e->id, &e->profile);
}
static enum err prefs_run(struct tx *tx, void *arg)
{
	struct edit *e = arg;
	return account_prefs_edit(tx, e->id, &e->prefs);
}
static enum err state_run(struct tx *tx, void *arg)
{
	struct edit *e = arg;
	return account_state_set(tx, e->id, e->state, e->by);
}
static enum err follow_run(struct tx *tx, void *arg)
{
	struct edit *e = arg;
	return follow_add(tx, e->by, e->id, true, false);
}
static enum err mutual_run(struct tx *tx, void *arg)
{
	struct edit *e = arg;
	return follow_add(tx, e->id, e->by, true, false);
}
static enum err favourite_run(struct tx *tx, void *arg)
{
	struct edit *e = arg;
	return kwip_mark(tx, e->id, e->kwip, MARK_FAVOURITE, true);
}
static enum err post_run(struct tx *tx, void *arg)
{
	struct edit *e = arg;
	SCOPED_ARENA a = arena_new();
	struct draft d = {
		.author = e->by, .body = S("said something"), .language = S("en"), .app = APP_WEB};
	return kwip_post(tx, a, &d, &e->kwip);
}

static void edits_profile_and_prefs(void **state)
{
	struct world *w = *state;
	struct edit e = {.id = world_account(w, "xenia")};
	int64_t y;
	assert_int_equal(add(w,
			     (struct account_new){
				     .name = S("yuri"), .password_hash = "", .email = S("y@y.org")},
			     &y),
			 OK);
	world_events_seen(w);
	e.profile = (struct profile){.display_name = S(" Xenia P. "),
				     .about = S("two\nlines"),
				     .fields = S("[[\"Web\",\"https://x.example\"]]"),
				     .locked = true};
	assert_int_equal(world_do(w, profile_run, &e), OK);
	assert_int_equal(world_events(w, EVENT_ACCOUNT_EDIT, e.id, 0), 1);
	e.profile.fields = S("");
	assert_int_equal(world_do(w, profile_run, &e), OK);
	struct account a = world_get(w, e.id);
	assert_true(str_eq(a.display_name, S("Xenia P.")) && a.locked && !a.discoverable);
	assert_true(str_eq(a.fields, S("[[\"Web\",\"https://x.example\"]]")));
	static const struct str bad[] = {
		S_INIT("{}"),
		S_INIT("[1]"),
		S_INIT("[[\"a\"]]"),
		S_INIT("[[\"a\",1]]"),
		S_INIT("[["),
		S_INIT("[[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"],[\"a\",\"b\"]]")};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		e.profile.fields = bad[i];
		assert_int_equal(world_do(w, profile_run, &e), ERR_INPUT);
	}
	e.profile.fields = S("");
	e.profile.display_name = S("two\nlines");
	assert_int_equal(world_do(w, profile_run, &e), ERR_INPUT);
	e.prefs = (struct prefs){.email = S("X@x.org"),
				 .language = S("pt-BR"),
				 .default_visibility = 1,
				 .show_repeats = true,
				 .default_order = 1};
	assert_int_equal(world_do(w, prefs_run, &e), OK);
	assert_int_equal(world_events(w, EVENT_SETTINGS, e.id, 0), 1);
	struct prefs p;
	account_prefs(w->db, w->a, e.id, &p);
	assert_true(str_eq(p.email, S("X@x.org")) && p.show_repeats && p.default_visibility == 1 &&
		    p.default_order == 1);
	e.prefs.email = S("Y@Y.ORG");
	assert_int_equal(world_do(w, prefs_run, &e), ERR_CONFLICT);
	e.prefs.email = S("");
	e.prefs.default_visibility = 3;
	assert_int_equal(world_do(w, prefs_run, &e), ERR_INPUT);
}

static void suspends_and_restores(void **state)
{
	struct world *w = *state;
	struct edit e = {.id = world_account(w, "xenia"),
			 .by = world_account(w, "yuri"),
			 .state = ACCOUNT_SUSPENDED};
	world_events_seen(w);
	assert_int_equal(world_do(w, state_run, &e), OK);
	assert_int_equal(world_do(w, state_run, &e), OK);
	assert_int_equal(world_events(w, EVENT_ACCOUNT_STATE, e.by, e.id), 1);
	assert_int_equal(account_count(w->db), 1);
	assert_int_equal(account_search(w->db, w->a, S("xenia"), 5).n, 0);
	e.state = ACCOUNT_ACTIVE;
	assert_int_equal(world_do(w, state_run, &e), OK);
	assert_int_equal(account_count(w->db), 2);
	e.id = 77;
	assert_int_equal(world_do(w, state_run, &e), ERR_NOT_FOUND);
}

static void deletes_all_but_the_name(void **state)
{
	struct world *w = *state;
	struct edit e = {.by = world_account(w, "yuri"), .state = ACCOUNT_DELETED};
	struct account_new n = {.name = S("xenia"),
				.email = S("x@x.org"),
				.password_hash = "h",
				.display_name = S("Xenia")};
	assert_int_equal(add(w, n, &e.id), OK);
	struct edit own = {.by = e.id};
	assert_int_equal(world_do(w, post_run, &own), OK);
	assert_int_equal(world_do(w, post_run, &e), OK);
	assert_int_equal(world_do(w, favourite_run, &e), OK);
	assert_int_equal(world_do(w, follow_run, &e), OK);
	assert_int_equal(world_do(w, mutual_run, &e), OK);
	assert_int_equal(
		DB_I64(w->db, 0, "SELECT favourites_count FROM kwip WHERE id = ?", A(e.kwip)), 1);
	assert_int_equal(world_do(w, state_run, &e), OK);
	struct account a = world_get(w, e.id);
	assert_int_equal(a.state, ACCOUNT_DELETED);
	assert_int_equal(a.display_name.len, 0);
	assert_int_equal(a.kwips_count, 0);
	assert_int_equal(a.followers_count + a.following_count, 0);
	struct account other = world_get(w, e.by);
	assert_int_equal(other.followers_count + other.following_count, 0);
	assert_int_equal(DB_I64(w->db, -1, "SELECT count(*) FROM kwip WHERE author = ?", A(e.id)),
			 0);
	assert_int_equal(
		DB_I64(w->db, -1, "SELECT favourites_count FROM kwip WHERE id = ?", A(e.kwip)), 0);
	assert_int_equal(notice_list(w->db, w->a, e.by, 0, 0, 10).n, 0);
	char hash[PASSWORD_HASH_MAX];
	int64_t id;
	assert_int_equal(account_login_find(w->db, w->a, S("xenia"), &id, hash), ERR_AUTH);
	assert_int_equal(account_login_find(w->db, w->a, S("x@x.org"), &id, hash), ERR_AUTH);
	assert_int_equal(add(w, n, &id), ERR_CONFLICT);
	e.state = ACCOUNT_ACTIVE;
	assert_int_equal(world_do(w, state_run, &e), ERR_GONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		WORLD_TEST(adds_and_finds),
		WORLD_TEST(invited_people_meet),
		WORLD_TEST(lists),
		WORLD_TEST(edits_profile_and_prefs),
		WORLD_TEST(suspends_and_restores),
		WORLD_TEST(deletes_all_but_the_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
