/* SPDX-License-Identifier: MIT */
/*
 * Which names people may take. A name is the first part of a profile's path, so words that are, or
 * may become, routes are kept back, and so are those that sound like the people who run the place.
 */
#include "core/account_private.h"

#include "base/utf8.h"

/* Looked up at sign-up only: a walk will do. */
static const char *const reserved[] = {
	"abuse",      "about",        "account",       "accounts",    "activity",
	"actor",      "admin",        "administrator", "all",         "anonymous",
	"api",        "app",          "apps",          "assets",      "atom",
	"auth",       "authorize",    "avatar",        "avatars",     "block",
	"blocks",     "blog",         "bookmark",      "bookmarks",   "boost",
	"buzz",       "callback",     "comment",       "comments",    "compose",
	"contact",    "conversation", "conversations", "dashboard",   "delete",
	"demo",       "directory",    "domain",        "edit",        "email",
	"embed",      "everyone",     "explore",       "export",      "faq",
	"favicon",    "favourite",    "favourites",    "federation",  "feed",
	"feeds",      "filters",      "follow",        "followers",   "following",
	"friends",    "front",        "guest",         "header",      "headers",
	"healthz",    "help",         "home",          "host",        "hostmaster",
	"image",      "images",       "import",        "inbox",       "index",
	"info",       "instance",     "interact",      "intent",      "invite",
	"invites",    "kwip",         "kwipd",         "kwippy",      "kwips",
	"legal",      "list",         "lists",         "local",       "login",
	"logout",     "mail",         "mailer_daemon", "manifest",    "me",
	"media",      "mention",      "mentions",      "message",     "messages",
	"metrics",    "mod",          "moderation",    "moderator",   "moderators",
	"mute",       "mutes",        "new",           "nobody",      "nodeinfo",
	"notice",     "notices",      "notifications", "null",        "oauth",
	"oembed",     "official",     "outbox",        "owner",       "people",
	"postmaster", "post",         "posts",         "preferences", "privacy",
	"profile",    "public",       "push",          "register",    "remote",
	"reply",      "report",       "reports",       "reset",       "robots",
	"root",       "rss",          "rules",         "search",      "security",
	"session",    "sessions",     "settings",      "setup",       "share",
	"signin",     "signup",       "sitemap",       "staff",       "static",
	"status",     "statuses",     "stream",        "streaming",   "suggestions",
	"support",    "sysadmin",     "system",        "tag",         "tags",
	"team",       "terms",        "thread",        "timeline",    "timelines",
	"token",      "trends",       "undefined",     "unsubscribe", "upload",
	"url",        "user",         "users",         "usr",         "version",
	"web",        "webfinger",    "webmaster",     "websub",      "well_known",
	"widget",     "www",
};

struct key key_of(struct str s)
{
	struct key k = {.len = 0};
	if (s.len > KEY_MAX)
		return k;
	for (; k.len < s.len; k.len++)
		k.at[k.len] = (char)(s.at[k.len] >= 'A' && s.at[k.len] <= 'Z'
					     ? s.at[k.len] + ('a' - 'A')
					     : s.at[k.len]);
	return k;
}

bool account_name_is_reserved(struct str name)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (str_eq_nocase(name, str_of(reserved[i])))
			return true;
	return false;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

enum err account_name_check(struct str name)
{
	if (name.len < ACCOUNT_NAME_MIN || name.len > ACCOUNT_NAME_MAX)
		return refuse("a name has %d to %d characters", ACCOUNT_NAME_MIN, ACCOUNT_NAME_MAX);
	for (size_t i = 0; i < name.len; i++)
		if (!is_name_char(name.at[i]))
			return refuse("a name is made of letters a-z, digits and _");
	if (account_name_is_reserved(name))
		return refuse("that name is reserved");
	return OK;
}

enum err line_check(struct str s, size_t max, const char *what)
{
	if (!utf8_ok(s))
		return refuse("%s is not well-formed text", what);
	if (utf8_chars(s) > max)
		return refuse("%s has at most %zu characters", what, max);
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < ' ' || s.at[i] == 127)
			return refuse("%s is one line of text", what);
	return OK;
}

enum err mail_check(struct str mail)
{
	if (mail.len == 0)
		return OK;
	enum err e = line_check(mail, KEY_MAX, "a mail address");
	if (e != OK)
		return e;
	ptrdiff_t at = str_find_char(mail, '@');
	bool good = mail.len <= KEY_MAX && at > 0 && (size_t)at + 1 < mail.len &&
		    str_find_char(mail, ' ') < 0;
	good = good && str_find_char(str_slice(mail, (size_t)at + 1, mail.len), '@') < 0;
	return good ? OK : refuse("that is no mail address");
}

enum err language_check(struct str language)
{
	bool good = language.len <= 35 && language.len != 1;
	for (size_t i = 0; i < language.len; i++)
		good = good && (language.at[i] == '-'
					? i > 1
					: is_name_char(language.at[i]) && language.at[i] != '_');
	return good ? OK : refuse("that is no language tag, like en or pt-BR");
}
