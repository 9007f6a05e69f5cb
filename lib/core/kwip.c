/* SPDX-License-Identifier: MIT */
/*
 * What all of the kwip_*.c need: rows, counts, the rules for texts, the names of visibilities. The
 * verbs have files of their own: kwip_post.c, kwip_edit.c, kwip_delete.c, kwip_boost.c,
 * kwip_mark.c.
 */
#include "core/kwip_private.h"

#include "base/conf.h"
#include "base/grapheme.h"
#include "base/utf8.h"

bool kwip_row_get(struct db *db, int64_t id, struct kwip_row *out)
{
	*out = (struct kwip_row){0};
	DB_EACH(row, db,
		"SELECT id, author, conversation, reply_to, reply_to_author, boost_of, repeat_of, visibility, "
		"quote_of, quote_state FROM kwip WHERE id = ?",
		A(id)) {
		*out = (struct kwip_row){
			.id = db_i64(&row, 0),
			.author = db_i64(&row, 1),
			.conversation = db_i64(&row, 2),
			.reply_to = db_i64(&row, 3),
			.reply_to_author = db_i64(&row, 4),
			.boost_of = db_i64(&row, 5),
			.repeat_of = db_i64(&row, 6),
			.visibility = (enum visibility)db_i64(&row, 7),
			.quote_of = db_i64(&row, 8),
			.quote_state = (enum quote_state)db_i64(&row, 9),
		};
	}
	return out->id != 0;
}

bool kwip_row_said(struct db *db, int64_t id, struct kwip_row *out)
{
	return kwip_row_get(db, id, out) &&
	       (!out->boost_of || kwip_row_get(db, out->boost_of, out));
}

int64_t kwip_said(struct db *db, int64_t id)
{
	struct kwip_row k;
	return kwip_row_said(db, id, &k) ? k.id : 0;
}

void kwip_count_said(struct tx *tx, int64_t author, int64_t id, enum visibility v)
{
	if (v == VISIBLE_DIRECT)
		return;
	TX_DO(tx,
	      "UPDATE account SET kwips_count = kwips_count + 1, "
	      "last_kwip = CASE WHEN last_kwip > ?1 THEN last_kwip ELSE ?1 END WHERE id = ?2",
	      A(id), A(author));
}

void kwip_tell_counts(struct tx *tx, int64_t kwip, int64_t author, int64_t conversation)
{
	event_add(tx, (struct event){.kind = EVENT_KWIP_COUNTS,
				     .actor = author,
				     .kwip = kwip,
				     .target = author,
				     .extra = conversation});
}

static bool is_language(struct str s)
{
	struct str rest = s, part = str_cut(&rest, '-');
	if (part.len < 2 || part.len > 3)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		if (part.at[i] < 'a' || part.at[i] > 'z')
			return false;
	}
	if (rest.at && rest.len == 0)
		return false;
	while (rest.len) {
		part = str_cut(&rest, '-');
		if (part.len < 2 || part.len > 8)
			return false;
		for (size_t i = 0; i < part.len; i++) {
			char c = part.at[i];
			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			      (c >= 'A' && c <= 'Z')))
				return false;
		}
	}
	return s.at[s.len - 1] != '-';
}

static bool is_blank(struct str s)
{
	for (size_t i = 0; i < s.len;) {
		uint32_t c = utf8_next(s, &i);
		if (c > ' ' && !utf8_is_space(c))
			return false;
	}
	return true;
}

size_t kwip_length(struct str text)
{
	enum { LINK_LENGTH = 23 };
	struct scan s = {.text = text};
	struct piece p;
	size_t n = 0;
	while (markup_next(&s, &p)) {
		if (p.kind == PIECE_LINK)
			n += LINK_LENGTH;
		else if (p.kind == PIECE_MENTION)
			n += 1 + p.name.len;
		else
			n += grapheme_count(p.text);
	}
	return n;
}

/*
 * What is short in bytes need not be counted: a link of eight bytes is the densest there is. What
 * counts little (long links, piles of marks) still must not be without bounds.
 */
static bool is_too_long(struct str body, struct str warning)
{
	size_t most = (size_t)conf.kwip_max_chars, bytes = body.len + warning.len;
	if (bytes <= most / 3)
		return false;
	return bytes > 8 * most + 4096 || kwip_length(body) + grapheme_count(warning) > most;
}

enum err kwip_text_check(struct str body, struct str warning, struct str language,
			 bool may_be_blank)
{
	if (!utf8_ok(body) || !utf8_ok(warning))
		return refuse("the text is not valid UTF-8");
	if (!may_be_blank && is_blank(body))
		return refuse("Validation failed: Text can't be blank");
	if (is_too_long(body, warning))
		return refuse("Validation failed: Text character limit of %lld exceeded",
			      (long long)conf.kwip_max_chars);
	if (language.len && !is_language(language))
		return refuse("the language must be a code like \"en\" or \"pt-BR\"");
	return OK;
}

struct str kwip_text_clean(struct arena *a, struct str text)
{
	text = str_trim(text);
	if (str_find_char(text, '\r') < 0)
		return text;
	char *out = arena_take(a, text.len);
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] != '\r')
			out[n++] = text.at[i];
		else if (i + 1 == text.len || text.at[i + 1] != '\n')
			out[n++] = '\n';
	}
	return (struct str){out, n};
}

int64_t kwip_count(struct db *db)
{
	return DB_I64(db, 0,
		      "SELECT sum(kwips_count) FROM account WHERE name_key >= '' AND domain = ''");
}

static const struct str visibility_names[] = {
	[VISIBLE_PUBLIC] = S_INIT("public"),
	[VISIBLE_UNLISTED] = S_INIT("unlisted"),
	[VISIBLE_FOLLOWERS] = S_INIT("private"),
	[VISIBLE_DIRECT] = S_INIT("direct"),
};

struct str visibility_name(enum visibility v)
{
	return visibility_names[v];
}

bool visibility_of(struct str name, enum visibility *v)
{
	for (enum visibility i = VISIBLE_PUBLIC; i <= VISIBLE_DIRECT; i++) {
		if (str_eq(name, visibility_names[i])) {
			*v = i;
			return true;
		}
	}
	return false;
}
