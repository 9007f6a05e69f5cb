/* SPDX-License-Identifier: MIT */
/*
 * Forms prove that they came from our own page: a token bound to the session, or for visitors
 * (login, sign-up) to a random cookie. Called by dispatch.c for every change that a browser could
 * be tricked into.
 */
#include "http/exchange.h"

enum { FORM_COOKIE_MAX = 64 };

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      c == '-' || c == '_'))
			return false;
	}
	return s.len >= 16 && s.len <= FORM_COOKIE_MAX;
}

static struct str token_of(struct exchange *x, struct str bound_to)
{
	struct hash h = hash_keyed(x->s->setup.csrf_key, bound_to);
	SCOPED_BUF b = BUF_EMPTY;

	buf_base64url(&b, h.at, sizeof h.at);
	return arena_str(x->a, buf_str(&b));
}

/*
 * Fills r.csrf where a form may stand. A visitor without the cookie gets one when the page
 * is not shared.
 */
void csrf_make(struct exchange *x)
{
	struct req *r = &x->r;

	if (r->viewer.via == VIA_SESSION) {
		r->csrf = token_of(
			x, (struct str){(const char *)r->viewer.secret_hash.at, HASH_BYTES});
		return;
	}
	if (r->viewer.via != VIA_NONE || !r->route || r->route->format != FORMAT_PAGE ||
	    r->route->cached)
		return;
	struct str cookie = req_cookie(r, "kwipd_form");
	if (!is_plain(cookie)) {
		cookie = secret_make(x->a);
		x->set_form_cookie = r->route->method == METHOD_GET;
	}
	if (x->set_form_cookie)
		answer_cookie(r, &x->out, S("kwipd_form"), cookie, 0);
	r->csrf = token_of(x, cookie);
}

/* "https://host:port" without the scheme. */
static struct str host_of(struct str origin)
{
	ptrdiff_t at = str_find(origin, S("://"));

	return at < 0 ? S("") : str_slice(origin, (size_t)at + 3, origin.len);
}

/*
 * Browsers say themselves where a form was sent from; what they say of a foreign page is
 * believed.
 */
static bool is_foreign(struct exchange *x)
{
	struct str site = req_header(&x->r, "Sec-Fetch-Site"), origin = req_header(&x->r, "Origin");

	if (site.len && !str_eq(site, S("same-origin")) && !str_eq(site, S("none")))
		return true;
	if (origin.len == 0)
		return false;
	return !str_eq_nocase(host_of(origin), x->r.host) && !str_eq_nocase(origin, x->r.base_url);
}

enum err csrf_check(struct exchange *x)
{
	const struct route *r = x->r.route;
	bool form = r->format == FORMAT_PAGE && x->r.viewer.via == VIA_NONE;

	if (r->method == METHOD_GET || (x->r.viewer.via != VIA_SESSION && !form))
		return OK;
	if (is_foreign(x))
		return refuse("This form was sent from another site"), ERR_DENIED;
	struct str sent = params_raw(x->r.params, S("csrf"));
	if (sent.len == 0)
		sent = req_header(&x->r, "X-CSRF-Token");
	if (x->r.csrf.len == 0 || !secret_eq(sent, x->r.csrf))
		return refuse("This form is too old: please go back, reload the page and "
			      "send it again"),
		       ERR_DENIED;
	return OK;
}
