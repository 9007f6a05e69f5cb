/* SPDX-License-Identifier: MIT */
/* The SQL of live streaming: a few small statements per event, however many listen. */
#include "core/stream_find.h"

#include "core/kwip_private.h"

static void add_id(struct arena *a, struct viewers *v, int64_t id)
{
	/* Room is 0, 16, 32, 64 ...: full at these numbers alone. */
	if ((v->n & (v->n - 1)) == 0 && (v->n == 0 || v->n >= 16)) {
		int64_t *bigger = arena_array(a, v->n ? 2 * v->n : 16, sizeof(int64_t));
		if (v->n > 0)
			memcpy(bigger, v->at, v->n * sizeof(int64_t));
		v->at = bigger;
	}
	v->at[v->n++] = id;
}

bool viewers_have(const struct viewers *v, int64_t account)
{
	size_t low = 0, high = v->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (v->at[mid] == account)
			return true;
		if (v->at[mid] < account)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static void read_tags(struct db *db, struct arena *a, struct stream_kwip *out)
{
	enum { MOST = 64 };
	out->tags = arena_array(a, MOST, sizeof(*out->tags));
	DB_EACH(row, db,
		"SELECT t.name FROM kwip_tag kt JOIN tag t ON t.id = kt.tag WHERE kt.kwip = ? LIMIT ?",
		A(out->said.id), A(MOST))
		out->tags[out->n_tags++] = db_str(&row, 0, a);
}

bool stream_kwip_get(struct db *db, struct arena *a, int64_t kwip, struct stream_kwip *out)
{
	*out = (struct stream_kwip){0};
	if (!fanout_said(fanout_open(db, a), kwip, &out->said))
		return false;
	DB_EACH(row, db,
		"SELECT w.domain = '', k.media_count > 0, k.repeat_of IS NOT NULL, k.quote_of IS NOT NULL OR k.quote_policy <> 0"
		" OR coalesce(b.quote_of IS NOT NULL OR b.quote_policy <> 0, 0)"
		" FROM kwip k JOIN account w ON w.id = k.author LEFT JOIN kwip b ON b.id = k.boost_of WHERE k.id = ?",
		A(kwip)) {
		out->is_local = db_i64(&row, 0) != 0;
		out->has_media = db_i64(&row, 1) != 0;
		out->is_repeat = db_i64(&row, 2) != 0;
		out->is_personal = db_i64(&row, 3) != 0;
	}
	read_tags(db, a, out);
	return true;
}

struct viewers stream_shy(struct db *db, struct arena *a, int64_t account)
{
	struct viewers out = {0};
	if (account == 0)
		return out;
	DB_EACH(row, db,
		"SELECT actor FROM block WHERE target = ?1 UNION SELECT target FROM block WHERE actor = ?1 "
		"UNION SELECT actor FROM mute WHERE target = ?1 ORDER BY 1",
		A(account))
		add_id(a, &out, db_i64(&row, 0));
	return out;
}

struct viewers stream_marked(struct db *db, struct arena *a, int64_t kwip, int64_t conversation)
{
	struct viewers out = {0};
	DB_EACH(row, db,
		"SELECT account FROM favourite WHERE kwip = ?1 UNION SELECT account FROM bookmark WHERE kwip = ?1 "
		"UNION SELECT author FROM kwip WHERE boost_of = ?1 AND boost_of IS NOT NULL "
		"UNION SELECT account FROM conversation_mute WHERE kwip = ?2 "
		"UNION SELECT v.account FROM poll p JOIN poll_vote v ON v.poll = p.id WHERE p.kwip = ?1 ORDER BY 1",
		A(kwip), A(conversation))
		add_id(a, &out, db_i64(&row, 0));
	return out;
}

struct str stream_tag_lost(struct db *db, struct arena *a, int64_t kwip, int64_t tag)
{
	struct str name;
	bool found = DB_TEXT(
		db, &name, a,
		"SELECT name FROM tag WHERE id = ? AND NOT EXISTS (SELECT 1 FROM kwip WHERE kwip.id = ?)",
		A(tag), A(kwip));
	return found ? name : S("");
}

struct viewers stream_lists(struct db *db, struct arena *a, int64_t member)
{
	struct viewers out = {0};
	DB_EACH(row, db, "SELECT list FROM list_member WHERE account = ? ORDER BY list", A(member))
		add_id(a, &out, db_i64(&row, 0));
	return out;
}

int64_t stream_list_owner(struct db *db, int64_t list)
{
	return DB_I64(db, 0, "SELECT account FROM list WHERE id = ?", A(list));
}

/* Of the kwip's author, whom it answers and whom it boosts. */
static bool mutes_any(struct db *db, int64_t account, const struct said *s)
{
	return DB_I64(db, 0, "SELECT 1 FROM mute WHERE actor = ? AND target IN (?, ?, ?)",
		      A(account), A(s->author), A(s->reply_to_author), A(s->boosted_author)) != 0;
}

bool stream_list_takes(struct db *db, int64_t list, const struct said *s)
{
	int64_t owner = stream_list_owner(db, list);
	if (owner == 0 || s->hidden || !kwip_may_see(db, owner, s->id) || mutes_any(db, owner, s))
		return false;
	if (s->reply_to == 0 || s->reply_to_author == s->author || s->reply_to_author == owner)
		return true;
	return DB_I64(db, 0,
		      "SELECT CASE l.replies WHEN 0 THEN EXISTS (SELECT 1 FROM list_member WHERE list = l.id AND account = ?2)"
		      " WHEN 1 THEN EXISTS (SELECT 1 FROM follow WHERE actor = l.account AND target = ?2 AND pending = 0)"
		      " ELSE 0 END FROM list l WHERE l.id = ?1",
		      A(list), A(s->reply_to_author)) != 0;
}

bool stream_token_ok(struct db *db, const struct hash *token)
{
	struct str hash = {(const char *)token->at, HASH_BYTES};
	return DB_I64(db, 0,
		      "SELECT 1 FROM token t JOIN account w ON w.id = t.account WHERE t.hash = ? AND w.state = 0",
		      A_BLOB(hash)) != 0;
}

bool stream_has_filters(struct db *db, int64_t account)
{
	return DB_I64(db, 0, "SELECT 1 FROM filter WHERE account = ? LIMIT 1", A(account)) != 0;
}

struct stream_reactions stream_reactions(struct db *db, struct arena *a)
{
	struct stream_reactions out = {0};
	size_t cap = 0;
	DB_EACH(row, db,
		"SELECT announcement, name, count(*) FROM announcement_reaction "
		"GROUP BY announcement, name ORDER BY announcement, name /* scan: what stands under a few announcements */") {
		if (out.n == cap) {
			cap = cap ? 2 * cap : 16;
			struct stream_reaction *bigger = arena_array(a, cap, sizeof(*bigger));
			if (out.n > 0)
				memcpy(bigger, out.at, out.n * sizeof(*bigger));
			out.at = bigger;
		}
		out.at[out.n++] = (struct stream_reaction){.announcement = db_i64(&row, 0),
							   .name = db_str(&row, 1, a),
							   .count = db_i64(&row, 2)};
	}
	return out;
}
