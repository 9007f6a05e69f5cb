/* SPDX-License-Identifier: MIT */
/*
 * The search service's own file (search.db): the words of kwips and people, and what is talked
 * about. It is written by that service alone and can be made again from the main database at any
 * time. It decides nothing: who may see a kwip is asked of the main database whenever one is found
 * (core/find.h).
 */
#ifndef CORE_INDEX_H
#define CORE_INDEX_H

#include "store/db.h"

extern const struct db_schema index_schema;

/* How far it reflects the main database. */
struct index_place {
	int64_t seq;         /* the log was read up to here */
	int64_t epoch;       /* of which database (site_epoch) */
	int64_t below, from; /* kwips in [from, below) are still to be taken in; below 0: none */
	int64_t people;      /* so are people above this id; -1: none */
	int64_t done, total; /* of that work, in kwips */
};
/* False in a new file. */
bool index_place(struct db *db, struct index_place *out) MUST_USE;
void index_place_set(struct tx *tx, const struct index_place *p);

/*
 * Brings what the index knows of these kwips to what the main database says now: new, changed,
 * gone. Which they are does not matter, nor how often it is done. Boosts have no words.
 */
void index_kwips(struct tx *tx, struct db *main, const int64_t *ids, size_t n);
void index_people(struct tx *tx, struct db *main, const int64_t *ids, size_t n);
/* The next ids to take in: kwips from the newest down, people upwards. */
size_t index_next_kwips(struct db *main, const struct index_place *p, int64_t *ids, size_t max);
size_t index_next_people(struct db *main, const struct index_place *p, int64_t *ids, size_t max);

/* Reading, by expressions of core/query.h. A kwip's edited_at tells which of its texts was kept. */
struct index_hit {
	int64_t id, edited_at;
};
/* Newest first, ids between low and high. */
size_t index_find(struct db *db, struct str match, int64_t low, int64_t high, struct index_hit *out,
		  size_t max);
/* Ids of people, the most followed first. */
size_t index_find_people(struct db *db, struct str match, int64_t *out, size_t max);

/* Things talked about, the most first. of: a tag, a kwip, a link preview. */
enum trend_kind { TREND_TAG, TREND_KWIP, TREND_LINK };
struct trend {
	int64_t of;
	double score;
};
void index_trends_set(struct tx *tx, enum trend_kind kind, const struct trend *all, size_t n);
size_t index_trends(struct db *db, enum trend_kind kind, struct trend *out, size_t max);

/*
 * The file as a process reads it that does not write it. Once: where it is. Then a connection for
 * whoever asks; NULL when there is no such file (any more), or a broken one. Another file in its
 * place is noticed.
 */
void index_use(struct str dir);
struct db *index_take(void);
void index_give(struct db *db); /* NULL is fine */
/* Closes what is kept open. */
void index_forget(void);
void index_give_ptr(struct db **db);
#define SCOPED_INDEX __attribute__((cleanup(index_give_ptr))) struct db *

#endif
