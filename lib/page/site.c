/* SPDX-License-Identifier: MIT */
/* The site about itself: the about page, and what crawlers and browsers ask for unasked. */
#include "base/conf.h"
#include "base/version.h"
#include "core/signup.h"
#include "page/handlers.h"
#include "pages.h"
#include "static_urls.h"

static struct str signup_words(void)
{
	if (str_eq(conf.signups, S("open")))
		return S("open to everybody");
	if (signup_is_by_approval())
		return S("open to everybody; moderators let people in");
	return str_eq(conf.signups, S("invite")) ? S("by invitation of members") : S("closed");
}

enum err on_about(struct req *r, struct answer *out)
{
	struct view_about v = {
		.top = top_of(r, S("About"), AT_NOWHERE),
		.description = conf.description,
		.contact = conf.contact,
		.contact_url = text_join(r->a, S("mailto:"), conf.contact),
		.version = S(KWIPD_VERSION),
		.signups = signup_words(),
		.people = account_count(r->db),
		.kwips = kwip_count(r->db),
	};
	page_about(out->body, &v);
	return OK;
}

enum err on_robots(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("User-agent: *\n"
			     "Disallow: /compose\n"
			     "Disallow: /kwips/\n"
			     "Disallow: /login\n"
			     "Disallow: /oauth/\n"
			     "Disallow: /reset/\n"
			     "Disallow: /setup/\n"
			     "Disallow: /signup\n"));
	return OK;
}

enum err on_favicon(struct req *r, struct answer *out)
{
	(void)r;
	answer_redirect(out, S(STATIC_FAVICON_SVG));
	return OK;
}
