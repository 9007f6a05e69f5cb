/* SPDX-License-Identifier: MIT */
/* Saying, answering, editing and deleting: the forms and what they do. */
#include "page/compose.h"

#include "base/conf.h"
#include "core/schedule.h"
#include "pages.h"

enum { VISIBILITIES = 4 };

struct view_choices visibility_choices(struct arena *a, enum visibility least,
				       enum visibility chosen)
{
	static const struct str labels[VISIBILITIES] = {
		S_INIT("Everyone may read it"),
		S_INIT("Unlisted"),
		S_INIT("Followers only"),
		S_INIT("Only people I name"),
	};
	struct view_choices out = {.at = arena_array(a, VISIBILITIES, sizeof(struct view_choice))};
	for (int i = (int)least; i < VISIBILITIES; i++)
		out.at[out.n++] = (struct view_choice){visibility_name((enum visibility)i),
						       labels[i], i == (int)chosen};
	return out;
}

struct view_form *form_new(struct req *r, struct db *db)
{
	struct view_form *f = arena_take(r->a, sizeof *f);
	struct prefs p = {0};
	account_prefs(db, r->a, r->viewer.account, &p);
	*f = (struct view_form){
		.action = S("/kwips"),
		.csrf = r->csrf,
		.back = path_again(r),
		.key = secret_make(r->a),
		.language = p.language,
		.prompt = S("What is on your mind?"),
		.submit = S("Say it"),
		.visibility = visibility_choices(r->a, VISIBLE_PUBLIC,
						 (enum visibility)p.default_visibility),
		.max_chars = conf.kwip_max_chars,
		.sensitive = p.default_sensitive,
		.is_new = true,
	};
	attach_view(r, db, NULL, f);
	poll_fields(r, f, false);
	return f;
}

/* What was typed, into the form again. */
static void put_typed(struct req *r, struct view_form *f)
{
	f->body = param_str(r, "body");
	f->warning = param_str(r, "warning");
	f->language = param_str(r, "language");
	f->sensitive = param_bool(r, "sensitive", false);
	f->open = f->warning.len > 0 || f->sensitive;
	f->back = param_str(r, "back");
	f->why = why_words(r);
}

/* The same of a new one, which can be more than a text. */
static void put_typed_new(struct req *r, struct db *db, struct view_form *f)
{
	enum visibility chosen;
	put_typed(r, f);
	f->draft = param_i64(r, "draft", 0);
	f->key = param_str(r, "key").len ? param_str(r, "key") : f->key;
	f->later = param_str(r, "later");
	f->zone = param_i64(r, "zone", 0);
	f->open = f->open || f->later.len > 0;
	if (visibility_of(param_str(r, "visibility"), &chosen) && f->visibility.n)
		f->visibility = visibility_choices(
			r->a, (enum visibility)(VISIBILITIES - (int)f->visibility.n), chosen);
	attach_view(r, db, r->prepared, f);
	poll_fields(r, f, true);
}

/* The kwip that is answered stands above the form; the answer is no more public than it. */
static bool put_answered(struct req *r, struct db *db, struct view_write *v, int64_t id)
{
	struct kwip k;
	SCOPED_LENS l = lens_open(db, r->a);
	if (kwip_get(db, r->a, r->viewer.account, id, &k) != OK)
		return false;
	v->answered = items_one(r->a, item_whole(r, db, l, &k));
	v->heading = v->top.title = S("Reply");
	v->form.reply_to = k.id;
	v->form.back = S("");
	v->form.prompt = S("Your comment");
	v->form.submit = S("Comment");
	v->form.warning = k.warning;
	v->form.visibility = visibility_choices(r->a, k.visibility, k.visibility);
	if (k.author != r->viewer.account && k.reply_to)
		v->form.body = arena_printf(r->a, "@%.*s ", (int)k.who->name.len, k.who->name.at);
	return true;
}

/* What is quoted stands there in the same way. */
static bool put_quoted(struct req *r, struct db *db, struct view_write *v, int64_t id)
{
	struct kwip k;
	SCOPED_LENS l = lens_open(db, r->a);
	if (kwip_get(db, r->a, r->viewer.account, id, &k) != OK ||
	    !quote_may(db, r->viewer.account, k.id))
		return false;
	v->answered = items_one(r->a, item_whole(r, db, l, &k));
	v->heading = v->top.title = S("Quote");
	v->form.quote = k.id;
	v->form.back = S("");
	v->form.prompt = S("What do you say to this?");
	return true;
}

/* A text that was put aside, taken up again. */
static bool put_draft(struct req *r, struct view_write *v, int64_t id)
{
	struct unfinished u;
	struct draft d;
	if (!unfinished_get(r->db, r->a, r->viewer.account, id, &u))
		return false;
	schedule_read(r->a, u.params, &d);
	if (d.reply_to)
		(void)put_answered(r, r->db, v, d.reply_to);
	else if (d.quote_of)
		(void)put_quoted(r, r->db, v, d.quote_of);
	else
		v->form.visibility = visibility_choices(r->a, VISIBLE_PUBLIC, d.visibility);
	v->form.draft = id;
	v->form.body = d.body;
	v->form.warning = d.warning;
	v->form.language = d.language.len ? d.language : v->form.language;
	v->form.sensitive = d.sensitive;
	v->form.open = d.warning.len > 0 || d.sensitive;
	return true;
}

static struct view_write write_of(struct req *r, struct db *db)
{
	struct view_write v = {
		.top = top_of(r, S("Say something"), AT_NOWHERE),
		.heading = S("Say something"),
		.form = *form_new(r, db),
	};
	v.form.focus = true;
	v.form.back = S("/");
	return v;
}

enum err on_compose(struct req *r, struct answer *out)
{
	struct view_write v = write_of(r, r->db);
	int64_t answered = param_i64(r, "reply_to", 0), quoted = param_i64(r, "quote", 0);
	int64_t draft = param_i64(r, "draft", 0);
	if ((answered && !put_answered(r, r->db, &v, answered)) ||
	    (quoted && !put_quoted(r, r->db, &v, quoted)) || (draft && !put_draft(r, &v, draft)))
		return ERR_NOT_FOUND;
	if (param_str(r, "text").len)
		v.form.body = param_str(r, "text");
	page_write(out->body, &v);
	return OK;
}

enum err on_post_prepare(struct req *r)
{
	struct attached *at;
	enum err e = attach_sent(r, 0, &at);
	r->prepared = at;
	return e;
}

static enum err draft_sent(struct req *r, struct draft *d)
{
	const struct attached *at = r->prepared;
	*d = (struct draft){
		.author = r->viewer.account,
		.body = param_str(r, "body"),
		.warning = param_str(r, "warning"),
		.language = param_str(r, "language"),
		.sensitive = param_bool(r, "sensitive", false),
		.reply_to = param_i64(r, "reply_to", 0),
		.quote_of = param_i64(r, "quote", 0),
		.app = APP_WEB,
		.idempotency_key = param_str(r, "key"),
		.media = at->id,
		.n_media = at->n,
		.poll = poll_sent(r),
	};
	if (param_has(r, "visibility") &&
	    !visibility_of(param_str(r, "visibility"), &d->visibility))
		return refuse("there is no such visibility");
	return OK;
}

/* Puts the text aside. */
static enum err keep(struct req *r, struct tx *tx, struct answer *out, const struct draft *d)
{
	int64_t id = param_i64(r, "draft", 0);
	if (d->n_media || d->poll)
		return refuse("A draft keeps the text alone: take files and poll out first.");
	if (str_trim(d->body).len == 0)
		return refuse("There is no text to keep yet.");
	enum err e = unfinished_put(tx, d, &id);
	if (e == OK)
		answer_redirect(out, S("/later?done=kept"));
	return e;
}

static enum err say(struct req *r, struct tx *tx, struct answer *out, const struct draft *d)
{
	int64_t id, when, draft = param_i64(r, "draft", 0);
	enum err e = later_sent(r, &when);
	if (e == OK)
		e = attach_describe(tx, r->a, d->author, r->prepared);
	if (e == OK)
		e = when ? schedule_add(tx, d, when, &id) : kwip_post(tx, r->a, d, &id);
	if (e != OK)
		return e;
	/* It may be gone already: said from another window. */
	if (draft && unfinished_end(tx, d->author, draft) == ERR_NOT_FOUND)
		draft = 0;
	if (when) {
		answer_redirect(out, S("/later?done=scheduled"));
		return OK;
	}
	long long kwip = (long long)id;
	return go_back(r, out,
		       text_join(r->a, url_account(r->a, r->viewer.name, S("")),
				 arena_printf(r->a, "/%lld#k%lld", kwip, kwip)));
}

enum err on_post(struct req *r, struct tx *tx, struct answer *out)
{
	struct draft d;
	enum err e = draft_sent(r, &d);
	if (e != OK)
		return e;
	return param_bool(r, "keep", false) ? keep(r, tx, out, &d) : say(r, tx, out, &d);
}

void on_post_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	struct view_write v = write_of(r, db);
	int64_t answered = param_i64(r, "reply_to", 0), quoted = param_i64(r, "quote", 0);
	if (answered && !put_answered(r, db, &v, answered))
		v.heading = S("What you answer is gone");
	if (quoted && !put_quoted(r, db, &v, quoted))
		v.heading = S("What you quote is gone, or may not be quoted");
	put_typed_new(r, db, &v.form);
	if (e == ERR_DENIED && r->why.len == 0)
		v.form.why = S("You may not answer this.");
	page_write(out->body, &v);
}

/* Somebody's own kwip, with its source text. */
static enum err own_kwip(struct req *r, struct db *db, struct kwip *k)
{
	enum err e = kwip_get(db, r->a, r->viewer.account, param_i64(r, "id", 0), k);
	if (e != OK)
		return e;
	if (k->boost_of)
		return ERR_NOT_FOUND;
	return k->author == r->viewer.account ? OK : ERR_DENIED;
}

/* A poll, and more files than the form has places for, stay as they are. */
static bool may_change_files(const struct kwip *k)
{
	return !k->polled && k->n_media <= FILES_MAX;
}

static struct view_write edit_of(struct req *r, int64_t id)
{
	struct view_write v = {.top = top_of(r, S("Edit"), AT_NOWHERE), .heading = S("Edit")};
	v.form = (struct view_form){
		.action = arena_printf(r->a, "/kwips/%lld/edit", (long long)id),
		.csrf = r->csrf,
		.prompt = S("Its text"),
		.submit = S("Save"),
		.max_chars = conf.kwip_max_chars,
		.focus = true,
	};
	return v;
}

static void put_present(struct req *r, const struct kwip *k, struct view_form *f)
{
	f->body = k->body;
	f->warning = k->warning;
	f->language = k->language;
	f->sensitive = k->sensitive;
	f->open = k->warning.len > 0 || k->sensitive;
	f->back = url_kwip(r->a, k);
	if (may_change_files(k))
		attach_view(r, r->db, attach_of_kwip(r->a, k), f);
}

enum err on_edit(struct req *r, struct answer *out)
{
	struct kwip k;
	enum err e = own_kwip(r, r->db, &k);
	if (e != OK)
		return e;
	struct view_write v = edit_of(r, k.id);
	put_present(r, &k, &v.form);
	page_write(out->body, &v);
	return OK;
}

/* Leaves NULL when the files are not this form's business. */
enum err on_edit_prepare(struct req *r)
{
	struct kwip k;
	struct attached *at = NULL;
	enum err e = own_kwip(r, r->db, &k);
	if (e == OK && may_change_files(&k))
		e = attach_sent(r, k.id, &at);
	r->prepared = at;
	return e;
}

static void put_files(struct arena *a, const struct attached *at, struct revision *v)
{
	struct media_remark *remarks = arena_array(a, FILES_MAX, sizeof *remarks);
	v->keep_parts = at == NULL;
	if (!at)
		return;
	v->media = at->id;
	v->n_media = at->n;
	for (size_t i = 0; i < at->n; i++)
		remarks[i] = (struct media_remark){.media = at->id[i],
						   .has_description = true,
						   .description = str_trim(at->about[i])};
	v->remarks = remarks;
	v->n_remarks = at->n;
}

enum err on_edit_save(struct req *r, struct tx *tx, struct answer *out)
{
	struct revision v = {
		.kwip = param_i64(r, "id", 0),
		.editor = r->viewer.account,
		.body = param_str(r, "body"),
		.warning = param_str(r, "warning"),
		.language = param_str(r, "language"),
		.sensitive = param_bool(r, "sensitive", false),
	};
	put_files(r->a, r->prepared, &v);
	enum err e = kwip_edit(tx, r->a, &v);
	if (e == OK)
		answer_redirect(out, url_done(r->a, param_str(r, "back"), "edited"));
	return e;
}

void on_edit_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	if (e == ERR_NOT_FOUND || e == ERR_DENIED) {
		page_error_answer(r, err_http_status(e), r->why, out);
		return;
	}
	struct view_write v = edit_of(r, param_i64(r, "id", 0));
	put_typed(r, &v.form);
	if (r->prepared)
		attach_view(r, db, r->prepared, &v.form);
	page_write(out->body, &v);
}

/* Its room when it was a comment, else its author's page. */
static struct str after_delete(struct req *r, const struct kwip *k)
{
	struct kwip root;
	if (k->conversation != k->id &&
	    kwip_get(r->db, r->a, r->viewer.account, k->conversation, &root) == OK)
		return url_kwip(r->a, &root);
	return url_account(r->a, k->who->name, k->who->domain);
}

enum err on_delete(struct req *r, struct answer *out)
{
	struct kwip k;
	enum err e = kwip_get(r->db, r->a, r->viewer.account, param_i64(r, "id", 0), &k);
	if (e != OK)
		return e;
	if (k.boost_of)
		return ERR_NOT_FOUND;
	if (k.author != r->viewer.account && r->viewer.role < ROLE_MODERATOR)
		return ERR_DENIED;
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct view_delete v = {
		.top = top_of(r, S("Delete"), AT_NOWHERE),
		.items = items_one(r->a, item_whole(r, r->db, l, &k)),
		.id = k.id,
	};
	v.items.at[0].actions.me = S("");
	v.keep = url_kwip(r->a, &k);
	v.after = after_delete(r, &k);
	page_delete(out->body, &v);
	return OK;
}

enum err on_delete_do(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = kwip_delete(tx, param_i64(r, "id", 0), r->viewer.account);
	if (e == OK)
		answer_redirect(out, url_done(r->a, param_str(r, "back"), "deleted"));
	return e;
}
