/* SPDX-License-Identifier: MIT */
/*
 * Reads a template, follows its HTML through tmpl_html.c and writes the C function of the page. It
 * knows C only well enough to find the end of an expression; gcc reads the rest, and #line makes it
 * point at the template. See tmpl_core.h for who calls this.
 */
#include "gen/tmpl_core.h"

#include <stdarg.h>
#include <string.h>

enum { DEPTH_MAX = 32, NAME_MAX_LEN = 64, IN_MAX = 1 << 20 };

struct span {
	const char *at;
	size_t len;
};

enum block { BLOCK_IF, BLOCK_ELSE, BLOCK_EACH };

struct open_block {
	enum block kind;
	unsigned line;
	struct html_state before;
	struct html_state after; /* where the first branch ended */
	bool has_after;
};

struct compiler {
	const struct tmpl_in *in;
	FILE *c;
	FILE *h;
	char *why;
	size_t why_cap;
	size_t pos;
	unsigned line;
	size_t blank_until; /* white space before this offset belongs to a line of directives */
	bool line_start;
	bool in_literal; /* inside an unfinished S("...") */
	bool failed;
	bool has_page;
	struct html_state html;
	struct open_block open[DEPTH_MAX];
	size_t depth;
};

__attribute__((format(printf, 3, 4))) static void refuse_at(struct compiler *t, unsigned line,
							    const char *fmt, ...)
{
	va_list args;

	if (t->failed)
		return;
	t->failed = true;
	int n = snprintf(t->why, t->why_cap, "%s:%u: ", t->in->file, line);
	if (n < 0 || (size_t)n >= t->why_cap)
		return;
	va_start(args, fmt);
	vsnprintf(t->why + n, t->why_cap - (size_t)n, fmt, args);
	va_end(args);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool looks_at(const struct compiler *t, size_t pos, const char *what)
{
	size_t n = strlen(what);

	return t->in->len - pos >= n && memcmp(t->in->at + pos, what, n) == 0;
}

static struct span trim(struct span s)
{
	while (s.len && is_blank(s.at[0])) {
		s.at++;
		s.len--;
	}
	while (s.len && is_blank(s.at[s.len - 1]))
		s.len--;
	return s;
}

static struct span take_word(struct span *s)
{
	struct span word = {s->at, 0};

	while (word.len < s->len && !is_blank(s->at[word.len]))
		word.len++;
	s->at += word.len;
	s->len -= word.len;
	*s = trim(*s);
	return word;
}

static bool span_is(struct span s, const char *word)
{
	return s.len == strlen(word) && memcmp(s.at, word, s.len) == 0;
}

static bool is_name(struct span s)
{
	if (s.len == 0 || s.len > NAME_MAX_LEN || (s.at[0] >= '0' && s.at[0] <= '9'))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!is_word(s.at[i]))
			return false;
	}
	return true;
}

static void literal_end(struct compiler *t)
{
	if (t->in_literal)
		fputs("\"));\n", t->c);
	t->in_literal = false;
}

static void put_line(struct compiler *t, unsigned line)
{
	literal_end(t);
	fprintf(t->c, "#line %u \"%s\"\n", line, t->in->file);
}

static void literal_char(struct compiler *t, char ch)
{
	unsigned char c = (unsigned char)ch;

	if (!t->has_page) {
		if (!is_blank(ch) && ch != '\n')
			refuse_at(t, t->line, "{%% page NAME struct TYPE %%} must come first");
		return;
	}
	if (!t->in_literal) {
		put_line(t, t->line);
		fputs("\tbuf_put(out, S(\"", t->c);
		t->in_literal = true;
	}
	if (c == '"' || c == '\\')
		fprintf(t->c, "\\%c", c);
	else if (c == '\n')
		fputs("\\n\"\n\t\t\"", t->c);
	else if (c < ' ' || c >= 127 || c == '?')
		fprintf(t->c, "\\%03o", c);
	else
		fputc(c, t->c);
	if (!html_feed(&t->html, ch))
		refuse_at(t, t->line, "%c may not stand here in a tag", ch);
}

/* Skips "..." or '...' at i; returns the offset behind it, or 0 when it does not end on its line.
 */
static size_t skip_quoted(const struct compiler *t, size_t i)
{
	char quote = t->in->at[i++];

	for (; i < t->in->len && t->in->at[i] != '\n'; i++) {
		if (t->in->at[i] == '\\' && i + 1 < t->in->len && t->in->at[i + 1] != '\n')
			i++;
		else if (t->in->at[i] == quote)
			return i + 1;
	}
	return 0;
}

/* What a step over one character of C does to the nesting; 2 when it may not stand in an
 * expression. */
static int nesting(const struct compiler *t, size_t i)
{
	char c = t->in->at[i];

	if (c == ';' || c == '\\' || c == '#' || c == '\n' || looks_at(t, i, "//") ||
	    looks_at(t, i, "/*"))
		return 2;
	if (strchr("([{", c) && c)
		return 1;
	return strchr(")]}", c) && c ? -1 : 0;
}

/* From i to close ("}}" or "%}") where brackets are balanced; offset of close, or 0 if there is
 * none. */
static size_t find_close(const struct compiler *t, size_t i, const char *close)
{
	char open[DEPTH_MAX];
	size_t depth = 0;

	while (i < t->in->len) {
		char c = t->in->at[i];
		if (depth == 0 && looks_at(t, i, close))
			return i;
		if (c == '"' || c == '\'') {
			i = skip_quoted(t, i);
			if (i == 0)
				return 0;
			continue;
		}
		int step = nesting(t, i++);
		if (step == 2 || (step == 1 && depth == DEPTH_MAX) || (step == -1 && depth == 0))
			return 0;
		if (step == 1)
			open[depth++] = c == '(' ? ')' : c == '[' ? ']' : '}';
		if (step == -1 && open[--depth] != c)
			return 0;
	}
	return 0;
}

static void open_block(struct compiler *t, enum block kind)
{
	if (t->depth == DEPTH_MAX) {
		refuse_at(t, t->line, "blocks are nested too deeply");
		return;
	}
	t->open[t->depth++] = (struct open_block){kind, t->line, t->html, t->html, false};
}

/*
 * The innermost block, when all its branches so far end alike. A block that may also be skipped
 * (each, if without else) must end where it began.
 */
static struct open_block *branch_end(struct compiler *t, const char *word, bool is_last)
{
	if (t->depth == 0) {
		refuse_at(t, t->line, "{%% %s %%} without a block", word);
		return NULL;
	}
	struct open_block *b = &t->open[t->depth - 1];
	bool may_skip = is_last && b->kind != BLOCK_ELSE;
	if ((b->has_after && !html_same(&b->after, &t->html)) ||
	    (may_skip && !html_same(&b->before, &t->html))) {
		refuse_at(t, t->line, "the block of line %u does not end in one HTML state",
			  b->line);
		return NULL;
	}
	b->after = t->html;
	b->has_after = true;
	return b;
}

static void do_page(struct compiler *t, struct span rest)
{
	struct span name = take_word(&rest);
	struct span word = take_word(&rest);
	struct span type = take_word(&rest);

	if (t->has_page || !is_name(name) || !span_is(word, "struct") || !is_name(type) ||
	    rest.len) {
		refuse_at(t, t->line, "wanted once: {%% page NAME struct TYPE %%}");
		return;
	}
	t->has_page = true;
	int n = (int)name.len, m = (int)type.len;
	fprintf(t->h, "struct %.*s;\nvoid page_%.*s(struct buf *out, const struct %.*s *v);\n", m,
		type.at, n, name.at, m, type.at);
	put_line(t, t->line);
	fprintf(t->c,
		"void page_%.*s(struct buf *out, const struct %.*s *v)\n{\n\t(void)out;\n\t(void)v;\n",
		n, name.at, m, type.at);
}

static void do_if(struct compiler *t, struct span expr)
{
	if (expr.len == 0)
		refuse_at(t, t->line, "{%% if %%} needs an expression");
	open_block(t, BLOCK_IF);
	put_line(t, t->line);
	fprintf(t->c, "\tif (%.*s) {\n", (int)expr.len, expr.at);
}

static void do_else(struct compiler *t, struct span expr, const char *word)
{
	struct open_block *b = branch_end(t, word, false);
	bool is_elif = strcmp(word, "elif") == 0;

	if (!b)
		return;
	if (b->kind != BLOCK_IF || is_elif != (expr.len > 0)) {
		refuse_at(t, t->line, "{%% %s %%} is out of place or badly formed", word);
		return;
	}
	t->html = b->before;
	put_line(t, t->line);
	if (is_elif) {
		fprintf(t->c, "\t} else if (%.*s) {\n", (int)expr.len, expr.at);
	} else {
		b->kind = BLOCK_ELSE;
		fputs("\t} else {\n", t->c);
	}
}

static void do_elif_word(struct compiler *t, struct span rest)
{
	do_else(t, rest, "elif");
}

static void do_else_word(struct compiler *t, struct span rest)
{
	do_else(t, rest, "else");
}

static void do_each(struct compiler *t, struct span rest)
{
	struct span var = take_word(&rest);
	struct span in = take_word(&rest);
	int n = (int)var.len, m = (int)rest.len;

	if (!is_name(var) || !span_is(in, "in") || rest.len == 0) {
		refuse_at(t, t->line, "wanted: {%% each VAR in LIST %%}");
		return;
	}
	open_block(t, BLOCK_EACH);
	put_line(t, t->line);
	fprintf(t->c, "\tfor (size_t %.*s_i = 0; %.*s_i < (%.*s).n; %.*s_i++) {", n, var.at, n,
		var.at, m, rest.at, n, var.at);
	fprintf(t->c, " const __typeof__(*(%.*s).at) *%.*s = &(%.*s).at[%.*s_i];\n", m, rest.at, n,
		var.at, m, rest.at, n, var.at);
}

static void do_end(struct compiler *t, struct span rest)
{
	if (rest.len) {
		refuse_at(t, t->line, "{%% end %%} takes nothing");
		return;
	}
	if (!branch_end(t, "end", true))
		return;
	t->depth--;
	put_line(t, t->line);
	fputs("\t}\n", t->c);
}

static void do_include(struct compiler *t, struct span rest)
{
	struct span name = take_word(&rest);

	if (!is_name(name) || rest.len == 0)
		refuse_at(t, t->line, "wanted: {%% include NAME POINTER %%}");
	else if (t->html.place != IN_TEXT)
		refuse_at(t, t->line, "a page may be included in text only");
	put_line(t, t->line);
	fprintf(t->c, "\tpage_%.*s(out, %.*s);\n", (int)name.len, name.at, (int)rest.len, rest.at);
}

static void run_directive(struct compiler *t, struct span body)
{
	static const struct {
		const char *word;
		void (*run)(struct compiler *t, struct span rest);
	} directives[] = {
		{"page", do_page}, {"if", do_if},   {"elif", do_elif_word},  {"else", do_else_word},
		{"each", do_each}, {"end", do_end}, {"include", do_include},
	};
	struct span rest = trim(body);
	struct span word = take_word(&rest);
	const char *bar;

	/* <option{% if x %} selected{% end %}>: a space ends the name before the directive. */
	if (html_in_name(&t->html)) {
		literal_char(t, ' ');
		t->html.place = IN_TAG;
		t->html.name[t->html.name_len = 0] = 0;
	}
	bar = html_bars_directive(&t->html);
	if (!t->has_page && !span_is(word, "page"))
		refuse_at(t, t->line, "{%% page NAME struct TYPE %%} must come first");
	if (bar)
		refuse_at(t, t->line, "%s", bar);
	for (size_t i = 0; i < sizeof directives / sizeof *directives && !t->failed; i++) {
		if (span_is(word, directives[i].word)) {
			directives[i].run(t, rest);
			return;
		}
	}
	refuse_at(t, t->line, "unknown directive");
}

static void run_hole(struct compiler *t, struct span body)
{
	struct span expr = trim(body);
	const char *why;
	const char *macro = html_hole(&t->html, &why);

	if (!t->has_page)
		refuse_at(t, t->line, "{%% page NAME struct TYPE %%} must come first");
	if (!macro)
		refuse_at(t, t->line, "%s", why);
	if (expr.len == 0)
		refuse_at(t, t->line, "an empty hole");
	if (t->failed)
		return;
	put_line(t, t->line);
	fprintf(t->c, "\t%s(out, (%.*s));\n", macro, (int)expr.len, expr.at);
	t->html.at_start = false;
}

/* The offset behind the comment that begins at i, or 0. */
static size_t comment_end(const struct compiler *t, size_t i)
{
	for (i += 2; i < t->in->len; i++) {
		if (looks_at(t, i, "#}"))
			return i + 2;
	}
	return 0;
}

/* The offset behind the line that begins at i when it holds nothing, or directives and comments
 * only; else 0. */
static size_t blank_line_end(const struct compiler *t, size_t i)
{
	while (i < t->in->len) {
		char c = t->in->at[i];
		if (c == '\n')
			return i + 1;
		if (is_blank(c))
			i++;
		else if (looks_at(t, i, "{#"))
			i = comment_end(t, i);
		else if (looks_at(t, i, "{%") && (i = find_close(t, i + 2, "%}")) != 0)
			i += 2;
		else
			return 0;
		if (i == 0)
			return 0;
	}
	return i;
}

/* Pages stay small: indentation and lines without content leave no trace in them. */
static void begin_line(struct compiler *t)
{
	t->line_start = false;
	if (!html_may_trim(&t->html))
		return;
	size_t end = blank_line_end(t, t->pos);
	if (end) {
		t->blank_until = end;
		return;
	}
	while (t->pos < t->in->len && is_blank(t->in->at[t->pos]))
		t->pos++;
}

static void take_char(struct compiler *t)
{
	char c = t->in->at[t->pos];

	if (c == 0)
		refuse_at(t, t->line, "a NUL byte");
	else if (t->pos >= t->blank_until || !(is_blank(c) || c == '\n'))
		literal_char(t, c);
	if (c == '\n') {
		t->line++;
		t->line_start = true;
	}
	t->pos++;
}

static void take_comment(struct compiler *t)
{
	size_t end = comment_end(t, t->pos);

	if (end == 0) {
		refuse_at(t, t->line, "{# is not closed");
		return;
	}
	for (; t->pos < end; t->pos++)
		t->line += t->in->at[t->pos] == '\n';
}

static void take_marked(struct compiler *t, const char *close,
			void (*run)(struct compiler *, struct span))
{
	size_t from = t->pos + 2;
	size_t end = find_close(t, from, close);

	if (end == 0) {
		refuse_at(t, t->line, "not one balanced expression up to %s on the same line",
			  close);
		return;
	}
	run(t, (struct span){t->in->at + from, end - from});
	t->pos = end + 2;
}

static void finish(struct compiler *t)
{
	literal_end(t);
	if (!t->has_page)
		refuse_at(t, t->line, "{%% page NAME struct TYPE %%} must come first");
	if (t->depth)
		refuse_at(t, t->open[t->depth - 1].line, "a block without {%% end %%}");
	if (t->html.place != IN_TEXT || t->html.name_len)
		refuse_at(t, t->line, "the page ends inside a tag, a comment or raw text");
	fputs("}\n", t->c);
}

bool tmpl_compile(const struct tmpl_in *in, FILE *c, FILE *h, char *why, size_t why_cap)
{
	struct compiler t = {.in = in,
			     .c = c,
			     .h = h,
			     .why = why,
			     .why_cap = why_cap,
			     .line = 1,
			     .line_start = true};

	if (in->len > IN_MAX)
		refuse_at(&t, 1, "larger than %d bytes", IN_MAX);
	while (t.pos < in->len && !t.failed) {
		if (t.line_start)
			begin_line(&t);
		if (t.pos >= in->len)
			break;
		if (looks_at(&t, t.pos, "{{"))
			take_marked(&t, "}}", run_hole);
		else if (looks_at(&t, t.pos, "{%"))
			take_marked(&t, "%}", run_directive);
		else if (looks_at(&t, t.pos, "{#"))
			take_comment(&t);
		else
			take_char(&t);
	}
	finish(&t);
	return !t.failed;
}
