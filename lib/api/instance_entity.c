/* SPDX-License-Identifier: MIT */
/* Instance, in both versions: what a client asks first. */
#include "api/entity.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/version.h"
#include "core/about.h"
#include "core/markup.h"
#include "core/pin.h"
#include "core/poll.h"
#include "core/push.h"
#include "core/signup.h"
#include "core/tag.h"
#include "static_urls.h"

/* What clients go by, together with api_versions below: no more than is wholly there. */
#define VERSION_CLAIMED "4.5.0 (compatible; kwipd " KWIPD_VERSION ")"

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

/* Decoded by what is in a file; the other names of a type are those that clients send. */
static const struct str media_types[] = {
	S_INIT("image/jpeg"),      S_INIT("image/png"),    S_INIT("image/gif"),
	S_INIT("image/webp"),      S_INIT("video/mp4"),    S_INIT("video/webm"),
	S_INIT("video/quicktime"), S_INIT("audio/mpeg"),   S_INIT("audio/mp3"),
	S_INIT("audio/ogg"),       S_INIT("audio/vorbis"), S_INIT("audio/wav"),
	S_INIT("audio/wave"),      S_INIT("audio/x-wav"),  S_INIT("audio/flac"),
	S_INIT("audio/x-flac"),    S_INIT("audio/mp4"),    S_INIT("audio/m4a"),
	S_INIT("audio/x-m4a"),
};

static void put_media_types(struct jw *w)
{
	jw_key(w, S("supported_mime_types"));
	jw_open(w, '[');
	for (size_t i = 0; i < sizeof media_types / sizeof *media_types; i++)
		jw_str(w, media_types[i]);
	jw_close(w, ']');
}

/* The same in both versions of Instance. Sizes in bytes and pixels; they fit 32 bits, which some
 * clients give them. */
static void put_limits(struct jw *w)
{
	enum { PIXELS_MAX = 33 * 1000 * 1000, FRAMES_MAX = 120, URL_CHARS = 23 };
	const struct {
		struct str group, key;
		int64_t value;
	} limits[] = {
		{S("accounts"), S("max_featured_tags"), TAGS_FEATURED_MAX},
		{S("accounts"), S("max_pinned_statuses"), PINS_MAX},
		{S("accounts"), S("max_profile_fields"), FIELDS_MAX},
		{S("accounts"), S("max_display_name_length"), DISPLAY_NAME_MAX},
		{S("accounts"), S("max_note_length"), ABOUT_MAX},
		{S("accounts"), S("profile_field_name_limit"), FIELD_CHARS_MAX},
		{S("accounts"), S("profile_field_value_limit"), FIELD_CHARS_MAX},
		{S("statuses"), S("max_characters"), conf.kwip_max_chars},
		{S("statuses"), S("max_media_attachments"), MEDIA_PER_KWIP},
		{S("statuses"), S("characters_reserved_per_url"), URL_CHARS},
		{S("media_attachments"), S("description_limit"), MEDIA_DESCRIPTION_MAX},
		{S("media_attachments"), S("image_size_limit"), conf.media_image_max_bytes},
		{S("media_attachments"), S("image_matrix_limit"), PIXELS_MAX},
		{S("media_attachments"), S("video_size_limit"), conf.media_video_max_bytes},
		{S("media_attachments"), S("video_frame_rate_limit"), FRAMES_MAX},
		{S("media_attachments"), S("video_matrix_limit"), PIXELS_MAX},
		{S("polls"), S("max_options"), POLL_OPTIONS_MAX},
		{S("polls"), S("max_characters_per_option"), POLL_OPTION_CHARS},
		{S("polls"), S("min_expiration"), POLL_LIFE_MIN_S},
		{S("polls"), S("max_expiration"), POLL_LIFE_MAX_S},
	};
	struct str group = S("");
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		if (!str_eq(limits[i].group, group)) {
			if (group.len)
				jw_close(w, '}');
			group = limits[i].group;
			jw_key(w, group);
			jw_open(w, '{');
			if (str_eq(group, S("media_attachments")))
				put_media_types(w);
		}
		jw_ki64(w, limits[i].key, limits[i].value);
	}
	jw_close(w, '}');
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
	jw_kbool(w, S("enabled"), signup_is_public());
	jw_kbool(w, S("approval_required"), signup_is_by_approval());
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

/* Whom to turn to: the first admin. */
static void put_account_or_null(struct jw *w, struct arena *a, struct db *db)
{
	struct account who;
	int64_t id = about_contact(db);
	if (id != 0 && account_get(db, a, id, &who))
		entity_account(w, a, &who);
	else
		jw_null(w);
}

static void put_contact(struct jw *w, struct arena *a, struct db *db)
{
	jw_key(w, S("contact"));
	jw_open(w, '{');
	jw_kstr(w, S("email"), conf.contact);
	jw_key(w, S("account"));
	put_account_or_null(w, a, db);
	jw_close(w, '}');
}

void entity_rules(struct jw *w, struct arena *a, struct db *db)
{
	struct rules rules = rule_list(db, a);
	jw_open(w, '[');
	for (size_t i = 0; i < rules.n; i++)
		entity_rule(w, &rules.at[i]);
	jw_close(w, ']');
}

static void put_thumbnail(struct jw *w, struct arena *a)
{
	jw_key(w, S("thumbnail"));
	jw_open(w, '{');
	jw_kstr(w, S("url"), site_url(a, S(STATIC_HEADER_SVG)));
	jw_kstr(w, S("description"), conf.name);
	jw_knull(w, S("blurhash"));
	jw_close(w, '}');
	jw_key(w, S("icon"));
	jw_open(w, '[');
	jw_open(w, '{');
	jw_kstr(w, S("src"), site_url(a, S(STATIC_FAVICON_SVG)));
	jw_kstr(w, S("size"), S("512x512"));
	jw_close(w, '}');
	jw_close(w, ']');
}

/* Everybody may read what is public. */
static void put_access(struct jw *w)
{
	static const char all[] = "{\"local\":\"public\",\"remote\":\"public\"}";
	static const struct str feeds[] = {S_INIT("live_feeds"), S_INIT("hashtag_feeds"),
					   S_INIT("trending_link_feeds")};
	jw_key(w, S("timelines_access"));
	jw_open(w, '{');
	for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
		jw_key(w, feeds[i]);
		jw_raw(w, str_of(all));
	}
	jw_close(w, '}');
}

static void put_configuration(struct jw *w, struct arena *a, struct db *db)
{
	jw_key(w, S("configuration"));
	jw_open(w, '{');
	put_urls(w, a);
	put_limits(w);
	jw_key(w, S("vapid"));
	jw_open(w, '{');
	jw_kstr(w, S("public_key"), push_public_key(db, a));
	jw_close(w, '}');
	jw_key(w, S("translation"));
	jw_raw(w, S("{\"enabled\":false}"));
	put_access(w);
	jw_kbool(w, S("limited_federation"), false);
	jw_close(w, '}');
}

static void put_usage(struct jw *w, struct db *db)
{
	jw_key(w, S("usage"));
	jw_open(w, '{');
	jw_key(w, S("users"));
	jw_open(w, '{');
	jw_ki64(w, S("active_month"), about_active(db, clock_ms(), 30));
	jw_close(w, '}');
	jw_close(w, '}');
}

void entity_instance(struct jw *w, struct arena *a, struct db *db)
{
	jw_open(w, '{');
	jw_kstr(w, S("domain"), domain_of());
	jw_kstr(w, S("title"), conf.name);
	jw_kstr(w, S("version"), S(VERSION_CLAIMED));
	jw_kstr(w, S("source_url"), conf_base_url());
	jw_kstr(w, S("description"), conf.description);
	put_usage(w, db);
	put_thumbnail(w, a);
	put_languages(w);
	put_configuration(w, a, db);
	put_registrations(w);
	jw_key(w, S("api_versions"));
	jw_raw(w, S("{\"mastodon\":7}"));
	put_contact(w, a, db);
	jw_key(w, S("rules"));
	entity_rules(w, a, db);
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
	jw_kstr(w, S("thumbnail"), site_url(a, S(STATIC_HEADER_SVG)));
	put_languages(w);
	jw_kbool(w, S("registrations"), signup_is_public());
	jw_kbool(w, S("approval_required"), signup_is_by_approval());
	jw_kbool(w, S("invites_enabled"), !str_eq(conf.signups, S("closed")));
	jw_key(w, S("configuration"));
	jw_open(w, '{');
	put_limits(w);
	jw_close(w, '}');
	jw_key(w, S("contact_account"));
	put_account_or_null(w, a, db);
	jw_key(w, S("rules"));
	entity_rules(w, a, db);
	jw_close(w, '}');
}
