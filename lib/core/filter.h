/* SPDX-License-Identifier: MIT */
/*
 * Filters: what somebody does not want to read, by words or by kwip (Mastodon's filters v2; those
 * of v1 are the keywords of v2). Every change tells EVENT_FILTERS.
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
enum {
	FILTERS_MAX = 200,            /* of one account */
	FILTER_WORDS_MAX = 1000,      /* keywords of one account ... */
	FILTER_BYTES_MAX = 32 * 1024, /* ... and their bytes altogether */
	FILTER_KWIPS_MAX = 1000,      /* kwips named by one account */
	FILTER_TITLE_MAX = 256,       /* characters */
	FILTER_WORD_MAX = 512
};

struct filter {
	int64_t id, expires_at; /* ms; 0: never */
	struct str title;
	int contexts; /* bits, 1 << enum filter_context */
	enum filter_action action;
};
struct filter_word {
	int64_t id, filter;
	struct str keyword;
	bool whole; /* as a word of its own only */
};
struct filter_kwip {
	int64_t id, filter, kwip;
};
/* All of an account, or one of its filters: filters, words and kwips each by id. */
struct filters {
	struct filter *at;
	size_t n;
	struct filter_word *words;
	size_t n_words;
	struct filter_kwip *kwips;
	size_t n_kwips;
};

/* Three statements. only: the filter wanted, 0 for all; expired ones are there too. */
struct filters filters_load(struct db *db, struct arena *a, int64_t account, int64_t only);
/* False when it is not account's. */
bool filter_word_get(struct db *db, struct arena *a, int64_t account, int64_t id,
		     struct filter_word *out) MUST_USE;
bool filter_kwip_get(struct db *db, int64_t account, int64_t id, struct filter_kwip *out) MUST_USE;

/*
 * Changes; ERR_NOT_FOUND for what is somebody else's. refuse()s blank and long titles and keywords,
 * no context at all, and more than is allowed. add fills in the id.
 */
enum err filter_add(struct tx *tx, int64_t account, struct filter *f) MUST_USE;
enum err filter_edit(struct tx *tx, int64_t account, const struct filter *f) MUST_USE;
enum err filter_delete(struct tx *tx, int64_t account, int64_t id) MUST_USE;
enum err filter_word_add(struct tx *tx, int64_t account, struct filter_word *w) MUST_USE;
enum err filter_word_edit(struct tx *tx, int64_t account, const struct filter_word *w) MUST_USE;
enum err filter_word_delete(struct tx *tx, int64_t account, int64_t id) MUST_USE;
/* A kwip that account may see. */
enum err filter_kwip_add(struct tx *tx, int64_t account, struct filter_kwip *k) MUST_USE;
enum err filter_kwip_delete(struct tx *tx, int64_t account, int64_t id) MUST_USE;

/* That a filter matched one kwip. */
struct filter_match {
	int64_t kwip;
	const struct filter *filter;
	const struct str *keywords; /* those found, as the filter has them */
	size_t n_keywords;
	bool by_kwip;  /* named itself */
	int64_t named; /* then: its id, or that of what it boosts */
};
struct filter_matches {
	struct filter_match *at; /* ordered as the kwips were asked for */
	size_t n;
};

/*
 * What of these kwips the viewer's filters match, whatever their contexts (clients look at those).
 * Looked at are warning, text, poll options and descriptions of media; of a boost, those of the
 * boosted. What the viewer said never matches. One statement when the viewer has no filters, a
 * bounded number per 40 kwips otherwise.
 */
struct filter_matches filters_match(struct db *db, struct arena *a, int64_t viewer,
				    const int64_t *kwips, size_t n);

#endif
