/* SPDX-License-Identifier: MIT */
/*
 * Tokens for apps: trading codes, secrets or (where allowed) passwords for one, and giving it back.
 * Who the client is and what it asks is settled in a worker; the writer only trades.
 */
#include "api/oauth.h"

#include "base/conf.h"
#include "base/json.h"
#include "core/account.h"
#include "core/session.h"

struct oauth_error {
	int status;
	struct str code, words;
};

static const struct oauth_error
	bad_client = {401, S_INIT("invalid_client"),
		      S_INIT("Client authentication failed due to unknown client, no client "
			     "authentication included, or unsupported authentication method.")},
	bad_grant =
		{400, S_INIT("invalid_grant"),
		 S_INIT("The provided authorization grant is invalid, expired, revoked, does not "
			"match the redirection URI used in the authorization request, or was "
			"issued to another client.")},
	bad_scope = {400, S_INIT("invalid_scope"),
		     S_INIT("The requested scope is invalid, unknown, or malformed.")},
	bad_type = {400, S_INIT("unsupported_grant_type"),
		    S_INIT("The authorization grant type is not supported by the authorization "
			   "server.")},
	no_type = {400, S_INIT("invalid_request"),
		   S_INIT("Missing required parameter: grant_type.")},
	not_yours = {403, S_INIT("unauthorized_client"),
		     S_INIT("You are not authorized to revoke this token")},
	too_often = {429, S_INIT("temporarily_unavailable"), S_INIT("Too many requests")};

/* What prepare settled. */
struct trade {
	const struct oauth_error *error; /* NULL: none */
	struct app app;
	int64_t account; /* 0: the app's own token */
	struct str scopes, code;
	bool revokes;
	struct hash token; /* to be revoked */
};

static void put_error(struct answer *out, const struct oauth_error *e)
{
	struct jw w = {.out = out->body};
	out->status = e->status;
	jw_open(&w, '{');
	jw_kstr(&w, S("error"), e->code);
	jw_kstr(&w, S("error_description"), e->words);
	jw_close(&w, '}');
}

void on_oauth_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	const struct trade *t = r->prepared;
	(void)db;
	(void)e;
	put_error(out, t->error);
}

static enum err refuse_with(struct trade *t, const struct oauth_error *e)
{
	t->error = e;
	return ERR_INPUT;
}

void oauth_put_token(struct buf *out, struct str token, struct str scopes, int64_t now)
{
	struct jw w = {.out = out};
	jw_open(&w, '{');
	jw_kstr(&w, S("access_token"), token);
	jw_kstr(&w, S("token_type"), S("Bearer"));
	jw_kstr(&w, S("scope"), scopes);
	jw_ki64(&w, S("created_at"), now / 1000);
	jw_close(&w, '}');
}

static int base64_digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* RFC 4648 section 4, as headers hold it; ends at the first byte that is no digit. */
static struct str base64_decode(struct arena *a, struct str s)
{
	char *to = arena_take(a, s.len + 1);
	size_t n = 0;
	unsigned bits = 0, have = 0;
	for (size_t i = 0; i < s.len && base64_digit(s.at[i]) >= 0; i++) {
		bits = (bits << 6 | (unsigned)base64_digit(s.at[i])) & 0xffffff;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		to[n++] = (char)(bits >> have & 255);
	}
	return (struct str){to, n};
}

bool oauth_basic_read(struct arena *a, struct str header, struct str *id, struct str *secret)
{
	if (header.len <= 6 || !str_eq_nocase(str_slice(header, 0, 6), S("basic ")))
		return false;
	*secret = base64_decode(a, str_trim(str_slice(header, 6, header.len)));
	*id = str_cut(secret, ':');
	return true;
}

/* The client by HTTP Basic or by its parameters. Ids and secrets of ours need no percent-decoding.
 */
static enum err client_find(struct req *r, struct app *out)
{
	struct str id, secret;
	if (!oauth_basic_read(r->a, req_header(r, "Authorization"), &id, &secret)) {
		id = param_str(r, "client_id");
		secret = param_str(r, "client_secret");
	}
	return app_login(r->db, r->a, id, secret, out);
}

/* A name or mail address and password, of somebody who may act. Takes as long for unknown people.
 */
static enum err password_check(struct req *r, struct trade *t)
{
	char stored[PASSWORD_HASH_MAX], unused[PASSWORD_HASH_MAX];
	struct str password = param_str(r, "password");
	struct account who;
	if (req_count(r, RATE_LOGIN) != OK)
		return refuse_with(t, &too_often);
	enum err e = account_login_find(r->db, r->a, param_str(r, "username"), &t->account, stored);
	if (e != OK || stored[0] == '\0') {
		if (password_hash(password, unused) != OK)
			return ERR_STORAGE;
		return refuse_with(t, &bad_grant);
	}
	if (!password_ok(stored, password) || !account_get(r->db, r->a, t->account, &who) ||
	    who.state != ACCOUNT_ACTIVE)
		return refuse_with(t, &bad_grant);
	return OK;
}

static enum err scopes_settle(struct req *r, struct trade *t)
{
	if (app_scopes(&t->app, r->a, param_str(r, "scope"), &t->scopes) != OK)
		return refuse_with(t, &bad_scope);
	return OK;
}

enum err on_token_prepare(struct req *r)
{
	struct trade *t = arena_take(r->a, sizeof *t);
	struct str type = param_str(r, "grant_type");
	r->prepared = t;
	t->error = &bad_grant;
	if (type.len == 0)
		return refuse_with(t, &no_type);
	if (client_find(r, &t->app) != OK)
		return refuse_with(t, &bad_client);
	if (str_eq(type, S("authorization_code"))) {
		t->code = param_str(r, "code");
		return t->code.len == SECRET_CHARS ? OK : refuse_with(t, &bad_grant);
	}
	enum err e = OK;
	if (str_eq(type, S("password")) && conf.password_grant)
		e = password_check(r, t);
	else if (!str_eq(type, S("client_credentials")))
		e = refuse_with(t, &bad_type);
	return e == OK ? scopes_settle(r, t) : e;
}

/* A bad code is told in an answer that is kept: what it ends must stay ended. */
enum err on_token(struct req *r, struct tx *tx, struct answer *out)
{
	struct trade *t = r->prepared;
	struct str token;
	enum err e;
	if (t->code.len) {
		struct grant_use use = {.app = t->app.id,
					.code = t->code,
					.redirect_uri = param_str(r, "redirect_uri"),
					.verifier = param_str(r, "code_verifier")};
		e = grant_use(tx, r->a, &use, &token, &t->scopes);
		if (e == ERR_AUTH)
			return put_error(out, &bad_grant), OK;
	} else {
		e = token_add(tx, r->a, t->account, t->app.id, t->scopes, &token);
	}
	if (e == OK)
		oauth_put_token(out->body, token, t->scopes, tx_now(tx));
	return e;
}

/* RFC 7009: a token that is not there is revoked; another client's is not yours to touch. */
enum err on_revoke_prepare(struct req *r)
{
	struct trade *t = arena_take(r->a, sizeof *t);
	struct str token = param_str(r, "token");
	r->prepared = t;
	if (client_find(r, &t->app) != OK)
		return refuse_with(t, &not_yours);
	int64_t app = token.len ? token_app(r->db, token) : 0;
	if (app != 0 && app != t->app.id)
		return refuse_with(t, &not_yours);
	t->revokes = app != 0;
	t->token = hash_of(token);
	return OK;
}

enum err on_revoke(struct req *r, struct tx *tx, struct answer *out)
{
	const struct trade *t = r->prepared;
	if (t->revokes)
		token_end(tx, t->token);
	buf_put(out->body, S("{}"));
	return OK;
}
