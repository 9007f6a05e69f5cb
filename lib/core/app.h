/* SPDX-License-Identifier: MIT */
/*
 * Client applications and what they are given: authorization codes (RFC 6749 section 4.1, with PKCE
 * of RFC 7636) and the tokens made of them. Secrets and codes are handed out once; only their
 * hashes are stored. The words of OAuth on the wire are api/oauth.c's business.
 */
#ifndef CORE_APP_H
#define CORE_APP_H

#include "base/crypt.h"
#include "store/db.h"

enum {
	APP_NAME_MAX = 60,
	APP_URI_MAX = 2000,      /* bytes of one redirect URI */
	APP_URIS_MAX = 10,       /* redirect URIs of one app */
	GRANT_CODE_S = 10 * 60,  /* a code's life */
	APP_TOKENS_LISTED = 200, /* most tokens in app_list */
};
/* Where the code is shown instead of sent. */
#define APP_URI_SHOWN "urn:ietf:wg:oauth:2.0:oob"

struct app {
	int64_t id;
	struct str name, website, client_id;
	struct str redirect_uris; /* one a line */
	struct str scopes;
};

/* What may be registered: an absolute URI of printable ASCII without a fragment, of any scheme but
 * those that run or read something in the browser. refuse()s. */
enum err app_uri_check(struct str uri) MUST_USE;
/* redirect_uris: lines; scopes: "" means "read". ERR_INPUT after refuse(). *secret is the client's
 * secret, in a; *out lives in a, too. */
enum err app_add(struct tx *tx, struct arena *a, const struct app *n, struct app *out,
		 struct str *secret) MUST_USE;
bool app_get(struct db *db, struct arena *a, int64_t id, struct app *out) MUST_USE;
bool app_find(struct db *db, struct arena *a, struct str client_id, struct app *out) MUST_USE;
/* Is this the client, and its secret? ERR_AUTH otherwise. */
enum err app_login(struct db *db, struct arena *a, struct str client_id, struct str secret,
		   struct app *out) MUST_USE;
/* Byte by byte one of the registered ones. */
bool app_has_uri(const struct app *app, struct str uri);
/*
 * What of the asked scopes may be granted: each must exist and be covered by one of the app's.
 * Nothing asked means "read", or all the app has when that is not among it. ERR_INPUT after
 * refuse() otherwise.
 */
enum err app_scopes(const struct app *app, struct arena *a, struct str asked,
		    struct str *granted) MUST_USE;

/* What somebody allowed an app. */
struct grant {
	int64_t app, account;
	struct str redirect_uri, scopes;
	struct str challenge; /* PKCE S256; "" for none */
};
/* The shape of a code_challenge: base64url of 32 bytes. */
bool grant_challenge_ok(struct str challenge);
/* The code, in a. */
struct str grant_add(struct tx *tx, struct arena *a, const struct grant *g);
/* A code as it comes back. */
struct grant_use {
	int64_t app;
	struct str code, redirect_uri;
	struct str verifier; /* PKCE; "" for none */
};
/*
 * Trades a code for a token, once. ERR_AUTH when the code is unknown, too old, used, another app's,
 * or redirect URI or verifier differ. A code used twice by its own app ends the token it gave: this
 * change must be kept, so the caller's transaction must not fail then.
 */
enum err grant_use(struct tx *tx, struct arena *a, const struct grant_use *use, struct str *token,
		   struct str *scopes) MUST_USE;

/* The tokens of an account, by app and newest first. */
struct app_token {
	int64_t app;
	struct str app_name, app_website, scopes;
	int64_t created_at;
};
struct app_tokens {
	struct app_token *at;
	size_t n;
};
struct app_tokens app_list(struct db *db, struct arena *a, int64_t account);
/* Ends everything an account gave to an app. ERR_NOT_FOUND when that is nothing. Event TOKENS. */
enum err app_end(struct tx *tx, int64_t account, int64_t app) MUST_USE;

#endif
