/* SPDX-License-Identifier: MIT */
/* Any text as CSV: it ends, cells lie in the text or the arena, and what is written reads back. */
#include "base/csv.h"

#include "base/err.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA a = arena_new();
	SCOPED_BUF out = BUF_EMPTY;
	struct str rest = {(const char *)data, size}, cells[4], back[1];
	for (int n; (n = csv_next(&rest, a, cells, 4)) >= 0;)
		for (int i = 0; i < n; i++) {
			buf_clear(&out, SIZE_MAX);
			csv_put(&out, cells[i]);
			struct str again = buf_str(&out);
			bool formula = out.len > cells[i].len && out.at[0] == '"' &&
				       out.at[1] == '\'';
			if (cells[i].len > 0 && !formula &&
			    (csv_next(&again, a, back, 1) != 1 || !str_eq(back[0], cells[i])))
				die("a cell does not read back");
		}
	return 0;
}
