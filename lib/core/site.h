/* SPDX-License-Identifier: MIT */
/*
 * The data folder as a whole: its facts (table meta), how far the log's readers are, and whether
 * the counts that we keep are true. For the services' frame and for commands; no request asks here.
 */
#ifndef CORE_SITE_H
#define CORE_SITE_H

#include "base/crypt.h"
#include "store/db.h"

/* The key that signs CSRF tokens (meta.secret). Dies when it is not there: every file is made with
 * one. */
struct hash site_secret(struct db *db);
/* Which database this is: another number after every restore. */
int64_t site_epoch(struct db *db);
/* A restored copy is another database: what was made from the old one is not to be used. Removes
 * the log's cursors and what was parked. */
enum err site_new_epoch(struct tx *tx) MUST_USE;

struct site_reader {
	struct str name;
	int64_t seq, at;
};
struct site_readers {
	struct site_reader *at;
	size_t n;
};
struct site_readers site_readers(struct db *db, struct arena *a);
struct site_parked {
	struct str reader, reason;
	int64_t seq, at;
};
struct site_parked_list {
	struct site_parked *at;
	size_t n;
};
struct site_parked_list site_parked(struct db *db, struct arena *a); /* newest first, at most 100 */

/* Counts everything again and compares. Appends a line for each kind of count that is wrong
 * somewhere; returns how many kinds. */
int site_check_counts(struct db *db, struct buf *report);

#endif
