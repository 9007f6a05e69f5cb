/* SPDX-License-Identifier: MIT */
/*
 * Any question is one that the index can answer, and whatever stands in a text is found by asking
 * for it. The first line is the question, the rest the text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "core/index.h"
#include "core/query.h"
#include "core/spread.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROW = 7, TEXT_MAX = 4096 };

static char dir[64];
static struct store *store;

static void forget(void)
{
	store_close(store);
	store_file_remove(str_of(dir), &index_schema);
	rmdir(dir);
}

static void prepare(void)
{
	if (store)
		return;
	snprintf(dir, sizeof dir, "/tmp/fuzz-query-XXXXXX");
	if (!mkdtemp(dir) || store_open_file(&store, str_of(dir), &index_schema) != OK)
		abort();
	atexit(forget);
}

static bool has(struct db *db, struct str match)
{
	struct index_hit hit[2];
	return match.len && index_find(db, match, 0, INT64_MAX, hit, 2) == 1;
}

/* Letters and digits of ASCII, and Chinese ones, are words for everybody. */
static bool is_plain(uint32_t c)
{
	return (c < 0x80 && utf8_is_word(c) && c != '_') || (c >= 0x4e00 && c <= 0x9fa5);
}

/* A part of the text that begins and ends where words of this script do; "" when there is none. */
static struct str part_of(struct str text, size_t from, size_t to)
{
	size_t at = 0, begin = 0, end = 0;
	uint32_t before = ' ';
	while (at < text.len) {
		size_t here = at;
		uint32_t c = utf8_next(text, &at);
		bool parts = !utf8_is_word(c) || !utf8_is_word(before) || c == '_' ||
			     before == '_' || (is_plain(c) && c > 0x80 && is_plain(before));
		if (parts && here <= from)
			begin = here;
		if (parts && here <= to)
			end = here;
		before = c;
	}
	return end > begin ? str_slice(text, begin, end) : S("");
}

static void find_part(struct db *db, struct arena *a, struct str text)
{
	struct str part = part_of(text, text.len / 3, text.len - text.len / 4);
	char *quoted = arena_take(a, part.len + 2);
	bool plain = false;
	quoted[0] = '"';
	for (size_t i = 0; i < part.len; i++)
		quoted[i + 1] = part.at[i] == '"' ? ' ' : part.at[i];
	quoted[part.len + 1] = '"';
	for (size_t i = 0; i < part.len;)
		plain |= is_plain(utf8_next(part, &i));
	struct query q;
	query_parse(&q, a, (struct str){quoted, part.len + 2});
	if (plain && !has(db, query_match(a, &q, (int64_t[QUERY_ITEMS_MAX]){0}, 0)))
		abort();
}

static enum err run(struct tx *tx, void *arg)
{
	struct str rest = *(const struct str *)arg, asked = str_cut(&rest, '\n');
	SCOPED_ARENA a = arena_new();
	SCOPED_BUF words = BUF_EMPTY;
	int64_t people[QUERY_ITEMS_MAX];
	struct query q;
	for (size_t i = 0; i < QUERY_ITEMS_MAX; i++)
		people[i] = (int64_t)i;
	spread_text(&words, rest);
	TX_DO(tx, "INSERT INTO kwip_words (rowid, text, facts) VALUES (?, ?, 'v0 a1')", A(ROW),
	      A(buf_str(&words)));
	TX_DO(tx, "INSERT INTO searched (id, edited_at, facts, text) VALUES (?, 0, '', '')",
	      A(ROW));
	query_parse(&q, a, asked);
	(void)has(tx_db(tx), query_match(a, &q, people, 0));
	(void)has(tx_db(tx), query_match(a, &q, people, 1));
	struct str match = query_people(a, asked, S("names about"));
	int64_t id;
	if (match.len)
		(void)index_find_people(tx_db(tx), match, &id, 1);
	find_part(tx_db(tx), a, rest);
	if (tx_err(tx) != OK)
		abort();
	/* Undone. */
	return ERR_INPUT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str input = {(const char *)data, size};
	if (size > TEXT_MAX)
		return 0;
	prepare();
	if (tx_run(store, run, &input) != ERR_INPUT)
		abort();
	return 0;
}
