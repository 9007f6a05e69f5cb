/* SPDX-License-Identifier: MIT */
/*
 * Who asks, and whether the route lets them: session cookie or bearer token, scope, role. What
 * sessions and tokens are is core's business, reached through the hooks.
 */
#include "http/exchange.h"
#include "http/pairs.h"
#include "base/scope.h"

static struct str bearer(const struct exchange *x)
{
	struct str h = str_of(head_get(&x->head, "Authorization"));

	if (h.len < 8 || !str_eq_nocase(str_slice(h, 0, 7), S("bearer ")))
		return (struct str){0};
	return str_trim(str_slice(h, 7, h.len));
}

/* Who opens a stream from a browser cannot send headers. */
static struct str token_of(const struct exchange *x)
{
	struct str token = bearer(x), query = x->r.query;

	if (token.len || !x->r.route->streams)
		return token;
	while (query.len) {
		struct str value = str_cut(&query, '&'), name = str_cut(&value, '=');
		if (str_eq(name, S("access_token")) && value.len)
			return pairs_decode(x->a, value, true);
	}
	return subprotocol(&x->r);
}

static struct str session(const struct exchange *x)
{
	return cookie_find(head_get(&x->head, "Cookie"), S("kwipd_session"));
}

bool auth_is_visitor(const struct exchange *x)
{
	return !head_get(&x->head, "Authorization") && session(x).len == 0;
}

/* A route may name several scopes, separated by spaces: any of them will do. */
static bool has_scope(struct str granted, const char *wants)
{
	struct str rest = str_of(wants);

	for (struct str want = scope_next(&rest); want.len; want = scope_next(&rest))
		if (scope_covers(granted, want))
			return true;
	return false;
}

static enum err by_token(struct exchange *x, struct str token)
{
	const struct route *r = x->r.route;

	if (!r->scope && r->who > WHO_ANYONE)
		return refuse("This action is outside the authorized scopes"), ERR_DENIED;
	enum err e = x->s->setup.hooks.by_token(x->r.db, x->a, token, &x->r.viewer);
	if (e)
		return refuse("%s", e == ERR_AUTH     ? "The access token is invalid"
				    : e == ERR_DENIED ? "Your login is currently disabled"
						      : ""),
		       e;
	x->r.viewer.via = VIA_TOKEN;
	if (r->scope && !has_scope(x->r.viewer.scopes, r->scope))
		return refuse("This action is outside the authorized scopes"), ERR_DENIED;
	return OK;
}

static enum err by_session(struct exchange *x, struct str secret)
{
	enum err e = x->s->setup.hooks.by_session(x->r.db, x->a, secret, &x->r.viewer);

	/* An old cookie makes a visitor, not an error. */
	if (e) {
		x->r.viewer = (struct viewer){0};
		return e == ERR_AUTH ? OK : e;
	}
	x->r.viewer.via = VIA_SESSION;
	return OK;
}

void auth_recognise(struct exchange *x)
{
	struct str cookie = session(x);

	if (cookie.len && by_session(x, cookie) != OK)
		x->r.viewer = (struct viewer){0};
	csrf_make(x);
}

static enum err check_role(const struct exchange *x)
{
	const struct viewer *v = &x->r.viewer;
	enum who who = x->r.route->who;

	if (who == WHO_ANYONE)
		return OK;
	if (v->pending)
		return x->r.route->pending
			       ? OK
			       : (refuse("Your login is currently pending approval"), ERR_DENIED);
	if (v->via == VIA_TOKEN && v->account == 0)
		return refuse("This method requires an authenticated user");
	if (v->account == 0)
		return refuse("%s", v->via == VIA_NONE && x->r.route->format == FORMAT_PAGE
					    ? "Please log in first"
					    : "The access token is invalid"),
		       ERR_AUTH;
	/* WHO_USER, WHO_MODERATOR, WHO_ADMIN stand in the order of the roles 0, 1, 2. */
	if (v->role < (int)who - (int)WHO_USER)
		return refuse("This action is not allowed"), ERR_DENIED;
	return OK;
}

enum err auth_check(struct exchange *x)
{
	const struct route *r = x->r.route;
	/* A cookie would let any site open streams for its visitors. */
	struct str token = token_of(x), cookie = r->streams ? S("") : session(x);
	bool cares = r->format == FORMAT_PAGE || r->who > WHO_ANYONE || r->optional_token;
	bool token_counts = r->scope || r->optional_token || r->who > WHO_ANYONE;
	enum err e = OK;

	if (token.len && token_counts && (r->format != FORMAT_PAGE || r->scope))
		e = by_token(x, token);
	else if (cookie.len && cares)
		e = by_session(x, cookie);
	return e ? e : check_role(x);
}
