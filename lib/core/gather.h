/* SPDX-License-Identifier: MIT */
/*
 * What a list of kwips needs to be shown to one viewer, gathered at once: cards and authors from
 * the lens, what it does not have loaded together from SQL, then what is different for each viewer:
 * marks, filters, polls, what is quoted and may be seen. It knows
 * neither JSON nor HTML: api/ and page/ say how to render what no card was there for, and compose
 * what was found.
 */
#ifndef CORE_GATHER_H
#define CORE_GATHER_H

#include "core/filter.h"
#include "core/lens.h"

/* Which kwips, for whom. Whether the viewer may see them was asked before. */
struct gather_ask {
	struct db *db; /* the one that the lens looks at */
	struct lens *lens;
	int64_t viewer; /* 0: a visitor, who has no marks */
	const int64_t *ids;
	size_t n;
};

/* The form to show them in: which cards, and how to make what is missing. */
struct gather_form {
	enum cache_kind kind; /* of a kwip: CACHE_CARD or CACHE_PAGE */
	int author_part;      /* of the CACHE_ACCOUNT card */
	bool filtered;        /* ask for the viewer's filters */
	bool to_redraft;      /* quotes show what they quote, taken back or not */
	/* Appends the kwip's whole record, as card_pack makes it. */
	void (*kwip)(struct buf *out, struct arena *a, const struct kwip *k);
	/* Appends what stands in author_part. */
	void (*author)(struct buf *out, struct arena *a, const struct account *who);
};

/* One kwip, ready to compose. Views live until lens_close, at most as long as the arena. */
struct gathered {
	/* What a boost shows, never a boost itself; NULL of others. */
	const struct gathered *boosted;
	/*
	 * What a quote shows, in full for those asked for and boosted: for what these quote,
	 * quote_state alone says what would be seen. NULL when there is nothing to see.
	 */
	const struct gathered *quoted;
	enum quote_state quote_state; /* for this viewer; of quotes only */
	const struct poll *poll;      /* of those with CARD_POLL */
	const struct credit *credit;  /* of those with CARD_CREDITED; NULL: who it was is gone */
	struct str credited; /* the author's part of who is credited, when that is allowed */
	const struct filter_match *filter;
	size_t n_filter;
	struct card card;
	struct str author; /* its author's part */
	int bits;          /* enum mark of the viewer; a boost has those of its boosted */
	bool followed;     /* the viewer follows its author; known where CARD says followers may
			      quote */
	bool shows_quote;  /* there is one to be seen */
	bool whole;        /* true of all that gather_find returns */
};

struct gather;

/*
 * Gathers the kwips asked for, what they boost and what these quote; an id may come twice. What the
 * lens does not have takes a bounded number of statements per 40, nothing missing takes none; so do
 * polls and quotes where there are any. The result lives in
 * the arena and needs nothing of ask and form any more.
 */
struct gather *gather_kwips(struct arena *a, const struct gather_ask *ask,
			    const struct gather_form *form);
/*
 * One that was asked for, or that such a one boosts or quotes. NULL when it is gone, its author is,
 * or what it boosts is.
 */
const struct gathered *gather_find(const struct gather *g, int64_t kwip);

#endif
