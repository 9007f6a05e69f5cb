/* SPDX-License-Identifier: MIT */
/*
 * What the site tells about itself to whoever asks: who answers for it, how busy it is. Read
 * by the API's instance and discovery endpoints; all of it may be shared by visitors.
 */
#ifndef CORE_ABOUT_H
#define CORE_ABOUT_H

#include "store/db.h"

/* The first admin who is still here; 0: none. */
int64_t about_contact(struct db *db);

/* When the data folder was made, ms. */
int64_t about_founded(struct db *db);

/* Local people with a kwip in the last so many days. */
int64_t about_active(struct db *db, int64_t now, int days);

enum { ABOUT_WEEKS = 12 };
struct about_week {
	int64_t from; /* ms */
	int64_t statuses, logins, registrations;
};
/* The newest week first; a week begins on Monday, UTC. statuses counts public kwips that are no
 * comments, logins people by their last login. */
void about_weeks(struct db *db, int64_t now, struct about_week out[ABOUT_WEEKS]);

#endif
