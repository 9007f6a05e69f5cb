/* SPDX-License-Identifier: MIT */
/* Sessions, tokens, scopes, one-time links and invitations. */
#include "world.h"

#include "core/invite.h"
#include "core/notice.h"
#include "core/session.h"

enum { DAY = 86400000 };
enum verb {
	LOGIN,
	LOGOUT,
	PRUNE,
	TOKEN,
	APP_TOKEN,
	TOKEN_BAD,
	PASSWORD,
	SUSPEND,
	NOTICE,
	SETUP_LINK,
	SETUP_USE,
	LINK,
	USE,
	INVITE,
	INVITE_USE,
	INVITE_END
};
struct deed {
	enum verb verb;
	struct world *w;
	int64_t account;
	struct str secret;
	struct hash hash;
	int64_t n;
};

static enum err deed_run(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	struct arena *a = d->w->a;
	switch (d->verb) {
	case LOGIN:
		d->secret = session_add(tx, a, d->account, S("browser"), 30LL * DAY);
		return OK;
	case LOGOUT:
		session_end(tx, d->hash);
		return OK;
	case PRUNE:
		d->n = session_prune(tx);
		return OK;
	case TOKEN:
		return token_add(tx, a, d->account, 2, S("read write"), &d->secret);
	case APP_TOKEN:
		return token_add(tx, a, 0, 2, S("read"), &d->secret);
	case TOKEN_BAD:
		return token_add(tx, a, d->account, 2, S("read everything"), &d->secret);
	case PASSWORD:
		return account_password_set(tx, d->account, "hash", &d->hash);
	case SUSPEND:
		return account_state_set(tx, d->account, ACCOUNT_SUSPENDED, 0);
	case NOTICE:
		notice_add(tx, d->account, NOTICE_FOLLOW, d->n, 0);
		return OK;
	case SETUP_LINK:
		d->secret = ticket_add(tx, a, TICKET_SETUP, 0, 1000);
		return OK;
	case SETUP_USE:
		return ticket_use(tx, TICKET_SETUP, d->secret, &d->n);
	case LINK:
		d->secret = ticket_add(tx, a, TICKET_RESET, d->account, 1000);
		return OK;
	case USE:
		return ticket_use(tx, TICKET_RESET, d->secret, &d->n);
	case INVITE:
		d->secret = invite_add(tx, a, d->account, 1, 1000);
		return OK;
	case INVITE_USE:
		return invite_use(tx, d->secret, &d->n);
	case INVITE_END:
		return invite_end(tx, d->account, d->secret);
	}
	return ERR_INTERNAL;
}

static enum err does(struct deed *d, enum verb verb)
{
	d->verb = verb;
	return world_do(d->w, deed_run, d);
}

static void session_lives(void **state)
{
	struct world *w = *state;
	clock_pin(clock_ms() + 10);
	int64_t y = world_account(w, "yuri");
	struct deed d = {.w = w, .account = world_account(w, "Xenia"), .n = y};
	struct session s;
	assert_int_equal(does(&d, LOGIN), OK);
	assert_int_equal(does(&d, NOTICE), OK);
	assert_int_equal(d.secret.len, SECRET_CHARS);
	uint64_t before = db_statements();
	assert_int_equal(session_find(w->db, w->a, d.secret, clock_ms(), &s), OK);
	assert_int_equal(db_statements() - before, 1);
	assert_int_equal(s.account, d.account);
	assert_true(str_eq(s.name, S("Xenia")));
	assert_int_equal(s.unread, 1);
	assert_int_equal(s.app, 1);
	assert_int_equal(session_find(w->db, w->a, S("short"), clock_ms(), &s), ERR_AUTH);
	struct str other = secret_make(w->a);
	assert_int_equal(session_find(w->db, w->a, other, clock_ms(), &s), ERR_AUTH);
	assert_int_equal(session_find(w->db, w->a, d.secret, clock_ms() + 30LL * DAY, &s),
			 ERR_AUTH);
	d.hash = hash_of(d.secret);
	assert_int_equal(does(&d, PRUNE), OK);
	assert_int_equal(d.n, 0);
	clock_pin(clock_ms() + 31LL * DAY);
	assert_int_equal(does(&d, PRUNE), OK);
	assert_int_equal(d.n, 1);
	assert_int_equal(does(&d, LOGIN), OK);
	d.hash = hash_of(d.secret);
	assert_int_equal(does(&d, LOGOUT), OK);
	assert_int_equal(session_find(w->db, w->a, d.secret, clock_ms(), &s), ERR_AUTH);
}

static void secrets_are_not_stored(void **state)
{
	struct world *w = *state;
	struct deed d = {.w = w, .account = world_account(w, "xenia")};
	assert_int_equal(does(&d, LOGIN), OK);
	struct str session = d.secret;
	assert_int_equal(does(&d, TOKEN), OK);
	assert_int_equal(DB_I64(w->db, -1,
				"SELECT count(*) FROM session WHERE account = ? AND hash = ?",
				A(d.account), A_BLOB(session)),
			 0);
	assert_int_equal(DB_I64(w->db, -1,
				"SELECT count(*) FROM token WHERE account = ? AND hash = ?",
				A(d.account), A_BLOB(d.secret)),
			 0);
}

static void tokens_and_passwords(void **state)
{
	struct world *w = *state;
	struct deed d = {.w = w, .account = world_account(w, "xenia")};
	struct session s;
	assert_int_equal(does(&d, TOKEN_BAD), ERR_INPUT);
	assert_int_equal(does(&d, APP_TOKEN), OK);
	assert_int_equal(token_find(w->db, w->a, d.secret, &s), OK);
	assert_int_equal(s.account, 0);
	assert_int_equal(does(&d, TOKEN), OK);
	struct str token = d.secret;
	uint64_t before = db_statements();
	assert_int_equal(token_find(w->db, w->a, token, &s), OK);
	assert_int_equal(db_statements() - before, 1);
	assert_true(s.account == d.account && s.app == 2 && str_eq(s.scopes, S("read write")));
	assert_int_equal(session_find(w->db, w->a, token, clock_ms(), &s), ERR_AUTH);
	assert_int_equal(does(&d, LOGIN), OK);
	struct str kept = d.secret;
	assert_int_equal(does(&d, LOGIN), OK);
	d.hash = hash_of(kept);
	assert_int_equal(does(&d, PASSWORD), OK);
	assert_int_equal(session_find(w->db, w->a, kept, clock_ms(), &s), OK);
	assert_int_equal(session_find(w->db, w->a, d.secret, clock_ms(), &s), ERR_AUTH);
	assert_int_equal(token_find(w->db, w->a, token, &s), ERR_AUTH);
	assert_int_equal(does(&d, SUSPEND), OK);
	assert_int_equal(session_find(w->db, w->a, kept, clock_ms(), &s), ERR_DENIED);
}

static void scopes(void **state)
{
	(void)state;
	assert_true(scopes_ok(S("read write:media  push")));
	assert_false(scopes_ok(S("")));
	assert_false(scopes_ok(S("   ")));
	assert_false(scopes_ok(S("read write:everything")));
}

static void links_work_once(void **state)
{
	struct world *w = *state;
	clock_pin(clock_ms() + 10);
	struct deed d = {.w = w, .account = world_account(w, "xenia")};
	int64_t who = 0;
	assert_int_equal(does(&d, LINK), OK);
	assert_true(ticket_find(w->db, TICKET_RESET, d.secret, clock_ms(), &who));
	assert_int_equal(who, d.account);
	assert_false(ticket_find(w->db, TICKET_SETUP, d.secret, clock_ms(), &who));
	assert_false(ticket_find(w->db, TICKET_RESET, d.secret, clock_ms() + 1000, &who));
	assert_int_equal(does(&d, USE), OK);
	assert_int_equal(d.n, d.account);
	assert_int_equal(does(&d, USE), ERR_AUTH);
	assert_int_equal(does(&d, LINK), OK);
	assert_int_equal(does(&d, PASSWORD), OK);
	assert_int_equal(does(&d, USE), ERR_AUTH);
	assert_int_equal(does(&d, LINK), OK);
	assert_int_equal(does(&d, SUSPEND), OK);
	assert_int_equal(does(&d, USE), ERR_AUTH);
}

/* Each start of an empty site prints one: with the first account all of them are over. */
static void setup_is_for_an_empty_site(void **state)
{
	struct world *w = *state;
	struct deed first = {.w = w}, second = {.w = w};
	assert_int_equal(does(&first, SETUP_LINK), OK);
	assert_int_equal(does(&second, SETUP_LINK), OK);
	assert_int_equal(does(&first, SETUP_USE), OK);
	int64_t who;
	assert_true(ticket_find(w->db, TICKET_SETUP, second.secret, clock_ms(), &who));
	world_account(w, "xenia");
	assert_false(ticket_find(w->db, TICKET_SETUP, second.secret, clock_ms(), &who));
	assert_int_equal(does(&second, SETUP_USE), ERR_AUTH);
}

static void invitations(void **state)
{
	struct world *w = *state;
	clock_pin(clock_ms() + 10);
	struct deed d = {.w = w, .account = world_account(w, "xenia")};
	struct invite found;
	assert_int_equal(does(&d, INVITE), OK);
	assert_true(invite_find(w->db, w->a, d.secret, clock_ms(), &found));
	assert_int_equal(found.account, d.account);
	assert_false(invite_find(w->db, w->a, d.secret, clock_ms() + 1000, &found));
	assert_int_equal(does(&d, INVITE_USE), OK);
	assert_int_equal(d.n, d.account);
	assert_int_equal(does(&d, INVITE_USE), ERR_INPUT);
	assert_int_equal(invite_list(w->db, w->a, d.account).at[0].uses, 1);
	struct deed other = {.w = w, .account = world_account(w, "yuri"), .secret = d.secret};
	assert_int_equal(does(&other, INVITE_END), ERR_NOT_FOUND);
	assert_int_equal(does(&d, INVITE_END), OK);
	assert_int_equal(invite_list(w->db, w->a, d.account).n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WORLD_TEST(session_lives),        WORLD_TEST(secrets_are_not_stored),
		WORLD_TEST(tokens_and_passwords), cmocka_unit_test(scopes),
		WORLD_TEST(links_work_once),      WORLD_TEST(setup_is_for_an_empty_site),
		WORLD_TEST(invitations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
