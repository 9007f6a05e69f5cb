/* SPDX-License-Identifier: MIT */
/*
 * What a web page says about itself in its head: a tokenizer of tags that builds no tree, in one
 * pass and bounded memory. Bytes of strangers in, clean UTF-8 text out; never markup.
 */
#ifndef NET_HTML_META_H
#define NET_HTML_META_H

#include "base/arena.h"

enum { META_TITLE_MAX = 300, META_TEXT_MAX = 1000, META_NAME_MAX = 100, META_URL_MAX = 2000 };

/* Text is on one line, without spaces at its ends, "" when not said. */
struct html_meta {
	struct str title, description, provider_name;
	struct str author_name, author_url;  /* an absolute http(s) URL */
	struct str image, image_description; /* as written, perhaps relative */
	struct str oembed;                   /* where JSON says more; perhaps relative */
	struct str creator;                  /* "@name@host" of who wrote it, as it says */
	struct str language;                 /* as in BCP 47 */
	int64_t published_at;                /* ms; 0: not said */
};

/*
 * content_type is the header's; its charset comes first, then what the page says, else UTF-8.
 * Known are UTF-8, ASCII, ISO-8859-1, ISO-8859-15 and windows-1252. False, and nothing of use in
 * *out, when the page is in another one.
 */
bool html_meta_read(struct arena *a, struct str content_type, struct str page,
		    struct html_meta *out);
/* "2026-11-23", "2026-11-23T20:38:31+01:00" to ms; 0 when it is none. */
int64_t html_meta_time(struct str text);

#endif
