/* SPDX-License-Identifier: MIT */
/*
 * Filters: what somebody does not want to read, by words or by kwip (Mastodon's filters v2; those
 * of v1 are the keywords of v2).
 */
#ifndef CORE_FILTER_H
#define CORE_FILTER_H

#include "store/db.h"

/* Where a client applies it. */
enum filter_context {
	FILTER_HOME = 1,
	FILTER_NOTIFICATIONS,
	FILTER_PUBLIC,
	FILTER_THREAD,
	FILTER_ACCOUNT
};
enum filter_action { FILTER_WARN, FILTER_HIDE, FILTER_BLUR };

struct filter {
	int64_t id, expires_at;
	struct str title;
	int contexts; /* bits, 1 << enum filter_context */
	enum filter_action action;
};
/* That a filter matched one kwip. */
struct filter_match {
	int64_t kwip;
	const struct filter *filter;
	const struct str *keywords; /* those found, as the filter has them */
	size_t n_keywords;
	bool by_kwip; /* named itself */
};
struct filter_matches {
	struct filter_match *at; /* ordered as the kwips were asked for */
	size_t n;
};

/*
 * What of these kwips the viewer's filters match, whatever their contexts (clients look at those).
 * One statement when the viewer has no filters, a bounded number otherwise.
 */
struct filter_matches filters_match(struct db *db, struct arena *a, int64_t viewer,
				    const int64_t *kwips, size_t n);

#endif
