/* SPDX-License-Identifier: MIT */
/*
 * Polls: a question that a kwip puts, its options, who voted for what. A poll's counts are not in
 * its kwip's card; whoever shows the card loads them here.
 */
#ifndef CORE_POLL_H
#define CORE_POLL_H

#include "core/emoji.h"
#include "store/db.h"

enum {
	POLL_OPTIONS_MIN = 2,
	POLL_OPTIONS_MAX = 8,
	POLL_OPTION_CHARS = 50,
	POLL_LIFE_MIN_S = 300,
	POLL_LIFE_MAX_S = 2629746
};

/* A poll to be made. */
struct poll_draft {
	const struct str *options;
	size_t n;
	int64_t life_s; /* from now on */
	bool multiple, hide_totals;
};

struct poll_option {
	struct str title;
	int64_t votes;
};
/* As one viewer sees it; strings live in the arena it was loaded with. */
struct poll {
	int64_t id, kwip, account;
	int64_t expires_at; /* ms */
	int64_t voters, votes;
	bool multiple, hide_totals;
	bool expired; /* at the moment of loading */
	bool voted;   /* the viewer did, or made it */
	size_t n;
	struct poll_option option[POLL_OPTIONS_MAX];
	bool own[POLL_OPTIONS_MAX]; /* what the viewer voted for */
	struct emojis emojis;
};
struct polls {
	struct poll *at;
	size_t n;
};

/* Their polls, at most four statements per 40 kwips. Checks no visibility. */
struct polls polls_of_kwips(struct db *db, struct arena *a, int64_t viewer, const int64_t *kwips,
			    size_t n);
/* One; ERR_NOT_FOUND also when the viewer may not see its kwip. */
enum err poll_get(struct db *db, struct arena *a, int64_t viewer, int64_t id,
		  struct poll *out) MUST_USE;

/* refuse()s too few or many options, blank, long or equal ones, and bad lives. */
enum err poll_check(const struct poll_draft *d) MUST_USE;
/* Puts a checked one to the kwip of account. */
void poll_add(struct tx *tx, int64_t kwip, int64_t account, const struct poll_draft *d);
/*
 * The kwip's poll is this one from now on (NULL: there is none). Other options, or another way to
 * choose, take all votes back. Tells whether options or their number changed.
 */
bool poll_change(struct tx *tx, int64_t kwip, int64_t account, const struct poll_draft *d);
/* JSON array of the titles, "[]" without a poll: for the history of edits. */
struct str poll_titles(struct db *db, struct arena *a, int64_t kwip);

/*
 * ERR_NOT_FOUND as poll_get; refuse()s after its end, a second time, one's own, no or unknown
 * choices, and several where one is asked for. Event POLL.
 */
enum err poll_vote(struct tx *tx, int64_t account, int64_t poll, const int64_t *choices,
		   size_t n) MUST_USE;

/* Has one ended that nobody was told of? One look at an index. */
bool poll_is_due(struct db *db, int64_t now);
/* Tells its author and all who voted of one such end: notices, event POLL. How many ended: 0 or 1.
 */
int poll_end_due(struct tx *tx);

#endif
