/* SPDX-License-Identifier: MIT */
/*
 * Blocked addresses in memory. A change raises the version behind its commit; whoever asks next and
 * finds the list older reads it again. Reading begins with the version, so a change that comes
 * meanwhile is seen by the next one.
 */
#include "core/gate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/moderation.h"

enum { SHUT_MAX = 10000 };

struct shut {
	struct addr_block block;
	int64_t expires_at; /* 0: never */
};

static struct {
	pthread_rwlock_t lock;
	struct shut *at;
	size_t n;
	_Atomic int64_t version, read; /* read: the version that `at` holds */
	_Atomic bool touched;
} gate = {.lock = PTHREAD_RWLOCK_INITIALIZER, .version = 1};

void gate_touch(void)
{
	atomic_store(&gate.touched, true);
}

void gate_committed(void)
{
	if (atomic_exchange(&gate.touched, false))
		atomic_fetch_add(&gate.version, 1);
}

static void add(struct db_row *row, size_t *cap)
{
	struct shut s = {.expires_at = db_i64(row, 1)};
	if (!addr_block_parse(db_peek(row, 0), &s.block))
		return;
	if (gate.n == *cap) {
		*cap = *cap ? 2 * *cap : 16;
		gate.at = realloc(gate.at, *cap * sizeof *gate.at);
		if (!gate.at)
			die("out of memory");
	}
	gate.at[gate.n++] = s;
}

static void read_again(struct db *db)
{
	pthread_rwlock_wrlock(&gate.lock);
	int64_t version = atomic_load(&gate.version);
	if (atomic_load(&gate.read) != version) {
		size_t cap = 0;
		free(gate.at);
		gate.at = NULL;
		gate.n = 0;
		DB_EACH(row, db,
			"SELECT value, coalesce(expires_at, 0) FROM site_block WHERE kind = ? AND severity = ? LIMIT ?",
			A((int)BLOCK_ADDRESS), A((int)GATE_NO_ACCESS), A((int)SHUT_MAX))
			add(&row, &cap);
		/* What could not be read is read by the next one. */
		if (db_err(db) == OK)
			atomic_store(&gate.read, version);
	}
	pthread_rwlock_unlock(&gate.lock);
}

bool gate_is_shut(struct db *db, struct addr from, int64_t now)
{
	bool shut = false;
	if (atomic_load(&gate.read) != atomic_load(&gate.version))
		read_again(db);
	pthread_rwlock_rdlock(&gate.lock);
	for (size_t i = 0; i < gate.n && !shut; i++) {
		const struct shut *s = &gate.at[i];
		shut = (s->expires_at == 0 || s->expires_at > now) &&
		       addr_in_block(&s->block, from);
	}
	pthread_rwlock_unlock(&gate.lock);
	return shut;
}

enum gate_severity gate_at_signup(struct db *db, struct addr from, int64_t now)
{
	int worst = GATE_OPEN;
	DB_EACH(row, db,
		"SELECT value, severity FROM site_block WHERE kind = ? AND (expires_at IS NULL OR expires_at > ?)",
		A((int)BLOCK_ADDRESS), A(now)) {
		struct addr_block block;
		int severity = (int)db_i64(&row, 1);
		if (severity > worst && addr_block_parse(db_peek(&row, 0), &block) &&
		    addr_in_block(&block, from))
			worst = severity;
	}
	return (enum gate_severity)worst;
}

void gate_forget(void)
{
	pthread_rwlock_wrlock(&gate.lock);
	free(gate.at);
	gate.at = NULL;
	gate.n = 0;
	atomic_store(&gate.read, 0);
	pthread_rwlock_unlock(&gate.lock);
}
