/* SPDX-License-Identifier: MIT */
/*
 * The media service: makes finished files of uploads, one after another. This process has the files
 * and the database but looks at no byte of an upload; its children look, and have nothing else. A
 * row that waits is the order to work, so that what a crash left behind is done at the next start.
 */
#include <malloc.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "core/media_wait.h"
#include "store/event.h"
#include "store/files.h"
#include "svc/media_job.h"
#include "svc/service.h"

enum { POLL_MS = 1000, READER_KIB = 256, NICE = 5, RETRY_MS = 3000, CURSOR_EVERY_MS = 30000 };

struct media_service {
	struct svc *self;
	struct store *store;
	struct db *db;
	int64_t seq;      /* everything said before it is done */
	int64_t told_seq; /* as the database has it */
	int64_t told_at;
};

/* How an upload ended. */
struct ending {
	int64_t id, seq;
	enum err err;
	const struct media_result *result;
	struct str why;
};

static enum err ending_run(struct tx *tx, void *arg)
{
	const struct ending *end = arg;
	reader_move(tx, S("media"), end->seq);
	enum err e = end->err == OK ? media_finish(tx, end->id, end->result)
				    : media_fail(tx, end->id, end->why);
	/* Deleted meanwhile. */
	return e == ERR_NOT_FOUND ? OK : e;
}

static bool go_on(void *arg)
{
	struct media_service *m = arg;
	svc_beat(m->self, "decode", m->seq);
	return svc_alive(m->self);
}

/* False: it could not be told to the database and will be done again. */
static bool tell(struct media_service *m, struct ending *end)
{
	if (tx_run(m->store, ending_run, end) != OK)
		return false;
	files_upload_remove(conf.dir, end->id);
	m->told_seq = end->seq;
	svc_nudge_all(m->self);
	return true;
}

/* False: not done, for reasons that have nothing to do with the upload. */
static bool make(struct media_service *m, struct arena *a, const struct media *row)
{
	struct media_job job = {
		.a = a, .id = row->id, .role = row->role, .go_on = go_on, .go_on_arg = m};
	struct ending end = {.id = row->id, .seq = m->seq, .result = &job.result};
	int64_t begun = clock_mono_us();
	if (svc_event_is_deadly(m->self, row->id)) {
		log_error("media %lld ended the media service five times: it is given up",
			  (long long)row->id);
		end.err = refuse("The file is broken");
	} else {
		end.err = media_job_run(&job);
	}
	if (end.err != OK && end.err != ERR_INPUT)
		return false;
	if (end.err != OK)
		end.why = arena_str(a, str_of(err_why()));
	log_info("media %lld %s after %lld ms", (long long)row->id,
		 end.err == OK ? "ready" : err_why(),
		 (long long)((clock_mono_us() - begun) / 1000));
	return tell(m, &end);
}

static enum err cursor_run(struct tx *tx, void *arg)
{
	reader_move(tx, S("media"), *(const int64_t *)arg);
	return OK;
}

/* Now and then, so that the log can be pruned; what is left undone is found by its row. */
static void tell_cursor(struct media_service *m)
{
	int64_t now = clock_ms();
	if (m->seq == m->told_seq || now - m->told_at < CURSOR_EVERY_MS)
		return;
	m->told_at = now;
	if (tx_run(m->store, cursor_run, &m->seq) == OK)
		m->told_seq = m->seq;
}

/* The next upload, and how far the log had come when there was none. */
static int64_t next(struct media_service *m)
{
	db_begin(m->db);
	int64_t newest = event_newest(m->db), id = media_waiting(m->db, 0);
	db_end(m->db);
	if (db_err(m->db) != OK)
		return 0;
	if (id == 0)
		m->seq = newest;
	return id;
}

static void step(struct media_service *m)
{
	SCOPED_ARENA a = arena_new();
	struct media row;
	int64_t id = next(m);
	svc_settings_changed(m->self);
	if (id == 0) {
		tell_cursor(m);
		svc_beat(m->self, "idle", m->seq);
		svc_wait(m->self, POLL_MS);
		return;
	}
	if (!media_get(m->db, a, id, &row))
		return;
	svc_event_begin(m->self, id);
	bool done = make(m, a, &row);
	svc_event_begin(m->self, 0);
	if (!done)
		svc_wait(m->self, RETRY_MS);
}

int svc_media(struct svc *self)
{
	struct media_service m = {.self = self};
	if (nice(NICE) == -1)
		log_debug("nice: not allowed");
	mallopt(M_ARENA_MAX, 1);
	id_node(5);
	if (!sandbox_has_filter())
		log_warn("this kernel has no seccomp: decoders are held by resource limits only");
	if (store_open(&m.store, conf.dir, false) != OK)
		return 1;
	m.db = db_open(m.store, READER_KIB);
	m.seq = m.told_seq = reader_cursor(m.db, S("media"));
	while (svc_alive(self))
		step(&m);
	db_close(m.db);
	store_close(m.store);
	return 0;
}
