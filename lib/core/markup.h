/* SPDX-License-Identifier: MIT */
/*
 * Text to safe HTML, the only maker of struct html: links, mentions, hashtags, paragraphs and line
 * breaks. One scanner finds the pieces for both storing (at posting) and rendering, so they cannot
 * differ.
 */
#ifndef CORE_MARKUP_H
#define CORE_MARKUP_H

#include "base/arena.h"
#include "base/buf.h"
#include "core/emoji.h"

/* HTML that is safe in element content. Only this module may fill one. */
struct html {
	struct str s;
};

enum piece_kind { PIECE_TEXT, PIECE_LINK, PIECE_MENTION, PIECE_TAG };
struct piece {
	enum piece_kind kind;
	struct str text;   /* as written: "https://..", "@name" or "@name@host", "#tag" */
	struct str name;   /* mention: name without @; tag: without #, as written */
	struct str domain; /* mention: "" for local, also when this site is named */
};
struct scan {
	struct str text;
	size_t at;
};
/* The next piece; false at the end. Linear time whatever the text. Adjacent plain text comes as one
 * piece. */
bool markup_next(struct scan *s, struct piece *out);

/* What a mention's name leads to; kept by who loads the kwip. */
struct mention {
	int64_t account;
	struct str name, domain, url; /* url: absolute profile URL */
};
struct mentions {
	struct mention *at;
	size_t n;
};

/* Folded form of a hashtag for storing and comparing (case folded, at most 100 characters). "" when
 * it is none (digits only). */
struct str tag_fold(struct arena *a, struct str tag);
/* Whitespace runs to one space, case folded, trailing punctuation kept: what a repeat is compared
 * by. */
struct str text_normal(struct arena *a, struct str text);

/*
 * Source text to HTML in Mastodon's shape (<p>, <br />, span.h-card a.u-url.mention,
 * a.mention.hashtag rel=tag, long links with invisible/ellipsis spans, rel="nofollow noopener").
 * base_url makes tag links absolute
 * ("" : relative, for pages). Unknown @names stay text.
 */
struct html markup_html(struct arena *a, struct str text, struct mentions m, struct str base_url);
/* The same for pages: relative, and with the pictures of these emoji. */
struct html markup_shown(struct arena *a, struct str text, struct mentions m,
			 const struct emojis *emojis);
/* A name, a warning and the like as it stands, with the pictures of these emoji. */
struct html markup_line(struct arena *a, struct str text, const struct emojis *emojis);
/* Plain one-line excerpt of at most n characters, with an ellipsis. For titles and notices: text,
 * to be escaped. */
struct str markup_excerpt(struct arena *a, struct str text, size_t n);
/* Joins finished pieces made by templates or this module. */
struct html html_trusted_card(struct str rendered_by_templates);

#endif
