/* SPDX-License-Identifier: MIT */
/* Reports and the site's rules. What moderators then do to accounts is moderation.c's. */
#include "core/report.h"

#include "base/json.h"
#include "base/utf8.h"
#include "core/account.h"
#include "core/notice.h"
#include "core/timeline_private.h"
#include "store/event.h"

static const struct str category_names[REPORT_CATEGORIES] = {
	[REPORT_OTHER] = S_INIT("other"),
	[REPORT_SPAM] = S_INIT("spam"),
	[REPORT_LEGAL] = S_INIT("legal"),
	[REPORT_VIOLATION] = S_INIT("violation"),
};

struct str report_category_name(enum report_category c)
{
	return (unsigned)c < REPORT_CATEGORIES ? category_names[c] : category_names[REPORT_OTHER];
}

bool report_category_of(struct str name, enum report_category *c)
{
	for (int i = 0; i < REPORT_CATEGORIES; i++)
		if (str_eq(name, category_names[i])) {
			*c = (enum report_category)i;
			return true;
		}
	return false;
}

static struct str ids_json(struct arena *a, const int64_t *ids, size_t n)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct jw w = {.out = &b};
	jw_open(&w, '[');
	for (size_t i = 0; i < n; i++)
		jw_i64(&w, ids[i]);
	jw_close(&w, ']');
	return arena_str(a, buf_str(&b));
}

static enum err check(struct db *db, const struct report_new *n)
{
	if (n->account == n->target)
		return refuse("Validation failed: You cannot report yourself");
	int64_t state = DB_I64(db, ACCOUNT_DELETED, "SELECT state FROM account WHERE id = ?",
			       A(n->target));
	if (state == ACCOUNT_DELETED || state == ACCOUNT_PENDING)
		return ERR_NOT_FOUND;
	if (utf8_chars(n->comment) > REPORT_COMMENT_MAX)
		return refuse("Validation failed: Comment is too long (maximum is %d characters)",
			      REPORT_COMMENT_MAX);
	for (size_t i = 0; i < n->n_kwips; i++)
		if (!DB_I64(db, 0, "SELECT 1 FROM kwip WHERE id = ? AND author = ?", A(n->kwips[i]),
			    A(n->target)))
			return refuse("Validation failed: Status is not of that account");
	for (size_t i = 0; i < n->n_rules; i++)
		if (!DB_I64(db, 0, "SELECT 1 FROM rule WHERE id = ?", A(n->rules[i])))
			return refuse("Validation failed: Rule ids does not reference valid rules");
	return OK;
}

static void tell_moderators(struct tx *tx, int64_t by, int64_t report)
{
	enum { TOLD_MAX = 50 };
	int64_t who[TOLD_MAX];
	size_t n = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT id FROM account WHERE role > 0 AND state = 0 ORDER BY id LIMIT ? /* scan */",
		A(TOLD_MAX))
		who[n++] = db_i64(&row, 0);
	for (size_t i = 0; i < n; i++)
		notice_add_report(tx, who[i], by, report);
}

enum err report_add(struct tx *tx, struct arena *a, const struct report_new *n, int64_t *id)
{
	enum err e = check(tx_db(tx), n);
	if (e)
		return e;
	*id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO report (id, account, target, category, comment, forwarded, kwips, rules, updated_at)"
	      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	      A(*id), A(n->account), A(n->target), A((int)n->category), A(n->comment),
	      A(n->forward), A(ids_json(a, n->kwips, n->n_kwips)),
	      A(ids_json(a, n->rules, n->n_rules)), A(tx_now(tx)));
	event_add(tx, (struct event){.kind = EVENT_REPORT,
				     .actor = n->account,
				     .target = n->target,
				     .extra = *id});
	tell_moderators(tx, n->account, *id);
	return OK;
}

#define COLUMNS \
	"id, account, target, category, comment, kwips, rules, forwarded, coalesce(assigned, 0)," \
	" coalesce(resolved_at, 0), coalesce(resolved_by, 0), updated_at"

static struct report read_row(struct db_row *row, struct arena *a)
{
	return (struct report){
		.id = db_i64(row, 0),
		.account = db_i64(row, 1),
		.target = db_i64(row, 2),
		.category = (enum report_category)db_i64(row, 3),
		.comment = db_str(row, 4, a),
		.kwips = db_str(row, 5, a),
		.rules = db_str(row, 6, a),
		.forwarded = db_i64(row, 7) != 0,
		.assigned = db_i64(row, 8),
		.resolved_at = db_i64(row, 9),
		.resolved_by = db_i64(row, 10),
		.updated_at = db_i64(row, 11),
	};
}

bool report_get(struct db *db, struct arena *a, int64_t id, struct report *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM report WHERE id = ?", A(id)) {
		*out = read_row(&row, a);
		return true;
	}
	return false;
}

#define WANTED(dir) \
	DB_SQL("SELECT " COLUMNS \
	       " FROM report WHERE id < ?1 AND id > ?2 AND (resolved_at IS NOT NULL) = ?3" \
	       " AND (?4 = 0 OR account = ?4) AND (?5 = 0 OR target = ?5) ORDER BY id " dir \
	       " LIMIT ?6")

struct reports report_list(struct db *db, struct arena *a, const struct report_ask *ask)
{
	struct range r = range_of(ask->page);
	struct reports out = {.at = arena_array(a, (size_t)r.limit, sizeof *out.at)};
	struct db_arg args[] = {A(r.high),       A(r.low),       A(ask->resolved),
				A(ask->account), A(ask->target), A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(
		db, r.up ? WANTED("ASC") : WANTED("DESC"), args, 6);
	while (db_next(&row))
		out.at[out.n++] = read_row(&row, a);
	if (r.up)
		page_turn(out.at, out.n, sizeof *out.at);
	return out;
}

static enum err changed(int rows)
{
	return rows > 0 ? OK : ERR_NOT_FOUND;
}

enum err report_assign(struct tx *tx, int64_t id, int64_t by)
{
	return changed(TX_DO(tx, "UPDATE report SET assigned = ?, updated_at = ? WHERE id = ?",
			     A_ID(by), A(tx_now(tx)), A(id)));
}

enum err report_resolve(struct tx *tx, int64_t id, int64_t by)
{
	return changed(TX_DO(
		tx,
		"UPDATE report SET resolved_at = ?1, resolved_by = ?2, updated_at = ?1 WHERE id = ?3",
		A(tx_now(tx)), A(by), A(id)));
}

enum err report_reopen(struct tx *tx, int64_t id)
{
	return changed(TX_DO(
		tx,
		"UPDATE report SET resolved_at = NULL, resolved_by = NULL, updated_at = ? WHERE id = ?",
		A(tx_now(tx)), A(id)));
}

enum err report_sort(struct tx *tx, struct arena *a, int64_t id, enum report_category category,
		     const int64_t *rules, size_t n)
{
	return changed(
		TX_DO(tx, "UPDATE report SET category = ?, rules = ?, updated_at = ? WHERE id = ?",
		      A((int)category), A(ids_json(a, rules, n)), A(tx_now(tx)), A(id)));
}

struct rules rule_list(struct db *db, struct arena *a)
{
	enum { RULES_SHOWN = 100 };
	struct rules out = {.at = arena_array(a, RULES_SHOWN, sizeof *out.at)};
	DB_EACH(row, db, "SELECT id, text, hint FROM rule ORDER BY place, id LIMIT ? /* scan */",
		A(RULES_SHOWN))
		out.at[out.n++] = (struct rule){db_i64(&row, 0), db_str(&row, 1, a),
						db_str(&row, 2, a)};
	return out;
}

int64_t rule_add(struct tx *tx, struct str text, struct str hint)
{
	return TX_I64(
		tx,
		"INSERT INTO rule (place, text, hint) VALUES ((SELECT coalesce(max(place), 0) + 1 FROM rule), ?, ?) RETURNING id",
		A(text), A(hint));
}

enum err rule_end(struct tx *tx, int64_t id)
{
	return changed(TX_DO(tx, "DELETE FROM rule WHERE id = ?", A(id)));
}
