/* SPDX-License-Identifier: MIT */
/*
 * multipart/form-data (RFC 7578) from a body that is whole in memory: values are copied, files stay
 * where they are. Called by pairs.c.
 */
#include "http/pairs.h"

/* The value of name= in a header like: form-data; name="a"; filename="b". False when absent. */
static bool attribute(struct str header, struct str name, struct str *out)
{
	struct str rest = header;

	(void)str_cut(&rest, ';');
	while (rest.len) {
		rest = str_trim(rest);
		ptrdiff_t eq = str_find_char(rest, '=');
		if (eq < 0)
			return false;
		struct str key = str_trim(str_slice(rest, 0, (size_t)eq));
		struct str after = str_slice(rest, (size_t)eq + 1, rest.len), value;
		if (after.len && after.at[0] == '"') {
			after = str_slice(after, 1, after.len);
			value = str_cut(&after, '"');
			rest = after;
			(void)str_cut(&rest, ';');
		} else {
			value = str_trim(str_cut(&after, ';'));
			rest = after;
		}
		if (str_eq_nocase(key, name)) {
			*out = value;
			return true;
		}
	}
	return false;
}

/* Cuts *rest behind the next delimiter; false when there is none. */
static bool cut_at(struct str *rest, struct str delimiter, struct str *before)
{
	ptrdiff_t at = str_find(*rest, delimiter);

	if (at < 0)
		return false;
	*before = str_slice(*rest, 0, (size_t)at);
	*rest = str_slice(*rest, (size_t)at + delimiter.len, rest->len);
	return true;
}

struct part {
	struct str name, value;
	struct upload file;
	bool named, is_file;
};

static enum err read_line(struct part *part, struct str line)
{
	struct str value = str_trim(line), file;
	struct str key = str_trim(str_cut(&value, ':'));

	if (str_eq_nocase(key, S("content-type")))
		part->file.type = str_trim(value);
	if (!str_eq_nocase(key, S("content-disposition")))
		return OK;
	if (!attribute(value, S("name"), &part->name))
		return refuse("the form is broken");
	part->named = true;
	/* filename* (RFC 5987) comes with no plain one from a few clients; the name is never used.
	 */
	part->is_file = attribute(value, S("filename"), &file) ||
			attribute(value, S("filename*"), &file);
	if (part->is_file)
		part->file.name = file;
	return OK;
}

static enum err add_part(struct pairs *p, struct str bytes)
{
	struct part part = {0};
	struct str head;
	enum err e = OK;

	if (!cut_at(&bytes, S("\r\n\r\n"), &head))
		return refuse("the form is broken");
	while (head.len && !e)
		e = read_line(&part, str_cut(&head, '\n'));
	if (e || !part.named)
		return e;
	if (!part.is_file)
		return pairs_add(p, arena_str(p->a, part.name), arena_str(p->a, bytes));
	part.file.bytes = bytes;
	return pairs_add_file(p, part.name, &part.file);
}

enum err pairs_multipart(struct pairs *p, struct str content_type, struct str body)
{
	struct str boundary, part;

	if (!attribute(content_type, S("boundary"), &boundary) || boundary.len == 0 ||
	    boundary.len > 200)
		return refuse("the form's boundary is missing");
	struct str first = arena_printf(p->a, "--%.*s", (int)boundary.len, boundary.at);
	struct str between = arena_printf(p->a, "\r\n--%.*s", (int)boundary.len, boundary.at);
	if (!cut_at(&body, first, &part))
		return refuse("the form is broken");
	for (int n = 0; !str_starts(body, S("--")); n++) {
		if (n == PAIRS_MAX)
			return refuse("there are too many parameters"), ERR_TOO_LARGE;
		if (!str_starts(body, S("\r\n")))
			return refuse("the form is broken");
		body = str_slice(body, 2, body.len);
		if (!cut_at(&body, between, &part))
			return refuse("the form is broken");
		enum err e = add_part(p, part);
		if (e)
			return e;
	}
	return OK;
}
