/* SPDX-License-Identifier: MIT */
/* Finding routes: exact before parameters, parts, trailing slashes, 404 against 405. */
#include "http/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct route routes[] = {
	{.method = METHOD_GET, .path = "/", .help = "front"},
	{.method = METHOD_GET, .path = "/kwips/:id"},
	{.method = METHOD_GET, .path = "/kwips/new"},
	{.method = METHOD_DELETE, .path = "/kwips/:id"},
	{.method = METHOD_GET, .path = "/@:name"},
	{.method = METHOD_GET, .path = "/@:name/:id"},
	{.method = METHOD_GET, .path = "/@:name.rss"},
	{.method = METHOD_GET, .path = "/:name/friends"},
	{.method = METHOD_POST, .path = "/login"},
	{.method = METHOD_PATCH, .path = "/api/profile"},
	{.method = METHOD_PUT, .path = "/api/lists/:id"},
	{.method = METHOD_PUT, .path = "/api/both"},
	{.method = METHOD_PATCH, .path = "/api/both"},
	{.method = METHOD_GET, .path = "/api/:a/x/:b/y/:c"},
	{.method = METHOD_GET, .path = "/api/lists/x/:id/y/z"},
};
static const struct route_table table = {routes, sizeof routes / sizeof *routes};

struct find_case {
	enum method method;
	const char *path;
	int index; /* of the route, -1: none */
	const char *part0, *part1;
	unsigned allow;
};

static void test_find(void **state)
{
	static const struct find_case cases[] = {
		{METHOD_GET, "/", 0, "", "", 1},
		{METHOD_GET, "/kwips/12", 1, "12", "", 1 | 16},
		{METHOD_GET, "/kwips/12/", 1, "12", "", 1 | 16},
		{METHOD_GET, "/kwips/new", 2, "", "", 1 | 16},
		{METHOD_DELETE, "/kwips/12", 3, "12", "", 1 | 16},
		{METHOD_GET, "/@ann", 4, "ann", "", 1},
		{METHOD_GET, "/@ann/7", 5, "ann", "7", 1},
		{METHOD_GET, "/@ann.rss", 6, "ann", "", 1},
		{METHOD_GET, "/ann/friends", 7, "ann", "", 1},
		{METHOD_GET, "/login", -1, "", "", 2},
		{METHOD_GET, "/login/x", -1, "", "", 0},
		{METHOD_GET, "/kwips/", -1, "", "", 0},
		{METHOD_POST, "/login//", -1, "", "", 0},
		{METHOD_GET, "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o", -1, "", "", 0},
		{METHOD_GET, "/@", -1, "", "", 0},
		{METHOD_GET, "/@/7", -1, "", "", 0},
		{METHOD_GET, "//", 0, "", "", 1},
		{METHOD_GET, "", -1, "", "", 0},
		{METHOD_GET, "kwips/12", -1, "", "", 0},
		{METHOD_PUT, "/api/profile", 9, "", "", 12},
		{METHOD_PATCH, "/api/profile/", 9, "", "", 12},
		{METHOD_PATCH, "/api/lists/8", 10, "8", "", 12},
		{METHOD_PUT, "/api/both", 11, "", "", 12},
		{METHOD_PATCH, "/api/both", 12, "", "", 12},
		{METHOD_POST, "/api/both", -1, "", "", 12},
		{METHOD_GET, "/api/1/x/2/y/3", 13, "1", "2", 1},
		{METHOD_GET, "/api/lists/x/2/y/z", 14, "2", "", 1},
		{METHOD_GET, "/api/lists/x/2/y/w", 13, "lists", "2", 1},
		{METHOD_GET, "/api//x/2/y/w", -1, "", "", 0},
	};
	struct route_index *index = route_index_new(&table, 1);

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct find_case *c = &cases[i];
		struct str parts[4];
		unsigned allow;
		const struct route *r = route_find(index, c->method, str_of(c->path), parts,
						   &allow);
		print_message("%s\n", c->path);
		assert_ptr_equal(r, c->index < 0 ? NULL : &routes[c->index]);
		assert_int_equal(allow, c->allow);
		assert_true(str_eq(parts[0], str_of(c->part0)));
		assert_true(str_eq(parts[1], str_of(c->part1)));
	}
	route_index_free(index);
}

static void test_every_error_has_a_status(void **state)
{
	(void)state;
	assert_int_equal(err_http_status(OK), 200);
	assert_int_equal(err_http_status(ERR_INPUT), 422);
	assert_int_equal(err_http_status(ERR_AUTH), 401);
	assert_int_equal(err_http_status(ERR_NOT_FOUND), 404);
	assert_int_equal(err_http_status(ERR_FULL), 507);
	assert_int_equal(err_http_status(ERR_INTERNAL), 500);
	assert_int_equal(err_http_status((enum err)99), 500);
}

static void test_print(void **state)
{
	SCOPED_BUF b = BUF_EMPTY;

	(void)state;
	routes_print(&b, &table, 1);
	assert_true(str_find(buf_str(&b), S("GET    /kwips/:id")) >= 0);
	assert_true(str_find(buf_str(&b), S("GET    /healthz")) >= 0);
	assert_true(str_find(buf_str(&b), S("- front\n")) >= 0);
	buf_clear(&b, 0);
	routes_print_json(&b, &table, 1);
	assert_true(str_find(buf_str(&b), S("{\"method\":\"POST\",\"path\":\"/login\"")) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_every_error_has_a_status),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
