/* SPDX-License-Identifier: MIT */
/* kwipd account add | reset | list | suspend | restore | approve | reject: people, from the
 * outside. */
#include <stdio.h>

#include "base/conf.h"
#include "cmd/cmd.h"
#include "core/account.h"
#include "core/fanout.h"
#include "core/session.h"
#include "core/signup.h"

enum { RESET_HOURS = 24, PAGE = 200 };

struct addition {
	struct account_new account;
	int64_t id;
};

static enum err add_run(struct tx *tx, void *arg)
{
	struct addition *add = arg;
	return account_add(tx, &add->account, &add->id);
}

/* The first line of standard input. */
static enum err password_read(struct arena *a, struct str *password)
{
	char line[PASSWORD_MAX * 4 + 2];
	if (!fgets(line, sizeof line, stdin))
		return refuse("no password came on standard input");
	struct str got = str_of(line);
	while (got.len && (got.at[got.len - 1] == '\n' || got.at[got.len - 1] == '\r'))
		got.len--;
	*password = arena_str(a, got);
	return OK;
}

static int add(const struct command *self, char **argv)
{
	struct str name, email = S(""), password;
	bool admin = false, from_stdin = false;
	const struct cmd_option options[] = {{.name = "--email", .text = &email},
					     {.name = "--admin", .flag = &admin},
					     {.name = "--password-stdin", .flag = &from_stdin},
					     {0}};
	if (!cmd_args(self, argv, options, &name, 1))
		return EXIT_USAGE;
	SCOPED_ARENA a = arena_new();
	SCOPED_STORE s = NULL;
	if (cmd_store(&s, true) != OK)
		return EXIT_FAILED;
	char hash[PASSWORD_HASH_MAX];
	enum err e = OK;
	if (from_stdin)
		e = password_read(a, &password);
	else
		password = password_make(a);
	if (e == OK)
		e = account_password_check(password, name);
	if (e == OK)
		e = password_hash(password, hash);
	struct addition addition = {.account = {.name = name,
						.email = email,
						.password_hash = hash,
						.role = admin ? ROLE_ADMIN : ROLE_MEMBER}};
	if (e == OK)
		e = tx_run(s, add_run, &addition);
	if (e != OK)
		return cmd_failed(e, "account %.*s", (int)name.len, name.at);
	fprintf(stderr, "made @%.*s%s%s\n", (int)name.len, name.at, admin ? ", admin" : "",
		from_stdin ? "" : "; password:");
	if (!from_stdin)
		printf("%.*s\n", (int)password.len, password.at);
	return EXIT_DONE;
}

struct reset {
	struct arena *a;
	int64_t account;
	struct str secret;
};

static enum err reset_run(struct tx *tx, void *arg)
{
	struct reset *r = arg;
	r->secret = ticket_add(tx, r->a, TICKET_RESET, r->account,
			       (int64_t)RESET_HOURS * 3600 * 1000);
	return OK;
}

static int reset(const struct command *self, char **argv)
{
	struct str name;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, &name, 1))
		return EXIT_USAGE;
	SCOPED_ARENA a = arena_new();
	SCOPED_STORE s = NULL;
	struct reset r = {.a = a};
	if (cmd_store(&s, false) != OK || cmd_person(s, name, &r.account) != OK)
		return EXIT_FAILED;
	enum err e = tx_run(s, reset_run, &r);
	if (e != OK)
		return cmd_failed(e, "a link for %.*s", (int)name.len, name.at);
	struct str url = cmd_url(a);
	fprintf(stderr, "a new password for @%.*s can be set here, once, within %d hours:\n",
		(int)name.len, name.at, RESET_HOURS);
	printf("%.*s/reset/%.*s\n", (int)url.len, url.at, (int)r.secret.len, r.secret.at);
	return EXIT_DONE;
}

static void print_person(const struct account *who)
{
	static const char *const states[] = {"active", "suspended", "deleted", "pending"};
	static const char *const roles[] = {"member", "moderator", "admin"};
	printf("%-30.*s %-9s %-9s %8lld kwips %6lld followers\n", (int)who->name.len, who->name.at,
	       states[who->state & 3], roles[who->role % 3], (long long)who->kwips_count,
	       (long long)who->followers_count);
}

static int list(const struct command *self, char **argv)
{
	if (!cmd_args(self, argv, &(struct cmd_option){0}, NULL, 0))
		return EXIT_USAGE;
	SCOPED_ARENA a = arena_new();
	SCOPED_STORE s = NULL;
	if (cmd_store(&s, false) != OK)
		return EXIT_FAILED;
	struct db *db = db_open(s, 512);
	struct viewers page = fanout_accounts(db, a, 0, PAGE);
	while (page.n > 0) {
		struct accounts people = accounts_load(db, a, page.at, page.n);
		for (size_t i = 0; i < people.n; i++)
			print_person(&people.at[i]);
		int64_t last = page.at[page.n - 1];
		arena_reset(a, PAGE * 1024);
		page = fanout_accounts(db, a, last, PAGE);
	}
	db_close(db);
	return EXIT_DONE;
}

struct change {
	int64_t account;
	enum account_state state;
};

static enum err change_run(struct tx *tx, void *arg)
{
	struct change *c = arg;
	return account_state_set(tx, c->account, c->state, 0);
}

static int change_state(const struct command *self, char **argv, enum account_state state)
{
	struct str name;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, &name, 1))
		return EXIT_USAGE;
	SCOPED_STORE s = NULL;
	struct change c = {.state = state};
	if (cmd_store(&s, false) != OK || cmd_person(s, name, &c.account) != OK)
		return EXIT_FAILED;
	enum err e = tx_run(s, change_run, &c);
	return e == OK ? EXIT_DONE : cmd_failed(e, "account %.*s", (int)name.len, name.at);
}

static enum err approve_run(struct tx *tx, void *arg)
{
	return signup_approve(tx, ((struct change *)arg)->account, 0);
}

static enum err reject_run(struct tx *tx, void *arg)
{
	return signup_reject(tx, ((struct change *)arg)->account, 0);
}

/* Of somebody who waits to be let in. */
static int decide(const struct command *self, char **argv,
		  enum err (*run)(struct tx *tx, void *arg))
{
	struct str name;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, &name, 1))
		return EXIT_USAGE;
	SCOPED_STORE s = NULL;
	struct change c = {0};
	if (cmd_store(&s, false) != OK || cmd_person(s, name, &c.account) != OK)
		return EXIT_FAILED;
	enum err e = tx_run(s, run, &c);
	return e == OK ? EXIT_DONE : cmd_failed(e, "account %.*s", (int)name.len, name.at);
}

static int approve(const struct command *self, char **argv)
{
	return decide(self, argv, approve_run);
}

static int reject(const struct command *self, char **argv)
{
	return decide(self, argv, reject_run);
}

static int suspend(const struct command *self, char **argv)
{
	return change_state(self, argv, ACCOUNT_SUSPENDED);
}

static int restore(const struct command *self, char **argv)
{
	return change_state(self, argv, ACCOUNT_ACTIVE);
}

int cmd_account(const struct command *self, int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(const struct command *self, char **argv);
	} verbs[] = {{"add", add},         {"reset", reset},     {"list", list},
		     {"suspend", suspend}, {"restore", restore}, {"approve", approve},
		     {"reject", reject}};
	if (argc == 0)
		return cmd_usage(self, "what is to be done with accounts?");
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(argv[0], verbs[i].word) == 0)
			return verbs[i].run(self, argv + 1);
	return cmd_usage(self, "account %s is unknown", argv[0]);
}
