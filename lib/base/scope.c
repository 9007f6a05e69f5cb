/* SPDX-License-Identifier: MIT */
/* Lists of scopes as words: http/ asks for every request with a token, core/ when one is given. */
#include "base/scope.h"

struct str scope_next(struct str *rest)
{
	*rest = str_trim(*rest);
	size_t n = 0;
	while (n < rest->len && (unsigned char)rest->at[n] > ' ')
		n++;
	struct str word = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->len);
	return word;
}

/* "follow" is an old name for reading and writing these three. */
static bool is_follow_scope(struct str want)
{
	static const struct str nouns[] = {S_INIT("follows"), S_INIT("blocks"), S_INIT("mutes")};
	struct str noun = want, verb = str_cut(&noun, ':');
	if (!str_eq(verb, S("read")) && !str_eq(verb, S("write")))
		return false;
	for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++)
		if (str_eq(noun, nouns[i]))
			return true;
	return false;
}

static bool covers(struct str granted, struct str want)
{
	if (str_eq(granted, S("follow")) && is_follow_scope(want))
		return true;
	if (!str_starts(want, granted))
		return false;
	return want.len == granted.len || want.at[granted.len] == ':';
}

bool scope_covers(struct str granted, struct str want)
{
	for (struct str word = scope_next(&granted); word.len; word = scope_next(&granted))
		if (covers(word, want))
			return true;
	return false;
}

bool scope_covers_all(struct str granted, struct str wants)
{
	for (struct str word = scope_next(&wants); word.len; word = scope_next(&wants))
		if (!scope_covers(granted, word))
			return false;
	return true;
}
