/* SPDX-License-Identifier: MIT */
/* The routes of the Mastodon client API. */
#include "api/api.h"
#include "api/handlers.h"

#define ID \
	{ \
		.name = "id", .type = PARAM_ID, .required = true, .help = "of the object" \
	}
#define CURSORS \
	{.name = "max_id", .type = PARAM_ID, .help = "only ids below it"}, \
		{.name = "since_id", .type = PARAM_ID, .help = "only ids above it, newest first"}, \
		{.name = "min_id", .type = PARAM_ID, .help = "the ids just above it"}, \
	{ \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = 40, .help = "how many; 20" \
	}
#define TEXTS \
	{.name = "status", .type = PARAM_TEXT, .help = "the text"}, \
		{.name = "spoiler_text", .type = PARAM_TEXT, .help = "content warning"}, \
		{.name = "language", .type = PARAM_STR, .max = 35, .help = "BCP 47 tag"}, \
		{.name = "sensitive", .type = PARAM_BOOL}, \
		{.name = "media_ids", .type = PARAM_LIST, .help = "refused: no media yet"}, \
	{ \
		.name = "poll[options]", .type = PARAM_LIST, .help = "refused: no polls yet" \
	}
#define CHANGES .rate = RATE_WRITE, .format = FORMAT_API, .who = WHO_USER

/* GET for the signed-in (USER) or for everybody, with more shown to who brings a token (OPEN). */
#define USER(p, s, h, text) \
	.method = METHOD_GET, .path = p, .format = FORMAT_API, .who = WHO_USER, .scope = s, \
	.read = h, .help = text
#define OPEN(p, s, h, text) \
	.method = METHOD_GET, .path = p, .format = FORMAT_API, .optional_token = true, .scope = s, \
	.read = h, .help = text
#define WRITE(m, p, s, h, text) \
	.method = m, .path = p, CHANGES, .scope = s, .write = h, .help = text
/* POST to one object, with nothing more to say. */
#define ACT(p, s, h, text) \
	{ \
		WRITE(METHOD_POST, p, s, h, text), PARAMS(ID) \
	}

static const struct route routes[] = {
	{OPEN("/api/v2/instance", NULL, on_instance, "what this server is and can do"),
	 .cached = true},
	{OPEN("/api/v1/instance", NULL, on_instance_v1, "the same in the old form"),
	 .cached = true},

	{USER("/api/v1/accounts/verify_credentials", "read:accounts", on_verify_credentials,
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
		{.name = "pinned", .type = PARAM_BOOL},
		{.name = "only_media", .type = PARAM_BOOL})},
	{WRITE(METHOD_POST, "/api/v1/accounts/:id/follow", "write:follows", on_account_follow,
	       "follow, or change how"),
	 PARAMS(ID, {.name = "reblogs", .type = PARAM_BOOL},
		{.name = "notify", .type = PARAM_BOOL})},
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

	{WRITE(METHOD_POST, "/api/v1/statuses", "write:statuses", on_status_post,
	       "say something; Idempotency-Key is honoured"),
	 PARAMS(TEXTS, {.name = "in_reply_to_id", .type = PARAM_ID},
		{.name = "visibility", .type = PARAM_STR, .max = 20},
		{.name = "scheduled_at", .type = PARAM_STR, .help = "refused: not yet"})},
	{OPEN("/api/v1/statuses/:id", "read:statuses", on_status, "one kwip"), PARAMS(ID)},
	{WRITE(METHOD_PUT, "/api/v1/statuses/:id", "write:statuses", on_status_edit, "edit"),
	 PARAMS(ID, TEXTS)},
	{WRITE(METHOD_DELETE, "/api/v1/statuses/:id", "write:statuses", on_status_delete, "delete"),
	 PARAMS(ID, {.name = "delete_media", .type = PARAM_BOOL})},
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

	{USER("/api/v1/timelines/home", "read:statuses", on_timeline_home,
	      "who the viewer follows, newest first"),
	 PARAMS(CURSORS)},
	{OPEN("/api/v1/timelines/public", "read:statuses", on_timeline_public,
	      "everyone, newest first"),
	 .cached = true,
	 PARAMS(CURSORS, {.name = "local", .type = PARAM_BOOL},
		{.name = "remote", .type = PARAM_BOOL},
		{.name = "only_media", .type = PARAM_BOOL})},
	{OPEN("/api/v1/timelines/tag/:hashtag", "read:statuses", on_timeline_tag,
	      "kwips with a hashtag"),
	 .cached = true,
	 PARAMS({.name = "hashtag", .type = PARAM_STR, .required = true, .max = 200}, CURSORS)},
	{USER("/api/v1/favourites", "read:favourites", on_statuses_favourited,
	      "the viewer's favourites"),
	 PARAMS(CURSORS)},
	{USER("/api/v1/bookmarks", "read:bookmarks", on_statuses_bookmarked,
	      "the viewer's bookmarks"),
	 PARAMS(CURSORS)},
};

const struct route_table api_table = {routes, sizeof(routes) / sizeof(*routes)};
