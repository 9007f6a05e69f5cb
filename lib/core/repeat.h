/* SPDX-License-Identifier: MIT */
/*
 * Repeats, Kwippy's offline job: kwips of one account, source and visibility whose normalised text
 * was said before are hidden behind the first, which counts them and takes their comments. The
 * timeline service finds who is due, web looks. The cost does not grow with history.
 */
#ifndef CORE_REPEAT_H
#define CORE_REPEAT_H

#include "core/timeline.h"

/* Looks at one kwip again; appends EVENT_REPEAT and EVENT_KWIP_COUNTS when something changed.
 * Idempotent. */
enum err repeat_look(struct tx *tx, struct arena *a, int64_t kwip) MUST_USE;
/* Would repeat_look change anything? For finding out without the write lock. */
bool repeat_is_due(struct db *db, struct arena *a, int64_t kwip);
/* A first one is gone: the oldest of its repeats takes its place. Called by kwip_delete. */
void repeat_gone(struct tx *tx, int64_t kwip);
/* The later kwips that say what this one said first, newest first, as viewer may see them. */
struct ids repeats_of(struct db *db, struct arena *a, struct span s, int64_t viewer, int64_t kwip);

#endif
