/* SPDX-License-Identifier: MIT */
/* Routes: lists. */
#include "api/routes.h"

#define LIST_FIELDS(needed) \
	{.name = "title", .type = PARAM_STR, .required = needed, .help = "its name"}, \
		{.name = "replies_policy", \
		 .type = PARAM_CHOICE, \
		 .choices = "followed|list|none", \
		 .help = "to whom replies are shown: list"}, \
	{ \
		.name = "exclusive", .type = PARAM_BOOL, .help = "members are not shown at home" \
	}
#define MEMBERS \
	{ \
		.name = "account_ids", .type = PARAM_LIST, .required = true, .help = "of accounts" \
	}

static const struct route routes[] = {
	{USER("/api/v1/lists", "read:lists", on_lists, "the viewer's lists")},
	{WRITE(METHOD_POST, "/api/v1/lists", "write:lists", on_list_add, "makes a list"),
	 PARAMS(LIST_FIELDS(true))},
	{USER("/api/v1/lists/:id", "read:lists", on_list, "one list"), PARAMS(ID)},
	{WRITE(METHOD_PUT, "/api/v1/lists/:id", "write:lists", on_list_edit, "changes a list"),
	 PARAMS(ID, LIST_FIELDS(false))},
	{WRITE(METHOD_PATCH, "/api/v1/lists/:id", "write:lists", on_list_edit, "changes a list"),
	 PARAMS(ID, LIST_FIELDS(false))},
	{WRITE(METHOD_DELETE, "/api/v1/lists/:id", "write:lists", on_list_delete, "deletes a list"),
	 PARAMS(ID)},
	{USER("/api/v1/lists/:id/accounts", "read:lists", on_list_accounts,
	      "who is in a list, newest member first"),
	 PARAMS(ID,
		{.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "from the Link header"},
		{.name = "since_id", .type = PARAM_CURSOR, .help = "from the Link header"},
		{.name = "min_id", .type = PARAM_CURSOR, .help = "from the Link header"},
		{.name = "limit",
		 .type = PARAM_INT,
		 .min = 0,
		 .max = 80,
		 .help = "how many; 40; 0 for all"})},
	{WRITE(METHOD_POST, "/api/v1/lists/:id/accounts", "write:lists", on_list_accounts_add,
	       "puts people whom the viewer follows into a list"),
	 PARAMS(ID, MEMBERS)},
	{WRITE(METHOD_DELETE, "/api/v1/lists/:id/accounts", "write:lists", on_list_accounts_delete,
	       "takes people out of a list"),
	 PARAMS(ID, MEMBERS)},
	{USER("/api/v1/accounts/:id/lists", "read:lists", on_account_lists,
	      "the viewer's lists that an account is in"),
	 PARAMS(ID)},
};

ROUTES(api_lists_routes);
