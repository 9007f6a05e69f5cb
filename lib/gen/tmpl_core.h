/* SPDX-License-Identifier: MIT */
/*
 * The template compiler: one HTML file with holes in, C out. tmpl_core.c reads directives and
 * writes C; tmpl_html.c follows the HTML, to know where a hole stands. Used by the build-time
 * program in tmpl.c, by its tests and its fuzzer; kwipd itself holds none of it. The language is in
 * lib/gen/README.md.
 */
#ifndef GEN_TMPL_CORE_H
#define GEN_TMPL_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct tmpl_in {
	const char *file; /* as error messages and #line name it */
	const char *at;
	size_t len;
};

/*
 * Writes the function to c and its prototype to h. False when the template is refused: why then
 * holds "FILE:LINE: reason", and what was written is of no use. Any input is safe.
 */
bool tmpl_compile(const struct tmpl_in *in, FILE *c, FILE *h, char *why, size_t why_cap);

/* Where in the HTML we are. */
enum place {
	IN_TEXT,
	IN_RCDATA, /* <title>, <textarea>: text without tags */
	IN_RAW,    /* <script>, <style> and their like */
	IN_COMMENT,
	IN_DECLARATION, /* <!doctype ...> */
	IN_TAG_NAME,
	IN_END_TAG,
	IN_TAG, /* between attributes */
	IN_ATTR_NAME,
	AFTER_ATTR_NAME,
	BEFORE_VALUE, /* after = */
	IN_VALUE,
	IN_BARE_VALUE, /* unquoted */
};

enum attr { ATTR_PLAIN, ATTR_URL, ATTR_FORBIDDEN };

enum { HTML_NAME_MAX = 23 };

struct html_state {
	enum place place;
	enum attr attr;
	bool at_start; /* in the value of an ATTR_URL: nothing stands before */
	bool in_pre;   /* white space counts */
	char quote;
	unsigned dashes; /* just seen, in a comment */
	unsigned name_len;
	char name[HTML_NAME_MAX + 1]; /* of the attribute at hand, or of the end tag looked for */
	char tag[HTML_NAME_MAX + 1];
};

/* False when ch would be read differently by different browsers: a quote, < or = out of place. */
bool html_feed(struct html_state *s, char ch);
/* In the name of a start tag or of an attribute, or just behind one? */
bool html_in_name(const struct html_state *s);
/* Are both at a place where the same HTML may follow? */
bool html_same(const struct html_state *a, const struct html_state *b);
/* May indentation be dropped here? */
bool html_may_trim(const struct html_state *s);
/* The macro of page/tmpl.h for a hole here, or NULL, and *why says why there may be none. */
const char *html_hole(const struct html_state *s, const char **why);
/* Why no directive may stand here, or NULL. */
const char *html_bars_directive(const struct html_state *s);

#endif
