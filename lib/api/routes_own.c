/* SPDX-License-Identifier: MIT */
/* Routes: reports, custom emoji, and what is answered empty because there is none of it. */
#include "api/own.h"
#include "api/routes.h"

static const struct route routes[] = {
	{OPEN("/api/v1/custom_emojis", NULL, on_custom_emojis, "this site's own emoji"),
	 .cached = true},
	{WRITE(METHOD_POST, "/api/v1/reports", "write:reports", on_report,
	       "ask the moderators to look at an account"),
	 PARAMS({.name = "account_id", .type = PARAM_ID, .required = true},
		{.name = "status_ids", .type = PARAM_LIST, .help = "what it said"},
		{.name = "rule_ids", .type = PARAM_LIST, .help = "rules it broke"},
		{.name = "comment", .type = PARAM_TEXT, .max = 8000},
		{.name = "category",
		 .type = PARAM_STR,
		 .max = 20,
		 .help = "spam, legal, violation or other"},
		{.name = "forward", .type = PARAM_BOOL, .help = "to the account's own server"})},

	{USER("/api/v1/annual_reports", "read:accounts", on_annual_reports, "always empty")},
	{USER("/api/v1/annual_reports/:year", "read:accounts", on_annual_reports, "always empty"),
	 PARAMS({.name = "year", .type = PARAM_INT})},
	{USER("/api/v1/annual_reports/:year/state", "read:accounts", on_annual_report_state,
	      "always ineligible"),
	 PARAMS({.name = "year", .type = PARAM_INT})},
	{WRITE(METHOD_POST, "/api/v1/annual_reports/:year/read", "write:accounts",
	       on_annual_report_nothing, "nothing to do"),
	 PARAMS({.name = "year", .type = PARAM_INT})},
	{WRITE(METHOD_POST, "/api/v1/annual_reports/:year/generate", "write:accounts",
	       on_annual_report_nothing, "nothing to do: nobody is eligible"),
	 PARAMS({.name = "year", .type = PARAM_INT})},
	{OPEN("/api/v1/accounts/:id/collections", "read:accounts", on_collections, "always empty"),
	 PARAMS(ID)},
	{OPEN("/api/v1/accounts/:id/in_collections", "read:accounts", on_collections,
	      "always empty"),
	 PARAMS(ID)},
	{USER("/api/v1_alpha/async_refreshes/:name", "read", on_not_here, "always not found"),
	 PARAMS({.name = "name", .type = PARAM_STR})},
};

ROUTES(api_own_routes);
