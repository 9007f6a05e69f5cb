/* SPDX-License-Identifier: MIT */
/*
 * The writing half of the embedder: packs bytes with gzip and brotli at their best levels and
 * writes them as C. Reads no files; called by embed.c.
 */
#include "gen/embed.h"

#include <brotli/encode.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* Keeps a packed form only when it is smaller than what it stands for. */
static struct bytes smaller(struct bytes raw, unsigned char *packed, size_t len)
{
	if (len > 0 && len < raw.len)
		return (struct bytes){packed, len};
	free(packed);
	return (struct bytes){0};
}

struct bytes embed_gzip(struct bytes raw)
{
	z_stream z = {0};

	if (raw.len == 0 || deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return (struct bytes){0};
	size_t cap = deflateBound(&z, raw.len) + 64;
	unsigned char *packed = embed_alloc(cap);
	z.next_in = raw.at;
	z.avail_in = (uInt)raw.len;
	z.next_out = packed;
	z.avail_out = (uInt)cap;
	size_t len = deflate(&z, Z_FINISH) == Z_STREAM_END ? z.total_out : 0;
	deflateEnd(&z);
	return smaller(raw, packed, len);
}

struct bytes embed_brotli(struct bytes raw)
{
	size_t len = BrotliEncoderMaxCompressedSize(raw.len);
	unsigned char *packed = embed_alloc(len);

	if (!BrotliEncoderCompress(11, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_GENERIC, raw.len, raw.at,
				   &len, packed))
		len = 0;
	return smaller(raw, packed, len);
}

/* As a string: it compiles many times faster than a list of numbers. */
static void write_bytes(FILE *out, const char *kind, size_t i, struct bytes b)
{
	if (!b.at)
		return;
	fprintf(out, "static const unsigned char %s_%zu[] =", kind, i);
	for (size_t at = 0; at < b.len; at++) {
		if (at % 32 == 0)
			fputs(at ? "\"\n\t\"" : "\n\t\"", out);
		fprintf(out, "\\%03o", b.at[at]);
	}
	fputs(b.len ? "\";\n" : " \"\";\n", out);
}

static void write_ref(FILE *out, const char *kind, size_t i, struct bytes b)
{
	if (b.at)
		fprintf(out, ", %s_%zu, %zu", kind, i, b.len);
	else
		fprintf(out, ", NULL, 0");
}

/* "kwip.css" is served as "/static/kwip.1234abcd.css". */
static void write_path(FILE *out, const struct asset *a)
{
	const char *dot = strrchr(a->name, '.');

	fprintf(out, "\"/static/%.*s.%s%s\"", (int)(dot - a->name), a->name, a->hash, dot);
}

void embed_write_files(FILE *out, const struct asset *a, size_t n)
{
	fputs("/* Made by lib/gen/embed.c. */\n#include \"http/static.h\"\n\n", out);
	for (size_t i = 0; i < n; i++) {
		write_bytes(out, "raw", i, a[i].raw);
		write_bytes(out, "gzip", i, a[i].gzip);
		write_bytes(out, "brotli", i, a[i].brotli);
	}
	fputs("\nconst struct static_file static_files[] = {\n", out);
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "\t{\"%s\", ", a[i].name);
		write_path(out, &a[i]);
		fprintf(out, ", \"%s\"", a[i].type);
		write_ref(out, "raw", i, a[i].raw);
		write_ref(out, "gzip", i, a[i].gzip);
		write_ref(out, "brotli", i, a[i].brotli);
		fputs("},\n", out);
	}
	/* An empty array is no C, so one empty row stands behind the last. */
	fprintf(out, "\t{0},\n};\nconst size_t static_files_count = %zu;\n", n);
}

void embed_write_urls(FILE *out, const struct asset *a, size_t n)
{
	fputs("/* Made by lib/gen/embed.c: the URL of each static file. */\n#ifndef GEN_STATIC_URLS_H\n"
	      "#define GEN_STATIC_URLS_H\n\n",
	      out);
	for (size_t i = 0; i < n; i++) {
		fputs("#define STATIC_", out);
		for (const char *p = a[i].name; *p; p++)
			fputc(isalnum((unsigned char)*p) ? toupper((unsigned char)*p) : '_', out);
		fputc(' ', out);
		write_path(out, &a[i]);
		fputc('\n', out);
	}
	fputs("\n#endif\n", out);
}

static void write_line(FILE *out, const unsigned char *at, size_t len)
{
	fputs("\t\"", out);
	for (size_t i = 0; i < len; i++) {
		if (at[i] == '"' || at[i] == '\\')
			fprintf(out, "\\%c", at[i]);
		else if (at[i] >= ' ' && at[i] < 127 && at[i] != '?')
			fputc(at[i], out);
		else
			fprintf(out, "\\%03o", at[i]);
	}
	fputs("\"\n", out);
}

void embed_write_text(FILE *out, const char *symbol, struct bytes text)
{
	fprintf(out, "/* Made by lib/gen/embed.c. */\nextern const char %s[];\nconst char %s[] =\n",
		symbol, symbol);
	for (size_t at = 0; at < text.len;) {
		const unsigned char *nl = memchr(text.at + at, '\n', text.len - at);
		size_t len = nl ? (size_t)(nl - (text.at + at)) + 1 : text.len - at;

		write_line(out, text.at + at, len);
		at += len;
	}
	fputs("\t\"\";\n", out);
}
