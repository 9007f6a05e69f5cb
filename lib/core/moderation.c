/* SPDX-License-Identifier: MIT */
/* Looking at people as a moderator does, and acting on them. */
#include "core/moderation.h"

#include "core/in40.h"
#include "core/notice.h"
#include "core/report.h"
#include "core/session.h"
#include "core/signup.h"
#include "core/timeline_private.h"
#include "store/event.h"

#define COLUMNS \
	"w.id, coalesce(l.email, ''), coalesce(l.language, ''), coalesce(l.invited_by, 0), w.limited, w.sensitized," \
	" coalesce((SELECT reason FROM joining WHERE joining.account = w.id), '')"

/* Text and flags of a row; the account itself is loaded with the others of its page. */
static struct overseen read_row(struct db_row *row, struct arena *a)
{
	return (struct overseen){
		.who.id = db_i64(row, 0),
		.email = db_str(row, 1, a),
		.language = db_str(row, 2, a),
		.invited_by = db_i64(row, 3),
		.limited = db_i64(row, 4) != 0,
		.sensitized = db_i64(row, 5) != 0,
		.reason = db_str(row, 6, a),
	};
}

/* Puts the accounts in; who is gone meanwhile is dropped. */
static void join(struct db *db, struct arena *a, struct overseen_list *list)
{
	int64_t *ids = arena_array(a, list->n, sizeof *ids);
	for (size_t i = 0; i < list->n; i++)
		ids[i] = list->at[i].who.id;
	struct accounts all = accounts_load(db, a, ids, list->n);
	size_t kept = 0;
	for (size_t i = 0, j = 0; i < list->n && j < all.n; i++) {
		if (list->at[i].who.id != all.at[j].id)
			continue;
		list->at[kept] = list->at[i];
		list->at[kept++].who = all.at[j++];
	}
	list->n = kept;
}

static int state_wanted(enum overseen_state s)
{
	return s == OVERSEEN_ACTIVE || s == OVERSEEN_LIMITED ? ACCOUNT_ACTIVE
	       : s == OVERSEEN_PENDING                       ? ACCOUNT_PENDING
	       : s == OVERSEEN_SUSPENDED                     ? ACCOUNT_SUSPENDED
							     : -1;
}

/* A part of a text, for LIKE: what has a meaning there is taken as it is. */
static struct str like(struct arena *a, struct str part)
{
	SCOPED_BUF b = BUF_EMPTY;
	if (part.len == 0)
		return S("");
	buf_char(&b, '%');
	for (size_t i = 0; i < part.len; i++) {
		if (part.at[i] == '%' || part.at[i] == '_' || part.at[i] == '\\')
			buf_char(&b, '\\');
		buf_char(&b, part.at[i]);
	}
	buf_char(&b, '%');
	return arena_str(a, buf_str(&b));
}

#define WANTED(dir) \
	DB_SQL("SELECT " COLUMNS " FROM account w LEFT JOIN login l ON l.account = w.id" \
	       " WHERE w.id < ?1 AND w.id > ?2 AND w.state <> 2 AND (?3 < 0 OR (w.domain = '') = ?3)" \
	       " AND (?4 < 0 OR w.state = ?4) AND (?5 = 0 OR w.limited = 1) AND (?6 = 0 OR w.role > 0)" \
	       " AND (?7 = '' OR w.name LIKE ?7 ESCAPE '\\') AND (?8 = '' OR w.display_name LIKE ?8 ESCAPE '\\')" \
	       " AND (?9 = '' OR l.email LIKE ?9 ESCAPE '\\') AND (?10 = '' OR w.domain = ?10)" \
	       " AND (?11 = 0 OR l.invited_by = ?11) ORDER BY w.id " dir " LIMIT ?12")

struct overseen_list overseen_list(struct db *db, struct arena *a, const struct overseen_ask *ask)
{
	struct range r = range_of(ask->page);
	struct overseen_list out = {.at = arena_array(a, (size_t)r.limit, sizeof *out.at)};
	int local = ask->local == ask->remote ? -1 : ask->local;
	struct db_arg args[] = {A(r.high),
				A(r.low),
				A(local),
				A(state_wanted(ask->state)),
				A(ask->state == OVERSEEN_LIMITED),
				A(ask->staff),
				A(like(a, ask->name)),
				A(like(a, ask->display_name)),
				A(like(a, ask->email)),
				A(ask->domain.at ? ask->domain : S("")),
				A(ask->invited_by),
				A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(
		db, r.up ? WANTED("ASC") : WANTED("DESC"), args, 12);
	while (db_next(&row))
		out.at[out.n++] = read_row(&row, a);
	if (r.up)
		page_turn(out.at, out.n, sizeof *out.at);
	join(db, a, &out);
	return out;
}

struct overseen_list overseen_load(struct db *db, struct arena *a, const int64_t *ids, size_t n)
{
	struct overseen_list out = {.at = arena_array(a, n, sizeof *out.at)};
	for (size_t at = 0; at < n; at += IN_WIDTH) {
		struct db_arg args[IN_WIDTH];
		ids_args(args, ids + at, n - at);
		DB_EACH_ARGS(row, db,
			     "SELECT " COLUMNS
			     " FROM account w LEFT JOIN login l ON l.account = w.id"
			     " WHERE w.id IN (" IN40 ") AND w.state <> 2",
			     args, IN_WIDTH)
		out.at[out.n++] = read_row(&row, a);
	}
	join(db, a, &out);
	return out;
}

bool overseen_get(struct db *db, struct arena *a, int64_t id, struct overseen *out)
{
	struct overseen_list one = overseen_load(db, a, &id, 1);
	if (one.n == 1)
		*out = one.at[0];
	return one.n == 1;
}

static const char *const NAMES[MODERATIONS] = {
	[MODERATE_NOTE] = "none",
	[MODERATE_SENSITIZE] = "sensitive",
	[MODERATE_UNSENSITIZE] = "unsensitive",
	[MODERATE_LIMIT] = "silence",
	[MODERATE_UNLIMIT] = "unsilence",
	[MODERATE_SUSPEND] = "suspend",
	[MODERATE_RESTORE] = "unsuspend",
	[MODERATE_APPROVE] = "approve",
	[MODERATE_REJECT] = "reject",
	[MODERATE_DELETE] = "delete",
};

/* Nobody acts on oneself, on equals or on those above. */
static enum err permit(struct db *db, const struct moderation_step *s, enum account_state *state)
{
	int64_t mine = DB_I64(db, 0, "SELECT role FROM account WHERE id = ?", A(s->by));
	DB_EACH(row, db, "SELECT role, state FROM account WHERE id = ? AND state <> 2",
		A(s->target)) {
		*state = (enum account_state)db_i64(&row, 1);
		return s->by != s->target && db_i64(&row, 0) < mine ? OK : ERR_DENIED;
	}
	return ERR_NOT_FOUND;
}

static void flags_set(struct tx *tx, const struct moderation_step *s)
{
	if (s->what == MODERATE_SENSITIZE || s->what == MODERATE_UNSENSITIZE)
		TX_DO(tx, "UPDATE account SET sensitized = ? WHERE id = ?",
		      A(s->what == MODERATE_SENSITIZE), A(s->target));
	else
		TX_DO(tx, "UPDATE account SET limited = ? WHERE id = ?",
		      A(s->what == MODERATE_LIMIT), A(s->target));
	/* As a state: what stands in feeds and lists is looked at again. */
	event_add(tx,
		  (struct event){.kind = EVENT_ACCOUNT_STATE, .actor = s->by, .target = s->target});
}

static enum err state_change(struct tx *tx, const struct moderation_step *s, enum account_state is)
{
	static const struct {
		int from; /* -1: any */
		enum account_state to;
	} moves[MODERATIONS] = {
		[MODERATE_SUSPEND] = {-1, ACCOUNT_SUSPENDED},
		[MODERATE_RESTORE] = {-1, ACCOUNT_ACTIVE},
		[MODERATE_DELETE] = {ACCOUNT_SUSPENDED, ACCOUNT_DELETED},
	};
	if (s->what == MODERATE_APPROVE)
		return signup_approve(tx, s->target, s->by);
	if (s->what == MODERATE_REJECT)
		return signup_reject(tx, s->target, s->by);
	if (is == ACCOUNT_PENDING && s->what == MODERATE_RESTORE)
		return refuse("This account waits to be approved");
	if (moves[s->what].from >= 0 && moves[s->what].from != (int)is)
		return ERR_DENIED;
	return is == moves[s->what].to ? OK
				       : account_state_set(tx, s->target, moves[s->what].to, s->by);
}

enum err moderate(struct tx *tx, const struct moderation_step *s)
{
	enum account_state is = ACCOUNT_ACTIVE;
	enum err e = permit(tx_db(tx), s, &is);
	if (e)
		return e;
	/* Before what it tells of: nobody tells the suspended anything any more. */
	int64_t id = tx_id(tx);
	if (s->warn)
		notice_add_warning(tx, s->target, id);
	if (s->what >= MODERATE_SENSITIZE && s->what <= MODERATE_UNLIMIT)
		flags_set(tx, s);
	else if (s->what != MODERATE_NOTE)
		e = state_change(tx, s, is);
	if (!e && s->report)
		e = report_resolve(tx, s->report, s->by);
	if (!e)
		TX_DO(tx,
		      "INSERT INTO audit (id, moderator, action, target, report, text) VALUES (?, ?, ?, ?, ?, ?)",
		      A(id), A(s->by), A(str_of(NAMES[s->what])), A(s->target), A(s->report),
		      A(s->text.at ? s->text : S("")));
	return e;
}

bool warning_get(struct db *db, struct arena *a, int64_t id, struct warning *out)
{
	DB_EACH(row, db,
		"SELECT u.target, u.action, u.text, coalesce(r.kwips, '[]') FROM audit u"
		" LEFT JOIN report r ON r.id = u.report WHERE u.id = ?",
		A(id)) {
		*out = (struct warning){id, db_i64(&row, 0), db_str(&row, 1, a), db_str(&row, 2, a),
					db_str(&row, 3, a)};
		return true;
	}
	return false;
}

int64_t tally_accounts(struct db *db, int64_t from, int64_t to)
{
	return DB_I64(db, 0,
		      "SELECT count(*) FROM account WHERE domain = '' AND id >= ? AND id < ?",
		      A(id_at(from)), A(id_at(to)));
}

int64_t tally_reports(struct db *db, int64_t from, int64_t to)
{
	return DB_I64(db, 0, "SELECT count(*) FROM report WHERE id >= ? AND id < ?", A(id_at(from)),
		      A(id_at(to)));
}

/* What was opened long before is resolved seldom: of the newest are looked at. */
int64_t tally_resolved(struct db *db, int64_t from, int64_t to)
{
	return DB_I64(
		db, 0,
		"SELECT count(*) FROM report WHERE id < ?2 AND resolved_at >= ?3 AND resolved_at < ?4"
		" AND id >= ?1",
		A(id_at(from - INT64_C(366) * 86400000)), A(id_at(to)), A(from), A(to));
}

int64_t tally_kwips(struct db *db, int64_t from, int64_t to)
{
	return DB_I64(db, 0, "SELECT count(*) FROM kwip WHERE id >= ? AND id < ?", A(id_at(from)),
		      A(id_at(to)));
}
