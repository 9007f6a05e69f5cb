/* SPDX-License-Identifier: MIT */
/* Statuses: saying, reading, changing, marking. A write answers with the entity as the database has
 * it inside the same transaction. */
#include "api/entity.h"
#include "api/handlers.h"
#include "api/scheduled.h"
#include "api/statuses.h"
#include "base/clock.h"
#include "core/conversation.h"

/* One Status, for who asks. */
static enum err answer_status(struct req *r, struct db *db, struct lens *l, struct answer *out,
			      int64_t id)
{
	struct jw w = {.out = out->body};
	struct gather_ask ask = {db, l, r->viewer.account, &id, 1};
	return entity_status(&w, r->a, &ask) ? OK : ERR_NOT_FOUND;
}

enum err answer_changed(struct req *r, struct tx *tx, struct answer *out, int64_t id)
{
	struct db *db = tx_db(tx);
	return answer_status(r, db, lens_blank(db, r->a), out, id);
}

enum err on_status(struct req *r, struct answer *out)
{
	int64_t id = param_i64(r, "id", 0);
	if (!kwip_may_see(r->db, r->viewer.account, id))
		return ERR_NOT_FOUND;
	SCOPED_LENS l = lens_open(r->db, r->a);
	return answer_status(r, r->db, l, out, id);
}

enum err on_statuses(struct req *r, struct answer *out)
{
	enum { MOST = 20 };
	size_t n, known = 0;
	int64_t ids[MOST];
	const struct str *sent = param_list(r, "id", &n);
	if (n > MOST)
		return refuse("Validation failed: at most %d ids", MOST);
	for (size_t i = 0; i < n; i++)
		known += str_i64(sent[i], &ids[known]);
	known = kwips_visible(r->db, r->viewer.account, ids, known);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, r->viewer.account, ids, known};
	struct jw w = {.out = out->body};
	entity_statuses(&w, r->a, &ask);
	return OK;
}

enum err on_status_source(struct req *r, struct answer *out)
{
	struct kwip k;
	enum err e = kwip_get(r->db, r->a, r->viewer.account, param_i64(r, "id", 0), &k);
	if (e != OK)
		return e;
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	jw_kid(&w, S("id"), k.id);
	jw_kstr(&w, S("text"), k.body);
	jw_kstr(&w, S("spoiler_text"), k.warning);
	jw_close(&w, '}');
	return OK;
}

enum err on_status_history(struct req *r, struct answer *out)
{
	struct kwip k;
	enum err e = kwip_get(r->db, r->a, r->viewer.account, param_i64(r, "id", 0), &k);
	if (e != OK)
		return e;
	const struct kwip *said = k.boosted ? k.boosted : &k;
	struct kwip_editions h = kwip_history(r->db, r->a, said->id);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, r->viewer.account, &said->id, 1};
	struct jw w = {.out = out->body};
	entity_status_edits(&w, r->a, said, &h, entity_quote(r->a, &ask));
	return OK;
}

/* Cards come with their status since Mastodon 3. */
enum err on_status_card(struct req *r, struct answer *out)
{
	(void)r, (void)out;
	return ERR_NOT_FOUND;
}

/* No translation service is set up: Instance says so too. */
enum err on_status_translate(struct req *r, struct tx *tx, struct answer *out)
{
	(void)r, (void)tx, (void)out;
	return ERR_NOT_FOUND;
}

/* A warning with nothing behind it is what was said. */
static void lift_warning(struct str *body, struct str *warning, bool *sensitive)
{
	*body = *warning;
	*warning = S("");
	*sensitive = true;
}

/* What the parameters leave open is taken from the account's preferences. */
static enum err draft_of(struct req *r, struct tx *tx, struct draft *d)
{
	struct prefs p;
	account_prefs(tx_db(tx), r->a, r->viewer.account, &p);
	struct str visibility = param_str(r, "visibility");
	*d = (struct draft){
		.author = r->viewer.account,
		.body = param_str(r, "status"),
		.warning = param_str(r, "spoiler_text"),
		.language = param_str(r, "language"),
		.visibility = (enum visibility)p.default_visibility,
		.sensitive = param_bool(r, "sensitive", p.default_sensitive),
		.reply_to = param_i64(r, "in_reply_to_id", 0),
		.app = r->viewer.app,
		.idempotency_key = req_header(r, "Idempotency-Key"),
	};
	if (visibility.len > 0 && !visibility_of(visibility, &d->visibility))
		return refuse("Validation failed: Visibility is not included in the list");
	if (str_trim(d->body).len == 0 && d->warning.len > 0)
		lift_warning(&d->body, &d->warning, &d->sensitive);
	d->poll = sent_poll(r);
	d->quote_of = param_i64(r, "quoted_status_id", 0);
	enum err e = sent_media(r, &d->media, &d->n_media);
	if (e == OK)
		e = sent_policy(r, &d->has_quote_policy, &d->quote_policy);
	if (!d->has_quote_policy)
		d->quote_policy = (enum quote_policy)p.quote_policy;
	d->has_quote_policy = true;
	return e;
}

enum err on_status_post(struct req *r, struct tx *tx, struct answer *out)
{
	struct draft d;
	int64_t id, at = 0;
	struct str later = param_str(r, "scheduled_at");
	if (later.len > 0 && !time_parse_iso(later, &at))
		return refuse("Validation failed: Scheduled at is not a time");
	enum err e = draft_of(r, tx, &d);
	/* A moment that is over is now. */
	if (e == OK && at > tx_now(tx))
		return schedule_draft(r, tx, out, &d, at);
	if (e == OK)
		e = kwip_post(tx, r->a, &d, &id);
	return e == OK ? answer_changed(r, tx, out, id) : e;
}

enum err on_status_edit(struct req *r, struct tx *tx, struct answer *out)
{
	struct revision v = {
		.kwip = param_i64(r, "id", 0),
		.editor = r->viewer.account,
		.body = param_str(r, "status"),
		.warning = param_str(r, "spoiler_text"),
		.language = param_str(r, "language"),
		.sensitive = param_bool(r, "sensitive", false),
		.poll = sent_poll(r),
	};
	if (str_trim(v.body).len == 0 && v.warning.len > 0)
		lift_warning(&v.body, &v.warning, &v.sensitive);
	enum err e = sent_media(r, &v.media, &v.n_media);
	if (e == OK)
		e = sent_remarks(r, &v.remarks, &v.n_remarks);
	if (e == OK)
		e = sent_policy(r, &v.has_quote_policy, &v.quote_policy);
	if (e == OK)
		e = kwip_edit(tx, r->a, &v);
	if (e == ERR_DENIED) /* somebody else's is looked for among one's own in vain */
		return ERR_NOT_FOUND;
	return e == OK ? answer_changed(r, tx, out, v.kwip) : e;
}

/* The Status as it was, with its plain text, so that a client can offer it for redrafting. */
enum err on_status_delete(struct req *r, struct tx *tx, struct answer *out)
{
	struct kwip k;
	int64_t id = param_i64(r, "id", 0);
	enum err e = kwip_get(tx_db(tx), r->a, r->viewer.account, id, &k);
	if (e != OK)
		return e;
	if (k.author != r->viewer.account)
		return ERR_NOT_FOUND;
	struct jw w = {.out = out->body};
	struct db *db = tx_db(tx);
	struct gather_ask ask = {db, lens_blank(db, r->a), k.author, &id, 1};
	if (!entity_to_redraft(&w, r->a, &ask))
		return ERR_NOT_FOUND;
	out->body->len--; /* the closing brace: one member more */
	w.comma = true;
	jw_kstr(&w, S("text"), k.body);
	jw_close(&w, '}');
	e = kwip_delete(tx, id, r->viewer.account);
	for (size_t i = 0; i < k.n_media && e == OK && param_bool(r, "delete_media", false); i++)
		e = media_delete(tx, r->viewer.account, k.media[i].id);
	return e;
}

enum err on_status_context(struct req *r, struct answer *out)
{
	static const struct context_most for_visitors = {40, 60, 20},
					 for_users = {4096, 4096, 4096};
	struct kwip k;
	int64_t me = r->viewer.account;
	enum err e = kwip_get(r->db, r->a, me, param_i64(r, "id", 0), &k);
	if (e != OK)
		return e;
	struct context c = conversation_context(r->db, r->a, me, k.boosted ? k.boosted->id : k.id,
						me ? for_users : for_visitors);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask before = {r->db, l, me, c.ancestors.at, c.ancestors.n};
	struct gather_ask after = {r->db, l, me, c.descendants.at, c.descendants.n};
	struct jw w = {.out = out->body};
	jw_open(&w, '{');
	jw_key(&w, S("ancestors"));
	entity_statuses(&w, r->a, &before);
	jw_key(&w, S("descendants"));
	entity_statuses(&w, r->a, &after);
	jw_close(&w, '}');
	return OK;
}

/* A mark can be taken back from what its owner may not see any more: the answer shows nothing of
 * that. */
static enum err answer_marked(struct req *r, struct tx *tx, struct answer *out, int64_t id)
{
	if (kwip_may_see(tx_db(tx), r->viewer.account, id))
		return answer_changed(r, tx, out, id);
	buf_put(out->body, S("{}"));
	return OK;
}

static enum err mark(struct req *r, struct tx *tx, struct answer *out, enum mark m, bool on)
{
	int64_t id = param_i64(r, "id", 0);
	enum err e = kwip_mark(tx, r->viewer.account, id, m, on);
	return e == OK ? answer_marked(r, tx, out, id) : e;
}

enum err on_status_favourite(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_FAVOURITE, true);
}

enum err on_status_unfavourite(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_FAVOURITE, false);
}

enum err on_status_bookmark(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_BOOKMARK, true);
}

enum err on_status_unbookmark(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_BOOKMARK, false);
}

enum err on_status_mute(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_MUTE, true);
}

enum err on_status_unmute(struct req *r, struct tx *tx, struct answer *out)
{
	return mark(r, tx, out, MARK_MUTE, false);
}

enum err on_status_reblog(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t boost;
	enum visibility v = VISIBLE_PUBLIC;
	if (param_has(r, "visibility") && !visibility_of(param_str(r, "visibility"), &v))
		return refuse("Validation failed: Visibility is not included in the list");
	enum err e = kwip_boost(tx, r->viewer.account, param_i64(r, "id", 0), v, r->viewer.app,
				&boost);
	return e == OK ? answer_changed(r, tx, out, boost) : e;
}

enum err on_status_unreblog(struct req *r, struct tx *tx, struct answer *out)
{
	/* The id may be the boost's own, which is gone then. */
	int64_t id = param_i64(r, "id", 0), said = kwip_said(tx_db(tx), id);
	enum err e = kwip_unboost(tx, r->viewer.account, id);
	return e == OK ? answer_marked(r, tx, out, said) : e;
}
