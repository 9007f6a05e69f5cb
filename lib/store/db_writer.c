/* SPDX-License-Identifier: MIT */
/*
 * The one writer of a process: jobs are savepoints within one transaction, one fsync serves all
 * who wait (group commit). Also ids, which are made under the writer's hands.
 */
#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/db_private.h"

/*
 * A group ends when the queue is empty or at one of these. The WAL is folded into the database
 * when nobody waits (IDLE pages), or between two groups when it grew by BUSY pages; a fold that a
 * reader kept from its end is tried again AGAIN pages later, beyond FORCE pages with some waiting
 * for readers.
 */
enum {
	GROUP_JOBS = 256,
	GROUP_US = 8000,
	FOLD_IDLE_PAGES = 500,
	FOLD_BUSY_PAGES = 8000,
	FOLD_AGAIN_PAGES = 1000,
	FOLD_FORCE_PAGES = 12000
};
enum { IDLE_MS = 50, REST_MS = 5000 };

struct group {
	struct job *first, **end;
	int jobs, kept;
	int64_t began_us;
	enum err lost; /* why nothing of the group is kept */
};

static _Atomic int64_t last_id; /* 48 bits of milliseconds, 12 of sequence */
static _Atomic unsigned node_of_ids;

void id_node(unsigned node)
{
	if (node > 15)
		die("id_node %u", node);
	atomic_store(&node_of_ids, node);
}

int64_t id_at(int64_t ms)
{
	return ms << 16;
}

int64_t id_ms(int64_t id)
{
	return id >> 16;
}

int64_t tx_id(struct tx *tx)
{
	(void)tx; /* the right to write is what makes the order of ids the order of commits */
	int64_t least = clock_ms() << 12;
	int64_t last = atomic_load(&last_id), next;
	do {
		/* More than 4096 in a millisecond borrow from the next one. */
		next = last + 1 > least ? last + 1 : least;
	} while (!atomic_compare_exchange_weak(&last_id, &last, next));
	return (next >> 12) << 16 | (int64_t)atomic_load(&node_of_ids) << 12 | (next & 0xfff);
}

struct db *tx_db(struct tx *tx)
{
	return tx->db;
}

int64_t tx_now(const struct tx *tx)
{
	return tx->now;
}

enum err tx_err(const struct tx *tx)
{
	return tx->err;
}

static bool is_in_transaction(struct db *db)
{
	return !sqlite3_get_autocommit(db->sqlite);
}

static void undo_all(struct db *db)
{
	db_reset_all(db);
	if (is_in_transaction(db) && db_control(db, DB_SQL("ROLLBACK")))
		die("cannot roll back: %s", sqlite3_errmsg(db->sqlite));
}

/* Runs one job in its savepoint. Returns what loses the whole group, if anything. */
static enum err job_run(struct store *s, struct job *job)
{
	struct db *db = s->writer;
	struct tx tx = {.store = s, .db = db, .now = clock_ms()};
	int rc = db_control(db, DB_SQL("SAVEPOINT job"));
	if (rc)
		return db_trouble(db, rc, "savepoint");
	db->tx = &tx;
	enum err e = job->run(&tx, job);
	db->tx = NULL;
	db_reset_all(db);
	job->err = tx.err ? tx.err : e;
	if (!is_in_transaction(db))
		return tx.err ? tx.err : ERR_STORAGE;
	if (job->err)
		rc = db_control(db, DB_SQL("ROLLBACK TO job"));
	rc = rc ? rc : db_control(db, DB_SQL("RELEASE job"));
	return rc ? db_trouble(db, rc, "end of savepoint") : OK;
}

static struct job *queue_take(struct store *s)
{
	pthread_mutex_lock(&s->queue_lock);
	struct job *job = s->queue;
	if (job)
		s->queue = job->next;
	if (!s->queue)
		s->queue_end = &s->queue;
	pthread_mutex_unlock(&s->queue_lock);
	return job;
}

static void group_add(struct group *g, struct job *job)
{
	job->next = NULL;
	job->err = OK;
	*g->end = job;
	g->end = &job->next;
	g->jobs++;
}

/* Takes jobs from the queue, or only the one given; runs them until the group is full or lost. */
static void group_fill(struct store *s, struct group *g, struct job *only)
{
	bool open = g->lost == OK;
	while (g->jobs < GROUP_JOBS) {
		struct job *job = only ? only : queue_take(s);
		if (!job)
			return;
		group_add(g, job);
		if (open)
			g->lost = job_run(s, job);
		g->kept += g->lost == OK && job->err == OK;
		if (only || (open && (g->lost || clock_mono_us() - g->began_us > GROUP_US)))
			return;
	}
}

static void group_commit(struct store *s, struct group *g)
{
	int rc = g->lost ? SQLITE_OK : db_control(s->writer, DB_SQL("COMMIT"));
	if (rc)
		g->lost = db_trouble(s->writer, rc, "commit");
	undo_all(s->writer);
}

static void group_answer(struct store *s, struct group *g)
{
	if (!g->lost && g->kept > 0 && s->on_commit)
		s->on_commit(s->on_commit_arg);
	for (struct job *job = g->first, *next; job; job = next) {
		next = job->next; /* done() may free the job */
		job->done(job, g->lost ? g->lost : job->err);
	}
}

static void group_run(struct store *s, struct job *only)
{
	struct group g = {.first = NULL};
	g.end = &g.first;
	pthread_mutex_lock(&s->write_lock);
	int rc = db_control(s->writer, DB_SQL("BEGIN IMMEDIATE"));
	if (rc)
		g.lost = db_trouble(s->writer, rc, "begin");
	g.began_us = clock_mono_us(); /* not the wait for other processes */
	group_fill(s, &g, only);
	group_commit(s, &g);
	pthread_mutex_unlock(&s->write_lock);
	group_answer(s, &g);
}

int wal_note(void *arg, struct sqlite3 *sqlite, const char *name, int pages)
{
	(void)sqlite, (void)name;
	struct store *s = arg;
	if (pages < s->wal_pages)
		s->wal_folded = 0; /* it was started over */
	s->wal_pages = pages;
	return SQLITE_OK;
}

void wal_fold(struct store *s, int pages)
{
	if (s->wal_pages - s->wal_folded < pages)
		return;
	int mode = s->wal_pages > FOLD_FORCE_PAGES ? SQLITE_CHECKPOINT_RESTART
						   : SQLITE_CHECKPOINT_PASSIVE;
	int in_wal = 0, folded = 0;
	s->writer->patience_ms = DB_FOLD_BUSY_MS;
	int rc = sqlite3_wal_checkpoint_v2(s->writer->sqlite, NULL, mode, &in_wal, &folded);
	s->writer->patience_ms = DB_BUSY_MS;
	if (rc && rc != SQLITE_BUSY)
		log_warn("checkpoint: %s", sqlite3_errmsg(s->writer->sqlite));
	bool whole = rc == SQLITE_OK && folded >= in_wal;
	s->wal_folded = whole ? s->wal_pages : s->wal_pages - FOLD_BUSY_PAGES + FOLD_AGAIN_PAGES;
}

static void fold_locked(struct store *s, int pages)
{
	pthread_mutex_lock(&s->write_lock);
	wal_fold(s, pages);
	pthread_mutex_unlock(&s->write_lock);
}

/* Waits for jobs at most ms (for ever when negative); false when there are none. */
static bool queue_wait(struct store *s, int ms)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)ms % 1000 * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&s->queue_lock);
	int rc = 0;
	while (!s->queue && !s->stopping && rc == 0) {
		rc = ms < 0 ? pthread_cond_wait(&s->queue_filled, &s->queue_lock)
			    : pthread_cond_timedwait(&s->queue_filled, &s->queue_lock, &until);
	}
	bool filled = s->queue != NULL;
	pthread_mutex_unlock(&s->queue_lock);
	return filled;
}

/*
 * Nobody waits: fold the WAL, and later give the cache back. Returns when there are jobs or the
 * end is near.
 */
static bool idle(struct store *s)
{
	if (queue_wait(s, IDLE_MS))
		return true;
	fold_locked(s, FOLD_IDLE_PAGES);
	if (queue_wait(s, REST_MS))
		return true;
	fold_locked(s, 1);
	pthread_mutex_lock(&s->write_lock);
	db_shrink(s->writer);
	pthread_mutex_unlock(&s->write_lock);
	return queue_wait(s, -1);
}

static void *writer_main(void *arg)
{
	struct store *s = arg;
	while (idle(s)) {
		do {
			group_run(s, NULL);
			fold_locked(s, FOLD_BUSY_PAGES);
		} while (queue_wait(s, 0));
	}
	return NULL;
}

void writer_start(struct store *s)
{
	s->running = true;
	if (pthread_create(&s->thread, NULL, writer_main, s))
		die("cannot start the writer's thread");
	pthread_setname_np(s->thread, "writer");
}

void writer_stop(struct store *s)
{
	if (!s->running)
		return;
	pthread_mutex_lock(&s->queue_lock);
	s->stopping = true;
	pthread_cond_signal(&s->queue_filled);
	pthread_mutex_unlock(&s->queue_lock);
	pthread_join(s->thread, NULL);
	s->running = false;
}

void writer_submit(struct store *s, struct job *job)
{
	job->next = NULL;
	pthread_mutex_lock(&s->queue_lock);
	bool was_empty = s->queue == NULL;
	*s->queue_end = job;
	s->queue_end = &job->next;
	if (was_empty)
		pthread_cond_signal(&s->queue_filled);
	pthread_mutex_unlock(&s->queue_lock);
}

void writer_on_commit(struct store *s, void (*fn)(void *arg), void *arg)
{
	s->on_commit = fn;
	s->on_commit_arg = arg;
}

struct waiting {
	struct job job; /* first: done() gets its address */
	enum err (*run)(struct tx *tx, void *arg);
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t over;
	bool is_over;
	enum err err;
};

static enum err waiting_run(struct tx *tx, struct job *job)
{
	struct waiting *w = (struct waiting *)job;
	return w->run(tx, w->arg);
}

static void waiting_done(struct job *job, enum err e)
{
	struct waiting *w = (struct waiting *)job;
	pthread_mutex_lock(&w->lock);
	w->err = e;
	w->is_over = true;
	pthread_cond_signal(&w->over);
	pthread_mutex_unlock(&w->lock);
}

enum err tx_run(struct store *s, enum err (*run)(struct tx *tx, void *arg), void *arg)
{
	struct waiting w = {
		.job = {.run = waiting_run, .done = waiting_done}, .run = run, .arg = arg};
	if (s->running && pthread_equal(pthread_self(), s->thread))
		die("tx_run on the writer's thread would wait for itself");
	pthread_mutex_init(&w.lock, NULL);
	pthread_cond_init(&w.over, NULL);
	if (s->running) {
		writer_submit(s, &w.job);
	} else {
		group_run(s, &w.job);
		fold_locked(s, FOLD_BUSY_PAGES);
	}
	pthread_mutex_lock(&w.lock);
	while (!w.is_over)
		pthread_cond_wait(&w.over, &w.lock);
	pthread_mutex_unlock(&w.lock);
	pthread_cond_destroy(&w.over);
	pthread_mutex_destroy(&w.lock);
	return w.err;
}
