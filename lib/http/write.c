/* SPDX-License-Identifier: MIT */
/*
 * Requests that change something: the job on the writer's thread and the answer after its fsync.
 * The worker is long at other work by then; what needs a reader again (pages that tell of an error)
 * goes back to one.
 */
#include "http/exchange.h"
#include "base/log.h"

#include <stddef.h>

static struct exchange *of_job(struct job *job)
{
	return (struct exchange *)(void *)((char *)job - offsetof(struct exchange, job));
}

static enum err run(struct tx *tx, struct job *job)
{
	struct exchange *x = of_job(job);

	log_doing(x->r.route->path);
	/* An earlier try of the same job may have left something. */
	buf_clear(&x->body, SIZE_MAX);
	(void)refuse("%s", "");
	enum err e = x->r.route->write(&x->r, tx, &x->out);
	/* The sentence is this thread's; it must survive the jobs that follow in the group. */
	x->r.why = e ? arena_str(x->a, str_of(err_why())) : S("");
	log_doing(NULL);
	return e;
}

static void done(struct job *job, enum err e)
{
	struct exchange *x = of_job(job);
	struct server *s = x->s;
	struct conn *c = x->conn;

	x->err = e;
	if (e == ERR_FULL || e == ERR_STORAGE)
		x->r.why = S("");
	if (e && x->r.route->format == FORMAT_PAGE) {
		porter_requeue(c);
	} else {
		if (e)
			respond_error(x, e, x->r.why);
		else
			respond(x);
		int64_t taken = x->taken;
		bool keep = x->keep_alive;
		porter_hand_back(c, taken, keep);
		exchange_put(x);
	}
	s->writing--;
}

void write_submit(struct exchange *x)
{
	struct server *s = x->s;

	x->w = NULL;
	x->r.db = NULL;
	x->conn->x = x;
	x->job = (struct job){.run = run, .done = done};
	s->writing++;
	writer_submit(s->setup.store, &x->job);
}
