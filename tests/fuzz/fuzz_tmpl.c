/* SPDX-License-Identifier: MIT */
/* Fuzzes the template compiler: any bytes are compiled or refused with a reason that names the
 * file. */
#include "gen/tmpl_core.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tmpl_in in = {"fuzz.html", (const char *)data, size};
	char why[200] = "";
	char *c_text = NULL, *h_text = NULL;
	size_t c_len = 0, h_len = 0;
	FILE *c = open_memstream(&c_text, &c_len);
	FILE *h = open_memstream(&h_text, &h_len);

	if (!c || !h)
		abort();
	bool ok = tmpl_compile(&in, c, h, why, sizeof why);
	fclose(c);
	fclose(h);
	if (!ok && strncmp(why, "fuzz.html:", 10) != 0)
		abort();
	if (ok && (h_len == 0 || c_len < 2 || strcmp(c_text + c_len - 2, "}\n") != 0))
		abort();
	free(c_text);
	free(h_text);
	return 0;
}
