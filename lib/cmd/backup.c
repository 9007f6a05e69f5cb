/* SPDX-License-Identifier: MIT */
/* kwipd backup FILE: one consistent file, also while the server writes. */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/cmd.h"

static void progress(int done, int total)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%d of %d pages", done, total);
}

int cmd_backup(const struct command *self, int argc, char **argv)
{
	(void)argc;
	struct str file;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, &file, 1))
		return EXIT_USAGE;
	SCOPED_ARENA a = arena_new();
	SCOPED_STORE s = NULL;
	if (cmd_store(&s, false) != OK)
		return EXIT_FAILED;
	enum err e = store_backup(s, file, progress);
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	if (e != OK)
		return cmd_failed(e, "backup to %.*s", (int)file.len, file.at);
	struct stat st;
	if (stat(arena_zstr(a, file), &st) == 0)
		printf("%.*s: %lld bytes\n", (int)file.len, file.at, (long long)st.st_size);
	return EXIT_DONE;
}
