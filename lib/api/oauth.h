/* SPDX-License-Identifier: MIT */
/*
 * Handlers of OAuth 2 (RFC 6749, 7009, 7636, 8414) and of sign-up by apps, as Mastodon has them.
 * The consent page is page/consent.c's.
 */
#ifndef API_OAUTH_H
#define API_OAUTH_H

#include "core/app.h"
#include "http/route.h"

/* "Token". */
void oauth_put_token(struct buf *out, struct str token, struct str scopes, int64_t now);

/* "Basic BASE64(id:secret)" (RFC 7617); false when the header is none. Views in a. */
bool oauth_basic_read(struct arena *a, struct str header, struct str *id, struct str *secret);

enum err on_app_add(struct req *r, struct tx *tx, struct answer *out);
enum err on_app_verify(struct req *r, struct answer *out);
enum err on_oauth_metadata(struct req *r, struct answer *out);
enum err on_token_prepare(struct req *r);
enum err on_token(struct req *r, struct tx *tx, struct answer *out);
enum err on_revoke_prepare(struct req *r);
enum err on_revoke(struct req *r, struct tx *tx, struct answer *out);
/* {"error": .., "error_description": ..} of what a prepare left. */
void on_oauth_again(struct req *r, struct db *db, enum err e, struct answer *out);
enum err on_userinfo(struct req *r, struct answer *out);
enum err on_userinfo_post(struct req *r, struct tx *tx, struct answer *out);

/* signup.c: an account made through an app. */
enum err on_account_new_prepare(struct req *r);
enum err on_account_new(struct req *r, struct tx *tx, struct answer *out);
void on_account_new_again(struct req *r, struct db *db, enum err e, struct answer *out);
enum err on_confirmation(struct req *r, struct tx *tx, struct answer *out);
enum err on_confirmation_check(struct req *r, struct answer *out);

#endif
