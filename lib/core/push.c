/* SPDX-License-Identifier: MIT */
/* Subscriptions to Web Push and the server's keys for it. */
#include "core/push.h"

#define COLUMNS "id, account, token, endpoint, p256dh, auth, standard, alerts, policy"
#define KIND(k) (INT64_C(1) << (k))

const struct push_alert push_alerts[] = {
	{S_INIT("mention"), KIND(NOTICE_MENTION) | KIND(NOTICE_COMMENT)},
	{S_INIT("status"), KIND(NOTICE_KWIP)},
	{S_INIT("reblog"), KIND(NOTICE_BOOST)},
	{S_INIT("follow"), KIND(NOTICE_FOLLOW)},
	{S_INIT("follow_request"), KIND(NOTICE_REQUEST)},
	{S_INIT("favourite"), KIND(NOTICE_FAVOURITE)},
	{S_INIT("poll"), KIND(NOTICE_POLL)},
	{S_INIT("update"), KIND(NOTICE_EDIT)},
	{S_INIT("quote"), KIND(NOTICE_QUOTE)},
	{S_INIT("quoted_update"), KIND(NOTICE_QUOTED_EDIT)},
	{S_INIT("admin.sign_up"), KIND(NOTICE_SIGNUP)},
	{S_INIT("admin.report"), KIND(NOTICE_REPORT)},
};
const size_t push_alerts_count = sizeof(push_alerts) / sizeof(*push_alerts);

static const struct str policies[] = {
	[PUSH_ALL] = S_INIT("all"),
	[PUSH_FOLLOWED] = S_INIT("followed"),
	[PUSH_FOLLOWER] = S_INIT("follower"),
	[PUSH_NONE] = S_INIT("none"),
};

struct str push_policy_name(enum push_policy p)
{
	return (unsigned)p <= PUSH_NONE ? policies[p] : policies[PUSH_ALL];
}

bool push_policy_of(struct str name, enum push_policy *p)
{
	*p = PUSH_ALL;
	if (name.len == 0)
		return true;
	for (size_t i = 0; i <= PUSH_NONE; i++) {
		if (!str_eq(name, policies[i]))
			continue;
		*p = (enum push_policy)i;
		return true;
	}
	return false;
}

struct str push_public_key(struct db *db, struct arena *a)
{
	struct str key;
	return DB_TEXT(db, &key, a, "SELECT value FROM meta WHERE key = 'vapid_public'") ? key
											 : S("");
}

struct str push_private_key(struct db *db, struct arena *a)
{
	struct str key;
	return DB_TEXT(db, &key, a, "SELECT value FROM meta WHERE key = 'vapid_private'") ? key
											  : S("");
}

void push_keys_keep(struct tx *tx, struct str public, struct str private)
{
	SCOPED_ARENA a = arena_new();
	if (push_public_key(tx_db(tx), a).len > 0)
		return;
	TX_DO(tx, "INSERT INTO meta (key, value) VALUES ('vapid_public', ?)", A(public));
	TX_DO(tx, "INSERT INTO meta (key, value) VALUES ('vapid_private', ?)", A(private));
}

static void read_row(struct db_row *row, struct arena *a, struct push_subscription *out)
{
	struct str token = db_peek(row, 2);
	*out = (struct push_subscription){
		.id = db_i64(row, 0),
		.account = db_i64(row, 1),
		.endpoint = db_str(row, 3, a),
		.p256dh = db_str(row, 4, a),
		.auth = db_str(row, 5, a),
		.standard = db_i64(row, 6) != 0,
		.alerts = db_i64(row, 7),
		.policy = (enum push_policy)db_i64(row, 8),
	};
	if (token.len == HASH_BYTES)
		memcpy(out->token.at, token.at, HASH_BYTES);
}

static struct db_arg hash_arg(const struct hash *h)
{
	return A_BLOB(((struct str){(const char *)h->at, HASH_BYTES}));
}

bool push_find(struct db *db, struct arena *a, struct hash token, struct push_subscription *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM push_subscription WHERE token = ?",
		hash_arg(&token)) {
		read_row(&row, a, out);
		return true;
	}
	return false;
}

bool push_get(struct db *db, struct arena *a, int64_t id, struct push_subscription *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM push_subscription WHERE id = ?", A(id)) {
		read_row(&row, a, out);
		return true;
	}
	return false;
}

void push_put(struct tx *tx, const struct push_subscription *s)
{
	push_remove(tx, s->token);
	TX_DO(tx,
	      "INSERT INTO push_subscription (token, account, endpoint, p256dh, auth, standard, alerts, policy)"
	      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	      hash_arg(&s->token), A(s->account), A(s->endpoint), A(s->p256dh), A(s->auth),
	      A(s->standard), A(s->alerts), A((int)s->policy));
}

enum err push_change(struct tx *tx, struct hash token, int64_t alerts, enum push_policy policy)
{
	int n = TX_DO(tx, "UPDATE push_subscription SET alerts = ?, policy = ? WHERE token = ?",
		      A(alerts), A((int)policy), hash_arg(&token));
	return n == 1 ? OK : ERR_NOT_FOUND;
}

void push_remove(struct tx *tx, struct hash token)
{
	TX_DO(tx, "DELETE FROM push_subscription WHERE token = ?", hash_arg(&token));
}

void push_gone(struct tx *tx, int64_t id, struct str endpoint)
{
	TX_DO(tx, "DELETE FROM push_subscription WHERE id = ? AND endpoint = ?", A(id),
	      A(endpoint));
}

static bool follows(struct db *db, int64_t actor, int64_t target)
{
	return DB_I64(db, 0, "SELECT 1 FROM follow WHERE actor = ? AND target = ? AND pending = 0",
		      A(actor), A(target)) != 0;
}

static bool policy_lets(struct db *db, const struct push_subscription *s, int64_t actor)
{
	switch (s->policy) {
	case PUSH_FOLLOWED:
		return follows(db, s->account, actor);
	case PUSH_FOLLOWER:
		return follows(db, actor, s->account);
	case PUSH_NONE:
		return false;
	default:
		return true;
	}
}

bool push_note_for(struct db *db, struct arena *a, const struct push_subscription *s,
		   int64_t notice, struct push_note *out)
{
	bool found = false;
	*out = (struct push_note){.notice = notice};
	DB_EACH(row, db,
		"SELECT n.kind, n.actor, coalesce(n.kwip, 0), coalesce(l.language, '') FROM notice n"
		" JOIN account w ON w.id = n.actor LEFT JOIN login l ON l.account = n.account"
		" WHERE n.id = ? AND n.account = ? AND n.filtered = 0 AND w.state IN (0, 3)",
		A(notice), A(s->account)) {
		out->kind = (enum notice_kind)db_i64(&row, 0);
		out->actor = db_i64(&row, 1);
		out->kwip = db_i64(&row, 2);
		out->language = db_str(&row, 3, a);
		found = true;
	}
	return found && out->kind < NOTICE_KINDS && (s->alerts & KIND(out->kind)) != 0 &&
	       policy_lets(db, s, out->actor);
}

size_t push_wanted(struct db *db, int64_t notice, int64_t *ids, size_t max)
{
	size_t n = 0;
	DB_EACH(row, db,
		"SELECT p.id FROM notice n JOIN push_subscription p ON p.account = n.account"
		" WHERE n.id = ? AND (p.alerts >> n.kind) & 1 = 1 ORDER BY p.id LIMIT ?",
		A(notice), A((int64_t)max))
		ids[n++] = db_i64(&row, 0);
	return n;
}
