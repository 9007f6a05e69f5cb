/* SPDX-License-Identifier: MIT */
/* Kwips to be said later, and drafts of long ones. */
#include "api/scheduled.h"

#include "api/entity.h"
#include "api/span.h"
#include "base/clock.h"

enum { LIMIT_STANDARD = 20 };

/* media: what these and others hold. */
static void put_scheduled(struct jw *w, struct arena *a, const struct media_list *media,
			  const struct scheduled *s)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), s->id);
	jw_key(w, S("scheduled_at"));
	jw_time(w, s->at);
	jw_key(w, S("params"));
	jw_raw(w, s->params);
	jw_key(w, S("media_attachments"));
	jw_open(w, '[');
	for (size_t i = 0; i < media->n; i++)
		if (media->at[i].scheduled == s->id)
			entity_media(w, a, &media->at[i]);
	jw_close(w, ']');
	if (s->failed.len > 0)
		jw_kstr(w, S("kwipd_failed"), s->failed);
	jw_close(w, '}');
}

static enum err answer_one(struct req *r, struct db *db, struct answer *out, int64_t id)
{
	struct scheduled s;
	struct jw w = {.out = out->body};
	if (!schedule_get(db, r->a, r->viewer.account, id, &s))
		return ERR_NOT_FOUND;
	struct media_list media = media_of_scheduled(db, r->a, &s.id, 1);
	put_scheduled(&w, r->a, &media, &s);
	return OK;
}

enum err schedule_draft(struct req *r, struct tx *tx, struct answer *out, const struct draft *d,
			int64_t at)
{
	int64_t id;
	enum err e = schedule_add(tx, d, at, &id);
	return e == OK ? answer_one(r, tx_db(tx), out, id) : e;
}

enum err on_scheduled_list(struct req *r, struct answer *out)
{
	struct span s = span_of(r, LIMIT_STANDARD);
	struct scheduled_list list = schedule_list(r->db, r->a, r->viewer.account, s);
	struct jw w = {.out = out->body};
	if (list.n > 0)
		answer_links(r, out, list.n == (size_t)s.limit ? list.at[list.n - 1].id : 0,
			     list.at[0].id);
	int64_t *ids = arena_array(r->a, list.n, sizeof *ids);
	for (size_t i = 0; i < list.n; i++)
		ids[i] = list.at[i].id;
	struct media_list media = media_of_scheduled(r->db, r->a, ids, list.n);
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++)
		put_scheduled(&w, r->a, &media, &list.at[i]);
	jw_close(&w, ']');
	return OK;
}

enum err on_scheduled(struct req *r, struct answer *out)
{
	return answer_one(r, r->db, out, param_i64(r, "id", 0));
}

enum err on_scheduled_move(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t at, id = param_i64(r, "id", 0);
	struct scheduled s;
	if (!schedule_get(tx_db(tx), r->a, r->viewer.account, id, &s))
		return ERR_NOT_FOUND;
	if (!time_parse_iso(param_str(r, "scheduled_at"), &at))
		return refuse("Validation failed: Scheduled at is not a time");
	enum err e = schedule_move(tx, r->viewer.account, id, at);
	return e == OK ? answer_one(r, tx_db(tx), out, id) : e;
}

static enum err answer_nothing(struct answer *out, enum err e)
{
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}

enum err on_scheduled_end(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_nothing(out, schedule_end(tx, r->viewer.account, param_i64(r, "id", 0)));
}

/* An extension: id, updated_at, and the object that was sent. */
static void put_draft(struct jw *w, const struct unfinished *u)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), u->id);
	jw_key(w, S("updated_at"));
	jw_time(w, u->updated_at);
	jw_key(w, S("params"));
	jw_raw(w, u->params);
	jw_close(w, '}');
}

enum err on_drafts(struct req *r, struct answer *out)
{
	struct unfinished_list list = unfinished_list(r->db, r->a, r->viewer.account);
	struct jw w = {.out = out->body};
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++)
		put_draft(&w, &list.at[i]);
	jw_close(&w, ']');
	return OK;
}

static enum err answer_draft(struct req *r, struct db *db, struct answer *out, int64_t id)
{
	struct unfinished u;
	struct jw w = {.out = out->body};
	if (!unfinished_get(db, r->a, r->viewer.account, id, &u))
		return ERR_NOT_FOUND;
	put_draft(&w, &u);
	return OK;
}

enum err on_draft(struct req *r, struct answer *out)
{
	return answer_draft(r, r->db, out, param_i64(r, "id", 0));
}

/* POST makes one, PUT to its address replaces it. Only what a status can be sent with is kept. */
enum err on_draft_put(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t id = r->route->method == METHOD_PUT ? param_i64(r, "id", 0) : 0;
	struct prefs p;
	account_prefs(tx_db(tx), r->a, r->viewer.account, &p);
	struct draft d = {
		.author = r->viewer.account,
		.body = param_str(r, "status"),
		.warning = param_str(r, "spoiler_text"),
		.visibility = (enum visibility)p.default_visibility,
		.language = param_str(r, "language"),
		.sensitive = param_bool(r, "sensitive", false),
		.reply_to = param_i64(r, "in_reply_to_id", 0),
	};
	if (param_str(r, "visibility").len &&
	    !visibility_of(param_str(r, "visibility"), &d.visibility))
		return refuse("Validation failed: Visibility is not included in the list");
	enum err e = unfinished_put(tx, &d, &id);
	return e == OK ? answer_draft(r, tx_db(tx), out, id) : e;
}

enum err on_draft_end(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_nothing(out, unfinished_end(tx, r->viewer.account, param_i64(r, "id", 0)));
}
