/* SPDX-License-Identifier: MIT */
/*
 * Web Push: one notice to one subscription. The JSON inside is Mastodon's, because apps read it;
 * access_token stays empty, since tokens are kept as hashes only and cannot be told.
 */
#include "api/api.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "core/kwip.h"
#include "core/push.h"
#include "net/webpush.h"
#include "svc/courier.h"

enum {
	ATTEMPTS_MAX = 10,
	FIRST_MS = 15000,
	TIMEOUT_MS = 15000,
	ANSWER_MAX = 16 * 1024,
	OLD_MS = 48 * 3600 * 1000,
	WAIT_MAX_S = 24 * 3600,
	BODY_CHARS = 140
};

static const struct {
	const char *title; /* %s: who did it */
} texts[NOTICE_KINDS] = {
	[NOTICE_MENTION] = {"%.*s mentioned you"},
	[NOTICE_COMMENT] = {"%.*s answered you"},
	[NOTICE_FAVOURITE] = {"%.*s favourited your post"},
	[NOTICE_BOOST] = {"%.*s boosted your post"},
	[NOTICE_FOLLOW] = {"%.*s is now following you"},
	[NOTICE_REQUEST] = {"%.*s has requested to follow you"},
	[NOTICE_EDIT] = {"%.*s edited a post"},
	[NOTICE_KWIP] = {"%.*s just posted"},
	[NOTICE_SIGNUP] = {"%.*s signed up"},
	[NOTICE_POLL] = {"A poll by %.*s has ended"},
	[NOTICE_QUOTE] = {"%.*s quoted your post"},
	[NOTICE_QUOTED_EDIT] = {"%.*s edited a post you quoted"},
	[NOTICE_REPORT] = {"%.*s submitted a report"},
};

static struct str type_of(enum notice_kind kind)
{
	for (size_t i = 0; i < push_alerts_count; i++) {
		if (push_alerts[i].kinds >> kind & 1)
			return push_alerts[i].name;
	}
	return S("");
}

static struct str title_of(struct arena *a, const struct push_note *n, const struct account *who)
{
	struct str name = who->display_name.len > 0 ? who->display_name : who->name;
	const char *text = texts[n->kind].title;
	return text ? arena_printf(a, text, (int)name.len, name.at) : name;
}

/* What was said, behind its warning if it has one; without a kwip, who did it says of itself. */
static struct str body_of(struct db *db, struct arena *a, const struct push_note *n,
			  const struct account *who)
{
	struct kwips found = kwips_load(db, a, &n->kwip, n->kwip != 0);
	struct str text = who->about;
	if (found.n > 0) {
		const struct kwip *k = found.at[0].boosted ? found.at[0].boosted : &found.at[0];
		text = k->warning.len > 0 ? k->warning : k->body;
	}
	return markup_excerpt(a, text, BODY_CHARS);
}

static void put_payload(struct buf *out, struct db *db, struct arena *a, const struct push_note *n,
			const struct account *who)
{
	struct jw w = {.out = out};
	jw_open(&w, '{');
	jw_kstr(&w, S("access_token"), S(""));
	jw_kstr(&w, S("preferred_locale"), n->language.len > 0 ? n->language : conf.language);
	jw_ki64(&w, S("notification_id"), n->notice);
	jw_kstr(&w, S("notification_type"), type_of(n->kind));
	jw_kstr(&w, S("icon"), api_avatar_url(a, who));
	jw_kstr(&w, S("title"), title_of(a, n, who));
	jw_kstr(&w, S("body"), body_of(db, a, n, who));
	jw_close(&w, '}');
}

static enum err gone_run(struct tx *tx, void *arg)
{
	struct trip *t = arg;
	push_gone(tx, t->subscription, t->endpoint);
	return OK;
}

static void forget(struct trip *t)
{
	if (tx_run(t->courier->main, gone_run, t) != OK)
		log_warn("a push subscription that is over could not be removed");
}

static bool may_help_later(const struct fetch_answer *answer)
{
	if (answer->err != OK)
		return answer->err == ERR_REMOTE;
	return answer->status == 408 || answer->status == 429 || answer->status >= 500;
}

static void on_answer(void *arg, const struct fetch_answer *answer)
{
	struct trip *t = arg;
	log_debug("push %lld: %d %s", (long long)t->e.subject, answer->status, answer->why);
	if (answer->err == OK && (answer->status == 404 || answer->status == 410))
		forget(t);
	if (!may_help_later(answer) || t->e.attempts + 1 >= ATTEMPTS_MAX) {
		courier_done(t);
		return;
	}
	int64_t wait_ms = courier_backoff(t, FIRST_MS, 2);
	int64_t asked_s = answer->retry_after_s < WAIT_MAX_S ? answer->retry_after_s : WAIT_MAX_S;
	if (asked_s * 1000 > wait_ms)
		wait_ms = asked_s * 1000;
	courier_retry(t, wait_ms);
}

static struct str contact_of(struct arena *a)
{
	if (conf.contact.len > 0)
		return arena_printf(a, "mailto:%.*s", (int)conf.contact.len, conf.contact.at);
	return arena_str(a, conf_base_url());
}

static enum verdict send(struct trip *t, const struct push_subscription *s, struct str plain)
{
	struct push_message m;
	struct push_from from = {
		.key = &t->courier->key, .contact = contact_of(t->a), .now_s = clock_ms() / 1000};
	struct push_to to = {s->endpoint, s->p256dh, s->auth, s->standard};
	if (push_seal(t->a, &to, &from, plain, &m) != OK) {
		forget(t); /* nobody can read what is sealed with such keys */
		return VERDICT_OVER;
	}
	struct fetch_ask ask = {.url = s->endpoint,
				.post = true,
				.body = m.body,
				.headers = m.headers,
				.n_headers = m.n_headers,
				.body_max = ANSWER_MAX,
				.may_cut = true,
				.timeout_ms = TIMEOUT_MS};
	return courier_fly(t, &ask, on_answer) ? VERDICT_FLYING : VERDICT_LATER;
}

enum verdict push_start(struct trip *t)
{
	struct courier *c = t->courier;
	struct push_subscription s;
	struct push_note n;
	struct account who;
	SCOPED_BUF plain = BUF_EMPTY;
	if (!c->knows_key || t->e.attempts >= ATTEMPTS_MAX || clock_ms() - t->e.made_at > OLD_MS ||
	    !push_get(c->db, t->a, t->e.target, &s) ||
	    !push_note_for(c->db, t->a, &s, t->e.subject, &n) ||
	    !account_get(c->db, t->a, n.actor, &who))
		return db_err(c->db) == OK ? VERDICT_OVER : VERDICT_LATER;
	if (!fetcher_has_room(c->fetcher, s.endpoint))
		return VERDICT_LATER;
	t->endpoint = s.endpoint;
	t->subscription = s.id;
	put_payload(&plain, c->db, t->a, &n, &who);
	return send(t, &s, buf_str(&plain));
}
