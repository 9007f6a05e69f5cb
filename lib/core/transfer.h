/* SPDX-License-Identifier: MIT */
/*
 * One's relations as files (CSV as Mastodon writes and reads them), to take along to another server
 * and to bring here. Reading resolves names first, in a reader's time; the changes are then made in
 * small portions so that others' writes get their turn.
 */
#ifndef CORE_TRANSFER_H
#define CORE_TRANSFER_H

#include "store/db.h"

enum transfer_kind {
	TRANSFER_FOLLOWS,
	TRANSFER_LISTS,
	TRANSFER_BLOCKS,
	TRANSFER_MUTES,
	TRANSFER_DOMAINS,
	TRANSFER_BOOKMARKS,
	TRANSFER_KINDS
};

/* "follows" "lists" "blocks" "mutes" "domain_blocks" "bookmarks" and back. */
struct str transfer_name(enum transfer_kind kind);
bool transfer_kind_of(struct str name, enum transfer_kind *kind);

/* Appends the whole file. */
void transfer_export(struct db *db, struct buf *out, int64_t account, enum transfer_kind kind);

struct transfer_row {
	int64_t target;       /* account or kwip; 0: a domain */
	struct str text;      /* list's title, or domain */
	struct str languages; /* follows */
	bool flag, notify;    /* follows: boosts shown; mutes: notices muted too */
};
struct transfer {
	int64_t account;
	enum transfer_kind kind;
	struct transfer_row *at;
	size_t n;
	struct transfer_row *gone;
	size_t n_gone;
	size_t unknown;      /* rows that name nobody here */
	size_t done, failed; /* counted by transfer_apply */
};
enum { TRANSFER_ROWS_MAX = 50000 };
/* Reads a file; a header line is known by its first cell. ERR_INPUT when it has no usable row or
 * too many. Rows point into text and the arena. */
enum err transfer_read(struct db *db, struct arena *a, struct str text,
		       struct transfer *t) MUST_USE;
/* Makes the changes of rows from..from+n. One that is refused (blocked, not followed) is counted
 * and passed over. */
void transfer_apply(struct tx *tx, struct arena *a, struct transfer *t, size_t from, size_t n);
/* Finds what the account has and the file does not name, for "replace" instead of "add": t->gone.
 * Not for lists. */
void transfer_surplus(struct db *db, struct arena *a, struct transfer *t);
/* Ends rows from..from+n of that. */
void transfer_end_surplus(struct tx *tx, struct arena *a, struct transfer *t, size_t from,
			  size_t n);

#endif
