/* SPDX-License-Identifier: MIT */
/*
 * Editing one's own profile. What is not sent stays as it is; texts are checked by core/profile.c.
 */
#include "api/profile.h"
#include "api/entity.h"
#include "api/upload.h"

enum { PATIENCE_MS = 10000 };

enum err on_own_profile(struct req *r, struct answer *out)
{
	struct account who;
	struct jw w = {.out = out->body};
	if (!account_get(r->db, r->a, r->viewer.account, &who))
		return ERR_AUTH;
	entity_profile(&w, r->a, r->db, &who);
	return OK;
}

enum err on_preferences(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	entity_preferences(&w, r->a, r->db, r->viewer.account);
	return OK;
}

enum err prepare_profile(struct req *r)
{
	struct uploads u = {0};
	(void)uploads_take(r, &u, "avatar", MEDIA_AVATAR);
	(void)uploads_take(r, &u, "header", MEDIA_HEADER);
	if (u.n == 0)
		return OK;
	enum err e = uploads_begin(r, &u);
	return e == OK ? uploads_wait(r, &u, PATIENCE_MS) : e;
}

/* The rows sent, as they are stored; "" when none were. Rows without any text fall away. */
static struct str fields_sent(struct req *r)
{
	SCOPED_BUF b = BUF_EMPTY;
	struct jw w = {.out = &b};
	if (!param_is_sent(r, "fields_attributes"))
		return S("");
	jw_open(&w, '[');
	for (size_t i = 0; i < param_rows(r, "fields_attributes"); i++) {
		struct str name = str_trim(param_cell(r, "fields_attributes", i, "name"));
		struct str value = str_trim(param_cell(r, "fields_attributes", i, "value"));
		if (name.len == 0 && value.len == 0)
			continue;
		jw_open(&w, '[');
		jw_str(&w, name);
		jw_str(&w, value);
		jw_close(&w, ']');
	}
	jw_close(&w, ']');
	return arena_str(r->a, buf_str(&b));
}

static struct str text_sent(struct req *r, const char *name, struct str otherwise)
{
	return param_is_sent(r, name) ? param_str(r, name) : otherwise;
}

static enum err edit_profile(struct req *r, struct tx *tx, const struct account *now)
{
	struct profile p = {
		.display_name = text_sent(r, "display_name", now->display_name),
		.about = text_sent(r, "note", now->about),
		.fields = fields_sent(r),
		.locked = param_bool(r, "locked", now->locked),
		.bot = param_bool(r, "bot", now->bot),
		.discoverable = param_bool(r, "discoverable", now->discoverable),
		.indexable = param_bool(r, "indexable", now->indexable),
		.hide_collections = param_bool(r, "hide_collections", now->hide_collections),
	};
	return account_edit(tx, now->id, &p);
}

/* Several domains, also with their scheme as people paste them, into one text. */
static struct str domains_sent(struct req *r, struct str otherwise)
{
	size_t n;
	const struct str *sent = param_list(r, "attribution_domains", &n);
	SCOPED_BUF b = BUF_EMPTY;
	if (!param_is_sent(r, "attribution_domains"))
		return otherwise;
	for (size_t i = 0; i < n; i++) {
		struct str one = str_trim(sent[i]);
		ptrdiff_t scheme = str_find(one, S("://"));
		one = scheme < 0 ? one : str_slice(one, (size_t)scheme + 3, one.len);
		one = str_cut(&one, '/');
		if (one.len == 0)
			continue;
		if (b.len)
			buf_char(&b, ' ');
		buf_put(&b, one);
	}
	return arena_str(r->a, buf_str(&b));
}

static bool any_sent(struct req *r, const char *const *names)
{
	for (; *names; names++)
		if (param_is_sent(r, *names))
			return true;
	return false;
}

static enum err edit_more(struct req *r, struct tx *tx)
{
	static const char *const names[] = {"avatar_description",
					    "header_description",
					    "attribution_domains",
					    "show_media",
					    "show_media_replies",
					    "show_featured",
					    NULL};
	struct profile_more m;
	if (!any_sent(r, names))
		return OK;
	account_more(tx_db(tx), r->a, r->viewer.account, &m);
	m.avatar_description = text_sent(r, "avatar_description", m.avatar_description);
	m.header_description = text_sent(r, "header_description", m.header_description);
	m.attribution = domains_sent(r, m.attribution);
	m.show_media = param_bool(r, "show_media", m.show_media);
	m.show_media_replies = param_bool(r, "show_media_replies", m.show_media_replies);
	m.show_featured = param_bool(r, "show_featured", m.show_featured);
	return account_more_edit(tx, r->viewer.account, &m);
}

static enum err edit_prefs(struct req *r, struct tx *tx)
{
	static const char *const names[] = {"source[privacy]", "source[sensitive]",
					    "source[language]", "source[quote_policy]", NULL};
	struct prefs p;
	enum visibility v;
	enum quote_policy quotes;
	if (!any_sent(r, names))
		return OK;
	account_prefs(tx_db(tx), r->a, r->viewer.account, &p);
	if (visibility_of(param_str(r, "source[privacy]"), &v))
		p.default_visibility = (int)v;
	if (quote_policy_of(param_str(r, "source[quote_policy]"), &quotes))
		p.quote_policy = (int)quotes;
	p.default_sensitive = param_bool(r, "source[sensitive]", p.default_sensitive);
	p.language = text_sent(r, "source[language]", p.language);
	return account_prefs_edit(tx, r->viewer.account, &p);
}

static enum err edit(struct req *r, struct tx *tx, struct account *who)
{
	if (!account_get(tx_db(tx), r->a, r->viewer.account, who))
		return ERR_AUTH;
	enum err e = edit_profile(r, tx, who);
	if (e == OK)
		e = edit_more(r, tx);
	if (e == OK)
		e = edit_prefs(r, tx);
	return e == OK && !account_get(tx_db(tx), r->a, r->viewer.account, who) ? ERR_AUTH : e;
}

enum err on_credentials_edit(struct req *r, struct tx *tx, struct answer *out)
{
	struct account who;
	struct jw w = {.out = out->body};
	enum err e = edit(r, tx, &who);
	if (e == OK)
		entity_credential_account(&w, r->a, tx_db(tx), &who);
	return e;
}

enum err on_profile_edit(struct req *r, struct tx *tx, struct answer *out)
{
	struct account who;
	struct jw w = {.out = out->body};
	enum err e = edit(r, tx, &who);
	if (e == OK)
		entity_profile(&w, r->a, tx_db(tx), &who);
	return e;
}

static enum err answer_credentials(struct req *r, struct tx *tx, struct answer *out)
{
	struct account who;
	struct jw w = {.out = out->body};
	if (!account_get(tx_db(tx), r->a, r->viewer.account, &who))
		return ERR_AUTH;
	entity_credential_account(&w, r->a, tx_db(tx), &who);
	return OK;
}

enum err on_avatar_delete(struct req *r, struct tx *tx, struct answer *out)
{
	account_avatar_remove(tx, r->viewer.account);
	return answer_credentials(r, tx, out);
}

enum err on_header_delete(struct req *r, struct tx *tx, struct answer *out)
{
	account_header_remove(tx, r->viewer.account);
	return answer_credentials(r, tx, out);
}
