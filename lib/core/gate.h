/* SPDX-License-Identifier: MIT */
/*
 * Whom the site lets in by the address they come from: moderators' blocks of addresses
 * (core/moderation.h, BLOCK_ADDRESS). Those that keep somebody out altogether are asked for every
 * request, so they stand in memory and are read again only after a change.
 */
#ifndef CORE_GATE_H
#define CORE_GATE_H

#include "base/addr.h"
#include "store/db.h"

/* In the order in which they are kept; the higher one counts where several fit. */
enum gate_severity { GATE_APPROVAL, GATE_NO_SIGNUP, GATE_NO_ACCESS, GATE_OPEN = -1 };

/* Is every request from there refused? db: outside a snapshot, or it may read what was true before.
 */
bool gate_is_shut(struct db *db, struct addr from, int64_t now);
/* What a sign-up from there meets: one statement. */
enum gate_severity gate_at_signup(struct db *db, struct addr from, int64_t now);

/* For who changes blocks, inside the transaction; and for who hears of each commit, behind it. */
void gate_touch(void);
void gate_committed(void);
void gate_forget(void); /* at the end */

#endif
