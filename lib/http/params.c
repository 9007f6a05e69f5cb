/* SPDX-License-Identifier: MIT */
/*
 * Parameters as routes declare them: collected from path, query and body, checked against their
 * type, then asked for by handlers. What a route does not declare never arrives.
 */
#include "http/exchange.h"
#include "base/utf8.h"
#include "http/pairs.h"

#include <stdlib.h>

struct cell {
	size_t row;
	struct str key, value;
};
struct value {
	const struct param *decl;
	const struct str *list;
	size_t n; /* values, or rows */
	int64_t i;
	bool is_sent;              /* also as an empty list */
	const struct upload *file; /* the last one sent */
	struct cell *cells;
	size_t n_cells;
};

struct params {
	struct pairs sent;
	struct value *at;
	size_t n;
};

enum { STR_MAX = 1000, ROWS_MAX = 100 };

static enum err missing(const struct param *d)
{
	(void)refuse("%s is missing", d->name);
	return ERR_MISSING;
}

static bool is_one_line(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < 32 || s.at[i] == 127)
			return false;
	return true;
}

static enum err check_str(const struct param *d, struct str s)
{
	int64_t most = d->max ? d->max : STR_MAX, n = (int64_t)utf8_chars(s);

	if (!d->lines && !is_one_line(s))
		return refuse("%s must be one line", d->name);
	if (n > most)
		return refuse("%s is too long (maximum is %lld characters)", d->name,
			      (long long)most);
	if (n < d->min && n > 0)
		return refuse("%s is too short (minimum is %lld characters)", d->name,
			      (long long)d->min);
	return OK;
}

static enum err check_text(struct arena *a, const struct param *d, struct str *s)
{
	if (d->max && (int64_t)s->len > d->max)
		return refuse("%s is too long", d->name);
	if (!memchr(s->at ? s->at : "", '\r', s->len))
		return OK;
	char *to = arena_take(a, s->len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s->len; i++)
		if (s->at[i] != '\r')
			to[n++] = s->at[i];
		else if (i + 1 == s->len || s->at[i + 1] != '\n')
			to[n++] = '\n';
	*s = (struct str){to, n};
	return OK;
}

static enum err check_id(const struct param *d, struct str s, int64_t *out)
{
	if (!str_i64(s, out) || *out <= 0)
		return refuse("%s must be an id", d->name);
	return OK;
}

static enum err check_int(const struct param *d, struct str s, int64_t *out)
{
	if (!str_i64(s, out)) {
		/* A number too long for 64 bits is clamped like any other. */
		struct str digits = s.len && s.at[0] == '-' ? str_slice(s, 1, s.len) : s;
		bool number = digits.len > 0;
		for (size_t i = 0; i < digits.len; i++)
			number = number && digits.at[i] >= '0' && digits.at[i] <= '9';
		if (!number)
			return refuse("%s must be a number", d->name);
		*out = digits.len < s.len ? INT64_MIN : INT64_MAX;
	}
	if (d->min || d->max) {
		*out = *out < d->min ? d->min : *out;
		*out = *out > d->max ? d->max : *out;
	}
	return OK;
}

/* Clients also page from 0, where a marker that nobody has set stands, and from the end of numbers.
 */
static enum err check_cursor(const struct param *d, struct str s, int64_t *out)
{
	if (!str_i64(s, out) || *out < 0)
		return refuse("%s must be an id", d->name);
	*out = *out < d->min ? d->min : *out;
	/* So that the one above it is a number, too. */
	*out = *out == INT64_MAX ? INT64_MAX - 1 : *out;
	return OK;
}

static enum err check_bool(const struct param *d, struct str s, int64_t *out)
{
	static const struct {
		struct str word;
		int64_t value;
	} words[] = {
		{S_INIT("true"), 1}, {S_INIT("false"), 0}, {S_INIT("1"), 1}, {S_INIT("0"), 0},
		{S_INIT("on"), 1},   {S_INIT("off"), 0},   {S_INIT("t"), 1}, {S_INIT("f"), 0},
		{S_INIT("yes"), 1},  {S_INIT("no"), 0},
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq_nocase(words[i].word, s)) {
			*out = words[i].value;
			return OK;
		}
	return refuse("%s must be true or false", d->name);
}

static enum err check_choice(const struct param *d, struct str s)
{
	for (struct str rest = str_of(d->choices); rest.len;)
		if (str_eq(str_cut(&rest, '|'), s))
			return OK;
	return refuse("%s must be one of: %s", d->name, d->choices);
}

static enum err check_one(struct arena *a, const struct param *d, struct str *s, int64_t *i)
{
	switch (d->type) {
	case PARAM_STR:
	case PARAM_LIST:
		return check_str(d, *s);
	case PARAM_TEXT:
		return check_text(a, d, s);
	case PARAM_ID:
		return check_id(d, *s, i);
	case PARAM_CURSOR:
		return check_cursor(d, *s, i);
	case PARAM_INT:
		return check_int(d, *s, i);
	case PARAM_BOOL:
		return check_bool(d, *s, i);
	case PARAM_CHOICE:
		return check_choice(d, *s);
	case PARAM_FILE:
	case PARAM_ROWS:
		break;
	}
	return ERR_INTERNAL;
}

static enum err check_file(const struct params *p, const struct param *d, struct value *v)
{
	*v = (struct value){.decl = d};
	for (size_t i = 0; i < p->sent.n_files; i++)
		if (str_eq(p->sent.files[i].name, str_of(d->name)))
			v->file = &p->sent.files[i].file;
	v->is_sent = v->file != NULL;
	v->n = v->is_sent;
	if (d->required && !v->file)
		return missing(d);
	if (d->max && v->file && (int64_t)v->file->bytes.len > d->max)
		return refuse("%s is too large", d->name);
	return OK;
}

/* Which row of the parameter is "name[mark][key]" for, and which key? */
struct place {
	struct str mark, key;
};

static bool place_of(const struct param *d, struct str sent, struct place *out)
{
	struct str name = str_of(d->name), rest = str_slice(sent, name.len + 1, sent.len), key;

	if (!str_starts(sent, name) || sent.len <= name.len || sent.at[name.len] != '[')
		return false;
	out->mark = str_cut(&rest, ']');
	if (rest.len < 2 || rest.at[0] != '[' || rest.at[rest.len - 1] != ']')
		return false;
	key = str_slice(rest, 1, rest.len - 1);
	for (struct str keys = str_of(d->choices); keys.len;)
		if (str_eq(str_cut(&keys, '|'), key)) {
			out->key = key;
			return true;
		}
	return false;
}

struct rows {
	struct value *v;
	struct str *marks; /* of the rows so far */
};

/*
 * Rows are told apart by what stands in the first brackets, in the order of their coming; with
 * nothing there, a key that the newest row has already begins the next one.
 */
static size_t row_of(struct rows *rows, const struct place *at)
{
	struct value *v = rows->v;

	for (size_t i = at->mark.len ? 0 : v->n; i < v->n; i++)
		if (str_eq(rows->marks[i], at->mark))
			return i;
	bool is_next = v->n == 0 || at->mark.len || rows->marks[v->n - 1].len;
	for (size_t i = 0; i < v->n_cells && !is_next; i++)
		is_next = v->cells[i].row == v->n - 1 && str_eq(v->cells[i].key, at->key);
	if (is_next)
		rows->marks[v->n++] = at->mark;
	return v->n - 1;
}

static enum err check_rows(struct params *p, const struct param *d, struct value *v)
{
	struct arena *a = p->sent.a;
	struct rows rows = {.v = v, .marks = arena_array(a, p->sent.n, sizeof *rows.marks)};
	size_t most = d->max ? (size_t)d->max : ROWS_MAX;

	*v = (struct value){.decl = d, .cells = arena_array(a, p->sent.n, sizeof *v->cells)};
	for (size_t i = 0; i < p->sent.n; i++) {
		const struct pair *pair = &p->sent.at[i];
		struct place at;
		v->is_sent = v->is_sent || str_eq(pair->name, str_of(d->name));
		if (!place_of(d, pair->sent, &at))
			continue;
		size_t row = row_of(&rows, &at);
		v->cells[v->n_cells++] = (struct cell){row, at.key, pair->value};
		if (v->n > most)
			return refuse("%s has too many rows (maximum is %zu)", d->name, most);
	}
	v->is_sent = v->is_sent || v->n > 0;
	if (d->required && v->n == 0)
		return missing(d);
	return OK;
}

/* All values sent under a declared name; for single parameters the last one counts. */
static enum err check_param(struct params *p, const struct param *d, struct value *v)
{
	struct arena *a = p->sent.a;
	struct str name = str_of(d->name), *list = NULL;
	size_t n = 0;

	if (d->type == PARAM_FILE)
		return check_file(p, d, v);
	if (d->type == PARAM_ROWS)
		return check_rows(p, d, v);
	for (size_t i = 0; i < p->sent.n; i++)
		n += str_eq(p->sent.at[i].name, name);
	if (n)
		list = arena_array(a, n, sizeof *list);
	n = 0;
	for (size_t i = 0; i < p->sent.n; i++) {
		if (!str_eq(p->sent.at[i].name, name))
			continue;
		if (p->sent.at[i].is_listed && d->type != PARAM_LIST)
			return refuse("%s must be one value", d->name);
		list[n++] = p->sent.at[i].value;
	}
	if (n > 1 && d->type != PARAM_LIST) {
		list += n - 1;
		n = 1;
	}
	bool is_sent = n > 0;
	/* An empty field of a form is no number, id or choice: it was left out. */
	bool text = d->type == PARAM_STR || d->type == PARAM_TEXT || d->type == PARAM_LIST;
	if (n == 1 && list[0].len == 0 && (!text || d->type == PARAM_LIST))
		n = 0;
	if (d->required && (n == 0 || (n == 1 && list[0].len == 0)))
		return missing(d);
	*v = (struct value){.decl = d, .list = list, .n = n, .is_sent = is_sent};
	for (size_t i = 0; i < n; i++) {
		enum err e = check_one(a, d, &list[i], &v->i);
		if (e)
			return e;
	}
	return OK;
}

static enum err check_all(struct params *p, const struct param *declared)
{
	size_t n = 0;

	while (declared && declared[n].name)
		n++;
	p->at = arena_array(p->sent.a, n ? n : 1, sizeof *p->at);
	p->n = n;
	for (size_t i = 0; i < n; i++) {
		enum err e = check_param(p, &declared[i], &p->at[i]);
		if (e)
			return e;
	}
	return OK;
}

static const struct param *declared_as(const struct route *r, struct str name)
{
	for (const struct param *d = r->params; d && d->name; d++)
		if (str_eq(str_of(d->name), name))
			return d;
	return NULL;
}

/* Path parts come last, so that no query or body can override them. */
static enum err add_path(struct exchange *x, struct pairs *p)
{
	int n = 0;

	for (const char *at = strchr(x->r.route->path, ':'); at; at = strchr(at, ':')) {
		at++;
		struct str name = {at, strcspn(at, "/.")};
		const struct param *d = declared_as(x->r.route, name);
		struct str part = x->parts[n++];
		int64_t id;
		if (d && d->type == PARAM_ID && (!str_i64(part, &id) || id <= 0))
			return ERR_NOT_FOUND;
		enum err e = pairs_add(p, name, part);
		if (e)
			return ERR_NOT_FOUND;
	}
	return OK;
}

enum err params_parse(struct exchange *x)
{
	struct params *p = arena_take(x->a, sizeof *p);
	struct str type = str_of(head_get(&x->head, "Content-Type"));

	x->r.params = p;
	p->sent.a = x->a;
	enum err e = pairs_urlencoded(&p->sent, x->r.query);
	if (!e)
		e = pairs_body(&p->sent, type, x->sent);
	if (!e)
		e = add_path(x, &p->sent);
	return e;
}

enum err params_check(struct exchange *x)
{
	enum err e = check_all(x->r.params, x->r.route->params);

	/* What is to be changed and cannot be is told like any other mistake in it. */
	return e == ERR_MISSING && x->r.route->method != METHOD_GET ? ERR_INPUT : e;
}

struct str params_raw(const struct params *p, struct str name)
{
	for (size_t i = p ? p->sent.n : 0; i > 0; i--)
		if (str_eq(p->sent.at[i - 1].name, name))
			return p->sent.at[i - 1].value;
	return (struct str){0};
}

static const struct value *find(const struct req *r, const char *name)
{
	for (size_t i = 0; i < r->params->n; i++)
		if (strcmp(r->params->at[i].decl->name, name) == 0)
			return &r->params->at[i];
	die("%s does not declare the parameter %s", r->route->path, name);
}

bool param_has(const struct req *r, const char *name)
{
	return find(r, name)->n > 0;
}

struct str param_str(const struct req *r, const char *name)
{
	const struct value *v = find(r, name);

	return v->n ? v->list[0] : S("");
}

int64_t param_i64(const struct req *r, const char *name, int64_t otherwise)
{
	const struct value *v = find(r, name);

	return v->n ? v->i : otherwise;
}

bool param_bool(const struct req *r, const char *name, bool otherwise)
{
	return param_i64(r, name, otherwise) != 0;
}

const struct str *param_list(const struct req *r, const char *name, size_t *n)
{
	const struct value *v = find(r, name);

	*n = v->n;
	return v->n ? v->list : NULL;
}

bool param_is_sent(const struct req *r, const char *name)
{
	return find(r, name)->is_sent;
}

bool param_file(const struct req *r, const char *name, struct upload *out)
{
	const struct value *v = find(r, name);

	if (v->file)
		*out = *v->file;
	return v->file != NULL;
}

size_t param_rows(const struct req *r, const char *name)
{
	return find(r, name)->n;
}

/* The last one sent counts, as everywhere. */
static const struct cell *cell_of(const struct req *r, const char *name, size_t row,
				  const char *key)
{
	const struct value *v = find(r, name);

	for (size_t i = v->n_cells; i > 0; i--)
		if (v->cells[i - 1].row == row && str_eq(v->cells[i - 1].key, str_of(key)))
			return &v->cells[i - 1];
	return NULL;
}

struct str param_cell(const struct req *r, const char *name, size_t row, const char *key)
{
	const struct cell *cell = cell_of(r, name, row, key);

	return cell ? cell->value : S("");
}

bool param_cell_has(const struct req *r, const char *name, size_t row, const char *key)
{
	return cell_of(r, name, row, key) != NULL;
}

enum err params_fuzz(struct arena *a, struct str content_type, struct str body, struct str query)
{
	static const struct param declared[] = {
		{.name = "s", .type = PARAM_STR, .max = 20},
		{.name = "text", .type = PARAM_TEXT, .max = 4000},
		{.name = "id", .type = PARAM_ID},
		{.name = "limit", .type = PARAM_INT, .min = 1, .max = 40},
		{.name = "yes", .type = PARAM_BOOL},
		{.name = "pick", .type = PARAM_CHOICE, .choices = "a|b"},
		{.name = "poll[options]", .type = PARAM_LIST},
		{.name = "rows", .type = PARAM_ROWS, .choices = "id|name"},
		{.name = "f", .type = PARAM_FILE, .max = 1000},
		{.name = NULL},
	};
	struct params p = {.sent = {.a = a}};
	enum err e = pairs_urlencoded(&p.sent, query);

	if (!e)
		e = pairs_body(&p.sent, content_type, body);
	return e ? e : check_all(&p, declared);
}
