/* SPDX-License-Identifier: MIT */
/* Routes: the admin API, for moderators and admins. */
#include "api/admin.h"
#include "api/routes.h"

#define STAFF(p, s, h, text) \
	.method = METHOD_GET, .path = p, .format = FORMAT_API, .who = WHO_MODERATOR, \
	.scope = "admin:read" s, .read = h, .help = text
#define CHANGE(m, p, s, h, text) \
	.method = m, .path = p, .format = FORMAT_API, .rate = RATE_WRITE, .who = WHO_MODERATOR, \
	.scope = "admin:write" s, .write = h, .help = text
#define DO(p, s, h, text) \
	{ \
		CHANGE(METHOD_POST, p, s, h, text), PARAMS(ID) \
	}
#define PAGES \
	{.name = "max_id", .type = PARAM_CURSOR, .min = 1}, \
		{.name = "since_id", .type = PARAM_CURSOR}, \
		{.name = "min_id", .type = PARAM_CURSOR}, \
	{ \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = 200, .help = "how many; 100" \
	}
#define FLAG(n) \
	{ \
		.name = n, .type = PARAM_BOOL \
	}
#define TEXT(n) \
	{ \
		.name = n, .type = PARAM_STR \
	}
#define NAMES TEXT("username"), TEXT("display_name"), TEXT("email"), TEXT("ip"), TEXT("by_domain")

#define TRENDS(p, h, text) \
	{ \
		STAFF("/api/v1/admin/trends/" p, "", h, text), \
			PARAMS({.name = "limit", .type = PARAM_INT, .min = 1, .max = 40}, \
			       {.name = "offset", .type = PARAM_INT, .min = 0, .max = 10000}) \
	}
#define REVIEWS(p, name, what) \
	DO("/api/v1/admin/trends/" p "/:id/approve", "", on_admin_trends_##name##_approve, \
	   "let a " what " trend again"), \
		DO("/api/v1/admin/trends/" p "/:id/reject", "", on_admin_trends_##name##_reject, \
		   "a " what " may not trend")

/* Trends and tags have no scopes of their own, here as in Mastodon. */
static const struct route routes[] = {
	{STAFF("/api/v1/admin/accounts", ":accounts", on_admin_accounts, "people, by state"),
	 PARAMS(NAMES, FLAG("local"), FLAG("remote"), FLAG("active"), FLAG("pending"),
		FLAG("disabled"), FLAG("silenced"), FLAG("suspended"), FLAG("staff"), PAGES)},
	{STAFF("/api/v2/admin/accounts", ":accounts", on_admin_accounts_v2, "people, by state"),
	 PARAMS(NAMES, TEXT("origin"), TEXT("status"), TEXT("permissions"),
		{.name = "role_ids", .type = PARAM_LIST}, {.name = "invited_by", .type = PARAM_ID},
		PAGES)},
	{STAFF("/api/v1/admin/accounts/:id", ":accounts", on_admin_account, "one of them"),
	 PARAMS(ID)},
	{CHANGE(METHOD_DELETE, "/api/v1/admin/accounts/:id", ":accounts", on_admin_account_delete,
		"delete a suspended one with all it said"),
	 PARAMS(ID)},
	{CHANGE(METHOD_POST, "/api/v1/admin/accounts/:id/action", ":accounts",
		on_admin_account_action, "warn, mark sensitive, limit or suspend"),
	 PARAMS(ID, {.name = "type", .type = PARAM_STR, .required = true},
		{.name = "report_id", .type = PARAM_ID}, {.name = "text", .type = PARAM_TEXT},
		{.name = "warning_preset_id", .type = PARAM_STR}, FLAG("send_email_notification"))},
	DO("/api/v1/admin/accounts/:id/approve", ":accounts", on_admin_account_approve,
	   "let a pending one in"),
	DO("/api/v1/admin/accounts/:id/reject", ":accounts", on_admin_account_reject,
	   "turn a pending one away"),
	DO("/api/v1/admin/accounts/:id/enable", ":accounts", on_admin_account_enable,
	   "nobody is disabled here: changes nothing"),
	DO("/api/v1/admin/accounts/:id/unsilence", ":accounts", on_admin_account_unsilence,
	   "limit no more"),
	DO("/api/v1/admin/accounts/:id/unsuspend", ":accounts", on_admin_account_unsuspend,
	   "suspend no more"),
	DO("/api/v1/admin/accounts/:id/unsensitive", ":accounts", on_admin_account_unsensitive,
	   "no more marked sensitive"),

	{STAFF("/api/v1/admin/reports", ":reports", on_admin_reports, "reports"),
	 PARAMS(FLAG("resolved"), {.name = "account_id", .type = PARAM_ID},
		{.name = "target_account_id", .type = PARAM_ID}, PAGES)},
	{STAFF("/api/v1/admin/reports/:id", ":reports", on_admin_report, "one of them"),
	 PARAMS(ID)},
	{CHANGE(METHOD_PUT, "/api/v1/admin/reports/:id", ":reports", on_admin_report_edit,
		"change its category or rules"),
	 PARAMS(ID, TEXT("category"), {.name = "rule_ids", .type = PARAM_LIST})},
	DO("/api/v1/admin/reports/:id/assign_to_self", ":reports", on_admin_report_assign,
	   "take it up"),
	DO("/api/v1/admin/reports/:id/unassign", ":reports", on_admin_report_unassign,
	   "give it up"),
	DO("/api/v1/admin/reports/:id/resolve", ":reports", on_admin_report_resolve, "settle it"),
	DO("/api/v1/admin/reports/:id/reopen", ":reports", on_admin_report_reopen, "unsettle it"),

	{STAFF("/api/v1/admin/domain_blocks", ":domain_blocks", on_admin_domain_blocks,
	       "servers kept out"),
	 PARAMS(PAGES)},
	{STAFF("/api/v1/admin/domain_blocks/:id", ":domain_blocks", on_admin_domain_block,
	       "one of them"),
	 PARAMS(ID)},
	{CHANGE(METHOD_POST, "/api/v1/admin/domain_blocks", ":domain_blocks",
		on_admin_domain_block_add, "one more"),
	 PARAMS(TEXT("domain"), TEXT("severity"), FLAG("reject_media"), FLAG("reject_reports"),
		TEXT("private_comment"), TEXT("public_comment"), FLAG("obfuscate"))},
	{CHANGE(METHOD_PUT, "/api/v1/admin/domain_blocks/:id", ":domain_blocks",
		on_admin_domain_block_edit, "change it"),
	 PARAMS(ID, TEXT("domain"), TEXT("severity"), FLAG("reject_media"), FLAG("reject_reports"),
		TEXT("private_comment"), TEXT("public_comment"), FLAG("obfuscate"))},
	{CHANGE(METHOD_DELETE, "/api/v1/admin/domain_blocks/:id", ":domain_blocks",
		on_admin_domain_block_end, "one less"),
	 PARAMS(ID)},
	{STAFF("/api/v1/admin/domain_allows", ":domain_allows", on_admin_domain_allows,
	       "servers let in"),
	 PARAMS(PAGES)},
	{STAFF("/api/v1/admin/domain_allows/:id", ":domain_allows", on_admin_domain_allow,
	       "one of them"),
	 PARAMS(ID)},
	{CHANGE(METHOD_POST, "/api/v1/admin/domain_allows", ":domain_allows",
		on_admin_domain_allow_add, "one more"),
	 PARAMS(TEXT("domain"))},
	{CHANGE(METHOD_DELETE, "/api/v1/admin/domain_allows/:id", ":domain_allows",
		on_admin_domain_allow_end, "one less"),
	 PARAMS(ID)},
	{STAFF("/api/v1/admin/email_domain_blocks", ":email_domain_blocks",
	       on_admin_email_domain_blocks, "mail domains nobody may sign up with"),
	 PARAMS(PAGES)},
	{STAFF("/api/v1/admin/email_domain_blocks/:id", ":email_domain_blocks",
	       on_admin_email_domain_block, "one of them"),
	 PARAMS(ID)},
	{CHANGE(METHOD_POST, "/api/v1/admin/email_domain_blocks", ":email_domain_blocks",
		on_admin_email_domain_block_add, "one more"),
	 PARAMS(TEXT("domain"), FLAG("allow_with_approval"))},
	{CHANGE(METHOD_DELETE, "/api/v1/admin/email_domain_blocks/:id", ":email_domain_blocks",
		on_admin_email_domain_block_end, "one less"),
	 PARAMS(ID)},
	{STAFF("/api/v1/admin/ip_blocks", ":ip_blocks", on_admin_ip_blocks, "addresses kept out"),
	 PARAMS(PAGES)},
	{STAFF("/api/v1/admin/ip_blocks/:id", ":ip_blocks", on_admin_ip_block, "one of them"),
	 PARAMS(ID)},
	{CHANGE(METHOD_POST, "/api/v1/admin/ip_blocks", ":ip_blocks", on_admin_ip_block_add,
		"one more"),
	 PARAMS(TEXT("ip"), TEXT("severity"), TEXT("comment"),
		{.name = "expires_in", .type = PARAM_INT, .min = 0, .max = 3153600000})},
	{CHANGE(METHOD_PUT, "/api/v1/admin/ip_blocks/:id", ":ip_blocks", on_admin_ip_block_edit,
		"change it"),
	 PARAMS(ID, TEXT("ip"), TEXT("severity"), TEXT("comment"),
		{.name = "expires_in", .type = PARAM_INT, .min = 0, .max = 3153600000})},
	{CHANGE(METHOD_DELETE, "/api/v1/admin/ip_blocks/:id", ":ip_blocks", on_admin_ip_block_end,
		"one less"),
	 PARAMS(ID)},
	{STAFF("/api/v1/admin/canonical_email_blocks", ":canonical_email_blocks",
	       on_admin_canonical_email_blocks, "mail addresses nobody may sign up with"),
	 PARAMS(PAGES)},
	{STAFF("/api/v1/admin/canonical_email_blocks/:id", ":canonical_email_blocks",
	       on_admin_canonical_email_block, "one of them"),
	 PARAMS(ID)},
	{CHANGE(METHOD_POST, "/api/v1/admin/canonical_email_blocks", ":canonical_email_blocks",
		on_admin_canonical_email_block_add, "one more"),
	 PARAMS(TEXT("email"), TEXT("canonical_email_hash"))},
	{CHANGE(METHOD_DELETE, "/api/v1/admin/canonical_email_blocks/:id",
		":canonical_email_blocks", on_admin_canonical_email_block_end, "one less"),
	 PARAMS(ID)},
	{CHANGE(METHOD_POST, "/api/v1/admin/canonical_email_blocks/test", ":canonical_email_blocks",
		on_admin_email_test, "which of them an address meets"),
	 PARAMS({.name = "email", .type = PARAM_STR, .required = true})},

	TRENDS("tags", on_admin_trends_tags, "hashtags talked about"),
	REVIEWS("tags", tags, "hashtag"),
	TRENDS("statuses", on_admin_trends_statuses, "kwips talked about"),
	REVIEWS("statuses", statuses, "kwip"),
	TRENDS("links", on_admin_trends_links, "links talked about"),
	REVIEWS("links", links, "link"),
	TRENDS("links/publishers", on_admin_publishers, "the hosts of these links"),
	DO("/api/v1/admin/trends/links/publishers/:id/approve", "", on_admin_publisher_approve,
	   "let links of that host trend again"),
	DO("/api/v1/admin/trends/links/publishers/:id/reject", "", on_admin_publisher_reject,
	   "no link of that host may trend"),
	{STAFF("/api/v1/admin/tags", "", on_admin_tags, "hashtags, newest first"), PARAMS(PAGES)},
	{STAFF("/api/v1/admin/tags/:id", "", on_admin_tag, "one of them"), PARAMS(ID)},
	{CHANGE(METHOD_PUT, "/api/v1/admin/tags/:id", "", on_admin_tag_edit,
		"may it trend? the other settings are not kept"),
	 PARAMS(ID, FLAG("trendable"), FLAG("listable"), FLAG("usable"), TEXT("display_name"))},

	{CHANGE(METHOD_POST, "/api/v1/admin/measures", ":accounts", on_admin_measures,
		"counts per day"),
	 PARAMS({.name = "keys", .type = PARAM_LIST}, TEXT("start_at"), TEXT("end_at"),
		TEXT("frequency"), TEXT("limit"))},
	{CHANGE(METHOD_POST, "/api/v1/admin/dimensions", ":accounts", on_admin_dimensions,
		"sums by kind"),
	 PARAMS({.name = "keys", .type = PARAM_LIST}, TEXT("start_at"), TEXT("end_at"),
		TEXT("frequency"), TEXT("limit"))},
	{CHANGE(METHOD_POST, "/api/v1/admin/retention", ":accounts", on_admin_retention,
		"always empty"),
	 PARAMS({.name = "keys", .type = PARAM_LIST}, TEXT("start_at"), TEXT("end_at"),
		TEXT("frequency"), TEXT("limit"))},
};

ROUTES(api_admin_routes);
