/* SPDX-License-Identifier: MIT */
/* Apps, what they may ask for, and codes: traded once, by their own app, in time, with the proof.
 */
#include "world.h"

#include "base/scope.h"
#include "core/app.h"
#include "core/session.h"

#define URI "https://client.example/cb"
/* Appendix B of RFC 7636. */
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

struct deed {
	struct world *w;
	struct app asked, app;
	struct grant grant;
	struct grant_use use;
	struct str secret, code, token, scopes;
	int64_t account;
	enum err e;
};

static enum err do_add(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	return app_add(tx, d->w->a, &d->asked, &d->app, &d->secret);
}

static enum err do_grant(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	d->code = grant_add(tx, d->w->a, &d->grant);
	return OK;
}

/* As the endpoint does it: the transaction is kept whatever comes out. */
static enum err do_use(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	d->e = grant_use(tx, d->w->a, &d->use, &d->token, &d->scopes);
	return OK;
}

static enum err do_end(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	return app_end(tx, d->account, d->app.id);
}

static enum err do_suspend(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	return account_state_set(tx, d->account, ACCOUNT_SUSPENDED, 0);
}

static enum err do_prune(struct tx *tx, void *arg)
{
	struct deed *d = arg;
	d->e = session_prune(tx) > 0 ? OK : ERR_NOT_FOUND;
	return OK;
}

static struct deed app_new(struct world *w, struct str scopes)
{
	struct deed d = {.w = w,
			 .asked = {.name = S(" Client "),
				   .redirect_uris = S(URI "\r\n\n" APP_URI_SHOWN "\n"),
				   .scopes = scopes}};
	assert_int_equal(world_do(w, do_add, &d), OK);
	return d;
}

/* Somebody allows d's app. */
static void allow(struct deed *d, struct str challenge)
{
	d->grant = (struct grant){.app = d->app.id,
				  .account = d->account,
				  .redirect_uri = S(URI),
				  .scopes = S("read write:media"),
				  .challenge = challenge};
	assert_int_equal(world_do(d->w, do_grant, d), OK);
	d->use = (struct grant_use){.app = d->app.id, .code = d->code, .redirect_uri = S(URI)};
}

static enum err trade(struct deed *d)
{
	assert_int_equal(world_do(d->w, do_use, d), OK);
	return d->e;
}

static bool is_good(struct deed *d, struct str token)
{
	struct session s;
	return token_find(d->w->db, d->w->a, token, &s) == OK && s.account == d->account &&
	       s.app == d->app.id;
}

static void scopes_cover(void **state)
{
	(void)state;
	static const struct {
		const char *granted, *wants;
		bool is;
	} cases[] = {
		{"read", "read", true},
		{"read", "read:statuses", true},
		{"read:statuses", "read", false},
		{"read", "readall", false},
		{"write read", "read:lists write:media", true},
		{"write read", "read:lists admin:read", false},
		{"follow", "write:blocks read:mutes read:follows", true},
		{"follow", "read:statuses", false},
		{"admin:read", "admin:read:reports", true},
		{"admin:read", "admin:write:reports", false},
		{"read write", "admin:read", false},
		{" read\t\nwrite ", " write ", true},
		{"", "read", false},
		{"", "", true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		print_message("%s / %s\n", cases[i].granted, cases[i].wants);
		assert_int_equal(scope_covers_all(str_of(cases[i].granted), str_of(cases[i].wants)),
				 cases[i].is);
	}
}

static void uris_are_checked(void **state)
{
	(void)state;
	static const char *const good[] = {URI,
					   APP_URI_SHOWN,
					   "icecubesapp://",
					   "http://127.0.0.1:8/x?y=%3A",
					   "com.example.app:/oauth",
					   "a+b-c.d:x"};
	static const char *const bad[] = {"",
					  ":",
					  "x",
					  "x:",
					  "//host/x",
					  "1x:y",
					  "https:",
					  "https://",
					  "https:///x",
					  "https://:80/",
					  "https://?x",
					  "HTTPS:x",
					  "javascript:x",
					  "Data:x",
					  "localhost:80",
					  "https://x/#",
					  "https://x/ y",
					  "https://x/\"",
					  "https://x/\x7f",
					  "https://x\\y"};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		assert_int_equal(app_uri_check(str_of(good[i])), OK);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		print_message("%s\n", bad[i]);
		assert_int_equal(app_uri_check(str_of(bad[i])), ERR_INPUT);
	}
}

static void registers_and_recognises(void **state)
{
	struct world *w = *state;
	struct deed d = app_new(w, S("read  write read"));
	struct app found;
	assert_true(str_eq(d.app.name, S("Client")));
	assert_true(str_eq(d.app.scopes, S("read write")));
	assert_true(str_eq(d.app.redirect_uris, S(URI "\n" APP_URI_SHOWN)));
	assert_true(app_find(w->db, w->a, d.app.client_id, &found) && found.id == d.app.id);
	assert_int_equal(app_login(w->db, w->a, d.app.client_id, d.secret, &found), OK);
	assert_int_equal(app_login(w->db, w->a, d.app.client_id, S("x"), &found), ERR_AUTH);
	assert_int_equal(app_login(w->db, w->a, S("kwipd-web"), S(""), &found), ERR_AUTH);
	assert_true(app_has_uri(&found, S(URI)) && app_has_uri(&found, S(APP_URI_SHOWN)));
	assert_false(app_has_uri(&found, S(URI "/")) || app_has_uri(&found, S("")) ||
		     app_has_uri(&found, S(URI "\n" APP_URI_SHOWN)));
}

static void grants_no_more_than_registered(void **state)
{
	struct world *w = *state;
	struct deed d = app_new(w, S("read:lists write"));
	struct str got;
	assert_int_equal(app_scopes(&d.app, w->a, S(""), &got), OK);
	assert_true(str_eq(got, S("read:lists write")));
	assert_int_equal(app_scopes(&d.app, w->a, S("write:media write:media"), &got), OK);
	assert_true(str_eq(got, S("write:media")));
	assert_int_equal(app_scopes(&d.app, w->a, S("read"), &got), ERR_INPUT);
	assert_int_equal(app_scopes(&d.app, w->a, S("write:nonsense"), &got), ERR_INPUT);
}

static void trades_once(void **state)
{
	struct world *w = *state;
	struct deed d = app_new(w, S("read write"));
	d.account = world_account(w, "ann");
	allow(&d, S(""));
	assert_int_equal(trade(&d), OK);
	assert_true(str_eq(d.scopes, S("read write:media")));
	struct str token = d.token;
	assert_true(is_good(&d, token));
	world_events_seen(w);
	d.use.app++;
	assert_int_equal(trade(&d), ERR_AUTH);
	assert_true(is_good(&d, token));
	d.use.app--;
	assert_int_equal(trade(&d), ERR_AUTH);
	assert_false(is_good(&d, token));
	assert_int_equal(world_events(w, EVENT_TOKENS, d.account, 0), 1);
}

static void refuses_what_differs(void **state)
{
	struct world *w = *state;
	struct deed d = app_new(w, S("read write"));
	d.account = world_account(w, "ann");
	allow(&d, S(CHALLENGE));
	static const struct grant_use wrong[] = {
		{.redirect_uri = S_INIT(URI)},
		{.redirect_uri = S_INIT(URI "/"), .verifier = S_INIT(VERIFIER)},
		{.redirect_uri = S_INIT(URI), .verifier = S_INIT(CHALLENGE)},
		{.redirect_uri = S_INIT(URI), .verifier = S_INIT("dBjftJeZ")},
		{.redirect_uri = S_INIT(URI), .verifier = S_INIT(VERIFIER " ")},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		d.use = wrong[i];
		d.use.app = d.app.id;
		d.use.code = d.code;
		assert_int_equal(trade(&d), ERR_AUTH);
	}
	d.use.redirect_uri = S(URI);
	d.use.verifier = S(VERIFIER);
	assert_int_equal(trade(&d), OK);
	allow(&d, S(""));
	d.use.verifier = S(VERIFIER);
	assert_int_equal(trade(&d), ERR_AUTH);
	assert_true(grant_challenge_ok(S(CHALLENGE)));
	assert_false(grant_challenge_ok(S("")) || grant_challenge_ok(S(CHALLENGE "x")));
}

static void codes_end(void **state)
{
	struct world *w = *state;
	struct deed d = app_new(w, S("read write"));
	d.account = world_account(w, "ann");
	clock_pin(INT64_C(1800000000000));
	allow(&d, S(""));
	clock_pin(INT64_C(1800000000000) + GRANT_CODE_S * 1000);
	assert_int_equal(trade(&d), ERR_AUTH);
	assert_int_equal(world_do(w, do_prune, &d), OK);
	assert_int_equal(d.e, OK);
	assert_int_equal(DB_I64(w->db, 0, "SELECT count(*) FROM grant_code /* scan */"), 0);
	allow(&d, S(""));
	assert_int_equal(world_do(w, do_suspend, &d), OK);
	assert_int_equal(trade(&d), ERR_AUTH);
}

static void an_apps_access_is_ended_whole(void **state)
{
	struct world *w = *state;
	struct deed d = app_new(w, S("read write"));
	d.account = world_account(w, "ann");
	allow(&d, S(""));
	assert_int_equal(trade(&d), OK);
	struct app_tokens list = app_list(w->db, w->a, d.account);
	assert_int_equal(list.n, 1);
	assert_true(list.at[0].app == d.app.id && str_eq(list.at[0].app_name, S("Client")));
	allow(&d, S(""));
	world_events_seen(w);
	assert_int_equal(world_do(w, do_end, &d), OK);
	assert_int_equal(world_events(w, EVENT_TOKENS, d.account, 0), 1);
	assert_false(is_good(&d, d.token));
	assert_int_equal(trade(&d), ERR_AUTH);
	assert_int_equal(app_list(w->db, w->a, d.account).n, 0);
	assert_int_equal(world_do(w, do_end, &d), ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scopes_cover),
		cmocka_unit_test(uris_are_checked),
		WORLD_TEST(registers_and_recognises),
		WORLD_TEST(grants_no_more_than_registered),
		WORLD_TEST(trades_once),
		WORLD_TEST(refuses_what_differs),
		WORLD_TEST(codes_end),
		WORLD_TEST(an_apps_access_is_ended_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
