/* SPDX-License-Identifier: MIT */
/*
 * DIR/spool: the bytes of uploads that the media service has not looked at yet, one file each,
 * "<id>.in". Written by web, read and removed by the service.
 */
#ifndef STORE_SPOOL_H
#define STORE_SPOOL_H

#include "base/arena.h"
#include "base/err.h"

/* Writes and fsyncs the bytes under a name that nobody looks for; the name goes to *name. ERR_FULL
 * or ERR_STORAGE. Slow: never on the writer's thread. */
enum err spool_write(struct arena *a, struct str dir, struct str bytes, struct str *name) MUST_USE;
/* Gives it the name under which the service finds it, before the row is committed; *name follows,
 * so that it can be done again with another id. */
enum err spool_keep(struct arena *a, struct str dir, struct str *name, int64_t id) MUST_USE;
/* What was never kept. */
void spool_drop(struct arena *a, struct str dir, struct str name);
/* Removes what has lain there for more than a day. */
void spool_prune(struct arena *a, struct str dir);

#endif
