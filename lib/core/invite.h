/* SPDX-License-Identifier: MIT */
/* Invitations by members. */
#ifndef CORE_INVITE_H
#define CORE_INVITE_H

#include "store/db.h"

struct invite {
	struct str code;
	int64_t account, uses, max_uses, created_at, expires_at;
};
struct invites {
	struct invite *at;
	size_t n;
};

struct str invite_add(struct tx *tx, struct arena *a, int64_t account, int64_t max_uses,
		      int64_t life_ms);
struct invites invite_list(struct db *db, struct arena *a, int64_t account);
bool invite_find(struct db *db, struct arena *a, struct str code, int64_t now,
		 struct invite *out) MUST_USE; /* still good */
enum err invite_use(struct tx *tx, struct str code,
		    int64_t *inviter) MUST_USE; /* ERR_INPUT when not good */
enum err invite_end(struct tx *tx, int64_t account, struct str code) MUST_USE;

#endif
