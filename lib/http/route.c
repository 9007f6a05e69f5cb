/* SPDX-License-Identifier: MIT */
/*
 * Finding and printing routes. Tables are short and constant, but every request asks: so routes are
 * compared part by part without allocating, and the first byte after the slash decides most of
 * them.
 */
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
	S_INIT("str"),    S_INIT("text"), S_INIT("id"),   S_INIT("int"),  S_INIT("bool"),
	S_INIT("choice"), S_INIT("list"), S_INIT("file"), S_INIT("rows"),
};

int err_http_status(enum err e)
{
	static const int status[] = {
		[OK] = 200,           [ERR_INPUT] = 422,     [ERR_AUTH] = 401,
		[ERR_DENIED] = 403,   [ERR_NOT_FOUND] = 404, [ERR_GONE] = 410,
		[ERR_CONFLICT] = 409, [ERR_TOO_LARGE] = 413, [ERR_TOO_MANY] = 429,
		[ERR_FULL] = 507,     [ERR_STORAGE] = 503,   [ERR_REMOTE] = 503,
		[ERR_INTERNAL] = 500,
	};

	return (size_t)e < sizeof status / sizeof *status ? status[e] : 500;
}

/*
 * A pattern against a path without trailing slash. A part may carry text before its ':'
 * ("/@:name"), which must match, and after the name starting with '.' ("/:name.rss").
 */
static bool matches(const char *pattern, struct str path, struct str parts[4])
{
	size_t i = 0;
	int n = 0;

	while (*pattern) {
		if (*pattern != ':') {
			if (i == path.len || path.at[i] != *pattern)
				return false;
			i++;
			pattern++;
			continue;
		}
		while (*pattern && *pattern != '/' && *pattern != '.')
			pattern++;
		size_t from = i, end = i;
		while (end < path.len && path.at[end] != '/')
			end++;
		size_t tail = *pattern == '.' ? strcspn(pattern, "/") : 0;
		if (end - from <= tail || memcmp(path.at + end - tail, pattern, tail) != 0 ||
		    n == 4)
			return false;
		parts[n++] = (struct str){path.at + from, end - tail - from};
		i = end - tail;
	}
	return i == path.len;
}

/* How many literal bytes a pattern has: "/kwips/new" is meant before "/kwips/:id". */
static int weight(const char *pattern)
{
	int n = 0;

	for (bool in_name = false; *pattern; pattern++) {
		in_name = *pattern == ':' || (in_name && *pattern != '/' && *pattern != '.');
		n += !in_name;
	}
	return n;
}

struct best {
	const struct route *route;
	int weight;
	struct str parts[4];
};

static void consider(const struct route *r, struct str path, enum method m, struct best *best,
		     unsigned *allow)
{
	struct str parts[4] = {{0}};

	if (r->path[1] != ':' && path.len > 1 && r->path[1] != path.at[1])
		return;
	if (!matches(r->path, path, parts))
		return;
	*allow |= 1u << r->method;
	if (r->method != m)
		return;
	int w = weight(r->path);
	if (best->route && best->weight >= w)
		return;
	*best = (struct best){.route = r, .weight = w};
	memcpy(best->parts, parts, sizeof parts);
}

const struct route *route_find(const struct route_table *tables, size_t n, enum method m,
			       struct str path, struct str parts[4], unsigned *allow)
{
	struct best best = {0};

	*allow = 0;
	if (path.len == 0 || path.at[0] != '/')
		return NULL;
	if (path.len > 1 && path.at[path.len - 1] == '/')
		path.len--;
	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t].n; i++)
			consider(&tables[t].at[i], path, m, &best, allow);
	memcpy(parts, best.parts, sizeof best.parts);
	return best.route;
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
