/* SPDX-License-Identifier: MIT */
/* Spans as the queries want them, and lists of ids being filled. Shared by timeline*.c, lens_home.c
 * and conversation.c only. */
#ifndef CORE_TIMELINE_PRIVATE_H
#define CORE_TIMELINE_PRIVATE_H

#include "core/kwip_private.h"
#include "core/timeline.h"

/* Keys strictly between low and high; up: from the low end (they are turned round at the end). */
struct range {
	int64_t low, high;
	bool up;
	int limit;
};
static inline struct range range_of(struct span s)
{
	return (struct range){
		.low = s.min_id ? s.min_id : s.since_id,
		.high = s.max_id ? s.max_id : INT64_MAX,
		.up = s.min_id != 0,
		.limit = s.limit > 0 ? s.limit : 0,
	};
}

struct ids ids_new(struct arena *a, int limit);
void ids_add(struct ids *x, int64_t id, int64_t cursor);
void ids_reverse(struct ids *x);

#endif
