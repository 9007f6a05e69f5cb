/* SPDX-License-Identifier: MIT */
/*
 * Notices: who is told of what, and what was seen. Who deserves one is decided by the callers
 * (kwips, follows); who does not want one is decided here. Mail, push and streams read
 * EVENT_NOTICE. Groups are notice_group.c's.
 */
#include "core/notice.h"

#include "core/marker.h"
#include "core/notice_policy.h"
#include "store/event.h"

enum { UNREAD_MAX = 99, LIST_MAX = 200 };
static const int64_t day_ms = 86400000;

/* What the policy is asked about: strangers' deeds. Edits, polls and moderators' work never. */
enum {
	FILTERABLE = NOTICE_BIT(NOTICE_MENTION) | NOTICE_BIT(NOTICE_COMMENT) |
		     NOTICE_BIT(NOTICE_FAVOURITE) | NOTICE_BIT(NOTICE_BOOST) |
		     NOTICE_BIT(NOTICE_FOLLOW) | NOTICE_BIT(NOTICE_REQUEST) |
		     NOTICE_BIT(NOTICE_BUZZ) | NOTICE_BIT(NOTICE_QUOTE)
};

/* What is about to be told. */
struct telling {
	int64_t account, actor, kwip, extra;
	enum notice_kind kind;
};

/*
 * One statement for everything that speaks against a notice. No row: not wanted, or there already.
 * The policy's words are looked at one by one, so that who has none pays for none; whom it speaks
 * against costs two more look-ups.
 */
#define SQL_FOLLOWED \
	"EXISTS (SELECT 1 FROM follow f WHERE f.actor = w.id AND f.target = s.id AND f.pending = 0)"
#define SQL_STAFF \
	"(s.role > 0 AND ?3 IN (1, 2))" /* mentions and comments of who keeps order here */
#define SQL_PERMITTED \
	"EXISTS (SELECT 1 FROM notice_request r WHERE r.account = w.id AND r.actor = s.id AND r.state = 1)"
#define SQL_VERDICT \
	"CASE WHEN NOT ?6 THEN 0 ELSE max(" \
	"CASE WHEN p.not_following > 0 AND NOT " SQL_FOLLOWED " THEN p.not_following ELSE 0 END," \
	"CASE WHEN p.not_followers > 0 AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.actor = s.id" \
	" AND f.target = w.id AND f.pending = 0 AND f.id < ?7) THEN p.not_followers ELSE 0 END," \
	"CASE WHEN p.new_accounts > 0 AND s.id > ?8 AND NOT " SQL_FOLLOWED \
	" THEN p.new_accounts ELSE 0 END," \
	"CASE WHEN p.private_mentions > 0 AND ?3 IN (1, 2) AND NOT " SQL_FOLLOWED \
	" AND EXISTS (SELECT 1 FROM kwip k WHERE k.id = ?4 AND k.visibility = 3" \
	" AND (k.reply_to_author IS NULL OR k.reply_to_author <> w.id)) THEN p.private_mentions ELSE 0 END," \
	"CASE WHEN s.limited > 0 AND NOT " SQL_FOLLOWED \
	" THEN coalesce(p.limited_accounts, 1) ELSE 0 END) END"

static enum notice_verdict judge(struct db *db, const struct telling *t, int64_t now)
{
	return (enum notice_verdict)DB_I64(
		db, NOTICE_DROP,
		"SELECT CASE WHEN verdict > 0 AND (staff OR permitted) THEN 0 ELSE verdict END FROM"
		" (SELECT " SQL_VERDICT " AS verdict, " SQL_STAFF " AS staff, " SQL_PERMITTED
		" AS permitted"
		" FROM account w JOIN account s ON s.id = ?2 LEFT JOIN notice_policy p ON p.account = w.id"
		" WHERE w.id = ?1 AND w.domain = '' AND w.state = 0"
		" AND NOT EXISTS (SELECT 1 FROM block b WHERE b.actor = w.id AND b.target = s.id)"
		" AND NOT EXISTS (SELECT 1 FROM block b WHERE b.actor = s.id AND b.target = w.id)"
		" AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.actor = w.id AND m.target = s.id AND m.notices = 1)"
		" AND (s.domain = '' OR NOT EXISTS (SELECT 1 FROM domain_block d WHERE d.account = w.id AND d.domain = s.domain))"
		" AND NOT EXISTS (SELECT 1 FROM kwip k JOIN conversation_mute c ON c.account = w.id AND c.kwip = k.conversation"
		" WHERE k.id = ?4)"
		" AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.actor = s.id AND n.account = w.id AND n.kind = ?3"
		" AND n.kwip IS ?4 AND n.extra = ?5)) AS judged",
		A(t->account), A(t->actor), A((int)t->kind), A_ID(t->kwip), A(t->extra),
		A((FILTERABLE & NOTICE_BIT(t->kind)) != 0),
		A(id_at(now - NOTICE_NEW_FOLLOWER_DAYS * day_ms)),
		A(id_at(now - NOTICE_NEW_ACCOUNT_DAYS * day_ms)));
}

/*
 * Ids must be small, must grow, and must not be used again when the newest notice is taken back (a
 * client that asks for what is above it would miss the next). The log's counter has all three:
 * every notice appends an event, so the seq to come is free. With the log pruned empty the newest
 * notice's own id stands in, which never was above its seq.
 */
static int64_t id_next(struct db *db)
{
	int64_t seq = event_newest(db);
	int64_t id = DB_I64(db, 0, "SELECT id FROM notice WHERE id > 0 ORDER BY id DESC LIMIT 1");
	return (seq > id ? seq : id) + 1;
}

static void tell(struct tx *tx, const struct telling *t)
{
	struct db *db = tx_db(tx);
	bool is_edit = t->kind == NOTICE_EDIT || t->kind == NOTICE_QUOTED_EDIT;
	bool may_be_own = t->kind == NOTICE_POLL || t->kind == NOTICE_WARNING;
	if (t->actor == t->account && !may_be_own)
		return;
	if (is_edit)
		notice_take_back(tx, t->account, t->kind, t->actor, t->kwip);
	enum notice_verdict verdict = judge(db, t, tx_now(tx));
	if (verdict == NOTICE_DROP)
		return;
	bool held = verdict == NOTICE_FILTER;
	int64_t id = id_next(db), bucket = 0;
	if (!held && NOTICES_GROUPED & NOTICE_BIT(t->kind))
		bucket = notice_bucket(db, t->account, t->kind, t->kwip, tx_now(tx));
	TX_DO(tx,
	      "INSERT INTO notice (id, account, kind, actor, kwip, at, bucket, filtered, extra)"
	      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	      A(id), A(t->account), A((int)t->kind), A(t->actor), A_ID(t->kwip), A(tx_now(tx)),
	      A(bucket), A(held), A(t->extra));
	event_add(tx, (struct event){.kind = held ? EVENT_NOTICE_HELD : EVENT_NOTICE,
				     .actor = t->actor,
				     .kwip = t->kwip,
				     .target = t->account,
				     .extra = id});
	if (held)
		notice_request_count(tx, t->account, t->actor, t->kwip);
}

void notice_add(struct tx *tx, int64_t account, enum notice_kind kind, int64_t actor, int64_t kwip)
{
	tell(tx, &(struct telling){account, actor, kwip, 0, kind});
}

void notice_add_report(struct tx *tx, int64_t account, int64_t actor, int64_t report)
{
	tell(tx, &(struct telling){account, actor, 0, report, NOTICE_REPORT});
}

void notice_add_warning(struct tx *tx, int64_t account, int64_t warning)
{
	tell(tx, &(struct telling){account, account, 0, warning, NOTICE_WARNING});
}

void notice_take_back(struct tx *tx, int64_t account, enum notice_kind kind, int64_t actor,
		      int64_t kwip)
{
	int64_t held = TX_I64(
		tx,
		"DELETE FROM notice WHERE actor = ? AND account = ? AND kind = ? AND kwip IS ?"
		" RETURNING filtered",
		A(actor), A(account), A((int)kind), A_ID(kwip));
	if (held)
		notice_request_count(tx, account, actor, 0);
}

static struct notice notice_of(struct db_row *row)
{
	return (struct notice){
		.id = db_i64(row, 0),
		.actor = db_i64(row, 1),
		.kwip = db_i64(row, 2),
		.at = db_i64(row, 3),
		.kind = (enum notice_kind)db_i64(row, 4),
		.bucket = db_i64(row, 5),
		.filtered = db_i64(row, 6) != 0,
		.extra = db_i64(row, 7),
	};
}

#define SQL_NOTICE \
	"SELECT n.id, n.actor, coalesce(n.kwip, 0), n.at, n.kind, n.bucket, n.filtered, n.extra" \
	" FROM notice n JOIN account w ON w.id = n.actor"
#define SQL_ASKED \
	" WHERE n.account = ?1 AND n.id < ?2 AND n.id > ?3 AND w.state IN (0, 3) AND (1 << n.kind) & ?4" \
	" AND n.filtered <= ?5 AND (?6 = 0 OR n.actor = ?6)"

static void turn(struct notices *list)
{
	for (size_t i = 0; i + 1 < list->n - i; i++) {
		struct notice n = list->at[i];
		list->at[i] = list->at[list->n - 1 - i];
		list->at[list->n - 1 - i] = n;
	}
}

struct notices notice_page(struct db *db, struct arena *a, const struct notice_ask *ask)
{
	bool up = ask->min_id > 0;
	int limit = ask->limit < 0 || ask->limit > LIST_MAX ? LIST_MAX : ask->limit;
	struct notices list = {.at = arena_array(a, (size_t)limit, sizeof(*list.at))};
	const struct db_sql *sql = up ? DB_SQL(SQL_NOTICE SQL_ASKED " ORDER BY n.id LIMIT ?7")
				      : DB_SQL(SQL_NOTICE SQL_ASKED " ORDER BY n.id DESC LIMIT ?7");
	struct db_arg args[] = {A(ask->account),
				A(ask->max_id > 0 ? ask->max_id : INT64_MAX),
				A(up ? ask->min_id : ask->since_id),
				A(ask->kinds),
				A(ask->filtered),
				A(ask->from),
				A(limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, sql, args, 7);
	while (db_next(&row))
		list.at[list.n++] = notice_of(&row);
	if (up)
		turn(&list);
	return list;
}

struct notices notice_list(struct db *db, struct arena *a, int64_t account, int64_t max_id,
			   int64_t since_id, int limit)
{
	struct notice_ask ask = {.account = account,
				 .max_id = max_id,
				 .since_id = since_id,
				 .kinds = NOTICES_ALL,
				 .limit = limit};
	return notice_page(db, a, &ask);
}

bool notice_get(struct db *db, int64_t account, int64_t id, struct notice *out)
{
	DB_EACH(row, db, SQL_NOTICE " WHERE n.id = ? AND n.account = ? AND w.state IN (0, 3)",
		A(id), A(account)) {
		*out = notice_of(&row);
		return true;
	}
	return false;
}

int64_t notice_unread(struct db *db, int64_t account)
{
	return DB_I64(
		db, 0,
		"SELECT count(*) FROM (SELECT 1 FROM notice WHERE account = ? AND filtered = 0"
		" AND id > (SELECT notices_read FROM login WHERE account = ?) LIMIT ?) AS unread",
		A(account), A(account), A(UNREAD_MAX));
}

void notice_read(struct tx *tx, int64_t account, int64_t newest)
{
	int64_t read = DB_I64(tx_db(tx), INT64_MAX,
			      "SELECT notices_read FROM login WHERE account = ?", A(account));
	if (read < newest)
		marker_set(tx, account, MARKER_NOTICES, newest);
}

void notice_clear(struct tx *tx, int64_t account)
{
	TX_DO(tx, "DELETE FROM notice WHERE account = ?", A(account));
	notice_requests_forget(tx, account);
}

enum err notice_dismiss(struct tx *tx, int64_t account, int64_t id)
{
	struct notice n;
	if (!notice_get(tx_db(tx), account, id, &n))
		return ERR_NOT_FOUND;
	TX_DO(tx, "DELETE FROM notice WHERE id = ? AND account = ?", A(id), A(account));
	if (n.filtered)
		notice_request_count(tx, account, n.actor, 0);
	return OK;
}

int notice_prune(struct tx *tx, int64_t *after, int64_t keep_ms, int most)
{
	int64_t last = 0, old = tx_now(tx) - keep_ms;
	int n = 0;
	DB_EACH(row, tx_db(tx), "SELECT id, at FROM notice WHERE id > ? ORDER BY id LIMIT ?",
		A(*after), A(most)) {
		if (db_i64(&row, 1) >= old)
			break;
		last = db_i64(&row, 0);
		n++;
	}
	TX_DO(tx,
	      "DELETE FROM notice WHERE id > ? AND id <= ? AND EXISTS (SELECT 1 FROM login l"
	      " WHERE l.account = notice.account AND l.notices_read >= notice.id)",
	      A(*after), A(last));
	*after = n == most ? last : 0;
	return n;
}
