/* SPDX-License-Identifier: MIT */
/*
 * Commands: one file each, all in the table of kwipd.c. What they share: arguments, opening the
 * store beside a running server, wrong usage.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

struct command {
	const char *name;
	/* argv: what stands behind the command's word. Returns the exit code. */
	int (*run)(const struct command *self, int argc, char **argv);
	const char *usage; /* behind "kwipd " */
	const char *help;
};
extern const struct command command_table[];
extern const size_t command_count;

/* One option of a command: exactly one of the three is set. Values that are not given stay. */
struct cmd_option {
	const char *name; /* "--email" */
	struct str *text;
	int64_t *number; /* 0 and up */
	bool *flag;
};
/*
 * Takes the options ("--email E", "--email=E") out of argv; the others go to *words, exactly
 * `wanted` of them. False after printing what is wrong and the usage.
 */
bool cmd_args(const struct command *self, char **argv, const struct cmd_option *options,
	      struct str *words, size_t wanted) MUST_USE;
/* Prints the sentence and the usage to stderr; returns EXIT_USAGE. */
int cmd_usage(const struct command *self, const char *fmt, ...) PRINTF(2, 3);
/* Prints what went wrong (with the sentence of refuse() when there is one); returns EXIT_FAILED. */
int cmd_failed(enum err e, const char *fmt, ...) PRINTF(2, 3);

/* Opens the store of conf.dir for a command; with create also makes folder and file. Says so when
 * it cannot. */
enum err cmd_store(struct store **s, bool create) MUST_USE;
void cmd_store_close(struct store **s);
#define SCOPED_STORE __attribute__((cleanup(cmd_store_close))) struct store *
/* One person by name, local and active or suspended; ERR_NOT_FOUND after saying so. */
enum err cmd_person(struct store *s, struct str name, int64_t *id) MUST_USE;
/* The URL of the site as far as settings tell. */
struct str cmd_url(struct arena *a);

int cmd_account(const struct command *self, int argc, char **argv);
int cmd_announce(const struct command *self, int argc, char **argv);
int cmd_emoji(const struct command *self, int argc, char **argv);
int cmd_token(const struct command *self, int argc, char **argv);
int cmd_fill(const struct command *self, int argc, char **argv);
int cmd_demo(const struct command *self, int argc, char **argv);
int cmd_status(const struct command *self, int argc, char **argv);
int cmd_check(const struct command *self, int argc, char **argv);
int cmd_backup(const struct command *self, int argc, char **argv);
int cmd_restore(const struct command *self, int argc, char **argv);

/* The words that begin with "--": print and go. */
int cmd_help(const struct command *self, int argc, char **argv);
int cmd_version(const struct command *self, int argc, char **argv);
int cmd_routes(const struct command *self, int argc, char **argv);
int cmd_print_config(const struct command *self, int argc, char **argv);
int cmd_check_config(const struct command *self, int argc, char **argv);

#endif
