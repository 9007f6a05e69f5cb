/* SPDX-License-Identifier: MIT */
/*
 * Uploaded files below /media/, sent from a mapping of the file: a slow reader is served by epoll
 * out of the page cache and holds no worker. Only paths of the shape that the media service makes
 * are looked for ("ab/cd/<hash>.<ext>"), so nothing else of the folder can be reached. Range
 * requests as RFC 9110 section 14 has them, single ranges only. Called by dispatch.c.
 */
#include "http/exchange.h"
#include "base/conf.h"
#include "base/log.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Held by the request and by an answer that is not wholly out yet. */
struct mapping {
	_Atomic int users;
	void *at;
	size_t len;
};

struct kind {
	struct str ending, type;
};
static const struct kind kinds[] = {
	{S_INIT("jpg"), S_INIT("image/jpeg")},  {S_INIT("jpeg"), S_INIT("image/jpeg")},
	{S_INIT("png"), S_INIT("image/png")},   {S_INIT("gif"), S_INIT("image/gif")},
	{S_INIT("webp"), S_INIT("image/webp")}, {S_INIT("avif"), S_INIT("image/avif")},
	{S_INIT("mp4"), S_INIT("video/mp4")},   {S_INIT("m4v"), S_INIT("video/mp4")},
	{S_INIT("webm"), S_INIT("video/webm")}, {S_INIT("mov"), S_INIT("video/quicktime")},
	{S_INIT("ogv"), S_INIT("video/ogg")},   {S_INIT("mp3"), S_INIT("audio/mpeg")},
	{S_INIT("ogg"), S_INIT("audio/ogg")},   {S_INIT("oga"), S_INIT("audio/ogg")},
	{S_INIT("opus"), S_INIT("audio/ogg")},  {S_INIT("flac"), S_INIT("audio/flac")},
	{S_INIT("wav"), S_INIT("audio/wav")},   {S_INIT("m4a"), S_INIT("audio/mp4")},
	{S_INIT("aac"), S_INIT("audio/aac")},   {S_INIT("weba"), S_INIT("audio/webm")},
};

static void hold(void *ref)
{
	struct mapping *m = ref;

	atomic_fetch_add(&m->users, 1);
}

static void release(void *ref)
{
	struct mapping *m = ref;

	if (atomic_fetch_sub(&m->users, 1) > 1)
		return;
	if (m->len)
		munmap(m->at, m->len);
	free(m);
}

static bool is_word(struct str s, size_t least, size_t most)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '-' || c == '_';
		if (!ok)
			return false;
	}
	return s.len >= least && s.len <= most;
}

/* Splits "ab/cd/<hash>.<ext>"; false for any other shape. */
static bool split_path(struct str path, struct str *hash, struct str *ending)
{
	struct str rest = path, first = str_cut(&rest, '/'), second = str_cut(&rest, '/');

	*hash = str_cut(&rest, '.');
	*ending = rest;
	return is_word(first, 2, 2) && is_word(second, 2, 2) && is_word(*hash, 8, 128) &&
	       is_word(*ending, 1, 8);
}

static struct mapping *map_file(int fd)
{
	struct stat st;
	void *at = NULL;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return NULL;
	if (st.st_size > 0)
		at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED) {
		log_warn("a file of %lld bytes cannot be mapped", (long long)st.st_size);
		return NULL;
	}
	struct mapping *m = malloc(sizeof *m);
	if (!m)
		die("out of memory");
	*m = (struct mapping){.users = 1, .at = at, .len = (size_t)st.st_size};
	return m;
}

static struct mapping *open_file(struct exchange *x, struct str path)
{
	struct str full = arena_printf(x->a, "%.*s/media/%.*s", (int)conf.dir.len, conf.dir.at,
				       (int)path.len, path.at);
	int fd = open(full.at, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0)
		return NULL;
	struct mapping *m = map_file(fd);
	close(fd);
	return m;
}

enum range { RANGE_NONE, RANGE_OK, RANGE_BAD };

/* "bytes=a-b", "bytes=a-", "bytes=-n". What is no such thing, or several, is as if not asked. */
static enum range read_range(struct str text, size_t len, size_t *from, size_t *to)
{
	uint64_t a, b = len;

	if (!str_starts(text, S("bytes=")))
		return RANGE_NONE;
	struct str last = str_trim(str_slice(text, 6, text.len));
	struct str first = str_trim(str_cut(&last, '-'));
	last = str_trim(last);
	if (first.len == 0) {
		if (!str_u64(last, &b))
			return RANGE_NONE;
		*from = b < len ? len - (size_t)b : 0;
		*to = len;
		return b == 0 || len == 0 ? RANGE_BAD : RANGE_OK;
	}
	if (!str_u64(first, &a) || (last.len > 0 && (!str_u64(last, &b) || b < a)))
		return RANGE_NONE;
	if (a >= len)
		return RANGE_BAD;
	*from = (size_t)a;
	*to = last.len > 0 && b < len - 1 ? (size_t)b + 1 : len;
	return RANGE_OK;
}

/* If-Range (RFC 9110 section 13.1.5): what was begun with another file is begun anew. */
static struct str range_asked(struct exchange *x, struct str etag)
{
	struct str begun = req_header(&x->r, "If-Range");

	return begun.len == 0 || str_eq(begun, etag) ? req_header(&x->r, "Range") : S("");
}

static void cut_range(struct exchange *x, struct reply *reply)
{
	size_t from, to, len = reply->body.len;
	enum range range = read_range(range_asked(x, reply->etag), len, &from, &to);

	if (range == RANGE_OK) {
		reply->status = 206;
		reply->body = str_slice(reply->body, from, to);
		answer_header(&x->out, S("Content-Range"),
			      arena_printf(x->a, "bytes %zu-%zu/%zu", from, to - 1, len));
	} else if (range == RANGE_BAD) {
		reply->status = 416;
		reply->body = S("");
		answer_header(&x->out, S("Content-Range"), arena_printf(x->a, "bytes */%zu", len));
	}
}

static bool is_tag_known(struct exchange *x, struct str etag)
{
	struct str known = req_header(&x->r, "If-None-Match");

	return str_eq(str_trim(known), S("*")) || str_find(known, etag) >= 0;
}

static struct str type_of(struct str ending)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (str_eq(kinds[i].ending, ending))
			return kinds[i].type;
	return S("");
}

bool media_files_serve(struct exchange *x)
{
	struct str hash, ending, path = str_slice(x->r.path, 7, x->r.path.len);

	if (!str_starts(x->r.path, S("/media/")) || !split_path(path, &hash, &ending))
		return false;
	struct mapping *m = open_file(x, path);
	if (!m)
		return false;
	struct reply reply = {
		.status = 200,
		.type = type_of(ending),
		.body = {m->at, m->len},
		.cache_control = S("public, max-age=31536000, immutable"),
		.is_foreign = true,
		.pin = {.ref = m, .hold = hold, .release = release},
	};
	/* What browsers would not know how to show safely is only ever saved. */
	if (reply.type.len == 0) {
		reply.type = S("application/octet-stream");
		answer_header(&x->out, S("Content-Disposition"), S("attachment"));
	}
	reply.etag = arena_printf(x->a, "\"%.*s\"", (int)hash.len, hash.at);
	answer_header(&x->out, S("Accept-Ranges"), S("bytes"));
	if (is_tag_known(x, reply.etag))
		reply.status = 304;
	else
		cut_range(x, &reply);
	respond_with(x, &reply);
	release(m);
	return true;
}
