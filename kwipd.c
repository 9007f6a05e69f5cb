/* SPDX-License-Identifier: MIT */
/*
 * kwipd: options, settings, the table of commands and the table of services. This process becomes
 * the supervisor (run), one service (--service NAME, started by the supervisor only), or a command.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/cmd.h"
#include "svc/settings.h"
#include "svc/supervisor.h"

static int cmd_run(const struct command *self, int argc, char **argv)
{
	return argc ? cmd_usage(self, "%s is too much", argv[0]) : supervisor_run();
}

/* In the order of their start. */
const struct service service_table[] = {
	{"web", svc_web, true, "answers HTTP"},
	{"timeline", svc_timeline, false, "keeps feeds, cards, marks and repeats"},
	{"courier", svc_courier, false, "sends pushes and fetches link previews"},
	{"media", svc_media, false, "makes pictures of uploads"},
	{"search", svc_search, false, "indexes what is said, counts what is talked about"},
};
const size_t service_count = sizeof service_table / sizeof *service_table;

const struct command command_table[] = {
	{"run", cmd_run, "[run]", "serve until SIGTERM"},
	{"demo", cmd_demo, "demo", "serve a throwaway sample community and print its logins"},
	{"account", cmd_account,
	 "account add NAME [--email E] [--admin] [--password-stdin] | reset NAME | list | suspend NAME | restore NAME | approve NAME | reject NAME",
	 "make people; the generated password, or the reset link, goes to standard output"},
	{"token", cmd_token, "token NAME [--scopes \"read write follow push\"]",
	 "print a bearer token for the API"},
	{"announce", cmd_announce, "announce TEXT | --list | --delete ID",
	 "tell everybody something; prints its id"},
	{"emoji", cmd_emoji,
	 "emoji add SHORTCODE FILE [--category C] [--unlisted] | list | remove SHORTCODE",
	 "this site's own emoji"},
	{"fill", cmd_fill, "fill --people N --kwips N [--graph FILE] [--texts FILE] [--seed N]",
	 "make a sample community; FILEs may be .gz"},
	{"status", cmd_status, "status [--json]",
	 "what runs, how far it is, how big everything is"},
	{"check", cmd_check, "check", "verify the data folder"},
	{"backup", cmd_backup, "backup FILE", "make a consistent copy, also while running"},
	{"restore", cmd_restore, "restore FILE", "bring a copy back (not while running)"},
	{"--help", cmd_help, "--help", "this text"},
	{"--version", cmd_version, "--version", "kwipd and every library with its version"},
	{"--routes", cmd_routes, "--routes [--json | --markdown]",
	 "every address that is answered"},
	{"--print-config", cmd_print_config, "--print-config [--markdown]",
	 "an annotated settings file"},
	{"--check-config", cmd_check_config, "--check-config",
	 "read the settings and say what is wrong"},
};
const size_t command_count = sizeof command_table / sizeof *command_table;

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(name, command_table[i].name) == 0)
			return &command_table[i];
	return NULL;
}

static int run_service(const char *name, const char *fds)
{
	if (strcmp(name, "prepare") == 0)
		return prepare_main(fds);
	for (size_t i = 0; i < service_count; i++)
		if (strcmp(name, service_table[i].name) == 0)
			return service_main(&service_table[i], fds);
	return cmd_usage(command_find("run"), "there is no service %s", name);
}

struct globals {
	const char *service, *fds;
};

/* Takes the options that every command knows out of argv, wherever they stand. False: one lacks its
 * value. */
static bool globals_take(struct globals *g, char **argv)
{
	const struct {
		const char *name;
		const char **value;
	} known[] = {{"-c", &settings_source.file},
		     {"-d", &settings_source.dir},
		     {"-l", &settings_source.listen},
		     {"--service", &g->service},
		     {"--fds", &g->fds}};
	char **kept = argv;
	for (; *argv; argv++) {
		size_t i = 0;
		while (i < sizeof known / sizeof *known && strcmp(*argv, known[i].name) != 0)
			i++;
		if (i == sizeof known / sizeof *known) {
			*kept++ = *argv;
			continue;
		}
		if (!argv[1]) {
			cmd_usage(command_find("run"), "%s wants a value", *argv);
			return false;
		}
		*known[i].value = *++argv;
	}
	*kept = NULL;
	return true;
}

int main(int argc, char **argv)
{
	struct globals g = {0};
	char *run[] = {"run", NULL};
	if (argc < 1 || !globals_take(&g, argv + 1))
		return EXIT_USAGE;
	char **words = argv[1] ? argv + 1 : run;
	const struct command *command = command_find(words[0]);
	if (!command)
		return cmd_usage(
			&(struct command){.usage = "[run] | COMMAND ... (kwipd --help lists them)"},
			"%s is unknown", words[0]);
	if (settings_load() != OK)
		return strcmp(words[0], "--check-config") == 0 ? EXIT_FAILED : EXIT_USAGE;
	if (g.service)
		return run_service(g.service, g.fds);
	int n = 0;
	while (words[n + 1])
		n++;
	return command->run(command, n, words + 1);
}
