/* SPDX-License-Identifier: MIT */
/* Instance, in both versions: what a client asks first. */
#include "api/entity.h"
#include "core/tag.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/version.h"
#include "core/push.h"
#include "core/markup.h"
#include "core/tally.h"
#include "static_urls.h"

/* What is claimed stands with what is there: API version 4.4's subset that this server answers. */
#define VERSION_CLAIMED "4.4.0 (compatible; kwipd " KWIPD_VERSION ")"

static struct str domain_of(void)
{
	struct str url = conf_base_url();
	ptrdiff_t i = str_find(url, S("://"));
	return str_slice(url, i < 0 ? 0 : (size_t)i + 3, url.len);
}

static struct str streaming_url(struct arena *a)
{
	struct str host = domain_of();
	bool https = str_starts(conf_base_url(), S("https://"));
	return arena_printf(a, "%s://%.*s", https ? "wss" : "ws", (int)host.len, host.at);
}

static struct str site_url(struct arena *a, struct str path)
{
	struct str base = conf_base_url();
	return arena_printf(a, "%.*s%.*s", (int)base.len, base.at, (int)path.len, path.at);
}

static void put_configuration(struct jw *w)
{
	jw_key(w, S("accounts"));
	jw_open(w, '{');
	jw_ki64(w, S("max_featured_tags"), TAGS_FEATURED_MAX);
	jw_ki64(w, S("max_pinned_statuses"), 0);
	jw_ki64(w, S("max_profile_fields"), FIELDS_MAX);
	jw_ki64(w, S("max_display_name_length"), DISPLAY_NAME_MAX);
	jw_ki64(w, S("max_note_length"), ABOUT_MAX);
	jw_ki64(w, S("profile_field_name_limit"), FIELD_CHARS_MAX);
	jw_ki64(w, S("profile_field_value_limit"), FIELD_CHARS_MAX);
	jw_close(w, '}');
	jw_key(w, S("statuses"));
	jw_open(w, '{');
	jw_ki64(w, S("max_characters"), conf.kwip_max_chars);
	jw_ki64(w, S("max_media_attachments"), 0);
	jw_ki64(w, S("characters_reserved_per_url"), 23);
	jw_close(w, '}');
	jw_key(w, S("media_attachments"));
	jw_raw(w,
	       S("{\"supported_mime_types\":[],\"description_limit\":1500,\"image_size_limit\":0,"
		 "\"image_matrix_limit\":0,\"video_size_limit\":0,\"video_frame_rate_limit\":0,"
		 "\"video_matrix_limit\":0}"));
	jw_key(w, S("polls"));
	jw_raw(w, S("{\"max_options\":0,\"max_characters_per_option\":50,\"min_expiration\":300,"
		    "\"max_expiration\":2629746}"));
}

static void put_languages(struct jw *w)
{
	jw_key(w, S("languages"));
	jw_open(w, '[');
	jw_str(w, conf.language);
	jw_close(w, ']');
}

static void put_registrations(struct jw *w)
{
	jw_key(w, S("registrations"));
	jw_open(w, '{');
	jw_kbool(w, S("enabled"), str_eq(conf.signups, S("open")));
	jw_kbool(w, S("approval_required"), false);
	jw_kbool(w, S("reason_required"), false);
	jw_knull(w, S("message"));
	jw_knull(w, S("min_age"));
	jw_knull(w, S("url"));
	jw_close(w, '}');
}

static void put_urls(struct jw *w, struct arena *a)
{
	jw_key(w, S("urls"));
	jw_open(w, '{');
	jw_kstr(w, S("streaming"), streaming_url(a));
	jw_kstr(w, S("about"), site_url(a, S("/about")));
	jw_knull(w, S("privacy_policy"));
	jw_knull(w, S("terms_of_service"));
	jw_knull(w, S("status"));
	jw_close(w, '}');
}

static void put_contact(struct jw *w)
{
	jw_key(w, S("contact"));
	jw_open(w, '{');
	jw_kstr(w, S("email"), conf.contact);
	jw_knull(w, S("account"));
	jw_close(w, '}');
}

void entity_instance(struct jw *w, struct arena *a, struct db *db)
{
	struct str icon = site_url(a, S(STATIC_AVATAR_SVG));
	jw_open(w, '{');
	jw_kstr(w, S("domain"), domain_of());
	jw_kstr(w, S("title"), conf.name);
	jw_kstr(w, S("version"), S(VERSION_CLAIMED));
	jw_kstr(w, S("source_url"), conf_base_url());
	jw_kstr(w, S("description"), conf.description);
	jw_key(w, S("usage"));
	jw_open(w, '{');
	jw_key(w, S("users"));
	jw_open(w, '{');
	jw_ki64(w, S("active_month"), account_active_count(db, clock_ms()));
	jw_close(w, '}');
	jw_close(w, '}');
	jw_key(w, S("thumbnail"));
	jw_open(w, '{');
	jw_kstr(w, S("url"), icon);
	jw_kstr(w, S("description"), conf.name);
	jw_close(w, '}');
	jw_key(w, S("icon"));
	jw_raw(w, S("[]"));
	put_languages(w);
	jw_key(w, S("configuration"));
	jw_open(w, '{');
	put_urls(w, a);
	put_configuration(w);
	jw_key(w, S("vapid"));
	jw_open(w, '{');
	jw_kstr(w, S("public_key"), push_public_key(db, a));
	jw_close(w, '}');
	jw_key(w, S("translation"));
	jw_raw(w, S("{\"enabled\":false}"));
	jw_kbool(w, S("limited_federation"), false);
	jw_close(w, '}');
	put_registrations(w);
	jw_key(w, S("api_versions"));
	jw_raw(w, S("{\"mastodon\":1}"));
	put_contact(w);
	jw_key(w, S("rules"));
	jw_raw(w, S("[]"));
	jw_close(w, '}');
}

void entity_instance_v1(struct jw *w, struct arena *a, struct db *db)
{
	jw_open(w, '{');
	jw_kstr(w, S("uri"), domain_of());
	jw_kstr(w, S("title"), conf.name);
	jw_kstr(w, S("short_description"), conf.description);
	jw_kstr(w, S("description"), conf.description);
	jw_kstr(w, S("email"), conf.contact);
	jw_kstr(w, S("version"), S(VERSION_CLAIMED));
	jw_key(w, S("urls"));
	jw_open(w, '{');
	jw_kstr(w, S("streaming_api"), streaming_url(a));
	jw_close(w, '}');
	jw_key(w, S("stats"));
	jw_open(w, '{');
	jw_ki64(w, S("user_count"), account_count(db));
	jw_ki64(w, S("status_count"), kwip_count(db));
	jw_ki64(w, S("domain_count"), 1);
	jw_close(w, '}');
	jw_kstr(w, S("thumbnail"), site_url(a, S(STATIC_AVATAR_SVG)));
	put_languages(w);
	jw_kbool(w, S("registrations"), str_eq(conf.signups, S("open")));
	jw_kbool(w, S("approval_required"), false);
	jw_kbool(w, S("invites_enabled"), !str_eq(conf.signups, S("closed")));
	jw_key(w, S("configuration"));
	jw_open(w, '{');
	put_configuration(w);
	jw_close(w, '}');
	jw_knull(w, S("contact_account"));
	jw_key(w, S("rules"));
	jw_raw(w, S("[]"));
	jw_close(w, '}');
}
