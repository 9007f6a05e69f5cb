/* SPDX-License-Identifier: MIT */
/* Scheduled kwips (ScheduledStatus) and drafts: the handlers that routes_kwipd.c and
 * routes_scheduled.c name. */
#ifndef API_SCHEDULED_H
#define API_SCHEDULED_H

#include "core/schedule.h"
#include "http/route.h"

/* Puts a draft aside until scheduled_at and answers with the ScheduledStatus. */
enum err schedule_draft(struct req *r, struct tx *tx, struct answer *out, const struct draft *d,
			int64_t at);

enum err on_scheduled_list(struct req *r, struct answer *out);
enum err on_scheduled(struct req *r, struct answer *out);
enum err on_scheduled_move(struct req *r, struct tx *tx, struct answer *out);
enum err on_scheduled_end(struct req *r, struct tx *tx, struct answer *out);
enum err on_drafts(struct req *r, struct answer *out);
enum err on_draft(struct req *r, struct answer *out);
enum err on_draft_put(struct req *r, struct tx *tx, struct answer *out);
enum err on_draft_end(struct req *r, struct tx *tx, struct answer *out);

#endif
