/* SPDX-License-Identifier: MIT */
/* Routes: lists of people and what one keeps about them. */
#include "api/relations.h"
#include "api/routes.h"

#define IDS \
	{ \
		.name = "id", .type = PARAM_LIST, .help = "accounts" \
	}
#define PAGES(most, standard) \
	{.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "from the Link header"}, \
		{.name = "since_id", .type = PARAM_CURSOR, .help = "from the Link header"}, \
		{.name = "min_id", .type = PARAM_CURSOR, .help = "from the Link header"}, \
	{ \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = most, \
		.help = "how many; " #standard \
	}
#define LIMIT \
	{ \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = 80, .help = "how many; 40" \
	}
#define DOMAIN \
	{ \
		.name = "domain", .type = PARAM_STR, .max = 300, .required = true, \
		.help = "of a server" \
	}

static const struct route routes[] = {
	{OPEN("/api/v1/accounts", "read:accounts", on_accounts_some, "several accounts by id"),
	 PARAMS(IDS)},
	{OPEN("/api/v1/accounts/:id/followers", "read:accounts", on_account_followers,
	      "who follows an account; empty when it hides that"),
	 PARAMS(ID, PAGES(80, 40))},
	{OPEN("/api/v1/accounts/:id/following", "read:accounts", on_account_following,
	      "whom an account follows; empty when it hides that"),
	 PARAMS(ID, PAGES(80, 40))},
	{OPEN("/api/v1/accounts/:id/endorsements", "read:accounts", on_account_endorsements,
	      "whom an account recommends"),
	 PARAMS(ID, PAGES(80, 40))},
	{OPEN("/api/v1/accounts/:id/identity_proofs", "read:accounts", on_account_nothing,
	      "always empty"),
	 PARAMS(ID)},
	{OPEN("/api/proofs", NULL, on_account_nothing, "always empty")},
	ACT("/api/v1/accounts/:id/remove_from_followers", "write:follows",
	    on_account_follower_remove, "make somebody follow no more"),
	ACT("/api/v1/accounts/:id/endorse", "write:accounts", on_account_endorse,
	    "recommend whom one follows"),
	ACT("/api/v1/accounts/:id/unendorse", "write:accounts", on_account_unendorse,
	    "recommend no more"),
	ACT("/api/v1/accounts/:id/pin", "write:accounts", on_account_endorse,
	    "older name of endorse"),
	ACT("/api/v1/accounts/:id/unpin", "write:accounts", on_account_unendorse,
	    "older name of unendorse"),
	{WRITE(METHOD_POST, "/api/v1/accounts/:id/note", "write:accounts", on_account_note,
	       "keep a private remark; an empty one removes it"),
	 PARAMS(ID, {.name = "comment", .type = PARAM_TEXT, .max = 20000})},
	{USER("/api/v1/accounts/familiar_followers", "read:follows", on_familiar_followers,
	      "which of one's followees follow each account"),
	 PARAMS(IDS)},

	{USER("/api/v1/follow_requests", "read:follows", on_follow_requests, "who asks to follow"),
	 PARAMS(PAGES(80, 40))},
	ACT("/api/v1/follow_requests/:id/authorize", "write:follows", on_follow_request_authorize,
	    "let somebody follow; id is the account's"),
	ACT("/api/v1/follow_requests/:id/reject", "write:follows", on_follow_request_reject,
	    "do not let somebody follow"),
	{USER("/api/v1/blocks", "read:blocks", on_blocks, "whom one blocks"),
	 PARAMS(PAGES(80, 40))},
	{USER("/api/v1/mutes", "read:mutes", on_mutes, "whom one mutes"), PARAMS(PAGES(80, 40))},
	{USER("/api/v1/endorsements", "read:accounts", on_endorsements, "whom one recommends"),
	 PARAMS(PAGES(80, 40))},
	{USER("/api/v1/domain_blocks", "read:blocks", on_domain_blocks, "servers one blocks"),
	 PARAMS(PAGES(200, 100))},
	{USER("/api/v1/domain_blocks/preview", "read:blocks", on_domain_block_preview,
	      "how many follows a block would end"),
	 PARAMS(DOMAIN)},
	{WRITE(METHOD_POST, "/api/v1/domain_blocks", "write:blocks", on_domain_block,
	       "block a server"),
	 PARAMS(DOMAIN)},
	{WRITE(METHOD_DELETE, "/api/v1/domain_blocks", "write:blocks", on_domain_unblock,
	       "block it no more"),
	 PARAMS(DOMAIN)},

	{USER("/api/v1/suggestions", "read:accounts", on_suggestions_v1,
	      "whom one may want to follow"),
	 PARAMS(LIMIT)},
	{USER("/api/v2/suggestions", "read:accounts", on_suggestions, "the same with the reasons"),
	 PARAMS(LIMIT)},
	{WRITE(METHOD_DELETE, "/api/v1/suggestions/:id", "write:accounts", on_suggestion_hide,
	       "never suggest this account again"),
	 PARAMS(ID)},
	{OPEN("/api/v1/directory", "read:accounts", on_directory, "people who want to be found"),
	 PARAMS({.name = "order", .type = PARAM_STR, .max = 20, .help = "active or new"},
		{.name = "local", .type = PARAM_BOOL},
		{.name = "offset", .type = PARAM_INT, .min = 0, .max = 100000}, LIMIT)},
};

ROUTES(api_relations_routes);
