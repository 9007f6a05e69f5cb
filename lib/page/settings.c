/* SPDX-License-Identifier: MIT */
/* One's own settings: profile, preferences, password, sessions; and invitations to pass on. */
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "core/account.h"
#include "core/invite.h"
#include "core/session.h"
#include "page/compose.h"
#include "pages.h"

static struct view_choices order_choices(struct arena *a, int chosen)
{
	struct view_choice *at = arena_array(a, 2, sizeof *at);
	at[0] = (struct view_choice){S("active"), S("what was talked about last"), chosen == 0};
	at[1] = (struct view_choice){S("recent"), S("the newest"), chosen == 1};
	return (struct view_choices){at, 2};
}

static struct view_choices quote_choices(struct arena *a, enum quote_policy chosen)
{
	static const struct str labels[] = {S_INIT("everybody"), S_INIT("those who follow me"),
					    S_INIT("nobody else")};
	struct view_choices v = {.at = arena_array(a, QUOTE_BY_NOBODY + 1, sizeof *v.at)};
	for (enum quote_policy p = QUOTE_BY_ALL; p <= QUOTE_BY_NOBODY; p++)
		v.at[v.n++] = (struct view_choice){quote_policy_name(p), labels[p], p == chosen};
	return v;
}

/* In the order of prefs.expand_media. */
static const struct view_choice media_words[] = {
	{S_INIT("usual"), S_INIT("unless they are sensitive"), false},
	{S_INIT("show"), S_INIT("always"), false},
	{S_INIT("hide"), S_INIT("never, until I ask"), false},
};

static struct view_choices media_choices(struct arena *a, int chosen)
{
	struct view_choices v = {.at = arena_array(a, 3, sizeof *v.at), .n = 3};
	for (int i = 0; i < 3; i++) {
		v.at[i] = media_words[i];
		v.at[i].chosen = i == chosen;
	}
	return v;
}

static void put_portraits(struct view_settings *v, struct arena *a, struct db *db,
			  const struct account *who)
{
	struct profile_more m;
	account_more(db, a, who->id, &m);
	v->avatar = author_view(a, who).avatar;
	v->header = who->header.len ? text_join(a, S("/media/"), who->header) : S("");
	v->avatar_about = m.avatar_description;
	v->header_about = m.header_description;
}

static void put_profile(struct view_settings *v, struct arena *a, const struct account *who)
{
	v->display_name = who->display_name;
	v->about = who->about;
	v->fields = fields_of(a, who->fields, NULL);
	v->fields.n = FIELDS_MAX;
	v->locked = who->locked;
	v->bot = who->bot;
	v->discoverable = who->discoverable;
	v->indexable = who->indexable;
	v->hide_collections = who->hide_collections;
}

static struct view_settings settings_of(struct req *r, struct db *db)
{
	struct view_settings v = {.top = top_of(r, S("Settings"), AT_SETTINGS)};
	struct account who;
	struct prefs p = {0};
	if (account_get(db, r->a, r->viewer.account, &who)) {
		put_profile(&v, r->a, &who);
		put_portraits(&v, r->a, db, &who);
	}
	account_prefs(db, r->a, r->viewer.account, &p);
	v.email = p.email;
	v.language = p.language;
	v.visibility = visibility_choices(r->a, VISIBLE_PUBLIC,
					  (enum visibility)p.default_visibility);
	v.order = order_choices(r->a, p.default_order);
	v.sensitive = p.default_sensitive;
	v.show_repeats = p.show_repeats;
	v.expand_warned = p.expand_warned;
	v.autoplay = p.autoplay;
	v.quotes = quote_choices(r->a, (enum quote_policy)p.quote_policy);
	v.media = media_choices(r->a, p.expand_media);
	return v;
}

enum err on_settings(struct req *r, struct answer *out)
{
	struct view_settings v = settings_of(r, r->db);
	v.top.done = done_words(r);
	page_settings(out->body, &v);
	return OK;
}

/* Name and value pairs as JSON; pairs without a name and a value are left out. */
static struct str fields_sent(struct req *r)
{
	size_t names, values;
	const struct str *name = param_list(r, "field_name", &names),
			 *value = param_list(r, "field_value", &values);
	SCOPED_BUF b = BUF_EMPTY;
	struct jw w = {.out = &b};
	jw_open(&w, '[');
	for (size_t i = 0; i < names && i < values; i++) {
		if (str_trim(name[i]).len == 0 && str_trim(value[i]).len == 0)
			continue;
		jw_open(&w, '[');
		jw_str(&w, str_trim(name[i]));
		jw_str(&w, str_trim(value[i]));
		jw_close(&w, ']');
	}
	jw_close(&w, ']');
	return arena_str(r->a, buf_str(&b));
}

/* A place that was left empty comes as a part without name and bytes. */
static void add_portrait(struct req *r, struct uploads *u, const char *name, enum media_role role)
{
	struct upload file;
	if (param_file(r, name, &file) && (file.name.len || file.bytes.len))
		(void)uploads_add(u, file.bytes, r->viewer.account, role);
}

enum err on_profile_prepare(struct req *r)
{
	struct uploads u = {0};
	add_portrait(r, &u, "avatar", MEDIA_AVATAR);
	add_portrait(r, &u, "header", MEDIA_HEADER);
	return u.n ? files_take_in(r, &u, true) : OK;
}

static enum err save_portraits(struct req *r, struct tx *tx)
{
	struct profile_more m;
	account_more(tx_db(tx), r->a, r->viewer.account, &m);
	if (param_bool(r, "avatar_remove", false))
		account_avatar_remove(tx, r->viewer.account);
	if (param_bool(r, "header_remove", false))
		account_header_remove(tx, r->viewer.account);
	if (param_is_sent(r, "avatar_about"))
		m.avatar_description = str_trim(param_str(r, "avatar_about"));
	if (param_is_sent(r, "header_about"))
		m.header_description = str_trim(param_str(r, "header_about"));
	return account_more_edit(tx, r->viewer.account, &m);
}

enum err on_profile_save(struct req *r, struct tx *tx, struct answer *out)
{
	struct profile p = {
		.display_name = str_trim(param_str(r, "display_name")),
		.about = str_trim(param_str(r, "about")),
		.fields = fields_sent(r),
		.locked = param_bool(r, "locked", false),
		.bot = param_bool(r, "bot", false),
		.discoverable = param_bool(r, "discoverable", false),
		.indexable = param_bool(r, "indexable", false),
		.hide_collections = param_bool(r, "hide_collections", false),
	};
	enum err e = account_edit(tx, r->viewer.account, &p);
	if (e == OK)
		e = save_portraits(r, tx);
	if (e == OK)
		answer_redirect(out, S("/settings?done=profile"));
	return e;
}

void on_profile_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)e;
	struct view_settings v = settings_of(r, db);
	v.why_profile = why_words(r);
	v.display_name = param_str(r, "display_name");
	v.about = param_str(r, "about");
	v.fields = fields_of(r->a, fields_sent(r), NULL);
	v.fields.n = FIELDS_MAX;
	v.avatar_about = param_str(r, "avatar_about");
	v.header_about = param_str(r, "header_about");
	page_settings(out->body, &v);
}

enum err on_prefs_save(struct req *r, struct tx *tx, struct answer *out)
{
	struct prefs p = {0};
	enum visibility v;
	account_prefs(tx_db(tx), r->a, r->viewer.account, &p);
	if (visibility_of(param_str(r, "visibility"), &v))
		p.default_visibility = (int)v;
	if (param_has(r, "order"))
		p.default_order = str_eq(param_str(r, "order"), S("recent"));
	p.email = str_trim(param_str(r, "email"));
	p.language = str_trim(param_str(r, "language"));
	p.default_sensitive = param_bool(r, "sensitive", false);
	p.show_repeats = param_bool(r, "show_repeats", false);
	p.expand_warned = param_bool(r, "expand_warned", false);
	p.autoplay = param_bool(r, "autoplay", false);
	for (int i = 0; i < 3; i++)
		if (str_eq(param_str(r, "media"), media_words[i].value))
			p.expand_media = i;
	enum quote_policy quotes;
	if (quote_policy_of(param_str(r, "quotes"), &quotes))
		p.quote_policy = (int)quotes;
	enum err e = account_prefs_edit(tx, r->viewer.account, &p);
	if (e == OK)
		answer_redirect(out, S("/settings?done=preferences"));
	return e;
}

void on_prefs_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)e;
	struct view_settings v = settings_of(r, db);
	v.why_prefs = why_words(r);
	v.email = param_str(r, "email");
	v.language = param_str(r, "language");
	page_settings(out->body, &v);
}

enum err on_password_prepare(struct req *r)
{
	char stored[PASSWORD_HASH_MAX], *hash = arena_take(r->a, PASSWORD_HASH_MAX);
	struct str password = param_str(r, "password");
	int64_t id;
	enum err e = account_login_find(r->db, r->a, r->viewer.name, &id, stored);
	if (e != OK || id != r->viewer.account || !password_ok(stored, param_str(r, "old")))
		return refuse("The present password is not right."), ERR_INPUT;
	e = account_password_check(password, r->viewer.name);
	if (e == OK)
		e = password_hash(password, hash);
	r->prepared = hash;
	return e;
}

enum err on_password_save(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = account_password_set(tx, r->viewer.account, r->prepared,
					  &r->viewer.secret_hash);
	if (e == OK)
		answer_redirect(out, S("/settings?done=password"));
	return e;
}

void on_password_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)e;
	struct view_settings v = settings_of(r, db);
	v.why_password = why_words(r);
	page_settings(out->body, &v);
}

enum err on_sessions_end(struct req *r, struct tx *tx, struct answer *out)
{
	sessions_end(tx, r->viewer.account, &r->viewer.secret_hash);
	answer_redirect(out, S("/settings?done=sessions"));
	return OK;
}

enum err on_invites(struct req *r, struct answer *out)
{
	struct invites list = invite_list(r->db, r->a, r->viewer.account);
	struct view_invites v = {.top = top_of(r, S("Invitations"), AT_SETTINGS),
				 .closed = str_eq(conf.signups, S("closed"))};
	v.list.at = arena_array(r->a, list.n, sizeof(struct view_invite));
	for (size_t i = 0; i < list.n; i++) {
		const struct invite *from = &list.at[i];
		v.list.at[v.list.n++] = (struct view_invite){
			.code = from->code,
			.url = text_join(
				r->a, r->base_url,
				text_join(r->a, S("/signup?invite="), url_part(r->a, from->code))),
			.until = time_human(r->a, from->expires_at),
			.uses = from->uses,
			.max_uses = from->max_uses,
		};
	}
	page_invites(out->body, &v);
	return OK;
}

enum err on_invite_add(struct req *r, struct tx *tx, struct answer *out)
{
	static const int64_t day_ms = 86400000;
	(void)invite_add(tx, r->a, r->viewer.account, param_i64(r, "uses", 1),
			 param_i64(r, "days", 14) * day_ms);
	answer_redirect(out, S("/invites"));
	return OK;
}

enum err on_invite_end(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = invite_end(tx, r->viewer.account, param_str(r, "code"));
	if (e == OK)
		answer_redirect(out, S("/invites"));
	return e;
}
