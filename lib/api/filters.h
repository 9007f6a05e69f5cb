/* SPDX-License-Identifier: MIT */
/* Handlers of lib/api/filters.c and filters_v1.c, and what the two share. */
#ifndef API_FILTERS_H
#define API_FILTERS_H

#include "base/json.h"
#include "core/filter.h"
#include "http/route.h"

#define READS(name) enum err name(struct req *r, struct answer *out)
#define WRITES(name) enum err name(struct req *r, struct tx *tx, struct answer *out)

READS(on_filters);
READS(on_filter);
WRITES(on_filter_add);
WRITES(on_filter_edit);
WRITES(on_filter_delete);
READS(on_filter_keywords);
WRITES(on_filter_keyword_add);
READS(on_filter_keyword);
WRITES(on_filter_keyword_edit);
WRITES(on_filter_keyword_delete);
READS(on_filter_statuses);
WRITES(on_filter_status_add);
READS(on_filter_status);
WRITES(on_filter_status_delete);

READS(on_filters_v1);
READS(on_filter_v1);
WRITES(on_filter_v1_add);
WRITES(on_filter_v1_edit);
WRITES(on_filter_v1_delete);

#undef READS
#undef WRITES

/* "Filter"; with its keywords and statuses, taken from lists (NULL: without). */
void entity_filter(struct jw *w, const struct filter *f, const struct filters *lists);
void entity_filter_keyword(struct jw *w, const struct filter_word *k);
void entity_filter_status(struct jw *w, const struct filter_kwip *k);
void entity_filter_contexts(struct jw *w, int contexts);
/* Reads context[] and expires_in into f; what was not sent stays. refuse()s what is neither. */
enum err filter_sent(struct req *r, struct filter *f) MUST_USE;
/* {} when e is OK; returns e. */
enum err filter_done(struct answer *out, enum err e);

#endif
