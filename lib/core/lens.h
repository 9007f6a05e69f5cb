/* SPDX-License-Identifier: MIT */
/*
 * A request's exact view through the timeline cache (DESIGN section 4). The cache reflects the log
 * up to W; the lens asks the log for what is newer than W and knows from it which cards, feeds and
 * marks are out of date: those it does not hand out, and home it merges from SQL. Without a cache,
 * or too far behind, everything comes from SQL: slower, never different.
 */
#ifndef CORE_LENS_H
#define CORE_LENS_H

#include "core/card.h"
#include "core/timeline.h"
#include "store/cache.h"

struct lens;

/* Once per process: where the cache is. Opened when first asked for, reopened when replaced. */
void lens_use(struct str dir, int64_t cap_bytes);
/* Called with the id of each kwip whose card was asked for and not there: somebody may make it. Any
 * thread. */
void lens_on_miss(void (*fn)(void *arg, int64_t kwip), void *arg);
/* Once a second: notices a removed or new cache folder. Any thread. */
void lens_tick(void);
void lens_forget(void); /* at the end: closes the cache */

/* Opens a view inside db's snapshot (db_begin first). Never fails: at worst it holds no cache. */
struct lens *lens_open(struct db *db, struct arena *a);
/* One that holds no cache on purpose: for a writer's answer, which shows what no cache can know
 * yet. */
struct lens *lens_blank(struct db *db, struct arena *a);
void lens_close(struct lens *l);
void lens_close_ptr(struct lens **l);
#define SCOPED_LENS __attribute__((cleanup(lens_close_ptr))) struct lens *

/* Home of viewer, exactly timeline_home(), from the feed when it can. */
struct ids lens_home(struct lens *l, struct span s, int64_t viewer, bool show_repeats);
/* The stored card of a kwip (CACHE_CARD or CACHE_PAGE); false when missing or out of date: load and
 * render it. Views live until lens_close. */
bool lens_card(struct lens *l, enum cache_kind kind, int64_t kwip, struct card *out);
bool lens_account(struct lens *l, int64_t account, struct card *out);
/* Bits (enum mark) of viewer for each kwip; conversations[i] is the root's id for MARK_MUTE. */
void lens_marks(struct lens *l, int64_t viewer, const int64_t *kwips, const int64_t *conversations,
		size_t n, int *bits);
/* W, the newest seq, and whether feeds are in use: for status and tests. */
struct lens_state {
	bool has_cache, ready;
	int64_t seq, newest;
};
struct lens_state lens_state(const struct lens *l);

#endif
