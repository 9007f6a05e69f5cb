/* SPDX-License-Identifier: MIT */
/* Hashtags: the Tag and FeaturedTag entities, following and featuring. */
#include "api/tags.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/span.h"
#include "base/clock.h"
#include "base/conf.h"

enum { FOLLOWED_STANDARD = 100, DAY_S = 86400 };

static void put_tag_url(struct jw *w, struct str name)
{
	SCOPED_BUF url = BUF_EMPTY;
	buf_put(&url, conf_base_url());
	buf_put(&url, S("/tags/"));
	esc_url_part(&url, name);
	jw_kstr(w, S("url"), buf_str(&url));
}

static void put_number_text(struct jw *w, struct str key, int64_t n)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_i64(&b, n);
	jw_kstr(w, key, buf_str(&b));
}

void entity_day(struct jw *w, int64_t day, int64_t uses, int64_t accounts)
{
	jw_open(w, '{');
	put_number_text(w, S("day"), day * DAY_S);
	put_number_text(w, S("uses"), uses);
	put_number_text(w, S("accounts"), accounts);
	jw_close(w, '}');
}

void entity_tag_members(struct jw *w, const struct tag *t, bool has_viewer)
{
	int64_t today = clock_ms() / 1000 / DAY_S;
	jw_kid(w, S("id"), t->id);
	jw_kstr(w, S("name"), t->name);
	put_tag_url(w, t->name);
	jw_key(w, S("history"));
	jw_open(w, '[');
	for (int d = 0; d < TAG_DAYS; d++)
		entity_day(w, today - d, t->day[d].uses, t->day[d].accounts);
	jw_close(w, ']');
	if (has_viewer) {
		jw_kbool(w, S("following"), t->following);
		jw_kbool(w, S("featuring"), t->featuring);
	}
}

void entity_tag(struct jw *w, const struct tag *t, bool has_viewer)
{
	jw_open(w, '{');
	entity_tag_members(w, t, has_viewer);
	jw_close(w, '}');
}

static enum err answer_tag(struct req *r, struct db *db, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct tag t;
	struct str folded = tag_fold(r->a, param_str(r, "name"));
	if (folded.len == 0)
		return ERR_NOT_FOUND;
	tag_get(db, r->a, r->viewer.account, folded, &t);
	entity_tag(&w, &t, r->viewer.account != 0);
	return OK;
}

enum err on_tag_entity(struct req *r, struct answer *out)
{
	return answer_tag(r, r->db, out);
}

enum err on_tag_follow(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = tag_follow(tx, r->viewer.account, tag_fold(r->a, param_str(r, "name")));
	return e == OK ? answer_tag(r, tx_db(tx), out) : e;
}

enum err on_tag_unfollow(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = tag_unfollow(tx, r->viewer.account, tag_fold(r->a, param_str(r, "name")));
	return e == OK ? answer_tag(r, tx_db(tx), out) : e;
}

enum err on_tag_feature(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t id;
	enum err e = tag_feature(tx, r->viewer.account, tag_fold(r->a, param_str(r, "name")), &id);
	return e == OK ? answer_tag(r, tx_db(tx), out) : e;
}

enum err on_tag_unfeature(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = tag_unfeature(tx, r->viewer.account, tag_fold(r->a, param_str(r, "name")));
	return e == OK ? answer_tag(r, tx_db(tx), out) : e;
}

static void put_tags(struct req *r, struct answer *out, struct ids ids)
{
	struct jw w = {.out = out->body};
	struct tags tags = tags_load(r->db, r->a, r->viewer.account, ids.at, ids.n);
	jw_open(&w, '[');
	for (size_t i = 0; i < tags.n; i++)
		entity_tag(&w, &tags.at[i], true);
	jw_close(&w, ']');
}

enum err on_followed_tags(struct req *r, struct answer *out)
{
	struct span s = span_of(r, FOLLOWED_STANDARD);
	struct ids ids = tags_followed(r->db, r->a, r->viewer.account, s);
	put_tags(r, out, ids);
	if (ids.n > 0)
		answer_links(r, out, ids.n == (size_t)s.limit ? ids.cursor[ids.n - 1] : 0,
			     ids.cursor[0]);
	return OK;
}

enum err on_featured_tag_suggestions(struct req *r, struct answer *out)
{
	put_tags(r, out, tags_suggested(r->db, r->a, r->viewer.account));
	return OK;
}

static void put_featured(struct jw *w, const struct featured *f)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), f->id);
	jw_kstr(w, S("name"), f->name);
	put_tag_url(w, f->name);
	put_number_text(w, S("statuses_count"), f->kwips);
	jw_key(w, S("last_status_at"));
	if (f->last_kwip == 0) {
		jw_null(w);
	} else {
		SCOPED_BUF date = BUF_EMPTY;
		put_date(&date, id_ms(f->last_kwip));
		jw_str(w, buf_str(&date));
	}
	jw_close(w, '}');
}

static enum err answer_featured(struct req *r, struct answer *out, int64_t account)
{
	struct jw w = {.out = out->body};
	struct featureds all;
	tags_featured(r->db, r->a, account, &all);
	jw_open(&w, '[');
	for (size_t i = 0; i < all.n; i++)
		put_featured(&w, &all.at[i]);
	jw_close(&w, ']');
	return OK;
}

enum err on_featured_tags(struct req *r, struct answer *out)
{
	return answer_featured(r, out, r->viewer.account);
}

enum err on_account_featured_tags(struct req *r, struct answer *out)
{
	struct account who;
	int64_t id = param_i64(r, "id", 0);
	if (!account_get(r->db, r->a, id, &who) ||
	    (who.state != ACCOUNT_ACTIVE && who.state != ACCOUNT_SUSPENDED))
		return ERR_NOT_FOUND;
	if (who.state == ACCOUNT_ACTIVE)
		return answer_featured(r, out, id);
	buf_put(out->body, S("[]"));
	return OK;
}

enum err on_featured_tag_add(struct req *r, struct tx *tx, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct featureds all;
	int64_t id, me = r->viewer.account;
	enum err e = tag_feature(tx, me, tag_fold(r->a, param_str(r, "name")), &id);
	if (e != OK)
		return e;
	tags_featured(tx_db(tx), r->a, me, &all);
	for (size_t i = 0; i < all.n; i++)
		if (all.at[i].id == id)
			put_featured(&w, &all.at[i]);
	return OK;
}

enum err on_featured_tag_delete(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = tag_unfeature_id(tx, r->viewer.account, param_i64(r, "id", 0));
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}
