/* SPDX-License-Identifier: MIT */
/* From a file in a form to rows that the media service works on, and waiting for it. */
#include "api/upload.h"
#include "base/conf.h"
#include "store/spool.h"

bool uploads_take(struct req *r, struct uploads *u, const char *param, enum media_role role)
{
	struct upload file;
	if (u->n == UPLOADS_AT_ONCE || !param_file(r, param, &file))
		return false;
	u->at[u->n++] = (struct upload_job){.file = file,
					    .row = {.account = r->viewer.account, .role = role}};
	return true;
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
	bool small = job->row.role != MEDIA_ATTACHMENT || is_picture(job->file.bytes);
	int64_t most = small ? conf.media_image_max_bytes : conf.media_video_max_bytes;
	if (job->file.bytes.len == 0)
		return refuse("Validation failed: the file is empty");
	if ((int64_t)job->file.bytes.len > most)
		return refuse("Validation failed: the file is too large (maximum is %lld bytes)",
			      (long long)most);
	return OK;
}

struct commit {
	struct uploads *u;
	struct arena *a;
};

static enum err commit(struct tx *tx, void *arg)
{
	struct commit *c = arg;
	enum err e = OK;
	for (size_t i = 0; e == OK && i < c->u->n; i++) {
		struct upload_job *job = &c->u->at[i];
		if (job->is_for_first)
			job->row.parent = c->u->at[0].id;
		e = media_add(tx, &job->row, &job->id);
	}
	/* Names change last, when nothing else can go wrong but the disk. */
	for (size_t i = 0; e == OK && i < c->u->n; i++)
		e = spool_keep(c->a, conf.dir, &c->u->at[i].spooled, c->u->at[i].id);
	return e;
}

static enum err spool_all(struct req *r, struct uploads *u)
{
	enum err e = OK;
	for (size_t i = 0; e == OK && i < u->n; i++)
		e = check(&u->at[i]);
	for (size_t i = 0; e == OK && i < u->n; i++)
		e = spool_write(r->a, conf.dir, u->at[i].file.bytes, &u->at[i].spooled);
	return e;
}

enum err uploads_begin(struct req *r, struct uploads *u)
{
	struct commit c = {u, r->a};
	enum err e = spool_all(r, u);
	/* refuse()'s sentence is the writer thread's then: what it could say is said before. */
	for (size_t i = 0; e == OK && i < u->n; i++)
		e = media_description_check(u->at[i].row.description);
	if (e == OK)
		e = req_commit(r, commit, &c);
	for (size_t i = 0; e != OK && i < u->n; i++)
		if (u->at[i].spooled.len)
			spool_drop(r->a, conf.dir, u->at[i].spooled);
	return e;
}

struct wait {
	const struct uploads *u;
	struct str why; /* of one that failed */
};

static bool is_done(struct req *r, void *arg)
{
	struct wait *w = arg;
	bool done = true;
	for (size_t i = 0; i < w->u->n; i++) {
		struct media m;
		bool is_there = media_get(r->db, r->a, w->u->at[i].id, &m);
		done = done && !(is_there && m.state == MEDIA_WAITING);
		if (is_there && m.state == MEDIA_FAILED)
			w->why = m.why;
	}
	return done || w->why.len > 0;
}

enum err uploads_wait(struct req *r, const struct uploads *u, int64_t ms)
{
	struct wait w = {.u = u};
	bool in_time = req_wait(r, ms, is_done, &w);
	if (!in_time && !is_done(r, &w))
		return OK;
	return w.why.len ? refuse("%.*s", (int)w.why.len, w.why.at) : OK;
}
