/* SPDX-License-Identifier: MIT */
/*
 * Where this process's settings come from: what the command line said is kept, so that SIGHUP can
 * read them again and the supervisor can hand them to its services.
 */
#ifndef SVC_SETTINGS_H
#define SVC_SETTINGS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"

struct settings_source {
	const char *file, *dir, *listen; /* -c, -d, -l; NULL: not given */
};
extern struct settings_source settings_source;

/* Reads everything into conf. Mistakes have been printed to stderr when it is not OK. */
enum err settings_load(void) MUST_USE;
/* Would settings_load succeed now? Logs the mistakes of the file; conf stays as it is. */
bool settings_are_good(void);
/* The whole settings file, "" when none was named; ERR_NOT_FOUND after a log line when it cannot be
 * read. */
enum err settings_text(struct arena *a, struct str *text) MUST_USE;
enum log_level settings_log_level(void);
/* Where people find the site: base_url, else made from the first listening socket, else from the
 * setting listen. */
struct str settings_url(struct arena *a, const int *listen_fds, int n);

#endif
