/* SPDX-License-Identifier: MIT */
/* Saying, answering, editing and deleting: the forms and what they do. */
#include "base/conf.h"
#include "page/handlers.h"
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
	};
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
	f->why = r->why.len ? r->why : S("That did not work.");
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
	int64_t answered = param_i64(r, "reply_to", 0);
	if (answered && !put_answered(r, r->db, &v, answered))
		return ERR_NOT_FOUND;
	if (param_str(r, "text").len)
		v.form.body = param_str(r, "text");
	page_write(out->body, &v);
	return OK;
}

enum err on_post(struct req *r, struct tx *tx, struct answer *out)
{
	struct draft d = {
		.author = r->viewer.account,
		.body = param_str(r, "body"),
		.warning = param_str(r, "warning"),
		.language = param_str(r, "language"),
		.sensitive = param_bool(r, "sensitive", false),
		.reply_to = param_i64(r, "reply_to", 0),
		.app = APP_WEB,
		.idempotency_key = param_str(r, "key"),
	};
	int64_t id;
	if (param_has(r, "visibility") && !visibility_of(param_str(r, "visibility"), &d.visibility))
		return refuse("there is no such visibility");
	enum err e = kwip_post(tx, r->a, &d, &id);
	if (e != OK)
		return e;
	struct str room = text_join(
		r->a, url_account(r->a, r->viewer.name, S("")),
		arena_printf(r->a, "/%lld#k%lld", (long long)id, (long long)id));
	return go_back(r, out, room);
}

void on_post_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	struct view_write v = write_of(r, db);
	int64_t answered = param_i64(r, "reply_to", 0);
	if (answered && !put_answered(r, db, &v, answered))
		v.heading = S("What you answer is gone");
	put_typed(r, &v.form);
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

static struct view_write edit_of(struct req *r, const struct kwip *k, int64_t id)
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
	if (k) {
		v.form.body = k->body;
		v.form.warning = k->warning;
		v.form.language = k->language;
		v.form.sensitive = k->sensitive;
		v.form.open = k->warning.len > 0 || k->sensitive;
		v.form.back = url_kwip(r->a, k);
	}
	return v;
}

enum err on_edit(struct req *r, struct answer *out)
{
	struct kwip k;
	enum err e = own_kwip(r, r->db, &k);
	if (e != OK)
		return e;
	struct view_write v = edit_of(r, &k, k.id);
	page_write(out->body, &v);
	return OK;
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
		.keep_parts = true,
	};
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
	(void)db;
	struct view_write v = edit_of(r, NULL, param_i64(r, "id", 0));
	put_typed(r, &v.form);
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
