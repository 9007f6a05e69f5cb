/* SPDX-License-Identifier: MIT */
/* Printing routes, for people (--routes) and for tests; route_index.c finds them. */
#include "http/route.h"
#include "base/json.h"

static const struct str method_names[METHOD_COUNT] = {
	S_INIT("GET"), S_INIT("POST"), S_INIT("PUT"), S_INIT("PATCH"), S_INIT("DELETE"),
};
static const struct str who_names[] = {
	S_INIT("anyone"),
	S_INIT("user"),
	S_INIT("moderator"),
	S_INIT("admin"),
};
static const struct str format_names[] = {
	S_INIT("page"),
	S_INIT("api"),
	S_INIT("feed"),
	S_INIT("text"),
};
static const struct str type_names[] = {
	[PARAM_STR] = S_INIT("str"),       [PARAM_TEXT] = S_INIT("text"),
	[PARAM_ID] = S_INIT("id"),         [PARAM_CURSOR] = S_INIT("cursor"),
	[PARAM_INT] = S_INIT("int"),       [PARAM_BOOL] = S_INIT("bool"),
	[PARAM_CHOICE] = S_INIT("choice"), [PARAM_LIST] = S_INIT("list"),
	[PARAM_FILE] = S_INIT("file"),     [PARAM_ROWS] = S_INIT("rows"),
};

int err_http_status(enum err e)
{
	static const int status[] = {
		[OK] = 200,           [ERR_INPUT] = 422,    [ERR_MISSING] = 400,
		[ERR_AUTH] = 401,     [ERR_DENIED] = 403,   [ERR_NOT_FOUND] = 404,
		[ERR_GONE] = 410,     [ERR_CONFLICT] = 409, [ERR_TOO_LARGE] = 413,
		[ERR_TOO_MANY] = 429, [ERR_FULL] = 507,     [ERR_STORAGE] = 503,
		[ERR_REMOTE] = 503,   [ERR_INTERNAL] = 500,
	};

	return (size_t)e < sizeof status / sizeof *status ? status[e] : 500;
}

static void pad(struct buf *out, size_t from, size_t width)
{
	do
		buf_char(out, ' ');
	while (out->len - from < width);
}

static void print_one(struct buf *out, const struct route *r)
{
	size_t from = out->len;

	buf_put(out, method_names[r->method]);
	pad(out, from, 7);
	buf_put(out, str_of(r->path));
	pad(out, from, 56);
	buf_put(out, who_names[r->who]);
	pad(out, from, 67);
	buf_put(out, r->scope ? str_of(r->scope) : S("-"));
	pad(out, from, 88);
	for (const struct param *p = r->params; p && p->name; p++) {
		buf_put(out, str_of(p->name));
		if (p->required)
			buf_char(out, '*');
		buf_char(out, ' ');
	}
	if (r->help) {
		buf_put(out, S("- "));
		buf_put(out, str_of(r->help));
	}
	while (out->len && out->at[out->len - 1] == ' ')
		out->len--;
	buf_char(out, '\n');
}

void routes_print(struct buf *out, const struct route_table *tables, size_t n)
{
	static const struct route health = {.path = "/healthz",
					    .help = "200 once the web service answers (built in)"};

	print_one(out, &health);
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t].n; i++)
			print_one(out, &tables[t].at[i]);
}

static void print_params(struct jw *w, const struct param *p)
{
	jw_key(w, S("params"));
	jw_open(w, '[');
	for (; p && p->name; p++) {
		jw_open(w, '{');
		jw_kstr(w, S("name"), str_of(p->name));
		jw_kstr(w, S("type"), type_names[p->type]);
		jw_kbool(w, S("required"), p->required);
		jw_ki64(w, S("min"), p->min);
		jw_ki64(w, S("max"), p->max);
		jw_kstr(w, S("choices"), str_of(p->choices));
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void print_json(struct jw *w, const struct route *r)
{
	jw_open(w, '{');
	jw_kstr(w, S("method"), method_names[r->method]);
	jw_kstr(w, S("path"), str_of(r->path));
	jw_kstr(w, S("format"), format_names[r->format]);
	jw_kstr(w, S("who"), who_names[r->who]);
	jw_kstr(w, S("scope"), str_of(r->scope));
	jw_kbool(w, S("optional_token"), r->optional_token);
	jw_kbool(w, S("cached"), r->cached);
	print_params(w, r->params);
	jw_kstr(w, S("help"), str_of(r->help));
	jw_close(w, '}');
}

void routes_print_json(struct buf *out, const struct route_table *tables, size_t n)
{
	struct jw w = {.out = out};

	jw_open(&w, '[');
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t].n; i++)
			print_json(&w, &tables[t].at[i]);
	jw_close(&w, ']');
}
