/* SPDX-License-Identifier: MIT */
/* Relations to CSV and back: writing files, reading them, and the changes they ask for. */
#include "core/transfer.h"

#include "base/conf.h"
#include "base/csv.h"
#include "core/follow.h"
#include "core/idset.h"
#include "core/kwip.h"
#include "core/list.h"
#include "core/remark.h"

static const struct str names[TRANSFER_KINDS] = {
	[TRANSFER_FOLLOWS] = S_INIT("follows"),       [TRANSFER_LISTS] = S_INIT("lists"),
	[TRANSFER_BLOCKS] = S_INIT("blocks"),         [TRANSFER_MUTES] = S_INIT("mutes"),
	[TRANSFER_DOMAINS] = S_INIT("domain_blocks"), [TRANSFER_BOOKMARKS] = S_INIT("bookmarks"),
};

struct str transfer_name(enum transfer_kind kind)
{
	return names[kind];
}

bool transfer_kind_of(struct str name, enum transfer_kind *kind)
{
	for (int i = 0; i < TRANSFER_KINDS; i++)
		if (str_eq(name, names[i])) {
			*kind = (enum transfer_kind)i;
			return true;
		}
	return false;
}

static struct str host_of_site(void)
{
	struct str url = conf_base_url();
	ptrdiff_t at = str_find(url, S("://"));
	return str_slice(url, at < 0 ? 0 : (size_t)at + 3, url.len);
}

static void put_address(struct buf *out, struct str name, struct str domain)
{
	SCOPED_BUF address = BUF_EMPTY;
	buf_put(&address, name);
	buf_char(&address, '@');
	buf_put(&address, domain.len > 0 ? domain : host_of_site());
	csv_put(out, buf_str(&address));
}

static void put_bool(struct buf *out, bool on)
{
	buf_put(out, on ? S(",true") : S(",false"));
}

static void export_follows(struct db *db, struct buf *out, int64_t account)
{
	buf_put(out, S("Account address,Show boosts,Notify on new posts,Languages\n"));
	DB_EACH(row, db,
		"SELECT w.name, w.domain, f.boosts, f.notify, f.languages FROM follow f JOIN account w ON w.id = f.target"
		" WHERE f.actor = ? AND f.pending = 0 ORDER BY f.target",
		A(account)) {
		put_address(out, db_peek(&row, 0), db_peek(&row, 1));
		put_bool(out, db_i64(&row, 2) != 0);
		put_bool(out, db_i64(&row, 3) != 0);
		buf_char(out, ',');
		csv_put(out, db_peek(&row, 4));
		buf_char(out, '\n');
	}
}

static void export_lists(struct db *db, struct buf *out, int64_t account)
{
	DB_EACH(row, db,
		"SELECT l.title, w.name, w.domain FROM list l JOIN list_member m ON m.list = l.id"
		" JOIN account w ON w.id = m.account WHERE l.account = ? ORDER BY l.id, m.account",
		A(account)) {
		csv_put(out, db_peek(&row, 0));
		buf_char(out, ',');
		put_address(out, db_peek(&row, 1), db_peek(&row, 2));
		buf_char(out, '\n');
	}
}

static void export_blocks(struct db *db, struct buf *out, int64_t account)
{
	DB_EACH(row, db,
		"SELECT w.name, w.domain FROM block b JOIN account w ON w.id = b.target WHERE b.actor = ? ORDER BY b.target",
		A(account)) {
		put_address(out, db_peek(&row, 0), db_peek(&row, 1));
		buf_char(out, '\n');
	}
}

static void export_mutes(struct db *db, struct buf *out, int64_t account)
{
	buf_put(out, S("Account address,Hide notifications\n"));
	DB_EACH(row, db,
		"SELECT w.name, w.domain, m.notices FROM mute m JOIN account w ON w.id = m.target WHERE m.actor = ? ORDER BY m.target",
		A(account)) {
		put_address(out, db_peek(&row, 0), db_peek(&row, 1));
		put_bool(out, db_i64(&row, 2) != 0);
		buf_char(out, '\n');
	}
}

static void export_domains(struct db *db, struct buf *out, int64_t account)
{
	DB_EACH(row, db, "SELECT domain FROM domain_block WHERE account = ? ORDER BY domain",
		A(account)) {
		csv_put(out, db_peek(&row, 0));
		buf_char(out, '\n');
	}
}

static void export_bookmarks(struct db *db, struct buf *out, int64_t account)
{
	DB_EACH(row, db,
		"SELECT k.id, w.name, coalesce(k.uri, '') FROM bookmark b JOIN kwip k ON k.id = b.kwip"
		" JOIN account w ON w.id = k.author WHERE b.account = ? ORDER BY b.id",
		A(account)) {
		SCOPED_BUF url = BUF_EMPTY;
		if (db_peek(&row, 2).len > 0) {
			buf_put(&url, db_peek(&row, 2));
		} else {
			buf_put(&url, conf_base_url());
			buf_put(&url, S("/@"));
			buf_put(&url, db_peek(&row, 1));
			buf_char(&url, '/');
			buf_i64(&url, db_i64(&row, 0));
		}
		csv_put(out, buf_str(&url));
		buf_char(out, '\n');
	}
}

void transfer_export(struct db *db, struct buf *out, int64_t account, enum transfer_kind kind)
{
	static void (*const each[TRANSFER_KINDS])(struct db *, struct buf *, int64_t) = {
		[TRANSFER_FOLLOWS] = export_follows, [TRANSFER_LISTS] = export_lists,
		[TRANSFER_BLOCKS] = export_blocks,   [TRANSFER_MUTES] = export_mutes,
		[TRANSFER_DOMAINS] = export_domains, [TRANSFER_BOOKMARKS] = export_bookmarks,
	};
	each[kind](db, out, account);
}

/* "name@host", "@name@host", "name": whose account that is here, 0 for nobody's. */
static int64_t account_named(struct db *db, struct arena *a, struct str address)
{
	struct account who;
	address = str_trim(address);
	if (str_starts(address, S("@")))
		address = str_slice(address, 1, address.len);
	struct str domain = address, name = str_cut(&domain, '@');
	if (str_eq_nocase(domain, host_of_site()))
		domain = S("");
	return account_find(db, a, name, domain.at ? domain : S(""), &who) ? who.id : 0;
}

/* The address of a kwip: by what it is called elsewhere, or ".../@name/ID" of this site. */
static int64_t kwip_at(struct db *db, struct str url)
{
	struct str base = conf_base_url();
	int64_t id = 0;
	url = str_trim(url);
	if (!str_starts(url, base))
		return DB_I64(db, 0, "SELECT id FROM kwip WHERE uri = ?", A(url));
	struct str path = str_slice(url, base.len, url.len);
	size_t at = path.len;
	while (at > 0 && path.at[at - 1] != '/')
		at--;
	return str_i64(str_slice(path, at, path.len), &id) ? id : 0;
}

static bool is_true(struct str s)
{
	return str_eq_nocase(str_trim(s), S("true")) || str_eq(str_trim(s), S("1"));
}

/* One record; false when it names nobody here. */
static bool row_of(struct db *db, struct arena *a, const struct transfer *t,
		   const struct str *cells, struct transfer_row *row)
{
	*row = (struct transfer_row){.flag = true};
	switch (t->kind) {
	case TRANSFER_FOLLOWS:
		row->target = account_named(db, a, cells[0]);
		row->flag = cells[1].len == 0 || is_true(cells[1]);
		row->notify = is_true(cells[2]);
		row->languages = cells[3];
		break;
	case TRANSFER_LISTS:
		row->text = str_trim(cells[0]);
		row->target = account_named(db, a, cells[1]);
		break;
	case TRANSFER_MUTES:
		row->flag = cells[1].len == 0 || is_true(cells[1]);
		row->target = account_named(db, a, cells[0]);
		break;
	case TRANSFER_DOMAINS:
		row->text = str_trim(cells[0]);
		return row->text.len > 0;
	case TRANSFER_BOOKMARKS:
		row->target = kwip_at(db, cells[0]);
		break;
	default:
		row->target = account_named(db, a, cells[0]);
		break;
	}
	return row->target != 0;
}

static bool is_header(struct str cell)
{
	return str_eq_nocase(cell, S("Account address")) || str_eq_nocase(cell, S("#domain")) ||
	       str_eq_nocase(cell, S("List name")) || str_eq_nocase(cell, S("#uri"));
}

enum err transfer_read(struct db *db, struct arena *a, struct str text, struct transfer *t)
{
	enum { CELLS = 4 };
	size_t room = 0;
	if (str_starts(text, S("\xef\xbb\xbf")))
		text = str_slice(text, 3, text.len);
	for (size_t i = 0; i < text.len; i++)
		room += text.at[i] == '\n' || text.at[i] == '\r';
	if (room > TRANSFER_ROWS_MAX)
		return refuse("The file has more than %d lines.", TRANSFER_ROWS_MAX);
	t->at = arena_array(a, room + 1, sizeof *t->at);
	t->n = t->unknown = 0;
	for (bool first = true;; first = false) {
		struct str cells[CELLS] = {{0}};
		int n = csv_next(&text, a, cells, CELLS);
		if (n < 0)
			break;
		if (n == 0 || cells[0].len == 0 || (first && is_header(cells[0])))
			continue;
		if (row_of(db, a, t, cells, &t->at[t->n]))
			t->n++;
		else
			t->unknown++;
	}
	if (t->n + t->unknown == 0)
		return refuse("The file has no lines that could be read.");
	return OK;
}

static int64_t list_named(struct tx *tx, struct arena *a, int64_t account, struct str title)
{
	struct lists all = lists_of(tx_db(tx), a, account);
	for (size_t i = 0; i < all.n; i++)
		if (str_eq(all.at[i].title, title))
			return all.at[i].id;
	struct list l = {.title = title};
	return list_add(tx, account, &l) == OK ? l.id : 0;
}

static enum err apply_one(struct tx *tx, struct arena *a, const struct transfer *t,
			  const struct transfer_row *row)
{
	int64_t me = t->account;
	switch (t->kind) {
	case TRANSFER_FOLLOWS: {
		enum err e = follow_add(tx, me, row->target, row->flag, row->notify);
		return e ? e : follow_languages_set(tx, me, row->target, row->languages);
	}
	case TRANSFER_LISTS: {
		int64_t list = list_named(tx, a, me, row->text);
		return list ? list_members_add(tx, me, list, &row->target, 1) : ERR_INPUT;
	}
	case TRANSFER_BLOCKS:
		return block_add(tx, me, row->target);
	case TRANSFER_MUTES:
		return mute_add(tx, me, row->target, row->flag, 0);
	case TRANSFER_DOMAINS:
		return domain_block_add(tx, a, me, row->text);
	case TRANSFER_BOOKMARKS:
		return kwip_mark(tx, me, row->target, MARK_BOOKMARK, true);
	case TRANSFER_KINDS:
		break;
	}
	return ERR_INTERNAL;
}

void transfer_apply(struct tx *tx, struct arena *a, struct transfer *t, size_t from, size_t n)
{
	for (size_t i = from; i < from + n && i < t->n; i++) {
		if (apply_one(tx, a, t, &t->at[i]) == OK)
			t->done++;
		else
			t->failed++;
	}
}

/* What the account has of the kind at this moment: (target, text), one in each row. */
static const struct db_sql *present_sql(enum transfer_kind kind)
{
	switch (kind) {
	case TRANSFER_FOLLOWS:
		return DB_SQL("SELECT target, '' FROM follow WHERE actor = ?");
	case TRANSFER_BLOCKS:
		return DB_SQL("SELECT target, '' FROM block WHERE actor = ?");
	case TRANSFER_MUTES:
		return DB_SQL("SELECT target, '' FROM mute WHERE actor = ?");
	case TRANSFER_DOMAINS:
		return DB_SQL("SELECT 0, domain FROM domain_block WHERE account = ?");
	default:
		return DB_SQL("SELECT kwip, '' FROM bookmark WHERE account = ?");
	}
}

static bool is_named(const struct transfer *t, const struct idset *named, int64_t target,
		     struct str text)
{
	if (target)
		return set_has(named, target);
	for (size_t i = 0; i < t->n; i++)
		if (str_eq_nocase(t->at[i].text, text))
			return true;
	return false;
}

void transfer_surplus(struct db *db, struct arena *a, struct transfer *t)
{
	if (t->kind == TRANSFER_LISTS)
		return;
	struct idset named;
	set_open(&named, a, t->n);
	for (size_t i = 0; i < t->n; i++)
		(void)set_add(&named, t->at[i].target);
	struct db_arg me = A(t->account);
	size_t room = 0;
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, present_sql(t->kind),
								       &me, 1);
	while (db_next(&row)) {
		struct transfer_row gone = {.target = db_i64(&row, 0), .text = db_str(&row, 1, a)};
		if (is_named(t, &named, gone.target, gone.text))
			continue;
		if (t->n_gone == room) {
			struct transfer_row *more = arena_array(a, room ? 2 * room : 64,
								sizeof *more);
			if (room)
				memcpy(more, t->gone, room * sizeof *more);
			t->gone = more;
			room = room ? 2 * room : 64;
		}
		t->gone[t->n_gone++] = gone;
	}
}

static enum err end_one(struct tx *tx, struct arena *a, const struct transfer *t,
			const struct transfer_row *row)
{
	switch (t->kind) {
	case TRANSFER_FOLLOWS:
		return follow_end(tx, t->account, row->target);
	case TRANSFER_BLOCKS:
		return block_end(tx, t->account, row->target);
	case TRANSFER_MUTES:
		return mute_end(tx, t->account, row->target);
	case TRANSFER_DOMAINS:
		domain_block_end(tx, a, t->account, row->text);
		return OK;
	default:
		return kwip_mark(tx, t->account, row->target, MARK_BOOKMARK, false);
	}
}

void transfer_end_surplus(struct tx *tx, struct arena *a, struct transfer *t, size_t from, size_t n)
{
	for (size_t i = from; i < from + n && i < t->n_gone; i++)
		t->failed += end_one(tx, a, t, &t->gone[i]) != OK;
}
