/* SPDX-License-Identifier: MIT */
/* Uploads that nobody has looked at yet, for the media service. */
#ifndef CORE_MEDIA_WAIT_H
#define CORE_MEDIA_WAIT_H

#include "store/db.h"

/* The oldest one with an id above `after`; 0: none. */
int64_t media_waiting(struct db *db, int64_t after);

#endif
