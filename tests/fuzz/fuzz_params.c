/* SPDX-License-Identifier: MIT */
/*
 * Foreign bytes through every parser of parameters. Input: content type, a line feed, query, a line
 * feed, body.
 */
#include "base/clock.h"
#include "http/server.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA a = arena_new();
	struct str body = {(const char *)data, size};
	struct str type = str_cut(&body, '\n');
	struct str query = str_cut(&body, '\n');

	/* The parsers expect NUL-terminated headers, as civetweb leaves them. */
	(void)!params_fuzz(a, arena_str(a, type), body, arena_str(a, query));
	return 0;
}
