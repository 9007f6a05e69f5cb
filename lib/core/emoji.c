/* SPDX-License-Identifier: MIT */
/*
 * Custom emoji: the few rows of a site, and which of them a text uses. Texts without two colons
 * cost one look through them, whatever there is.
 */
#include "core/emoji.h"

#include "base/utf8.h"
#include "core/in40.h"
#include "store/event.h"

enum { EMOJIS_MAX = 5000, CODES_MAX = 400 };

#define COLUMNS "shortcode, file, still, category, listed"

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
	DB_EACH(row, db, "SELECT " COLUMNS " FROM emoji ORDER BY shortcode LIMIT ? /* scan */",
		A(n < EMOJIS_MAX ? n : EMOJIS_MAX))
		out.at[out.n++] = read_row(&row, a);
	return out;
}

/* Letters, digits and colons glue a word to what stands beside it. */
static bool is_glue(uint32_t c)
{
	return c == ':' || (c != '_' && utf8_is_word(c));
}

static bool glues_before(struct str text, size_t at)
{
	size_t from = at;
	while (from > 0 && at - from < 4) {
		from--;
		if (((unsigned char)text.at[from] & 0xc0) != 0x80)
			break;
	}
	return from < at && is_glue(utf8_next(text, &from));
}

static bool glues_behind(struct str text, size_t at)
{
	return at < text.len && is_glue(utf8_next(text, &at));
}

/* The next :shortcode: of a text from *at on, without its colons; *at goes behind it. */
static bool code_next(struct str text, size_t *at, struct str *code)
{
	while (*at < text.len) {
		const char *colon = memchr(text.at + *at, ':', text.len - *at);
		if (!colon)
			return false;
		size_t from = (size_t)(colon - text.at) + 1, to = from;
		while (to < text.len && is_code_char(text.at[to]))
			to++;
		*at = to > from ? to : from;
		if (to - from < SHORTCODE_MIN || to - from > SHORTCODE_MAX || to == text.len ||
		    text.at[to] != ':' || glues_before(text, from - 1) ||
		    glues_behind(text, to + 1))
			continue;
		*code = str_slice(text, from, to);
		*at = to + 1;
		return true;
	}
	return false;
}

static const struct emoji *find(const struct emojis *all, struct str code)
{
	for (size_t i = 0; i < all->n; i++)
		if (str_eq(all->at[i].shortcode, code))
			return &all->at[i];
	return NULL;
}

/* The different words of the texts that may be emoji. */
struct codes {
	struct str *at;
	size_t n;
};

static void codes_add(struct arena *a, struct codes *to, struct str code)
{
	if (!to->at)
		to->at = arena_array(a, CODES_MAX, sizeof *to->at);
	for (size_t i = 0; i < to->n; i++)
		if (str_eq(to->at[i], code))
			return;
	if (to->n < CODES_MAX)
		to->at[to->n++] = code;
}

static struct codes codes_of(struct arena *a, const struct str *texts, size_t n)
{
	struct codes out = {0};
	for (size_t i = 0; i < n; i++) {
		struct str code;
		for (size_t at = 0; code_next(texts[i], &at, &code);)
			codes_add(a, &out, code);
	}
	return out;
}

static size_t codes_args(struct db_arg args[IN_WIDTH], const struct str *codes, size_t n)
{
	size_t taken = n < IN_WIDTH ? n : IN_WIDTH;
	for (size_t i = 0; i < IN_WIDTH; i++)
		args[i] = i < taken ? A(codes[i]) : A(S(""));
	return taken;
}

/* In the order of the words. */
static struct emojis in_order(struct arena *a, const struct codes *codes, const struct emojis *all)
{
	struct emojis out = {.at = arena_array(a, codes->n, sizeof *out.at)};
	for (size_t i = 0; i < codes->n; i++) {
		const struct emoji *e = find(all, codes->at[i]);
		if (e)
			out.at[out.n++] = *e;
	}
	return out;
}

struct emojis emojis_of(struct db *db, struct arena *a, const struct str *texts, size_t n)
{
	struct codes codes = codes_of(a, texts, n);
	if (codes.n == 0)
		return (struct emojis){0};
	struct emojis found = {.at = arena_array(a, codes.n, sizeof *found.at)};
	for (size_t at = 0; at < codes.n;) {
		struct db_arg args[IN_WIDTH];
		at += codes_args(args, codes.at + at, codes.n - at);
		DB_EACH_ARGS(row, db, "SELECT " COLUMNS " FROM emoji WHERE shortcode IN (" IN40 ")",
			     args, IN_WIDTH)
		found.at[found.n++] = read_row(&row, a);
	}
	return in_order(a, &codes, &found);
}

struct emojis emojis_among(struct arena *a, const struct emojis *all, const struct str *texts,
			   size_t n)
{
	if (all->n == 0)
		return (struct emojis){0};
	struct codes codes = codes_of(a, texts, n);
	return in_order(a, &codes, all);
}

bool emoji_next(const struct emojis *all, struct str *rest, struct str *before,
		const struct emoji **found)
{
	struct str code;
	for (size_t at = 0; all->n > 0 && code_next(*rest, &at, &code);) {
		*found = find(all, code);
		if (!*found)
			continue;
		*before = str_slice(*rest, 0, at - code.len - 2);
		*rest = str_slice(*rest, at, rest->len);
		return true;
	}
	return false;
}

enum err emoji_code_check(struct str shortcode)
{
	bool ok = shortcode.len >= SHORTCODE_MIN && shortcode.len <= SHORTCODE_MAX;
	for (size_t i = 0; ok && i < shortcode.len; i++)
		ok = is_code_char(shortcode.at[i]);
	return ok ? OK
		  : refuse("a shortcode has %d to %d letters, digits and '_'", SHORTCODE_MIN,
			   SHORTCODE_MAX);
}

enum err emoji_put(struct tx *tx, const struct emoji *e)
{
	enum err bad = emoji_code_check(e->shortcode);
	if (bad)
		return bad;
	TX_DO(tx,
	      "INSERT INTO emoji (shortcode, file, still, category, listed) VALUES (?, ?, ?, ?, ?)"
	      " ON CONFLICT (shortcode) DO UPDATE SET file = excluded.file, still = excluded.still,"
	      " category = excluded.category, listed = excluded.listed",
	      A(e->shortcode), A(e->file), A(e->still), A(e->category), A(e->listed));
	event_add(tx, (struct event){.kind = EVENT_EMOJI});
	return OK;
}

enum err emoji_end(struct tx *tx, struct str shortcode)
{
	if (TX_DO(tx, "DELETE FROM emoji WHERE shortcode = ?", A(shortcode)) == 0)
		return ERR_NOT_FOUND;
	event_add(tx, (struct event){.kind = EVENT_EMOJI});
	return OK;
}
