/* SPDX-License-Identifier: MIT */
/* Routes: apps, tokens, and accounts made through an app. The consent page is page/routes.c's. */
#include "api/oauth.h"
#include "api/routes.h"

#define CLIENT \
	{.name = "client_id", .type = PARAM_STR, .help = "or by HTTP Basic"}, \
	{ \
		.name = "client_secret", .type = PARAM_STR \
	}
/* From anybody; what the body says is what counts. */
#define TRADE(p, h, rate_class, text) \
	.method = METHOD_POST, .path = p, .format = FORMAT_API, .rate = rate_class, .write = h, \
	.help = text
#define BY_APP .format = FORMAT_API, .optional_token = true

static const struct route routes[] = {
	{TRADE("/api/v1/apps", on_app_add, RATE_JOIN, "register an app"),
	 PARAMS({.name = "client_name", .type = PARAM_STR, .help = "shown to people"},
		{.name = "redirect_uris",
		 .type = PARAM_LIST,
		 .max = APP_URIS_MAX * APP_URI_MAX,
		 .lines = true,
		 .help = "one or several, also one a line"},
		{.name = "scopes", .type = PARAM_STR, .max = 2000, .help = "read unless given"},
		{.name = "website", .type = PARAM_STR, .max = APP_URI_MAX})},
	{OPEN("/api/v1/apps/verify_credentials", NULL, on_app_verify,
	      "the app a token was given to")},
	{.method = METHOD_GET,
	 .path = "/.well-known/oauth-authorization-server",
	 .format = FORMAT_API,
	 .read = on_oauth_metadata,
	 .help = "how apps get a token (RFC 8414)"},
	{TRADE("/oauth/token", on_token, RATE_WRITE, "trade a code or a secret for a token"),
	 .prepare = on_token_prepare, .again = on_oauth_again,
	 PARAMS(CLIENT,
		{.name = "grant_type",
		 .type = PARAM_STR,
		 .help = "authorization_code, client_credentials, password (if allowed)"},
		{.name = "code", .type = PARAM_STR},
		{.name = "redirect_uri", .type = PARAM_STR, .max = APP_URI_MAX},
		{.name = "code_verifier", .type = PARAM_STR, .help = "PKCE"},
		{.name = "scope", .type = PARAM_STR, .max = 2000},
		{.name = "username", .type = PARAM_STR, .help = "name or mail address"},
		{.name = "password", .type = PARAM_STR})},
	{TRADE("/oauth/revoke", on_revoke, RATE_WRITE, "end a token"), .prepare = on_revoke_prepare,
	 .again = on_oauth_again, PARAMS(CLIENT, {.name = "token", .type = PARAM_STR})},
	{USER("/oauth/userinfo", "profile", on_userinfo, "who the token belongs to, in short")},
	{WRITE(METHOD_POST, "/oauth/userinfo", "profile", on_userinfo_post,
	       "who the token belongs to, in short")},
	{.method = METHOD_POST,
	 .path = "/api/v1/accounts",
	 BY_APP,
	 .scope = "write:accounts",
	 .rate = RATE_JOIN,
	 .prepare = on_account_new_prepare,
	 .write = on_account_new,
	 .again = on_account_new_again,
	 .help = "make an account, with an app's own token",
	 PARAMS({.name = "username", .type = PARAM_STR}, {.name = "email", .type = PARAM_STR},
		{.name = "password", .type = PARAM_STR}, {.name = "agreement", .type = PARAM_BOOL},
		{.name = "locale", .type = PARAM_STR},
		{.name = "reason",
		 .type = PARAM_TEXT,
		 .help = "why, for moderators, where sign-up is by approval"},
		{.name = "invite_code", .type = PARAM_STR, .help = "of an invitation"})},
	{WRITE(METHOD_POST, "/api/v1/emails/confirmations", "write:accounts", on_confirmation,
	       "nothing has to be confirmed here"),
	 .pending = true},
	{USER("/api/v1/emails/check_confirmation", "read:accounts", on_confirmation_check,
	      "whether the mail address is confirmed: always"),
	 .pending = true},
};

ROUTES(api_oauth_routes);
