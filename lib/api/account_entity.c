/* SPDX-License-Identifier: MIT */
/* Account, CredentialAccount, Profile and Preferences. */
#include "api/entity.h"
#include "base/clock.h"
#include "base/conf.h"
#include "core/markup.h"
#include "core/tally.h"
#include "static_urls.h"

void put_account_url(struct buf *out, struct str name, struct str domain)
{
	buf_put(out, conf_base_url());
	buf_put(out, S("/@"));
	buf_put(out, name);
	if (domain.len > 0) {
		buf_char(out, '@');
		buf_put(out, domain);
	}
}

struct str account_url(struct arena *a, const struct account *who)
{
	if (who->url.len > 0)
		return who->url;
	SCOPED_BUF url = BUF_EMPTY;
	put_account_url(&url, who->name, who->domain);
	return arena_str(a, buf_str(&url));
}

static struct str acct_of(struct arena *a, const struct account *who)
{
	if (who->domain.len == 0)
		return who->name;
	return arena_printf(a, "%.*s@%.*s", (int)who->name.len, who->name.at, (int)who->domain.len,
			    who->domain.at);
}

static struct str picture_url(struct arena *a, struct str path, struct str standard)
{
	struct str base = conf_base_url();
	if (path.len > 0)
		return arena_printf(a, "%.*s/media/%.*s", (int)base.len, base.at, (int)path.len,
				    path.at);
	return arena_printf(a, "%.*s%.*s", (int)base.len, base.at, (int)standard.len, standard.at);
}

struct str api_avatar_url(struct arena *a, const struct account *who)
{
	return picture_url(a, who->avatar, S(STATIC_AVATAR_SVG));
}

/* The stored pairs; html: values as HTML for showing, else as typed. */
static void put_fields(struct jw *w, struct arena *a, const struct account *who, bool html)
{
	SCOPED_JSON doc = {0};
	jw_key(w, S("fields"));
	jw_open(w, '[');
	if (json_parse(&doc, who->fields) != OK)
		doc.root = NULL;
	for (size_t i = 0; i < json_len(doc.root); i++) {
		const struct json *pair = json_at(doc.root, i);
		struct str value = json_str(json_at(pair, 1));
		jw_open(w, '{');
		jw_kstr(w, S("name"), json_str(json_at(pair, 0)));
		jw_kstr(w, S("value"),
			html ? markup_html(a, value, (struct mentions){0}, conf_base_url()).s
			     : value);
		jw_knull(w, S("verified_at"));
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void put_pictures(struct jw *w, struct arena *a, const struct account *who)
{
	struct str avatar = api_avatar_url(a, who);
	struct str header = picture_url(a, who->header, S(STATIC_HEADER_SVG));
	jw_kstr(w, S("avatar"), avatar);
	jw_kstr(w, S("avatar_static"), avatar);
	jw_kstr(w, S("header"), header);
	jw_kstr(w, S("header_static"), header);
}

static void put_last_kwip(struct jw *w, const struct account *who)
{
	SCOPED_BUF date = BUF_EMPTY;
	jw_key(w, S("last_status_at"));
	if (who->last_kwip == 0) {
		jw_null(w);
		return;
	}
	put_date(&date, id_ms(who->last_kwip));
	jw_str(w, buf_str(&date));
}

static void put_counts(struct jw *w, const struct account *who)
{
	jw_key(w, S("created_at"));
	jw_time(w, id_ms(who->id));
	put_last_kwip(w, who);
	jw_ki64(w, S("statuses_count"), who->kwips_count);
	jw_ki64(w, S("followers_count"), who->followers_count);
	jw_ki64(w, S("following_count"), who->following_count);
}

/* Of who is suspended or gone nothing is shown that they said of themselves. */
static struct account shown_of(const struct account *who)
{
	struct account shown = *who;
	if (who->state != ACCOUNT_SUSPENDED && who->state != ACCOUNT_DELETED)
		return shown;
	shown.display_name = shown.about = shown.avatar = shown.header = S("");
	shown.fields = S("[]");
	shown.emojis = (struct emojis){0};
	shown.locked = shown.bot = shown.discoverable = shown.indexable = shown.limited = false;
	return shown;
}

/* The members of Account; the braces are the caller's. */
static void put_account(struct jw *w, struct arena *a, const struct account *of)
{
	const struct account shown = shown_of(of), *who = &shown;
	struct str url = account_url(a, who);
	jw_kid(w, S("id"), who->id);
	jw_kstr(w, S("username"), who->name);
	jw_kstr(w, S("acct"), acct_of(a, who));
	jw_kstr(w, S("url"), url);
	jw_kstr(w, S("uri"), who->uri.len > 0 ? who->uri : url);
	jw_kstr(w, S("display_name"), who->display_name);
	jw_kstr(w, S("note"), markup_html(a, who->about, (struct mentions){0}, conf_base_url()).s);
	put_pictures(w, a, who);
	jw_kbool(w, S("locked"), who->locked);
	put_fields(w, a, who, true);
	jw_key(w, S("emojis"));
	entity_emojis(w, &who->emojis);
	jw_kbool(w, S("bot"), who->bot);
	jw_kbool(w, S("group"), false);
	jw_kbool(w, S("discoverable"), who->discoverable);
	jw_kbool(w, S("indexable"), who->indexable);
	jw_kbool(w, S("noindex"), !who->indexable);
	if (who->state == ACCOUNT_SUSPENDED)
		jw_kbool(w, S("suspended"), true);
	if (who->limited)
		jw_kbool(w, S("limited"), true);
	put_counts(w, who);
	jw_kbool(w, S("hide_collections"), who->hide_collections);
	jw_key(w, S("roles"));
	jw_raw(w, S("[]"));
}

void entity_account(struct jw *w, struct arena *a, const struct account *who)
{
	jw_open(w, '{');
	put_account(w, a, who);
	jw_close(w, '}');
}

void api_account_json(struct buf *out, struct arena *a, const struct account *who)
{
	struct jw w = {.out = out};
	entity_account(&w, a, who);
}

static void put_or_null(struct jw *w, struct str key, struct str text)
{
	jw_key(w, key);
	if (text.len > 0)
		jw_str(w, text);
	else
		jw_null(w);
}

static void put_domains(struct jw *w, struct str domains)
{
	jw_key(w, S("attribution_domains"));
	jw_open(w, '[');
	while (domains.len > 0)
		jw_str(w, str_cut(&domains, ' '));
	jw_close(w, ']');
}

static void put_source(struct jw *w, struct arena *a, struct db *db, const struct account *who)
{
	struct prefs p;
	struct profile_more more;
	account_prefs(db, a, who->id, &p);
	account_more(db, a, who->id, &more);
	jw_key(w, S("source"));
	jw_open(w, '{');
	jw_kstr(w, S("note"), who->about);
	put_fields(w, a, who, false);
	jw_kstr(w, S("privacy"), visibility_name((enum visibility)p.default_visibility));
	jw_kbool(w, S("sensitive"), p.default_sensitive);
	put_or_null(w, S("language"), p.language);
	jw_kstr(w, S("quote_policy"), quote_policy_name((enum quote_policy)p.quote_policy));
	jw_ki64(w, S("follow_requests_count"), follow_requests_count(db, who->id));
	jw_kbool(w, S("hide_collections"), who->hide_collections);
	jw_kbool(w, S("discoverable"), who->discoverable);
	jw_kbool(w, S("indexable"), who->indexable);
	put_domains(w, more.attribution);
	jw_close(w, '}');
}

static void put_portrait(struct jw *w, struct arena *a, struct str path)
{
	if (path.len > 0)
		jw_str(w, picture_url(a, path, S("")));
	else
		jw_null(w);
}

void entity_profile(struct jw *w, struct arena *a, struct db *db, const struct account *who)
{
	struct profile_more more;
	account_more(db, a, who->id, &more);
	jw_open(w, '{');
	jw_kid(w, S("id"), who->id);
	jw_kstr(w, S("display_name"), who->display_name);
	jw_kstr(w, S("note"), who->about);
	put_fields(w, a, who, false);
	jw_key(w, S("avatar"));
	put_portrait(w, a, who->avatar);
	jw_key(w, S("avatar_static"));
	put_portrait(w, a, who->avatar);
	jw_kstr(w, S("avatar_description"), more.avatar_description);
	jw_key(w, S("header"));
	put_portrait(w, a, who->header);
	jw_key(w, S("header_static"));
	put_portrait(w, a, who->header);
	jw_kstr(w, S("header_description"), more.header_description);
	jw_kbool(w, S("locked"), who->locked);
	jw_kbool(w, S("bot"), who->bot);
	jw_kbool(w, S("hide_collections"), who->hide_collections);
	jw_kbool(w, S("discoverable"), who->discoverable);
	jw_kbool(w, S("indexable"), who->indexable);
	jw_kbool(w, S("show_media"), more.show_media);
	jw_kbool(w, S("show_media_replies"), more.show_media_replies);
	jw_kbool(w, S("show_featured"), more.show_featured);
	put_domains(w, more.attribution);
	jw_close(w, '}');
}

void entity_preferences(struct jw *w, struct arena *a, struct db *db, int64_t account)
{
	static const struct str expand[] = {S_INIT("default"), S_INIT("show_all"),
					    S_INIT("hide_all")};
	struct prefs p;
	account_prefs(db, a, account, &p);
	jw_open(w, '{');
	jw_kstr(w, S("posting:default:visibility"),
		visibility_name((enum visibility)p.default_visibility));
	jw_kbool(w, S("posting:default:sensitive"), p.default_sensitive);
	put_or_null(w, S("posting:default:language"), p.language);
	jw_kstr(w, S("posting:default:quote_policy"),
		quote_policy_name((enum quote_policy)p.quote_policy));
	jw_kstr(w, S("reading:expand:media"), expand[p.expand_media]);
	jw_kbool(w, S("reading:expand:spoilers"), p.expand_warned);
	jw_kbool(w, S("reading:autoplay:gifs"), p.autoplay);
	jw_close(w, '}');
}

void entity_role(struct jw *w, enum account_role role)
{
	static const struct {
		struct str id, name, permissions;
	} roles[] = {
		[ROLE_MEMBER] = {S_INIT("-99"), S_INIT(""), S_INIT("0")},
		[ROLE_MODERATOR] = {S_INIT("1"), S_INIT("Moderator"), S_INIT("1308")},
		[ROLE_ADMIN] = {S_INIT("3"), S_INIT("Admin"), S_INIT("1")},
	};
	jw_open(w, '{');
	jw_kstr(w, S("id"), roles[role].id);
	jw_kstr(w, S("name"), roles[role].name);
	jw_kstr(w, S("color"), S(""));
	jw_kstr(w, S("permissions"), roles[role].permissions);
	jw_kbool(w, S("highlighted"), false);
	jw_close(w, '}');
}

void entity_credential_account(struct jw *w, struct arena *a, struct db *db,
			       const struct account *who)
{
	jw_open(w, '{');
	put_account(w, a, who);
	put_source(w, a, db, who);
	jw_key(w, S("role"));
	entity_role(w, who->role);
	jw_close(w, '}');
}
