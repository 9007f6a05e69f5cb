/* SPDX-License-Identifier: MIT */
/* What all commands share. */
#include <stdarg.h>
#include <stdio.h>

#include "base/conf.h"
#include "base/crypt.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "core/account.h"
#include "svc/process.h"
#include "svc/settings.h"

int cmd_usage(const struct command *self, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	fputs("kwipd: ", stderr);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\nusage: kwipd %s\n", self->usage);
	return EXIT_USAGE;
}

int cmd_failed(enum err e, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	fputs("kwipd: ", stderr);
	vfprintf(stderr, fmt, args);
	va_end(args);
	bool has_sentence = (e == ERR_INPUT || e == ERR_CONFLICT) && *err_why();
	fprintf(stderr, ": %s\n", has_sentence ? err_why() : err_name(e));
	return EXIT_FAILED;
}

static const struct cmd_option *option_find(const struct cmd_option *options, struct str name)
{
	for (; options->name; options++)
		if (str_eq(name, str_of(options->name)))
			return options;
	return NULL;
}

/* The value behind '=' or in the next argument; an empty at when there is none. */
static struct str option_value(char ***argv, bool has_value, struct str value)
{
	if (has_value)
		return value;
	if (!(*argv)[1])
		return (struct str){NULL, 0};
	return str_of(*++*argv);
}

static bool option_take(const struct command *self, const struct cmd_option *options, char ***argv)
{
	struct str rest = str_of(**argv), name = str_cut(&rest, '=');
	const struct cmd_option *o = option_find(options, name);
	if (!o || (o->flag && rest.at)) {
		cmd_usage(self, "unknown option %s", **argv);
		return false;
	}
	if (o->flag)
		return *o->flag = true;
	struct str value = option_value(argv, rest.at != NULL, rest);
	if (!value.at || (o->number && (!str_i64(value, o->number) || *o->number < 0))) {
		cmd_usage(self, "%s wants a %s", o->name, o->number ? "number" : "value");
		return false;
	}
	if (o->text)
		*o->text = value;
	return true;
}

bool cmd_args(const struct command *self, char **argv, const struct cmd_option *options,
	      struct str *words, size_t wanted)
{
	size_t n = 0;
	for (; *argv; argv++) {
		struct str word = str_of(*argv);
		if (word.len > 1 && word.at[0] == '-') {
			if (!option_take(self, options, &argv))
				return false;
			continue;
		}
		if (n == wanted) {
			cmd_usage(self, "%s is too much", *argv);
			return false;
		}
		words[n++] = word;
	}
	if (n < wanted)
		cmd_usage(self, "something is missing");
	return n == wanted;
}

enum err cmd_store(struct store **s, bool create)
{
	*s = NULL;
	log_open("command", LOG_WARN);
	process_harden();
	crypt_open();
	password_cost((unsigned)conf.argon_kib, (unsigned)conf.argon_passes);
	id_node(3);
	enum err e = create ? folder_make(conf.dir) : OK;
	if (e == OK)
		e = store_open(s, conf.dir, create);
	if (e == ERR_NOT_FOUND)
		fprintf(stderr,
			"kwipd: there is no kwipd.db in %.*s (choose the data folder by -d)\n",
			(int)conf.dir.len, conf.dir.at);
	else if (e != OK)
		cmd_failed(e, "the database in %.*s", (int)conf.dir.len, conf.dir.at);
	return e;
}

void cmd_store_close(struct store **s)
{
	store_close(*s);
}

enum err cmd_person(struct store *s, struct str name, int64_t *id)
{
	SCOPED_ARENA a = arena_new();
	struct account who;
	struct db *db = db_open(s, 64);
	if (name.len && name.at[0] == '@')
		name = str_slice(name, 1, name.len);
	bool found = account_find(db, a, name, S(""), &who) && who.state != ACCOUNT_DELETED;
	db_close(db);
	if (!found) {
		fprintf(stderr, "kwipd: there is no %.*s here\n", (int)name.len, name.at);
		return ERR_NOT_FOUND;
	}
	*id = who.id;
	return OK;
}

struct str cmd_url(struct arena *a)
{
	return settings_url(a, NULL, 0);
}
