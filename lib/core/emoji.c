/* SPDX-License-Identifier: MIT */
/* Custom emoji: the few rows of a site, and which of them a text uses. */
#include "core/emoji.h"

enum { EMOJIS_MAX = 5000, USED_MAX = 50 };

static bool is_code_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static struct emoji read_row(struct db_row *row, struct arena *a)
{
	return (struct emoji){
		.shortcode = db_str(row, 0, a),
		.file = db_str(row, 1, a),
		.still = db_str(row, 2, a),
		.category = db_str(row, 3, a),
		.listed = db_i64(row, 4) != 0,
	};
}

struct emojis emoji_list(struct db *db, struct arena *a)
{
	int64_t n = DB_I64(db, 0, "SELECT count(*) FROM emoji /* scan */");
	struct emojis out = {
		.at = arena_array(a, (size_t)(n < EMOJIS_MAX ? n : EMOJIS_MAX), sizeof *out.at)};
	DB_EACH(row, db,
		"SELECT shortcode, file, still, category, listed FROM emoji ORDER BY shortcode LIMIT ? /* scan */",
		A(n < EMOJIS_MAX ? n : EMOJIS_MAX))
		out.at[out.n++] = read_row(&row, a);
	return out;
}

/* The next :shortcode: of a text; the rest begins at its second colon, which may open another. */
static bool code_next(struct str *rest, struct str *code)
{
	for (;;) {
		ptrdiff_t at = str_find(*rest, S(":"));
		if (at < 0)
			return false;
		*rest = str_slice(*rest, (size_t)at + 1, rest->len);
		size_t n = 0;
		while (n < rest->len && is_code_char(rest->at[n]))
			n++;
		if (n >= SHORTCODE_MIN && n <= SHORTCODE_MAX && n < rest->len &&
		    rest->at[n] == ':') {
			*code = str_slice(*rest, 0, n);
			*rest = str_slice(*rest, n, rest->len);
			return true;
		}
	}
}

static bool has(const struct emojis *e, struct str code)
{
	for (size_t i = 0; i < e->n; i++)
		if (str_eq(e->at[i].shortcode, code))
			return true;
	return false;
}

static void look_up(struct db *db, struct arena *a, struct emojis *out, struct str code)
{
	if (!out->at)
		out->at = arena_array(a, USED_MAX, sizeof *out->at);
	if (out->n == USED_MAX || has(out, code))
		return;
	DB_EACH(row, db,
		"SELECT shortcode, file, still, category, listed FROM emoji WHERE shortcode = ?",
		A(code))
		out->at[out->n++] = read_row(&row, a);
}

struct emojis emojis_of(struct db *db, struct arena *a, const struct str *texts, size_t n)
{
	enum { LOOKED_UP = 100 };
	struct emojis out = {0};
	int tried = 0;
	for (size_t i = 0; i < n; i++) {
		struct str rest = texts[i], code;
		while (tried < LOOKED_UP && code_next(&rest, &code)) {
			tried++;
			look_up(db, a, &out, code);
		}
	}
	return out;
}

enum err emoji_put(struct tx *tx, const struct emoji *e)
{
	bool ok = e->shortcode.len >= SHORTCODE_MIN && e->shortcode.len <= SHORTCODE_MAX;
	for (size_t i = 0; ok && i < e->shortcode.len; i++)
		ok = is_code_char(e->shortcode.at[i]);
	if (!ok)
		return refuse("a shortcode has %d to %d letters, digits and '_'", SHORTCODE_MIN,
			      SHORTCODE_MAX);
	TX_DO(tx,
	      "INSERT INTO emoji (shortcode, file, still, category, listed) VALUES (?, ?, ?, ?, ?)"
	      " ON CONFLICT (shortcode) DO UPDATE SET file = excluded.file, still = excluded.still,"
	      " category = excluded.category, listed = excluded.listed",
	      A(e->shortcode), A(e->file), A(e->still), A(e->category), A(e->listed));
	return OK;
}

enum err emoji_end(struct tx *tx, struct str shortcode)
{
	return TX_DO(tx, "DELETE FROM emoji WHERE shortcode = ?", A(shortcode)) > 0 ? OK
										    : ERR_NOT_FOUND;
}
