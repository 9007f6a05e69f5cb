/* SPDX-License-Identifier: MIT */
/*
 * What is done once before services start, in a process of its own so that the supervisor opens no
 * database: the database is made or brought up to date, and an empty one gets its one-time link.
 */
#include <stdio.h>

#include "base/conf.h"
#include "base/log.h"
#include "core/account.h"
#include "core/session.h"
#include "svc/settings.h"
#include "svc/supervisor.h"

enum { SETUP_DAYS = 7 };

struct setup {
	struct arena *a;
	struct str secret;
};

static enum err make_ticket(struct tx *tx, void *arg)
{
	struct setup *s = arg;
	s->secret = ticket_add(tx, s->a, TICKET_SETUP, 0, (int64_t)SETUP_DAYS * 24 * 3600 * 1000);
	return OK;
}

/* Not through the log: this line is meant for the one who starts kwipd, and holds a secret. */
static enum err print_setup_link(struct store *s, const struct svc *self)
{
	SCOPED_ARENA a = arena_new();
	struct setup setup = {.a = a};
	enum err e = tx_run(s, make_ticket, &setup);
	if (e != OK)
		return e;
	struct str url = settings_url(a, self->listen_fds, self->n_listen_fds);
	fprintf(stderr,
		"\nNobody lives here yet. Make the first account (good for %d days, once):\n\n    %.*s/setup/%.*s\n\n",
		SETUP_DAYS, (int)url.len, url.at, (int)setup.secret.len, setup.secret.at);
	return OK;
}

static int prepare_run(struct svc *self)
{
	struct store *s = NULL;
	id_node(3);
	enum err e = store_open(&s, conf.dir, true);
	if (e != OK) {
		log_error("the database in %.*s cannot be opened (%s)", (int)conf.dir.len,
			  conf.dir.at, err_name(e));
		return 1;
	}
	struct db *db = db_open(s, 256);
	bool is_empty = !account_any(db);
	db_close(db);
	if (is_empty)
		e = print_setup_link(s, self);
	store_close(s);
	return e == OK ? 0 : 1;
}

int prepare_main(const char *fds)
{
	static const struct service prepare = {.name = "prepare", .run = prepare_run};
	return service_main(&prepare, fds);
}
