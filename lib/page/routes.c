/* SPDX-License-Identifier: MIT */
/* The site map of the web pages and feeds, with who may ask for what. */
#include "page/handlers.h"

#define NAME \
	{ \
		.name = "name", .type = PARAM_STR, .max = 300, .help = "of a person" \
	}
#define ID \
	{ \
		.name = "id", .type = PARAM_ID, .required = true, .help = "of a kwip" \
	}
#define BACK \
	{ \
		.name = "back", .type = PARAM_STR, .max = 8000, .help = "where to go then" \
	}
#define SPAN \
	{.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "what is older"}, \
	{ \
		.name = "min_id", .type = PARAM_CURSOR, .help = "what is newer" \
	}
#define TEXTS \
	{.name = "body", .type = PARAM_TEXT, .help = "the text"}, \
		{.name = "warning", .type = PARAM_STR, .help = "content warning"}, \
		{.name = "language", .type = PARAM_STR, .max = 35, .help = "BCP 47 tag"}, \
		{.name = "sensitive", .type = PARAM_BOOL}, BACK
#define PLACE(n) \
	{.name = "file" n, .type = PARAM_FILE, .help = "a picture, film or sound"}, \
	{ \
		.name = "about" n, .type = PARAM_TEXT, .help = "its description" \
	}
#define FILES \
	PLACE("1"), PLACE("2"), PLACE("3"), PLACE("4"), \
		{.name = "media", .type = PARAM_LIST, .help = "what came along before"}, \
		{.name = "media_about", \
		 .type = PARAM_LIST, \
		 .max = 10000, \
		 .lines = true, \
		 .help = "their descriptions"}, \
	{ \
		.name = "take_out", .type = PARAM_LIST, .help = "which of them not" \
	}
#define LATER \
	{.name = "later", .type = PARAM_STR, .max = 40, .help = "2027-01-31T18:00"}, \
	{ \
		.name = "zone", .type = PARAM_INT, .min = -900, .max = 900, \
		.help = "minutes that it is behind UTC" \
	}
#define MAX_ID \
	{ \
		.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "what is older" \
	}
#define LIST_FORM \
	{.name = "title", .type = PARAM_STR}, {.name = "replies", .type = PARAM_STR, .max = 20}, \
	{ \
		.name = "exclusive", .type = PARAM_BOOL \
	}
#define FILTER_FORM \
	{.name = "title", .type = PARAM_STR}, \
		{.name = "words", .type = PARAM_TEXT, .help = "one a line"}, \
		{.name = "whole", .type = PARAM_BOOL}, {.name = "where", .type = PARAM_LIST}, \
		{.name = "action", .type = PARAM_STR, .max = 20}, \
	{ \
		.name = "life", .type = PARAM_STR, .max = 20, .help = "in seconds; keep" \
	}
#define TAG \
	{ \
		.name = "tag", .type = PARAM_STR, .max = 201 \
	}
#define DOMAIN \
	{ \
		.name = "domain", .type = PARAM_STR, .max = 300 \
	}
#define STRANGER(key) \
	{ \
		.name = key, .type = PARAM_STR, .max = 20 \
	}
#define WHO_JOINS \
	{.name = "name", .type = PARAM_STR, .max = 200}, {.name = "email", .type = PARAM_STR}, \
		{.name = "password", .type = PARAM_STR}, \
	{ \
		.name = "remember", .type = PARAM_BOOL \
	}
#define INVITE \
	{ \
		.name = "invite", .type = PARAM_STR, .max = 100, .help = "invitation code" \
	}
#define NEXT \
	{ \
		.name = "next", .type = PARAM_STR, .max = 8000, .help = "where to go then" \
	}
#define SECRET \
	{ \
		.name = "secret", .type = PARAM_STR, .max = 100, .help = "of a one-time link" \
	}

#define ASK \
	{.name = "client_id", .type = PARAM_STR, .help = "of the app"}, \
		{.name = "redirect_uri", \
		 .type = PARAM_STR, \
		 .max = 2000, \
		 .help = "one of the app's, byte by byte"}, \
		{.name = "response_type", .type = PARAM_STR, .help = "code"}, \
		{.name = "scope", .type = PARAM_STR, .max = 2000}, \
		{.name = "state", .type = PARAM_STR, .max = 4000, .help = "comes back as it is"}, \
		{.name = "code_challenge", .type = PARAM_STR, .help = "PKCE"}, \
	{ \
		.name = "code_challenge_method", .type = PARAM_STR, .help = "S256" \
	}

/* OPEN pages are shared by all visitors; what a visitor's form stands on is not. */
#define OPEN(p, h, text) .path = p, .read = h, .cached = true, .help = text
#define FORM(p, h, text) .path = p, .read = h, .help = text
#define OWN(p, h, text) .path = p, .who = WHO_USER, .read = h, .help = text
#define DO(p, h, text) \
	.method = METHOD_POST, .path = p, .who = WHO_USER, .rate = RATE_WRITE, .write = h, \
	.help = text
#define ENTER(p, h, text) \
	.method = METHOD_POST, .path = p, .rate = RATE_LOGIN, .write = h, .help = text
#define MARK(p, h, text) \
	{ \
		DO("/kwips/:id/" p, h, text), PARAMS(ID, BACK) \
	}
#define RELATE(p, h, text) \
	{ \
		DO("/@:name/" p, h, text), PARAMS(NAME, BACK) \
	}
#define DONE \
	{ \
		.name = "done", .type = PARAM_STR, .max = 20, .help = "what was just done" \
	}
#define LIST(p, h, text) \
	{ \
		OPEN(p, h, text), PARAMS(SPAN) \
	}
#define PERSON(p, h, text) \
	{ \
		OPEN("/@:name" p, h, text), PARAMS(NAME, SPAN) \
	}
#define FEED .format = FORMAT_FEED

static const struct route routes[] = {
	{OPEN("/", on_front, "visitors: everyone; signed in: home"), PARAMS(SPAN, DONE)},
	{OWN("/home", on_home, "home, by last comment"), PARAMS(SPAN)},
	{OWN("/home/recent", on_home_recent, "home, newest first"), PARAMS(SPAN)},
	LIST("/everyone", on_everyone, "all public kwips, by last comment"),
	LIST("/everyone/recent", on_everyone_recent, "all public kwips, newest first"),
	{OPEN("/everyone/feed.atom", on_feed_everyone, "the same as a feed"), FEED, PARAMS(SPAN)},
	{OPEN("/tags/:tag", on_tag, "kwips with a hashtag"),
	 PARAMS({.name = "tag", .type = PARAM_STR, .max = 200}, SPAN)},
	{DO("/tags/:tag/follow", on_hashtag_follow, "follow a hashtag"), PARAMS(TAG, BACK)},
	{DO("/tags/:tag/unfollow", on_hashtag_unfollow, "follow it no more"), PARAMS(TAG, BACK)},
	{FORM("/search", on_find, "kwips, people and hashtags by their words"),
	 PARAMS({.name = "q", .type = PARAM_STR, .help = "as in the API"},
		{.name = "type", .type = PARAM_CHOICE, .choices = "kwips|people|tags"},
		{.name = "max_id", .type = PARAM_CURSOR, .min = 1, .help = "kwips that are older"},
		{.name = "offset", .type = PARAM_INT, .min = 0, .max = 1000})},
	{OWN("/favourites", on_own_favourites, "one's favourites"), PARAMS(SPAN)},
	{OWN("/bookmarks", on_own_bookmarks, "one's bookmarks"), PARAMS(SPAN)},

	{.path = "/fresh",
	 .format = FORMAT_TEXT,
	 .who = WHO_USER,
	 .read = on_fresh,
	 .help = "how many kwips and notices are new: two numbers",
	 PARAMS({.name = "since", .type = PARAM_ID, .help = "kwips after this one"})},

	{OWN("/lists", on_own_lists, "one's lists"), PARAMS(DONE)},
	{DO("/lists", on_own_list_add, "make a list"), .again = on_own_list_add_again,
	 PARAMS(LIST_FORM)},
	{OWN("/lists/:id", on_own_list, "what the people of a list say"), PARAMS(ID, SPAN)},
	{DO("/lists/:id", on_own_list_save, "change a list"), .again = on_own_list_again,
	 PARAMS(ID, LIST_FORM, MAX_ID)},
	{OWN("/lists/:id/edit", on_own_list_edit, "the form for it, and its people"),
	 PARAMS(ID, MAX_ID, DONE)},
	{DO("/lists/:id/delete", on_own_list_delete, "delete a list"), PARAMS(ID, BACK)},
	{DO("/lists/:id/people", on_own_list_person, "put somebody into a list"),
	 .again = on_own_list_again, PARAMS(ID, NAME, MAX_ID)},
	{DO("/lists/:id/people/:who/end", on_own_list_person_end, "take somebody out of it"),
	 PARAMS(ID, {.name = "who", .type = PARAM_ID, .required = true, .help = "a person's id"},
		BACK)},

	{OPEN("/@:name", on_profile, "a person's kwips and boosts"), PARAMS(NAME, SPAN, DONE)},
	PERSON("/active", on_profile_active, "a person's kwips, by last comment"),
	PERSON("/comments", on_profile_comments, "a person's comments"),
	PERSON("/followers", on_followers, "who follows a person"),
	PERSON("/following", on_following, "whom a person follows"),
	{OPEN("/@:name/feed.atom", on_feed_account, "a person's kwips as a feed"), FEED,
	 PARAMS(NAME, SPAN)},
	{OPEN("/@:name/:id", on_room, "a kwip and its conversation"),
	 PARAMS(NAME, ID, {.name = "after", .type = PARAM_ID, .help = "comments after this one"},
		DONE)},
	{OPEN("/kwips/:id/history", on_history, "what a kwip said before"), PARAMS(ID)},

	{OWN("/compose", on_compose, "the form for it"),
	 PARAMS({.name = "text", .type = PARAM_TEXT, .help = "to begin with"},
		{.name = "reply_to", .type = PARAM_ID}, {.name = "quote", .type = PARAM_ID},
		{.name = "draft", .type = PARAM_ID, .help = "to go on with"})},
	{DO("/kwips", on_post, "say something, or answer, now or later"),
	 .prepare = on_post_prepare, .again = on_post_again, .body_max = BODY_MEDIA,
	 PARAMS(TEXTS, FILES, LATER, {.name = "reply_to", .type = PARAM_ID},
		{.name = "quote", .type = PARAM_ID}, {.name = "draft", .type = PARAM_ID},
		{.name = "keep", .type = PARAM_BOOL, .help = "as a draft"},
		{.name = "answer", .type = PARAM_LIST, .help = "of a poll"},
		{.name = "life", .type = PARAM_STR, .max = 10, .help = "of it, in seconds"},
		{.name = "multiple", .type = PARAM_BOOL},
		{.name = "visibility", .type = PARAM_STR, .max = 20},
		{.name = "key",
		 .type = PARAM_STR,
		 .max = 100,
		 .help = "said once, however often it is sent"})},
	{OWN("/kwips/:id/edit", on_edit, "the form to change a kwip"), PARAMS(ID)},
	{DO("/kwips/:id/edit", on_edit_save, "change a kwip; what it said is kept"),
	 .prepare = on_edit_prepare, .again = on_edit_again, .body_max = BODY_MEDIA,
	 PARAMS(ID, TEXTS, FILES)},
	{OWN("/later", on_later, "what waits to be said, and drafts"), PARAMS(DONE)},
	{DO("/later/:id", on_later_move, "say it at another time"), .again = on_later_again,
	 PARAMS(ID, LATER)},
	{DO("/later/:id/end", on_later_end, "do not say it"), PARAMS(ID, BACK)},
	{DO("/drafts/:id/end", on_draft_throw, "throw a draft away"), PARAMS(ID, BACK)},
	{OWN("/kwips/:id/delete", on_delete, "ask before deleting"), PARAMS(ID)},
	{DO("/kwips/:id/delete", on_delete_do, "delete a kwip"), PARAMS(ID, BACK)},
	MARK("favourite", on_favourite, "favourite a kwip"),
	MARK("unfavourite", on_unfavourite, "take a favourite back"),
	MARK("boost", on_boost, "show a kwip to one's followers"),
	MARK("unboost", on_unboost, "take a boost back"),
	MARK("bookmark", on_bookmark, "keep a kwip for oneself"),
	MARK("unbookmark", on_unbookmark, "remove a bookmark"),
	{DO("/polls/:id/votes", on_poll_votes, "vote in a poll"),
	 PARAMS({.name = "id", .type = PARAM_ID, .required = true, .help = "of a poll"},
		{.name = "choices", .type = PARAM_LIST, .help = "places of options, from 0"},
		BACK)},
	MARK("mute", on_mute, "no notices from a conversation"),
	MARK("unmute", on_unmute, "notices from a conversation again"),

	RELATE("follow", on_follow, "follow a person, or ask to"),
	RELATE("unfollow", on_unfollow, "unfollow, or withdraw the request"),
	RELATE("block", on_block, "block a person"),
	RELATE("unblock", on_unblock, "end a block"),
	RELATE("mute", on_person_mute, "see nothing of a person"),
	RELATE("unmute", on_person_unmute, "see a person again"),
	{OWN("/requests", on_requests, "who asks to follow"),
	 PARAMS({.name = "max_id", .type = PARAM_CURSOR, .min = 1})},
	{DO("/requests/:id/accept", on_request_accept, "let somebody follow"), PARAMS(ID, BACK)},
	{DO("/requests/:id/reject", on_request_reject, "do not let somebody follow"),
	 PARAMS(ID, BACK)},
	{OWN("/notices", on_notices, "what happened"),
	 PARAMS({.name = "max_id", .type = PARAM_CURSOR, .min = 1})},
	{DO("/notices/read", on_notices_read, "mark notices as read"),
	 PARAMS({.name = "newest", .type = PARAM_ID})},
	{DO("/notices/waiting/:id/accept", on_waiting_accept,
	    "show somebody's notices, now and from now on"),
	 PARAMS(ID, BACK)},
	{DO("/notices/waiting/:id/dismiss", on_waiting_dismiss,
	    "forget what was kept back of somebody"),
	 PARAMS(ID, BACK)},
	{DO("/announcements/:id/dismiss", on_news_dismiss, "show an announcement no more"),
	 PARAMS(ID, BACK)},

	{FORM("/signup", on_signup, "the form for a new account"), PARAMS(INVITE, NEXT, DONE)},
	{ENTER("/signup", on_signup_do, "make an account and log in"), .prepare = on_signup_prepare,
	 .again = on_signup_again,
	 PARAMS(WHO_JOINS, INVITE, NEXT,
		{.name = "reason", .type = PARAM_TEXT, .help = "why, for moderators"})},
	{FORM("/login", on_login, "the form to log in"), PARAMS(NEXT)},
	{ENTER("/login", on_login_do, "log in"), .prepare = on_login_prepare,
	 .again = on_login_again,
	 PARAMS({.name = "name", .type = PARAM_STR}, {.name = "password", .type = PARAM_STR},
		{.name = "remember", .type = PARAM_BOOL}, NEXT)},
	{DO("/logout", on_logout, "end this session"), PARAMS(BACK)},
	{FORM("/setup/:secret", on_setup,
	      "the form for the first account, by the link in the terminal"),
	 PARAMS(SECRET)},
	{ENTER("/setup/:secret", on_setup_do, "make the first account"),
	 .prepare = on_setup_prepare, .again = on_setup_again, PARAMS(SECRET, WHO_JOINS)},
	{FORM("/reset/:secret", on_reset, "the form for a new password, by a one-time link"),
	 PARAMS(SECRET)},
	{ENTER("/reset/:secret", on_reset_do, "set the new password and log in"),
	 .prepare = on_reset_prepare, .again = on_reset_again,
	 PARAMS(SECRET, {.name = "password", .type = PARAM_STR},
		{.name = "remember", .type = PARAM_BOOL})},

	{OWN("/oauth/authorize", on_consent, "ask whether an app may act for one"), PARAMS(ASK)},
	{DO("/oauth/authorize", on_consent_do, "allow an app, or not; leads back to it"),
	 PARAMS(ASK, {.name = "decision", .type = PARAM_STR, .help = "allow, or anything else"})},

	{OWN("/settings", on_settings, "one's settings"), PARAMS(DONE)},
	{DO("/settings/profile", on_profile_save, "change the profile"),
	 .prepare = on_profile_prepare, .again = on_profile_again, .body_max = BODY_PORTRAITS,
	 PARAMS({.name = "avatar", .type = PARAM_FILE}, {.name = "header", .type = PARAM_FILE},
		{.name = "avatar_about", .type = PARAM_STR},
		{.name = "header_about", .type = PARAM_STR},
		{.name = "avatar_remove", .type = PARAM_BOOL},
		{.name = "header_remove", .type = PARAM_BOOL},
		{.name = "display_name", .type = PARAM_STR}, {.name = "about", .type = PARAM_TEXT},
		{.name = "field_name", .type = PARAM_LIST},
		{.name = "field_value", .type = PARAM_LIST}, {.name = "locked", .type = PARAM_BOOL},
		{.name = "bot", .type = PARAM_BOOL}, {.name = "discoverable", .type = PARAM_BOOL},
		{.name = "indexable", .type = PARAM_BOOL},
		{.name = "hide_collections", .type = PARAM_BOOL})},
	{DO("/settings/preferences", on_prefs_save, "change the preferences"),
	 .again = on_prefs_again,
	 PARAMS({.name = "email", .type = PARAM_STR},
		{.name = "language", .type = PARAM_STR, .max = 35},
		{.name = "visibility", .type = PARAM_STR, .max = 20},
		{.name = "order", .type = PARAM_CHOICE, .choices = "active|recent"},
		{.name = "quotes", .type = PARAM_STR, .max = 20},
		{.name = "media", .type = PARAM_CHOICE, .choices = "usual|show|hide"},
		{.name = "expand_warned", .type = PARAM_BOOL},
		{.name = "autoplay", .type = PARAM_BOOL}, {.name = "sensitive", .type = PARAM_BOOL},
		{.name = "show_repeats", .type = PARAM_BOOL})},
	{OWN("/settings/filters", on_own_filters, "one's filters"), PARAMS(DONE)},
	{DO("/settings/filters", on_own_filter_add, "make a filter"), .again = on_own_filter_again,
	 PARAMS({.name = "id", .type = PARAM_ID}, FILTER_FORM)},
	{OWN("/settings/filters/:id", on_own_filter, "the form to change a filter"), PARAMS(ID)},
	{DO("/settings/filters/:id", on_own_filter_save, "change a filter"),
	 .again = on_own_filter_again, PARAMS(ID, FILTER_FORM)},
	{DO("/settings/filters/:id/delete", on_own_filter_delete, "delete a filter"),
	 PARAMS(ID, BACK)},
	{OWN("/settings/unwanted", on_unwanted, "whom one mutes and blocks"),
	 PARAMS({.name = "muted", .type = PARAM_ID, .help = "what is older"},
		{.name = "blocked", .type = PARAM_ID, .help = "what is older"})},
	{OWN("/settings/servers", on_servers, "servers that one blocks"), PARAMS(MAX_ID, DONE)},
	{DO("/settings/servers", on_server_block, "block a server"), .again = on_server_again,
	 PARAMS(DOMAIN, MAX_ID)},
	{DO("/settings/servers/:domain/end", on_server_unblock, "end that"), PARAMS(DOMAIN, BACK)},
	{OWN("/settings/notices", on_policy, "whose notices one wants"), PARAMS(DONE)},
	{DO("/settings/notices", on_policy_save, "change that"),
	 PARAMS(STRANGER("not_followed"), STRANGER("not_following"), STRANGER("new"),
		STRANGER("private"), STRANGER("limited"))},
	{OWN("/settings/tags", on_hashtags, "hashtags that one follows"), PARAMS(MAX_ID)},
	{DO("/settings/tags", on_hashtag_follow, "follow a hashtag"), .again = on_hashtags_again,
	 PARAMS(TAG, MAX_ID, BACK)},
	{DO("/settings/password", on_password_save, "change the password"),
	 .prepare = on_password_prepare, .again = on_password_again,
	 PARAMS({.name = "old", .type = PARAM_STR}, {.name = "password", .type = PARAM_STR})},
	{DO("/settings/sessions", on_sessions_end, "log out everywhere else")},
	{OWN("/settings/transfer", on_transfer,
	     "the form to bring files in, and files to take along"),
	 PARAMS({.name = "done", .type = PARAM_INT}, {.name = "failed", .type = PARAM_INT},
		{.name = "unknown", .type = PARAM_INT})},
	{OWN("/settings/export/:kind", on_export, "one's relations as CSV"),
	 PARAMS({.name = "kind", .type = PARAM_STR, .max = 20})},
	{DO("/settings/import", on_import, "bring relations in from CSV"),
	 .prepare = on_import_prepare, .again = on_import_again,
	 PARAMS({.name = "kind", .type = PARAM_STR, .max = 20},
		{.name = "mode", .type = PARAM_CHOICE, .choices = "add|replace"},
		{.name = "file", .type = PARAM_FILE, .max = 4 << 20})},
	{OWN("/settings/apps", on_apps, "apps and browsers that can act for one"), PARAMS(DONE)},
	{DO("/settings/apps/:id/end", on_app_end, "end an app's access"),
	 PARAMS({.name = "id", .type = PARAM_ID, .required = true, .help = "of an app"}, BACK)},
	{DO("/settings/sessions/:key/end", on_session_end, "log another browser out"),
	 PARAMS({.name = "key", .type = PARAM_STR, .max = 100, .help = "of a session"}, BACK)},
	{OWN("/invites", on_invites, "one's invitations")},
	{DO("/invites", on_invite_add, "make an invitation"),
	 PARAMS({.name = "uses", .type = PARAM_INT, .min = 1, .max = 1000},
		{.name = "days", .type = PARAM_INT, .min = 1, .max = 365})},
	{DO("/invites/:code/end", on_invite_end, "end an invitation"),
	 PARAMS({.name = "code", .type = PARAM_STR, .max = 100}, BACK)},

	{OPEN("/about", on_about, "about this place")},
	{OPEN("/robots.txt", on_robots, "for crawlers"), .format = FORMAT_TEXT},
	{.path = "/favicon.ico",
	 .format = FORMAT_TEXT,
	 .read = on_favicon,
	 .help = "the icon, for old browsers"},
};

const struct route_table page_table = {routes, sizeof routes / sizeof *routes};
