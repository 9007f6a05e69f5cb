/* SPDX-License-Identifier: MIT */
/* Handlers of one status that handlers.h does not name, and of polls. */
#ifndef API_STATUSES_H
#define API_STATUSES_H

#include "core/kwip.h"
#include "core/lens.h"
#include "http/route.h"

/* One Status as the writing transaction has it: no card can know of that yet. */
enum err answer_changed(struct req *r, struct tx *tx, struct answer *out, int64_t id) MUST_USE;
/* What the parameters media_ids[] say; refuse()s what is no id. */
enum err sent_media(struct req *r, const int64_t **ids, size_t *n) MUST_USE;
/* media_attributes[]: new words and centres; refuse()s what is no id or no "x,y". */
enum err sent_remarks(struct req *r, const struct media_remark **out, size_t *n) MUST_USE;
/* What poll[...] says; NULL when there are no options. Blank options are passed over. */
const struct poll_draft *sent_poll(struct req *r);
/* quote_approval_policy: *has is false when it was not sent. refuse()s other words. */
enum err sent_policy(struct req *r, bool *has, enum quote_policy *p) MUST_USE;

#define READS(name) enum err name(struct req *r, struct answer *out)
#define WRITES(name) enum err name(struct req *r, struct tx *tx, struct answer *out)

READS(on_statuses);
READS(on_status_source);
READS(on_status_history);
READS(on_status_favourited_by);
READS(on_status_reblogged_by);
READS(on_status_quotes);
READS(on_status_card);
WRITES(on_status_translate);
WRITES(on_status_pin);
WRITES(on_status_unpin);
WRITES(on_status_policy);
WRITES(on_quote_revoke);
READS(on_poll);
WRITES(on_poll_vote);

#undef READS
#undef WRITES

#endif
