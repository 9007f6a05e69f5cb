/* SPDX-License-Identifier: MIT */
/* Who can act for somebody: apps with their tokens, and browsers that are logged in; and ending
 * that. Consent is consent.c's. */
#include "core/app.h"
#include "core/session.h"
#include "page/handlers.h"
#include "pages.h"

static struct view_app_list apps_of(struct req *r)
{
	struct app_tokens tokens = app_list(r->db, r->a, r->viewer.account);
	struct view_app_list list = {.at = arena_array(r->a, tokens.n, sizeof *list.at)};
	for (size_t i = 0; i < tokens.n; i++) {
		const struct app_token *t = &tokens.at[i];
		struct view_app *last = list.n ? &list.at[list.n - 1] : NULL;
		if (!last || last->id != t->app) {
			last = &list.at[list.n++];
			*last = (struct view_app){
				.id = t->app, .name = t->app_name, .website = t->app_website};
			last->tokens.at = arena_array(r->a, tokens.n - i, sizeof *last->tokens.at);
		}
		last->tokens.at[last->tokens.n++] = (struct view_token){
			.scopes = t->scopes, .since = time_human(r->a, t->created_at)};
	}
	return list;
}

static struct view_browser_list browsers_of(struct req *r)
{
	struct session_rows rows = session_list(r->db, r->a, r->viewer.account);
	struct view_browser_list list = {.at = arena_array(r->a, rows.n, sizeof *list.at)};
	for (size_t i = 0; i < rows.n; i++)
		list.at[list.n++] = (struct view_browser){
			.key = rows.at[i].key,
			.agent = rows.at[i].agent,
			.since = time_human(r->a, rows.at[i].created_at),
			.here = hash_eq(rows.at[i].hash, r->viewer.secret_hash)};
	return list;
}

enum err on_apps(struct req *r, struct answer *out)
{
	struct view_apps v = {.top = top_of(r, S("Apps and browsers"), AT_SETTINGS),
			      .apps = apps_of(r),
			      .browsers = browsers_of(r)};
	v.top.done = done_words(r);
	page_apps(out->body, &v);
	return OK;
}

enum err on_app_end(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = app_end(tx, r->viewer.account, param_i64(r, "id", 0));
	if (e == OK)
		answer_redirect(out, S("/settings/apps?done=app"));
	return e;
}

enum err on_session_end(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = session_end_key(tx, r->a, r->viewer.account, param_str(r, "key"));
	if (e == OK)
		answer_redirect(out, S("/settings/apps?done=browser"));
	return e;
}
