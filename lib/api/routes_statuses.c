/* SPDX-License-Identifier: MIT */
/* Routes: one kwip. */
#include "api/routes.h"
#include "api/statuses.h"

#define TEXTS \
	{.name = "status", .type = PARAM_TEXT, .help = "the text"}, \
		{.name = "spoiler_text", .type = PARAM_TEXT, .help = "content warning"}, \
		{.name = "language", .type = PARAM_STR, .max = 35, .help = "BCP 47 tag"}, \
		{.name = "sensitive", .type = PARAM_BOOL}, \
		{.name = "media_ids", .type = PARAM_LIST, .help = "uploads, in order"}, \
		{.name = "poll[options]", .type = PARAM_LIST, .help = "2 to 8; not with media"}, \
		{.name = "poll[expires_in]", .type = PARAM_INT, .help = "seconds"}, \
		{.name = "poll[multiple]", .type = PARAM_BOOL, .help = "several may be chosen"}, \
		{.name = "poll[hide_totals]", \
		 .type = PARAM_BOOL, \
		 .help = "no counts before the end"}, \
		POLICY
#define POLICY \
	{ \
		.name = "quote_approval_policy", .type = PARAM_STR, .max = 20, \
		.help = "who may quote: public, followers, nobody" \
	}
#define PEOPLE \
	{.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "from Link: older marks"}, \
		{.name = "since_id", .type = PARAM_CURSOR, .help = "newer marks"}, \
		{.name = "min_id", .type = PARAM_CURSOR, .help = "from Link: newer marks"}, \
	{ \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = 80, .help = "how many; 40" \
	}

static const struct route routes[] = {
	{WRITE(METHOD_POST, "/api/v1/statuses", "write:statuses", on_status_post,
	       "say something; Idempotency-Key is honoured"),
	 PARAMS(TEXTS, {.name = "in_reply_to_id", .type = PARAM_ID},
		{.name = "visibility", .type = PARAM_STR, .max = 20},
		{.name = "quoted_status_id", .type = PARAM_ID, .help = "what it quotes"},
		{.name = "scheduled_at",
		 .type = PARAM_STR,
		 .help = "say it then; at least five minutes from now"})},
	{OPEN("/api/v1/statuses", "read:statuses", on_statuses, "several at once"),
	 PARAMS({.name = "id",
		 .type = PARAM_LIST,
		 .help = "at most 20; unknown ones are left out"})},
	{OPEN("/api/v1/statuses/:id", "read:statuses", on_status, "one kwip"), PARAMS(ID)},
	{WRITE(METHOD_PUT, "/api/v1/statuses/:id", "write:statuses", on_status_edit,
	       "edit; media and polls that are not sent again go"),
	 PARAMS(ID, TEXTS,
		{.name = "media_attributes",
		 .type = PARAM_ROWS,
		 .choices = "id|description|focus",
		 .help = "new words for its media"})},
	{COUNTED(RATE_DELETE, METHOD_DELETE, "/api/v1/statuses/:id", "write:statuses",
		 on_status_delete, "delete"),
	 PARAMS(ID, {.name = "delete_media",
		     .type = PARAM_BOOL,
		     .help = "else they can be attached again"})},
	{USER("/api/v1/statuses/:id/source", "read:statuses", on_status_source,
	      "the text as written"),
	 PARAMS(ID)},
	{OPEN("/api/v1/statuses/:id/history", "read:statuses", on_status_history,
	      "every edition, oldest first"),
	 PARAMS(ID)},
	{OPEN("/api/v1/statuses/:id/favourited_by", "read:accounts", on_status_favourited_by,
	      "who favourited it"),
	 PARAMS(ID, PEOPLE)},
	{OPEN("/api/v1/statuses/:id/reblogged_by", "read:accounts", on_status_reblogged_by,
	      "who boosted it for everybody"),
	 PARAMS(ID, PEOPLE)},
	{USER("/api/v1/statuses/:id/quotes", "read:statuses", on_status_quotes, "what quotes it"),
	 PARAMS(ID, CURSORS)},
	{WRITE(METHOD_POST, "/api/v1/statuses/:id/quotes/:quoting_id/revoke", "write:statuses",
	       on_quote_revoke, "one's own kwip is not shown in that quote any more"),
	 PARAMS(ID, {.name = "quoting_id", .type = PARAM_ID, .required = true})},
	{WRITE(METHOD_PUT, "/api/v1/statuses/:id/interaction_policy", "write:statuses",
	       on_status_policy, "who may quote it from now on"),
	 PARAMS(ID, POLICY)},
	{WRITE(METHOD_PATCH, "/api/v1/statuses/:id/interaction_policy", "write:statuses",
	       on_status_policy, "the same"),
	 PARAMS(ID, POLICY)},
	ACT("/api/v1/statuses/:id/pin", "write:accounts", on_status_pin,
	    "show one's own on top of the profile"),
	ACT("/api/v1/statuses/:id/unpin", "write:accounts", on_status_unpin, "take it from there"),
	{WRITE(METHOD_POST, "/api/v1/statuses/:id/translate", "read:statuses", on_status_translate,
	       "404: no translation service is set up"),
	 PARAMS(ID, {.name = "lang", .type = PARAM_STR, .max = 35})},
	{OPEN("/api/v1/statuses/:id/card", "read:statuses", on_status_card,
	      "404: the status has its card with it"),
	 PARAMS(ID)},
	{OPEN("/api/v1/statuses/:id/context", "read:statuses", on_status_context,
	      "what stands above and below"),
	 PARAMS(ID)},
	ACT("/api/v1/statuses/:id/favourite", "write:favourites", on_status_favourite, "favourite"),
	ACT("/api/v1/statuses/:id/unfavourite", "write:favourites", on_status_unfavourite,
	    "take a favourite back"),
	{WRITE(METHOD_POST, "/api/v1/statuses/:id/reblog", "write:statuses", on_status_reblog,
	       "boost"),
	 PARAMS(ID, {.name = "visibility", .type = PARAM_STR, .max = 20})},
	ACT("/api/v1/statuses/:id/unreblog", "write:statuses", on_status_unreblog,
	    "take a boost back"),
	ACT("/api/v1/statuses/:id/bookmark", "write:bookmarks", on_status_bookmark, "bookmark"),
	ACT("/api/v1/statuses/:id/unbookmark", "write:bookmarks", on_status_unbookmark,
	    "take a bookmark back"),
	ACT("/api/v1/statuses/:id/mute", "write:mutes", on_status_mute,
	    "no notices of this conversation"),
	ACT("/api/v1/statuses/:id/unmute", "write:mutes", on_status_unmute,
	    "notices of this conversation again"),
};

ROUTES(api_statuses_routes);
