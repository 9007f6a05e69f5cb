/* SPDX-License-Identifier: MIT */
/* Remarks, recommendations and blocked servers: rows of one's own that nobody else sees. */
#include "core/remark.h"

#include "base/utf8.h"
#include "core/follow.h"
#include "core/timeline_private.h"

enum err remark_set(struct tx *tx, int64_t actor, int64_t target, struct str comment)
{
	if (utf8_chars(comment) > REMARK_MAX)
		return refuse("Validation failed: Comment is too long (maximum is %d characters)",
			      REMARK_MAX);
	if (!DB_I64(tx_db(tx), 0, "SELECT 1 FROM account WHERE id = ?", A(target)))
		return ERR_NOT_FOUND;
	if (comment.len == 0)
		TX_DO(tx, "DELETE FROM account_note WHERE actor = ? AND target = ?", A(actor),
		      A(target));
	else
		TX_DO(tx,
		      "INSERT INTO account_note (actor, target, comment) VALUES (?, ?, ?)"
		      " ON CONFLICT (actor, target) DO UPDATE SET comment = excluded.comment",
		      A(actor), A(target), A(comment));
	return OK;
}

enum err endorse_add(struct tx *tx, int64_t actor, int64_t target)
{
	struct db *db = tx_db(tx);
	if (!DB_I64(db, 0, "SELECT 1 FROM follow WHERE actor = ? AND target = ? AND pending = 0",
		    A(actor), A(target)))
		return refuse("Validation failed: You must be following the person you want to "
			      "endorse");
	if (DB_I64(db, 0, "SELECT count(*) FROM endorsement WHERE actor = ?", A(actor)) >=
	    ENDORSEMENTS_MAX)
		return refuse("Validation failed: You cannot endorse more than %d people",
			      ENDORSEMENTS_MAX);
	TX_DO(tx,
	      "INSERT INTO endorsement (actor, target, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
	      A(actor), A(target), A(tx_id(tx)));
	return OK;
}

void endorse_end(struct tx *tx, int64_t actor, int64_t target)
{
	TX_DO(tx, "DELETE FROM endorsement WHERE actor = ? AND target = ?", A(actor), A(target));
}

/* Trimmed, ASCII in lower case. */
static struct str domain_key(struct arena *a, struct str domain)
{
	domain = str_trim(domain);
	char *to = arena_take(a, domain.len + 1);
	for (size_t i = 0; i < domain.len; i++)
		to[i] = domain.at[i] >= 'A' && domain.at[i] <= 'Z' ? (char)(domain.at[i] + 32)
								   : domain.at[i];
	return (struct str){to, domain.len};
}

static bool is_domain_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
	       c == ':' || c == '_' || (unsigned char)c >= 128;
}

static bool is_domain(struct str s)
{
	if (s.len == 0 || s.len > 253 || s.at[0] == '.' || s.at[s.len - 1] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_domain_char(s.at[i]))
			return false;
	return true;
}

static void follows_cut(struct tx *tx, int64_t account, struct str domain)
{
	struct db *db = tx_db(tx);
	int64_t other;
	while (tx_err(tx) == OK &&
	       (other = DB_I64(
			db, 0,
			"SELECT f.target FROM follow f JOIN account w ON w.id = f.target WHERE f.actor = ? AND w.domain = ? LIMIT 1",
			A(account), A(domain))) != 0)
		(void)!follow_end(tx, account, other);
	while (tx_err(tx) == OK &&
	       (other = DB_I64(
			db, 0,
			"SELECT f.actor FROM follow f JOIN account w ON w.id = f.actor WHERE f.target = ? AND w.domain = ? LIMIT 1",
			A(account), A(domain))) != 0)
		(void)!follow_end(tx, other, account);
}

enum err domain_block_add(struct tx *tx, struct arena *a, int64_t account, struct str domain)
{
	domain = domain_key(a, domain);
	if (!is_domain(domain))
		return refuse("Validation failed: Domain is not a valid domain name");
	if (DB_I64(tx_db(tx), 0, "SELECT count(*) FROM domain_block WHERE account = ?",
		   A(account)) >= DOMAIN_BLOCKS_MAX)
		return refuse("Validation failed: You block too many domains");
	TX_DO(tx,
	      "INSERT INTO domain_block (account, domain, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
	      A(account), A(domain), A(tx_id(tx)));
	follows_cut(tx, account, domain);
	return OK;
}

void domain_block_end(struct tx *tx, struct arena *a, int64_t account, struct str domain)
{
	TX_DO(tx, "DELETE FROM domain_block WHERE account = ? AND domain = ?", A(account),
	      A(domain_key(a, domain)));
}

struct domains domain_blocks(struct db *db, struct arena *a, int64_t account, struct span s)
{
	struct range r = range_of(s);
	const struct db_sql *sql =
		r.up ? DB_SQL("SELECT domain, id FROM domain_block WHERE account = ? AND id < ? AND id > ? ORDER BY id LIMIT ?")
		     : DB_SQL("SELECT domain, id FROM domain_block WHERE account = ? AND id < ? AND id > ? ORDER BY id DESC LIMIT ?");
	struct domains out = {.at = arena_array(a, (size_t)r.limit, sizeof *out.at),
			      .id = arena_array(a, (size_t)r.limit, sizeof *out.id)};
	struct db_arg args[] = {A(account), A(r.high), A(r.low), A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, sql, args, 4);
	while (db_next(&row)) {
		out.at[out.n] = db_str(&row, 0, a);
		out.id[out.n++] = db_i64(&row, 1);
	}
	if (r.up) {
		page_turn(out.at, out.n, sizeof *out.at);
		page_turn(out.id, out.n, sizeof *out.id);
	}
	return out;
}

void domain_block_preview(struct db *db, struct arena *a, int64_t account, struct str domain,
			  int64_t *following, int64_t *followers)
{
	domain = domain_key(a, domain);
	*following = DB_I64(
		db, 0,
		"SELECT count(*) FROM follow f JOIN account w ON w.id = f.target WHERE f.actor = ? AND f.pending = 0 AND w.domain = ?",
		A(account), A(domain));
	*followers = DB_I64(
		db, 0,
		"SELECT count(*) FROM follow f JOIN account w ON w.id = f.actor WHERE f.target = ? AND f.pending = 0 AND w.domain = ?",
		A(account), A(domain));
}
