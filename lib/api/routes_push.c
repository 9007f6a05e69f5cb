/* SPDX-License-Identifier: MIT */
/* Routes: the token's subscription to Web Push. */
#include "api/push.h"
#include "api/routes.h"

#define PATH "/api/v1/push/subscription"
#define ALERT(word) \
	{ \
		.name = "data[alerts][" word "]", .type = PARAM_BOOL \
	}
#define DATA \
	ALERT("mention"), ALERT("status"), ALERT("reblog"), ALERT("follow"), \
		ALERT("follow_request"), ALERT("favourite"), ALERT("poll"), ALERT("update"), \
		ALERT("quote"), ALERT("quoted_update"), ALERT("admin.sign_up"), \
		ALERT("admin.report"), \
	{ \
		.name = "data[policy]", .type = PARAM_STR, .max = 20, \
		.help = "all, followed, follower or none" \
	}

static const struct route routes[] = {
	{USER(PATH, "push", on_push, "what this token is told of by Web Push")},
	{WRITE(METHOD_POST, PATH, "push", on_push_subscribe, "be told by Web Push"),
	 PARAMS({.name = "subscription[endpoint]",
		 .type = PARAM_STR,
		 .required = true,
		 .max = 2000,
		 .help = "an https address"},
		{.name = "subscription[keys][p256dh]",
		 .type = PARAM_STR,
		 .required = true,
		 .max = 200,
		 .help = "a point of P-256, base64url"},
		{.name = "subscription[keys][auth]",
		 .type = PARAM_STR,
		 .required = true,
		 .max = 100,
		 .help = "16 bytes, base64url"},
		{.name = "subscription[standard]",
		 .type = PARAM_BOOL,
		 .help = "RFC 8291; else the draft before it"},
		DATA)},
	{WRITE(METHOD_PUT, PATH, "push", on_push_change, "be told of other things"), PARAMS(DATA)},
	{WRITE(METHOD_DELETE, PATH, "push", on_push_remove, "be told no more")},
};

ROUTES(api_push_routes);
