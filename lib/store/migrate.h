/* SPDX-License-Identifier: MIT */
/* Numbered steps that bring an old file up to today's schema.sql. Called by store_open alone. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "store/db.h"

enum { SCHEMA_VERSION = 3 };

/*
 * ERR_STORAGE when the file is of a newer kwipd. Each step is one transaction; a copy
 * (kwipd.db.before-N) is made first.
 */
enum err migrate(struct store *s) MUST_USE;
/* Makes an empty file what schema.sql says. */
enum err migrate_from_nothing(struct store *s) MUST_USE;

#endif
