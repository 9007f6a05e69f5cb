/* SPDX-License-Identifier: MIT */
/*
 * Any page to what it says of itself: clean, bounded UTF-8 on one line, and author links that are
 * links. Input: content type, a line feed, the page.
 */
#include "base/utf8.h"
#include "net/html_meta.h"

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
	must(s.len == 0 || (s.at[0] != ' ' && s.at[s.len - 1] != ' '));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA a = arena_new();
	struct str page = {(const char *)data, size};
	struct str type = str_cut(&page, '\n');
	struct html_meta m;
	bool known = html_meta_read(a, type, page, &m);
	check(m.title, META_TITLE_MAX);
	check(m.description, META_TEXT_MAX);
	check(m.provider_name, META_NAME_MAX);
	check(m.author_name, META_NAME_MAX);
	check(m.author_url, META_URL_MAX);
	check(m.image, META_URL_MAX);
	check(m.image_description, META_TEXT_MAX);
	check(m.language, META_NAME_MAX);
	check(m.oembed, META_URL_MAX);
	check(m.creator, META_NAME_MAX);
	must(known || m.title.len == 0);
	must(m.author_url.len == 0 || str_starts(m.author_url, S("http")));
	must(m.published_at >= -86400000 && m.published_at < 253402300800000 + 86400000);
	return 0;
}
