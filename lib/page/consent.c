/* SPDX-License-Identifier: MIT */
/*
 * The page on which somebody allows an app to act for them (RFC 6749 section 4.1.1), and what comes
 * of the answer. Only addresses that the app registered are ever redirected to; mistakes in the
 * request are told here and not there, so that nobody can use this page to lead people elsewhere.
 */
#include "base/scope.h"
#include "core/app.h"
#include "page/handlers.h"
#include "pages.h"

/* What is asked, after all checks. */
struct ask {
	struct app app;
	struct str uri, scopes, state, challenge;
};

static enum err ask_read(struct req *r, struct db *db, struct ask *ask)
{
	*ask = (struct ask){.uri = param_str(r, "redirect_uri"),
			    .state = param_str(r, "state"),
			    .challenge = param_str(r, "code_challenge")};
	struct str method = param_str(r, "code_challenge_method");
	if (!app_find(db, r->a, param_str(r, "client_id"), &ask->app))
		return refuse(
			"No app with this id is known here. Try to add your account to the app again.");
	if (!app_has_uri(&ask->app, ask->uri))
		return refuse(
			"The app asks for the answer at an address that it has not registered.");
	if (!str_eq(param_str(r, "response_type"), S("code")))
		return refuse("The app asks in a way that is not known here (response_type).");
	if (app_scopes(&ask->app, r->a, param_str(r, "scope"), &ask->scopes) != OK)
		return refuse(
			"The app asks for more than it has registered for, or for something unknown (scope).");
	if (ask->challenge.len == 0 && method.len == 0)
		return OK;
	if (!str_eq(method, S("S256")) || !grant_challenge_ok(ask->challenge))
		return refuse(
			"The app proves itself in a way that is not taken here (code_challenge_method).");
	return OK;
}

/* What stands on the page about each scope; the first that begins like it counts. */
static struct str scope_words(struct str scope)
{
	static const struct {
		struct str scope, words;
	} table[] = {
		{S_INIT("read:accounts"), S_INIT("see your account and those of others")},
		{S_INIT("read:blocks"), S_INIT("see whom you block")},
		{S_INIT("read:bookmarks"), S_INIT("see your bookmarks")},
		{S_INIT("read:favourites"), S_INIT("see your favourites")},
		{S_INIT("read:filters"), S_INIT("see your filters")},
		{S_INIT("read:follows"), S_INIT("see whom you follow and who follows you")},
		{S_INIT("read:lists"), S_INIT("see your lists")},
		{S_INIT("read:mutes"), S_INIT("see whom you mute")},
		{S_INIT("read:notifications"), S_INIT("see your notices")},
		{S_INIT("read:search"), S_INIT("search for you")},
		{S_INIT("read:statuses"), S_INIT("read all that you can read")},
		{S_INIT("read"),
		 S_INIT("read everything that you can read, private messages included")},
		{S_INIT("write:accounts"), S_INIT("change your profile")},
		{S_INIT("write:blocks"), S_INIT("block people")},
		{S_INIT("write:bookmarks"), S_INIT("bookmark kwips")},
		{S_INIT("write:conversations"), S_INIT("mute and delete conversations")},
		{S_INIT("write:favourites"), S_INIT("favourite kwips")},
		{S_INIT("write:filters"), S_INIT("change your filters")},
		{S_INIT("write:follows"), S_INIT("follow people")},
		{S_INIT("write:lists"), S_INIT("change your lists")},
		{S_INIT("write:media"), S_INIT("upload pictures, films and sounds")},
		{S_INIT("write:mutes"), S_INIT("mute people and conversations")},
		{S_INIT("write:notifications"), S_INIT("clear your notices")},
		{S_INIT("write:reports"), S_INIT("report others")},
		{S_INIT("write:statuses"), S_INIT("say, change and delete things in your name")},
		{S_INIT("write"),
		 S_INIT("say things in your name, change and delete what you said, and change your profile and whom you follow")},
		{S_INIT("follow"), S_INIT("follow, mute and block people for you")},
		{S_INIT("push"), S_INIT("be told of your notices at once")},
		{S_INIT("profile"), S_INIT("see your name and picture, and nothing else")},
		{S_INIT("admin:read"),
		 S_INIT("see what moderators see, mail addresses of members included")},
		{S_INIT("admin:write"),
		 S_INIT("do what moderators do: suspend accounts, decide on reports")},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (scope_covers(table[i].scope, scope))
			return table[i].words;
	return scope;
}

static struct view_may may_of(struct arena *a, struct str scopes)
{
	struct view_may list = {.at = arena_array(a, scopes.len / 2 + 1, sizeof *list.at)};
	for (struct str s = scope_next(&scopes); s.len; s = scope_next(&scopes)) {
		struct str words = scope_words(s);
		bool told = false;
		for (size_t i = 0; i < list.n; i++)
			told = told || str_eq(list.at[i].words, words);
		if (!told)
			list.at[list.n++].words = words;
	}
	return list;
}

/* As much of the address as tells people where they go: its host, or what kind of app it opens. */
static struct str leads_to(struct arena *a, struct str uri)
{
	struct str rest = uri, scheme = str_cut(&rest, ':');
	if (!str_eq_nocase(scheme, S("http")) && !str_eq_nocase(scheme, S("https")))
		return text_join(a, S("the app on this device that opens "),
				 text_join(a, scheme, S(":")));
	rest = str_slice(rest, 2, rest.len);
	size_t n = 0;
	while (n < rest.len && !strchr("/?#", rest.at[n]))
		n++;
	rest = str_slice(rest, 0, n);
	/* "https://bank.example@evil.example" leads to the latter. */
	for (ptrdiff_t at = str_find_char(rest, '@'); at >= 0; at = str_find_char(rest, '@'))
		rest = str_slice(rest, (size_t)at + 1, rest.len);
	return rest;
}

/* What was asked goes through the form unchanged and is checked again. */
static struct view_fields fields_again(struct req *r)
{
	static const char *const names[] = {
		"client_id", "redirect_uri",   "response_type",        "scope",
		"state",     "code_challenge", "code_challenge_method"};
	enum { N = sizeof names / sizeof *names };
	struct view_fields f = {.at = arena_array(r->a, N, sizeof *f.at)};
	for (size_t i = 0; i < N; i++)
		if (param_has(r, names[i]))
			f.at[f.n++] = (struct view_field){.name = str_of(names[i]),
							  .value = param_str(r, names[i])};
	return f;
}

static enum err tell_wrong(struct req *r, struct answer *out)
{
	struct str why = arena_str(r->a, str_of(err_why()));
	out->no_store = true;
	return show_error(r, out, 400, S("This app cannot be allowed"), why);
}

enum err on_consent(struct req *r, struct answer *out)
{
	struct ask ask;
	if (ask_read(r, r->db, &ask) != OK)
		return tell_wrong(r, out);
	struct view_consent v = {.top = top_of(r, S("Allow an app"), AT_NOWHERE),
				 .app = ask.app.name,
				 .website = ask.app.website,
				 .leads_to = leads_to(r->a, ask.uri),
				 .shown = str_eq(ask.uri, S(APP_URI_SHOWN)),
				 .may = may_of(r->a, ask.scopes),
				 .fields = fields_again(r)};
	out->no_store = true;
	out->form_leaves = true;
	page_consent(out->body, &v);
	return OK;
}

/* The registered address with its escapes as they are, and ours behind it. */
static struct str uri_with(struct arena *a, const struct ask *ask, struct str key, struct str value)
{
	SCOPED_BUF b = BUF_EMPTY;
	buf_put(&b, ask->uri);
	buf_char(&b, str_find_char(ask->uri, '?') < 0 ? '?' : '&');
	buf_put(&b, key);
	buf_char(&b, '=');
	esc_url_part(&b, value);
	if (ask->state.len) {
		buf_put(&b, S("&state="));
		esc_url_part(&b, ask->state);
	}
	return arena_str(a, buf_str(&b));
}

static void show_code(struct req *r, struct answer *out, const struct ask *ask, struct str code)
{
	struct view_code v = {
		.top = top_of(r, S("Your code"), AT_NOWHERE), .app = ask->app.name, .code = code};
	page_code(out->body, &v);
}

enum err on_consent_do(struct req *r, struct tx *tx, struct answer *out)
{
	struct ask ask;
	if (ask_read(r, tx_db(tx), &ask) != OK)
		return tell_wrong(r, out);
	bool shown = str_eq(ask.uri, S(APP_URI_SHOWN));
	out->no_store = true;
	if (!str_eq(param_str(r, "decision"), S("allow"))) {
		if (shown)
			answer_redirect(out, S("/"));
		else
			answer_leave(out, uri_with(r->a, &ask, S("error"), S("access_denied")));
		return OK;
	}
	struct grant g = {.app = ask.app.id,
			  .account = r->viewer.account,
			  .redirect_uri = ask.uri,
			  .scopes = ask.scopes,
			  .challenge = ask.challenge};
	struct str code = grant_add(tx, r->a, &g);
	if (shown)
		show_code(r, out, &ask, code);
	else
		answer_leave(out, uri_with(r->a, &ask, S("code"), code));
	return OK;
}
