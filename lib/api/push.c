/* SPDX-License-Identifier: MIT */
/* WebPushSubscription: one per token. */
#include "api/push.h"

#include "api/entity.h"
#include "base/base64.h"
#include "base/conf.h"
#include "core/push.h"

static void put_subscription(struct req *r, struct db *db, const struct push_subscription *s,
			     struct buf *out)
{
	struct jw w = {.out = out};
	jw_open(&w, '{');
	jw_ki64(&w, S("id"), s->id);
	jw_kstr(&w, S("endpoint"), s->endpoint);
	jw_kbool(&w, S("standard"), s->standard);
	jw_key(&w, S("alerts"));
	jw_open(&w, '{');
	for (size_t i = 0; i < push_alerts_count; i++)
		jw_kbool(&w, push_alerts[i].name, (s->alerts & push_alerts[i].kinds) != 0);
	jw_close(&w, '}');
	jw_kstr(&w, S("policy"), push_policy_name(s->policy));
	jw_kstr(&w, S("server_key"), push_public_key(db, r->a));
	jw_close(&w, '}');
}

static enum err answer_subscription(struct req *r, struct db *db, struct answer *out)
{
	struct push_subscription s;
	if (!push_find(db, r->a, r->viewer.secret_hash, &s))
		return ERR_NOT_FOUND;
	put_subscription(r, db, &s, out->body);
	return OK;
}

enum err on_push(struct req *r, struct answer *out)
{
	return answer_subscription(r, r->db, out);
}

static int64_t alerts_of(struct req *r)
{
	int64_t alerts = 0;
	for (size_t i = 0; i < push_alerts_count; i++) {
		struct str name = push_alerts[i].name;
		struct str param = arena_printf(r->a, "data[alerts][%.*s]", (int)name.len, name.at);
		if (param_bool(r, param.at, false))
			alerts |= push_alerts[i].kinds;
	}
	return alerts;
}

static enum err policy_of(struct req *r, enum push_policy *policy)
{
	if (!push_policy_of(param_str(r, "data[policy]"), policy))
		return refuse("Validation failed: Policy is not included in the list");
	return OK;
}

/* Plain http reaches nobody but receivers that the settings name, on networks of one's own. */
static bool is_endpoint(struct str url)
{
	if (str_starts(url, S("https://")) && url.len > 8)
		return true;
	return conf.fetch_private.len > 0 && str_starts(url, S("http://")) && url.len > 7;
}

/* Whether the point lies on the curve shows when it is used: who sent another is told nothing. */
static bool are_keys(struct str p256dh, struct str auth)
{
	enum { POINT = 65, AUTH = 16 };
	SCOPED_BUF point = BUF_EMPTY, secret = BUF_EMPTY;
	return base64_get(&point, p256dh) && base64_get(&secret, auth) && point.len == POINT &&
	       point.at[0] == 4 && secret.len == AUTH;
}

enum err on_push_subscribe(struct req *r, struct tx *tx, struct answer *out)
{
	struct push_subscription s = {.account = r->viewer.account,
				      .token = r->viewer.secret_hash,
				      .endpoint = param_str(r, "subscription[endpoint]"),
				      .p256dh = param_str(r, "subscription[keys][p256dh]"),
				      .auth = param_str(r, "subscription[keys][auth]"),
				      .standard = param_bool(r, "subscription[standard]", false),
				      .alerts = alerts_of(r)};
	if (!is_endpoint(s.endpoint))
		return refuse("Validation failed: Endpoint must be an https address");
	if (!are_keys(s.p256dh, s.auth))
		return refuse("Validation failed: the subscription's keys are none");
	enum err e = policy_of(r, &s.policy);
	if (e != OK)
		return e;
	push_put(tx, &s);
	return answer_subscription(r, tx_db(tx), out);
}

enum err on_push_change(struct req *r, struct tx *tx, struct answer *out)
{
	enum push_policy policy;
	enum err e = policy_of(r, &policy);
	if (e == OK)
		e = push_change(tx, r->viewer.secret_hash, alerts_of(r), policy);
	return e == OK ? answer_subscription(r, tx_db(tx), out) : e;
}

enum err on_push_remove(struct req *r, struct tx *tx, struct answer *out)
{
	push_remove(tx, r->viewer.secret_hash);
	buf_put(out->body, S("{}"));
	return OK;
}
