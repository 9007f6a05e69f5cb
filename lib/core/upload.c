/* SPDX-License-Identifier: MIT */
/* From the bytes of files to rows that the media service works on. */
#include "core/upload.h"

#include "base/conf.h"
#include "store/spool.h"

struct upload_job *uploads_add(struct uploads *u, struct str bytes, int64_t account,
			       enum media_role role)
{
	if (u->n == UPLOADS_AT_ONCE)
		return NULL;
	struct upload_job *job = &u->at[u->n++];
	*job = (struct upload_job){.bytes = bytes, .row = {.account = account, .role = role}};
	return job;
}

/* What everybody can tell a picture by; the service looks closer. */
static bool is_picture(struct str bytes)
{
	bool webp = str_starts(bytes, S("RIFF")) &&
		    str_starts(str_slice(bytes, 8, bytes.len), S("WEBP"));
	return webp || str_starts(bytes, S("\xff\xd8\xff")) ||
	       str_starts(bytes, S("\x89PNG\r\n")) || str_starts(bytes, S("GIF8"));
}

static enum err check(const struct upload_job *job)
{
	bool small = job->row.role != MEDIA_ATTACHMENT || is_picture(job->bytes);
	int64_t most = small ? conf.media_image_max_bytes : conf.media_video_max_bytes;
	if (job->bytes.len == 0)
		return refuse("Validation failed: the file is empty");
	if ((int64_t)job->bytes.len > most)
		return refuse("Validation failed: the file is too large (maximum is %lld bytes)",
			      (long long)most);
	/* refuse()'s sentence is the writer thread's at the commit: what it could say is said
	 * before. */
	return media_description_check(job->row.description);
}

enum err uploads_spool(struct uploads *u, struct arena *a)
{
	enum err e = OK;
	u->a = a;
	for (size_t i = 0; e == OK && i < u->n; i++)
		e = check(&u->at[i]);
	for (size_t i = 0; e == OK && i < u->n; i++)
		e = spool_write(a, conf.dir, u->at[i].bytes, &u->at[i].spooled);
	return e;
}

enum err uploads_commit(struct tx *tx, void *arg)
{
	struct uploads *u = arg;
	enum err e = OK;
	for (size_t i = 0; e == OK && i < u->n; i++) {
		struct upload_job *job = &u->at[i];
		if (job->is_for_first)
			job->row.parent = u->at[0].id;
		e = media_add(tx, &job->row, &job->id);
	}
	/* Names change last, when nothing else can go wrong but the disk. */
	for (size_t i = 0; e == OK && i < u->n; i++)
		e = spool_keep(u->a, conf.dir, &u->at[i].spooled, u->at[i].id);
	return e;
}

void uploads_drop(const struct uploads *u)
{
	for (size_t i = 0; i < u->n; i++)
		if (u->at[i].spooled.len)
			spool_drop(u->a, conf.dir, u->at[i].spooled);
}

bool uploads_are_done(struct db *db, struct arena *a, const struct uploads *u, struct str *why)
{
	bool done = true;
	for (size_t i = 0; i < u->n; i++) {
		struct media m;
		bool is_there = media_get(db, a, u->at[i].id, &m);
		done = done && !(is_there && m.state == MEDIA_WAITING);
		if (is_there && m.state == MEDIA_FAILED)
			*why = m.why;
	}
	return done || why->len > 0;
}
