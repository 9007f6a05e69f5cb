/* SPDX-License-Identifier: MIT */
/*
 * From the log to the listeners: each event is looked at once, what it shows is rendered once for
 * all to whom it looks the same, and a packet is made once for all who get the same bytes.
 */
#include <stdatomic.h>

#include "api/channel.h"
#include "api/entity.h"
#include "api/streaming.h"
#include "core/stream_find.h"
#include "store/event.h"

enum { BATCH = 256 };

static _Atomic int64_t cursor;

/* What is sent to one channel, ready for both kinds of streams. */
struct parcel {
	struct packet *socket, *events;
};

/* One event being delivered. */
struct delivery {
	struct db *db;
	struct arena *a;
	struct lens *lens;
	struct str name;   /* "update" */
	struct str common; /* payload for whom it looks like for most; "" when not made */
	int64_t kwip;
	int64_t author, boosted; /* who see it as their own */
	bool is_personal;
	struct viewers shy, marked;
};

void stream_deliver_from(int64_t seq)
{
	atomic_store(&cursor, seq);
}

static struct packet *socket_packet(struct str label, struct str name, struct str payload)
{
	SCOPED_BUF text = BUF_EMPTY, frame = BUF_EMPTY;
	struct jw w = {.out = &text};
	jw_open(&w, '{');
	jw_key(&w, S("stream"));
	jw_raw(&w, label);
	jw_kstr(&w, S("event"), name);
	if (payload.len > 0)
		jw_kstr(&w, S("payload"), payload);
	jw_close(&w, '}');
	ws_frame(&frame, WS_TEXT, buf_str(&text));
	return packet_new(buf_str(&frame));
}

static struct packet *events_packet(struct str name, struct str payload)
{
	SCOPED_BUF text = BUF_EMPTY;
	buf_put(&text, S("event: "));
	buf_put(&text, name);
	buf_put(&text, S("\ndata: "));
	buf_put(&text, payload.len > 0 ? payload : S("{}"));
	buf_put(&text, S("\n\n"));
	return packet_new(buf_str(&text));
}

static void parcel_send(struct parcel *p, const struct listener *l, struct str label,
			struct str name, struct str payload)
{
	bool is_socket = stream_kind(l->stream) == STREAM_SOCKET;
	struct packet **packet = is_socket ? &p->socket : &p->events;
	if (!*packet)
		*packet = is_socket ? socket_packet(label, name, payload)
				    : events_packet(name, payload);
	(void)stream_send(l->stream, *packet);
}

static void parcel_drop(struct parcel *p)
{
	packet_drop(p->socket);
	packet_drop(p->events);
}

/* The same payload for all in these channels. */
static void send_all(const struct audiences *to, struct str name, struct str payload)
{
	for (size_t i = 0; i < to->n; i++) {
		struct parcel p = {0};
		for (size_t j = 0; j < to->at[i].who.n; j++)
			parcel_send(&p, to->at[i].who.at[j], to->at[i].label, name, payload);
		parcel_drop(&p);
	}
}

static struct str status_for(struct delivery *d, int64_t viewer)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct jw w = {.out = &b};
	struct gather_ask ask = {d->db, d->lens, viewer, &d->kwip, 1};
	return entity_status(&w, d->a, &ask) ? arena_str(d->a, buf_str(&b)) : S("");
}

/* Does the kwip look to this listener as it does to most? */
static bool is_common(struct delivery *d, struct listener *l)
{
	if (l->filters == 0)
		l->filters = stream_has_filters(d->db, l->account) ? 2 : 1;
	bool is_own = l->account == d->author || l->account == d->boosted;
	return !d->is_personal && !is_own && l->filters == 1 &&
	       !viewers_have(&d->marked, l->account);
}

static void send_status(struct delivery *d, const struct audience *to)
{
	struct parcel common = {0};
	for (size_t i = 0; i < to->who.n; i++) {
		struct listener *l = to->who.at[i];
		if (viewers_have(&d->shy, l->account) || !l->reads_statuses)
			continue;
		if (!is_common(d, l)) {
			struct parcel own = {0};
			struct str payload = status_for(d, l->account);
			if (payload.len > 0)
				parcel_send(&own, l, to->label, d->name, payload);
			parcel_drop(&own);
			continue;
		}
		if (d->common.len == 0)
			d->common = status_for(d, l->account);
		if (d->common.len > 0)
			parcel_send(&common, l, to->label, d->name, d->common);
	}
	parcel_drop(&common);
}

/* Public timelines hold roots, no boosts, no repeats, nothing of limited authors; tags hold answers
 * as well. */
static void find_public(struct arena *a, const struct stream_kwip *k, struct audiences *to)
{
	if (k->said.visibility != VISIBLE_PUBLIC || k->said.boost_of || k->is_repeat ||
	    k->said.hidden || k->said.limited)
		return;
	for (size_t i = 0; i < k->n_tags; i++) {
		channel_find(a, CHANNEL_TAG, 0, k->tags[i], to);
		if (k->is_local)
			channel_find(a, CHANNEL_TAG_LOCAL, 0, k->tags[i], to);
	}
	if (k->said.reply_to)
		return;
	channel_find(a, CHANNEL_PUBLIC, 0, S(""), to);
	channel_find(a, k->is_local ? CHANNEL_LOCAL : CHANNEL_REMOTE, 0, S(""), to);
	if (!k->has_media)
		return;
	channel_find(a, CHANNEL_PUBLIC_MEDIA, 0, S(""), to);
	channel_find(a, k->is_local ? CHANNEL_LOCAL_MEDIA : CHANNEL_REMOTE_MEDIA, 0, S(""), to);
}

static void find_lists(struct delivery *d, const struct said *s, struct audiences *to)
{
	if (!channel_is_heard(CHANNEL_LIST))
		return;
	struct viewers lists = stream_lists(d->db, d->a, s->author);
	for (size_t i = 0; i < lists.n; i++)
		if (stream_list_takes(d->db, lists.at[i], s))
			channel_find(d->a, CHANNEL_LIST, lists.at[i], S(""), to);
}

static void deliver_kwip(struct delivery *d, const struct event *e)
{
	struct stream_kwip k;
	struct audiences to = {0};
	if (!stream_kwip_get(d->db, d->a, e->kwip, &k))
		return;
	if (channel_is_heard(CHANNEL_USER)) {
		struct viewers home = fanout_viewers(fanout_open(d->db, d->a), &k.said);
		channel_find_all(d->a, CHANNEL_USER, home.at, home.n, &to);
	}
	find_public(d->a, &k, &to);
	find_lists(d, &k.said, &to);
	if (to.n == 0)
		return;
	d->kwip = e->kwip;
	d->author = k.said.author;
	d->boosted = k.said.boosted_author;
	d->is_personal = k.is_personal;
	d->shy = stream_shy(d->db, d->a, k.said.author);
	d->marked = stream_marked(d->db, d->a, k.said.boost_of ? k.said.boost_of : e->kwip,
				  k.said.conversation);
	d->name = e->kind == EVENT_KWIP_NEW ? S("update") : S("status.update");
	for (size_t i = 0; i < to.n; i++)
		send_status(d, &to.at[i]);
}

/* The kwip is gone, so who had it is not known any more: all who could have had it are told. An id
 * that a client never saw means nothing to it. */
static void deliver_delete(struct delivery *d, const struct event *e)
{
	struct audiences to = {0};
	struct viewers home = fanout_followers(fanout_open(d->db, d->a), e->actor);
	struct viewers lists = stream_lists(d->db, d->a, e->actor);
	channel_find_all(d->a, CHANNEL_USER, home.at, home.n, &to);
	channel_find_all(d->a, CHANNEL_LIST, lists.at, lists.n, &to);
	for (int kind = CHANNEL_PUBLIC; kind <= CHANNEL_LOCAL_MEDIA; kind++)
		channel_find(d->a, (enum channel_kind)kind, 0, S(""), &to);
	SCOPED_BUF id = BUF_EMPTY;
	buf_i64(&id, e->kwip);
	send_all(&to, S("delete"), buf_str(&id));
}

/* A deleted one in its tags' streams: the tags are gone with it, but for what the log says. */
static void deliver_untag(struct delivery *d, const struct event *e)
{
	struct audiences to = {0};
	struct str tag = stream_tag_lost(d->db, d->a, e->kwip, e->extra);
	SCOPED_BUF id = BUF_EMPTY;
	if (tag.len == 0)
		return;
	channel_find(d->a, CHANNEL_TAG, 0, tag, &to);
	channel_find(d->a, CHANNEL_TAG_LOCAL, 0, tag, &to);
	buf_i64(&id, e->kwip);
	send_all(&to, S("delete"), buf_str(&id));
}

static void deliver_notice(struct delivery *d, const struct event *e)
{
	struct audiences to = {0};
	SCOPED_BUF b = BUF_EMPTY;
	struct jw w = {.out = &b};
	channel_find(d->a, CHANNEL_USER, e->target, S(""), &to);
	channel_find(d->a, CHANNEL_USER_NOTICES, e->target, S(""), &to);
	if (to.n == 0 || !entity_notification_by_id(&w, d->a, d->db, d->lens, e->target, e->extra))
		return;
	for (size_t i = 0; i < to.n; i++) {
		struct parcel p = {0};
		for (size_t j = 0; j < to.at[i].who.n; j++)
			if (to.at[i].who.at[j]->reads_notices)
				parcel_send(&p, to.at[i].who.at[j], to.at[i].label,
					    S("notification"), buf_str(&b));
		parcel_drop(&p);
	}
}

static void deliver_conversation(struct delivery *d, const struct event *e)
{
	struct audiences to = {0};
	SCOPED_BUF b = BUF_EMPTY;
	struct jw w = {.out = &b};
	channel_find(d->a, CHANNEL_DIRECT, e->target, S(""), &to);
	if (to.n > 0 && entity_conversation_by_id(&w, d->a, d->db, d->lens, e->target, e->extra))
		send_all(&to, S("conversation"), buf_str(&b));
}

static void deliver_to_account(struct delivery *d, int64_t account, struct str name,
			       struct str payload)
{
	struct audiences to = {0};
	channel_find(d->a, CHANNEL_USER, account, S(""), &to);
	send_all(&to, name, payload);
}

static void send_reaction(const struct audiences *to, const struct stream_reaction *r)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct jw w = {.out = &b};
	jw_open(&w, '{');
	jw_kstr(&w, S("name"), r->name);
	jw_ki64(&w, S("count"), r->count);
	jw_kid(&w, S("announcement_id"), r->announcement);
	jw_close(&w, '}');
	send_all(to, S("announcement.reaction"), buf_str(&b));
}

static void deliver_reactions(struct delivery *d)
{
	struct listeners all = listeners_copy(d->a, 0);
	struct stream_reactions changed = reactions_changed(d->db, d->a);
	int64_t *who = arena_array(d->a, all.n, sizeof *who);
	struct audiences to = {0};
	size_t n = 0;
	for (size_t i = 0; i < all.n; i++) {
		size_t k = 0;
		while (k < n && who[k] != all.at[i]->account)
			k++;
		if (k == n)
			who[n++] = all.at[i]->account;
	}
	channel_find_all(d->a, CHANNEL_USER, who, n, &to);
	for (size_t i = 0; i < changed.n && to.n > 0; i++)
		send_reaction(&to, &changed.at[i]);
}

/* To every account that listens at home. */
static void deliver_announcement(struct delivery *d, const struct event *e)
{
	struct listeners all = listeners_copy(d->a, 0);
	int64_t last = 0;
	SCOPED_BUF id = BUF_EMPTY;
	buf_i64(&id, e->extra);
	for (size_t i = 0; i < all.n; i++) {
		SCOPED_BUF b = BUF_EMPTY;
		struct jw w = {.out = &b};
		int64_t account = all.at[i]->account;
		bool again = account == last;
		for (size_t j = 0; j < i && !again; j++)
			again = all.at[j]->account == account;
		last = account;
		if (again)
			continue;
		if (e->target == 1)
			deliver_to_account(d, account, S("announcement.delete"), buf_str(&id));
		else if (entity_announcement_by_id(&w, d->a, d->db, d->lens, account, e->extra))
			deliver_to_account(d, account, S("announcement"), buf_str(&b));
	}
}

/* Whose token was ended hears no more. */
static void look_at_tokens(struct delivery *d, int64_t account)
{
	struct listeners all = listeners_copy(d->a, account);
	for (size_t i = 0; i < all.n; i++)
		if (!stream_token_ok(d->db, &all.at[i]->token))
			stream_end(all.at[i]->stream, WS_CODE_POLICY, S("the token was revoked"));
}

static void forget_filters(struct delivery *d, int64_t account)
{
	struct listeners all = listeners_copy(d->a, account);
	for (size_t i = 0; i < all.n; i++)
		all.at[i]->filters = 0;
	deliver_to_account(d, account, S("filters_changed"), S(""));
}

static void deliver_event(struct delivery *d, const struct event *e)
{
	switch (e->kind) {
	case EVENT_KWIP_NEW:
	case EVENT_KWIP_EDIT:
	case EVENT_PREVIEW:
	case EVENT_CONSENT:
		deliver_kwip(d, e);
		break;
	case EVENT_KWIP_DELETE:
		deliver_delete(d, e);
		break;
	case EVENT_UNTAG:
		deliver_untag(d, e);
		break;
	case EVENT_REACTION:
		deliver_reactions(d);
		break;
	case EVENT_NOTICE:
		deliver_notice(d, e);
		break;
	case EVENT_DIRECT:
		deliver_conversation(d, e);
		break;
	case EVENT_FILTERS:
		forget_filters(d, e->actor);
		break;
	case EVENT_NOTICES_MERGED:
		deliver_to_account(d, e->actor, S("notifications_merged"), S("1"));
		break;
	case EVENT_ANNOUNCEMENT:
		if (e->target == 1)
			reactions_forget(e->extra);
		deliver_announcement(d, e);
		break;
	case EVENT_TOKENS:
		look_at_tokens(d, e->actor);
		break;
	case EVENT_ACCOUNT_STATE:
		look_at_tokens(d, e->target);
		break;
	default:
		break;
	}
}

void stream_deliver(struct db *db)
{
	struct event events[BATCH];
	size_t n;
	do {
		db_begin(db);
		int64_t from = atomic_load(&cursor);
		n = event_read(db, from, events, BATCH);
		for (size_t i = 0; i < n; i++) {
			SCOPED_ARENA a = arena_new();
			SCOPED_LENS l = lens_open(db, a);
			struct delivery d = {.db = db, .a = a, .lens = l};
			deliver_event(&d, &events[i]);
		}
		db_end(db);
		if (n > 0)
			atomic_compare_exchange_strong(&cursor, &from, events[n - 1].seq);
	} while (n == BATCH);
}
