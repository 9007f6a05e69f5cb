/* SPDX-License-Identifier: MIT */
/* Any bytes as a settings file: every mistake is one line of text that names its line, in order. */
#include "base/conf.h"
#include "base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

/* The number behind "line ", 0 for a mistake of several settings together. */
static uint64_t line_of(struct str why)
{
	uint64_t line = 0;
	if (!str_starts(why, S("line ")))
		return 0;
	struct str rest = str_slice(why, 5, why.len);
	must(str_u64(str_cut(&rest, ':'), &line) && line > 0 && rest.len > 1);
	return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	SCOPED_BUF why = BUF_EMPTY;
	uint64_t last = 0, lines = 1;
	size_t told = 0;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	size_t mistakes = conf_check(text, &why);
	for (struct str rest = buf_str(&why); rest.len > 0; told++) {
		struct str one = str_cut(&rest, '\n');
		uint64_t line = line_of(one);
		must(one.len > 0 && line <= lines);
		must(line == 0 ? rest.len == 0 : line > last);
		last = line;
	}
	must(told == mistakes);
	must(mistakes > 0 || utf8_ok(buf_str(&why)));
	/* Whatever is refused or taken is so again, and with a comment in front one line later. */
	SCOPED_BUF again = BUF_EMPTY;
	SCOPED_BUF shifted = BUF_EMPTY;
	buf_put(&shifted, S("# comment\n"));
	buf_put(&shifted, text);
	must(conf_check(buf_str(&shifted), &again) == mistakes);
	return 0;
}
