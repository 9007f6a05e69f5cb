/* SPDX-License-Identifier: MIT */
/* The words that begin with "--": what kwipd is made of and what it knows, printed. They open
 * nothing. */
#include <stdio.h>

#include "api/api.h"
#include "base/conf.h"
#include "cmd/cmd.h"
#include "http/route.h"
#include "page/page.h"

static bool no_arguments(const struct command *self, char **argv)
{
	return cmd_args(self, argv, &(struct cmd_option){0}, NULL, 0);
}

static void print(const struct buf *b)
{
	fwrite(b->at, 1, b->len, stdout);
}

int cmd_help(const struct command *self, int argc, char **argv)
{
	(void)argc;
	if (!no_arguments(self, argv))
		return EXIT_USAGE;
	puts("kwipd: a whole micro-blog in one file\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  kwipd %s\n        %s\n", command_table[i].usage, command_table[i].help);
	puts("\nEvery command takes, anywhere:\n"
	     "  -c FILE        settings (see kwipd --print-config)\n"
	     "  -d DIR         data folder (./data)\n"
	     "  -l ADDR:PORT   where to listen (127.0.0.1:8080)\n"
	     "Settings come from the defaults, FILE, the environment (KWIPD_<SETTING>) and the options; later ones win.\n"
	     "Exit codes: 0 done, 1 failed, 2 wrong usage.");
	return EXIT_DONE;
}

int cmd_routes(const struct command *self, int argc, char **argv)
{
	(void)argc;
	bool as_json = false, as_markdown = false;
	const struct cmd_option options[] = {{.name = "--json", .flag = &as_json},
					     {.name = "--markdown", .flag = &as_markdown},
					     {0}};
	if (!cmd_args(self, argv, options, NULL, 0))
		return EXIT_USAGE;
	struct route_table tables[1 + API_TABLES_MAX] = {page_table};
	size_t n = 1 + api_tables(tables + 1);
	SCOPED_BUF out = BUF_EMPTY;
	if (as_json)
		routes_print_json(&out, tables, n);
	else if (as_markdown)
		routes_print_markdown(&out, tables, n);
	else
		routes_print(&out, tables, n);
	print(&out);
	return EXIT_DONE;
}

int cmd_print_config(const struct command *self, int argc, char **argv)
{
	(void)argc;
	bool as_markdown = false;
	const struct cmd_option options[] = {{.name = "--markdown", .flag = &as_markdown}, {0}};
	if (!cmd_args(self, argv, options, NULL, 0))
		return EXIT_USAGE;
	SCOPED_BUF out = BUF_EMPTY;
	if (as_markdown)
		conf_print_markdown(&out);
	else
		conf_print(&out);
	print(&out);
	return EXIT_DONE;
}

/* main() has read them all and stopped at any mistake. */
int cmd_check_config(const struct command *self, int argc, char **argv)
{
	(void)argc;
	if (!no_arguments(self, argv))
		return EXIT_USAGE;
	puts("the settings are good");
	return EXIT_DONE;
}
