/* SPDX-License-Identifier: MIT */
/* Uploads: taken in, asked after, described, deleted. */
#include "api/media.h"
#include "api/entity.h"
#include "api/upload.h"

#include <math.h>
#include <stdlib.h>

enum { MOMENT_MS = 1500, PATIENCE_MS = 10000 };

/* A decimal number into thousandths of -1 to 1; what is beyond counts as these. */
static bool thousandths_of(struct arena *a, struct str text, int *out)
{
	char *end;
	const char *z = arena_zstr(a, text);
	double v = strtod(z, &end);
	if (end == z || *end || z[strspn(z, "0123456789+-.eE")] || !isfinite(v))
		return false;
	*out = (int)lround(fmin(fmax(v, -1), 1) * 1000);
	return true;
}

enum err focus_read(struct arena *a, struct str text, int *x, int *y)
{
	struct str second = text, first = str_trim(str_cut(&second, ','));
	if (str_trim(text).len == 0)
		return OK;
	if (!thousandths_of(a, first, x) || !thousandths_of(a, str_trim(second), y))
		return refuse("Validation failed: focus must be two numbers: x,y");
	return OK;
}

static enum err read_focus(struct req *r, int *x, int *y)
{
	return focus_read(r->a, param_str(r, "focus"), x, y);
}

static enum err answer_media(struct req *r, const struct media *m, struct answer *out)
{
	struct jw w = {.out = out->body};
	if (m->state == MEDIA_FAILED)
		return refuse("%.*s", (int)m->why.len, m->why.at);
	entity_media(&w, r->a, m);
	return OK;
}

/* The viewer's own, and not shown anywhere yet. */
static bool find_own(struct req *r, struct db *db, struct media *out)
{
	return media_get(db, r->a, param_i64(r, "id", 0), out) &&
	       out->account == r->viewer.account && out->role == MEDIA_ATTACHMENT && !out->kwip;
}

enum err on_media(struct req *r, struct answer *out)
{
	struct media m;
	if (!find_own(r, r->db, &m))
		return ERR_NOT_FOUND;
	out->status = m.state == MEDIA_WAITING ? 206 : 200;
	return answer_media(r, &m, out);
}

static enum err upload(struct req *r, int64_t patience_ms)
{
	struct uploads u = {0};
	if (!uploads_take(r, &u, "file", MEDIA_ATTACHMENT))
		return refuse("Validation failed: File can't be blank");
	struct media_new *row = &u.at[0].row;
	row->description = param_str(r, "description");
	enum err e = read_focus(r, &row->focus_x, &row->focus_y);
	if (uploads_take(r, &u, "thumbnail", MEDIA_THUMBNAIL))
		u.at[1].is_for_first = true;
	if (e == OK)
		e = uploads_begin(r, &u);
	if (e == OK)
		e = uploads_wait(r, &u, patience_ms);
	int64_t *id = arena_take(r->a, sizeof(*id));
	*id = u.at[0].id;
	r->prepared = id;
	return e;
}

enum err prepare_media(struct req *r)
{
	return upload(r, MOMENT_MS);
}

enum err prepare_media_slow(struct req *r)
{
	return upload(r, PATIENCE_MS);
}

static enum err answer_posted(struct req *r, struct tx *tx, struct answer *out, int unfinished)
{
	struct media m;
	if (!media_get(tx_db(tx), r->a, *(const int64_t *)r->prepared, &m))
		return ERR_NOT_FOUND;
	out->status = m.state == MEDIA_WAITING ? unfinished : 200;
	return answer_media(r, &m, out);
}

enum err on_media_posted(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_posted(r, tx, out, 202);
}

enum err on_media_posted_slow(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_posted(r, tx, out, 200);
}

/* A new thumbnail goes the way of every picture, and its parent must be the viewer's. */
enum err prepare_media_edit(struct req *r)
{
	struct uploads u = {0};
	struct media m;
	if (!find_own(r, r->db, &m))
		return ERR_NOT_FOUND;
	if (!uploads_take(r, &u, "thumbnail", MEDIA_THUMBNAIL))
		return OK;
	u.at[0].row.parent = m.id;
	enum err e = uploads_begin(r, &u);
	return e == OK ? uploads_wait(r, &u, PATIENCE_MS) : e;
}

enum err on_media_edit(struct req *r, struct tx *tx, struct answer *out)
{
	struct media m;
	if (!find_own(r, tx_db(tx), &m))
		return ERR_NOT_FOUND;
	if (param_is_sent(r, "description"))
		m.description = param_str(r, "description");
	enum err e = read_focus(r, &m.focus_x, &m.focus_y);
	if (e == OK)
		e = media_describe(tx, m.account, m.id, m.description, m.focus_x, m.focus_y);
	if (e != OK)
		return e;
	out->status = m.state == MEDIA_WAITING ? 206 : 200;
	return answer_media(r, &m, out);
}

enum err on_media_delete(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = media_delete(tx, r->viewer.account, param_i64(r, "id", 0));
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}
