/* SPDX-License-Identifier: MIT */
/*
 * What a site says of one of its pages by oEmbed (https://oembed.com, section 2.3): JSON of
 * strangers in, clean text and URLs out. Their "html" is not read at all: a player of somebody
 * else's in our pages and in every client would see who reads what, and what is to be played is
 * one click away.
 */
#ifndef NET_OEMBED_H
#define NET_OEMBED_H

#include "base/arena.h"

enum oembed_kind { OEMBED_LINK, OEMBED_PHOTO, OEMBED_VIDEO, OEMBED_RICH };

/* Text is on one line and bounded as in html_meta.h, "" when not said. */
struct oembed {
	enum oembed_kind kind;
	struct str title, author_name, provider_name;
	struct str author_url, provider_url; /* absolute http(s) URLs */
	struct str image; /* of a photo itself, of others a thumbnail; perhaps relative */
};

/* False when it is none: no JSON object, another version, no kind that there is. */
bool oembed_read(struct arena *a, struct str json, struct oembed *out);

#endif
