/* SPDX-License-Identifier: MIT */
/*
 * Cards: a kwip or an account rendered once for everybody, with holes for what differs between
 * viewers. api/ renders the JSON ones, page/ the HTML ones; the timeline service stores them;
 * whoever shows a kwip fills the holes. This module packs and opens the records and knows no JSON
 * or HTML. An opened record is checked: a corrupt one counts as missing.
 *
 * The parts, in the order in which they are put together with what goes into the holes:
 *
 * - a kwip's JSON (CACHE_CARD): part 0, the account's JSON, part 1, whether the viewer may quote,
 * the poll, the quote, the boosted Status, the viewer's flags (api/api.h); part 2 is the preview
 * of one that is CARD_CREDITED, up to its author's account, else empty
 * - a kwip's HTML (CACHE_PAGE): part 0, the author's HTML, part 1, poll and quote, part 2, the
 * actions
 * - an account (CACHE_ACCOUNT): part 0 is its JSON, part 1 its author HTML; part 2 is empty
 */
#ifndef CORE_CARD_H
#define CORE_CARD_H

#include "core/kwip.h"

enum card_flag {
	CARD_REPLY = 1,
	CARD_BOOST = 2,
	CARD_REPEAT = 4,
	CARD_SENSITIVE = 8,
	CARD_MAY_BOOST = 16,
	CARD_POLL = 32,
	CARD_PINNED = 64,
	CARD_CREDITED = 128,  /* the preview names an account as its author */
	CARD_MARKED = 256,    /* its own author marked it as sensitive; of boosts, too */
	CARD_SENSITIZED = 512 /* all of its author's media count as sensitive, but for the author */
};
enum { CARD_PARTS = 3 };

struct card {
	int64_t id; /* kwip or account */
	int64_t author;
	int64_t boost_of; /* 0 unless a boost */
	int64_t conversation;
	int64_t quote_of; /* 0 unless a quote */
	uint32_t flags;
	enum visibility visibility;
	enum quote_state quote_state;
	enum quote_policy quote_policy;
	struct str part[CARD_PARTS];
};

/* Appends the record of c to *out. */
void card_pack(struct buf *out, const struct card *c);
/* Opens a record; parts point into it. False unless magic, lengths and sum fit. */
bool card_open(struct str record, struct card *c) MUST_USE;
/* Everything but the parts, from a kwip. */
struct card card_of_kwip(const struct kwip *k);
/*
 * What cards and feeds are made from: this database (a restored copy counts as another), the site's
 * base URL, this very program and this module's format. A cache of another epoch is not used.
 */
int64_t card_epoch(struct db *db);

#endif
