/* SPDX-License-Identifier: MIT */
/* Settings: values of every type at their limits, mistakes with their lines, sources and who wins,
 * the example file. */
#include "scratch.h"

#include <fcntl.h>

#include "base/conf.h"

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static const struct {
	struct str text;
	size_t mistakes;
	const char *why; /* the whole, or NULL */
} lines[] = {
	{S_INIT(""), 0, ""},
	{{NULL, 0}, 0, ""},
	{S_INIT("\n# x\n  # y = z\n\n"), 0, ""},
	{S_INIT("name=a=b # not a comment"), 0, ""},
	{S_INIT("name = x\r\nworkers = 2\r\n"), 0, ""},
	{S_INIT("\tworkers\t=\t1"), 0, ""},
	{S_INIT("workers"), 1, "line 1: \"name = value\" expected\n"},
	{S_INIT("\n\n= 3\n"), 1, "line 3: no setting is called \"\"\n"},
	{S_INIT("Workers = 3"), 1, "line 1: no setting is called \"Workers\"\n"},
	{S_INIT("name = x\nworkers = 0\nfoo = 1\nname = y\n"), 3,
	 "line 2: workers must be from 1 to 64\nline 3: no setting is called \"foo\"\n"
	 "line 4: name is set twice\n"},
	{S_INIT("workers = 64"), 0, ""},
	{S_INIT("workers = 65"), 1, NULL},
	{S_INIT("workers = -1"), 1, NULL},
	{S_INIT("workers = 1K"), 1, NULL},
	{S_INIT("workers = "), 1, NULL},
	{S_INIT("workers = 99999999999999999999"), 1, NULL},
	{S_INIT("cache_size = 8M"), 0, ""},
	{S_INIT("cache_size = 8192k"), 0, ""},
	{S_INIT("cache_size = 8 M"), 0, ""},
	{S_INIT("cache_size = 8388608"), 0, ""},
	{S_INIT("cache_size = 8388607"), 1, NULL},
	{S_INIT("cache_size = 64G"), 0, ""},
	{S_INIT("cache_size = 65G"), 1, NULL},
	{S_INIT("cache_size = 9223372036854775807G"), 1, NULL},
	{S_INIT("cache_size = 8.5M"), 1, NULL},
	{S_INIT("cache_size = 8MB"), 1, NULL},
	{S_INIT("cache_size = M"), 1, NULL},
	{S_INIT("cache_size = 10s"), 1, NULL},
	{S_INIT("idle_timeout = 100"), 0, ""},
	{S_INIT("idle_timeout = 99ms"), 1, NULL},
	{S_INIT("idle_timeout = 1h"), 0, ""},
	{S_INIT("idle_timeout = 1 H"), 0, ""},
	{S_INIT("idle_timeout = 61m"), 1, NULL},
	{S_INIT("idle_timeout = 1d"), 1, NULL},
	{S_INIT("event_keep = 3650d"), 0, ""},
	{S_INIT("event_keep = 3651d"), 1, NULL},
	{S_INIT("event_keep = 9223372036854775807d"), 1, NULL},
	{S_INIT("rate_limit = OFF"), 0, ""},
	{S_INIT("rate_limit = maybe"), 1, "line 1: rate_limit must be on or off\n"},
	{S_INIT("signups = closed"), 0, ""},
	{S_INIT("signups = Closed"), 1,
	 "line 1: signups must be one of open|approval|invite|closed\n"},
	{S_INIT("signups = open|invite"), 1, NULL},
	{S_INIT("signups ="), 1, NULL},
	{S_INIT("name = "), 1, NULL},
	{S_INIT("name = \xff"), 1, "line 1: name is not UTF-8\n"},
	{S_INIT("name = a\0b"), 1, NULL},
	{S_INIT("description ="), 0, ""},
	{S_INIT("base_url = ftp://x"), 1, "base_url must begin with http:// or https://\n"},
	{S_INIT("base_url = https://x/"), 0, ""},
	{S_INIT("kwip_max_chars = 1000000"), 1, NULL},
	{S_INIT("kwip_max_chars = 1000000\nbody_max = 12M"), 0, ""},
	{S_INIT("\0"), 1, NULL},
};

static void good_and_bad_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(lines); i++) {
		SCOPED_BUF why = BUF_EMPTY;
		size_t mistakes = conf_check(lines[i].text, &why);
		if (mistakes != lines[i].mistakes)
			print_error("row %zu: %zu mistakes: %.*s\n", i, mistakes, (int)why.len,
				    why.at);
		assert_int_equal(mistakes, lines[i].mistakes);
		if (lines[i].why)
			assert_true(str_eq(buf_str(&why), str_of(lines[i].why)));
		else
			assert_true(why.len > 0 && why.at[why.len - 1] == '\n');
	}
}

static void long_and_ugly_lines(void **state)
{
	SCOPED_BUF text = BUF_EMPTY;
	SCOPED_BUF why = BUF_EMPTY;

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_char(&text, 'x');
	buf_put(&text, S("\nname = "));
	for (int i = 0; i < 101; i++)
		buf_char(&text, 'n');
	buf_put(&text, S("\nworkers = "));
	for (int i = 0; i < 5000; i++)
		buf_char(&text, '9');
	assert_int_equal(conf_check(buf_str(&text), &why), 3);
	assert_non_null(memmem(why.at, why.len, "line 2: name must have from 1 to 100 bytes", 42));
	assert_true(why.len < 1000);
}

static void print_round_trip(void **state)
{
	SCOPED_BUF printed = BUF_EMPTY;
	SCOPED_BUF live = BUF_EMPTY;
	SCOPED_BUF why = BUF_EMPTY;
	int settings = 0;

	(void)state;
	conf_print(&printed);
	assert_int_equal(conf_check(buf_str(&printed), &why), 0);
	for (struct str rest = buf_str(&printed); rest.at;) {
		struct str line = str_cut(&rest, '\n');
		bool setting = line.len > 1 && line.at[0] == '#' && line.at[1] != ' ';
		settings += setting;
		buf_put(&live, setting ? str_slice(line, 1, line.len) : line);
		buf_char(&live, '\n');
	}
	assert_true(settings > 20);
	assert_int_equal(conf_check(buf_str(&live), &why), 0);
	assert_int_equal(why.len, 0);
	/* and it says what the defaults are */
	struct scratch dir = scratch_make();
	char path[128];
	snprintf(path, sizeof(path), "%s/conf", dir.at);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(live.at, 1, live.len, f), live.len);
	fclose(f);
	assert_int_equal(conf_load(NULL), OK);
	struct conf standard = conf;
	assert_int_equal(conf_load(path), OK);
	assert_memory_equal(&standard, &conf, sizeof(conf)); /* equal texts are kept once */
	scratch_remove(&dir);
}

static void markdown_has_a_row_each(void **state)
{
	SCOPED_BUF out = BUF_EMPTY;
	(void)state;
	conf_print_markdown(&out);
	for (struct str rest = buf_str(&out); rest.len > 0;) {
		struct str line = str_cut(&rest, '\n');
		int bars = 0;
		for (size_t i = 0; i < line.len; i++)
			bars += line.at[i] == '|';
		assert_int_equal(bars, 4);
	}
}

/* The mistakes go to stderr, which is cmocka's too. */
static enum err load_quietly(const char *path)
{
	int kept = dup(STDERR_FILENO), quiet = open("/dev/null", O_WRONLY);
	dup2(quiet, STDERR_FILENO);
	enum err e = conf_load(path);
	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(quiet);
	return e;
}

static enum err load_text(const char *text)
{
	struct scratch dir = scratch_make();
	char path[128];
	snprintf(path, sizeof(path), "%s/conf", dir.at);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	enum err e = load_quietly(path);
	scratch_remove(&dir);
	return e;
}

static void sources_win_in_order(void **state)
{
	(void)state;
	assert_int_equal(conf_load(NULL), OK);
	assert_int_equal(conf.workers, 8);
	assert_int_equal(load_text("workers = 3\nname = file\n"), OK);
	assert_int_equal(conf.workers, 3);
	setenv("KWIPD_WORKERS", " 5 ", 1);
	assert_int_equal(load_text("workers = 3\nname = file\n"), OK);
	assert_int_equal(conf.workers, 5);
	assert_true(str_eq(conf.name, S("file")));
	assert_int_equal(conf_set(S("workers"), S("7")), OK);
	assert_int_equal(conf.workers, 7);
	/* a mistake anywhere leaves all as it was */
	assert_int_equal(load_text("name = other\nworkers = x\n"), ERR_INPUT);
	assert_true(str_eq(conf.name, S("file")));
	setenv("KWIPD_WORKERS", "none", 1);
	assert_int_equal(load_text("name = other\n"), ERR_INPUT);
	assert_int_equal(conf.workers, 7);
	unsetenv("KWIPD_WORKERS");
	assert_int_equal(conf_set(S("workers"), S("0")), ERR_INPUT);
	assert_int_equal(conf_set(S("worker"), S("1")), ERR_INPUT);
	assert_int_equal(conf.workers, 7);
	assert_int_equal(load_quietly("/nonexistent/kwipd.conf"), ERR_INPUT);
	assert_int_equal(load_quietly("/"), ERR_INPUT);
}

static void texts_outlive_their_source(void **state)
{
	char value[] = "borrowed";
	(void)state;
	assert_int_equal(conf_set(S("name"), str_of(value)), OK);
	memset(value, 'x', sizeof(value));
	assert_true(str_eq(conf.name, S("borrowed")));
	assert_int_equal(conf.name.at[conf.name.len], '\0');
	assert_int_equal(load_text("name = from a file\n"), OK);
	assert_true(str_eq(conf.name, S("from a file")));
}

static void what_follows_from_others(void **state)
{
	(void)state;
	assert_int_equal(load_text("listen = [::1]:80 , unix:/x\n"), OK);
	assert_true(str_eq(conf_base_url(), S("http://[::1]:80")));
	assert_false(conf.secure_cookies);
	assert_int_equal(load_text("listen = unix:/x\n"), OK);
	assert_true(str_eq(conf_base_url(), S("http://localhost")));
	assert_int_equal(load_text("base_url = https://kwip.example//\n"), OK);
	assert_true(str_eq(conf_base_url(), S("https://kwip.example")));
	assert_true(conf.secure_cookies);
	assert_int_equal(load_text("base_url = https://kwip.example\nsecure_cookies = off\n"), OK);
	assert_false(conf.secure_cookies);
	assert_int_equal(load_text("secure_cookies = on\n"), OK);
	assert_true(conf.secure_cookies);
	assert_int_equal(load_text("cache_size = 3G\nidle_timeout = 2m\nrate_limit = no\n"), OK);
	assert_true(conf.cache_bytes == INT64_C(3) << 30);
	assert_int_equal(conf.idle_timeout_ms, 120000);
	assert_false(conf.rate_limit);
}

static void too_large_a_file(void **state)
{
	SCOPED_BUF text = BUF_EMPTY;
	(void)state;
	for (int i = 0; i < (1 << 20) + 5000; i++)
		buf_char(&text, '\n');
	buf_char(&text, '\0');
	assert_int_equal(load_text(text.at), ERR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_and_bad_lines),
		cmocka_unit_test(long_and_ugly_lines),
		cmocka_unit_test(print_round_trip),
		cmocka_unit_test(markdown_has_a_row_each),
		cmocka_unit_test(sources_win_in_order),
		cmocka_unit_test(texts_outlive_their_source),
		cmocka_unit_test(what_follows_from_others),
		cmocka_unit_test(too_large_a_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
