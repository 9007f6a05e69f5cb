/* SPDX-License-Identifier: MIT */
/* From the JSON to its few words; whoever fetched it decides which of them count. */
#include "net/oembed.h"

#include "base/json.h"
#include "net/html_entity.h"
#include "net/html_meta.h"

/* Sites write text as it stands in their pages, with references in it. */
static struct str text_of(struct arena *a, const struct json *o, const char *key, size_t chars)
{
	SCOPED_BUF text = BUF_EMPTY;
	html_text_put(&text, CHARSET_UTF8, json_str(json_get(o, key)), chars);
	return arena_str(a, buf_str(&text));
}

static struct str url_of(struct arena *a, const struct json *o, const char *key)
{
	struct str url = text_of(a, o, key, META_URL_MAX);
	return str_starts(url, S("https://")) || str_starts(url, S("http://")) ? url : S("");
}

static bool kind_of(struct str name, enum oembed_kind *out)
{
	static const struct str names[] = {
		[OEMBED_LINK] = S_INIT("link"),
		[OEMBED_PHOTO] = S_INIT("photo"),
		[OEMBED_VIDEO] = S_INIT("video"),
		[OEMBED_RICH] = S_INIT("rich"),
	};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_eq(name, names[i])) {
			*out = (enum oembed_kind)i;
			return true;
		}
	}
	return false;
}

/* "1.0", or the number 1.0, as many write it. */
static bool is_version(const struct json *version, struct arena *a)
{
	struct str text = json_kind(version) == JSON_STRING ? json_str(version)
							    : json_number_text(version, a);
	return str_starts(text, S("1"));
}

bool oembed_read(struct arena *a, struct str json, struct oembed *out)
{
	SCOPED_JSON doc = {0};
	*out = (struct oembed){0};
	if (json_parse(&doc, json) != OK || !is_version(json_get(doc.root, "version"), a) ||
	    !kind_of(json_str(json_get(doc.root, "type")), &out->kind))
		return false;
	bool photo = out->kind == OEMBED_PHOTO;
	out->title = text_of(a, doc.root, "title", META_TITLE_MAX);
	out->author_name = text_of(a, doc.root, "author_name", META_NAME_MAX);
	out->provider_name = text_of(a, doc.root, "provider_name", META_NAME_MAX);
	out->author_url = url_of(a, doc.root, "author_url");
	out->provider_url = url_of(a, doc.root, "provider_url");
	out->image = text_of(a, doc.root, photo ? "url" : "thumbnail_url", META_URL_MAX);
	return true;
}
