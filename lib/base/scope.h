/* SPDX-License-Identifier: MIT */
/*
 * What a scope of the API covers: "read" stands for all of "read:...", "follow" for reading and
 * writing follows, blocks and mutes. Which scopes there are is core/token.c's business, who needs
 * which stands in the route table.
 */
#ifndef BASE_SCOPE_H
#define BASE_SCOPE_H

#include "base/str.h"

/* The next word of a list separated by white space; empty at the end. */
struct str scope_next(struct str *rest);
/* Does one of the granted words cover the wanted one? */
bool scope_covers(struct str granted, struct str want);
/* Are all wanted words covered? An empty list of wants is. */
bool scope_covers_all(struct str granted, struct str wants);

#endif
