/* SPDX-License-Identifier: MIT */
/* One-click changes: favourites, boosts, bookmarks, mutes; follow, block. All lead back to where
 * they were clicked. */
#include "core/follow.h"
#include "page/handlers.h"

static enum err mark(struct req *r, struct tx *tx, struct answer *out, enum mark m, bool on)
{
	enum err e = kwip_mark(tx, r->viewer.account, param_i64(r, "id", 0), m, on);
	return e == OK ? go_back(r, out, S("/")) : e;
}

enum err on_favourite(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_FAVOURITE, true);
}

enum err on_unfavourite(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_FAVOURITE, false);
}

enum err on_bookmark(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_BOOKMARK, true);
}

enum err on_unbookmark(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_BOOKMARK, false);
}

enum err on_mute(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_MUTE, true);
}

enum err on_unmute(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_MUTE, false);
}

enum err on_boost(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t boost;
	enum err e = kwip_boost(tx, r->viewer.account, param_i64(r, "id", 0), VISIBLE_PUBLIC,
				APP_WEB, &boost);
	return e == OK ? go_back(r, out, S("/")) : e;
}

enum err on_unboost(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = kwip_unboost(tx, r->viewer.account, param_i64(r, "id", 0));
	return e == OK ? go_back(r, out, S("/")) : e;
}

/* Finds whom the path names, changes the relation, goes back to the profile or where the click was.
 */
static enum err relate(struct req *r, struct tx *tx, struct answer *out,
		       enum err (*change)(struct tx *tx, int64_t actor, int64_t target))
{
	struct account who;
	enum err e = find_person(tx_db(tx), r->a, param_str(r, "name"), &who);
	if (e == OK)
		e = change(tx, r->viewer.account, who.id);
	return e == OK ? go_back(r, out, url_account(r->a, who.name, who.domain)) : e;
}

static enum err follow(struct tx *tx, int64_t actor, int64_t target)
{
	return follow_add(tx, actor, target, true, false);
}

static enum err mute_person(struct tx *tx, int64_t actor, int64_t target)
{
	return mute_add(tx, actor, target, true, 0);
}

enum err on_follow(struct req *r, struct tx *tx, struct answer *out)
{
	return relate(r, tx, out, follow);
}

enum err on_unfollow(struct req *r, struct tx *tx, struct answer *out)
{
	return relate(r, tx, out, follow_end);
}

enum err on_block(struct req *r, struct tx *tx, struct answer *out)
{
	return relate(r, tx, out, block_add);
}

enum err on_unblock(struct req *r, struct tx *tx, struct answer *out)
{
	return relate(r, tx, out, block_end);
}

enum err on_person_mute(struct req *r, struct tx *tx, struct answer *out)
{
	return relate(r, tx, out, mute_person);
}

enum err on_person_unmute(struct req *r, struct tx *tx, struct answer *out)
{
	return relate(r, tx, out, mute_end);
}
