/* SPDX-License-Identifier: MIT */
/* The words of the query, one by one; each operator is a row of a table. */
#include "core/query.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "core/spread.h"

enum { DAY_MS = 24 * 3600 * 1000 };
/* Shorter beginnings are taken as words: too much begins with one letter. */
enum { BEGINNING_MIN = 3 };

static bool take_from(struct query *q, struct query_item *item, struct str value)
{
	(void)q;
	if (str_starts(value, S("@")))
		value = str_slice(value, 1, value.len);
	item->kind = QUERY_FROM;
	item->text = value;
	return value.len > 0;
}

static bool take_in(struct query *q, struct query_item *item, struct str value)
{
	static const struct str names[] = {[QUERY_ALL] = S_INIT("all"),
					   [QUERY_PUBLIC] = S_INIT("public"),
					   [QUERY_LIBRARY] = S_INIT("library")};
	(void)item;
	for (int i = 0; i < 3; i++)
		if (str_eq_nocase(value, names[i])) {
			q->scope = (enum query_scope)i;
			return true;
		}
	return false;
}

static bool day_of(struct str value, int64_t *at)
{
	return value.len == 10 && value.at[4] == '-' && value.at[7] == '-' &&
	       time_parse_iso(value, at);
}

static bool take_before(struct query *q, struct query_item *item, struct str value)
{
	int64_t day;
	(void)item;
	if (!day_of(value, &day))
		return false;
	q->until_ms = day < q->until_ms ? day : q->until_ms;
	return true;
}

/* From the next day on. */
static bool take_after(struct query *q, struct query_item *item, struct str value)
{
	int64_t day;
	(void)item;
	if (!day_of(value, &day))
		return false;
	q->since_ms = day + DAY_MS > q->since_ms ? day + DAY_MS : q->since_ms;
	return true;
}

static bool take_during(struct query *q, struct query_item *item, struct str value)
{
	int64_t day;
	(void)item;
	if (!day_of(value, &day))
		return false;
	q->since_ms = day > q->since_ms ? day : q->since_ms;
	q->until_ms = day + DAY_MS < q->until_ms ? day + DAY_MS : q->until_ms;
	return true;
}

static const struct {
	struct str word, token;
} fact_words[FACTS] = {
	[FACT_REPLY] = {S_INIT("reply"), S_INIT("xr")},
	[FACT_SENSITIVE] = {S_INIT("sensitive"), S_INIT("xs")},
	[FACT_MEDIA] = {S_INIT("media"), S_INIT("xm")},
	[FACT_IMAGE] = {S_INIT("image"), S_INIT("xi")},
	[FACT_VIDEO] = {S_INIT("video"), S_INIT("xv")},
	[FACT_AUDIO] = {S_INIT("audio"), S_INIT("xa")},
	[FACT_POLL] = {S_INIT("poll"), S_INIT("xp")},
	[FACT_LINK] = {S_INIT("link"), S_INIT("xl")},
};

static bool take_fact(struct query_item *item, struct str value, int from, int to)
{
	item->kind = QUERY_FACT;
	for (int i = from; i <= to; i++)
		if (str_eq_nocase(value, fact_words[i].word)) {
			item->text = fact_words[i].token;
			return true;
		}
	return false;
}

static bool take_has(struct query *q, struct query_item *item, struct str value)
{
	(void)q;
	if (str_eq_nocase(value, S("embed"))) /* as Mastodon calls it */
		value = S("link");
	return take_fact(item, value, FACT_MEDIA, FACT_LINK);
}

static bool take_is(struct query *q, struct query_item *item, struct str value)
{
	(void)q;
	return take_fact(item, value, FACT_REPLY, FACT_SENSITIVE);
}

static bool is_tag(struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '-'))
			return false;
	}
	return value.len >= 2 && value.len <= 35;
}

/* The token is made when the expression is. */
static bool take_language(struct query *q, struct query_item *item, struct str value)
{
	(void)q;
	item->kind = QUERY_FACT;
	item->text = value;
	return is_tag(value);
}

static const struct operator
{
	struct str name;
	bool (*take)(struct query * q, struct query_item * item, struct str value);
	bool counts; /* an item comes of it, and it may be negated */
}
operators[] = {
	{S_INIT("from"), take_from, true},      {S_INIT("has"), take_has, true},
	{S_INIT("is"), take_is, true},          {S_INIT("language"), take_language, true},
	{S_INIT("before"), take_before, false}, {S_INIT("after"), take_after, false},
	{S_INIT("during"), take_during, false}, {S_INIT("in"), take_in, false},
};

static const struct operator* operator_of(struct str name)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (str_eq_nocase(name, operators[i].name))
			return &operators[i];
	return NULL;
}

static void put_language(struct buf *out, struct str tag)
{
	buf_char(out, 'l');
	for (size_t i = 0; i < tag.len; i++)
		if (tag.at[i] != '-')
			buf_char(out, tag.at[i] >= 'A' && tag.at[i] <= 'Z' ? (char)(tag.at[i] + 32)
									   : tag.at[i]);
	buf_char(out, ' ');
}

static struct str language_token(struct arena *a, struct str tag)
{
	SCOPED_BUF b = BUF_EMPTY;
	put_language(&b, tag);
	return arena_str(a, str_trim(buf_str(&b)));
}

/* "name:value". False: it is words. */
static bool operator_take(struct query *q, struct arena *a, struct str word, bool without)
{
	struct str value = word, name = str_cut(&value, ':');
	const struct operator* op = value.len ? operator_of(name) : NULL;
	struct query_item item = {.without = without};
	if (!op || !op->take(q, &item, value))
		return false;
	if (op->take == take_language)
		item.text = language_token(a, value);
	if (op->counts && q->n < QUERY_ITEMS_MAX)
		q->at[q->n++] = item;
	return true;
}

static void words_take(struct query *q, struct str text, bool without, bool is_phrase)
{
	struct query_item item = {.kind = QUERY_WORDS, .text = text, .without = without};
	while (!is_phrase && item.text.len && item.text.at[item.text.len - 1] == '*') {
		item.text.len--;
		item.begins = true;
	}
	if (item.text.len && q->n < QUERY_ITEMS_MAX)
		q->at[q->n++] = item;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Up to the closing quote, or the end. */
static struct str phrase_cut(struct str *rest)
{
	*rest = str_slice(*rest, 1, rest->len);
	struct str text = str_cut(rest, '"');
	return text;
}

static struct str word_cut(struct str *rest)
{
	size_t n = 0;
	while (n < rest->len && !is_blank(rest->at[n]) && rest->at[n] != '"')
		n++;
	struct str word = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->len);
	return word;
}

void query_parse(struct query *out, struct arena *a, struct str q)
{
	*out = (struct query){.until_ms = QUERY_FOR_EVER_MS};
	struct str rest = q;
	while (rest.len) {
		bool without = false;
		if (is_blank(rest.at[0])) {
			rest = str_slice(rest, 1, rest.len);
			continue;
		}
		if (rest.len > 1 && (rest.at[0] == '-' || rest.at[0] == '+')) {
			without = rest.at[0] == '-';
			rest = str_slice(rest, 1, rest.len);
		}
		if (rest.at[0] == '"') {
			words_take(out, phrase_cut(&rest), without, true);
			continue;
		}
		struct str word = word_cut(&rest);
		if (!operator_take(out, a, word, without))
			words_take(out, word, without, false);
	}
}

/* One column's match: FTS5 reads what stands in quotes as it is, and there is no quote in it. */
static void put_term(struct buf *out, const char *column, struct str words, bool begins)
{
	buf_put(out, str_of(column));
	buf_put(out, S(" : \""));
	buf_put(out, str_trim(words));
	buf_put(out, begins ? S("\" *") : S("\""));
}

static void put_fact_term(struct buf *out, struct str token)
{
	put_term(out, "facts", token, false);
}

/* False: the item says nothing. */
static bool put_item(struct buf *out, const struct query_item *item, int64_t account)
{
	SCOPED_BUF words = BUF_EMPTY;
	switch (item->kind) {
	case QUERY_WORDS: {
		bool begins = spread_sought(&words, item->text) ||
			      (item->begins && utf8_chars(item->text) >= BEGINNING_MIN);
		if (words.len > 0)
			put_term(out, "text", buf_str(&words), begins);
		return words.len > 0;
	}
	case QUERY_FROM:
		/* Nobody's number is 0. */
		fact_author(&words, account);
		put_fact_term(out, buf_str(&words));
		return true;
	case QUERY_FACT:
		put_fact_term(out, item->text);
		return true;
	}
	return false;
}

static bool has_dates(const struct query *q)
{
	return q->since_ms > 0 || q->until_ms < QUERY_FOR_EVER_MS;
}

/* Whatever is there: every kwip has one of these. */
static void put_anything(struct buf *out)
{
	buf_put(out, S("facts : (\"v0\" OR \"v1\" OR \"v2\" OR \"v3\")"));
}

static size_t put_all(struct buf *out, const struct query *q, const int64_t *people, bool without)
{
	size_t n = 0;
	for (size_t i = 0; i < q->n; i++) {
		SCOPED_BUF one = BUF_EMPTY;
		if (q->at[i].without != without || !put_item(&one, &q->at[i], people[i]))
			continue;
		if (n++ > 0)
			buf_put(out, without ? S(" OR ") : S(" AND "));
		buf_char(out, '(');
		buf_put(out, buf_str(&one));
		buf_char(out, ')');
	}
	return n;
}

struct str query_match(struct arena *a, const struct query *q, const int64_t *people, int64_t by)
{
	SCOPED_BUF wanted = BUF_EMPTY, unwanted = BUF_EMPTY, token = BUF_EMPTY;
	size_t with = put_all(&wanted, q, people, false),
	       without = put_all(&unwanted, q, people, true);
	if (with == 0 && without == 0 && !has_dates(q))
		return S("");
	if (with == 0)
		put_anything(&wanted);
	if (by) {
		fact_author(&token, by);
		buf_put(&wanted, S(" AND "));
		put_fact_term(&wanted, buf_str(&token));
	}
	if (without == 0)
		return arena_str(a, buf_str(&wanted));
	return arena_printf(a, "(%.*s) NOT (%.*s)", (int)wanted.len, wanted.at, (int)unwanted.len,
			    unwanted.at);
}

struct str query_people(struct arena *a, struct str q, struct str columns)
{
	SCOPED_BUF out = BUF_EMPTY, words = BUF_EMPTY;
	spread_text(&words, q);
	struct str rest = str_trim(buf_str(&words));
	for (int n = 0; rest.len > 0 && n < QUERY_ITEMS_MAX; n++) {
		if (n > 0)
			buf_put(&out, S(" AND "));
		buf_char(&out, '"');
		buf_put(&out, str_cut(&rest, ' '));
		buf_put(&out, S("\" *"));
	}
	if (out.len == 0)
		return S("");
	return arena_printf(a, "{%.*s} : (%.*s)", (int)columns.len, columns.at, (int)out.len,
			    out.at);
}

static void put_number(struct buf *out, char kind, int64_t n)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	char text[16];
	size_t at = sizeof text;
	do
		text[--at] = digits[n % 36];
	while ((n /= 36) > 0);
	buf_char(out, kind);
	buf_put(out, (struct str){text + at, sizeof text - at});
	buf_char(out, ' ');
}

void fact_put(struct buf *out, enum fact f)
{
	buf_put(out, fact_words[f].token);
	buf_char(out, ' ');
}

void fact_author(struct buf *out, int64_t account)
{
	put_number(out, 'a', account);
}

void fact_named(struct buf *out, int64_t account)
{
	put_number(out, 'm', account);
}

void fact_visibility(struct buf *out, int visibility)
{
	put_number(out, 'v', visibility);
}

void fact_language(struct buf *out, struct str tag)
{
	struct str rest = tag, first = str_cut(&rest, '-');
	if (!is_tag(tag))
		return;
	put_language(out, first);
	if (rest.len)
		put_language(out, tag);
}
