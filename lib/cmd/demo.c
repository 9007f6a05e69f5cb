/* SPDX-License-Identifier: MIT */
/*
 * kwipd demo: a small community in a throwaway folder, served until it is stopped. The people and
 * what they say stand in demo_people.c; here they are put in through the same doors as everybody
 * (core/).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "cmd/demo.h"
#include "core/follow.h"
#include "core/kwip.h"
#include "svc/process.h"
#include "svc/settings.h"
#include "svc/supervisor.h"

enum { LOGINS = 3, MINUTE_MS = 60 * 1000, DEMO_MAX = 64 };

struct demo {
	struct arena *a;
	int64_t people[DEMO_MAX], kwips[DEMO_MAX];
	char hash[LOGINS][PASSWORD_HASH_MAX];
	struct str password[LOGINS];
	int64_t now;
	size_t i; /* of the kwip at hand */
};

static int64_t person(const struct demo *d, const char *name)
{
	for (size_t i = 0; i < demo_people_count; i++)
		if (strcmp(demo_people[i].name, name) == 0)
			return d->people[i];
	die("nobody in the demo is called %s", name);
}

static enum err add_person(struct tx *tx, struct demo *d, size_t i)
{
	const struct demo_person *p = &demo_people[i];
	struct account_new n = {.name = str_of(p->name),
				.email = S(""),
				.password_hash = i < LOGINS ? d->hash[i] : "",
				.display_name = str_of(p->display_name),
				.language = str_of(p->language),
				.role = i == 0 ? ROLE_ADMIN : ROLE_MEMBER};
	enum err e = account_add(tx, &n, &d->people[i]);
	if (e != OK)
		return e;
	return account_edit(tx, d->people[i],
			    &(struct profile){.display_name = n.display_name,
					      .about = str_of(p->about),
					      .fields = str_of(p->fields),
					      .discoverable = true,
					      .indexable = true,
					      .bot = p->is_bot});
}

static enum err people_run(struct tx *tx, void *arg)
{
	struct demo *d = arg;
	enum err e = OK;
	for (size_t i = 0; e == OK && i < demo_people_count; i++)
		e = add_person(tx, d, i);
	return e;
}

static enum err follow_all(struct tx *tx, struct demo *d, size_t i)
{
	struct str rest = str_of(demo_people[i].follows);
	enum err e = OK;
	while (e == OK && rest.len) {
		struct str name = str_cut(&rest, ' ');
		e = follow_add(tx, d->people[i], person(d, arena_zstr(d->a, name)), true, false);
	}
	return e;
}

/* Locked only now: those who follow already were let in, the last one to ask still waits. */
static enum err follows_run(struct tx *tx, void *arg)
{
	struct demo *d = arg;
	enum err e = OK;
	for (size_t i = 0; e == OK && i < demo_people_count; i++)
		e = follow_all(tx, d, i);
	for (size_t i = 0; e == OK && i < demo_people_count; i++) {
		const struct demo_person *p = &demo_people[i];
		if (p->is_locked)
			e = account_edit(tx, d->people[i],
					 &(struct profile){.display_name = str_of(p->display_name),
							   .about = str_of(p->about),
							   .fields = str_of(p->fields),
							   .locked = true,
							   .discoverable = true,
							   .indexable = true});
	}
	return e == OK ? follow_add(tx, person(d, demo_waiting.who), person(d, demo_waiting.whom),
				    true, false)
		       : e;
}

static enum err mark_all(struct tx *tx, struct demo *d, int64_t kwip, const char *names, bool boost)
{
	struct str rest = str_of(names);
	enum err e = OK;
	while (e == OK && rest.len) {
		int64_t who = person(d, arena_zstr(d->a, str_cut(&rest, ' '))), id;
		e = boost ? kwip_boost(tx, who, kwip, VISIBLE_PUBLIC, APP_WEB, &id)
			  : kwip_mark(tx, who, kwip, MARK_FAVOURITE, true);
	}
	return e;
}

static enum err kwip_run(struct tx *tx, void *arg)
{
	struct demo *d = arg;
	const struct demo_kwip *k = &demo_kwips[d->i];
	struct draft draft = {.author = person(d, k->who),
			      .body = str_of(k->text),
			      .warning = str_of(k->warning),
			      .language = str_of(k->language),
			      .visibility = (enum visibility)k->visibility,
			      .reply_to = k->answers ? d->kwips[k->answers - 1] : 0,
			      .app = APP_WEB};
	enum err e = kwip_post(tx, d->a, &draft, &d->kwips[d->i]);
	if (e == OK)
		e = mark_all(tx, d, d->kwips[d->i], k->favourites, false);
	return e == OK ? mark_all(tx, d, d->kwips[d->i], k->boosts, true) : e;
}

static enum err say_all(struct store *s, struct demo *d)
{
	enum err e = OK;
	for (d->i = 0; e == OK && d->i < demo_kwips_count; d->i++) {
		clock_pin(d->now - (int64_t)demo_kwips[d->i].minutes_ago * MINUTE_MS);
		e = tx_run(s, kwip_run, d);
	}
	return e;
}

static enum err passwords(struct demo *d)
{
	enum err e = OK;
	for (int i = 0; e == OK && i < LOGINS; i++) {
		d->password[i] = password_make(d->a);
		e = password_hash(d->password[i], d->hash[i]);
	}
	return e;
}

static enum err fill(struct store *s, struct demo *d)
{
	d->now = clock_ms();
	enum err e = passwords(d);
	clock_pin(d->now - (int64_t)(demo_kwips[0].minutes_ago + 60) * MINUTE_MS);
	if (e == OK)
		e = tx_run(s, people_run, d);
	if (e == OK)
		e = tx_run(s, follows_run, d);
	if (e == OK)
		e = say_all(s, d);
	clock_pin(0);
	return e;
}

static void print_logins(struct demo *d)
{
	struct str url = cmd_url(d->a);
	printf("\n%zu people talk at %.*s - log in as\n\n", demo_people_count, (int)url.len,
	       url.at);
	for (int i = 0; i < LOGINS; i++)
		printf("    %-8s %.*s%s\n", demo_people[i].name, (int)d->password[i].len,
		       d->password[i].at, i == 0 ? "   (admin)" : "");
	puts("\nEverything is removed when this ends (Ctrl-C).\n");
	fflush(stdout);
}

/* In a process of its own: the supervisor that follows opens no database. */
static int prepare(void)
{
	SCOPED_ARENA a = arena_new();
	SCOPED_STORE s = NULL;
	struct demo *d = arena_take(a, sizeof *d);
	d->a = a;
	if (cmd_store(&s, true) != OK)
		return EXIT_FAILED;
	enum err e = fill(s, d);
	if (e != OK)
		return cmd_failed(e, "the sample community");
	print_logins(d);
	return EXIT_DONE;
}

static int prepare_apart(void)
{
	int status = 0, pid = fork();
	if (pid == 0) {
		int code = prepare();
		fflush(NULL);
		_exit(code);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		;
	return pid > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
}

int cmd_demo(const struct command *self, int argc, char **argv)
{
	(void)argc;
	if (!cmd_args(self, argv, &(struct cmd_option){0}, NULL, 0))
		return EXIT_USAGE;
	static char dir[] = "/tmp/kwipd-demo-XXXXXX";
	if (!mkdtemp(dir)) {
		perror("kwipd: a folder for the demo");
		return EXIT_FAILED;
	}
	settings_source.dir = dir;
	int code = settings_load() == OK ? prepare_apart() : EXIT_FAILED;
	if (code == EXIT_DONE)
		code = supervisor_run();
	folder_remove(str_of(dir));
	return code;
}
