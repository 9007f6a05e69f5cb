/* SPDX-License-Identifier: MIT */
/* Routes: notifications, what strangers' ones wait for, private conversations, markers and
 * announcements. */
#include "api/notifications.h"
#include "api/routes.h"

#define PAGES(most, text) \
	{.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "only ids below it"}, \
		{.name = "since_id", \
		 .type = PARAM_CURSOR, \
		 .help = "only ids above it, newest first"}, \
		{.name = "min_id", .type = PARAM_CURSOR, .help = "the ids just above it"}, \
	{ \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = most, .help = text \
	}
#define UP_TO \
	{ \
		.name = "limit", .type = PARAM_INT, .min = 1, .max = 1000, \
		.help = "where counting ends; 100" \
	}
#define KINDS \
	{.name = "types", .type = PARAM_LIST, .help = "only these"}, \
		{.name = "exclude_types", .type = PARAM_LIST, .help = "none of these"}, \
		{.name = "supported_types", \
		 .type = PARAM_LIST, \
		 .help = "kwipd.buzz: send kwipd's own kind as well"}, \
		{.name = "account_id", .type = PARAM_ID, .help = "only this account's"}, \
	{ \
		.name = "include_filtered", .type = PARAM_BOOL, \
		.help = "also those that the policy keeps back" \
	}
#define GROUPING \
	{ \
		.name = "grouped_types", .type = PARAM_LIST, \
		.help = "which are put together; all that can be" \
	}
#define GROUP \
	{ \
		.name = "group_key", .type = PARAM_STR, .required = true, .max = 60, \
		.help = "of the group, or ungrouped-ID" \
	}
#define IDS \
	{ \
		.name = "id", .type = PARAM_LIST, .required = true, .help = "of the requests" \
	}
#define STRANGER(what, text) \
	{ \
		.name = "for_" what, .type = PARAM_CHOICE, .choices = "accept|filter|drop", \
		.help = text \
	}
#define STRANGERS \
	STRANGER("not_following", "people whom one does not follow"), \
		STRANGER("not_followers", "people who do not follow, or only since three days"), \
		STRANGER("new_accounts", "accounts of less than thirty days"), \
		STRANGER("private_mentions", "private mentions that answer nothing"), \
		STRANGER("limited_accounts", "accounts that moderators limited")
#define FILTERS_V1 \
	{.name = "filter_not_following", .type = PARAM_BOOL}, \
		{.name = "filter_not_followers", .type = PARAM_BOOL}, \
		{.name = "filter_new_accounts", .type = PARAM_BOOL}, \
	{ \
		.name = "filter_private_mentions", .type = PARAM_BOOL \
	}
#define REACTION \
	{ \
		.name = "name", .type = PARAM_STR, .required = true, .max = 100, \
		.help = "an emoji, or the shortcode of one of this site" \
	}
#define READ_N "read:notifications"
#define WRITE_N "write:notifications"
#define V1 "/api/v1/notifications"
#define V2 "/api/v2/notifications"

static const struct route routes[] = {
	{USER(V1, READ_N, on_notifications, "what happened to the viewer, newest first"),
	 PARAMS(PAGES(80, "how many; 40"), KINDS)},
	{USER(V1 "/unread_count", READ_N, on_notifications_unread,
	      "how many are above the notifications marker"),
	 PARAMS(UP_TO, KINDS)},
	{WRITE(METHOD_POST, V1 "/clear", WRITE_N, on_notifications_clear, "forget all")},
	{WRITE(METHOD_POST, V1 "/dismiss", WRITE_N, on_notification_dismiss,
	       "forget one (the old form)"),
	 PARAMS(ID)},
	{USER(V1 "/policy", READ_N, on_notification_policy_v1,
	      "whose notifications are kept back (the old form)")},
	{WRITE(METHOD_PUT, V1 "/policy", WRITE_N, on_notification_policy_v1_set,
	       "change that (the old form)"),
	 PARAMS(FILTERS_V1)},
	{WRITE(METHOD_PATCH, V1 "/policy", WRITE_N, on_notification_policy_v1_set,
	       "the same as PUT"),
	 PARAMS(FILTERS_V1)},
	{USER(V1 "/requests", READ_N, on_notification_requests,
	      "people whose notifications are kept back"),
	 PARAMS(PAGES(80, "how many; 40"))},
	{USER(V1 "/requests/merged", READ_N, on_notification_requests_merged,
	      "are accepted ones among the notifications? always")},
	{WRITE(METHOD_POST, V1 "/requests/accept", WRITE_N, on_notification_requests_accept,
	       "accept several for ever"),
	 PARAMS(IDS)},
	{WRITE(METHOD_POST, V1 "/requests/dismiss", WRITE_N, on_notification_requests_dismiss,
	       "forget what several were kept back for"),
	 PARAMS(IDS)},
	{USER(V1 "/requests/:id", READ_N, on_notification_request, "one of them"), PARAMS(ID)},
	ACT(V1 "/requests/:id/accept", WRITE_N, on_notification_request_accept,
	    "accept one for ever"),
	ACT(V1 "/requests/:id/dismiss", WRITE_N, on_notification_request_dismiss,
	    "forget what one was kept back for"),
	{USER(V1 "/:id", READ_N, on_notification, "one notification"), PARAMS(ID)},
	ACT(V1 "/:id/dismiss", WRITE_N, on_notification_dismiss, "forget one"),

	{USER(V2, READ_N, on_notification_groups, "the same, put together"),
	 PARAMS(PAGES(80, "how many groups; 40"), KINDS, GROUPING,
		{.name = "expand_accounts",
		 .type = PARAM_CHOICE,
		 .choices = "full|partial_avatars",
		 .help = "how much of most accounts is sent; full"})},
	{USER(V2 "/unread_count", READ_N, on_notification_groups_unread,
	      "how many groups are above the notifications marker"),
	 PARAMS(UP_TO, KINDS, GROUPING)},
	{USER(V2 "/policy", READ_N, on_notification_policy,
	      "whose notifications are kept back or dropped")},
	{WRITE(METHOD_PATCH, V2 "/policy", WRITE_N, on_notification_policy_set, "change that"),
	 PARAMS(STRANGERS)},
	{WRITE(METHOD_PUT, V2 "/policy", WRITE_N, on_notification_policy_set, "the same as PATCH"),
	 PARAMS(STRANGERS)},
	{USER(V2 "/:group_key", READ_N, on_notification_group, "one group"), PARAMS(GROUP)},
	{USER(V2 "/:group_key/accounts", READ_N, on_notification_group_accounts,
	      "everybody in a group"),
	 PARAMS(GROUP)},
	{WRITE(METHOD_POST, V2 "/:group_key/dismiss", WRITE_N, on_notification_group_dismiss,
	       "forget a group"),
	 PARAMS(GROUP)},

	{USER("/api/v1/conversations", "read:statuses", on_conversations,
	      "private conversations, last spoken in first; cursors are of last kwips"),
	 PARAMS(PAGES(40, "how many; 20"))},
	ACT("/api/v1/conversations/:id/read", "write:conversations", on_conversation_read,
	    "mark as read"),
	ACT("/api/v1/conversations/:id/unread", "write:conversations", on_conversation_unread,
	    "mark as unread"),
	{WRITE(METHOD_DELETE, "/api/v1/conversations/:id", "write:conversations",
	       on_conversation_delete, "forget one until somebody says more"),
	 PARAMS(ID)},

	{USER("/api/v1/markers", "read:statuses", on_markers, "how far timelines were read"),
	 PARAMS({.name = "timeline", .type = PARAM_LIST, .help = "home, notifications"})},
	{WRITE(METHOD_POST, "/api/v1/markers", "write:statuses", on_markers_set, "say how far"),
	 PARAMS({.name = "home[last_read_id]", .type = PARAM_STR, .max = 20},
		{.name = "notifications[last_read_id]", .type = PARAM_STR, .max = 20})},

	{USER("/api/v1/announcements", "read:statuses", on_announcements,
	      "what everybody is told, oldest first"),
	 PARAMS({.name = "with_dismissed", .type = PARAM_BOOL, .help = "also those dismissed"})},
	ACT("/api/v1/announcements/:id/dismiss", "write:accounts", on_announcement_dismiss,
	    "show it no more"),
	{WRITE(METHOD_PUT, "/api/v1/announcements/:id/reactions/:name", "write:favourites",
	       on_announcement_react, "react to it"),
	 PARAMS(ID, REACTION)},
	{WRITE(METHOD_DELETE, "/api/v1/announcements/:id/reactions/:name", "write:favourites",
	       on_announcement_unreact, "take a reaction back"),
	 PARAMS(ID, REACTION)},
};

ROUTES(api_notifications_routes);
