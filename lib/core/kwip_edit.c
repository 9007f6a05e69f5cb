/* SPDX-License-Identifier: MIT */
/*
 * Changing what was said. Every earlier text is kept, with its media and its poll's options as they
 * were; kwip_history.c reads them.
 */
#include "core/kwip_private.h"

#include "base/json.h"
#include "core/direct.h"
#include "core/notice.h"

enum { PEOPLE_TOLD = 100 };

/* What is shown of a kwip, as texts that can be compared and kept. */
struct present {
	struct str body, warning, language;
	struct str media, options; /* JSON as in kwip_edit */
	bool sensitive;
};

/* One edit under way. */
struct editing {
	struct tx *tx;
	struct arena *a;
	const struct revision *r;
	struct kwip_row k;
	struct present before, after;
	struct named named;
};

/* [[id, description], ...] */
static struct str media_json(struct db *db, struct arena *a, int64_t kwip)
{
	struct media_list list = media_of_kwips(db, a, &kwip, 1);
	SCOPED_BUF out = BUF_EMPTY;
	struct jw w = {.out = &out};
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++) {
		jw_open(&w, '[');
		jw_i64(&w, list.at[i].id);
		jw_str(&w, list.at[i].description);
		jw_close(&w, ']');
	}
	jw_close(&w, ']');
	return arena_str(a, buf_str(&out));
}

static struct present load_present(struct db *db, struct arena *a, int64_t kwip)
{
	struct present p = {.media = S("[]"), .options = S("[]")};
	bool has_media = false, has_poll = false;
	DB_EACH(row, db,
		"SELECT body, warning, language, sensitive, media_count, polled FROM kwip WHERE id = ?",
		A(kwip)) {
		p.body = db_str(&row, 0, a);
		p.warning = db_str(&row, 1, a);
		p.language = db_str(&row, 2, a);
		p.sensitive = db_i64(&row, 3) != 0;
		has_media = db_i64(&row, 4) != 0;
		has_poll = db_i64(&row, 5) != 0;
	}
	if (has_media)
		p.media = media_json(db, a, kwip);
	if (has_poll)
		p.options = poll_titles(db, a, kwip);
	return p;
}

static bool is_same(const struct present *x, const struct present *y)
{
	return str_eq(x->body, y->body) && str_eq(x->warning, y->warning) &&
	       x->sensitive == y->sensitive && str_eq(x->language, y->language) &&
	       str_eq(x->media, y->media) && str_eq(x->options, y->options);
}

/* Two edits within a millisecond still are two editions. */
static int64_t edit_moment(struct tx *tx, int64_t kwip)
{
	int64_t last = DB_I64(tx_db(tx), 0, "SELECT max(at) FROM kwip_edit WHERE kwip = ?",
			      A(kwip));
	return tx_now(tx) > last ? tx_now(tx) : last + 1;
}

static void replace(struct editing *e)
{
	struct tx *tx = e->tx;
	const struct present *old = &e->before, *p = &e->after;
	int64_t kwip = e->k.id, at = edit_moment(tx, kwip);
	TX_DO(tx,
	      "INSERT INTO kwip_edit (kwip, at, body, warning, sensitive, media, options) VALUES (?, ?, ?, ?, ?, ?, ?)",
	      A(kwip), A(at), A(old->body), A(old->warning), A(old->sensitive), A(old->media),
	      A(old->options));
	TX_DO(tx,
	      "UPDATE kwip SET body = ?, warning = ?, language = ?, sensitive = ?, edited_at = ? WHERE id = ?",
	      A(p->body), A(p->warning), A(p->language), A(p->sensitive), A(at), A(kwip));
	TX_DO(tx, "DELETE FROM mention WHERE kwip = ?", A(kwip));
	kwip_tags_drop(tx, kwip, false);
	TX_DO(tx, "DELETE FROM link WHERE kwip = ?", A(kwip));
}

static void tell_boosters(struct tx *tx, const struct kwip_row *k)
{
	int64_t booster[PEOPLE_TOLD];
	size_t n = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT author FROM kwip WHERE boost_of = ? AND boost_of IS NOT NULL ORDER BY author LIMIT ?",
		A(k->id), A(PEOPLE_TOLD))
		booster[n++] = db_i64(&row, 0);
	for (size_t i = 0; i < n; i++)
		notice_add(tx, booster[i], NOTICE_EDIT, k->author, k->id);
}

static void tell_quoters(struct tx *tx, const struct kwip_row *k)
{
	int64_t quoter[PEOPLE_TOLD], quoting[PEOPLE_TOLD];
	size_t n = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT author, id FROM kwip WHERE quote_of = ? AND quote_of IS NOT NULL AND quote_state = 0 "
		"ORDER BY id DESC LIMIT ?",
		A(k->id), A(PEOPLE_TOLD)) {
		quoter[n] = db_i64(&row, 0);
		quoting[n++] = db_i64(&row, 1);
	}
	for (size_t i = 0; i < n; i++)
		notice_add(tx, quoter[i], NOTICE_QUOTED_EDIT, k->author, quoting[i]);
}

static void tell_people(struct tx *tx, const struct kwip_row *k, const struct named *named)
{
	for (size_t i = 0; i < named->n; i++) {
		if (named->account[i] != k->author)
			notice_add(tx, named->account[i], NOTICE_MENTION, k->author, k->id);
	}
	tell_boosters(tx, k);
	tell_quoters(tx, k);
}

static enum err check_editor(struct db *db, const struct revision *r, struct kwip_row *k)
{
	if (!kwip_row_get(db, r->kwip, k) || k->boost_of)
		return ERR_NOT_FOUND;
	if (k->author == r->editor)
		return OK;
	return kwip_may_see(db, r->editor, r->kwip) ? ERR_DENIED : ERR_NOT_FOUND;
}

static enum err check_parts(const struct revision *r)
{
	if (r->keep_parts || !r->poll)
		return OK;
	if (r->n_media)
		return refuse("Validation failed: Cannot attach a poll to a post with media");
	return poll_check(r->poll);
}

static enum err remark(struct editing *e, const struct media_remark *m)
{
	struct media is;
	if (!media_get(tx_db(e->tx), e->a, m->media, &is) || is.kwip != e->k.id)
		return refuse("Validation failed: there is no such media, or it is in use");
	return media_describe(
		e->tx, e->k.author, m->media, m->has_description ? m->description : is.description,
		m->has_focus ? m->focus_x : is.focus_x, m->has_focus ? m->focus_y : is.focus_y);
}

/* Media, poll and policy as the revision has them. */
static enum err change_parts(struct editing *to)
{
	struct tx *tx = to->tx;
	const struct kwip_row *k = &to->k;
	const struct revision *r = to->r;
	enum err e = media_attach(tx, k->author, k->id, r->media, r->n_media);
	for (size_t i = 0; i < r->n_remarks && e == OK; i++)
		e = remark(to, &r->remarks[i]);
	if (e != OK)
		return e;
	(void)poll_change(tx, k->id, k->author, r->poll);
	return r->has_quote_policy ? quote_policy_set(tx, k->author, k->id, r->quote_policy) : OK;
}

/* Where a picture's centre is changes the card, and yet is no edit. */
static enum err finish(struct editing *e)
{
	const struct kwip_row *k = &e->k;
	if (is_same(&e->before, &e->after)) {
		if (e->r->n_remarks)
			kwip_tell_counts(e->tx, k->id, k->author, k->conversation);
		return OK;
	}
	replace(e);
	kwip_names_store(e->tx, e->a, k->id, e->after.body, &e->named);
	if (k->visibility >= VISIBLE_FOLLOWERS && (k->reply_to || k->quote_of))
		kwip_names_answered(e->tx, k->id);
	if (k->visibility == VISIBLE_DIRECT)
		direct_said(e->tx, k->id);
	event_add(e->tx, (struct event){.kind = EVENT_KWIP_EDIT,
					.actor = k->author,
					.kwip = k->id,
					.extra = k->conversation});
	tell_people(e->tx, k, &e->named);
	return OK;
}

enum err kwip_edit(struct tx *tx, struct arena *a, const struct revision *r)
{
	struct editing *e = arena_take(a, sizeof *e);
	*e = (struct editing){.tx = tx, .a = a, .r = r};
	enum err err = check_editor(tx_db(tx), r, &e->k);
	if (err != OK)
		return err;
	e->before = load_present(tx_db(tx), a, r->kwip);
	bool has_media = r->keep_parts ? !str_eq(e->before.media, S("[]")) : r->n_media > 0;
	err = kwip_text_check(r->body, r->warning, r->language, has_media || e->k.quote_of);
	if (err == OK)
		err = check_parts(r);
	if (err == OK && !r->keep_parts)
		err = change_parts(e);
	if (err != OK)
		return err;
	e->after = load_present(tx_db(tx), a, r->kwip);
	e->after.body = kwip_text_clean(a, r->body);
	e->after.warning = r->warning;
	e->after.language = r->language.len ? r->language : e->before.language;
	e->after.sensitive = r->sensitive || r->warning.len > 0;
	return finish(e);
}
