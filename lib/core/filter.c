/* SPDX-License-Identifier: MIT */
/* Filters as rows: loading and changing them. What they match is filter_match.c's. */
#include "core/filter.h"

#include "base/utf8.h"
#include "core/kwip.h"
#include "store/event.h"

static void words_load(struct db *db, struct arena *a, int64_t account, int64_t only,
		       struct filters *out)
{
	out->words = arena_array(a, FILTER_WORDS_MAX, sizeof *out->words);
	DB_EACH(row, db,
		"SELECT w.id, w.filter, w.keyword, w.whole_word FROM filter f JOIN filter_keyword w ON w.filter = f.id "
		"WHERE f.account = ?1 AND (?2 = 0 OR f.id = ?2) ORDER BY w.id LIMIT ?3",
		A(account), A(only), A(FILTER_WORDS_MAX))
		out->words[out->n_words++] = (struct filter_word){
			db_i64(&row, 0), db_i64(&row, 1), db_str(&row, 2, a), db_i64(&row, 3) != 0};
}

static void kwips_load_of(struct db *db, struct arena *a, int64_t account, int64_t only,
			  struct filters *out)
{
	out->kwips = arena_array(a, FILTER_KWIPS_MAX, sizeof *out->kwips);
	DB_EACH(row, db,
		"SELECT x.id, x.filter, x.kwip FROM filter f JOIN filter_kwip x ON x.filter = f.id "
		"WHERE f.account = ?1 AND (?2 = 0 OR f.id = ?2) ORDER BY x.id LIMIT ?3",
		A(account), A(only), A(FILTER_KWIPS_MAX))
		out->kwips[out->n_kwips++] = (struct filter_kwip){db_i64(&row, 0), db_i64(&row, 1),
								  db_i64(&row, 2)};
}

struct filters filters_load(struct db *db, struct arena *a, int64_t account, int64_t only)
{
	struct filters out = {.at = arena_array(a, FILTERS_MAX, sizeof *out.at)};
	DB_EACH(row, db,
		"SELECT id, coalesce(expires_at, 0), title, contexts, action FROM filter "
		"WHERE account = ?1 AND (?2 = 0 OR id = ?2) ORDER BY id LIMIT ?3",
		A(account), A(only), A(FILTERS_MAX))
		out.at[out.n++] = (struct filter){
			.id = db_i64(&row, 0),
			.expires_at = db_i64(&row, 1),
			.title = db_str(&row, 2, a),
			.contexts = (int)db_i64(&row, 3),
			.action = (enum filter_action)db_i64(&row, 4),
		};
	if (out.n == 0)
		return out;
	words_load(db, a, account, only, &out);
	kwips_load_of(db, a, account, only, &out);
	return out;
}

bool filter_word_get(struct db *db, struct arena *a, int64_t account, int64_t id,
		     struct filter_word *out)
{
	DB_EACH(row, db,
		"SELECT w.id, w.filter, w.keyword, w.whole_word FROM filter_keyword w JOIN filter f ON f.id = w.filter "
		"WHERE w.id = ? AND f.account = ?",
		A(id), A(account)) {
		*out = (struct filter_word){db_i64(&row, 0), db_i64(&row, 1), db_str(&row, 2, a),
					    db_i64(&row, 3) != 0};
		return true;
	}
	return false;
}

bool filter_kwip_get(struct db *db, int64_t account, int64_t id, struct filter_kwip *out)
{
	DB_EACH(row, db,
		"SELECT x.id, x.filter, x.kwip FROM filter_kwip x JOIN filter f ON f.id = x.filter "
		"WHERE x.id = ? AND f.account = ?",
		A(id), A(account)) {
		*out = (struct filter_kwip){db_i64(&row, 0), db_i64(&row, 1), db_i64(&row, 2)};
		return true;
	}
	return false;
}

static enum err changed(struct tx *tx, int64_t account)
{
	event_add(tx, (struct event){.kind = EVENT_FILTERS, .actor = account});
	return OK;
}

static bool is_own(struct db *db, int64_t account, int64_t filter)
{
	return DB_I64(db, 0, "SELECT 1 FROM filter WHERE id = ? AND account = ?", A(filter),
		      A(account)) != 0;
}

static enum err text_check(const char *what, struct str text, size_t most)
{
	if (str_trim(text).len == 0)
		return refuse("Validation failed: %s can't be blank", what);
	if (utf8_chars(text) > most)
		return refuse("Validation failed: %s is too long (maximum is %zu characters)", what,
			      most);
	return OK;
}

static enum err filter_check(const struct filter *f)
{
	if (f->contexts == 0)
		return refuse("Validation failed: Context can't be blank");
	return text_check("Title", f->title, FILTER_TITLE_MAX);
}

enum err filter_add(struct tx *tx, int64_t account, struct filter *f)
{
	enum err e = filter_check(f);
	if (e != OK)
		return e;
	if (DB_I64(tx_db(tx), 0, "SELECT count(*) FROM filter WHERE account = ?", A(account)) >=
	    FILTERS_MAX)
		return refuse("you have as many filters as one can have (%d)", FILTERS_MAX);
	f->id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO filter (id, account, title, contexts, action, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
	      A(f->id), A(account), A(f->title), A(f->contexts), A((int)f->action),
	      A_ID(f->expires_at));
	return changed(tx, account);
}

enum err filter_edit(struct tx *tx, int64_t account, const struct filter *f)
{
	enum err e = filter_check(f);
	if (e != OK)
		return e;
	if (TX_DO(tx,
		  "UPDATE filter SET title = ?, contexts = ?, action = ?, expires_at = ? WHERE id = ? AND account = ?",
		  A(f->title), A(f->contexts), A((int)f->action), A_ID(f->expires_at), A(f->id),
		  A(account)) == 0)
		return ERR_NOT_FOUND;
	return changed(tx, account);
}

enum err filter_delete(struct tx *tx, int64_t account, int64_t id)
{
	if (TX_DO(tx, "DELETE FROM filter WHERE id = ? AND account = ?", A(id), A(account)) == 0)
		return ERR_NOT_FOUND;
	return changed(tx, account);
}

/* After a change of keywords: is there still no more than is allowed? */
static enum err words_check(struct db *db, int64_t account)
{
	int64_t n = 0, bytes = 0;
	DB_EACH(row, db,
		"SELECT count(*), sum(length(CAST(w.keyword AS BLOB))) FROM filter f JOIN filter_keyword w ON w.filter = f.id "
		"WHERE f.account = ?",
		A(account)) {
		n = db_i64(&row, 0);
		bytes = db_i64(&row, 1);
	}
	if (n > FILTER_WORDS_MAX || bytes > FILTER_BYTES_MAX)
		return refuse("your filters have as many keywords as they can");
	return OK;
}

enum err filter_word_add(struct tx *tx, int64_t account, struct filter_word *w)
{
	if (!is_own(tx_db(tx), account, w->filter))
		return ERR_NOT_FOUND;
	w->keyword = str_trim(w->keyword);
	enum err e = text_check("Keyword", w->keyword, FILTER_WORD_MAX);
	if (e != OK)
		return e;
	w->id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO filter_keyword (id, filter, keyword, whole_word) VALUES (?, ?, ?, ?)",
	      A(w->id), A(w->filter), A(w->keyword), A(w->whole));
	e = words_check(tx_db(tx), account);
	return e != OK ? e : changed(tx, account);
}

enum err filter_word_edit(struct tx *tx, int64_t account, const struct filter_word *w)
{
	enum err e = text_check("Keyword", w->keyword, FILTER_WORD_MAX);
	if (e != OK)
		return e;
	if (TX_DO(tx,
		  "UPDATE filter_keyword SET keyword = ?, whole_word = ? WHERE id = ? "
		  "AND filter IN (SELECT id FROM filter WHERE account = ?)",
		  A(str_trim(w->keyword)), A(w->whole), A(w->id), A(account)) == 0)
		return ERR_NOT_FOUND;
	e = words_check(tx_db(tx), account);
	return e != OK ? e : changed(tx, account);
}

enum err filter_word_delete(struct tx *tx, int64_t account, int64_t id)
{
	if (TX_DO(tx,
		  "DELETE FROM filter_keyword WHERE id = ? AND filter IN (SELECT id FROM filter WHERE account = ?)",
		  A(id), A(account)) == 0)
		return ERR_NOT_FOUND;
	return changed(tx, account);
}

enum err filter_kwip_add(struct tx *tx, int64_t account, struct filter_kwip *k)
{
	struct db *db = tx_db(tx);
	if (!is_own(db, account, k->filter) || !kwip_may_see(db, account, k->kwip))
		return ERR_NOT_FOUND;
	if (DB_I64(db, 0, "SELECT 1 FROM filter_kwip WHERE filter = ? AND kwip = ?", A(k->filter),
		   A(k->kwip)))
		return refuse("Validation failed: Status has already been taken");
	if (DB_I64(db, 0,
		   "SELECT count(*) FROM filter f JOIN filter_kwip x ON x.filter = f.id WHERE f.account = ?",
		   A(account)) >= FILTER_KWIPS_MAX)
		return refuse("your filters name as many posts as they can");
	k->id = tx_id(tx);
	TX_DO(tx, "INSERT INTO filter_kwip (id, filter, kwip) VALUES (?, ?, ?)", A(k->id),
	      A(k->filter), A(k->kwip));
	return changed(tx, account);
}

enum err filter_kwip_delete(struct tx *tx, int64_t account, int64_t id)
{
	if (TX_DO(tx,
		  "DELETE FROM filter_kwip WHERE id = ? AND filter IN (SELECT id FROM filter WHERE account = ?)",
		  A(id), A(account)) == 0)
		return ERR_NOT_FOUND;
	return changed(tx, account);
}
