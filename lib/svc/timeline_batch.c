/* SPDX-License-Identifier: MIT */
/*
 * One batch of events into the cache: cards rendered, feeds changed, marks set, cursor W moved, all
 * in one LMDB transaction. Work may run twice (a crash before the commit), so all of it is
 * idempotent.
 */
#include "api/api.h"
#include "core/idset.h"
#include "page/page.h"
#include "svc/timeline.h"

/* A batch is cut when its fan-out gets this large, to bound memory and the time until readers see
 * it. */
enum { CHANGES_MAX = 400000, RENDER_AT_ONCE = 40 };

struct batch {
	struct work *w;
	struct arena *a;
	struct fanout *fanout;
	struct changes *changes;
	struct idset kwips, accounts; /* to render */
	const struct event **marks;
	size_t n_marks;
	bool remake_all;
};

static void put_both(struct batch *b, const struct said *s)
{
	struct viewers to = fanout_viewers(b->fanout, s);
	changes_put(b->changes, to, ORDER_RECENT, (struct feed_entry){s->id, s->id});
	if (s->reply_to == 0 && s->boost_of == 0)
		changes_put(b->changes, to, ORDER_ACTIVE, (struct feed_entry){s->activity, s->id});
}

/* A root's last comment came, went or moved: its place in active homes is another now. */
static void move_root(struct batch *b, int64_t root)
{
	struct said s;
	if (root == 0 || !fanout_said(b->fanout, root, &s) || s.reply_to != 0 || s.boost_of != 0)
		return;
	struct viewers to = fanout_viewers(b->fanout, &s);
	changes_take(b->changes, to, ORDER_ACTIVE, root);
	changes_put(b->changes, to, ORDER_ACTIVE, (struct feed_entry){s.activity, root});
}

static void take_both(struct batch *b, int64_t author, int64_t kwip)
{
	struct viewers from = fanout_followers(b->fanout, author);
	changes_take(b->changes, from, ORDER_RECENT, kwip);
	changes_take(b->changes, from, ORDER_ACTIVE, kwip);
}

static void on_kwip_new(struct batch *b, const struct event *e)
{
	struct said s;
	set_add(&b->accounts, e->actor);
	set_add(&b->kwips, e->kwip);
	if (!fanout_said(b->fanout, e->kwip, &s))
		return;
	put_both(b, &s);
	if (s.reply_to != 0)
		move_root(b, s.conversation);
}

/*
 * An edit can add or remove mentions, and with them who sees a private kwip; change the language;
 * or add a tag (what it removes is told by itself).
 */
static void on_kwip_edit(struct batch *b, const struct event *e)
{
	struct said s;
	set_add(&b->kwips, e->kwip);
	if (!fanout_said(b->fanout, e->kwip, &s))
		return;
	bool moves = s.visibility >= VISIBLE_FOLLOWERS || fanout_any_choosy(b->fanout, s.author);
	if (moves)
		take_both(b, s.author, s.id);
	if (moves || fanout_tagged(b->fanout, &s).n > 0)
		put_both(b, &s);
}

static void on_untag(struct batch *b, const struct event *e)
{
	struct said s;
	struct viewers from = fanout_tag_followers(b->fanout, e->extra);
	changes_take(b->changes, from, ORDER_RECENT, e->kwip);
	changes_take(b->changes, from, ORDER_ACTIVE, e->kwip);
	if (fanout_said(b->fanout, e->kwip, &s))
		put_both(b, &s);
}

static void on_kwip_delete(struct batch *b, const struct event *e)
{
	set_add(&b->accounts, e->actor);
	set_add(&b->kwips, e->kwip);
	take_both(b, e->actor, e->kwip);
	if (e->extra != e->kwip)
		move_root(b, e->extra);
}

static void on_repeat(struct batch *b, const struct event *e)
{
	set_add(&b->kwips, e->kwip);
	set_add(&b->kwips, e->extra);
	move_root(b, e->kwip);
	move_root(b, e->extra);
}

static void take_event(struct batch *b, const struct event *e)
{
	switch (e->kind) {
	case EVENT_KWIP_NEW:
		on_kwip_new(b, e);
		break;
	case EVENT_KWIP_EDIT:
		on_kwip_edit(b, e);
		break;
	case EVENT_KWIP_DELETE:
		on_kwip_delete(b, e);
		break;
	case EVENT_KWIP_COUNTS:
	case EVENT_PREVIEW:
	case EVENT_PIN:
	case EVENT_CONSENT:
		set_add(&b->kwips, e->kwip);
		break;
	case EVENT_REPEAT:
		on_repeat(b, e);
		break;
	case EVENT_MARK:
		b->marks[b->n_marks++] = e;
		break;
	case EVENT_BLOCK:
	case EVENT_UNBLOCK:
		changes_remake(b->changes, e->target);
		changes_remake(b->changes, e->actor);
		break;
	case EVENT_FOLLOW:
	case EVENT_UNFOLLOW:
		set_add(&b->accounts, e->actor);
		set_add(&b->accounts, e->target);
		changes_remake(b->changes, e->actor);
		break;
	case EVENT_UNTAG:
		on_untag(b, e);
		break;
	case EVENT_MUTE:
	case EVENT_UNMUTE:
	case EVENT_HOME:
		changes_remake(b->changes, e->actor);
		break;
	case EVENT_ACCOUNT_NEW:
		changes_remake(b->changes, e->actor);
		set_add(&b->accounts, e->actor);
		break;
	case EVENT_ACCOUNT_EDIT:
		set_add(&b->accounts, e->actor);
		break;
	case EVENT_ACCOUNT_STATE:
	case EVENT_EMOJI:
	case EVENT_BULK:
		b->remake_all = true;
		break;
	default:
		break;
	}
}

static enum err write_kwip(struct cache_write *to, struct arena *a, const struct kwip *k)
{
	SCOPED_BUF record = BUF_EMPTY;
	api_card_make(&record, a, k);
	enum err e = cache_put(to, CACHE_CARD, k->id, buf_str(&record));
	if (e != OK)
		return e;
	buf_clear(&record, record.cap);
	page_card_make(&record, a, k);
	return cache_put(to, CACHE_PAGE, k->id, buf_str(&record));
}

/* Renders at most RENDER_AT_ONCE kwips; what is gone loses its cards. */
static enum err write_kwips(struct work *w, struct cache_write *to, const int64_t *ids, size_t n)
{
	SCOPED_ARENA a = arena_new();
	struct kwips found = kwips_load(w->db, a, ids, n);
	enum err e = OK;
	size_t k = 0;
	for (size_t i = 0; i < n && e == OK; i++) {
		if (k < found.n && found.at[k].id == ids[i]) {
			e = write_kwip(to, a, &found.at[k++]);
		} else {
			cache_delete(to, CACHE_CARD, ids[i]);
			cache_delete(to, CACHE_PAGE, ids[i]);
		}
	}
	return e;
}

static enum err write_account(struct cache_write *to, struct arena *a, const struct account *who)
{
	SCOPED_BUF json = BUF_EMPTY, html = BUF_EMPTY, record = BUF_EMPTY;
	api_account_json(&json, a, who);
	page_author_html(&html, who);
	struct card c = {
		.id = who->id, .author = who->id, .part = {buf_str(&json), buf_str(&html)}};
	card_pack(&record, &c);
	return cache_put(to, CACHE_ACCOUNT, who->id, buf_str(&record));
}

static enum err write_accounts(struct work *w, struct cache_write *to, const int64_t *ids, size_t n)
{
	SCOPED_ARENA a = arena_new();
	struct accounts found = accounts_load(w->db, a, ids, n);
	enum err e = OK;
	for (size_t i = 0; i < found.n && e == OK; i++)
		e = write_account(to, a, &found.at[i]);
	return e;
}

typedef enum err write_ids(struct work *w, struct cache_write *to, const int64_t *ids, size_t n);

/* Feeds the ids to write in groups that one round of statements can load. */
static enum err write_grouped(struct work *w, struct cache_write *to, const int64_t *ids, size_t n,
			      write_ids *write)
{
	enum err e = OK;
	for (size_t i = 0; i < n && e == OK; i += RENDER_AT_ONCE)
		e = write(w, to, ids + i, n - i < RENDER_AT_ONCE ? n - i : RENDER_AT_ONCE);
	return e;
}

static int64_t *set_members(const struct idset *s, struct arena *a)
{
	int64_t *ids = arena_array(a, s->n + 1, sizeof(int64_t));
	size_t n = 0;
	for (size_t i = 0; i <= s->mask && n < s->n; i++) {
		if (s->slot[i] != 0)
			ids[n++] = s->slot[i];
	}
	return ids;
}

static enum err write_batch(struct batch *b, struct cache_write *to)
{
	struct work *w = b->w;
	enum err e = changes_write(b->changes, w->db, to);
	if (e == OK)
		e = write_grouped(w, to, set_members(&b->kwips, b->a), b->kwips.n, write_kwips);
	if (e == OK)
		e = write_grouped(w, to, set_members(&b->accounts, b->a), b->accounts.n,
				  write_accounts);
	for (size_t i = 0; i < b->n_marks && e == OK; i++) {
		if (b->marks[i]->kwip >= w->meta.mark_floor)
			e = cache_mark_put(to, b->marks[i]->actor, b->marks[i]->kwip,
					   (int)b->marks[i]->extra);
	}
	return e;
}

enum err batch_finish(struct work *w, struct cache_write *to, enum err e, struct cache_meta meta)
{
	/* A read that failed ended like one without rows: nothing lasting is made of that. */
	if (e == OK)
		e = db_err(w->db);
	if (e != OK) {
		cache_abort(to);
		return e;
	}
	e = cache_commit(to, meta);
	if (e == OK)
		w->meta = meta;
	return e;
}

static struct batch batch_new(struct work *w, struct arena *a, size_t events)
{
	struct batch b = {
		.w = w, .a = a, .fanout = fanout_open(w->db, a), .changes = changes_new(a)};
	set_open(&b.kwips, a, 2 * events);
	set_open(&b.accounts, a, 2 * events);
	b.marks = arena_array(a, events, sizeof(*b.marks));
	return b;
}

/* Takes events until the fan-out is large enough. Returns the seq of the last one taken. */
static int64_t take_events(struct batch *b, const struct event *events, size_t n)
{
	int64_t last = b->w->meta.seq;
	for (size_t i = 0; i < n && changes_count(b->changes) < CHANGES_MAX && !b->remake_all;
	     i++) {
		svc_event_begin(b->w->self, events[i].seq);
		take_event(b, &events[i]);
		last = events[i].seq;
	}
	return last;
}

static enum batch_result batch_in_snapshot(struct work *w, struct arena *a, int max)
{
	struct event *events = arena_array(a, (size_t)max, sizeof(*events));
	if (!w->meta.ready)
		return BATCH_REMAKE;
	size_t n = event_read(w->db, w->meta.seq, events, (size_t)max);
	if (n == 0)
		return BATCH_IDLE;
	if (events[0].seq != w->meta.seq + 1)
		return BATCH_REMAKE;
	struct batch b = batch_new(w, a, n);
	struct cache_meta meta = w->meta;
	meta.seq = take_events(&b, events, n);
	if (b.remake_all)
		return BATCH_REMAKE;
	struct cache_write *to;
	if (cache_write_begin(w->cache, &to) != OK)
		return BATCH_REMAKE;
	enum err e = batch_finish(w, to, write_batch(&b, to), meta);
	if (e != OK)
		return e == ERR_FULL ? BATCH_FULL : BATCH_REMAKE;
	w->fanned_out += (int64_t)changes_count(b.changes);
	return BATCH_DONE;
}

enum batch_result batch_events(struct work *w, int max)
{
	SCOPED_ARENA a = arena_new();
	db_begin(w->db);
	enum batch_result r = batch_in_snapshot(w, a, max);
	db_end(w->db);
	svc_event_begin(w->self, 0);
	return r;
}

bool batch_cards(struct work *w, const int64_t *ids, size_t n)
{
	struct cache_write *to;
	if (cache_write_begin(w->cache, &to) != OK)
		return false;
	return batch_finish(w, to, write_grouped(w, to, ids, n, write_kwips), w->meta) == OK;
}

enum err batch_accounts(struct work *w, struct cache_write *to, const int64_t *ids, size_t n)
{
	return write_grouped(w, to, ids, n, write_accounts);
}
