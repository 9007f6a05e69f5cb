/* SPDX-License-Identifier: MIT */
/* What lens.c and lens_home.c share: the opened view and its sets of stale ids. Nobody else
 * includes this. */
#ifndef CORE_LENS_PRIVATE_H
#define CORE_LENS_PRIVATE_H

#include <stdlib.h>

#include "core/lens.h"
#include "core/idset.h"
#include "store/event.h"

enum { MEMO_SLOTS = 64 };

struct source;
struct card_memo {
	enum cache_kind kind;
	struct card card;
};
struct lens {
	struct db *db;
	struct arena *a;
	struct source *source;
	struct cache_read *read; /* NULL: no cache for this request */
	struct cache_meta meta;
	int64_t newest;
	struct event *unseen; /* newer than the cache */
	size_t n_unseen;
	struct idset stale_kwips, stale_accounts;
	struct card_memo *memo;
};

#endif
