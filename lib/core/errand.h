/* SPDX-License-Identifier: MIT */
/*
 * The courier's queue: what is still to be fetched or sent. In a file of its own (courier.db), so
 * that nobody's post waits for it; how far the log was read moves in the same transaction.
 */
#ifndef CORE_ERRAND_H
#define CORE_ERRAND_H

#include "store/db.h"

extern const struct db_schema errand_schema;

enum errand_kind {
	ERRAND_PUSH = 1, /* subject: notice, target: subscription */
	ERRAND_PREVIEW,  /* subject: kwip */
	ERRAND_KINDS
};
struct errand {
	int64_t id, subject, target, made_at;
	enum errand_kind kind;
	int attempts; /* begun before */
	int revision; /* grows when it is asked for again */
};

/* Asks for it; when it waits already it is done (again) from now on. */
void errand_add(struct tx *tx, enum errand_kind kind, int64_t subject, int64_t target,
		int64_t next_at);
/* The next ones of a kind that are due, in order; at most max. */
size_t errands_due(struct db *db, enum errand_kind kind, struct errand *out, size_t max);
/* The moment of the next one; INT64_MAX when there is none. */
int64_t errand_next_at(struct db *db);
/* Counts an attempt. Whatever ends this process now, the attempt was counted. */
void errand_begin(struct tx *tx, int64_t id);
/* Not now: it was not begun. */
void errand_defer(struct tx *tx, int64_t id, int64_t next_at);
/* It is over, unless it was asked for again meanwhile. */
void errand_done(struct tx *tx, const struct errand *e);
void errand_retry(struct tx *tx, const struct errand *e, int64_t next_at);
/* After a start: what an earlier process had begun is due again. */
void errands_reset(struct tx *tx);
int64_t errands_waiting(struct db *db);

/* How far the log was read, and of which database (card_epoch); false in a new file. */
bool errand_place(struct db *db, int64_t *seq, int64_t *epoch) MUST_USE;
void errand_place_set(struct tx *tx, int64_t seq, int64_t epoch);
/* Forgets all: the log is another database's. */
void errands_drop(struct tx *tx);

#endif
