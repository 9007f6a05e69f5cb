/* SPDX-License-Identifier: MIT */
/* Which page of a list is asked for: max_id, since_id, min_id and limit, as every list of the API
 * declares them. */
#ifndef API_SPAN_H
#define API_SPAN_H

#include "core/timeline.h"
#include "http/route.h"

/* standard: how many when nobody says. The order is the recent one. */
static inline struct span span_of(struct req *r, int standard)
{
	return (struct span){.max_id = param_i64(r, "max_id", 0),
			     .since_id = param_i64(r, "since_id", 0),
			     .min_id = param_i64(r, "min_id", 0),
			     .limit = (int)param_i64(r, "limit", standard),
			     .order = ORDER_RECENT};
}

#endif
