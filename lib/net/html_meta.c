/* SPDX-License-Identifier: MIT */
/* The tags of a page one after the other; of most only their end matters. */
#include "net/html_meta.h"

#include <time.h>

#include "net/html_entity.h"

enum { ATTRS_MAX = 24, NAME_BYTES_MAX = 64 };

struct attr {
	struct str name, value;
};
struct tag {
	struct str name;
	bool closes; /* </name> */
	struct attr attr[ATTRS_MAX];
	size_t n;
};

/* What a page may say of one thing, in the order in which it is believed. */
enum source {
	TITLE_OG,
	TITLE_TWITTER,
	TITLE_TAG,
	ABOUT_OG,
	ABOUT_TWITTER,
	ABOUT_META,
	SITE_OG,
	SITE_APP,
	AUTHOR_META,
	AUTHOR_ARTICLE,
	AUTHOR_LINK,
	IMAGE_OG,
	IMAGE_TWITTER,
	ALT_OG,
	ALT_TWITTER,
	TIME_ARTICLE,
	TIME_DC,
	LANGUAGE_TAG,
	OEMBED_LINK,
	CREATOR_META,
	SOURCES
};

static const struct {
	struct str name;
	enum source source;
} metas[] = {
	{S_INIT("og:title"), TITLE_OG},
	{S_INIT("twitter:title"), TITLE_TWITTER},
	{S_INIT("og:description"), ABOUT_OG},
	{S_INIT("twitter:description"), ABOUT_TWITTER},
	{S_INIT("description"), ABOUT_META},
	{S_INIT("og:site_name"), SITE_OG},
	{S_INIT("application-name"), SITE_APP},
	{S_INIT("author"), AUTHOR_META},
	{S_INIT("article:author"), AUTHOR_ARTICLE},
	{S_INIT("og:image"), IMAGE_OG},
	{S_INIT("og:image:url"), IMAGE_OG},
	{S_INIT("twitter:image"), IMAGE_TWITTER},
	{S_INIT("og:image:alt"), ALT_OG},
	{S_INIT("twitter:image:alt"), ALT_TWITTER},
	{S_INIT("article:published_time"), TIME_ARTICLE},
	{S_INIT("dc.date"), TIME_DC},
	{S_INIT("date"), TIME_DC},
	{S_INIT("fediverse:creator"), CREATOR_META},
};

struct scan {
	struct str page;
	size_t at;
	struct str said[SOURCES]; /* raw; the first one counts */
	enum charset charset;
	bool charset_known;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Where the next `end` after the current place ends; the page's end when there is none. */
static void skip_past(struct scan *s, struct str end)
{
	struct str rest = str_slice(s->page, s->at, s->page.len);
	ptrdiff_t found = end.len == 1 ? str_find_char(rest, end.at[0]) : str_find(rest, end);
	s->at = found < 0 ? s->page.len : s->at + (size_t)found + end.len;
}

static char peek(const struct scan *s)
{
	return s->at < s->page.len ? s->page.at[s->at] : '\0';
}

static bool at_end(const struct scan *s)
{
	return s->at >= s->page.len;
}

static struct str take_name(struct scan *s)
{
	size_t from = s->at;
	while (!at_end(s) && !is_space(peek(s)) && !memchr("=/>", peek(s), 3))
		s->at++;
	return str_slice(s->page, from, s->at);
}

static struct str take_quoted(struct scan *s)
{
	size_t from = s->at + 1;
	const char *close = from < s->page.len
				    ? memchr(s->page.at + from, peek(s), s->page.len - from)
				    : NULL;
	size_t to = close ? (size_t)(close - s->page.at) : s->page.len;
	s->at = close ? to + 1 : to;
	return str_slice(s->page, from, to);
}

static struct str take_value(struct scan *s)
{
	if (peek(s) == '"' || peek(s) == '\'')
		return take_quoted(s);
	size_t from = s->at;
	while (!at_end(s) && !is_space(peek(s)) && peek(s) != '>')
		s->at++;
	return str_slice(s->page, from, s->at);
}

static void skip_space(struct scan *s)
{
	while (!at_end(s) && is_space(peek(s)))
		s->at++;
}

/* After the tag's name, up to and with its '>'. */
static void take_attrs(struct scan *s, struct tag *t)
{
	while (!at_end(s) && peek(s) != '>') {
		size_t before = s->at;
		struct attr one = {.name = take_name(s)};
		skip_space(s);
		if (one.name.len > 0 && peek(s) == '=') {
			s->at++;
			skip_space(s);
			one.value = take_value(s);
		}
		if (one.name.len > 0 && t->n < ATTRS_MAX)
			t->attr[t->n++] = one;
		if (s->at == before)
			s->at++; /* a stray '/' or '=' */
	}
	s->at++;
}

/* The next tag; what is none is passed over. False at the end of the page. */
static bool next_tag(struct scan *s, struct tag *t)
{
	while (!at_end(s)) {
		skip_past(s, S("<"));
		struct str rest = str_slice(s->page, s->at, s->page.len);
		t->n = 0; /* the rest is not cleared: a page may hold a million of them */
		t->closes = peek(s) == '/';
		s->at += t->closes;
		if (is_letter(peek(s))) {
			t->name = take_name(s);
			take_attrs(s, t);
			return true;
		}
		if (str_starts(rest, S("!--")))
			skip_past(s, S("-->"));
		else if (str_starts(rest, S("!")) || str_starts(rest, S("?")) || t->closes)
			skip_past(s, S(">"));
	}
	return false;
}

static struct str attr_of(const struct tag *t, struct str name)
{
	for (size_t i = 0; i < t->n; i++) {
		if (str_eq_nocase(t->attr[i].name, name))
			return str_trim(t->attr[i].value);
	}
	return (struct str){0};
}

/* The text up to the closing tag of this name, which is passed. */
static struct str text_until(struct scan *s, struct str name)
{
	size_t from = s->at, to = s->page.len;
	while (!at_end(s)) {
		skip_past(s, S("</"));
		if (!str_eq_nocase(str_slice(s->page, s->at, s->at + name.len), name))
			continue;
		to = s->at - 2;
		break;
	}
	return str_slice(s->page, from, to);
}

static void say(struct scan *s, enum source source, struct str raw)
{
	if (s->said[source].len == 0)
		s->said[source] = raw;
}

/* "text/html; charset=utf-8" */
static void charset_in(struct scan *s, struct str type)
{
	while (type.at && !s->charset_known) {
		struct str value = str_cut(&type, ';');
		struct str name = str_trim(str_cut(&value, '='));
		value = str_trim(value);
		if (!str_eq_nocase(name, S("charset")) || value.len == 0)
			continue;
		if (value.len > 2 && (value.at[0] == '"' || value.at[0] == '\''))
			value = str_slice(value, 1, value.len - 1);
		s->charset = charset_of(value);
		s->charset_known = true;
	}
}

static void on_meta(struct scan *s, const struct tag *t)
{
	struct str content = attr_of(t, S("content")), name = attr_of(t, S("property"));
	struct str charset = attr_of(t, S("charset"));
	if (charset.len > 0 && !s->charset_known) {
		s->charset = charset_of(charset);
		s->charset_known = true;
	}
	if (str_eq_nocase(attr_of(t, S("http-equiv")), S("content-type")))
		charset_in(s, content);
	if (name.len == 0)
		name = attr_of(t, S("name"));
	if (name.len == 0 || name.len > NAME_BYTES_MAX)
		return;
	for (size_t i = 0; i < sizeof metas / sizeof *metas; i++) {
		if (str_eq_nocase(name, metas[i].name))
			say(s, metas[i].source, content);
	}
}

/* rel is a list of words. */
static bool is_rel(struct str rel, struct str word)
{
	while (rel.len > 0)
		if (str_eq_nocase(str_cut(&rel, ' '), word))
			return true;
	return false;
}

static void on_link(struct scan *s, const struct tag *t)
{
	struct str rel = attr_of(t, S("rel")), type = attr_of(t, S("type"));
	struct str href = attr_of(t, S("href"));
	if (is_rel(rel, S("author")))
		say(s, AUTHOR_LINK, href);
	else if (is_rel(rel, S("alternate")) && str_eq_nocase(type, S("application/json+oembed")))
		say(s, OEMBED_LINK, href);
}

static void on_tag(struct scan *s, const struct tag *t)
{
	static const struct str raw[] = {S_INIT("script"),   S_INIT("style"),    S_INIT("textarea"),
					 S_INIT("noscript"), S_INIT("template"), S_INIT("svg")};
	if (t->closes)
		return;
	if (str_eq_nocase(t->name, S("meta")))
		on_meta(s, t);
	else if (str_eq_nocase(t->name, S("title")))
		say(s, TITLE_TAG, text_until(s, t->name));
	else if (str_eq_nocase(t->name, S("html")))
		say(s, LANGUAGE_TAG, attr_of(t, S("lang")));
	else if (str_eq_nocase(t->name, S("link")))
		on_link(s, t);
	for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
		if (str_eq_nocase(t->name, raw[i]))
			(void)text_until(s, t->name);
	}
}

/* The first of some sources that says anything. */
static struct str text_of(struct arena *a, const struct scan *s, enum source first,
			  enum source last, size_t chars)
{
	for (int i = (int)first; i <= (int)last; i++) {
		SCOPED_BUF text = BUF_EMPTY;
		html_text_put(&text, s->charset, s->said[i], chars);
		if (text.len > 0)
			return arena_str(a, buf_str(&text));
	}
	return S("");
}

static bool is_url(struct str s)
{
	return (str_starts(s, S("https://")) && s.len > 8) ||
	       (str_starts(s, S("http://")) && s.len > 7);
}

static struct str url_or_nothing(struct str s)
{
	return is_url(s) ? s : S("");
}

/* Letters, digits and '-' only, short. */
static struct str language_of(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		bool good = is_letter(s.at[i]) || s.at[i] == '-' ||
			    (s.at[i] >= '0' && s.at[i] <= '9');
		if (!good || i >= 35)
			return S("");
	}
	return s;
}

static void fill(struct arena *a, const struct scan *s, struct html_meta *out)
{
	struct str article = text_of(a, s, AUTHOR_ARTICLE, AUTHOR_ARTICLE, META_URL_MAX);
	out->title = text_of(a, s, TITLE_OG, TITLE_TAG, META_TITLE_MAX);
	out->description = text_of(a, s, ABOUT_OG, ABOUT_META, META_TEXT_MAX);
	out->provider_name = text_of(a, s, SITE_OG, SITE_APP, META_NAME_MAX);
	out->author_name = text_of(a, s, AUTHOR_META, AUTHOR_META, META_NAME_MAX);
	out->author_url = url_or_nothing(article);
	/* article:author is a profile's URL, or, against its definition, a name. */
	if (out->author_name.len == 0 && article.len > 0 && !is_url(article))
		out->author_name = text_of(a, s, AUTHOR_ARTICLE, AUTHOR_ARTICLE, META_NAME_MAX);
	if (out->author_url.len == 0)
		out->author_url = url_or_nothing(
			text_of(a, s, AUTHOR_LINK, AUTHOR_LINK, META_URL_MAX));
	out->image = text_of(a, s, IMAGE_OG, IMAGE_TWITTER, META_URL_MAX);
	out->oembed = text_of(a, s, OEMBED_LINK, OEMBED_LINK, META_URL_MAX);
	out->creator = text_of(a, s, CREATOR_META, CREATOR_META, META_NAME_MAX);
	out->image_description = text_of(a, s, ALT_OG, ALT_TWITTER, META_TEXT_MAX);
	out->language = language_of(text_of(a, s, LANGUAGE_TAG, LANGUAGE_TAG, META_NAME_MAX));
	out->published_at = html_meta_time(text_of(a, s, TIME_ARTICLE, TIME_DC, 64));
}

bool html_meta_read(struct arena *a, struct str content_type, struct str page,
		    struct html_meta *out)
{
	struct scan s = {.page = page, .charset = CHARSET_UTF8};
	struct tag t;
	*out = (struct html_meta){0};
	if (str_starts(page, S("\xef\xbb\xbf")))
		s.charset_known = true;
	charset_in(&s, content_type);
	while (next_tag(&s, &t))
		on_tag(&s, &t);
	if (s.charset == CHARSET_UNKNOWN)
		return false;
	fill(a, &s, out);
	return true;
}

/* Exactly n digits at *i, which is moved past them. */
static bool digits(struct str s, size_t *i, size_t n, int *out)
{
	int64_t v;
	if (*i + n > s.len || !str_i64(str_slice(s, *i, *i + n), &v) || v < 0)
		return false;
	*out = (int)v;
	*i += n;
	return true;
}

static bool is_at(struct str s, size_t *i, const char *any)
{
	if (*i >= s.len || !strchr(any, s.at[*i]) || s.at[*i] == '\0')
		return false;
	(*i)++;
	return true;
}

/* Minutes east of Greenwich at s[i]. */
static int offset_of(struct str s, size_t i)
{
	int hours = 0, minutes = 0;
	bool west = i < s.len && s.at[i] == '-';
	if (!is_at(s, &i, "+-") || !digits(s, &i, 2, &hours))
		return 0;
	(void)is_at(s, &i, ":");
	(void)digits(s, &i, 2, &minutes);
	if (hours > 14 || minutes > 59)
		return 0;
	return (west ? -1 : 1) * (hours * 60 + minutes);
}

int64_t html_meta_time(struct str s)
{
	struct tm t = {0};
	size_t i = 0;
	if (!digits(s, &i, 4, &t.tm_year) || !is_at(s, &i, "-") || !digits(s, &i, 2, &t.tm_mon) ||
	    !is_at(s, &i, "-") || !digits(s, &i, 2, &t.tm_mday))
		return 0;
	int east = 0;
	if (is_at(s, &i, "Tt ") && digits(s, &i, 2, &t.tm_hour) && is_at(s, &i, ":") &&
	    digits(s, &i, 2, &t.tm_min)) {
		if (is_at(s, &i, ":"))
			(void)digits(s, &i, 2, &t.tm_sec);
		if (is_at(s, &i, ".,"))
			while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
				i++;
		east = offset_of(s, i);
	}
	if (t.tm_year < 1970 || t.tm_mon < 1 || t.tm_mon > 12 || t.tm_mday < 1 || t.tm_mday > 31 ||
	    t.tm_hour > 23 || t.tm_min > 59 || t.tm_sec > 60)
		return 0;
	t.tm_year -= 1900;
	t.tm_mon--;
	return ((int64_t)timegm(&t) - (int64_t)east * 60) * 1000;
}
