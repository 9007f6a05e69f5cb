/* SPDX-License-Identifier: MIT */
/* The policy for strangers' notifications, and the requests of those it keeps back. */
#include "api/notifications.h"

enum { REQUESTS_AT_ONCE = 80 };

static const struct str verdicts[] = {
	[NOTICE_ACCEPT] = S_INIT("accept"),
	[NOTICE_FILTER] = S_INIT("filter"),
	[NOTICE_DROP] = S_INIT("drop"),
};
/* v1 knew four of them, and only whether they are kept back. */
static const struct {
	const char *now, *v1;
} names[STRANGER_KINDS] = {
	[STRANGER_NOT_FOLLOWING] = {"for_not_following", "filter_not_following"},
	[STRANGER_NOT_FOLLOWER] = {"for_not_followers", "filter_not_followers"},
	[STRANGER_NEW_ACCOUNT] = {"for_new_accounts", "filter_new_accounts"},
	[STRANGER_PRIVATE] = {"for_private_mentions", "filter_private_mentions"},
	[STRANGER_LIMITED] = {"for_limited_accounts", NULL},
};

static void answer_policy(struct req *r, struct db *db, struct answer *out, bool v1)
{
	struct jw w = {.out = out->body};
	struct notice_policy p = notice_policy_get(db, r->viewer.account);
	jw_open(&w, '{');
	for (int i = 0; i < STRANGER_KINDS; i++) {
		if (!v1)
			jw_kstr(&w, str_of(names[i].now), verdicts[p.of[i]]);
		else if (names[i].v1)
			jw_kbool(&w, str_of(names[i].v1), p.of[i] != NOTICE_ACCEPT);
	}
	jw_key(&w, S("summary"));
	jw_open(&w, '{');
	jw_ki64(&w, S("pending_requests_count"), p.requests);
	jw_ki64(&w, S("pending_notifications_count"), p.notices);
	jw_close(&w, '}');
	jw_close(&w, '}');
}

enum err on_notification_policy(struct req *r, struct answer *out)
{
	answer_policy(r, r->db, out, false);
	return OK;
}

enum err on_notification_policy_v1(struct req *r, struct answer *out)
{
	answer_policy(r, r->db, out, true);
	return OK;
}

/* What is not sent stays as it is. */
enum err on_notification_policy_set(struct req *r, struct tx *tx, struct answer *out)
{
	struct notice_policy p = notice_policy_get(tx_db(tx), r->viewer.account);
	for (int i = 0; i < STRANGER_KINDS; i++)
		for (int v = NOTICE_ACCEPT; v <= NOTICE_DROP; v++)
			if (str_eq(param_str(r, names[i].now), verdicts[v]))
				p.of[i] = (enum notice_verdict)v;
	notice_policy_set(tx, r->viewer.account, &p);
	answer_policy(r, tx_db(tx), out, false);
	return OK;
}

enum err on_notification_policy_v1_set(struct req *r, struct tx *tx, struct answer *out)
{
	struct notice_policy p = notice_policy_get(tx_db(tx), r->viewer.account);
	for (int i = 0; i < STRANGER_KINDS; i++)
		if (names[i].v1 && param_has(r, names[i].v1))
			p.of[i] = param_bool(r, names[i].v1, false) ? NOTICE_FILTER : NOTICE_ACCEPT;
	notice_policy_set(tx, r->viewer.account, &p);
	answer_policy(r, tx_db(tx), out, true);
	return OK;
}

static void put_request(struct jw *w, const struct cast *c, const struct notice_request *q)
{
	SCOPED_BUF count = BUF_EMPTY;
	buf_i64(&count, q->count);
	jw_open(w, '{');
	jw_kid(w, S("id"), q->id);
	jw_key(w, S("created_at"));
	jw_time(w, id_ms(q->id));
	jw_key(w, S("updated_at"));
	jw_time(w, q->updated_at);
	jw_kstr(w, S("notifications_count"), buf_str(&count));
	jw_key(w, S("account"));
	entity_account(w, c->sight.a, cast_person(c, q->actor));
	cast_put_kwip(w, c, S("last_status"), q->last_kwip, true);
	jw_close(w, '}');
}

static struct cast cast_of(struct req *r, struct lens *l, struct notice_requests list)
{
	int64_t *people = arena_array(r->a, list.n, sizeof *people),
		*kwips = arena_array(r->a, list.n, sizeof *kwips);
	struct sight s = {r->a, r->db, l, r->viewer.account};
	for (size_t i = 0; i < list.n; i++) {
		people[i] = list.at[i].actor;
		kwips[i] = list.at[i].last_kwip;
	}
	return cast_load(&s, people, list.n, kwips, list.n);
}

enum err on_notification_requests(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	int64_t bounds[] = {param_i64(r, "max_id", 0), param_i64(r, "since_id", 0),
			    param_i64(r, "min_id", 0)};
	int limit = (int)param_i64(r, "limit", 40);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct notice_requests list = notice_requests_list(r->db, r->a, r->viewer.account, bounds,
							   limit);
	struct cast c = cast_of(r, l, list);
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++)
		put_request(&w, &c, &list.at[i]);
	jw_close(&w, ']');
	if (list.n > 0)
		answer_links(r, out, list.n == (size_t)limit ? list.at[list.n - 1].id : 0,
			     list.at[0].id);
	return OK;
}

enum err on_notification_request(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct notice_request q;
	if (!notice_request_get(r->db, r->viewer.account, param_i64(r, "id", 0), &q))
		return ERR_NOT_FOUND;
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct cast c = cast_of(r, l, (struct notice_requests){&q, 1});
	put_request(&w, &c, &q);
	return OK;
}

/* Accepting merges in its own transaction: there never is anything left to wait for. */
enum err on_notification_requests_merged(struct req *r, struct answer *out)
{
	(void)r;
	buf_put(out->body, S("{\"merged\":true}"));
	return OK;
}

enum err on_notification_request_accept(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_empty(out,
			    notice_request_accept(tx, r->viewer.account, param_i64(r, "id", 0)));
}

enum err on_notification_request_dismiss(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_empty(out,
			    notice_request_dismiss(tx, r->viewer.account, param_i64(r, "id", 0)));
}

/* Of several those that are there; ids of others' requests are as good as none. */
static enum err each_request(struct req *r, struct tx *tx, struct answer *out,
			     enum err (*does)(struct tx *tx, int64_t account, int64_t id))
{
	size_t n;
	const struct str *sent = param_list(r, "id", &n);
	if (n > REQUESTS_AT_ONCE)
		return refuse("at most %d requests at once", REQUESTS_AT_ONCE);
	for (size_t i = 0; i < n; i++) {
		int64_t id;
		enum err e = str_i64(sent[i], &id) ? does(tx, r->viewer.account, id)
						   : ERR_NOT_FOUND;
		if (e != OK && e != ERR_NOT_FOUND)
			return e;
	}
	return answer_empty(out, OK);
}

enum err on_notification_requests_accept(struct req *r, struct tx *tx, struct answer *out)
{
	return each_request(r, tx, out, notice_request_accept);
}

enum err on_notification_requests_dismiss(struct req *r, struct tx *tx, struct answer *out)
{
	return each_request(r, tx, out, notice_request_dismiss);
}
