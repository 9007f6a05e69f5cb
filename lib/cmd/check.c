/* SPDX-License-Identifier: MIT */
/* kwipd check: is the data folder whole? Reads everything, changes nothing, also beside a running
 * server. */
#include <stdio.h>

#include "base/conf.h"
#include "cmd/cmd.h"
#include "core/site.h"
#include "store/cache.h"

/* The cache may be missing or broken without harm; worth saying, not worth failing. */
static void look_at_cache(void)
{
	struct cache *c = NULL;
	struct cache_read *r = NULL;
	struct cache_meta meta;
	enum err e = cache_open(&c, conf.dir, false, conf.cache_bytes);
	if (e == OK)
		e = cache_read_begin(c, &r);
	if (e != OK)
		printf("cache: none yet; it is made while serving\n");
	else if (!cache_meta(r, &meta) || !meta.ready)
		printf("cache: being made\n");
	else
		printf("cache: good, reflects event %lld\n", (long long)meta.seq);
	cache_read_end(r);
	cache_close(c);
}

static int print_result(const char *what, enum err e, const struct buf *report)
{
	bool good = e == OK && report->len == 0;
	printf("%s: %s\n%.*s", what, good ? "good" : "NOT GOOD", (int)report->len,
	       report->len ? report->at : "");
	if (!good && report->len && report->at[report->len - 1] != '\n')
		putchar('\n');
	return good ? 0 : 1;
}

int cmd_check(const struct command *self, int argc, char **argv)
{
	(void)argc;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, NULL, 0))
		return EXIT_USAGE;
	SCOPED_STORE s = NULL;
	if (cmd_store(&s, false) != OK)
		return EXIT_FAILED;
	SCOPED_BUF report = BUF_EMPTY;
	int bad = print_result("database", store_check(s, &report), &report);
	buf_clear(&report, 4096);
	if (!bad) {
		struct db *db = db_open(s, 16 * 1024);
		db_begin(db);
		site_check_counts(db, &report);
		db_end(db);
		db_close(db);
		bad = print_result("counts", OK, &report);
	}
	look_at_cache();
	return bad ? EXIT_FAILED : EXIT_DONE;
}
