/* SPDX-License-Identifier: MIT */
/* Small counts that somebody shows and nobody keeps. */
#ifndef CORE_TALLY_H
#define CORE_TALLY_H

#include "store/db.h"

/* Follow requests waiting for this account. */
int64_t follow_requests_count(struct db *db, int64_t account);
#endif
