/* SPDX-License-Identifier: MIT */
/*
 * How far somebody has read a timeline, so that another device goes on there (Mastodon's markers).
 * For notices it is the same mark as the pages' (login.notices_read): setting one sets the other.
 */
#ifndef CORE_MARKER_H
#define CORE_MARKER_H

#include "store/db.h"

enum marker_of { MARKER_HOME, MARKER_NOTICES, MARKER_KINDS };

struct marker {
	int64_t last_read, version, updated_at; /* version 0: never set */
};
struct marker marker_get(struct db *db, int64_t account, enum marker_of which);
/* Also back: a client may mark as unread. Writers come one after the other, so nothing collides. */
void marker_set(struct tx *tx, int64_t account, enum marker_of which, int64_t last_read);

#endif
