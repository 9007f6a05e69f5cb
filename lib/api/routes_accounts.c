/* SPDX-License-Identifier: MIT */
/* Routes: people and how the viewer stands to them. */
#include "api/routes.h"

static const struct route routes[] = {
	{USER("/api/v1/accounts/verify_credentials", "profile read:accounts", on_verify_credentials,
	      "who the token belongs to")},
	{OPEN("/api/v1/accounts/lookup", "read:accounts", on_account_lookup, "an account by name"),
	 PARAMS({.name = "acct",
		 .type = PARAM_STR,
		 .required = true,
		 .help = "name or name@domain"})},
	{USER("/api/v1/accounts/relationships", "read:follows", on_relationships,
	      "how the viewer stands to accounts"),
	 PARAMS({.name = "id", .type = PARAM_LIST, .help = "accounts"},
		{.name = "with_suspended", .type = PARAM_BOOL})},
	{OPEN("/api/v1/accounts/:id", "read:accounts", on_account, "an account"), PARAMS(ID)},
	{OPEN("/api/v1/accounts/:id/statuses", "read:statuses", on_account_statuses,
	      "what an account said"),
	 PARAMS(ID, CURSORS, {.name = "exclude_replies", .type = PARAM_BOOL},
		{.name = "exclude_reblogs", .type = PARAM_BOOL},
		{.name = "pinned", .type = PARAM_BOOL}, {.name = "only_media", .type = PARAM_BOOL},
		{.name = "tagged", .type = PARAM_STR, .max = 200, .help = "a hashtag"})},
	{WRITE(METHOD_POST, "/api/v1/accounts/:id/follow", "write:follows", on_account_follow,
	       "follow, or change how"),
	 PARAMS(ID, {.name = "reblogs", .type = PARAM_BOOL}, {.name = "notify", .type = PARAM_BOOL},
		{.name = "languages", .type = PARAM_LIST, .help = "only kwips in these"})},
	ACT("/api/v1/accounts/:id/unfollow", "write:follows", on_account_unfollow, "unfollow"),
	ACT("/api/v1/accounts/:id/block", "write:blocks", on_account_block, "block"),
	ACT("/api/v1/accounts/:id/unblock", "write:blocks", on_account_unblock, "unblock"),
	{WRITE(METHOD_POST, "/api/v1/accounts/:id/mute", "write:mutes", on_account_mute,
	       "mute, for a while or for ever"),
	 PARAMS(ID, {.name = "notifications", .type = PARAM_BOOL},
		{.name = "duration",
		 .type = PARAM_INT,
		 .min = 0,
		 .max = 3153600000,
		 .help = "seconds; 0: for ever"})},
	ACT("/api/v1/accounts/:id/unmute", "write:mutes", on_account_unmute, "unmute"),
};

ROUTES(api_accounts_routes);
