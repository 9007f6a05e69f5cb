/* SPDX-License-Identifier: MIT */
/*
 * What people say about themselves, and their private preferences. Checks everything it stores:
 * pages and API hand over what was typed. Pictures are not its business.
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

void account_prefs(struct db *db, struct arena *a, int64_t id, struct prefs *out)
{
	*out = (struct prefs){0};
	DB_EACH(row, db,
		"SELECT email, language, default_visibility, default_sensitive, show_repeats, default_order, invited_by,"
		" notices_read FROM login WHERE account = ?",
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
		" show_repeats = ?, default_order = ? WHERE account = ?",
		A_STR_OR_NULL(p->email), A_STR_OR_NULL(key_str(&mail)), A(p->language),
		A(p->default_visibility), A(p->default_sensitive), A(p->show_repeats),
		A(p->default_order), A(id));
	if (n == 0)
		return ERR_NOT_FOUND;
	event_add(tx, (struct event){.kind = EVENT_SETTINGS, .actor = id});
	return OK;
}
