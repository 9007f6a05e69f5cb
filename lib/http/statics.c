/* SPDX-License-Identifier: MIT */
/* The embedded files under /static/: found by their exact path, answered from the binary itself. */
#include "http/exchange.h"
#include "http/static.h"

#include <stdlib.h>

enum { SLOTS = 256 };

static const struct static_file *slots[SLOTS];

void statics_open(void)
{
	memset(slots, 0, sizeof slots);
	if (static_files_count > SLOTS / 2)
		die("more static files than the table is made for");
	for (size_t i = 0; i < static_files_count; i++) {
		const struct static_file *f = &static_files[i];
		size_t at = addr_hash(f->path, strlen(f->path), 0) % SLOTS;
		while (slots[at])
			at = (at + 1) % SLOTS;
		slots[at] = f;
	}
}

static const struct static_file *find(struct str path)
{
	for (size_t at = addr_hash(path.at, path.len, 0) % SLOTS; slots[at]; at = (at + 1) % SLOTS)
		if (str_eq(str_of(slots[at]->path), path))
			return slots[at];
	return NULL;
}

static void pick(struct exchange *x, const struct static_file *f, struct reply *reply)
{
	reply->body = (struct str){(const char *)f->raw, f->raw_len};
	if (f->brotli && coding_pick(x, true) == CODING_BROTLI) {
		reply->coding = CODING_BROTLI;
		reply->body = (struct str){(const char *)f->brotli, f->brotli_len};
	} else if (f->gzip && coding_pick(x, false) == CODING_GZIP) {
		reply->coding = CODING_GZIP;
		reply->body = (struct str){(const char *)f->gzip, f->gzip_len};
	}
}

bool statics_serve(struct exchange *x)
{
	static const char codings[] = {
		[CODING_NONE] = 'p', [CODING_GZIP] = 'g', [CODING_BROTLI] = 'b'};
	const struct static_file *f = str_starts(x->r.path, S("/static/")) ? find(x->r.path) : NULL;

	if (!f)
		return false;
	struct reply reply = {
		.status = 200,
		.type = str_of(f->type),
		.cache_control = S("public, max-age=31536000, immutable"),
		.pin = {.stays = true},
	};
	pick(x, f, &reply);
	/* The path carries the content's hash, so it is a fine tag; encodings differ in bytes. */
	reply.etag = arena_printf(x->a, "\"%s-%c\"", strrchr(f->path, '/') + 1,
				  codings[reply.coding]);
	if (f->gzip || f->brotli)
		answer_header(&x->out, S("Vary"), S("Accept-Encoding"));
	if (str_find(req_header(&x->r, "If-None-Match"), reply.etag) >= 0)
		reply.status = 304;
	respond_with(x, &reply);
	return true;
}
