/* SPDX-License-Identifier: MIT */
/* Search: addresses of this site, people and hashtags by name. */
#include "api/search.h"

#include "api/entity.h"
#include "api/tags.h"
#include "core/search.h"

enum { LIMIT_STANDARD = 20, ACCOUNTS_STANDARD = 40 };

/* What is asked for; no type: everything. */
static bool wants(struct req *r, const char *type)
{
	struct str asked = param_str(r, "type");
	return asked.len == 0 || str_eq(asked, str_of(type));
}

static struct str query_of(struct req *r)
{
	return str_trim(param_str(r, "q"));
}

static struct accounts people_found(struct req *r, int standard)
{
	/* Names are few: all that fit are on the first page. */
	if (param_i64(r, "offset", 0) > 0)
		return (struct accounts){0};
	return search_people(r->db, r->a, query_of(r), r->viewer.account,
			     param_bool(r, "following", false),
			     (int)param_i64(r, "limit", standard));
}

static void put_people(struct jw *w, struct arena *a, struct accounts list)
{
	jw_open(w, '[');
	for (size_t i = 0; i < list.n; i++)
		entity_account(w, a, &list.at[i]);
	jw_close(w, ']');
}

/* The one kwip whose address was asked for. */
static void put_kwip(struct jw *w, struct req *r)
{
	int64_t id = search_resolve(r->db, r->a, query_of(r)).kwip;
	bool seen = id != 0 && kwip_may_see(r->db, r->viewer.account, id);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, r->viewer.account, &id, seen};
	entity_statuses(w, r->a, &ask);
}

static void put_tags(struct jw *w, struct req *r)
{
	struct search_tags tags = search_tags(r->db, r->a, query_of(r),
					      (int)param_i64(r, "limit", LIMIT_STANDARD),
					      (int)param_i64(r, "offset", 0));
	jw_open(w, '[');
	for (size_t i = 0; i < tags.n; i++) {
		struct tag t;
		tag_get(r->db, r->a, r->viewer.account, tags.at[i], &t);
		entity_tag(w, &t, r->viewer.account != 0);
	}
	jw_close(w, ']');
}

enum err on_search(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	bool signed_in = r->viewer.account != 0;
	if (!signed_in && (param_bool(r, "resolve", false) || param_i64(r, "offset", 0) > 0))
		return ERR_AUTH;
	jw_open(&w, '{');
	jw_key(&w, S("accounts"));
	put_people(&w, r->a,
		   wants(r, "accounts") ? people_found(r, LIMIT_STANDARD) : (struct accounts){0});
	jw_key(&w, S("statuses"));
	if (wants(r, "statuses"))
		put_kwip(&w, r);
	else
		jw_raw(&w, S("[]"));
	jw_key(&w, S("hashtags"));
	if (wants(r, "hashtags"))
		put_tags(&w, r);
	else
		jw_raw(&w, S("[]"));
	jw_close(&w, '}');
	return OK;
}

enum err on_accounts_search(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	put_people(&w, r->a, people_found(r, ACCOUNTS_STANDARD));
	return OK;
}

enum err on_no_trends(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("[]"));
	return OK;
}
