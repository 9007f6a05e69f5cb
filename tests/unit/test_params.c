/* SPDX-License-Identifier: MIT */
/* Parameters: the four ways they are sent, list and nested names, types, and what must be refused.
 */
#include "http/exchange.h"
#include "http/pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct route route = {
	.method = METHOD_POST,
	.path = "/kwips/:id",
	PARAMS({.name = "id", .type = PARAM_ID}, {.name = "text", .type = PARAM_TEXT, .max = 100},
	       {.name = "name", .type = PARAM_STR, .max = 5, .min = 2},
	       {.name = "limit", .type = PARAM_INT, .min = 1, .max = 40},
	       {.name = "flag", .type = PARAM_BOOL},
	       {.name = "pick", .type = PARAM_CHOICE, .choices = "one|two"},
	       {.name = "poll[options]", .type = PARAM_LIST}, {.name = "max_id", .type = PARAM_ID},
	       {.name = "below", .type = PARAM_CURSOR, .min = 1},
	       {.name = "above", .type = PARAM_CURSOR},
	       {.name = "fields_attributes", .type = PARAM_ROWS, .max = 4, .choices = "name|value"},
	       {.name = "source[privacy]", .type = PARAM_STR},
	       {.name = "avatar", .type = PARAM_FILE, .max = 10}),
};

struct given {
	const char *type, *body, *query, *part;
};

static struct exchange *parse(struct arena *a, struct given g, enum err *e)
{
	struct exchange *x = arena_take(a, sizeof *x);

	x->a = a;
	x->r.route = &route;
	x->r.conn = x;
	x->r.query = str_of(g.query);
	x->sent = str_of(g.body);
	x->parts[0] = str_of(g.part ? g.part : "7");
	x->head.n = g.type ? 1 : 0;
	x->head.at[0] = (struct head_line){"Content-Type", g.type};
	*e = params_parse(x);
	if (*e == OK)
		*e = params_check(x);
	return x;
}

static void test_ways_of_sending(void **state)
{
	static const struct given ways[] = {
		{NULL, NULL,
		 "text=a%20b&limit=3&flag=on&pick=two&poll[options][]=x&poll%5Boptions%5D%5B%5D=y",
		 NULL},
		{"application/x-www-form-urlencoded; charset=UTF-8",
		 "text=a+b&limit=3&flag=1&pick=two&poll[options][0]=x&poll[options][1]=y", NULL,
		 NULL},
		{"application/json",
		 "{\"text\":\"a b\",\"limit\":3,\"flag\":true,\"pick\":\"two\",\"poll\":{\"options\":[\"x\",\"y\"]}}",
		 "", NULL},
		{"application/json; charset=utf-8",
		 "{\"text\":\"a b\",\"limit\":\"3\",\"flag\":\"t\",\"pick\":\"two\",\"poll\":{\"options\":[\"x\",\"y\"]},\"other\":[[1],{\"a\":null}]}",
		 "", NULL},
		{"multipart/form-data; boundary=XX",
		 "--XX\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na b\r\n--XX\r\nContent-Disposition: form-data; name=\"limit\"\r\n\r\n3\r\n"
		 "--XX\r\nContent-Disposition: form-data; name=\"text\"; filename=\"f\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n"
		 "--XX\r\nContent-Disposition: form-data; name=\"poll[options][]\"\r\n\r\nx\r\n--XX\r\nContent-Disposition: form-data; name=\"poll[options][]\"\r\n\r\ny\r\n--XX--\r\n",
		 "flag=yes&pick=two", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		SCOPED_ARENA a = arena_new();
		enum err e;
		struct req *r = &parse(a, ways[i], &e)->r;
		size_t n;
		print_message("way %zu\n", i);
		assert_int_equal(e, OK);
		assert_int_equal(param_i64(r, "id", 0), 7);
		assert_true(str_eq(param_str(r, "text"), S("a b")));
		assert_int_equal(param_i64(r, "limit", 20), 3);
		assert_true(param_bool(r, "flag", false));
		assert_true(str_eq(param_str(r, "pick"), S("two")));
		const struct str *options = param_list(r, "poll[options]", &n);
		assert_int_equal(n, 2);
		assert_true(str_eq(options[0], S("x")) && str_eq(options[1], S("y")));
		assert_false(param_has(r, "max_id"));
	}
}

struct refusal {
	struct given given;
	enum err err;
	const char *why;
};

static void test_refusals(void **state)
{
	static const struct refusal cases[] = {
		{{.query = "limit=abc"}, ERR_INPUT, "limit must be a number"},
		{{.query = "flag=maybe"}, ERR_INPUT, "flag must be true or false"},
		{{.query = "pick=three"}, ERR_INPUT, "pick must be one of: one|two"},
		{{.query = "name=abcdef"}, ERR_INPUT, "name is too long (maximum is 5 characters)"},
		{{.query = "name=a"}, ERR_INPUT, "name is too short (minimum is 2 characters)"},
		{{.query = "name=a%0Ab"}, ERR_INPUT, "name must be one line"},
		{{.query = "above=x"}, ERR_INPUT, "above must be an id"},
		{{.query = "above=-1"}, ERR_INPUT, "above must be an id"},
		{{.query = "max_id=-5"}, ERR_INPUT, "max_id must be an id"},
		{{.query = "text=%ff"}, ERR_INPUT, "parameters must be text in UTF-8"},
		{{.query = "text=a%00b"}, ERR_INPUT, "parameters must be text in UTF-8"},
		{{.part = "x7"}, ERR_NOT_FOUND, NULL},
		{{.part = "0"}, ERR_NOT_FOUND, NULL},
		{{.type = "application/json", .body = "[1]"},
		 ERR_INPUT,
		 "the JSON must be an object"},
		{{.type = "application/json", .body = "{\"a\":"}, ERR_INPUT, NULL},
		{{.type = "multipart/form-data", .body = "--X"},
		 ERR_INPUT,
		 "the form's boundary is missing"},
		{{.type = "multipart/form-data; boundary=X", .body = "--X\r\nabc"},
		 ERR_INPUT,
		 "the form is broken"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_ARENA a = arena_new();
		enum err e;
		print_message("refusal %zu\n", i);
		(void)parse(a, cases[i].given, &e);
		assert_int_equal(e, cases[i].err);
		if (cases[i].why)
			assert_string_equal(err_why(), cases[i].why);
	}
}

static void test_cursors(void **state)
{
	static const struct {
		const char *query;
		int64_t below, above;
	} cases[] = {
		{"below=7&above=7", 7, 7},
		{"below=0&above=0", 1, 0},
		{"above=", -1, -1},
		{"below=9223372036854775807&above=9223372036854775806", INT64_MAX - 1,
		 INT64_MAX - 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		SCOPED_ARENA a = arena_new();
		enum err e;
		struct req *r = &parse(a, (struct given){.query = cases[i].query}, &e)->r;
		print_message("cursors %zu\n", i);
		assert_int_equal(e, OK);
		assert_int_equal(param_i64(r, "below", -1), cases[i].below);
		assert_int_equal(param_i64(r, "above", -1), cases[i].above);
	}
}

static void test_odd_but_fine(void **state)
{
	SCOPED_ARENA a = arena_new();
	enum err e;
	struct req *r =
		&parse(a,
		       (struct given){
			       .query =
				       "limit=900&max_id=&text=a%0D%0Ab%0Dc&flag=False&unknown=1&id=99&&=x"},
		       &e)
			 ->r;

	(void)state;
	assert_int_equal(e, OK);
	assert_int_equal(param_i64(r, "limit", 20), 40);
	assert_false(param_has(r, "max_id"));
	assert_true(str_eq(param_str(r, "text"), S("a\nb\nc")));
	assert_true(param_has(r, "flag"));
	assert_false(param_bool(r, "flag", true));
	/* The path's id is the one that counts. */
	assert_int_equal(param_i64(r, "id", 0), 7);
	r = &parse(a, (struct given){.query = "limit=99999999999999999999999"}, &e)->r;
	assert_int_equal(param_i64(r, "limit", 20), 40);
}

static void test_objects_in_arrays(void **state)
{
	SCOPED_ARENA a = arena_new();
	struct pairs p = {.a = a};

	(void)state;
	assert_int_equal(
		pairs_json(
			&p,
			S("{\"f\":[{\"name\":\"a\",\"value\":\"1\"},{\"name\":\"b\",\"value\":\"2\"}]}")),
		OK);
	assert_int_equal(p.n, 4);
	assert_true(str_eq(p.at[2].name, S("f[name]")) && str_eq(p.at[2].value, S("b")));
	assert_int_equal(pairs_urlencoded(&p, S("f[0][name]=c")), OK);
	assert_true(str_eq(p.at[4].name, S("f[name]")));
}

static struct req *parse_ok(struct arena *a, struct given g)
{
	enum err e;
	struct req *r = &parse(a, g, &e)->r;

	assert_int_equal(e, OK);
	return r;
}

static void assert_cell(const struct req *r, size_t row, const char *key, const char *is)
{
	struct str cell = param_cell(r, "fields_attributes", row, key);

	assert_true(param_cell_has(r, "fields_attributes", row, key));
	assert_true(str_eq(cell, str_of(is)));
}

/* Two rows, said in every way that clients say them. */
static void test_rows(void **state)
{
	static const struct given ways[] = {
		{.query = "fields_attributes[0][name]=a&fields_attributes[0][value]=1&"
			  "fields_attributes[1][name]=b&fields_attributes[1][value]=2"},
		/* Keys of one row need not stand together when the row is named. */
		{.query = "fields_attributes[7][name]=a&fields_attributes[x][name]=b&"
			  "fields_attributes[7][value]=1&fields_attributes[x][value]=2&"
			  "fields_attributes[7][other]=3"},
		{.query = "fields_attributes[][name]=a&fields_attributes[][value]=1&"
			  "fields_attributes[][value]=2&fields_attributes[][name]=b"},
		{"application/json",
		 "{\"fields_attributes\":[{\"name\":\"a\",\"value\":1},{\"name\":\"b\",\"value\":\"2\"}]}",
		 "", NULL},
		{"application/json",
		 "{\"fields_attributes\":{\"0\":{\"name\":\"a\",\"value\":\"1\"},\"1\":{\"value\":2,\"name\":\"b\"}}}",
		 "", NULL},
		{"multipart/form-data; boundary=XX",
		 "--XX\r\nContent-Disposition: form-data; name=\"fields_attributes[][name]\"\r\n\r\na\r\n"
		 "--XX\r\nContent-Disposition: form-data; name=\"fields_attributes[][value]\"\r\n\r\n1\r\n"
		 "--XX\r\nContent-Disposition: form-data; name=\"fields_attributes[][name]\"\r\n\r\nb\r\n"
		 "--XX\r\nContent-Disposition: form-data; name=\"fields_attributes[][value]\"\r\n\r\n2\r\n--XX--\r\n",
		 "", NULL},
	};
	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		SCOPED_ARENA a = arena_new();
		struct req *r = parse_ok(a, ways[i]);
		print_message("rows %zu\n", i);
		assert_int_equal(param_rows(r, "fields_attributes"), 2);
		assert_cell(r, 0, "name", "a");
		assert_cell(r, 0, "value", "1");
		assert_cell(r, 1, "name", "b");
		assert_cell(r, 1, "value", "2");
		assert_false(param_cell_has(r, "fields_attributes", 1, "other"));
		assert_false(param_cell_has(r, "fields_attributes", 2, "name"));
		assert_true(param_cell(r, "fields_attributes", 9, "name").len == 0);
	}
}

static void test_rows_odd(void **state)
{
	static const char *const none[] = {
		"fields_attributes=1",           "fields_attributes[0]=a",
		"fields_attributes[0][other]=a", "fields_attributes[0][name=a",
		"fields_attributes[=a",          "fields_attributesx[0][name]=a",
		"fields_attributes[0]name]=a",   "fields_attribute[0][name]=a",
	};
	SCOPED_ARENA a = arena_new();
	enum err e;

	(void)state;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(param_rows(parse_ok(a, (struct given){.query = none[i]}),
					    "fields_attributes"),
				 0);
	(void)parse(
		a,
		(struct given){
			"application/json",
			"{\"fields_attributes\":[{\"name\":1},{\"name\":2},{\"name\":3},{\"name\":4},{\"name\":5}]}",
			"", NULL},
		&e);
	assert_int_equal(e, ERR_INPUT);
	assert_string_equal(err_why(), "fields_attributes has too many rows (maximum is 4)");
}

/* "Take all away" is not "leave it as it is". */
static void test_sent_but_empty(void **state)
{
	SCOPED_ARENA a = arena_new();
	struct req *r = parse_ok(
		a, (struct given){
			   "application/json",
			   "{\"fields_attributes\":[],\"poll\":{\"options\":[]},\"max_id\":null}",
			   "", NULL});

	(void)state;
	assert_true(param_is_sent(r, "fields_attributes"));
	assert_int_equal(param_rows(r, "fields_attributes"), 0);
	assert_true(param_is_sent(r, "poll[options]"));
	assert_false(param_has(r, "poll[options]"));
	assert_false(param_is_sent(r, "max_id"));
	r = parse_ok(a, (struct given){.query = "poll[options][]=&limit="});
	assert_true(param_is_sent(r, "poll[options]") && !param_has(r, "poll[options]"));
	assert_true(param_is_sent(r, "limit") && !param_has(r, "limit"));
	assert_false(param_is_sent(r, "fields_attributes"));
}

static void test_nested_and_typed(void **state)
{
	static const struct given ways[] = {
		{"application/json",
		 "{\"source\":{\"privacy\":\"unlisted\"},\"flag\":1,\"limit\":\"3\",\"text\":true,\"name\":12}",
		 "", NULL},
		{.query = "source%5Bprivacy%5D=unlisted&flag=1&limit=3&text=true&name=12"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		SCOPED_ARENA a = arena_new();
		struct req *r = parse_ok(a, ways[i]);
		assert_true(str_eq(param_str(r, "source[privacy]"), S("unlisted")));
		assert_true(param_bool(r, "flag", false));
		assert_int_equal(param_i64(r, "limit", 0), 3);
		assert_true(str_eq(param_str(r, "text"), S("true")));
		assert_true(str_eq(param_str(r, "name"), S("12")));
	}
}

#define PART(name, more, bytes) \
	"--XX\r\nContent-Disposition: form-data; name=\"" name "\"" more "\r\n\r\n" bytes "\r\n"

static void test_files(void **state)
{
	SCOPED_ARENA a = arena_new();
	static const char body[] = PART("avatar",
					"; filename=\"a b.png\"\r\nContent-Type: image/png",
					"\xff\r\n--X") PART("name", "", "abc") "--XX--\r\n";
	struct given g = {"multipart/form-data; boundary=XX", body, "", NULL};
	struct req *r = parse_ok(a, g);
	struct upload file = {.name = S("")};
	enum err e;

	(void)state;
	assert_true(param_file(r, "avatar", &file) && param_has(r, "avatar"));
	assert_true(str_eq(file.bytes, S("\xff\r\n--X")));
	assert_true(str_eq(file.name, S("a b.png")) && str_eq(file.type, S("image/png")));
	assert_true(str_eq(param_str(r, "name"), S("abc")));
	/* No copy was made of the bytes. */
	assert_true(file.bytes.at > body && file.bytes.at < body + sizeof body);
	g.body = PART("avatar", "; filename=\"\"", "") "--XX--\r\n";
	r = parse_ok(a, g);
	assert_false(param_file(r, "avatar", &file) || param_is_sent(r, "avatar"));
	g.body = PART("avatar", "; filename*=UTF-8''x", "b") "--XX--\r\n";
	assert_true(param_file(parse_ok(a, g), "avatar", &file));
	/* A value is no file. */
	g.body = PART("avatar", "", "b") "--XX--\r\n";
	assert_false(param_file(parse_ok(a, g), "avatar", &file));
	g.body = PART("avatar", "; filename=\"x\"", "0123456789a") "--XX--\r\n";
	(void)parse(a, g, &e);
	assert_int_equal(e, ERR_INPUT);
	assert_string_equal(err_why(), "avatar is too large");
}

static void test_too_many(void **state)
{
	SCOPED_ARENA a = arena_new();
	struct pairs p = {.a = a};
	enum err e = OK;
	int n = 0;

	(void)state;
	for (; !e && n < 5000; n++)
		e = pairs_add(&p, S("a"), S("b"));
	assert_int_equal(e, ERR_TOO_LARGE);
	assert_int_equal(n, PAIRS_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways_of_sending),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_cursors),
		cmocka_unit_test(test_odd_but_fine),
		cmocka_unit_test(test_objects_in_arrays),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_rows_odd),
		cmocka_unit_test(test_sent_but_empty),
		cmocka_unit_test(test_nested_and_typed),
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
