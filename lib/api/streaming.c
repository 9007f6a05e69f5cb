/* SPDX-License-Identifier: MIT */
/* Who listens: opening streams, and what WebSockets ask for while they are open. */
#include "api/streaming.h"

#include "api/channel.h"
#include "base/json.h"
#include "base/scope.h"
#include "core/list.h"
#include "core/markup.h"
#include "core/stream_find.h"
#include "store/event.h"

static struct {
	struct store *store;
	struct db *db; /* the streams' thread's */
} streaming;

/* What one subscription names, as it was sent. */
struct asking {
	struct str stream, tag, list;
	bool only_media;
};

static const char no_scope[] = "Access token does not have the required scopes";

/* NULL when the key is good, else what is wrong with it. */
static const char *key_of(struct arena *a, struct db *db, const struct listener *l,
			  const struct asking *ask, struct channel_key *key)
{
	static const enum channel_kind with_media[CHANNEL_KINDS] = {
		[CHANNEL_PUBLIC] = CHANNEL_PUBLIC_MEDIA,
		[CHANNEL_LOCAL] = CHANNEL_LOCAL_MEDIA,
		[CHANNEL_REMOTE] = CHANNEL_REMOTE_MEDIA,
	};
	struct list list;
	*key = (struct channel_key){.kind = channel_named(ask->stream)};
	if (key->kind == CHANNEL_KINDS)
		return "Unknown stream type";
	if (ask->only_media && with_media[key->kind])
		key->kind = with_media[key->kind];
	if (channel_is_own(key->kind))
		key->id = l->account;
	if (channel_is_tag(key->kind)) {
		key->written = ask->tag;
		key->tag = tag_fold(a, ask->tag);
		if (key->tag.len == 0)
			return "Missing tag name parameter";
	}
	if (key->kind == CHANNEL_LIST &&
	    (!str_i64(ask->list, &key->id) || !list_get(db, a, l->account, key->id, &list)))
		return "Not authorized to stream this list";
	bool notices = key->kind == CHANNEL_USER_NOTICES;
	if (notices ? !l->reads_notices : !l->reads_statuses)
		return no_scope;
	return NULL;
}

static int status_of(const char *why)
{
	return why == no_scope ? 401 : 400;
}

/* What a request brings to its stream. */
struct opening_ask {
	struct listener who;
	struct channel_key key;
	bool has_key;
};

static struct opening_ask *ask_of(struct req *r)
{
	struct opening_ask *o = arena_take(r->a, sizeof *o);
	*o = (struct opening_ask){
		.who = {.account = r->viewer.account,
			.token = r->viewer.secret_hash,
			.reads_statuses = scope_covers(r->viewer.scopes, S("read:statuses")),
			.reads_notices = scope_covers(r->viewer.scopes, S("read:notifications"))}};
	return o;
}

static void *begin(struct stream *s, struct req *r, void *asked)
{
	struct opening_ask *o = asked;
	bool is_first;
	o->who.stream = s;
	struct listener *l = listener_add(&o->who, &is_first);
	if (is_first) {
		reactions_remember(r->db);
		stream_deliver_from(event_newest(r->db));
	}
	if (o->has_key)
		(void)channel_join(l, &o->key);
	return l;
}

static enum err open_stream(struct req *r, struct answer *out, enum stream_kind kind,
			    const struct asking *ask)
{
	struct opening_ask *o = ask_of(r);
	o->has_key = ask->stream.len > 0;
	const char *why = o->has_key ? key_of(r->a, r->db, &o->who, ask, &o->key) : NULL;
	if (why) {
		struct jw w = {.out = out->body};
		out->status = status_of(why);
		jw_open(&w, '{');
		jw_kstr(&w, S("error"), str_of(why));
		jw_close(&w, '}');
		return OK;
	}
	answer_stream(r, out, &(struct opening){.kind = kind, .begin = begin, .asked = o});
	return OK;
}

enum err on_streaming(struct req *r, struct answer *out)
{
	struct asking ask = {param_str(r, "stream"), param_str(r, "tag"), param_str(r, "list"),
			     param_bool(r, "only_media", false)};
	if (!is_socket_asked(r))
		return ERR_NOT_FOUND;
	return open_stream(r, out, STREAM_SOCKET, &ask);
}

/* "/public/local" stands for "public:local". */
enum err on_streaming_events(struct req *r, struct answer *out)
{
	struct str kind = param_str(r, "kind"), part = param_str(r, "part");
	struct asking ask = {kind, param_str(r, "tag"), param_str(r, "list"),
			     param_bool(r, "only_media", false)};
	if (part.len > 0)
		ask.stream = arena_printf(r->a, "%.*s:%.*s", (int)kind.len, kind.at, (int)part.len,
					  part.at);
	if (channel_named(ask.stream) == CHANNEL_KINDS)
		return ERR_NOT_FOUND;
	return open_stream(r, out, STREAM_EVENTS, &ask);
}

enum err on_streaming_health(struct req *r, struct answer *out)
{
	(void)r;
	out->type = S("text/plain; charset=utf-8");
	buf_put(out->body, S("OK"));
	return OK;
}

static void say_error(struct listener *l, const char *why)
{
	SCOPED_BUF text = BUF_EMPTY, frame = BUF_EMPTY;
	struct jw w = {.out = &text};
	jw_open(&w, '{');
	jw_kstr(&w, S("error"), str_of(why));
	jw_ki64(&w, S("status"), status_of(why));
	jw_close(&w, '}');
	ws_frame(&frame, WS_TEXT, buf_str(&text));
	struct packet *p = packet_new(buf_str(&frame));
	(void)stream_send(l->stream, p);
	packet_drop(p);
}

/* A text, or of an array the first one; numbers as text. */
static struct str word_of(struct arena *a, const struct json *n)
{
	if (json_kind(n) == JSON_ARRAY)
		n = json_at(n, 0);
	return json_kind(n) == JSON_NUMBER ? json_number_text(n, a) : json_str(n);
}

static void said(void *arg, void *who, struct db *db, struct str text)
{
	(void)arg;
	SCOPED_ARENA a = arena_new();
	SCOPED_JSON doc = {0};
	struct listener *l = who;
	struct channel_key key;
	if (json_parse(&doc, text) != OK) {
		say_error(l, "Invalid JSON");
		return;
	}
	struct str type = json_str(json_get(doc.root, "type"));
	bool joins = str_eq(type, S("subscribe"));
	if (!joins && !str_eq(type, S("unsubscribe")))
		return;
	struct asking ask = {word_of(a, json_get(doc.root, "stream")),
			     word_of(a, json_get(doc.root, "tag")),
			     word_of(a, json_get(doc.root, "list")), false};
	const char *why = key_of(a, db, l, &ask, &key);
	if (why)
		say_error(l, why);
	else if (!joins)
		channel_part(l, &key);
	else if (channel_join(l, &key) == JOINED_TOO_MANY)
		say_error(l, "Too many subscriptions");
}

static void look(void *arg)
{
	(void)arg;
	if (!streaming.db)
		streaming.db = db_open(streaming.store, 64);
	stream_deliver(streaming.db);
}

static void gone(void *arg, void *who)
{
	(void)arg;
	listener_free(who);
}

struct stream_hooks streaming_start(struct store *store)
{
	streaming.store = store;
	return (struct stream_hooks){said, look, gone, NULL};
}

void streaming_stop(void)
{
	if (streaming.db)
		db_close(streaming.db);
	streaming.db = NULL;
}
