/* SPDX-License-Identifier: MIT */
/* The rows of a policy and of its requests. Whom the policy speaks against is asked in notice.c, in
 * the statement that asks everything else. */
#include "core/notice_policy.h"

#include "store/event.h"

struct notice_policy notice_policy_get(struct db *db, int64_t account)
{
	struct notice_policy p = {.of = {[STRANGER_LIMITED] = NOTICE_FILTER}};
	DB_EACH(row, db,
		"SELECT not_following, not_followers, new_accounts, private_mentions, limited_accounts"
		" FROM notice_policy WHERE account = ?",
		A(account)) {
		for (int i = 0; i < STRANGER_KINDS; i++)
			p.of[i] = (enum notice_verdict)db_i64(&row, i);
	}
	DB_EACH(row, db,
		"SELECT count(*), coalesce(sum(count), 0) FROM notice_request WHERE account = ? AND state = 0",
		A(account)) {
		p.requests = db_i64(&row, 0);
		p.notices = db_i64(&row, 1);
	}
	return p;
}

void notice_policy_set(struct tx *tx, int64_t account, const struct notice_policy *p)
{
	TX_DO(tx,
	      "INSERT INTO notice_policy (account, not_following, not_followers, new_accounts, private_mentions,"
	      " limited_accounts) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account) DO UPDATE SET"
	      " not_following = excluded.not_following, not_followers = excluded.not_followers,"
	      " new_accounts = excluded.new_accounts, private_mentions = excluded.private_mentions,"
	      " limited_accounts = excluded.limited_accounts",
	      A(account), A((int)p->of[STRANGER_NOT_FOLLOWING]),
	      A((int)p->of[STRANGER_NOT_FOLLOWER]), A((int)p->of[STRANGER_NEW_ACCOUNT]),
	      A((int)p->of[STRANGER_PRIVATE]), A((int)p->of[STRANGER_LIMITED]));
	event_add(tx, (struct event){.kind = EVENT_SETTINGS, .actor = account});
}

static struct notice_request request_of(struct db_row *row)
{
	return (struct notice_request){
		.id = db_i64(row, 0),
		.actor = db_i64(row, 1),
		.count = db_i64(row, 2),
		.last_kwip = db_i64(row, 3),
		.updated_at = db_i64(row, 4),
	};
}

#define SQL_REQUEST \
	"SELECT r.id, r.actor, r.count, coalesce(r.last_kwip, 0), r.updated_at FROM notice_request r" \
	" JOIN account w ON w.id = r.actor WHERE r.account = ?1 AND r.state = 0 AND w.state = 0"

struct notice_requests notice_requests_list(struct db *db, struct arena *a, int64_t account,
					    const int64_t bounds[3], int limit)
{
	struct notice_requests list = {.at = arena_array(a, (size_t)limit, sizeof *list.at)};
	bool up = bounds[2] > 0;
	const struct db_sql *sql =
		up ? DB_SQL(SQL_REQUEST " AND r.id < ?2 AND r.id > ?3 ORDER BY r.id LIMIT ?4")
		   : DB_SQL(SQL_REQUEST " AND r.id < ?2 AND r.id > ?3 ORDER BY r.id DESC LIMIT ?4");
	struct db_arg args[] = {A(account), A(bounds[0] > 0 ? bounds[0] : INT64_MAX),
				A(up ? bounds[2] : bounds[1]), A(limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, sql, args, 4);
	while (db_next(&row))
		list.at[list.n++] = request_of(&row);
	for (size_t i = 0; up && i + 1 < list.n - i; i++) {
		struct notice_request r = list.at[i];
		list.at[i] = list.at[list.n - 1 - i];
		list.at[list.n - 1 - i] = r;
	}
	return list;
}

bool notice_request_get(struct db *db, int64_t account, int64_t id, struct notice_request *out)
{
	DB_EACH(row, db, SQL_REQUEST " AND r.id = ?2", A(account), A(id)) {
		*out = request_of(&row);
		return true;
	}
	return false;
}

enum err notice_request_accept(struct tx *tx, int64_t account, int64_t id)
{
	struct notice_request r;
	if (!notice_request_get(tx_db(tx), account, id, &r))
		return ERR_NOT_FOUND;
	TX_DO(tx,
	      "UPDATE notice_request SET state = 1, count = 0, updated_at = ? WHERE account = ? AND actor = ?",
	      A(tx_now(tx)), A(account), A(r.actor));
	TX_DO(tx, "UPDATE notice SET filtered = 0 WHERE actor = ? AND account = ? AND filtered = 1",
	      A(r.actor), A(account));
	event_add(tx, (struct event){.kind = EVENT_NOTICES_MERGED, .actor = account});
	return OK;
}

enum err notice_request_dismiss(struct tx *tx, int64_t account, int64_t id)
{
	struct notice_request r;
	if (!notice_request_get(tx_db(tx), account, id, &r))
		return ERR_NOT_FOUND;
	TX_DO(tx, "DELETE FROM notice WHERE actor = ? AND account = ? AND filtered = 1", A(r.actor),
	      A(account));
	TX_DO(tx, "DELETE FROM notice_request WHERE account = ? AND actor = ?", A(account),
	      A(r.actor));
	return OK;
}

/* Counted and not added up: notices also go with their kwip, unseen by anybody here. */
void notice_request_count(struct tx *tx, int64_t account, int64_t actor, int64_t kwip)
{
	int64_t n = DB_I64(
		tx_db(tx), 0,
		"SELECT count(*) FROM notice WHERE actor = ? AND account = ? AND filtered = 1",
		A(actor), A(account));
	if (n == 0) {
		TX_DO(tx,
		      "DELETE FROM notice_request WHERE account = ? AND actor = ? AND state = 0",
		      A(account), A(actor));
		return;
	}
	TX_DO(tx,
	      "INSERT INTO notice_request (account, actor, id, count, last_kwip, updated_at) VALUES (?, ?, ?, ?, ?, ?)"
	      " ON CONFLICT (account, actor) DO UPDATE SET count = excluded.count,"
	      " last_kwip = coalesce(excluded.last_kwip, last_kwip), updated_at = excluded.updated_at",
	      A(account), A(actor), A(tx_id(tx)), A(n), A_ID(kwip), A(tx_now(tx)));
}

void notice_requests_forget(struct tx *tx, int64_t account)
{
	TX_DO(tx, "DELETE FROM notice_request WHERE account = ? AND state = 0", A(account));
}
