/* SPDX-License-Identifier: MIT */
/*
 * What is talked about: hashtags, kwips and links of the last days, by how many different people
 * had to do with each, the latest counting most. The search service counts now and then and keeps
 * the result in its own file (core/index.h); whether a thing may be shown, and to whom, is asked of
 * the main database at the moment of the answer.
 *
 * Only public kwips of people who are active, discoverable and not limited count; sensitive ones
 * and answers are no trends themselves. Fewer than TREND_PEOPLE_MIN people make none.
 */
#ifndef CORE_TREND_H
#define CORE_TREND_H

#include "core/index.h"
#include "core/preview.h"
#include "core/tag.h"

enum { TRENDS_MAX = 100, TREND_PEOPLE_MIN = 2, TREND_DAYS = TAG_DAYS };

/* The most talked about first; at most TRENDS_MAX. Bounded by the newest 20,000 kwips. */
size_t trends_count(struct db *main, enum trend_kind kind, int64_t now, struct trend *out);

/*
 * What is shown to viewer (0: a visitor), in order; all: for moderators, also what they keep out.
 * Without an index there are none.
 */
struct ids trends_shown(struct db *db, struct arena *a, enum trend_kind kind, int64_t viewer,
			bool all);
/* How often a link was shown in public kwips, and by how many: today (UTC) first. */
struct link_days {
	struct {
		int64_t uses, accounts;
	} day[TREND_DAYS];
};
/* Previews by id, in the order of ids, gone ones left out, with their days; statements as for 40.
 */
struct trend_links {
	struct preview *at;
	struct link_days *days;
	size_t n;
};
struct trend_links trend_links_load(struct db *db, struct arena *a, const int64_t *ids, size_t n);

/* Moderators keep a thing out, or let it in again. */
enum err trend_allow(struct tx *tx, struct arena *a, enum trend_kind kind, int64_t of,
		     bool on) MUST_USE;
/* The same of everything from one host. */
enum err trend_allow_host(struct tx *tx, struct arena *a, struct str host, bool on) MUST_USE;
/*
 * Which of these moderators do not keep out: names of tags, or hosts of links (TREND_LINK), in
 * lower case. One statement per 40.
 */
bool *trends_allowed(struct db *db, struct arena *a, enum trend_kind kind, const struct str *values,
		     size_t n);
/* Of a link's address, in lower case. */
struct str trend_host(struct arena *a, struct str url);

#endif
