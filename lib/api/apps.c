/* SPDX-License-Identifier: MIT */
/* Client applications: registration, what they know of themselves, and what this server tells all
 * clients about how to get a token (RFC 8414); the OpenID-like userinfo. */
#include "api/entity.h"
#include "api/oauth.h"

#include "base/conf.h"
#include "base/scope.h"
#include "core/push.h"
#include "core/session.h"
#include "static_urls.h"

static void put_words(struct jw *w, struct str key, struct str words)
{
	jw_key(w, key);
	jw_open(w, '[');
	for (struct str word = scope_next(&words); word.len; word = scope_next(&words))
		jw_str(w, word);
	jw_close(w, ']');
}

/* "Application", without its braces. */
static void put_app(struct jw *w, const struct app *app, struct str vapid)
{
	jw_kid(w, S("id"), app->id);
	jw_kstr(w, S("name"), app->name);
	jw_key(w, S("website"));
	if (app->website.len)
		jw_str(w, app->website);
	else
		jw_null(w);
	put_words(w, S("scopes"), app->scopes);
	/* None holds white space: they were checked. */
	put_words(w, S("redirect_uris"), app->redirect_uris);
	jw_kstr(w, S("redirect_uri"), app->redirect_uris);
	jw_kstr(w, S("vapid_key"), vapid);
}

static struct str lines_of(struct req *r, const char *name)
{
	SCOPED_BUF b = BUF_EMPTY;
	size_t n;
	const struct str *list = param_list(r, name, &n);
	for (size_t i = 0; i < n; i++) {
		buf_put(&b, list[i]);
		buf_char(&b, '\n');
	}
	return arena_str(r->a, buf_str(&b));
}

enum err on_app_add(struct req *r, struct tx *tx, struct answer *out)
{
	struct app asked = {.name = param_str(r, "client_name"),
			    .website = param_str(r, "website"),
			    .redirect_uris = lines_of(r, "redirect_uris"),
			    .scopes = param_str(r, "scopes")},
		   app;
	struct str secret;
	enum err e = app_add(tx, r->a, &asked, &app, &secret);
	if (e != OK)
		return e;
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	put_app(&w, &app, push_public_key(tx_db(tx), r->a));
	jw_kstr(&w, S("client_id"), app.client_id);
	jw_kstr(&w, S("client_secret"), secret);
	jw_ki64(&w, S("client_secret_expires_at"), 0);
	jw_close(&w, '}');
	return OK;
}

/* Any good token will do, whatever its scopes. */
enum err on_app_verify(struct req *r, struct answer *out)
{
	struct app app;
	if (r->viewer.via != VIA_TOKEN || !app_get(r->db, r->a, r->viewer.app, &app))
		return refuse("The access token is invalid"), ERR_AUTH;
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	put_app(&w, &app, push_public_key(r->db, r->a));
	jw_close(&w, '}');
	return OK;
}

static void put_endpoint(struct jw *w, struct str key, const char *path)
{
	SCOPED_BUF url = BUF_EMPTY;
	buf_put(&url, conf_base_url());
	buf_put(&url, str_of(path));
	jw_kstr(w, key, buf_str(&url));
}

enum err on_oauth_metadata(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	(void)r;
	jw_open(&w, '{');
	put_endpoint(&w, S("issuer"), "/");
	put_endpoint(&w, S("authorization_endpoint"), "/oauth/authorize");
	put_endpoint(&w, S("token_endpoint"), "/oauth/token");
	put_endpoint(&w, S("revocation_endpoint"), "/oauth/revoke");
	put_endpoint(&w, S("userinfo_endpoint"), "/oauth/userinfo");
	put_endpoint(&w, S("app_registration_endpoint"), "/api/v1/apps");
	put_endpoint(&w, S("service_documentation"), "/about");
	jw_key(&w, S("scopes_supported"));
	jw_open(&w, '[');
	for (size_t i = 0; scope_known(i).len; i++)
		jw_str(&w, scope_known(i));
	jw_close(&w, ']');
	put_words(&w, S("response_types_supported"), S("code"));
	put_words(&w, S("response_modes_supported"), S("query"));
	put_words(&w, S("grant_types_supported"),
		  conf.password_grant ? S("authorization_code client_credentials password")
				      : S("authorization_code client_credentials"));
	put_words(&w, S("code_challenge_methods_supported"), S("S256"));
	put_words(&w, S("token_endpoint_auth_methods_supported"),
		  S("client_secret_basic client_secret_post"));
	jw_close(&w, '}');
	return OK;
}

static enum err put_userinfo(struct req *r, struct db *db, struct answer *out)
{
	struct account who;
	if (!account_get(db, r->a, r->viewer.account, &who))
		return ERR_AUTH;
	SCOPED_BUF url = BUF_EMPTY, picture = BUF_EMPTY;
	struct jw w = {.out = out->body};
	put_account_url(&url, who.name, S(""));
	buf_put(&picture, conf_base_url());
	if (who.avatar.len) {
		buf_put(&picture, S("/media/"));
		buf_put(&picture, who.avatar);
	} else {
		buf_put(&picture, S(STATIC_AVATAR_SVG));
	}
	jw_open(&w, '{');
	put_endpoint(&w, S("iss"), "/");
	jw_kstr(&w, S("sub"), buf_str(&url));
	jw_kstr(&w, S("name"), who.display_name.len ? who.display_name : who.name);
	jw_kstr(&w, S("preferred_username"), who.name);
	jw_kstr(&w, S("profile"), buf_str(&url));
	jw_kstr(&w, S("picture"), buf_str(&picture));
	jw_close(&w, '}');
	return OK;
}

enum err on_userinfo(struct req *r, struct answer *out)
{
	return put_userinfo(r, r->db, out);
}

enum err on_userinfo_post(struct req *r, struct tx *tx, struct answer *out)
{
	return put_userinfo(r, tx_db(tx), out);
}
