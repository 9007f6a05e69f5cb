/* SPDX-License-Identifier: MIT */
/*
 * Home, read from the feed and what the log says after it. Whenever the feed cannot answer for sure
 * (none there, relations of the viewer changed, paging below its end) the plain SQL definition
 * answers.
 */
#include "core/feed.h"
#include "core/lens_private.h"
#include "core/timeline_private.h"

/* A change of the viewer's relations, or of who is there at all, moves more than single kwips. */
static bool changes_whole_home(const struct event *e, int64_t viewer)
{
	switch (e->kind) {
	case EVENT_FOLLOW:
	case EVENT_UNFOLLOW:
	case EVENT_MUTE:
	case EVENT_UNMUTE:
	case EVENT_HOME:
		return e->actor == viewer;
	case EVENT_BLOCK:
	case EVENT_UNBLOCK:
		return e->actor == viewer || e->target == viewer;
	case EVENT_ACCOUNT_STATE:
		return true;
	default:
		return false;
	}
}

/*
 * The kwips an event may have put into, taken out of or moved within a feed of that order. At most
 * two. Changed counts move nothing: what moves a root is a comment coming, going or being moved.
 */
static int kwips_moved(const struct event *e, enum order order, int64_t moved[2])
{
	if (e->kind == EVENT_REPEAT && order == ORDER_RECENT)
		return 0;
	switch (e->kind) {
	case EVENT_KWIP_NEW:
	case EVENT_KWIP_DELETE:
	case EVENT_REPEAT:
		moved[0] = e->kwip;
		moved[1] = e->extra;
		return order == ORDER_ACTIVE && e->extra != 0 && e->extra != e->kwip ? 2 : 1;
	case EVENT_KWIP_EDIT:
	case EVENT_UNTAG:
		moved[0] = e->kwip;
		return 1;
	default:
		return 0;
	}
}

/* The place of a kwip in the order, as the database has it now; 0 when it has none. */
static int64_t key_now(struct lens *l, int64_t kwip, enum order order)
{
	if (order == ORDER_RECENT)
		return DB_I64(l->db, 0, "SELECT id FROM kwip WHERE id = ?", A(kwip));
	return DB_I64(
		l->db, 0,
		"SELECT activity FROM kwip WHERE id = ? AND reply_to IS NULL AND boost_of IS NULL",
		A(kwip));
}

/* Brings the feed from W to now. */
static void merge_unseen(struct lens *l, struct feed *f, int64_t viewer, enum order order)
{
	struct idset seen;
	set_open(&seen, l->a, 2 * l->n_unseen);
	for (size_t i = 0; i < l->n_unseen; i++) {
		int64_t moved[2];
		int n = kwips_moved(&l->unseen[i], order, moved);
		for (int k = 0; k < n; k++) {
			if (!set_add(&seen, moved[k]))
				continue;
			feed_take(f, moved[k]);
			int64_t key = key_now(l, moved[k], order);
			if (key != 0 && timeline_home_has(l->db, viewer, moved[k], true))
				feed_put(f, (struct feed_entry){key, moved[k]});
		}
	}
}

static bool open_feed(struct lens *l, int64_t viewer, enum order order, struct feed *f)
{
	if (!l->read || !l->meta.ready)
		return false;
	for (size_t i = 0; i < l->n_unseen; i++) {
		if (changes_whole_home(&l->unseen[i], viewer))
			return false;
	}
	struct str record;
	enum cache_kind kind = order == ORDER_RECENT ? CACHE_RECENT : CACHE_ACTIVE;
	if (!cache_get(l->read, kind, viewer, &record) ||
	    !feed_open(record, order, l->a, 2 * l->n_unseen, f))
		return false;
	if (l->n_unseen > 0)
		merge_unseen(l, f, viewer, order);
	return true;
}

/* Is the kwip still there, and not a repeat (unless those are shown)? */
static bool is_shown(struct lens *l, int64_t kwip, bool show_repeats)
{
	struct card c;
	if (lens_card(l, CACHE_CARD, kwip, &c) || lens_card(l, CACHE_PAGE, kwip, &c))
		return show_repeats || !(c.flags & CARD_REPEAT);
	return DB_I64(l->db, 0, "SELECT 1 FROM kwip WHERE id = ? AND (repeat_of IS NULL OR ? = 1)",
		      A(kwip), A(show_repeats)) != 0;
}

/* Downwards from max_id to since_id. False when the feed ends before the page is full and home may
 * go on. */
static bool page_down(struct lens *l, const struct feed *f, struct span s, bool repeats,
		      struct ids *out)
{
	size_t i = s.max_id ? feed_below(f, s.max_id) : 0;
	for (; i < f->n && out->n < (size_t)s.limit; i++) {
		if (f->at[i].key <= s.since_id)
			return true;
		if (is_shown(l, f->at[i].kwip, repeats))
			ids_add(out, f->at[i].kwip, f->at[i].key);
	}
	return f->complete || out->n == (size_t)s.limit;
}

/* The ones just above min_id (and below max_id), still newest first. */
static bool page_up(struct lens *l, const struct feed *f, struct span s, bool repeats,
		    struct ids *out)
{
	size_t i = feed_below(f, s.min_id + 1);
	if (i == f->n && !f->complete)
		return false;
	while (i-- > 0 && out->n < (size_t)s.limit) {
		if (s.max_id && f->at[i].key >= s.max_id)
			break;
		if (is_shown(l, f->at[i].kwip, repeats))
			ids_add(out, f->at[i].kwip, f->at[i].key);
	}
	ids_reverse(out);
	return true;
}

struct ids lens_home(struct lens *l, struct span s, int64_t viewer, bool show_repeats)
{
	struct feed f;
	if (open_feed(l, viewer, s.order, &f)) {
		struct ids out = ids_new(l->a, s.limit);
		bool sure = s.min_id ? page_up(l, &f, s, show_repeats, &out)
				     : page_down(l, &f, s, show_repeats, &out);
		if (sure)
			return out;
	}
	return timeline_home(l->db, l->a, s, viewer, show_repeats);
}
