/* SPDX-License-Identifier: MIT */
/* Private conversations: whose row a direct kwip moves, and what the rows say. */
#include <stdlib.h>

#include "core/direct.h"
#include "core/kwip_private.h"

/* The author and everybody named. */
enum { MEMBERS_MAX = KWIP_NAMES_MAX + 1, ID_CHARS = 20 };

struct members {
	int64_t id[MEMBERS_MAX];
	bool local[MEMBERS_MAX]; /* and not blocked: has rows of its own */
	size_t n;
};

/* By id. Who blocks or is blocked by the author hears nothing of it. */
static void members_read(struct db *db, const struct kwip_row *k, struct members *out)
{
	out->n = 0;
	DB_EACH(row, db,
		"SELECT w.id, w.domain = '' AND w.state = 0 AND NOT EXISTS (SELECT 1 FROM block b"
		" WHERE (b.actor = w.id AND b.target = ?2) OR (b.actor = ?2 AND b.target = w.id))"
		" FROM account w WHERE w.id IN (SELECT account FROM mention WHERE kwip = ?1 UNION SELECT ?2)"
		" ORDER BY w.id LIMIT ?3",
		A(k->id), A(k->author), A((int)MEMBERS_MAX)) {
		out->local[out->n] = db_i64(&row, 1) != 0;
		out->id[out->n++] = db_i64(&row, 0);
	}
}

/* Ids but one, separated by spaces. */
static void put_people(struct buf *out, const struct members *m, int64_t but)
{
	buf_clear(out, MEMBERS_MAX * ID_CHARS);
	for (size_t i = 0; i < m->n; i++) {
		if (m->id[i] == but)
			continue;
		if (out->len > 0)
			buf_char(out, ' ');
		buf_i64(out, m->id[i]);
	}
}

static void tell(struct tx *tx, int64_t account, int64_t actor, int64_t kwip, int64_t id)
{
	event_add(tx, (struct event){.kind = EVENT_DIRECT,
				     .actor = actor,
				     .kwip = kwip,
				     .target = account,
				     .extra = id});
}

static void move_row(struct tx *tx, const struct kwip_row *k, int64_t account, struct str people)
{
	int64_t id = TX_I64(
		tx,
		"INSERT INTO direct (id, account, conversation, people, last_kwip, unread)"
		" VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, conversation, people) DO UPDATE SET"
		" last_kwip = excluded.last_kwip, unread = excluded.unread"
		" WHERE direct.last_kwip < excluded.last_kwip RETURNING id",
		A(tx_id(tx)), A(account), A(k->conversation), A(people), A(k->id),
		A(account != k->author));
	if (id)
		tell(tx, account, k->author, k->id, id);
}

void direct_said(struct tx *tx, int64_t kwip)
{
	struct kwip_row k;
	struct members m;
	SCOPED_BUF people = BUF_EMPTY;
	if (!kwip_row_get(tx_db(tx), kwip, &k) || k.visibility != VISIBLE_DIRECT)
		return;
	members_read(tx_db(tx), &k, &m);
	for (size_t i = 0; i < m.n; i++) {
		if (!m.local[i])
			continue;
		put_people(&people, &m, m.id[i]);
		move_row(tx, &k, m.id[i], buf_str(&people));
	}
}

/* The members of a kwip k as text: how rows of the same people are known again. */
#define SQL_MEMBERS \
	"(SELECT group_concat(id, ' ') FROM (SELECT account AS id FROM mention WHERE mention.kwip = k.id" \
	" UNION SELECT k.author ORDER BY 1))"

/* The last one that the same people said before, or 0. */
static int64_t said_before(struct db *db, const struct kwip_row *k, struct str everybody)
{
	int64_t id = DB_I64(
		db, 0,
		"SELECT k.id FROM kwip k WHERE k.conversation = ?1 AND k.reply_to IS NOT NULL AND k.id < ?2"
		" AND k.visibility = 3 AND " SQL_MEMBERS " = ?3 ORDER BY k.id DESC LIMIT 1",
		A(k->conversation), A(k->id), A(everybody));
	if (id == 0 && k->conversation != k->id)
		id = DB_I64(
			db, 0,
			"SELECT k.id FROM kwip k WHERE k.id = ?1 AND k.id < ?2 AND k.visibility = 3"
			" AND " SQL_MEMBERS " = ?3",
			A(k->conversation), A(k->id), A(everybody));
	return id;
}

void direct_unsaid(struct tx *tx, int64_t kwip)
{
	struct kwip_row k;
	struct members m;
	struct {
		int64_t id, account;
	} rows[MEMBERS_MAX];
	size_t n = 0;
	SCOPED_BUF everybody = BUF_EMPTY;
	if (!kwip_row_get(tx_db(tx), kwip, &k) || k.visibility != VISIBLE_DIRECT)
		return;
	DB_EACH(row, tx_db(tx), "SELECT id, account FROM direct WHERE last_kwip = ? LIMIT ?",
		A(kwip), A((int)MEMBERS_MAX)) {
		rows[n].id = db_i64(&row, 0);
		rows[n++].account = db_i64(&row, 1);
	}
	if (n == 0)
		return;
	members_read(tx_db(tx), &k, &m);
	put_people(&everybody, &m, 0);
	int64_t before = said_before(tx_db(tx), &k, buf_str(&everybody));
	if (before == 0) {
		TX_DO(tx, "DELETE FROM direct WHERE last_kwip = ?", A(kwip));
		return;
	}
	TX_DO(tx, "UPDATE direct SET last_kwip = ?, unread = 0 WHERE last_kwip = ?", A(before),
	      A(kwip));
	for (size_t i = 0; i < n; i++)
		tell(tx, rows[i].account, k.author, before, rows[i].id);
}

static struct direct direct_of(struct db_row *row, struct arena *a)
{
	struct direct d = {.id = db_i64(row, 0),
			   .conversation = db_i64(row, 1),
			   .last_kwip = db_i64(row, 3),
			   .unread = db_i64(row, 4) != 0};
	int64_t *people = arena_array(a, MEMBERS_MAX, sizeof *people);
	for (struct str rest = db_peek(row, 2); rest.len > 0 && d.n_people < MEMBERS_MAX;)
		d.n_people += str_i64(str_cut(&rest, ' '), &people[d.n_people]);
	d.people = people;
	return d;
}

#define SQL_DIRECT "SELECT id, conversation, people, last_kwip, unread FROM direct"

struct directs direct_list(struct db *db, struct arena *a, struct span s, int64_t account)
{
	struct directs list = {.at = arena_array(a, (size_t)s.limit, sizeof *list.at)};
	bool up = s.min_id > 0;
	const struct db_sql *sql =
		up ? DB_SQL(SQL_DIRECT " WHERE account = ? AND last_kwip < ? AND last_kwip > ?"
				       " ORDER BY last_kwip LIMIT ?")
		   : DB_SQL(SQL_DIRECT " WHERE account = ? AND last_kwip < ? AND last_kwip > ?"
				       " ORDER BY last_kwip DESC LIMIT ?");
	struct db_arg args[] = {A(account), A(s.max_id > 0 ? s.max_id : INT64_MAX),
				A(up ? s.min_id : s.since_id), A(s.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, sql, args, 4);
	while (db_next(&row))
		list.at[list.n++] = direct_of(&row, a);
	for (size_t i = 0; up && i + 1 < list.n - i; i++) {
		struct direct d = list.at[i];
		list.at[i] = list.at[list.n - 1 - i];
		list.at[list.n - 1 - i] = d;
	}
	return list;
}

bool direct_get(struct db *db, struct arena *a, int64_t account, int64_t id, struct direct *out)
{
	DB_EACH(row, db, SQL_DIRECT " WHERE id = ? AND account = ?", A(id), A(account)) {
		*out = direct_of(&row, a);
		return true;
	}
	return false;
}

enum err direct_mark(struct tx *tx, int64_t account, int64_t id, bool unread)
{
	if (!DB_I64(tx_db(tx), 0, "SELECT 1 FROM direct WHERE id = ? AND account = ?", A(id),
		    A(account)))
		return ERR_NOT_FOUND;
	if (TX_DO(tx, "UPDATE direct SET unread = ? WHERE id = ? AND unread <> ?", A(unread), A(id),
		  A(unread)))
		tell(tx, account, account, 0, id);
	return OK;
}

enum err direct_remove(struct tx *tx, int64_t account, int64_t id)
{
	int n = TX_DO(tx, "DELETE FROM direct WHERE id = ? AND account = ?", A(id), A(account));
	return n > 0 ? OK : ERR_NOT_FOUND;
}
