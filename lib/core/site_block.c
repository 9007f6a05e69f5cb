/* SPDX-License-Identifier: MIT */
/* What the whole site keeps out: servers, mail domains, addresses, tags that may not trend. */
#include "core/moderation.h"

#include "core/gate.h"
#include "core/timeline_private.h"

static struct str lower(struct arena *a, struct str s)
{
	s = str_trim(s);
	char *to = arena_take(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		to[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + 32) : s.at[i];
	return (struct str){to, s.len};
}

#define COLUMNS \
	"id, kind, value, severity, flags, note, public_note, coalesce(expires_at, 0), created_at"

static struct site_block read_row(struct db_row *row, struct arena *a)
{
	return (struct site_block){
		.id = db_i64(row, 0),
		.kind = (enum site_block_kind)db_i64(row, 1),
		.value = db_str(row, 2, a),
		.severity = (int)db_i64(row, 3),
		.flags = (int)db_i64(row, 4),
		.note = db_str(row, 5, a),
		.public_note = db_str(row, 6, a),
		.expires_at = db_i64(row, 7),
		.created_at = db_i64(row, 8),
	};
}

#define WANTED(dir) \
	DB_SQL("SELECT " COLUMNS \
	       " FROM site_block WHERE kind = ? AND id < ? AND id > ? ORDER BY id " dir \
	       " LIMIT ?")

struct site_blocks site_block_list(struct db *db, struct arena *a, enum site_block_kind kind,
				   struct span page)
{
	struct range r = range_of(page);
	struct site_blocks out = {.at = arena_array(a, (size_t)r.limit, sizeof *out.at)};
	struct db_arg args[] = {A((int)kind), A(r.high), A(r.low), A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(
		db, r.up ? WANTED("ASC") : WANTED("DESC"), args, 4);
	while (db_next(&row))
		out.at[out.n++] = read_row(&row, a);
	if (r.up)
		page_turn(out.at, out.n, sizeof *out.at);
	return out;
}

bool site_block_get(struct db *db, struct arena *a, enum site_block_kind kind, int64_t id,
		    struct site_block *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM site_block WHERE id = ? AND kind = ?", A(id),
		A((int)kind)) {
		*out = read_row(&row, a);
		return true;
	}
	return false;
}

/* A single address is kept as a block of one, as clients expect to get it back. */
static bool address_whole(struct arena *a, struct str *value)
{
	struct addr_block block;
	if (!addr_block_parse(*value, &block))
		return false;
	if (str_find(*value, S("/")) < 0)
		*value = arena_printf(a, "%.*s/%d", (int)value->len, value->at,
				      str_find(*value, S(":")) < 0 ? 32 : 128);
	return true;
}

enum err site_block_put(struct tx *tx, struct arena *a, const struct site_block *b, int64_t *id)
{
	struct str value = lower(a, b->value);
	if (value.len == 0)
		return refuse("Validation failed: it can't be blank");
	*id = b->id;
	if (b->kind == BLOCK_ADDRESS) {
		if (!address_whole(a, &value))
			return refuse("Validation failed: IP is invalid");
		gate_touch();
	}
	if (b->id)
		return TX_DO(tx,
			     "UPDATE site_block SET severity = ?, flags = ?, note = ?, public_note = ?, expires_at = ?"
			     " WHERE id = ? AND kind = ?",
			     A(b->severity), A(b->flags), A(b->note), A(b->public_note),
			     A_ID(b->expires_at), A(b->id), A((int)b->kind)) > 0
			       ? OK
			       : ERR_NOT_FOUND;
	if (site_block_id(tx_db(tx), a, b->kind, value))
		return refuse("Validation failed: it is blocked already"), ERR_INPUT;
	*id = TX_I64(
		tx,
		"INSERT INTO site_block (kind, value, severity, flags, note, public_note, expires_at, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
		A((int)b->kind), A(value), A(b->severity), A(b->flags), A(b->note),
		A(b->public_note), A_ID(b->expires_at), A(tx_now(tx)));
	return OK;
}

enum err site_block_end(struct tx *tx, enum site_block_kind kind, int64_t id)
{
	if (kind == BLOCK_ADDRESS)
		gate_touch();
	return TX_DO(tx, "DELETE FROM site_block WHERE id = ? AND kind = ?", A(id), A((int)kind)) >
			       0
		       ? OK
		       : ERR_NOT_FOUND;
}

int64_t site_block_id(struct db *db, struct arena *a, enum site_block_kind kind, struct str value)
{
	return DB_I64(db, 0, "SELECT id FROM site_block WHERE kind = ? AND value = ?", A((int)kind),
		      A(lower(a, value)));
}

bool site_block_has(struct db *db, struct arena *a, enum site_block_kind kind, struct str value,
		    int64_t now)
{
	return DB_I64(db, 0,
		      "SELECT 1 FROM site_block WHERE kind = ? AND value = ? AND (expires_at IS NULL OR expires_at > ?)",
		      A((int)kind), A(lower(a, value)), A(now)) != 0;
}

struct str site_block_mail_hash(struct arena *a, struct str email)
{
	static const char digits[] = "0123456789abcdef";
	struct str domain = lower(a, email), local = str_cut(&domain, '@');
	SCOPED_BUF b = BUF_EMPTY;
	for (size_t i = 0; i < local.len && local.at[i] != '+'; i++)
		if (local.at[i] != '.')
			buf_char(&b, local.at[i]);
	buf_char(&b, '@');
	buf_put(&b, domain);
	struct hash h = hash_of(buf_str(&b));
	char *hex = arena_take(a, 2 * HASH_BYTES);
	for (size_t i = 0; i < HASH_BYTES; i++) {
		hex[2 * i] = digits[h.at[i] >> 4];
		hex[2 * i + 1] = digits[h.at[i] & 15];
	}
	return (struct str){hex, 2 * HASH_BYTES};
}

/* The flags of a mail domain that is kept out; -1 when it is not. */
static int64_t domain_flags(struct db *db, struct arena *a, struct str domain, int64_t now)
{
	return DB_I64(
		db, -1,
		"SELECT flags FROM site_block WHERE kind = ? AND value = ? AND (expires_at IS NULL OR expires_at > ?)",
		A((int)BLOCK_MAIL_DOMAIN), A(lower(a, domain)), A(now));
}

enum mail_verdict site_block_mail(struct db *db, struct arena *a, struct str email, int64_t now)
{
	enum mail_verdict v = MAIL_FREE;
	struct str domain = email;
	(void)str_cut(&domain, '@');
	if (domain.len == 0)
		return MAIL_FREE;
	for (struct str at = domain; at.len > 0; (void)str_cut(&at, '.')) {
		int64_t flags = domain_flags(db, a, at, now);
		if (flags >= 0 && !(flags & BLOCK_WITH_APPROVAL))
			return MAIL_BLOCKED;
		v = flags >= 0 ? MAIL_WITH_APPROVAL : v;
	}
	return site_block_has(db, a, BLOCK_MAIL, site_block_mail_hash(a, email), now) ? MAIL_BLOCKED
										      : v;
}
