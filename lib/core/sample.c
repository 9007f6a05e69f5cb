/* SPDX-License-Identifier: MIT */
/* Bulk rows for `kwipd fill`. One statement per row and one per event; nothing is read back but
 * notices' ids. */
#include "core/sample.h"

#include "core/kwip_private.h"
#include "core/notice.h"

enum { SAMPLE_NODE = 3, FAVOURITE_SPREAD_MS = 60 * 1000 };

int64_t sample_id(int64_t ms, unsigned n)
{
	return id_at(ms) + (SAMPLE_NODE << 12) + (int64_t)(n & 0xfff);
}

bool sample_name_is_free(struct db *db, struct str lower_case_name)
{
	return !DB_I64(db, 0, "SELECT 1 FROM account WHERE name_key = ? AND domain = ''",
		       A(lower_case_name));
}

int64_t sample_people_count(struct db *db)
{
	return DB_I64(db, 0, "SELECT count(*) FROM account /* scan */");
}

int64_t sample_people_free(struct db *db, int64_t from, int64_t until)
{
	int64_t newest = DB_I64(db, 0, "SELECT max(id) FROM account WHERE id < ?", A(id_at(until)));
	return newest && id_ms(newest) >= from ? id_ms(newest) + 1 : from;
}

void sample_person_add(struct tx *tx, const struct sample_person *p)
{
	TX_DO(tx,
	      "INSERT INTO account (id, name, name_key, display_name, about, followers_count, following_count) "
	      "VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?6)",
	      A(p->id), A(p->name), A(p->display_name), A(p->about), A(p->followers),
	      A(p->following));
	TX_DO(tx, "INSERT INTO login (account, password, language) VALUES (?, '', ?)", A(p->id),
	      A(p->language));
}

void sample_follow_add(struct tx *tx, int64_t actor, int64_t target, int64_t id)
{
	TX_DO(tx, "INSERT INTO follow (actor, target, id) VALUES (?, ?, ?)", A(actor), A(target),
	      A(id));
}

static void insert(struct tx *tx, const struct sample_kwip *k)
{
	TX_DO(tx,
	      "INSERT INTO kwip (id, author, conversation, reply_to, reply_to_author, boost_of, visibility, body, language, "
	      "activity, comments_count, boosts_count, favourites_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	      A(k->id), A(k->author), A(k->conversation), A_ID(k->reply_to),
	      A_ID(k->reply_to_author), A_ID(k->boost_of), A((int)k->visibility), A(k->body),
	      A(k->language), A(k->activity), A(k->comments_count), A(k->boosts_count),
	      A((int64_t)k->n_favourites));
}

/* Most texts name nobody and nothing; only the others are taken apart. */
static bool may_name(struct str body)
{
	return memchr(body.at, '@', body.len) || memchr(body.at, '#', body.len) ||
	       memchr(body.at, ':', body.len);
}

static void tell_of_comment(struct tx *tx, const struct sample_kwip *k, const struct named *named)
{
	if (!named_has(named, k->reply_to_author))
		notice_add(tx, k->reply_to_author, NOTICE_COMMENT, k->author, k->id);
	if (k->root_author != k->reply_to_author && !named_has(named, k->root_author))
		notice_add(tx, k->root_author, NOTICE_COMMENT, k->author, k->id);
}

static void add_favourites(struct tx *tx, const struct sample_kwip *k)
{
	for (size_t i = 0; i < k->n_favourites; i++) {
		int64_t id = k->id + id_at((int64_t)(i + 1) * FAVOURITE_SPREAD_MS);
		TX_DO(tx, "INSERT INTO favourite (account, kwip, id) VALUES (?, ?, ?)",
		      A(k->favourite[i]), A(k->id), A(id));
	}
}

void sample_kwip_add(struct tx *tx, struct arena *a, const struct sample_kwip *k)
{
	struct named named = {0};
	insert(tx, k);
	if (k->body.len && may_name(k->body))
		kwip_names_store(tx, a, k->id, k->body, &named);
	if (k->reply_to)
		tell_of_comment(tx, k, &named);
	add_favourites(tx, k);
}

void sample_person_said(struct tx *tx, int64_t account, int64_t kwips, int64_t newest)
{
	TX_DO(tx,
	      "UPDATE account SET kwips_count = kwips_count + ?2, "
	      "last_kwip = CASE WHEN coalesce(last_kwip, 0) < ?3 THEN ?3 ELSE last_kwip END WHERE id = ?1",
	      A(account), A(kwips), A(newest));
}

void sample_tell(struct tx *tx, int64_t first, int64_t last)
{
	event_add(tx, (struct event){.kind = EVENT_BULK, .kwip = first, .extra = last});
}
