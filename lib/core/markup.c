/* SPDX-License-Identifier: MIT */
/*
 * The scanner that finds links, mentions and hashtags in a text, and the folded forms of tags and
 * texts. Makes no HTML: markup_html.c does. Posting and rendering both read a text through here.
 */
#include "core/markup.h"

#include "base/conf.h"
#include "base/utf8.h"

enum { TAG_CHARS_MAX = 100, MENTION_BYTES_MAX = 255 };

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The code point that ends just before at; 0 at the beginning. */
static uint32_t char_before(struct str s, size_t at)
{
	if (at == 0)
		return 0;
	size_t i = at - 1;
	while (i > 0 && at - i < 4 && ((unsigned char)s.at[i] & 0xc0) == 0x80)
		i--;
	return utf8_next(s, &i);
}

/* May a piece begin after this character? Not within a word, an address or a path. */
static bool may_begin(struct str s, size_t at, const char *also_not)
{
	uint32_t c = char_before(s, at);
	if (c == 0)
		return true;
	return !utf8_is_word(c) && !(c < 0x80 && strchr(also_not, (int)c));
}

static bool ends_link(uint32_t c)
{
	return c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"' || utf8_is_space(c) ||
	       (c >= 0x2018 && c <= 0x201f) || c == 0xab || c == 0xbb ||
	       (c >= 0x3000 && c <= 0x3011);
}

/* Length of a closing character that belongs to the sentence, not to the link; 0 when the link ends
 * well. */
static size_t loose_end(struct str link, long *depth)
{
	if (str_ends(link, S("\xe2\x80\xa6")))
		return 3;
	char c = link.at[link.len - 1];
	if (c == ')' && *depth < 0) {
		++*depth;
		return 1;
	}
	return c != ')' && strchr(".,;:!?'*_~`|]}[{(", c) ? 1 : 0;
}

/* Brackets of the link: below 0 when more close than open. */
static long bracket_depth(struct str link)
{
	long depth = 0;
	for (size_t i = 0; i < link.len; i++)
		depth += link.at[i] == '(' ? 1 : link.at[i] == ')' ? -1 : 0;
	return depth;
}

static size_t scheme_length(struct str rest)
{
	if (str_eq_nocase(str_slice(rest, 0, 8), S("https://")))
		return 8;
	return str_eq_nocase(str_slice(rest, 0, 7), S("http://")) ? 7 : 0;
}

/* All that follows is consumed when the host begins well, so no text is looked at twice. */
static bool match_link(struct str text, size_t at, struct piece *out)
{
	struct str rest = str_slice(text, at, text.len);
	size_t scheme = scheme_length(rest);
	if (!scheme || scheme == rest.len || !may_begin(text, at, ""))
		return false;
	size_t end = scheme;
	uint32_t first = utf8_next(rest, &end);
	if (first == '_' || (!utf8_is_word(first) && first != '['))
		return false;
	for (size_t i = end; i < rest.len; end = i) {
		if (ends_link(utf8_next(rest, &i)))
			break;
	}
	struct str link = str_slice(rest, 0, end);
	long depth = bracket_depth(link);
	for (size_t cut; (cut = loose_end(link, &depth)) > 0;) {
		if (link.at[link.len - 1] == '(')
			depth--;
		link.len -= cut;
	}
	if (link.len <= scheme)
		return false;
	*out = (struct piece){.kind = PIECE_LINK, .text = link};
	return true;
}

/* The run of letters, digits, '_', '.' and '-' at `from`. */
static struct str name_run(struct str text, size_t from)
{
	size_t end = from;
	while (end < text.len && (is_alnum(text.at[end]) || strchr("_.-", text.at[end])))
		end++;
	return str_slice(text, from, end);
}

static struct str without_dots(struct str run)
{
	while (run.len && strchr(".-_", run.at[run.len - 1]))
		run.len--;
	return run;
}

static struct str local_name(struct str run)
{
	size_t n = 0;
	while (n < run.len && run.at[n] != '.' && run.at[n] != '-')
		n++;
	return str_slice(run, 0, n);
}

/* A member's whole address leads where the name alone does. */
static bool is_this_site(struct str domain)
{
	struct str url = conf_base_url();
	ptrdiff_t scheme = str_find(url, S("://"));
	struct str host = str_slice(url, scheme < 0 ? 0 : (size_t)scheme + 3, url.len);
	return str_eq_nocase(domain, str_cut(&host, ':'));
}

static bool match_mention(struct str text, size_t at, struct piece *out)
{
	if (!may_begin(text, at, "/=@"))
		return false;
	struct str run = name_run(text, at + 1);
	size_t end = at + 1 + run.len;
	struct str name = local_name(run), domain = {0};
	if (end < text.len && text.at[end] == '@' && run.len && is_alnum(run.at[run.len - 1]))
		domain = without_dots(name_run(text, end + 1));
	if (domain.len && is_alnum(domain.at[0]))
		name = run;
	else
		domain = S("");
	if (name.len == 0 || name.len + domain.len > MENTION_BYTES_MAX)
		return false;
	size_t length = 1 + name.len + (domain.len ? 1 + domain.len : 0);
	if (is_this_site(domain))
		domain = S("");
	*out = (struct piece){PIECE_MENTION, str_slice(text, at, at + length), name, domain};
	return true;
}

static bool match_tag(struct str text, size_t at, struct piece *out)
{
	if (!may_begin(text, at, "/=)&#"))
		return false;
	size_t end = at + 1, chars = 0;
	bool has_letter = false;
	for (size_t i = end; i < text.len; end = i, chars++) {
		uint32_t c = utf8_next(text, &i);
		if (!utf8_is_word(c))
			break;
		has_letter = has_letter || c < '0' || c > '9';
	}
	if (!has_letter || chars > TAG_CHARS_MAX)
		return false;
	*out = (struct piece){.kind = PIECE_TAG,
			      .text = str_slice(text, at, end),
			      .name = str_slice(text, at + 1, end)};
	return true;
}

static bool match_special(struct str text, size_t at, struct piece *out)
{
	switch (text.at[at]) {
	case 'h':
	case 'H':
		return match_link(text, at, out);
	case '@':
		return match_mention(text, at, out);
	case '#':
		return match_tag(text, at, out);
	default:
		return false;
	}
}

bool markup_next(struct scan *s, struct piece *out)
{
	if (s->at >= s->text.len)
		return false;
	if (match_special(s->text, s->at, out)) {
		s->at += out->text.len;
		return true;
	}
	size_t end = s->at + 1;
	struct piece ignored;
	while (end < s->text.len && !match_special(s->text, end, &ignored))
		end++;
	*out = (struct piece){.kind = PIECE_TEXT, .text = str_slice(s->text, s->at, end)};
	s->at = end;
	return true;
}

static void put_char(char **to, uint32_t c)
{
	char *p = *to;
	if (c < 0x80) {
		*p++ = (char)c;
	} else if (c < 0x800) {
		*p++ = (char)(0xc0 | c >> 6);
		*p++ = (char)(0x80 | (c & 0x3f));
	} else {
		if (c < 0x10000) {
			*p++ = (char)(0xe0 | c >> 12);
		} else {
			*p++ = (char)(0xf0 | c >> 18);
			*p++ = (char)(0x80 | (c >> 12 & 0x3f));
		}
		*p++ = (char)(0x80 | (c >> 6 & 0x3f));
		*p++ = (char)(0x80 | (c & 0x3f));
	}
	*to = p;
}

struct str tag_fold(struct arena *a, struct str tag)
{
	if (str_starts(tag, S("#")))
		tag = str_slice(tag, 1, tag.len);
	struct str text = arena_printf(a, "#%.*s", (int)(tag.len > 1000 ? 1000 : tag.len),
				       tag.at ? tag.at : "");
	struct piece p;
	if (!match_tag(text, 0, &p) || p.name.len != tag.len)
		return S("");
	/* Folding never lengthens by more than half, and 4 bytes hold any character. */
	char *out = arena_take(a, 4 * tag.len + 1), *to = out;
	for (size_t i = 0; i < tag.len;)
		put_char(&to, utf8_fold(utf8_next(tag, &i)));
	return (struct str){out, (size_t)(to - out)};
}

struct str text_normal(struct arena *a, struct str text)
{
	/* An ill-formed byte becomes three bytes of U+FFFD. */
	char *out = arena_take(a, 4 * text.len + 1), *to = out;
	bool space = false;
	for (size_t i = 0; i < text.len;) {
		uint32_t c = utf8_next(text, &i);
		if (c <= ' ' || utf8_is_space(c)) {
			space = true;
			continue;
		}
		if (space && to != out)
			*to++ = ' ';
		space = false;
		put_char(&to, utf8_fold(c));
	}
	return (struct str){out, (size_t)(to - out)};
}

struct str markup_excerpt(struct arena *a, struct str text, size_t n)
{
	char *out = arena_take(a, 4 * text.len + 4), *to = out;
	size_t chars = 0;
	bool space = false;
	for (size_t i = 0; i < text.len;) {
		uint32_t c = utf8_next(text, &i);
		if (c <= ' ' || utf8_is_space(c)) {
			space = to != out;
			continue;
		}
		if (chars + space >= n) {
			struct str cut = utf8_prefix((struct str){out, (size_t)(to - out)},
						     n ? n - 1 : 0);
			to = out + cut.len;
			put_char(&to, n ? 0x2026 : ' ');
			return str_trim((struct str){out, (size_t)(to - out)});
		}
		if (space)
			*to++ = ' ';
		chars += 1 + (size_t)space;
		space = false;
		put_char(&to, c);
	}
	return (struct str){out, (size_t)(to - out)};
}
