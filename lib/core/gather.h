/* SPDX-License-Identifier: MIT */
/*
 * What a list of kwips needs to be shown to one viewer, gathered at once: cards and authors from
 * the lens, what it does not have loaded together from SQL, then the viewer's own marks. It knows
 * neither JSON nor HTML: api/ and page/ say how to render what no card was there for, and compose
 * what was found.
 */
#ifndef CORE_GATHER_H
#define CORE_GATHER_H

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
	/* Appends the kwip's whole record, as card_pack makes it. */
	void (*kwip)(struct buf *out, struct arena *a, const struct kwip *k);
	/* Appends what stands in author_part. */
	void (*author)(struct buf *out, struct arena *a, const struct account *who);
};

/* One kwip, ready to compose. Views live until lens_close, at most as long as the arena. */
struct gathered {
	/* What a boost shows, never a boost itself; NULL of others. */
	const struct gathered *boosted;
	struct card card;
	struct str author; /* its author's part */
	int bits;          /* enum mark of the viewer; a boost has those of its boosted */
	bool whole;        /* true of all that gather_find returns */
};

struct gather;

/*
 * Gathers the kwips asked for and what they boost; an id may come twice. What the lens does not
 * have takes a bounded number of statements per 40, nothing missing takes none. The result lives in
 * the arena and needs nothing of ask and form any more.
 */
struct gather *gather_kwips(struct arena *a, const struct gather_ask *ask,
			    const struct gather_form *form);
/*
 * One that was asked for, or that such a one boosts. NULL when it is gone, its author is, or what
 * it boosts is.
 */
const struct gathered *gather_find(const struct gather *g, int64_t kwip);

#endif
