/* SPDX-License-Identifier: MIT */
/*
 * The timeline cache in LMDB: feeds, cards, marks. Only the timeline service writes it; web reads.
 * It is a cache: deleting the folder at any moment loses nothing, a reader then sees "no cache"
 * until it is made anew. lmdb.h is included by cache.c alone. Records are checked when read
 * (sizes, a magic): a corrupt one counts as missing.
 */
#ifndef STORE_CACHE_H
#define STORE_CACHE_H

#include "base/err.h"
#include "base/str.h"
#include "base/arena.h"

struct cache;
struct cache_read;  /* a reader's snapshot; one thread */
struct cache_write; /* the writer's transaction */

enum cache_kind {
	CACHE_CARD,    /* kwip id -> struct card_head + parts */
	CACHE_PAGE,    /* kwip id -> HTML of it */
	CACHE_ACCOUNT, /* account id -> struct account_head + JSON + HTML */
	CACHE_RECENT,  /* account id -> int64_t ids, descending */
	CACHE_ACTIVE,  /* account id -> struct active_entry, descending by activity */
	CACHE_MARK,    /* (account, kwip) -> enum mark bits */
	CACHE_KINDS
};

struct active_entry {
	int64_t activity; /* id of the last comment, or of the kwip itself */
	int64_t kwip;
};

/* What the whole cache is about; committed with every write. */
struct cache_meta {
	int64_t seq;        /* W: the last event reflected */
	int64_t epoch;      /* of the database this was made from (meta.epoch there) */
	int64_t mark_floor; /* marks of kwips below this id are not held */
	int64_t ready;      /* 0 while being made from nothing: feeds are not to be trusted */
};

/*
 * Opens DIR/cache for reading or writing. For reading ERR_NOT_FOUND when it is not there yet (try
 * again later: cheap). cap_bytes bounds the file (the map); the writer trims below it.
 */
enum err cache_open(struct cache **c, struct str dir, bool writer, int64_t cap_bytes) MUST_USE;
void cache_close(struct cache *c);
/*
 * True when the folder was removed or replaced since cache_open, or proved damaged: close and open
 * again. One stat(2). One process may have it open once at a time only (LMDB's locks end with the
 * first close).
 */
bool cache_is_stale(struct cache *c);
/* Removes DIR/cache's files, open somewhere or not: who has them open notices (cache_is_stale). */
void cache_discard(struct str dir);
/*
 * The writer, between transactions: gives back what LMDB keeps of the largest one (its pool of
 * dirty pages is never freed otherwise). Views taken before are void.
 */
enum err cache_slim(struct cache *c) MUST_USE;
/* Lets the mapped pages go out of this process (they stay in the system's cache). */
void cache_relax(struct cache *c);
struct cache_sizes {
	int64_t bytes, cap_bytes, entries[CACHE_KINDS];
};
struct cache_sizes cache_sizes(struct cache *c);
const char *cache_version(void);

/* A snapshot. Values read stay valid, zero copy, until cache_read_end. */
enum err cache_read_begin(struct cache *c, struct cache_read **r) MUST_USE;
void cache_read_end(struct cache_read *r); /* NULL is fine */
bool cache_meta(struct cache_read *r, struct cache_meta *m);
/*
 * The value of a key; false when absent. Values may stand at any address: read numbers out of them
 * with memcpy.
 */
bool cache_get(struct cache_read *r, enum cache_kind kind, int64_t key, struct str *value);
int cache_mark(struct cache_read *r, int64_t account, int64_t kwip); /* bits, 0 when absent */
/* All marks of an account on kwips from low to high, ascending; -1 when there are more than most.
 */
struct cache_mark_row {
	int64_t kwip;
	int bits;
};
int cache_marks(struct cache_read *r, int64_t account, const int64_t range[2],
		struct cache_mark_row *rows, int most);

/*
 * The writer's transaction: put, delete, then commit with the new meta (or abort). ERR_FULL: the
 * map (or the disk) is full, and nothing of this transaction can be kept: cache_abort, then trim
 * in a new one.
 */
enum err cache_write_begin(struct cache *c, struct cache_write **w) MUST_USE;
enum err cache_put(struct cache_write *w, enum cache_kind kind, int64_t key,
		   struct str value) MUST_USE;
bool cache_peek(struct cache_write *w, enum cache_kind kind, int64_t key,
		struct str *value); /* valid until the next put/delete */
void cache_delete(struct cache_write *w, enum cache_kind kind, int64_t key);
enum err cache_mark_put(struct cache_write *w, int64_t account, int64_t kwip,
			int bits) MUST_USE; /* bits 0 deletes */
/*
 * Deletes the n smallest keys of CARD (and their PAGE); returns the smallest key left, 0 when none
 * is.
 */
int64_t cache_drop_oldest(struct cache_write *w, int n);
/*
 * Deletes marks of kwips below floor, at most n looked at; the next call goes on behind them,
 * round and round.
 */
void cache_drop_marks(struct cache_write *w, int64_t floor, int n);
void cache_clear(struct cache_write *w);                                    /* everything */
enum err cache_commit(struct cache_write *w, struct cache_meta m) MUST_USE; /* ends w either way */
void cache_abort(struct cache_write *w);

#endif
