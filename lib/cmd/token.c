/* SPDX-License-Identifier: MIT */
/* kwipd token NAME: a bearer token for the API, alone on one line. */
#include <stdio.h>

#include "cmd/cmd.h"
#include "core/kwip.h"
#include "core/session.h"

struct grant {
	struct arena *a;
	int64_t account;
	struct str scopes, secret;
};

static enum err grant_run(struct tx *tx, void *arg)
{
	struct grant *g = arg;
	return token_add(tx, g->a, g->account, APP_API, g->scopes, &g->secret);
}

int cmd_token(const struct command *self, int argc, char **argv)
{
	(void)argc;
	SCOPED_ARENA a = arena_new();
	struct grant g = {.a = a, .scopes = S("read write follow push")};
	struct str name;
	const struct cmd_option options[] = {{.name = "--scopes", .text = &g.scopes}, {0}};
	if (!cmd_args(self, argv, options, &name, 1))
		return EXIT_USAGE;
	if (!scopes_ok(g.scopes))
		return cmd_usage(self, "unknown scopes: %.*s", (int)g.scopes.len, g.scopes.at);
	SCOPED_STORE s = NULL;
	if (cmd_store(&s, false) != OK || cmd_person(s, name, &g.account) != OK)
		return EXIT_FAILED;
	enum err e = tx_run(s, grant_run, &g);
	if (e != OK)
		return cmd_failed(e, "a token for %.*s", (int)name.len, name.at);
	printf("%.*s\n", (int)g.secret.len, g.secret.at);
	return EXIT_DONE;
}
