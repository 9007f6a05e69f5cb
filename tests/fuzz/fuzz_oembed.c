/* SPDX-License-Identifier: MIT */
/* Any JSON to what oEmbed says by it: clean, bounded UTF-8 on one line, and links that are links.
 */
#include "base/utf8.h"
#include "net/html_meta.h"
#include "net/oembed.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check(struct str s, size_t chars)
{
	must(utf8_ok(s) && utf8_chars(s) <= chars + 1);
	for (size_t i = 0; i < s.len; i++)
		must((unsigned char)s.at[i] >= ' ' && s.at[i] != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA a = arena_new();
	struct oembed o;
	bool known = oembed_read(a, (struct str){(const char *)data, size}, &o);
	check(o.title, META_TITLE_MAX);
	check(o.author_name, META_NAME_MAX);
	check(o.provider_name, META_NAME_MAX);
	check(o.author_url, META_URL_MAX);
	check(o.provider_url, META_URL_MAX);
	check(o.image, META_URL_MAX);
	must(o.author_url.len == 0 || str_starts(o.author_url, S("http")));
	must(o.provider_url.len == 0 || str_starts(o.provider_url, S("http")));
	must(known || o.title.len == 0);
	return 0;
}
