/* SPDX-License-Identifier: MIT */
/*
 * The pieces of a text as HTML in Mastodon's shape. The only place in the program that makes
 * struct html; everything that comes from the text goes through an escaper of base/buf.h.
 */
#include "core/markup.h"

#include "base/utf8.h"

enum { LINK_CHARS_SHOWN = 30 };

/* Paragraphs open late and breaks are written when more text comes, so nothing empty is left at the
 * ends. */
struct writer {
	struct buf *out;
	const struct emojis *emojis; /* NULL: none as pictures */
	bool open;
	size_t newlines;
};

static void write_gap(struct writer *w)
{
	if (!w->open)
		buf_put(w->out, S("<p>"));
	else if (w->newlines > 1)
		buf_put(w->out, S("</p><p>"));
	else if (w->newlines == 1)
		buf_put(w->out, S("<br />"));
	w->open = true;
	w->newlines = 0;
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

static void write_emoji(struct buf *out, const struct emoji *e)
{
	buf_put(out, S("<img class=\"emoji\" src=\"/media/"));
	esc_attr(out, e->file);
	buf_put(out, S("\" alt=\":"));
	esc_attr(out, e->shortcode);
	buf_put(out, S(":\" title=\":"));
	esc_attr(out, e->shortcode);
	buf_put(out, S(":\" width=\"20\" height=\"20\" loading=\"lazy\">"));
}

static void write_run(struct buf *out, struct str run, const struct emojis *emojis)
{
	struct str before;
	const struct emoji *e;
	while (emojis && emoji_next(emojis, &run, &before, &e)) {
		esc_text(out, before);
		write_emoji(out, e);
	}
	esc_text(out, run);
}

/* Runs between line ends; control characters fall away, and so do spaces that begin a line. */
static void write_text(struct writer *w, struct str text)
{
	for (size_t i = 0; i < text.len;) {
		char c = text.at[i];
		if (c == '\n')
			w->newlines++;
		bool leads = (c == ' ' || c == '\t') && (!w->open || w->newlines);
		if (leads || (is_control(c) && c != '\t')) {
			i++;
			continue;
		}
		size_t from = i;
		while (i < text.len && (!is_control(text.at[i]) || text.at[i] == '\t'))
			i++;
		write_gap(w);
		write_run(w->out, str_slice(text, from, i), w->emojis);
	}
}

static size_t shown_from(struct str link)
{
	size_t skip = (size_t)str_find(link, S("://")) + 3;
	if (str_eq_nocase(str_slice(link, skip, skip + 4), S("www.")) && link.len > skip + 4)
		skip += 4;
	return skip;
}

static void write_link(struct buf *out, struct str link)
{
	size_t skip = shown_from(link);
	struct str rest = str_slice(link, skip, link.len);
	struct str shown = utf8_prefix(rest, LINK_CHARS_SHOWN);
	struct str hidden = str_slice(rest, shown.len, rest.len);
	buf_put(out, S("<a href=\""));
	esc_url(out, link);
	buf_put(out,
		S("\" target=\"_blank\" rel=\"nofollow noopener\" translate=\"no\"><span class=\"invisible\">"));
	esc_text(out, str_slice(link, 0, skip));
	buf_put(out,
		hidden.len ? S("</span><span class=\"ellipsis\">") : S("</span><span class=\"\">"));
	esc_text(out, shown);
	buf_put(out, S("</span><span class=\"invisible\">"));
	esc_text(out, hidden);
	buf_put(out, S("</span></a>"));
}

static const struct mention *find_mention(struct mentions m, const struct piece *p)
{
	for (size_t i = 0; i < m.n; i++) {
		if (str_eq_nocase(m.at[i].name, p->name) &&
		    str_eq_nocase(m.at[i].domain, p->domain))
			return &m.at[i];
	}
	return NULL;
}

static void write_mention(struct buf *out, const struct mention *m, struct str base_url)
{
	buf_put(out, S("<span class=\"h-card\" translate=\"no\"><a href=\""));
	if (base_url.len == 0 && m->domain.len == 0) {
		buf_put(out, S("/@"));
		esc_url_part(out, m->name);
	} else {
		esc_url(out, m->url);
	}
	buf_put(out, S("\" class=\"u-url mention\">@<span>"));
	esc_text(out, m->name);
	buf_put(out, S("</span></a></span>"));
}

static void write_tag(struct arena *a, struct buf *out, struct str tag, struct str base_url)
{
	buf_put(out, S("<a href=\""));
	if (base_url.len)
		esc_url(out, base_url);
	buf_put(out, S("/tags/"));
	esc_url_part(out, tag_fold(a, tag));
	buf_put(out, S("\" class=\"mention hashtag\" rel=\"tag\">#<span>"));
	esc_text(out, tag);
	buf_put(out, S("</span></a>"));
}

static struct html finish(struct arena *a, const struct buf *b)
{
	return (struct html){arena_str(a, buf_str(b))};
}

/* What a text becomes beside its own pieces. */
struct setting {
	struct mentions mentions;
	const struct emojis *emojis;
	struct str base_url;
};

static struct html render(struct arena *a, struct str text, const struct setting *set)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct writer w = {.out = &b, .emojis = set->emojis};
	struct str base_url = set->base_url;
	struct scan s = {.text = text};
	struct piece p;
	while (markup_next(&s, &p)) {
		const struct mention *who = p.kind == PIECE_MENTION
						    ? find_mention(set->mentions, &p)
						    : NULL;
		if (p.kind == PIECE_TEXT || (p.kind == PIECE_MENTION && !who)) {
			write_text(&w, p.text);
			continue;
		}
		write_gap(&w);
		if (p.kind == PIECE_LINK)
			write_link(&b, p.text);
		else if (who)
			write_mention(&b, who, base_url);
		else
			write_tag(a, &b, p.name, base_url);
	}
	if (w.open)
		buf_put(&b, S("</p>"));
	return finish(a, &b);
}

struct html markup_html(struct arena *a, struct str text, struct mentions m, struct str base_url)
{
	return render(a, text, &(struct setting){.mentions = m, .base_url = base_url});
}

struct html markup_shown(struct arena *a, struct str text, struct mentions m,
			 const struct emojis *emojis)
{
	return render(a, text, &(struct setting){.mentions = m, .emojis = emojis});
}

struct html markup_line(struct arena *a, struct str text, const struct emojis *emojis)
{
	SCOPED_BUF b = BUF_EMPTY;
	write_run(&b, text, emojis);
	return finish(a, &b);
}

struct html html_trusted_card(struct str rendered_by_templates)
{
	return (struct html){rendered_by_templates};
}
