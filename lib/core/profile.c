/* SPDX-License-Identifier: MIT */
/*
 * What people say about themselves, and their private preferences. Checks everything it stores:
 * pages and API hand over what was typed. Pictures come by media_finish and only go here.
 */
#include "core/account_private.h"

#include "base/json.h"
#include "base/utf8.h"
#include "store/event.h"

static enum err field_check(const struct json *field)
{
	if (json_kind(field) != JSON_ARRAY || json_len(field) != 2)
		return refuse("a profile field has a name and a value");
	for (size_t i = 0; i < 2; i++) {
		if (json_kind(json_at(field, i)) != JSON_STRING)
			return refuse("a profile field has a name and a value");
		enum err e = line_check(json_str(json_at(field, i)), FIELD_CHARS_MAX,
					"a profile field");
		if (e != OK)
			return e;
	}
	return OK;
}

static enum err fields_check(struct str fields)
{
	if (fields.len == 0)
		return OK;
	SCOPED_JSON doc = {0};
	enum err e = json_parse(&doc, fields);
	if (e != OK)
		return e;
	if (json_kind(doc.root) != JSON_ARRAY || json_len(doc.root) > FIELDS_MAX)
		return refuse("there are at most %d profile fields", FIELDS_MAX);
	for (size_t i = 0; e == OK && i < json_len(doc.root); i++)
		e = field_check(json_at(doc.root, i));
	return e;
}

static enum err about_check(struct str about)
{
	if (!utf8_ok(about))
		return refuse("the text about you is not well-formed");
	if (utf8_chars(about) > ABOUT_MAX)
		return refuse("the text about you has at most %d characters", ABOUT_MAX);
	return OK;
}

enum err account_edit(struct tx *tx, int64_t id, const struct profile *p)
{
	enum err e = line_check(p->display_name, DISPLAY_NAME_MAX, "a display name");
	if (e == OK)
		e = about_check(p->about);
	if (e == OK)
		e = fields_check(p->fields);
	if (e != OK)
		return e;
	int n = TX_DO(
		tx,
		"UPDATE account SET display_name = ?, about = ?, fields = coalesce(?, fields), locked = ?, bot = ?,"
		" discoverable = ?, indexable = ?, hide_collections = ? WHERE id = ? AND state <> 2",
		A(str_trim(p->display_name)), A(p->about), A_STR_OR_NULL(p->fields), A(p->locked),
		A(p->bot), A(p->discoverable), A(p->indexable), A(p->hide_collections), A(id));
	if (n == 0)
		return ERR_NOT_FOUND;
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_EDIT, .actor = id});
	return OK;
}

void account_more(struct db *db, struct arena *a, int64_t id, struct profile_more *out)
{
	*out = (struct profile_more){0};
	DB_EACH(row, db,
		"SELECT avatar_description, header_description, attribution, show_media, show_media_replies,"
		" show_featured FROM account WHERE id = ?",
		A(id))
		*out = (struct profile_more){
			.avatar_description = db_str(&row, 0, a),
			.header_description = db_str(&row, 1, a),
			.attribution = db_str(&row, 2, a),
			.show_media = db_i64(&row, 3) != 0,
			.show_media_replies = db_i64(&row, 4) != 0,
			.show_featured = db_i64(&row, 5) != 0,
		};
}

static bool is_domain(struct str s)
{
	bool dotted = str_find_char(s, '.') > 0;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			  (c >= '0' && c <= '9') || c == '-' || c == '.' || (c & 0x80);
		if (!ok)
			return false;
	}
	return dotted && s.len <= 253;
}

static enum err attribution_check(struct str domains)
{
	size_t n = 0;
	if (!utf8_ok(domains))
		return refuse("a domain is well-formed text");
	for (struct str rest = domains; rest.len > 0; n++) {
		struct str one = str_cut(&rest, ' ');
		if (!is_domain(one))
			return refuse("%.*s is no domain", (int)(one.len > 100 ? 100 : one.len),
				      one.at);
	}
	if (n > ATTRIBUTION_MAX)
		return refuse("there are at most %d domains", ATTRIBUTION_MAX);
	return OK;
}

enum err account_more_edit(struct tx *tx, int64_t id, const struct profile_more *m)
{
	enum err e = line_check(m->avatar_description, PORTRAIT_DESCRIPTION_MAX,
				"an avatar's description");
	if (e == OK)
		e = line_check(m->header_description, PORTRAIT_DESCRIPTION_MAX,
			       "a header's description");
	if (e == OK)
		e = attribution_check(m->attribution);
	if (e != OK)
		return e;
	int n = TX_DO(
		tx,
		"UPDATE account SET avatar_description = ?, header_description = ?, attribution = ?,"
		" show_media = ?, show_media_replies = ?, show_featured = ? WHERE id = ? AND state <> 2",
		A(m->avatar_description), A(m->header_description), A(m->attribution),
		A(m->show_media), A(m->show_media_replies), A(m->show_featured), A(id));
	if (n == 0)
		return ERR_NOT_FOUND;
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_EDIT, .actor = id});
	return OK;
}

void account_avatar_remove(struct tx *tx, int64_t id)
{
	TX_DO(tx, "UPDATE account SET avatar = '', avatar_description = '' WHERE id = ?", A(id));
	TX_DO(tx, "DELETE FROM media WHERE account = ? AND role = 1 AND role > 0", A(id));
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_EDIT, .actor = id});
}

void account_header_remove(struct tx *tx, int64_t id)
{
	TX_DO(tx, "UPDATE account SET header = '', header_description = '' WHERE id = ?", A(id));
	TX_DO(tx, "DELETE FROM media WHERE account = ? AND role = 2 AND role > 0", A(id));
	event_add(tx, (struct event){.kind = EVENT_ACCOUNT_EDIT, .actor = id});
}

void account_prefs(struct db *db, struct arena *a, int64_t id, struct prefs *out)
{
	*out = (struct prefs){0};
	DB_EACH(row, db,
		"SELECT email, language, default_visibility, default_sensitive, show_repeats, default_order, invited_by,"
		" notices_read, quote_policy, expand_media, expand_warned, autoplay FROM login WHERE account = ?",
		A(id))
		*out = (struct prefs){
			.email = db_str(&row, 0, a),
			.language = db_str(&row, 1, a),
			.default_visibility = (int)db_i64(&row, 2),
			.default_sensitive = db_i64(&row, 3) != 0,
			.show_repeats = db_i64(&row, 4) != 0,
			.default_order = (int)db_i64(&row, 5),
			.invited_by = db_i64(&row, 6),
			.notices_read = db_i64(&row, 7),
			.quote_policy = (int)db_i64(&row, 8),
			.expand_media = (int)db_i64(&row, 9),
			.expand_warned = db_i64(&row, 10) != 0,
			.autoplay = db_i64(&row, 11) != 0,
		};
}

/* 0 to 2: who says everything to the named alone names them each time anyway. */
static enum err prefs_check(struct db *db, int64_t id, const struct prefs *p,
			    const struct key *mail)
{
	enum err e = mail_check(p->email);
	if (e == OK)
		e = language_check(p->language);
	if (e == OK && (p->default_visibility < 0 || p->default_visibility > 2))
		e = refuse("that is no default for who may read");
	if (e == OK && (p->default_order < 0 || p->default_order > 1))
		e = refuse("that is no order of timelines");
	if (e == OK && (p->quote_policy < 0 || p->quote_policy > 2))
		e = refuse("that is no default for who may quote");
	if (e == OK && (p->expand_media < 0 || p->expand_media > 2))
		e = refuse("that is no way to show media");
	if (e == OK && mail_is_taken(db, mail, id)) {
		(void)!refuse("that mail address is in use");
		e = ERR_CONFLICT;
	}
	return e;
}

enum err account_prefs_edit(struct tx *tx, int64_t id, const struct prefs *p)
{
	struct key mail = key_of(p->email);
	enum err e = prefs_check(tx_db(tx), id, p, &mail);
	if (e != OK)
		return e;
	int n = TX_DO(
		tx,
		"UPDATE login SET email = ?, email_key = ?, language = ?, default_visibility = ?, default_sensitive = ?,"
		" show_repeats = ?, default_order = ?, quote_policy = ?, expand_media = ?, expand_warned = ?,"
		" autoplay = ? WHERE account = ?",
		A_STR_OR_NULL(p->email), A_STR_OR_NULL(key_str(&mail)), A(p->language),
		A(p->default_visibility), A(p->default_sensitive), A(p->show_repeats),
		A(p->default_order), A(p->quote_policy), A(p->expand_media), A(p->expand_warned),
		A(p->autoplay), A(id));
	if (n == 0)
		return ERR_NOT_FOUND;
	event_add(tx, (struct event){.kind = EVENT_SETTINGS, .actor = id});
	return OK;
}
