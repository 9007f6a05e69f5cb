/* SPDX-License-Identifier: MIT */
/*
 * Client applications: registering, recognising, and what an account has given to which. Codes are
 * grant.c's. Called by the OAuth endpoints and the settings pages.
 */
#include "core/app.h"

#include "base/scope.h"
#include "base/utf8.h"
#include "core/session.h"
#include "core/session_private.h"
#include "store/event.h"

#define COLUMNS "id, name, website, client_id, redirect_uris, scopes"

/* The scheme, or "" when there is none (RFC 3986 section 3.1). */
static struct str scheme_of(struct str uri)
{
	size_t n = 0;
	for (; n < uri.len && uri.at[n] != ':'; n++) {
		char c = uri.at[n];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		bool other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
		if (!letter && (n == 0 || !other))
			return S("");
	}
	return n < uri.len ? str_slice(uri, 0, n) : S("");
}

/* "localhost:3000/x" is an address whose author forgot the scheme. */
static bool is_bad_scheme(struct str scheme)
{
	static const struct str bad[] = {
		S_INIT("javascript"), S_INIT("data"),  S_INIT("vbscript"),   S_INIT("file"),
		S_INIT("blob"),       S_INIT("about"), S_INIT("filesystem"), S_INIT("view-source"),
		S_INIT("localhost"),  S_INIT("")};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (str_eq_nocase(scheme, bad[i]))
			return true;
	return false;
}

static bool is_web_uri(struct str scheme, struct str rest)
{
	if (!str_eq_nocase(scheme, S("http")) && !str_eq_nocase(scheme, S("https")))
		return true;
	if (!str_starts(rest, S("//")))
		return false;
	char c = rest.len > 2 ? rest.at[2] : '/';
	return c != '/' && c != '?' && c != ':' && c != '\\';
}

enum err app_uri_check(struct str uri)
{
	struct str scheme = scheme_of(uri), rest = str_slice(uri, scheme.len + 1, uri.len);
	bool good = uri.len <= APP_URI_MAX && rest.len > 0 && !is_bad_scheme(scheme) &&
		    is_web_uri(scheme, rest);
	for (size_t i = 0; good && i < uri.len; i++) {
		unsigned char c = (unsigned char)uri.at[i];
		good = c > 32 && c < 127 && !strchr("#\"<>\\", c);
	}
	return good ? OK : refuse("Redirect URI must be an absolute URI");
}

/* One a line, without empty ones; checked. */
static enum err uris_settle(struct arena *a, struct str lines, struct str *out)
{
	SCOPED_BUF b = BUF_EMPTY;
	int n = 0;
	while (lines.len) {
		struct str uri = str_trim(str_cut(&lines, '\n'));
		if (uri.len == 0)
			continue;
		if (++n > APP_URIS_MAX)
			return refuse("Redirect URI: at most %d of them", APP_URIS_MAX);
		enum err e = app_uri_check(uri);
		if (e != OK)
			return e;
		if (b.len)
			buf_char(&b, '\n');
		buf_put(&b, uri);
	}
	*out = arena_str(a, buf_str(&b));
	return n > 0 ? OK : refuse("Redirect URI can't be blank");
}

/* The words once each, with one space between. */
static struct str words_settle(struct arena *a, struct str words)
{
	SCOPED_BUF b = BUF_EMPTY;
	for (struct str w = scope_next(&words); w.len; w = scope_next(&words)) {
		struct str seen = buf_str(&b), have = scope_next(&seen);
		while (have.len && !str_eq(have, w))
			have = scope_next(&seen);
		if (have.len)
			continue;
		if (b.len)
			buf_char(&b, ' ');
		buf_put(&b, w);
	}
	return arena_str(a, buf_str(&b));
}

static enum err name_check(struct str name)
{
	if (name.len == 0)
		return refuse("Name can't be blank");
	if (!utf8_ok(name) || utf8_chars(name) > APP_NAME_MAX)
		return refuse("Name is too long (maximum is %d characters)", APP_NAME_MAX);
	return OK;
}

/* It stands in a link on the consent page and under kwips. */
static enum err website_check(struct str website)
{
	if (website.len == 0)
		return OK;
	struct str scheme = scheme_of(website);
	bool web = str_eq_nocase(scheme, S("http")) || str_eq_nocase(scheme, S("https"));
	if (!web || !is_web_uri(scheme, str_slice(website, scheme.len + 1, website.len)) ||
	    website.len > APP_URI_MAX)
		return refuse("Website must be a valid URL");
	return OK;
}

static enum err app_settle(struct arena *a, const struct app *n, struct app *out)
{
	*out = (struct app){.name = str_trim(n->name), .website = str_trim(n->website)};
	out->scopes = words_settle(a, n->scopes);
	if (out->scopes.len == 0)
		out->scopes = S("read");
	enum err e = name_check(out->name);
	if (e == OK)
		e = website_check(out->website);
	if (e == OK)
		e = uris_settle(a, n->redirect_uris, &out->redirect_uris);
	if (e == OK && !scopes_ok(out->scopes))
		e = refuse("Scopes doesn't match configured on the server.");
	return e;
}

enum err app_add(struct tx *tx, struct arena *a, const struct app *n, struct app *out,
		 struct str *secret)
{
	enum err e = app_settle(a, n, out);
	if (e != OK)
		return e;
	out->client_id = secret_make(a);
	*secret = secret_make(a);
	struct hash hash = hash_of(*secret);
	out->id = TX_I64(
		tx,
		"INSERT INTO app (name, website, client_id, client_secret, redirect_uris, scopes, created_at)"
		" VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id",
		A(out->name), A(out->website), A(out->client_id), A_BLOB(hash_bytes(&hash)),
		A(out->redirect_uris), A(out->scopes), A(tx_now(tx)));
	return OK;
}

static struct app app_of_row(struct db_row *row, struct arena *a)
{
	return (struct app){.id = db_i64(row, 0),
			    .name = db_str(row, 1, a),
			    .website = db_str(row, 2, a),
			    .client_id = db_str(row, 3, a),
			    .redirect_uris = db_str(row, 4, a),
			    .scopes = db_str(row, 5, a)};
}

bool app_get(struct db *db, struct arena *a, int64_t id, struct app *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM app WHERE id = ?", A(id)) {
		*out = app_of_row(&row, a);
		return true;
	}
	return false;
}

bool app_find(struct db *db, struct arena *a, struct str client_id, struct app *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM app WHERE client_id = ?", A(client_id)) {
		*out = app_of_row(&row, a);
		return true;
	}
	return false;
}

enum err app_login(struct db *db, struct arena *a, struct str client_id, struct str secret,
		   struct app *out)
{
	struct hash hash = hash_of(secret);
	DB_EACH(row, db, "SELECT " COLUMNS ", client_secret FROM app WHERE client_id = ?",
		A(client_id)) {
		/* Our own apps have no secret: nobody can log in as them. */
		if (!secret_eq(db_peek(&row, 6), hash_bytes(&hash)))
			return ERR_AUTH;
		*out = app_of_row(&row, a);
		return OK;
	}
	return ERR_AUTH;
}

bool app_has_uri(const struct app *app, struct str uri)
{
	struct str rest = app->redirect_uris;
	while (rest.len)
		if (str_eq(str_cut(&rest, '\n'), uri))
			return uri.len > 0;
	return false;
}

enum err app_scopes(const struct app *app, struct arena *a, struct str asked, struct str *granted)
{
	*granted = words_settle(a, asked);
	if (granted->len == 0)
		*granted = scope_covers(app->scopes, S("read")) ? S("read") : app->scopes;
	if (!scopes_ok(*granted) || !scope_covers_all(app->scopes, *granted))
		return refuse("The requested scope is invalid, unknown, or malformed.");
	return OK;
}

struct app_tokens app_list(struct db *db, struct arena *a, int64_t account)
{
	struct app_tokens list = {.at = arena_array(a, APP_TOKENS_LISTED, sizeof *list.at)};
	DB_EACH(row, db,
		"SELECT t.app, p.name, p.website, t.scopes, t.created_at FROM token t JOIN app p ON p.id = t.app"
		" WHERE t.account = ? ORDER BY t.app DESC, t.created_at DESC LIMIT ?",
		A(account), A(APP_TOKENS_LISTED))
		list.at[list.n++] = (struct app_token){.app = db_i64(&row, 0),
						       .app_name = db_str(&row, 1, a),
						       .app_website = db_str(&row, 2, a),
						       .scopes = db_str(&row, 3, a),
						       .created_at = db_i64(&row, 4)};
	return list;
}

enum err app_end(struct tx *tx, int64_t account, int64_t app)
{
	int n = TX_DO(tx, "DELETE FROM token WHERE app = ? AND account = ?", A(app), A(account));
	/* A code still on its way would open the door again. */
	TX_DO(tx, "DELETE FROM grant_code WHERE account = ? AND app = ?", A(account), A(app));
	if (n == 0)
		return ERR_NOT_FOUND;
	event_add(tx, (struct event){.kind = EVENT_TOKENS, .actor = account});
	return OK;
}
