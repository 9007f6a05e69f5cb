/* SPDX-License-Identifier: MIT */
/* What somebody keeps about others for himself: remarks, recommendations, servers not wanted. */
#ifndef CORE_REMARK_H
#define CORE_REMARK_H

#include "core/timeline.h"

enum { REMARK_MAX = 2000, ENDORSEMENTS_MAX = 100, DOMAIN_BLOCKS_MAX = 10000 };

/* Sets the private remark; empty removes it. ERR_INPUT when longer than REMARK_MAX characters,
 * ERR_NOT_FOUND for nobody. */
enum err remark_set(struct tx *tx, int64_t actor, int64_t target, struct str comment) MUST_USE;
/* Recommends somebody one follows (ERR_INPUT otherwise); again is OK. */
enum err endorse_add(struct tx *tx, int64_t actor, int64_t target) MUST_USE;
void endorse_end(struct tx *tx, int64_t actor, int64_t target);

/*
 * Domains in lower case. Blocking one ends follows to and from it. ERR_INPUT when it is no domain
 * name, or too many.
 */
enum err domain_block_add(struct tx *tx, struct arena *a, int64_t account,
			  struct str domain) MUST_USE;
void domain_block_end(struct tx *tx, struct arena *a, int64_t account, struct str domain);
struct domains {
	struct str *at;
	int64_t *id;
	size_t n;
};
/* Newest first; the cursor is the id. */
struct domains domain_blocks(struct db *db, struct arena *a, int64_t account, struct span s);
/* How many follows to and from it a block would end. */
void domain_block_preview(struct db *db, struct arena *a, int64_t account, struct str domain,
			  int64_t *following, int64_t *followers);

#endif
