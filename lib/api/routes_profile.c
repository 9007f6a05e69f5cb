/* SPDX-License-Identifier: MIT */
/* Routes: one's own profile and preferences. */
#include "api/profile.h"
#include "api/routes.h"

#define PROFILE_PARAMS \
	{.name = "display_name", .type = PARAM_STR, .help = "up to 60 characters"}, \
		{.name = "note", .type = PARAM_TEXT, .help = "about oneself"}, \
		{.name = "avatar", .type = PARAM_FILE, .help = "a picture"}, \
		{.name = "header", .type = PARAM_FILE, .help = "a picture"}, \
		{.name = "avatar_description", .type = PARAM_STR}, \
		{.name = "header_description", .type = PARAM_STR}, \
		{.name = "locked", .type = PARAM_BOOL, .help = "follows need consent"}, \
		{.name = "bot", .type = PARAM_BOOL}, {.name = "discoverable", .type = PARAM_BOOL}, \
		{.name = "indexable", .type = PARAM_BOOL}, \
		{.name = "hide_collections", \
		 .type = PARAM_BOOL, \
		 .help = "nobody sees who is followed"}, \
		{.name = "show_media", .type = PARAM_BOOL}, \
		{.name = "show_media_replies", .type = PARAM_BOOL}, \
		{.name = "show_featured", .type = PARAM_BOOL}, \
		{.name = "attribution_domains", \
		 .type = PARAM_LIST, \
		 .help = "may name one as author"}, \
		{.name = "fields_attributes", \
		 .type = PARAM_ROWS, \
		 .choices = "name|value", \
		 .help = "all rows of the profile's table"}, \
		{.name = "source[privacy]", \
		 .type = PARAM_CHOICE, \
		 .choices = "public|unlisted|private", \
		 .help = "of new kwips"}, \
		{.name = "source[sensitive]", .type = PARAM_BOOL, .help = "of new kwips"}, \
		{.name = "source[language]", .type = PARAM_STR, .help = "of new kwips"}, \
	{ \
		.name = "source[quote_policy]", .type = PARAM_CHOICE, \
		.choices = "public|followers|nobody", .help = "of new kwips" \
	}
#define EDIT(m, p, h, text) \
	{ \
		WRITE(m, p, "write:accounts", h, text), .prepare = prepare_profile, \
							.body_max = BODY_PORTRAITS, \
							PARAMS(PROFILE_PARAMS) \
	}
#define CREDENTIALS "/api/v1/accounts/update_credentials"

static const struct route routes[] = {
	EDIT(METHOD_PATCH, CREDENTIALS, on_credentials_edit, "edit the profile"),
	EDIT(METHOD_PUT, CREDENTIALS, on_credentials_edit, "the same"),
	{USER("/api/v1/profile", "profile read:accounts", on_own_profile,
	      "one's profile as it is edited")},
	EDIT(METHOD_PATCH, "/api/v1/profile", on_profile_edit, "edit the profile"),
	EDIT(METHOD_PUT, "/api/v1/profile", on_profile_edit, "the same"),
	{WRITE(METHOD_DELETE, "/api/v1/profile/avatar", "write:accounts", on_avatar_delete,
	       "back to the drawn avatar")},
	{WRITE(METHOD_DELETE, "/api/v1/profile/header", "write:accounts", on_header_delete,
	       "back to the drawn header")},
	{USER("/api/v1/preferences", "read:accounts", on_preferences,
	      "how kwips are posted and read")},
};

ROUTES(api_profile_routes);
