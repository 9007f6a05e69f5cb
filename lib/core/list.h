/* SPDX-License-Identifier: MIT */
/*
 * Lists: some of those somebody follows (and maybe oneself), to be read apart. Who reads one:
 * timeline_list. An exclusive list takes its members out of home, so its changes tell EVENT_HOME.
 */
#ifndef CORE_LIST_H
#define CORE_LIST_H

#include "core/account.h"

enum list_replies { LIST_REPLIES_LIST, LIST_REPLIES_FOLLOWED, LIST_REPLIES_NONE };
enum { LISTS_MAX = 50, LIST_TITLE_MAX = 256, LIST_MEMBERS_MAX = 5000 };

struct list {
	int64_t id;
	struct str title;
	enum list_replies replies;
	bool exclusive;
};
struct lists {
	struct list *at;
	size_t n;
};

/* All lists of an account, oldest first; those of owner that a member stands in. */
struct lists lists_of(struct db *db, struct arena *a, int64_t owner);
struct lists lists_with(struct db *db, struct arena *a, int64_t owner, int64_t member);
/* False when there is none of that id, or it is somebody else's. */
bool list_get(struct db *db, struct arena *a, int64_t owner, int64_t id, struct list *out) MUST_USE;
/* "list", "followed", "none". */
struct str list_replies_name(enum list_replies r);

/* Makes one, or changes that of l->id, owner's. refuse()s a blank or long title and too many. */
enum err list_add(struct tx *tx, int64_t owner, struct list *l) MUST_USE;
enum err list_edit(struct tx *tx, int64_t owner, const struct list *l) MUST_USE;
enum err list_delete(struct tx *tx, int64_t owner, int64_t id) MUST_USE;

/*
 * ERR_NOT_FOUND: the list is not owner's, or one of them is not followed by owner (nor owner);
 * refuse()s who is in it already. All or none: the caller's job is undone.
 */
enum err list_members_add(struct tx *tx, int64_t owner, int64_t list, const int64_t *who,
			  size_t n) MUST_USE;
/* Who is not in it is passed over. */
enum err list_members_take(struct tx *tx, int64_t owner, int64_t list, const int64_t *who,
			   size_t n) MUST_USE;
/* Owner follows member no more: out of all lists. follow.c tells of the unfollowing. */
void list_forget(struct tx *tx, int64_t owner, int64_t member);

/* Ids of members, newest in the list first; cursors are those of the memberships. */
struct ids;
struct span;
struct ids list_members(struct db *db, struct arena *a, int64_t list, struct span s);

#endif
