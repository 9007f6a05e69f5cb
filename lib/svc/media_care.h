/* SPDX-License-Identifier: MIT */
/* Finished files that nothing points to any more, and uploads that nobody finished: web's care. */
#ifndef SVC_MEDIA_CARE_H
#define SVC_MEDIA_CARE_H

#include "store/db.h"

/*
 * Looks through one of the folders below DIR/media, another one each time (round counts them), and
 * removes files older than a day that no row names; also what lies in DIR/spool for longer. Whoever
 * finds the file that he wants to write there already makes its time new first.
 */
void media_care(struct store *s, unsigned round);

#endif
