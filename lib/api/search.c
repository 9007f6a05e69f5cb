/* SPDX-License-Identifier: MIT */
/* Search: addresses of this site, people, hashtags, and for members the texts of kwips. */
#include "api/search.h"

#include "api/entity.h"
#include "api/tags.h"
#include "core/find.h"
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

static struct accounts people_found(struct req *r, int standard, bool about)
{
	struct people_ask ask = {.q = query_of(r),
				 .viewer = r->viewer.account,
				 .followed = param_bool(r, "following", false),
				 .about = about,
				 .limit = (int)param_i64(r, "limit", standard),
				 .offset = (int)param_i64(r, "offset", 0)};
	return search_people(r->db, r->a, &ask);
}

static void put_people(struct jw *w, struct arena *a, struct accounts list)
{
	jw_open(w, '[');
	for (size_t i = 0; i < list.n; i++)
		entity_account(w, a, &list.at[i]);
	jw_close(w, ']');
}

/* The one kwip whose address was asked for; else, for members, what has the words. */
static struct ids kwips_found(struct req *r)
{
	int64_t *id = arena_take(r->a, sizeof *id);
	*id = search_resolve(r->db, r->a, query_of(r)).kwip;
	if (*id != 0)
		return (struct ids){id, id, kwip_may_see(r->db, r->viewer.account, *id)};
	struct find_ask ask = {.viewer = r->viewer.account,
			       .q = query_of(r),
			       .by = param_i64(r, "account_id", 0),
			       .max_id = param_i64(r, "max_id", 0),
			       .min_id = param_i64(r, "min_id", 0),
			       .limit = (int)param_i64(r, "limit", LIMIT_STANDARD),
			       .offset = (int)param_i64(r, "offset", 0)};
	return ask.viewer ? find_kwips(r->db, r->a, &ask) : (struct ids){0};
}

static void put_kwips(struct jw *w, struct req *r, struct ids ids)
{
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, r->viewer.account, ids.at, ids.n};
	entity_statuses(w, r->a, &ask);
}

static void put_tags(struct jw *w, struct req *r)
{
	struct ids ids = search_tags(r->db, r->a, query_of(r),
				     (int)param_i64(r, "limit", LIMIT_STANDARD),
				     (int)param_i64(r, "offset", 0));
	struct tags tags = tags_load(r->db, r->a, r->viewer.account, ids.at, ids.n);
	jw_open(w, '[');
	for (size_t i = 0; i < tags.n; i++)
		entity_tag(w, &tags.at[i], r->viewer.account != 0);
	jw_close(w, ']');
}

enum err on_search(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	bool signed_in = r->viewer.account != 0;
	if (!signed_in && (param_bool(r, "resolve", false) || param_i64(r, "offset", 0) > 0))
		return ERR_AUTH;
	/* Asked first: what the index takes in meanwhile may not have been found yet. */
	int64_t behind = signed_in && wants(r, "statuses") ? find_behind(r->db) : 0;
	jw_open(&w, '{');
	jw_key(&w, S("accounts"));
	put_people(&w, r->a,
		   wants(r, "accounts") ? people_found(r, LIMIT_STANDARD, true)
					: (struct accounts){0});
	jw_key(&w, S("statuses"));
	put_kwips(&w, r, wants(r, "statuses") ? kwips_found(r) : (struct ids){0});
	jw_key(&w, S("hashtags"));
	if (wants(r, "hashtags"))
		put_tags(&w, r);
	else
		jw_raw(&w, S("[]"));
	if (behind > 0)
		jw_ki64(&w, S("kwipd_search_behind"), behind);
	jw_close(&w, '}');
	return OK;
}

enum err on_accounts_search(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	put_people(&w, r->a, people_found(r, ACCOUNTS_STANDARD, false));
	return OK;
}
