/* SPDX-License-Identifier: MIT */
/* Quotes: may one, does one see them, taking consent back. The counts that go with them. */
#include "core/kwip_private.h"

#include "core/in40.h"

static const struct str policy_names[] = {
	[QUOTE_BY_ALL] = S_INIT("public"),
	[QUOTE_BY_FOLLOWERS] = S_INIT("followers"),
	[QUOTE_BY_NOBODY] = S_INIT("nobody"),
};

struct str quote_policy_name(enum quote_policy p)
{
	return policy_names[p];
}

bool quote_policy_of(struct str name, enum quote_policy *p)
{
	for (enum quote_policy i = QUOTE_BY_ALL; i <= QUOTE_BY_NOBODY; i++) {
		if (str_eq(name, policy_names[i])) {
			*p = i;
			return true;
		}
	}
	return false;
}

struct str quote_state_name(enum quote_state s)
{
	static const struct str names[] = {
		[QUOTE_ACCEPTED] = S_INIT("accepted"),
		[QUOTE_PENDING] = S_INIT("pending"),
		[QUOTE_REJECTED] = S_INIT("rejected"),
		[QUOTE_REVOKED] = S_INIT("revoked"),
		[QUOTE_DELETED] = S_INIT("deleted"),
		[QUOTE_UNAUTHORIZED] = S_INIT("unauthorized"),
		[QUOTE_BLOCKED] = S_INIT("blocked_account"),
		[QUOTE_MUTED] = S_INIT("muted_account"),
	};
	return names[s];
}

static void set_state(const int64_t *ids, size_t n, int64_t id, enum quote_state s,
		      enum quote_state *out)
{
	for (size_t i = 0; i < n; i++) {
		if (ids[i] == id)
			out[i] = s;
	}
}

/* One's own is always shown; whose author turned the viewer away is not, whatever the viewer did.
 */
void quotes_shown(struct db *db, int64_t viewer, const int64_t *quoted, size_t n,
		  enum quote_state *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = QUOTE_DELETED;
	for (size_t at = 0; at < n;) {
		struct db_arg args[1 + IN_WIDTH] = {A(viewer)};
		size_t taken = ids_args(args + 1, quoted + at, n - at);
		DB_EACH_ARGS(
			row, db,
			"SELECT k.id, CASE WHEN k.author = ?1 THEN 0 "
			"WHEN NOT " SQL_ACTIVE(
				"k.author") " OR EXISTS (SELECT 1 FROM block WHERE actor = k.author AND target = ?1) "
					    "OR NOT (" SQL_IS_FOR(
						    "k") ") THEN 5 "
							 "WHEN EXISTS (SELECT 1 FROM block WHERE actor = ?1 AND target = k.author) THEN 6 "
							 "WHEN EXISTS (SELECT 1 FROM mute WHERE actor = ?1 AND target = k.author) THEN 7 "
							 "ELSE 0 END FROM kwip k WHERE k.id IN (" IN40
							 ")",
			args, 1 + IN_WIDTH)
		set_state(quoted + at, taken, db_i64(&row, 0), (enum quote_state)db_i64(&row, 1),
			  out + at);
		at += taken;
	}
}

void quotes_followed(struct db *db, int64_t viewer, const int64_t *authors, size_t n, bool *out)
{
	memset(out, 0, n * sizeof *out);
	for (size_t at = 0; viewer && at < n;) {
		struct db_arg args[1 + IN_WIDTH] = {A(viewer)};
		size_t taken = ids_args(args + 1, authors + at, n - at);
		DB_EACH_ARGS(
			row, db,
			"SELECT target FROM follow WHERE actor = ?1 AND pending = 0 AND target IN (" IN40
			")",
			args, 1 + IN_WIDTH)
		for (size_t i = at; i < at + taken; i++)
			out[i] = out[i] || authors[i] == db_i64(&row, 0);
		at += taken;
	}
}

static bool follows(struct db *db, int64_t actor, int64_t target)
{
	bool is;
	quotes_followed(db, actor, &target, 1, &is);
	return is;
}

/* What stands in the way is not told: not even that there is something. */
static enum err not_quotable(void)
{
	(void)refuse("The post you are trying to quote does not appear to exist.");
	return ERR_NOT_FOUND;
}

enum err quote_find(struct db *db, int64_t account, int64_t kwip, struct kwip_row *out)
{
	if (!kwip_row_said(db, kwip, out) || !kwip_may_see(db, account, out->id) ||
	    out->visibility == VISIBLE_DIRECT)
		return not_quotable();
	if (out->author == account)
		return OK;
	int64_t policy = DB_I64(db, QUOTE_BY_NOBODY, "SELECT quote_policy FROM kwip WHERE id = ?",
				A(kwip));
	bool may = out->visibility <= VISIBLE_UNLISTED &&
		   (policy == QUOTE_BY_ALL ||
		    (policy == QUOTE_BY_FOLLOWERS && follows(db, account, out->author)));
	return may ? OK : not_quotable();
}

bool quote_may(struct db *db, int64_t account, int64_t kwip)
{
	struct kwip_row row;
	return quote_find(db, account, kwip, &row) == OK;
}

void quote_count(struct tx *tx, const struct kwip_row *quoted, enum visibility by, int n)
{
	if (by > VISIBLE_UNLISTED && by > quoted->visibility)
		return;
	TX_DO(tx, "UPDATE kwip SET quotes_count = quotes_count + ? WHERE id = ?", A(n),
	      A(quoted->id));
	kwip_tell_counts(tx, quoted->id, quoted->author, quoted->conversation);
}

void quote_gone(struct tx *tx, const struct kwip_row *k)
{
	struct kwip_row quoted;
	if (k->quote_of && k->quote_state == QUOTE_ACCEPTED &&
	    kwip_row_get(tx_db(tx), k->quote_of, &quoted))
		quote_count(tx, &quoted, k->visibility, -1);
}

/* Each by itself in the order of ids, so that no list of them is held. */
void quotes_lost(struct tx *tx, int64_t quoted)
{
	struct kwip_row by = {0};
	for (;;) {
		int64_t id = DB_I64(
			tx_db(tx), 0,
			"SELECT id FROM kwip WHERE quote_of = ? AND quote_of IS NOT NULL AND id > ? ORDER BY id LIMIT 1",
			A(quoted), A(by.id));
		if (!id || tx_err(tx) || !kwip_row_get(tx_db(tx), id, &by))
			return;
		kwip_tell_counts(tx, by.id, by.author, by.conversation);
	}
}

/* The card of a kwip that others may have open shows something else from now on. */
static void tell_consent(struct tx *tx, const struct kwip_row *k)
{
	event_add(tx, (struct event){.kind = EVENT_CONSENT, .actor = k->author, .kwip = k->id});
}

static enum err own(struct db *db, int64_t account, int64_t kwip, struct kwip_row *k)
{
	if (!kwip_row_get(db, kwip, k) || k->boost_of || !kwip_may_see(db, account, kwip))
		return ERR_NOT_FOUND;
	return k->author == account ? OK : ERR_DENIED;
}

enum err quote_revoke(struct tx *tx, int64_t account, int64_t quoted, int64_t quoting)
{
	struct kwip_row of, by;
	enum err e = own(tx_db(tx), account, quoted, &of);
	if (e != OK)
		return e;
	if (!kwip_row_get(tx_db(tx), quoting, &by) || by.quote_of != quoted)
		return ERR_NOT_FOUND;
	if (by.quote_state == QUOTE_REVOKED)
		return OK;
	quote_gone(tx, &by);
	TX_DO(tx, "UPDATE kwip SET quote_state = ? WHERE id = ?", A((int)QUOTE_REVOKED), A(by.id));
	tell_consent(tx, &by);
	return OK;
}

enum err quote_policy_set(struct tx *tx, int64_t account, int64_t kwip, enum quote_policy p)
{
	struct kwip_row k;
	enum err e = own(tx_db(tx), account, kwip, &k);
	if (e != OK)
		return e;
	if (k.visibility > VISIBLE_UNLISTED)
		p = QUOTE_BY_NOBODY;
	if (TX_DO(tx, "UPDATE kwip SET quote_policy = ?1 WHERE id = ?2 AND quote_policy <> ?1",
		  A((int)p), A(kwip)))
		tell_consent(tx, &k);
	return OK;
}
