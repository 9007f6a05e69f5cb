/* SPDX-License-Identifier: MIT */
/*
 * The route table as a page for people: docs/api.md. Made by `kwipd --routes --markdown`; a test
 * compares the two, so the page cannot say what the program does not do.
 */
#include "http/route.h"

static struct str method_name(enum method m)
{
	static const struct str names[METHOD_COUNT] = {
		S_INIT("GET"), S_INIT("POST"), S_INIT("PUT"), S_INIT("PATCH"), S_INIT("DELETE"),
	};
	return names[m];
}

/* Who may, in a word or two. */
static void put_who(struct buf *out, const struct route *r)
{
	static const struct str names[] = {
		[WHO_ANYONE] = S_INIT("anyone"),
		[WHO_USER] = S_INIT("member"),
		[WHO_MODERATOR] = S_INIT("moderator"),
		[WHO_ADMIN] = S_INIT("admin"),
	};
	buf_put(out, names[r->who]);
	if (!r->scope)
		return;
	buf_put(out, r->who == WHO_ANYONE ? S("; a token needs `") : S(", `"));
	buf_put(out, str_of(r->scope));
	buf_char(out, '`');
}

static void put_params(struct buf *out, const struct param *p)
{
	for (bool first = true; p && p->name; p++, first = false) {
		if (!first)
			buf_char(out, ' ');
		buf_char(out, '`');
		buf_put(out, str_of(p->name));
		if (p->type == PARAM_LIST || p->type == PARAM_ROWS)
			buf_put(out, S("[]"));
		buf_char(out, '`');
		if (p->required)
			buf_char(out, '*');
	}
}

static void put_row(struct buf *out, const struct route *r)
{
	buf_put(out, S("| "));
	buf_put(out, method_name(r->method));
	buf_put(out, S(" | `"));
	buf_put(out, str_of(r->path));
	buf_put(out, S("` | "));
	put_who(out, r);
	buf_put(out, S(" | "));
	put_params(out, r->params);
	buf_put(out, S(" | "));
	buf_put(out, str_of(r->help));
	bool is_empty = str_starts(str_of(r->help), S("always "));
	buf_put(out, is_empty ? S(" | empty") : S(" | works"));
	buf_put(out, S(" |\n"));
}

static bool is_shown(const struct route *r)
{
	return r->format == FORMAT_API || str_starts(str_of(r->path), S("/oauth/")) ||
	       str_starts(str_of(r->path), S("/.well-known/")) ||
	       str_starts(str_of(r->path), S("/api/"));
}

void routes_print_markdown(struct buf *out, const struct route_table *tables, size_t n)
{
	size_t shown = 0;
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t].n; i++)
			shown += is_shown(&tables[t].at[i]);
	buf_put(out, S("# The client API\n\n"
		       "Made by `make docs` from the route table, which is also what answers "
		       "requests: what is not listed here is not there. "
		       "Every address is also known with a slash at its end; PUT and PATCH are the "
		       "same where one of them is listed. `*` marks what must be sent. "
		       "What is \"always empty\" or \"always not found\" is answered in the right "
		       "shape because clients ask for it.\n\n"));
	buf_u64(out, shown);
	buf_put(out, S(" endpoints.\n"));
	for (size_t t = 0; t < n; t++) {
		bool any = false;
		for (size_t i = 0; i < tables[t].n; i++) {
			if (!is_shown(&tables[t].at[i]))
				continue;
			if (!any)
				buf_put(out,
					S("\n| Method | Address | Who | Parameters | What | State |\n"
					  "|---|---|---|---|---|---|\n"));
			any = true;
			put_row(out, &tables[t].at[i]);
		}
	}
}
