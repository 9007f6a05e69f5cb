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
	       {.name = "poll[options]", .type = PARAM_LIST}, {.name = "max_id", .type = PARAM_ID}),
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
		cmocka_unit_test(test_ways_of_sending), cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_odd_but_fine),    cmocka_unit_test(test_objects_in_arrays),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
