/* SPDX-License-Identifier: MIT */
/*
 * Puts files into the program. `embed static OUT.c OUT.h FILE...` makes the table of static files
 * (lib/http/static.h) and their hashed URLs; `embed text SYMBOL FILE OUT.c` makes one string.
 * Run by the Makefile, never by kwipd. Output depends on the input alone, so builds can be
 * compared.
 */
#include "gen/embed.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *ext;
	const char *type;
} types[] = {
	{"css", "text/css; charset=utf-8"},
	{"js", "text/javascript; charset=utf-8"},
	{"svg", "image/svg+xml"},
	{"png", "image/png"},
	{"jpg", "image/jpeg"},
	{"gif", "image/gif"},
	{"webp", "image/webp"},
	{"ico", "image/x-icon"},
	{"woff2", "font/woff2"},
	{"txt", "text/plain; charset=utf-8"},
	{"json", "application/json"},
	{"xsl", "text/xsl; charset=utf-8"},
	{"webmanifest", "application/manifest+json"},
	{"mp3", "audio/mpeg"},
	{"ogg", "audio/ogg"},
};

void *embed_alloc(size_t n)
{
	void *p = malloc(n ? n : 1);

	if (!p) {
		fprintf(stderr, "embed: out of memory\n");
		exit(1);
	}
	return p;
}

static void leave(const char *path, const char *why)
{
	fprintf(stderr, "embed: %s: %s\n", path, why);
	exit(1);
}

static struct bytes read_file(const char *path)
{
	FILE *in = fopen(path, "rb");
	struct bytes b = {0};

	if (!in || fseek(in, 0, SEEK_END) != 0)
		leave(path, "cannot be read");
	long size = ftell(in);
	if (size < 0 || size > 64L << 20)
		leave(path, "is too large");
	rewind(in);
	b.len = (size_t)size;
	b.at = embed_alloc(b.len);
	if (fread(b.at, 1, b.len, in) != b.len)
		leave(path, "cannot be read");
	fclose(in);
	return b;
}

static FILE *open_out(const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out)
		leave(path, "cannot be written");
	return out;
}

static void close_out(FILE *out, const char *path)
{
	if (ferror(out) || fclose(out) != 0)
		leave(path, "cannot be written");
}

static const char *type_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++) {
		if (strcmp(dot + 1, types[i].ext) == 0)
			return types[i].type;
	}
	leave(name, "has an ending whose media type lib/gen/embed.c does not know");
	return NULL;
}

/* Names become URLs and C macros, so only plain ones are taken. */
static void check_name(const char *path, const char *name)
{
	if (!*name || *name == '.' || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789.-_")])
		leave(path, "static files have names of a-z 0-9 . - _ only");
}

static struct asset read_asset(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct asset a = {.name = slash ? slash + 1 : path};
	unsigned char sum[crypto_hash_sha256_BYTES];

	check_name(path, a.name);
	a.type = type_of(a.name);
	a.raw = read_file(path);
	crypto_hash_sha256(sum, a.raw.at, a.raw.len);
	sodium_bin2hex(a.hash, sizeof a.hash, sum, 4);
	a.gzip = embed_gzip(a.raw);
	a.brotli = embed_brotli(a.raw);
	return a;
}

static void embed_static(const char *c_path, const char *h_path, char **files, size_t n)
{
	struct asset *all = embed_alloc((n + 1) * sizeof *all);
	FILE *c, *h;

	for (size_t i = 0; i < n; i++)
		all[i] = read_asset(files[i]);
	c = open_out(c_path);
	embed_write_files(c, all, n);
	close_out(c, c_path);
	h = open_out(h_path);
	embed_write_urls(h, all, n);
	close_out(h, h_path);
	free(all);
}

static void embed_text(const char *symbol, const char *path, const char *c_path)
{
	struct bytes text = read_file(path);
	FILE *c;

	if (memchr(text.at, 0, text.len))
		leave(path, "holds a NUL byte");
	c = open_out(c_path);
	embed_write_text(c, symbol, text);
	close_out(c, c_path);
	free(text.at);
}

int main(int argc, char **argv)
{
	if (sodium_init() < 0)
		leave("libsodium", "does not start");
	if (argc >= 4 && strcmp(argv[1], "static") == 0) {
		embed_static(argv[2], argv[3], argv + 4, (size_t)argc - 4);
	} else if (argc == 5 && strcmp(argv[1], "text") == 0) {
		embed_text(argv[2], argv[3], argv[4]);
	} else {
		fprintf(stderr, "usage: embed static OUT.c OUT.h FILE...\n"
				"       embed text SYMBOL FILE OUT.c\n");
		return 2;
	}
	return 0;
}
