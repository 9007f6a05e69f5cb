/* SPDX-License-Identifier: MIT */
/*
 * Follows HTML character by character, as far as a template needs it: text, tags, attributes and
 * their values, comments and raw text. A simple reading of the HTML standard's tokenizer that is
 * never laxer about where a value may stand. No parser of foreign HTML.
 */
#include "gen/tmpl_core.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(const char *name, const char *const *list)
{
	for (; *list; list++) {
		if (strcmp(name, *list) == 0)
			return true;
	}
	return false;
}

/* A name that is too long is cut: no name that matters here is. */
static void name_add(struct html_state *s, char c)
{
	if (s->name_len < HTML_NAME_MAX)
		s->name[s->name_len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	s->name[s->name_len] = 0;
}

static void name_clear(struct html_state *s)
{
	s->name_len = 0;
	s->name[0] = 0;
}

static enum attr attr_of(const char *name)
{
	static const char *const urls[] = {"href",     "src",        "action",   "formaction",
					   "poster",   "cite",       "data",     "xlink:href",
					   "manifest", "background", "longdesc", NULL};
	static const char *const forbidden[] = {"style", "srcdoc",     "srcset",
						"ping",  "http-equiv", NULL};

	if (strncmp(name, "on", 2) == 0 || is_one_of(name, forbidden))
		return ATTR_FORBIDDEN;
	return is_one_of(name, urls) ? ATTR_URL : ATTR_PLAIN;
}

/* The > of a start tag: what follows depends on the element. */
static void tag_done(struct html_state *s)
{
	static const char *const raw[] = {"script",   "style", "iframe",    "noembed",
					  "noframes", "xmp",   "plaintext", NULL};
	static const char *const rcdata[] = {"title", "textarea", NULL};

	s->place = is_one_of(s->tag, raw)      ? IN_RAW
		   : is_one_of(s->tag, rcdata) ? IN_RCDATA
					       : IN_TEXT;
	if (strcmp(s->tag, "pre") == 0)
		s->in_pre = true;
	if (s->place == IN_TEXT)
		s->tag[0] = 0;
	name_clear(s);
}

static void end_tag_done(struct html_state *s)
{
	if (strcmp(s->name, "pre") == 0)
		s->in_pre = false;
	s->place = IN_TEXT;
	name_clear(s);
}

/* What was held back of "<", "</", "<!", "<!-" lies in name. */
static void feed_text(struct html_state *s, char c)
{
	if (s->name_len == 0) {
		if (c == '<')
			name_add(s, c);
		return;
	}
	if (strcmp(s->name, "<") == 0 && (c == '/' || c == '!')) {
		name_add(s, c);
		return;
	}
	bool end = strcmp(s->name, "</") == 0;
	bool bang = strcmp(s->name, "<!") == 0;
	name_clear(s);
	s->dashes = 0;
	if (bang) {
		s->place = IN_DECLARATION;
		html_feed(s, c);
	} else if (is_letter(c)) {
		s->place = end ? IN_END_TAG : IN_TAG_NAME;
		name_add(s, c);
	} else if (c == '<') {
		name_add(s, c);
	}
}

/* <script> and <title> end at their own end tag only. */
static void feed_raw(struct html_state *s, char c)
{
	char want[HTML_NAME_MAX + 4] = "</";

	memcpy(want + 2, s->tag, strlen(s->tag) + 1);
	if (strcmp(s->name, want) == 0 && (is_space(c) || c == '/' || c == '>')) {
		s->place = IN_END_TAG;
		s->tag[0] = 0;
		name_clear(s);
		html_feed(s, c);
		return;
	}
	if (c == '<')
		name_clear(s);
	name_add(s, c);
	if (strncmp(s->name, want, s->name_len) != 0)
		name_clear(s);
}

static void feed_declaration(struct html_state *s, char c)
{
	if (c == '>') {
		s->place = IN_TEXT;
		s->dashes = 0;
		name_clear(s);
	} else if (c == '-' && s->name_len == 0 && ++s->dashes == 2) {
		s->place = IN_COMMENT;
		s->dashes = 0;
	} else if (c != '-') {
		s->name_len = 0;
		name_add(s, '!');
	}
}

static void feed_comment(struct html_state *s, char c)
{
	if (c == '>' && s->dashes >= 2) {
		s->place = IN_TEXT;
		name_clear(s);
	}
	s->dashes = c == '-' ? s->dashes + 1 : 0;
	if (s->dashes > 2)
		s->dashes = 2;
}

static void feed_tag_name(struct html_state *s, char c)
{
	if (!is_space(c) && c != '/' && c != '>') {
		name_add(s, c);
		return;
	}
	memcpy(s->tag, s->name, sizeof s->tag);
	name_clear(s);
	s->place = IN_TAG;
	html_feed(s, c);
}

static void feed_end_tag(struct html_state *s, char c)
{
	if (c == '>')
		end_tag_done(s);
	else if (!is_space(c))
		name_add(s, c);
}

static void feed_tag(struct html_state *s, char c)
{
	if (c == '>') {
		tag_done(s);
	} else if (!is_space(c) && c != '/') {
		s->place = IN_ATTR_NAME;
		name_clear(s);
		name_add(s, c);
	}
}

static void feed_attr_name(struct html_state *s, char c)
{
	if (c == '=') {
		s->place = BEFORE_VALUE;
	} else if (is_space(c)) {
		s->place = AFTER_ATTR_NAME;
	} else if (c == '>' || c == '/' || s->place == AFTER_ATTR_NAME) {
		s->place = IN_TAG;
		feed_tag(s, c);
	} else {
		name_add(s, c);
	}
}

static void feed_before_value(struct html_state *s, char c)
{
	if (is_space(c))
		return;
	if (c == '>') {
		tag_done(s);
	} else if (c == '"' || c == '\'') {
		s->place = IN_VALUE;
		s->quote = c;
		s->attr = attr_of(s->name);
		s->at_start = s->attr == ATTR_URL;
	} else {
		s->place = IN_BARE_VALUE;
	}
}

static void feed_value(struct html_state *s, char c)
{
	bool ends = s->place == IN_VALUE ? c == s->quote : is_space(c) || c == '>';

	s->at_start = false;
	if (!ends)
		return;
	s->place = IN_TAG;
	s->attr = ATTR_PLAIN;
	s->quote = 0;
	name_clear(s);
	if (c == '>')
		tag_done(s);
}

bool html_in_name(const struct html_state *s)
{
	return s->place == IN_TAG_NAME || s->place == IN_ATTR_NAME || s->place == AFTER_ATTR_NAME;
}

static bool is_odd(const struct html_state *s, char c)
{
	bool name = html_in_name(s) || s->place == IN_TAG;

	if (s->place == IN_BARE_VALUE || s->place == BEFORE_VALUE)
		return c == '<' || c == '`' ||
		       (s->place == IN_BARE_VALUE && strchr("\"'=", c) && c);
	if (c == '=')
		return s->place == IN_TAG || s->place == IN_TAG_NAME;
	return name && (c == '"' || c == '\'' || c == '<');
}

bool html_feed(struct html_state *s, char ch)
{
	bool ok = !is_odd(s, ch);
	static void (*const feed[])(struct html_state *, char) = {
		[IN_TEXT] = feed_text,
		[IN_RCDATA] = feed_raw,
		[IN_RAW] = feed_raw,
		[IN_COMMENT] = feed_comment,
		[IN_DECLARATION] = feed_declaration,
		[IN_TAG_NAME] = feed_tag_name,
		[IN_END_TAG] = feed_end_tag,
		[IN_TAG] = feed_tag,
		[IN_ATTR_NAME] = feed_attr_name,
		[AFTER_ATTR_NAME] = feed_attr_name,
		[BEFORE_VALUE] = feed_before_value,
		[IN_VALUE] = feed_value,
		[IN_BARE_VALUE] = feed_value,
	};

	feed[s->place](s, ch);
	return ok;
}

bool html_same(const struct html_state *a, const struct html_state *b)
{
	return a->place == b->place && a->attr == b->attr && a->at_start == b->at_start &&
	       a->in_pre == b->in_pre && a->quote == b->quote && a->dashes == b->dashes &&
	       strcmp(a->name, b->name) == 0 && strcmp(a->tag, b->tag) == 0;
}

bool html_may_trim(const struct html_state *s)
{
	return s->place == IN_TAG || (s->place == IN_TEXT && !s->in_pre);
}

const char *html_hole(const struct html_state *s, const char **why)
{
	static const char *const reason[] = {
		[IN_TEXT] = "a hole may not follow <",
		[IN_RCDATA] = "a hole may not follow <",
		[IN_RAW] = "a hole may not stand in script, style or other raw text",
		[IN_COMMENT] = "a hole may not stand in a comment",
		[IN_DECLARATION] = "a hole may not stand in a declaration",
		[IN_TAG_NAME] = "a hole may not stand in a tag name",
		[IN_END_TAG] = "a hole may not stand in an end tag",
		[IN_TAG] = "a hole may not stand in the place of an attribute",
		[IN_ATTR_NAME] = "a hole may not stand in an attribute name",
		[AFTER_ATTR_NAME] = "a hole may not stand in the place of an attribute",
		[BEFORE_VALUE] = "an attribute value with a hole needs quotes",
		[IN_VALUE] =
			"a hole may not stand in on*, style, srcdoc, srcset, ping or http-equiv",
		[IN_BARE_VALUE] = "an attribute value with a hole needs quotes",
	};

	*why = reason[s->place];
	if (s->place == IN_TEXT && s->name_len == 0)
		return "TMPL_TEXT";
	if (s->place == IN_RCDATA && s->name_len == 0)
		return "TMPL_ATTR";
	if (s->place != IN_VALUE || s->attr == ATTR_FORBIDDEN)
		return NULL;
	if (s->attr == ATTR_PLAIN)
		return "TMPL_ATTR";
	return s->at_start ? "TMPL_URL" : "TMPL_URL_PART";
}

const char *html_bars_directive(const struct html_state *s)
{
	switch (s->place) {
	case IN_TEXT:
	case IN_RCDATA:
		return s->name_len ? "a directive may not follow <" : NULL;
	case IN_TAG:
	case IN_VALUE:
		return NULL;
	default:
		return "a directive may stand in text, between attributes and in quoted values only";
	}
}
