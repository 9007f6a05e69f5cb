/* SPDX-License-Identifier: MIT */
/*
 * Repeats, Kwippy's offline job: kwips of one account, source and visibility whose normalised text
 * was said before are hidden behind the first, which counts them and takes their comments. Called by the timeline
 * service for each new, edited or deleted root. The cost does not grow with history.
 */
#ifndef CORE_REPEAT_H
#define CORE_REPEAT_H

#include "store/db.h"

/* Looks at one kwip again; appends EVENT_REPEAT and EVENT_KWIP_COUNTS when something changed. Idempotent. */
enum err repeat_look(struct tx *tx, struct arena *a, int64_t kwip) MUST_USE;
/* A first one is gone: the oldest of its repeats takes its place. Called by kwip_delete. */
void repeat_gone(struct tx *tx, int64_t kwip);

#endif
