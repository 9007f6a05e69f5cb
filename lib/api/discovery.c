/* SPDX-License-Identifier: MIT */
/*
 * How others find out what this server is and where its people are: nodeinfo (2.0), host-meta,
 * webfinger (RFC 7033), oEmbed. The instance's own parts are instance.c's.
 */
#include "api/discovery.h"

#include "api/entity.h"
#include "base/conf.h"
#include "base/version.h"
#include "core/about.h"
#include "core/markup.h"
#include "core/signup.h"

static struct str on_site(struct arena *a, const char *path)
{
	struct str base = conf_base_url();
	return arena_printf(a, "%.*s%s", (int)base.len, base.at, path);
}

enum err on_nodeinfo_links(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	jw_key(&w, S("links"));
	jw_open(&w, '[');
	jw_open(&w, '{');
	jw_kstr(&w, S("rel"), S("http://nodeinfo.diaspora.software/ns/schema/2.0"));
	jw_kstr(&w, S("href"), on_site(r->a, "/nodeinfo/2.0"));
	jw_close(&w, '}');
	jw_close(&w, ']');
	jw_close(&w, '}');
	return OK;
}

static void put_usage(struct jw *w, struct db *db, int64_t now)
{
	jw_key(w, S("usage"));
	jw_open(w, '{');
	jw_key(w, S("users"));
	jw_open(w, '{');
	jw_ki64(w, S("total"), account_count(db));
	jw_ki64(w, S("activeMonth"), about_active(db, now, 30));
	jw_ki64(w, S("activeHalfyear"), about_active(db, now, 180));
	jw_close(w, '}');
	jw_ki64(w, S("localPosts"), kwip_count(db));
	jw_close(w, '}');
}

/* Some clients speak Mastodon's API only to software they have heard of: "upstream" tells them. */
enum err on_nodeinfo(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	jw_kstr(&w, S("version"), S("2.0"));
	jw_key(&w, S("software"));
	jw_raw(&w, S("{\"name\":\"kwipd\",\"version\":\"" KWIPD_VERSION "\"}"));
	jw_key(&w, S("protocols"));
	jw_raw(&w, S("[]"));
	jw_key(&w, S("services"));
	jw_raw(&w, S("{\"inbound\":[],\"outbound\":[\"atom1.0\"]}"));
	put_usage(&w, r->db, r->now);
	jw_kbool(&w, S("openRegistrations"), signup_is_public());
	jw_key(&w, S("metadata"));
	jw_open(&w, '{');
	jw_kstr(&w, S("nodeName"), conf.name);
	jw_kstr(&w, S("nodeDescription"), conf.description);
	jw_key(&w, S("upstream"));
	jw_raw(&w, S("{\"name\":\"mastodon\"}"));
	jw_close(&w, '}');
	jw_close(&w, '}');
	return OK;
}

enum err on_host_meta(struct req *r, struct answer *out)
{
	out->type = S("application/xrd+xml; charset=utf-8");
	buf_put(out->body, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			     "<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\">\n"
			     "  <Link rel=\"lrdd\" template=\""));
	esc_xml(out->body, on_site(r->a, "/.well-known/webfinger?resource={uri}"));
	buf_put(out->body, S("\"/>\n</XRD>\n"));
	return OK;
}

static struct str host_of_site(void)
{
	struct str url = conf_base_url();
	ptrdiff_t i = str_find(url, S("://"));
	return str_slice(url, i < 0 ? 0 : (size_t)i + 3, url.len);
}

/* The name in "acct:name@host", "name@host" or a profile's address; "" when it is not of here. */
static struct str name_of_resource(struct str resource)
{
	struct str base = conf_base_url();
	if (str_starts(resource, base) &&
	    str_starts(str_slice(resource, base.len, SIZE_MAX), S("/@")))
		return str_slice(resource, base.len + 2, SIZE_MAX);
	struct str host = resource;
	if (str_starts(host, S("acct:")))
		host = str_slice(host, 5, SIZE_MAX);
	if (str_starts(host, S("@")))
		host = str_slice(host, 1, SIZE_MAX);
	struct str name = str_cut(&host, '@');
	return str_eq_nocase(host, host_of_site()) ? name : S("");
}

static void put_link(struct jw *w, struct str rel, struct str type, struct str href)
{
	jw_open(w, '{');
	jw_kstr(w, S("rel"), rel);
	jw_kstr(w, S("type"), type);
	jw_kstr(w, S("href"), href);
	jw_close(w, '}');
}

enum err on_webfinger(struct req *r, struct answer *out)
{
	struct account who;
	struct str resource = param_str(r, "resource");
	if (resource.len == 0) {
		out->status = 400;
		buf_put(out->body, S("{\"error\":\"resource is missing\"}"));
		return OK;
	}
	struct str name = name_of_resource(resource), host = host_of_site();
	if (!account_find(r->db, r->a, name, S(""), &who) || who.state == ACCOUNT_PENDING)
		return ERR_NOT_FOUND;
	if (who.state != ACCOUNT_ACTIVE)
		return ERR_GONE;
	SCOPED_BUF url = BUF_EMPTY, feed = BUF_EMPTY;
	put_account_url(&url, who.name, S(""));
	buf_put(&feed, buf_str(&url));
	buf_put(&feed, S("/feed.atom"));
	out->type = S("application/jrd+json; charset=utf-8");
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	jw_kstr(&w, S("subject"),
		arena_printf(r->a, "acct:%.*s@%.*s", (int)who.name.len, who.name.at, (int)host.len,
			     host.at));
	jw_key(&w, S("aliases"));
	jw_open(&w, '[');
	jw_str(&w, buf_str(&url));
	jw_close(&w, ']');
	jw_key(&w, S("links"));
	jw_open(&w, '[');
	put_link(&w, S("http://webfinger.net/rel/profile-page"), S("text/html"), buf_str(&url));
	put_link(&w, S("http://schemas.google.com/g/2010#updates-from"), S("application/atom+xml"),
		 buf_str(&feed));
	jw_close(&w, ']');
	jw_close(&w, '}');
	return OK;
}

enum err on_health(struct req *r, struct answer *out)
{
	(void)r;
	out->no_store = true;
	buf_put(out->body, S("OK"));
	return OK;
}

/* The id at the end of "BASE/@name/ID", 0 when it is no address of a kwip here. */
static int64_t id_of_url(struct str url)
{
	struct str base = conf_base_url();
	int64_t id = 0;
	if (!str_starts(url, base))
		return 0;
	struct str rest = str_slice(url, base.len, SIZE_MAX);
	if (!str_starts(rest, S("/@")))
		return 0;
	(void)str_cut(&rest, '/');
	(void)str_cut(&rest, '/');
	rest = str_cut(&rest, '?');
	return str_i64(rest, &id) && id > 0 ? id : 0;
}

/* What is said, as a quotation with its author: no frame, which this site allows nobody to make. */
static struct str quotation(struct arena *a, const struct kwip *k, struct str url)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_put(&b, S("<blockquote class=\"kwip\" cite=\""));
	esc_attr(&b, url);
	buf_put(&b, S("\">"));
	buf_put(&b,
		k->warning.len ? S("") : markup_html(a, k->body, k->mentions, conf_base_url()).s);
	esc_text(&b, k->warning);
	buf_put(&b, S("<footer><a href=\""));
	esc_attr(&b, url);
	buf_put(&b, S("\">@"));
	esc_text(&b, k->who->name);
	buf_put(&b, S("</a></footer></blockquote>"));
	return arena_str(a, buf_str(&b));
}

/* oEmbed 1.0, type rich. */
enum err on_oembed(struct req *r, struct answer *out)
{
	struct kwip k;
	int64_t id = id_of_url(param_str(r, "url"));
	if (id == 0 || kwip_get(r->db, r->a, 0, id, &k) != OK || k.boost_of != 0)
		return ERR_NOT_FOUND;
	SCOPED_BUF url = BUF_EMPTY, author = BUF_EMPTY;
	put_kwip_url(&url, k.who->name, k.id);
	put_account_url(&author, k.who->name, S(""));
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	jw_kstr(&w, S("type"), S("rich"));
	jw_kstr(&w, S("version"), S("1.0"));
	jw_kstr(&w, S("title"),
		arena_printf(r->a, "A kwip of @%.*s", (int)k.who->name.len, k.who->name.at));
	jw_kstr(&w, S("author_name"), k.who->display_name.len ? k.who->display_name : k.who->name);
	jw_kstr(&w, S("author_url"), buf_str(&author));
	jw_kstr(&w, S("provider_name"), conf.name);
	jw_kstr(&w, S("provider_url"), on_site(r->a, "/"));
	jw_ki64(&w, S("cache_age"), 86400);
	jw_kstr(&w, S("html"), quotation(r->a, &k, buf_str(&url)));
	jw_ki64(&w, S("width"), param_i64(r, "maxwidth", 400));
	jw_key(&w, S("height"));
	if (param_has(r, "maxheight"))
		jw_i64(&w, param_i64(r, "maxheight", 0));
	else
		jw_null(&w);
	jw_close(&w, '}');
	return OK;
}
