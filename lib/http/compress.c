/* SPDX-License-Identifier: MIT */
/*
 * Content encodings. Answers made for one viewer get fast gzip with a state each worker keeps;
 * shared pages are encoded once with brotli and kept by the page cache.
 */
#include "http/exchange.h"

#include <brotli/encode.h>
#include <stdlib.h>
#include <zlib.h>

enum {
	GZIP_LEVEL = 1,
	GZIP_WINDOW = 15 + 16,
	GZIP_MEMORY = 8,
	BROTLI_LEVEL = 5,
	BROTLI_WINDOW = 18
};

struct packer {
	z_stream z;
};

bool is_compressible(struct str type)
{
	return str_starts(type, S("text/")) || str_find(type, S("json")) >= 0 ||
	       str_find(type, S("xml")) >= 0;
}

/* Whether a coding is taken: named without "q=0". */
static bool takes(struct str accept, struct str coding)
{
	while (accept.len) {
		struct str one = str_trim(str_cut(&accept, ','));
		struct str name = str_trim(str_cut(&one, ';'));
		if (!str_eq_nocase(name, coding))
			continue;
		struct str q = str_trim(one);
		return !str_starts(q, S("q=0")) || (q.len > 4 && strspn(q.at + 4, "0") + 4 < q.len);
	}
	return false;
}

enum coding coding_pick(struct exchange *x, bool brotli)
{
	struct str accept = str_of(head_get(&x->head, "Accept-Encoding"));

	if (accept.len == 0)
		return CODING_NONE;
	if (brotli && takes(accept, S("br")))
		return CODING_BROTLI;
	return takes(accept, S("gzip")) ? CODING_GZIP : CODING_NONE;
}

static struct packer *packer_new(void)
{
	struct packer *p = calloc(1, sizeof *p);

	if (!p || deflateInit2(&p->z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
			       Z_DEFAULT_STRATEGY) != Z_OK)
		die("zlib does not start");
	return p;
}

void packer_free(struct packer *p)
{
	if (p)
		deflateEnd(&p->z);
	free(p);
}

bool compress_gzip(struct packer **p, struct str in, struct buf *out)
{
	if (!*p)
		*p = packer_new();
	z_stream *z = &(*p)->z;
	deflateReset(z);
	buf_reserve(out, in.len);
	z->next_in = (Bytef *)(uintptr_t)in.at;
	z->avail_in = (uInt)in.len;
	z->next_out = (Bytef *)out->at;
	/* Room for less than the input only: what does not fit does not pay. */
	z->avail_out = (uInt)(in.len - in.len / 16);
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		return false;
	out->len = z->total_out;
	return true;
}

bool compress_brotli(struct str in, struct buf *out)
{
	size_t n = in.len - in.len / 16;

	buf_reserve(out, in.len);
	if (!BrotliEncoderCompress(BROTLI_LEVEL, BROTLI_WINDOW, BROTLI_MODE_TEXT, in.len,
				   (const uint8_t *)in.at, &n, (uint8_t *)out->at))
		return false;
	out->len = n;
	return true;
}
