/* SPDX-License-Identifier: MIT */
/* Lists and their members; what they show is timeline_home.c's. */
#include "core/list.h"

#include "base/utf8.h"
#include "core/timeline_private.h"
#include "store/event.h"

static const struct str REPLIES[] = {S_INIT("list"), S_INIT("followed"), S_INIT("none")};

struct str list_replies_name(enum list_replies r)
{
	return REPLIES[r];
}

static struct list list_row(struct db_row *row, struct arena *a)
{
	return (struct list){db_i64(row, 0), db_str(row, 1, a),
			     (enum list_replies)(db_i64(row, 2) % 3), db_i64(row, 3) != 0};
}

struct lists lists_of(struct db *db, struct arena *a, int64_t owner)
{
	struct lists out = {.at = arena_array(a, LISTS_MAX, sizeof(struct list))};
	DB_EACH(row, db,
		"SELECT id, title, replies, exclusive FROM list WHERE account = ? ORDER BY id LIMIT ?",
		A(owner), A(LISTS_MAX))
		out.at[out.n++] = list_row(&row, a);
	return out;
}

struct lists lists_with(struct db *db, struct arena *a, int64_t owner, int64_t member)
{
	struct lists out = {.at = arena_array(a, LISTS_MAX, sizeof(struct list))};
	DB_EACH(row, db,
		"SELECT l.id, l.title, l.replies, l.exclusive FROM list l CROSS JOIN list_member m ON m.list = l.id "
		"AND m.account = ? WHERE l.account = ? ORDER BY l.id LIMIT ?",
		A(member), A(owner), A(LISTS_MAX))
		out.at[out.n++] = list_row(&row, a);
	return out;
}

bool list_get(struct db *db, struct arena *a, int64_t owner, int64_t id, struct list *out)
{
	DB_EACH(row, db,
		"SELECT id, title, replies, exclusive FROM list WHERE id = ? AND account = ?",
		A(id), A(owner)) {
		*out = list_row(&row, a);
		return true;
	}
	return false;
}

static void tell_home(struct tx *tx, int64_t owner)
{
	event_add(tx, (struct event){.kind = EVENT_HOME, .actor = owner});
}

static enum err title_check(struct str title)
{
	if (str_trim(title).len == 0)
		return refuse("Validation failed: Title can't be blank");
	if (utf8_chars(title) > LIST_TITLE_MAX)
		return refuse("Validation failed: Title is too long");
	return OK;
}

enum err list_add(struct tx *tx, int64_t owner, struct list *l)
{
	enum err e = title_check(l->title);
	if (e != OK)
		return e;
	if (DB_I64(tx_db(tx), 0, "SELECT count(*) FROM list WHERE account = ?", A(owner)) >=
	    LISTS_MAX)
		return refuse("you have as many lists as one can have (%d)", LISTS_MAX);
	l->id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO list (id, account, title, replies, exclusive) VALUES (?, ?, ?, ?, ?)",
	      A(l->id), A(owner), A(l->title), A((int)l->replies), A(l->exclusive));
	return OK;
}

/* -1: the list is not owner's. */
static int64_t is_exclusive(struct db *db, int64_t owner, int64_t list)
{
	return DB_I64(db, -1, "SELECT exclusive FROM list WHERE id = ? AND account = ?", A(list),
		      A(owner));
}

enum err list_edit(struct tx *tx, int64_t owner, const struct list *l)
{
	int64_t was = is_exclusive(tx_db(tx), owner, l->id);
	if (was < 0)
		return ERR_NOT_FOUND;
	enum err e = title_check(l->title);
	if (e != OK)
		return e;
	TX_DO(tx, "UPDATE list SET title = ?, replies = ?, exclusive = ? WHERE id = ?", A(l->title),
	      A((int)l->replies), A(l->exclusive), A(l->id));
	if (was != l->exclusive)
		tell_home(tx, owner);
	return OK;
}

enum err list_delete(struct tx *tx, int64_t owner, int64_t id)
{
	int64_t was = is_exclusive(tx_db(tx), owner, id);
	if (was < 0)
		return ERR_NOT_FOUND;
	TX_DO(tx, "DELETE FROM list WHERE id = ?", A(id));
	if (was)
		tell_home(tx, owner);
	return OK;
}

static enum err member_add(struct tx *tx, int64_t owner, int64_t list, int64_t who)
{
	struct db *db = tx_db(tx);
	if (who != owner &&
	    !DB_I64(db, 0, "SELECT 1 FROM follow WHERE actor = ? AND target = ? AND pending = 0",
		    A(owner), A(who)))
		return ERR_NOT_FOUND;
	if (DB_I64(db, 0, "SELECT 1 FROM list_member WHERE list = ? AND account = ?", A(list),
		   A(who)))
		return refuse("Validation failed: Account has already been taken");
	TX_DO(tx, "INSERT INTO list_member (list, account, id) VALUES (?, ?, ?)", A(list), A(who),
	      A(tx_id(tx)));
	return OK;
}

enum err list_members_add(struct tx *tx, int64_t owner, int64_t list, const int64_t *who, size_t n)
{
	int64_t exclusive = is_exclusive(tx_db(tx), owner, list);
	if (exclusive < 0)
		return ERR_NOT_FOUND;
	enum err e = OK;
	for (size_t i = 0; i < n && e == OK; i++)
		e = member_add(tx, owner, list, who[i]);
	if (e == OK && DB_I64(tx_db(tx), 0, "SELECT count(*) FROM list_member WHERE list = ?",
			      A(list)) > LIST_MEMBERS_MAX)
		e = refuse("a list holds at most %d people", LIST_MEMBERS_MAX);
	if (e == OK && exclusive)
		tell_home(tx, owner);
	return e;
}

enum err list_members_take(struct tx *tx, int64_t owner, int64_t list, const int64_t *who, size_t n)
{
	int64_t exclusive = is_exclusive(tx_db(tx), owner, list);
	if (exclusive < 0)
		return ERR_NOT_FOUND;
	for (size_t i = 0; i < n; i++)
		TX_DO(tx, "DELETE FROM list_member WHERE list = ? AND account = ?", A(list),
		      A(who[i]));
	if (exclusive)
		tell_home(tx, owner);
	return OK;
}

void list_forget(struct tx *tx, int64_t owner, int64_t member)
{
	TX_DO(tx,
	      "DELETE FROM list_member WHERE account = ? AND list IN (SELECT id FROM list WHERE account = ?)",
	      A(member), A(owner));
}

#define MEMBERS(dir) \
	DB_SQL("SELECT m.account, m.id FROM list_member m WHERE m.list = ? AND m.id > ? AND m.id < ? " \
	       "ORDER BY m.id " dir " LIMIT ?")

struct ids list_members(struct db *db, struct arena *a, int64_t list, struct span s)
{
	struct range r = range_of(s);
	struct ids out = ids_new(a, r.limit);
	struct db_arg args[] = {A(list), A(r.low), A(r.high), A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(
		db, r.up ? MEMBERS("ASC") : MEMBERS("DESC"), args, 4);
	while (db_next(&row))
		ids_add(&out, db_i64(&row, 0), db_i64(&row, 1));
	if (r.up)
		ids_reverse(&out);
	return out;
}
