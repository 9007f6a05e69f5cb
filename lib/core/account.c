/* SPDX-License-Identifier: MIT */
/*
 * Accounts: making and loading them, and the lists of people. What may be called how is name.c's,
 * what people change about themselves profile.c's, passwords login.c's, suspending and deleting
 * closing.c's.
 */
#include "core/account_private.h"

#include <stdlib.h>

#include "core/follow.h"
#include "core/in40.h"
#include "core/notice.h"
#include "store/event.h"

#define COLUMNS \
	"id, name, domain, display_name, about, avatar, header, fields, uri, url, state, role, locked, bot," \
	" discoverable, indexable, hide_collections, kwips_count, followers_count, following_count, last_kwip, limited, sensitized"

enum { PEOPLE_MAX = 200 };

static struct account account_of_row(struct db_row *row, struct arena *a)
{
	return (struct account){
		.id = db_i64(row, 0),
		.name = db_str(row, 1, a),
		.domain = db_str(row, 2, a),
		.display_name = db_str(row, 3, a),
		.about = db_str(row, 4, a),
		.avatar = db_str(row, 5, a),
		.header = db_str(row, 6, a),
		.fields = db_str(row, 7, a),
		.uri = db_str(row, 8, a),
		.url = db_str(row, 9, a),
		.state = (enum account_state)db_i64(row, 10),
		.role = (enum account_role)db_i64(row, 11),
		.locked = db_i64(row, 12) != 0,
		.bot = db_i64(row, 13) != 0,
		.discoverable = db_i64(row, 14) != 0,
		.indexable = db_i64(row, 15) != 0,
		.hide_collections = db_i64(row, 16) != 0,
		.kwips_count = db_i64(row, 17),
		.followers_count = db_i64(row, 18),
		.following_count = db_i64(row, 19),
		.last_kwip = db_i64(row, 20),
		.limited = db_i64(row, 21) != 0,
		.sensitized = db_i64(row, 22) != 0,
	};
}

static enum err new_check(struct db *db, const struct account_new *n, const struct key *name,
			  const struct key *mail)
{
	enum err e = account_name_check(n->name);
	if (e == OK)
		e = mail_check(n->email);
	if (e == OK)
		e = line_check(n->display_name, DISPLAY_NAME_MAX, "a display name");
	if (e == OK)
		e = language_check(n->language);
	if (e != OK)
		return e;
	if (DB_I64(db, 0, "SELECT id FROM account WHERE name_key = ? AND domain = ''",
		   A(key_str(name))) != 0) {
		(void)!refuse("that name is taken");
		return ERR_CONFLICT;
	}
	if (mail_is_taken(db, mail, 0)) {
		(void)!refuse("that mail address is in use");
		return ERR_CONFLICT;
	}
	return OK;
}

/* An inviter who is gone or suspended meanwhile is no reason to turn the guest away. */
void account_meet_inviter(struct tx *tx, int64_t id, int64_t inviter)
{
	if (inviter && follow_add(tx, id, inviter, true, false) == OK)
		notice_add(tx, inviter, NOTICE_SIGNUP, id, 0);
}

enum err account_add(struct tx *tx, const struct account_new *n, int64_t *id)
{
	struct key name = key_of(n->name), mail = key_of(n->email);
	enum err e = new_check(tx_db(tx), n, &name, &mail);
	if (e != OK)
		return e;
	*id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO account (id, name, name_key, display_name, role, state) VALUES (?, ?, ?, ?, ?, ?)",
	      A(*id), A(n->name), A(key_str(&name)), A(n->display_name), A((int)n->role),
	      A(n->pending ? (int)ACCOUNT_PENDING : (int)ACCOUNT_ACTIVE));
	TX_DO(tx,
	      "INSERT INTO login (account, email, email_key, password, language, invited_by) VALUES (?, ?, ?, ?, ?, ?)",
	      A(*id), A_STR_OR_NULL(n->email), A_STR_OR_NULL(key_str(&mail)),
	      A(str_of(n->password_hash)), A(n->language), A_ID(n->invited_by));
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_NEW, .actor = *id});
	if (!n->pending)
		account_meet_inviter(tx, *id, n->invited_by);
	return OK;
}

/* Those of all of them are looked for together. */
static void find_emojis(struct db *db, struct arena *a, struct account *at, size_t n)
{
	struct str *texts = arena_array(a, 3 * n, sizeof *texts);
	for (size_t i = 0; i < n; i++) {
		texts[3 * i] = at[i].display_name;
		texts[3 * i + 1] = at[i].about;
		texts[3 * i + 2] = at[i].fields;
	}
	struct emojis found = emojis_of(db, a, texts, 3 * n);
	for (size_t i = 0; found.n > 0 && i < n; i++)
		at[i].emojis = emojis_among(a, &found, texts + 3 * i, 3);
}

bool account_get(struct db *db, struct arena *a, int64_t id, struct account *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM account WHERE id = ?", A(id)) {
		*out = account_of_row(&row, a);
		find_emojis(db, a, out, 1);
		return true;
	}
	return false;
}

bool account_find(struct db *db, struct arena *a, struct str name, struct str domain,
		  struct account *out)
{
	struct key name_key = key_of(name), domain_key = key_of(domain);
	if (name_key.len == 0 || domain_key.len != domain.len)
		return false;
	DB_EACH(row, db, "SELECT " COLUMNS " FROM account WHERE name_key = ? AND domain = ?",
		A(key_str(&name_key)), A(key_str(&domain_key))) {
		*out = account_of_row(&row, a);
		find_emojis(db, a, out, 1);
		return true;
	}
	return false;
}

/* Rows come in the order of the table; each goes to every place that asked for it. */
static void round_load(struct db *db, struct arena *a, const int64_t *ids, size_t n,
		       struct account *out)
{
	struct db_arg args[IN_WIDTH];
	ids_args(args, ids, n);
	DB_EACH_ARGS(row, db, "SELECT " COLUMNS " FROM account WHERE id IN (" IN40 ")", args,
		     IN_WIDTH)
	{
		struct account found = account_of_row(&row, a);
		for (size_t i = 0; i < n; i++)
			if (ids[i] == found.id)
				out[i] = found;
	}
}

struct accounts accounts_load(struct db *db, struct arena *a, const int64_t *ids, size_t n)
{
	struct accounts all = {.at = arena_array(a, n, sizeof(*all.at))};
	for (size_t i = 0; i < n; i += IN_WIDTH)
		round_load(db, a, ids + i, n - i < IN_WIDTH ? n - i : IN_WIDTH, all.at + i);
	for (size_t i = 0; i < n; i++)
		if (all.at[i].id != 0)
			all.at[all.n++] = all.at[i];
	find_emojis(db, a, all.at, all.n);
	return all;
}

int64_t account_count(struct db *db)
{
	return DB_I64(
		db, 0,
		"SELECT count(*) FROM account WHERE name_key > '' AND domain = '' AND state = 0");
}

bool account_any(struct db *db)
{
	return DB_I64(db, 0,
		      "SELECT id FROM account WHERE name_key > '' AND domain = '' LIMIT 1") != 0;
}

static int people_limit(int limit)
{
	return limit < 0 ? 0 : limit > PEOPLE_MAX ? PEOPLE_MAX : limit;
}

struct accounts account_search(struct db *db, struct arena *a, struct str q, int limit)
{
	struct accounts found = {
		.at = arena_array(a, (size_t)people_limit(limit), sizeof(*found.at))};
	if (q.len > 0 && q.at[0] == '@')
		q = str_slice(q, 1, q.len);
	struct key from = key_of(q), to = from;
	if (from.len == 0 || from.len == KEY_MAX)
		return found;
	to.at[to.len++] = 127; /* above every character of a name */
	DB_EACH(row, db,
		"SELECT " COLUMNS
		" FROM account WHERE name_key >= ? AND name_key < ? AND state = 0 ORDER BY name_key, domain LIMIT ?",
		A(key_str(&from)), A(key_str(&to)), A(people_limit(limit)))
		found.at[found.n++] = account_of_row(&row, a);
	find_emojis(db, a, found.at, found.n);
	return found;
}

static int by_followers(const void *x, const void *y)
{
	const struct account *p = x, *q = y;
	if (p->followers_count != q->followers_count)
		return p->followers_count < q->followers_count ? 1 : -1;
	return (p->id < q->id) - (p->id > q->id);
}

struct accounts account_directory(struct db *db, struct arena *a, bool newest, int limit,
				  int offset)
{
	int end = people_limit(offset) + people_limit(limit);
	int taken = newest && end < PEOPLE_MAX ? end : PEOPLE_MAX;
	struct accounts all = {.at = arena_array(a, PEOPLE_MAX, sizeof(*all.at))};
	DB_EACH(row, db,
		"SELECT " COLUMNS
		" FROM account WHERE id < ? AND domain = '' AND state = 0 AND discoverable = 1 AND limited = 0"
		" ORDER BY id DESC LIMIT ?",
		A(INT64_MAX), A(taken))
		all.at[all.n++] = account_of_row(&row, a);
	if (!newest)
		qsort(all.at, all.n, sizeof(*all.at), by_followers);
	size_t skip = (size_t)people_limit(offset) < all.n ? (size_t)people_limit(offset) : all.n;
	all.at += skip;
	all.n -= skip;
	if (all.n > (size_t)people_limit(limit))
		all.n = (size_t)people_limit(limit);
	find_emojis(db, a, all.at, all.n);
	return all;
}
