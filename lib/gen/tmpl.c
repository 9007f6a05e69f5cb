/* SPDX-License-Identifier: MIT */
/*
 * `tmpl OUT.c OUT.h TEMPLATE...`: compiles the page templates into one C file and its header. Run
 * by the Makefile, never by kwipd. The work is done in tmpl_core.c.
 */
#include "gen/tmpl_core.h"

#include <stdlib.h>

static void leave(const char *path, const char *why)
{
	fprintf(stderr, "tmpl: %s: %s\n", path, why);
	exit(1);
}

static struct tmpl_in read_template(const char *path)
{
	enum { MAX = 1 << 21 };
	FILE *f = fopen(path, "rb");
	char *at = malloc(MAX);

	if (!f || !at)
		leave(path, "cannot be read");
	size_t len = fread(at, 1, MAX, f);
	if (ferror(f) || len == MAX)
		leave(path, "cannot be read, or is too large");
	fclose(f);
	return (struct tmpl_in){path, at, len};
}

static bool compile_file(const char *path, FILE *c, FILE *h)
{
	struct tmpl_in in = read_template(path);
	char why[300];
	bool ok = tmpl_compile(&in, c, h, why, sizeof why);

	if (!ok)
		fprintf(stderr, "%s\n", why);
	free((char *)(size_t)in.at);
	return ok;
}

int main(int argc, char **argv)
{
	bool ok = true;

	if (argc < 3) {
		fprintf(stderr, "usage: tmpl OUT.c OUT.h TEMPLATE...\n");
		return 2;
	}
	FILE *c = fopen(argv[1], "w");
	FILE *h = fopen(argv[2], "w");
	if (!c || !h)
		leave(argv[1], "cannot be written");
	fputs("/* Made by lib/gen/tmpl.c from www/page. */\n#include \"pages.h\"\n"
	      "#include \"static_urls.h\"\n#include \"page/tmpl.h\"\n#include \"page/views.h\"\n\n",
	      c);
	fputs("/* Made by lib/gen/tmpl.c from www/page. */\n#ifndef GEN_PAGES_H\n#define GEN_PAGES_H\n\n"
	      "#include \"base/buf.h\"\n\n",
	      h);
	for (int i = 3; i < argc; i++)
		ok = compile_file(argv[i], c, h) && ok;
	fputs("\n#endif\n", h);
	if (fclose(c) != 0 || fclose(h) != 0)
		leave(argv[1], "cannot be written");
	return ok ? 0 : 1;
}
