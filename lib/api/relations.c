/* SPDX-License-Identifier: MIT */
/* Lists of people, what one keeps about them, requests, suggestions. Follow, block and mute
 * themselves are in accounts.c. */
#include "api/relations.h"

#include "api/entity.h"
#include "api/span.h"
#include "core/remark.h"

enum { LIMIT_STANDARD = 40 };

static enum err answer_accounts(struct req *r, struct answer *out, struct accounts list)
{
	struct jw w = {.out = out->body};
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++)
		entity_account(&w, r->a, &list.at[i]);
	jw_close(&w, ']');
	return OK;
}

/* One's own lists are whole: who is blocked or muted stands there to be let go. */
static bool is_own(const struct req *r, enum people_list which, int64_t of)
{
	return which < PEOPLE_FAVOURITED && of == r->viewer.account;
}

/* The first page that shows somebody: to many apps an empty one is the end. */
static struct people page_shown(struct req *r, enum people_list which, int64_t of)
{
	enum { PAGES_MOST = 20 };
	struct span s = span_of(r, LIMIT_STANDARD);
	struct people p = {.first = 0};
	for (int i = 0; i < PAGES_MOST; i++) {
		p = people_page(r->db, r->a, which, of, s);
		if (!is_own(r, which, of))
			people_keep_shown(r->db, r->viewer.account, &p.who);
		if (p.who.n > 0 || !p.full)
			break;
		if (s.min_id)
			s.min_id = p.first;
		else
			s.max_id = p.last;
	}
	return p;
}

enum err answer_people(struct req *r, struct answer *out, enum people_list which, int64_t of)
{
	struct people p = page_shown(r, which, of);
	if (p.who.n > 0)
		answer_links(r, out, p.full ? p.last : 0, p.first);
	return answer_accounts(r, out, p.who);
}

enum err on_accounts_some(struct req *r, struct answer *out)
{
	enum { MOST = 40 };
	size_t n, known = 0;
	int64_t ids[MOST];
	const struct str *sent = param_list(r, "id", &n);
	for (size_t i = 0; i < n && known < MOST; i++)
		known += str_i64(sent[i], &ids[known]);
	struct accounts list = accounts_load(r->db, r->a, ids, known);
	size_t kept = 0;
	for (size_t i = 0; i < list.n; i++)
		if (list.at[i].state == ACCOUNT_ACTIVE)
			list.at[kept++] = list.at[i];
	list.n = kept;
	return answer_accounts(r, out, list);
}

/* Whose followers may be looked through: one's own, and those of people who do not hide them. */
static enum err answer_ties(struct req *r, struct answer *out, enum people_list which)
{
	struct account who;
	int64_t id = param_i64(r, "id", 0), me = r->viewer.account;
	if (!account_get(r->db, r->a, id, &who) || who.state == ACCOUNT_DELETED ||
	    who.state == ACCOUNT_PENDING)
		return ERR_NOT_FOUND;
	bool hidden = who.state != ACCOUNT_ACTIVE || (who.hide_collections && id != me) ||
		      (me && me != id && is_blocked_between(r->db, me, id));
	return hidden ? answer_accounts(r, out, (struct accounts){0})
		      : answer_people(r, out, which, id);
}

enum err on_account_followers(struct req *r, struct answer *out)
{
	return answer_ties(r, out, PEOPLE_FOLLOWERS);
}

enum err on_account_following(struct req *r, struct answer *out)
{
	return answer_ties(r, out, PEOPLE_FOLLOWING);
}

enum err on_account_endorsements(struct req *r, struct answer *out)
{
	return answer_ties(r, out, PEOPLE_ENDORSED);
}

/* What Mastodon once had, or has and we do not: there is none of it. */
enum err on_account_nothing(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("[]"));
	return OK;
}

static enum err answer_relation(struct req *r, struct tx *tx, struct answer *out, enum err e)
{
	if (e != OK)
		return e;
	struct jw w = {.out = out->body};
	int64_t target = param_i64(r, "id", 0);
	entity_relationship(&w, relations_load(tx_db(tx), r->a, r->viewer.account, &target, 1));
	return OK;
}

/* There need not be such a follower. */
enum err on_account_follower_remove(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = follow_reject(tx, r->viewer.account, param_i64(r, "id", 0));
	return answer_relation(r, tx, out, e == ERR_NOT_FOUND ? OK : e);
}

enum err on_account_endorse(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_relation(r, tx, out,
			       endorse_add(tx, r->viewer.account, param_i64(r, "id", 0)));
}

enum err on_account_unendorse(struct req *r, struct tx *tx, struct answer *out)
{
	endorse_end(tx, r->viewer.account, param_i64(r, "id", 0));
	return answer_relation(r, tx, out, OK);
}

enum err on_account_note(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_relation(
		r, tx, out,
		remark_set(tx, r->viewer.account, param_i64(r, "id", 0), param_str(r, "comment")));
}

static const struct account *account_in(const struct accounts *all, int64_t id)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].id == id)
			return &all->at[i];
	return NULL;
}

static void put_familiar(struct jw *w, struct arena *a, const struct familiars *f, int64_t target)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), target);
	jw_key(w, S("accounts"));
	jw_open(w, '[');
	for (size_t i = 0; i < f->n; i++) {
		const struct account *who = f->at[i].target == target
						    ? account_in(&f->who, f->at[i].who)
						    : NULL;
		if (who)
			entity_account(w, a, who);
	}
	jw_close(w, ']');
	jw_close(w, '}');
}

enum err on_familiar_followers(struct req *r, struct answer *out)
{
	enum { MOST = 20 };
	size_t n, known = 0;
	int64_t ids[MOST];
	const struct str *sent = param_list(r, "id", &n);
	struct jw w = {.out = out->body};
	for (size_t i = 0; i < n && known < MOST; i++)
		known += str_i64(sent[i], &ids[known]);
	struct familiars found = people_familiar(r->db, r->a, r->viewer.account, ids, known);
	jw_open(&w, '[');
	for (size_t i = 0; i < known; i++)
		put_familiar(&w, r->a, &found, ids[i]);
	jw_close(&w, ']');
	return OK;
}

enum err on_follow_requests(struct req *r, struct answer *out)
{
	return answer_people(r, out, PEOPLE_REQUESTS, r->viewer.account);
}

/* Only who asked can be answered. */
static enum err check_asked(struct req *r, struct tx *tx)
{
	struct relation is = relation_get(tx_db(tx), r->viewer.account, param_i64(r, "id", 0));
	return is.requested_by ? OK : ERR_NOT_FOUND;
}

enum err on_follow_request_authorize(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = check_asked(r, tx);
	if (e == OK)
		e = follow_accept(tx, r->viewer.account, param_i64(r, "id", 0));
	return answer_relation(r, tx, out, e);
}

enum err on_follow_request_reject(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = check_asked(r, tx);
	if (e == OK)
		e = follow_reject(tx, r->viewer.account, param_i64(r, "id", 0));
	return answer_relation(r, tx, out, e);
}

enum err on_blocks(struct req *r, struct answer *out)
{
	return answer_people(r, out, PEOPLE_BLOCKS, r->viewer.account);
}

/* "MutedAccount": an Account and when its mute ends. */
enum err on_mutes(struct req *r, struct answer *out)
{
	struct people p = page_shown(r, PEOPLE_MUTES, r->viewer.account);
	struct jw w = {.out = out->body};
	if (p.who.n > 0)
		answer_links(r, out, p.full ? p.last : 0, p.first);
	jw_open(&w, '[');
	for (size_t i = 0; i < p.who.n; i++) {
		entity_account(&w, r->a, &p.who.at[i]);
		out->body->len--; /* the closing brace: one member more */
		jw_key(&w, S("mute_expires_at"));
		jw_time(&w, p.expires_at[i]);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	return OK;
}

enum err on_endorsements(struct req *r, struct answer *out)
{
	return answer_people(r, out, PEOPLE_ENDORSED, r->viewer.account);
}

enum err on_domain_blocks(struct req *r, struct answer *out)
{
	enum { STANDARD = 100 };
	struct span s = span_of(r, LIMIT_STANDARD);
	s.limit = (int)param_i64(r, "limit", STANDARD);
	struct domains d = domain_blocks(r->db, r->a, r->viewer.account, s);
	struct jw w = {.out = out->body};
	if (d.n > 0)
		answer_links(r, out, d.n == (size_t)s.limit ? d.id[d.n - 1] : 0, d.id[0]);
	jw_open(&w, '[');
	for (size_t i = 0; i < d.n; i++)
		jw_str(&w, d.at[i]);
	jw_close(&w, ']');
	return OK;
}

enum err on_domain_block_preview(struct req *r, struct answer *out)
{
	int64_t following, followers;
	struct jw w = {.out = out->body};
	domain_block_preview(r->db, r->a, r->viewer.account, param_str(r, "domain"), &following,
			     &followers);
	jw_open(&w, '{');
	jw_ki64(&w, S("following_count"), following);
	jw_ki64(&w, S("followers_count"), followers);
	jw_close(&w, '}');
	return OK;
}

static enum err answer_nothing(struct answer *out, enum err e)
{
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}

enum err on_domain_block(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_nothing(
		out, domain_block_add(tx, r->a, r->viewer.account, param_str(r, "domain")));
}

enum err on_domain_unblock(struct req *r, struct tx *tx, struct answer *out)
{
	domain_block_end(tx, r->a, r->viewer.account, param_str(r, "domain"));
	return answer_nothing(out, OK);
}

enum err on_suggestions_v1(struct req *r, struct answer *out)
{
	size_t shared;
	return answer_accounts(r, out,
			       people_suggested(r->db, r->a, r->viewer.account,
						(int)param_i64(r, "limit", LIMIT_STANDARD),
						&shared));
}

enum err on_suggestions(struct req *r, struct answer *out)
{
	size_t shared;
	struct accounts list = people_suggested(r->db, r->a, r->viewer.account,
						(int)param_i64(r, "limit", LIMIT_STANDARD),
						&shared);
	struct jw w = {.out = out->body};
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++) {
		jw_open(&w, '{');
		jw_kstr(&w, S("source"), i < shared ? S("past_interactions") : S("global"));
		jw_key(&w, S("sources"));
		jw_raw(&w, i < shared ? S("[\"friends_of_friends\"]") : S("[\"most_followed\"]"));
		jw_key(&w, S("account"));
		entity_account(&w, r->a, &list.at[i]);
		jw_close(&w, '}');
	}
	jw_close(&w, ']');
	return OK;
}

enum err on_suggestion_hide(struct req *r, struct tx *tx, struct answer *out)
{
	people_suggestion_hide(tx, r->viewer.account, param_i64(r, "id", 0));
	return answer_nothing(out, OK);
}

enum err on_directory(struct req *r, struct answer *out)
{
	bool newest = str_eq(param_str(r, "order"), S("new"));
	return answer_accounts(r, out,
			       account_directory(r->db, r->a, newest,
						 (int)param_i64(r, "limit", LIMIT_STANDARD),
						 (int)param_i64(r, "offset", 0)));
}
