/* SPDX-License-Identifier: MIT */
/* Taking files out of a request, and waiting for what becomes of them. */
#include "api/upload.h"

bool uploads_take(struct req *r, struct uploads *u, const char *param, enum media_role role)
{
	struct upload file;
	return param_file(r, param, &file) && uploads_add(u, file.bytes, r->viewer.account, role);
}

enum err uploads_begin(struct req *r, struct uploads *u)
{
	enum err e = uploads_spool(u, r->a);
	if (e == OK)
		e = req_commit(r, uploads_commit, u);
	if (e != OK)
		uploads_drop(u);
	return e;
}

struct wait {
	const struct uploads *u;
	struct str why; /* of one that failed */
};

static bool is_done(struct req *r, void *arg)
{
	struct wait *w = arg;
	return uploads_are_done(r->db, r->a, w->u, &w->why);
}

enum err uploads_wait(struct req *r, const struct uploads *u, int64_t ms)
{
	struct wait w = {.u = u};
	bool in_time = req_wait(r, ms, is_done, &w);
	if (!in_time && !is_done(r, &w))
		return OK;
	return w.why.len ? refuse("%.*s", (int)w.why.len, w.why.at) : OK;
}
