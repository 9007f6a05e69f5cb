/* SPDX-License-Identifier: MIT */
/*
 * Connections to search.db for those who only read it. A few are kept: opening one costs more than
 * most searches. A file that was taken away, replaced or damaged is let go at once.
 */
#include <pthread.h>

#include "base/err.h"
#include "core/index.h"

enum { KEPT_MAX = 2, OPEN_MAX = 64, CACHE_KIB = 512 };

/* Which file a connection is of. */
struct held {
	struct db *db;
	int64_t inode;
	bool is_out; /* somebody reads through it */
};
static struct {
	pthread_mutex_t lock;
	struct str dir;
	struct held held[OPEN_MAX];
} place = {.lock = PTHREAD_MUTEX_INITIALIZER};

void index_use(struct str dir)
{
	place.dir = dir;
}

/* A kept one of this file; those of another are closed on the way. */
static struct db *take_kept(int64_t inode)
{
	struct db *found = NULL;
	pthread_mutex_lock(&place.lock);
	for (size_t i = 0; i < OPEN_MAX; i++) {
		struct held *h = &place.held[i];
		if (!h->db || h->is_out)
			continue;
		if (h->inode != inode) {
			db_close(h->db);
			*h = (struct held){0};
		} else if (!found) {
			found = h->db;
			h->is_out = true;
		}
	}
	pthread_mutex_unlock(&place.lock);
	return found;
}

static bool note(struct db *db, int64_t inode)
{
	bool noted = false;
	pthread_mutex_lock(&place.lock);
	for (size_t i = 0; i < OPEN_MAX && !noted; i++) {
		if (place.held[i].db)
			continue;
		place.held[i] = (struct held){db, inode, true};
		noted = true;
	}
	pthread_mutex_unlock(&place.lock);
	return noted;
}

struct db *index_take(void)
{
	if (!place.dir.len)
		return NULL;
	int64_t inode = store_file_inode(place.dir, &index_schema);
	struct db *db = take_kept(inode);
	if (db || inode == 0)
		return db;
	db = db_open_file(place.dir, &index_schema, CACHE_KIB, &inode);
	if (!db || note(db, inode))
		return db;
	db_close(db);
	return NULL;
}

void index_give(struct db *db)
{
	size_t kept = 0;
	if (!db)
		return;
	/* What went wrong was logged where it did, and the answer was short. */
	bool broken = db_err(db) != OK || db_is_broken(db);
	pthread_mutex_lock(&place.lock);
	for (size_t i = 0; i < OPEN_MAX; i++)
		kept += place.held[i].db && !place.held[i].is_out;
	for (size_t i = 0; i < OPEN_MAX; i++) {
		struct held *h = &place.held[i];
		if (h->db != db)
			continue;
		h->is_out = false;
		if (broken || kept >= KEPT_MAX) {
			db_close(db);
			*h = (struct held){0};
		}
	}
	pthread_mutex_unlock(&place.lock);
}

void index_give_ptr(struct db **db)
{
	index_give(*db);
}

void index_forget(void)
{
	(void)take_kept(-1);
}
