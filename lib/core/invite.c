/* SPDX-License-Identifier: MIT */
/*
 * Invitations. The code is made to be passed on, also by voice, so it has no look-alike letters;
 * what an invitation leads to (an account, a follow) is account_add's business. Called by sign-up
 * and settings.
 */
#include "core/invite.h"

#include "base/crypt.h"

enum { CODE_CHARS = 12, LIST_MAX = 200 };

static struct str code_make(struct arena *a)
{
	static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
	char *code = arena_take(a, CODE_CHARS + 1);
	for (int i = 0; i < CODE_CHARS; i++)
		code[i] = letters[rand_below(sizeof(letters) - 1)];
	return (struct str){code, CODE_CHARS};
}

struct str invite_add(struct tx *tx, struct arena *a, int64_t account, int64_t max_uses,
		      int64_t life_ms)
{
	struct str code = code_make(a);
	TX_DO(tx,
	      "INSERT INTO invite (code, account, max_uses, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
	      A(code), A(account), A(max_uses), A(tx_now(tx)), A(tx_now(tx) + life_ms));
	return code;
}

static struct invite invite_of_row(struct db_row *row, struct arena *a)
{
	return (struct invite){
		.code = db_str(row, 0, a),
		.account = db_i64(row, 1),
		.uses = db_i64(row, 2),
		.max_uses = db_i64(row, 3),
		.created_at = db_i64(row, 4),
		.expires_at = db_i64(row, 5),
	};
}

struct invites invite_list(struct db *db, struct arena *a, int64_t account)
{
	struct invites list = {.at = arena_array(a, LIST_MAX, sizeof(*list.at))};
	DB_EACH(row, db,
		"SELECT code, account, uses, max_uses, created_at, expires_at FROM invite WHERE account = ?"
		" ORDER BY created_at DESC, code LIMIT ?",
		A(account), A(LIST_MAX))
		list.at[list.n++] = invite_of_row(&row, a);
	return list;
}

bool invite_find(struct db *db, struct arena *a, struct str code, int64_t now, struct invite *out)
{
	DB_EACH(row, db,
		"SELECT i.code, i.account, i.uses, i.max_uses, i.created_at, i.expires_at FROM invite i"
		" JOIN account w ON w.id = i.account AND w.state = 0"
		" WHERE i.code = ? AND i.expires_at > ? AND (i.max_uses = 0 OR i.uses < i.max_uses)",
		A(code), A(now)) {
		*out = invite_of_row(&row, a);
		return true;
	}
	return false;
}

enum err invite_use(struct tx *tx, struct str code, int64_t *inviter)
{
	*inviter = DB_I64(
		tx_db(tx), 0,
		"SELECT i.account FROM invite i JOIN account w ON w.id = i.account AND w.state = 0"
		" WHERE i.code = ? AND i.expires_at > ? AND (i.max_uses = 0 OR i.uses < i.max_uses)",
		A(code), A(tx_now(tx)));
	if (*inviter == 0)
		return refuse("this invitation is not valid any more");
	TX_DO(tx, "UPDATE invite SET uses = uses + 1 WHERE code = ?", A(code));
	return OK;
}

enum err invite_end(struct tx *tx, int64_t account, struct str code)
{
	int n = TX_DO(tx, "DELETE FROM invite WHERE code = ? AND account = ?", A(code), A(account));
	return n > 0 ? OK : ERR_NOT_FOUND;
}
