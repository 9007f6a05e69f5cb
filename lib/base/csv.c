/* SPDX-License-Identifier: MIT */
/* Comma-separated values: one pass, no state beyond the rest of the text. */
#include "base/csv.h"

static bool is_end_of_line(char c)
{
	return c == '\n' || c == '\r';
}

/* The cell behind an opening quote; the rest begins behind the closing one. */
static struct str take_quoted(struct str *rest, struct arena *a)
{
	size_t from = 1, i = 1, n = 0;
	while (i < rest->len &&
	       (rest->at[i] != '"' || (i + 1 < rest->len && rest->at[i + 1] == '"')))
		i += rest->at[i] == '"' ? 2 : 1;
	size_t end = i < rest->len ? i : rest->len;
	struct str raw = str_slice(*rest, from, end);
	*rest = str_slice(*rest, end < rest->len ? end + 1 : end, rest->len);
	if (!memchr(raw.at ? raw.at : "", '"', raw.len))
		return raw;
	char *to = arena_take(a, raw.len);
	for (size_t j = 0; j < raw.len; j++) {
		to[n++] = raw.at[j];
		j += raw.at[j] == '"';
	}
	return (struct str){to, n};
}

static struct str take_plain(struct str *rest)
{
	size_t n = 0;
	while (n < rest->len && rest->at[n] != ',' && !is_end_of_line(rest->at[n]))
		n++;
	struct str cell = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->len);
	return cell;
}

static void skip_line_end(struct str *rest)
{
	if (rest->len > 1 && rest->at[0] == '\r' && rest->at[1] == '\n')
		*rest = str_slice(*rest, 2, rest->len);
	else if (rest->len > 0)
		*rest = str_slice(*rest, 1, rest->len);
}

int csv_next(struct str *rest, struct arena *a, struct str *cells, int most)
{
	int n = 0;
	if (rest->len == 0)
		return -1;
	if (is_end_of_line(rest->at[0])) {
		skip_line_end(rest);
		return 0;
	}
	for (;;) {
		bool quoted = rest->len > 0 && rest->at[0] == '"';
		struct str cell = quoted ? take_quoted(rest, a) : take_plain(rest);
		/* Whatever stands between a closing quote and the comma belongs to nothing. */
		if (quoted)
			(void)take_plain(rest);
		if (n < most)
			cells[n] = cell;
		n++;
		if (rest->len == 0 || rest->at[0] != ',')
			break;
		*rest = str_slice(*rest, 1, rest->len);
	}
	skip_line_end(rest);
	return n < most ? n : most;
}

/* Spreadsheets compute what begins like this. */
static bool is_formula(struct str s)
{
	if (s.len == 0 || !strchr("=+-@\t\r", s.at[0]))
		return false;
	return !(s.at[0] == '@' && s.len > 1 && s.at[1] >= 'a' && s.at[1] <= 'z');
}

void csv_put(struct buf *out, struct str cell)
{
	bool quote = is_formula(cell);
	for (size_t i = 0; i < cell.len && !quote; i++)
		quote = cell.at[i] == ',' || cell.at[i] == '"' || is_end_of_line(cell.at[i]);
	if (!quote) {
		buf_put(out, cell);
		return;
	}
	buf_char(out, '"');
	if (is_formula(cell))
		buf_char(out, '\'');
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.at[i] == '"')
			buf_char(out, '"');
		buf_char(out, cell.at[i]);
	}
	buf_char(out, '"');
}
