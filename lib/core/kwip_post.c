/* SPDX-License-Identifier: MIT */
/*
 * Saying something. The write path of the whole site: a plain kwip is five statements, everything
 * else is paid for only by those who use it (key, reply, names).
 */
#include "core/kwip_private.h"

#include "core/direct.h"
#include "core/follow.h"
#include "core/notice.h"

enum { FANS_TOLD = 200 };

/* What is about to be said, with what was found out about it. */
struct saying {
	struct tx *tx;
	struct arena *a;
	const struct draft *d;
	int64_t id, conversation;
	enum visibility visibility;
	struct str body, language;
	struct kwip_row parent, root; /* id 0: none, or gone */
	struct kwip_row quoted;       /* id 0: none */
	enum quote_policy quote_policy;
	struct named named;
};

static struct str key_hash(struct arena *a, struct str key)
{
	unsigned char *hash = arena_take(a, 16);
	hash_short(key, hash);
	return (struct str){(const char *)hash, 16};
}

int64_t kwip_of_key(struct db *db, struct arena *a, int64_t author, struct str key, int64_t now)
{
	enum { KEY_LIFE_MS = 60 * 60 * 1000 };
	if (key.len == 0)
		return 0;
	return DB_I64(
		db, 0,
		"SELECT k.id FROM idempotency i JOIN kwip k ON k.id = i.kwip WHERE i.account = ? AND i.key = ? "
		"AND i.at > ?",
		A(author), A_BLOB(key_hash(a, key)), A(now - KEY_LIFE_MS));
}

static enum err check_author(struct saying *s)
{
	DB_EACH(row, tx_db(s->tx),
		"SELECT a.state, l.language, coalesce(l.quote_policy, 0) FROM account a LEFT JOIN login l ON l.account = a.id WHERE a.id = ?",
		A(s->d->author)) {
		s->language = s->d->language.len ? s->d->language : db_str(&row, 1, s->a);
		s->quote_policy = s->d->has_quote_policy ? s->d->quote_policy
							 : (enum quote_policy)db_i64(&row, 2);
		return db_i64(&row, 0) == ACCOUNT_ACTIVE ? OK : ERR_DENIED;
	}
	return ERR_DENIED;
}

/* A comment on a repeat belongs to what was said first: there its conversation goes on. */
static void follow_repeat(struct db *db, struct saying *s)
{
	struct kwip_row first;
	if (!s->root.repeat_of || !kwip_row_get(db, s->root.repeat_of, &first))
		return;
	if (s->parent.id == s->root.id)
		s->parent = first;
	s->root = first;
}

enum err kwip_no_parent(void)
{
	(void)refuse("The post you are trying to reply to does not appear to exist.");
	return ERR_NOT_FOUND;
}

static enum err find_parent(struct saying *s)
{
	struct db *db = tx_db(s->tx);
	struct kwip_row *parent = &s->parent;
	if (!kwip_row_said(db, s->d->reply_to, parent))
		return kwip_no_parent();
	if (!kwip_may_see(db, s->d->author, parent->id)) {
		bool for_all = parent->visibility <= VISIBLE_UNLISTED;
		return for_all && is_blocked_between(db, s->d->author, parent->author)
			       ? ERR_DENIED
			       : kwip_no_parent();
	}
	if (parent->conversation == parent->id)
		s->root = *parent;
	else if (!kwip_row_get(db, parent->conversation, &s->root))
		s->root.id = 0;
	follow_repeat(db, s);
	s->conversation = s->root.id ? s->root.id : parent->conversation;
	if (s->visibility < s->parent.visibility)
		s->visibility = s->parent.visibility;
	return OK;
}

/* What is for followers is quoted for followers. */
static enum err find_quoted(struct saying *s)
{
	enum err e = quote_find(tx_db(s->tx), s->d->author, s->d->quote_of, &s->quoted);
	if (e == OK && s->quoted.visibility == VISIBLE_FOLLOWERS &&
	    s->visibility < VISIBLE_FOLLOWERS)
		s->visibility = VISIBLE_FOLLOWERS;
	return e;
}

static enum err check_parts(const struct saying *s)
{
	const struct draft *d = s->d;
	if (d->poll && d->n_media)
		return refuse("Validation failed: Cannot attach a poll to a post with media");
	return d->poll ? poll_check(d->poll) : OK;
}

static void insert(struct saying *s)
{
	const struct draft *d = s->d;
	if (s->visibility > VISIBLE_UNLISTED)
		s->quote_policy = QUOTE_BY_NOBODY;
	TX_DO(s->tx,
	      "INSERT INTO kwip (id, author, conversation, reply_to, reply_to_author, visibility, app, body, warning, "
	      "sensitive, language, activity, quote_of, quote_policy) "
	      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?1, ?12, ?13)",
	      A(s->id), A(d->author), A(s->conversation), A_ID(s->parent.id),
	      A_ID(s->parent.author), A((int)s->visibility), A(d->app ? d->app : APP_WEB),
	      A(s->body), A(d->warning), A(d->sensitive || d->warning.len > 0), A(s->language),
	      A_ID(s->quoted.id), A((int)s->quote_policy));
}

/* After the names are known: a private quote must not show to others whom it does not tell. */
static enum err add_quote(struct saying *s)
{
	const struct kwip_row *q = &s->quoted;
	if (s->visibility == VISIBLE_DIRECT && q->author != s->d->author &&
	    !named_has(&s->named, q->author))
		return refuse("Validation failed: Cannot quote a non-mentioned user in a Private "
			      "Mention post.");
	quote_count(s->tx, q, s->visibility, 1);
	return OK;
}

static enum err add_parts(struct saying *s)
{
	const struct draft *d = s->d;
	enum err e = OK;
	if (d->n_media)
		e = media_attach(s->tx, d->author, s->id, d->media, d->n_media);
	if (e == OK && s->quoted.id)
		e = add_quote(s);
	if (e == OK && d->poll)
		poll_add(s->tx, s->id, d->author, d->poll);
	return e;
}

/* Counts the comment where it counts: on the root, and on what it answers directly. */
static void count_comment(struct saying *s)
{
	if (s->root.id && s->visibility <= s->root.visibility) {
		TX_DO(s->tx,
		      "UPDATE kwip SET comments_count = comments_count + 1, "
		      "activity = CASE WHEN activity < ?1 THEN ?1 ELSE activity END WHERE id = ?2",
		      A(s->id), A(s->root.id));
		kwip_tell_counts(s->tx, s->root.id, s->root.author, s->conversation);
	}
	if (s->parent.id != s->root.id && s->visibility <= s->parent.visibility) {
		TX_DO(s->tx, "UPDATE kwip SET comments_count = comments_count + 1 WHERE id = ?",
		      A(s->parent.id));
		kwip_tell_counts(s->tx, s->parent.id, s->parent.author, s->conversation);
	}
}

static void tell_of_comment(struct saying *s, int64_t who)
{
	if (!who || who == s->d->author || named_has(&s->named, who))
		return;
	if (s->visibility >= VISIBLE_FOLLOWERS && !kwip_may_see(tx_db(s->tx), who, s->id))
		return;
	notice_add(s->tx, who, NOTICE_COMMENT, s->d->author, s->id);
}

/* Followers who asked to be told: of what stands on its own or goes on with it, not of answers to
 * others. */
static void tell_fans(struct saying *s)
{
	int64_t fan[FANS_TOLD];
	size_t n = 0;
	if (s->visibility == VISIBLE_DIRECT || (s->parent.id && s->parent.author != s->d->author))
		return;
	DB_EACH(row, tx_db(s->tx),
		"SELECT actor FROM follow WHERE target = ?1 AND notify = 1 AND pending = 0 AND NOT EXISTS "
		"(SELECT 1 FROM mute WHERE mute.actor = follow.actor AND mute.target = ?1) ORDER BY actor LIMIT ?2",
		A(s->d->author), A(FANS_TOLD))
		fan[n++] = db_i64(&row, 0);
	for (size_t i = 0; i < n; i++) {
		if (!named_has(&s->named, fan[i]))
			notice_add(s->tx, fan[i], NOTICE_KWIP, s->d->author, s->id);
	}
}

static void tell_people(struct saying *s)
{
	for (size_t i = 0; i < s->named.n; i++) {
		if (s->named.account[i] != s->d->author)
			notice_add(s->tx, s->named.account[i], NOTICE_MENTION, s->d->author, s->id);
	}
	tell_of_comment(s, s->parent.author);
	if (s->root.author != s->parent.author)
		tell_of_comment(s, s->root.author);
	if (s->quoted.id)
		notice_add(s->tx, s->quoted.author, NOTICE_QUOTE, s->d->author, s->id);
	tell_fans(s);
}

static void keep_key(struct saying *s)
{
	if (s->d->idempotency_key.len == 0)
		return;
	TX_DO(s->tx,
	      "INSERT INTO idempotency (account, key, kwip, at) VALUES (?, ?, ?, ?) "
	      "ON CONFLICT (account, key) DO UPDATE SET kwip = excluded.kwip, at = excluded.at",
	      A(s->d->author), A_BLOB(key_hash(s->a, s->d->idempotency_key)), A(s->id),
	      A(tx_now(s->tx)));
}

static enum err say(struct saying *s)
{
	insert(s);
	kwip_count_said(s->tx, s->d->author, s->id, s->visibility);
	kwip_names_store(s->tx, s->a, s->id, s->body, &s->named);
	if (s->visibility >= VISIBLE_FOLLOWERS && (s->parent.id || s->quoted.id))
		kwip_names_answered(s->tx, s->id);
	enum err e = add_parts(s);
	if (e != OK)
		return e;
	if (s->visibility == VISIBLE_DIRECT)
		direct_said(s->tx, s->id);
	event_add(s->tx, (struct event){.kind = EVENT_KWIP_NEW,
					.actor = s->d->author,
					.kwip = s->id,
					.target = s->parent.author,
					.extra = s->conversation});
	if (s->parent.id)
		count_comment(s);
	tell_people(s);
	keep_key(s);
	return OK;
}

enum err kwip_post(struct tx *tx, struct arena *a, const struct draft *d, int64_t *id)
{
	*id = kwip_of_key(tx_db(tx), a, d->author, d->idempotency_key, tx_now(tx));
	if (*id)
		return OK;
	enum err e = kwip_text_check(d->body, d->warning, d->language, d->n_media || d->quote_of);
	if (e)
		return e;
	if ((unsigned)d->visibility > VISIBLE_DIRECT)
		return refuse("there is no such visibility");
	struct saying *s = arena_take(a, sizeof *s);
	*s = (struct saying){.tx = tx, .a = a, .d = d, .visibility = d->visibility};
	e = check_author(s);
	if (!e && d->reply_to)
		e = find_parent(s);
	if (!e && d->quote_of)
		e = find_quoted(s);
	if (!e)
		e = check_parts(s);
	if (e)
		return e;
	s->id = tx_id(tx);
	if (!s->conversation)
		s->conversation = s->id;
	s->body = kwip_text_clean(a, d->body);
	*id = s->id;
	return say(s);
}
