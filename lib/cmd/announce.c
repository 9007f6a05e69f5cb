/* SPDX-License-Identifier: MIT */
/* kwipd announce TEXT | --list | --delete ID: what everybody here is told. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "core/announcement.h"

struct announce {
	struct str text;
	int64_t id;
};

static enum err add_run(struct tx *tx, void *arg)
{
	struct announce *n = arg;
	return announcement_add(tx, n->text, &n->id);
}

static enum err delete_run(struct tx *tx, void *arg)
{
	return announcement_delete(tx, ((struct announce *)arg)->id);
}

static int add(struct store *s, struct announce *n)
{
	enum err e = tx_run(s, add_run, n);
	if (e != OK)
		return cmd_failed(e, "announcement");
	printf("%lld\n", (long long)n->id);
	return EXIT_DONE;
}

static int end(struct store *s, struct announce *n)
{
	enum err e = tx_run(s, delete_run, n);
	return e == OK ? EXIT_DONE : cmd_failed(e, "announcement %lld", (long long)n->id);
}

static int list(struct store *s)
{
	SCOPED_ARENA a = arena_new();
	struct db *db = db_open(s, 256);
	struct announcements all = announcement_list(db, a, 0, true);
	for (size_t i = 0; i < all.n; i++)
		printf("%lld  %.*s\n", (long long)all.at[i].id, (int)all.at[i].body.len,
		       all.at[i].body.at);
	db_close(db);
	return EXIT_DONE;
}

int cmd_announce(const struct command *self, int argc, char **argv)
{
	struct announce n = {.id = 0};
	bool all = false;
	const struct cmd_option options[] = {
		{.name = "--list", .flag = &all}, {.name = "--delete", .number = &n.id}, {0}};
	bool has_option = argc > 0 && str_starts(str_of(argv[0]), S("--"));
	if (!cmd_args(self, argv, options, &n.text, has_option ? 0 : 1))
		return EXIT_USAGE;
	if (has_option && all == (n.id != 0))
		return cmd_usage(self, "one of --list and --delete ID");
	SCOPED_STORE s = NULL;
	if (cmd_store(&s, false) != OK)
		return EXIT_FAILED;
	if (all)
		return list(s);
	return n.id ? end(s, &n) : add(s, &n);
}
