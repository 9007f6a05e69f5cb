/* SPDX-License-Identifier: MIT */
/*
 * Notification and GroupedNotificationsResults, and how the entities of this part load the people
 * and kwips they speak of: all of an answer together.
 */
#include "api/notifications.h"
#include "api/own.h"

static const struct {
	struct str type;
	bool has_kwip; /* says nothing without it */
} words[NOTICE_KINDS] = {
	[NOTICE_MENTION] = {S_INIT("mention"), true},
	[NOTICE_COMMENT] = {S_INIT("mention"), true},
	[NOTICE_FAVOURITE] = {S_INIT("favourite"), true},
	[NOTICE_BOOST] = {S_INIT("reblog"), true},
	[NOTICE_FOLLOW] = {S_INIT("follow"), false},
	[NOTICE_REQUEST] = {S_INIT("follow_request"), false},
	[NOTICE_EDIT] = {S_INIT("update"), true},
	[NOTICE_KWIP] = {S_INIT("status"), true},
	[NOTICE_BUZZ] = {S_INIT("kwipd.buzz"), false},
	[NOTICE_SIGNUP] = {S_INIT("admin.sign_up"), false},
	[NOTICE_POLL] = {S_INIT("poll"), true},
	[NOTICE_QUOTE] = {S_INIT("quote"), true},
	[NOTICE_QUOTED_EDIT] = {S_INIT("quoted_update"), true},
	[NOTICE_REPORT] = {S_INIT("admin.report"), false},
	[NOTICE_WARNING] = {S_INIT("moderation_warning"), false},
};

struct str entity_notice_type(enum notice_kind kind)
{
	return words[kind].type;
}

int notice_kinds_of(struct str type)
{
	int kinds = 0;
	for (int i = 1; i < NOTICE_KINDS; i++)
		kinds |= str_eq(words[i].type, type) ? NOTICE_BIT(i) : 0;
	return kinds;
}

static bool has_id(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Each but 0 once. */
static int64_t *distinct(struct arena *a, const int64_t *ids, size_t n, size_t *out)
{
	int64_t *some = arena_array(a, n, sizeof *some);
	*out = 0;
	for (size_t i = 0; i < n; i++)
		if (ids[i] && !has_id(some, *out, ids[i]))
			some[(*out)++] = ids[i];
	return some;
}

struct cast cast_load(const struct sight *s, const int64_t *people, size_t n_people,
		      const int64_t *kwips, size_t n_kwips)
{
	struct cast c = {.sight = *s};
	size_t n;
	int64_t *ids = distinct(s->a, people, n_people, &n);
	c.people = accounts_load(s->db, s->a, ids, n);
	ids = distinct(s->a, kwips, n_kwips, &n);
	c.n_visible = kwips_visible(s->db, s->viewer, ids, n);
	c.visible = ids;
	struct gather_ask ask = {s->db, s->lens, s->viewer, ids, c.n_visible};
	c.kwips = entity_gather(s->a, &ask);
	return c;
}

/* Moderators are told of who waits to be let in. */
static bool is_seen(enum account_state s)
{
	return s == ACCOUNT_ACTIVE || s == ACCOUNT_PENDING;
}

const struct account *cast_person(const struct cast *c, int64_t id)
{
	for (size_t i = 0; i < c->people.n; i++)
		if (c->people.at[i].id == id)
			return is_seen(c->people.at[i].state) ? &c->people.at[i] : NULL;
	return NULL;
}

bool cast_shows(const struct cast *c, int64_t kwip)
{
	return has_id(c->visible, c->n_visible, kwip) && gather_find(c->kwips, kwip) != NULL;
}

void cast_put_kwip(struct jw *w, const struct cast *c, struct str key, int64_t kwip, bool or_null)
{
	bool shown = cast_shows(c, kwip);
	if (!shown && !or_null)
		return;
	jw_key(w, key);
	if (!shown || !entity_gathered(w, c->kwips, c->sight.viewer, kwip))
		jw_null(w);
}

static bool is_shown(const struct cast *c, const struct notice *n)
{
	return cast_person(c, n->actor) && (!words[n->kind].has_kwip || cast_shows(c, n->kwip));
}

/* Few, and for moderators alone: each is loaded by itself. */
static void put_report(struct jw *w, const struct cast *c, const struct notice *n)
{
	struct report report;
	if (n->kind != NOTICE_REPORT || !report_get(c->sight.db, c->sight.a, n->extra, &report))
		return;
	jw_key(w, S("report"));
	entity_report(w, c->sight.a, c->sight.db, &report);
}

/* What more a kind says of itself. */
static void put_subject(struct jw *w, const struct cast *c, const struct notice *n)
{
	struct warning warning;
	put_report(w, c, n);
	if (n->kind != NOTICE_WARNING || !warning_get(c->sight.db, c->sight.a, n->extra, &warning))
		return;
	jw_key(w, S("moderation_warning"));
	entity_warning(w, c->sight.a, &warning, cast_person(c, n->actor));
}

static void put_notice(struct jw *w, const struct cast *c, const struct notice *n)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), n->id);
	jw_kstr(w, S("type"), words[n->kind].type);
	jw_kstr(w, S("group_key"), notice_group_key(c->sight.a, n, true));
	jw_key(w, S("created_at"));
	jw_time(w, n->at);
	jw_key(w, S("account"));
	entity_account(w, c->sight.a, cast_person(c, n->actor));
	if (n->kwip)
		cast_put_kwip(w, c, S("status"), n->kwip, false);
	put_subject(w, c, n);
	if (n->filtered)
		jw_kbool(w, S("filtered"), true);
	jw_close(w, '}');
}

static struct cast cast_of(const struct sight *s, struct notices list)
{
	int64_t *people = arena_array(s->a, list.n, sizeof *people),
		*kwips = arena_array(s->a, list.n, sizeof *kwips);
	for (size_t i = 0; i < list.n; i++) {
		people[i] = list.at[i].actor;
		kwips[i] = list.at[i].kwip;
	}
	return cast_load(s, people, list.n, kwips, list.n);
}

void entity_notifications(struct jw *w, const struct sight *s, struct notices list)
{
	struct cast c = cast_of(s, list);
	jw_open(w, '[');
	for (size_t i = 0; i < list.n; i++)
		if (is_shown(&c, &list.at[i]))
			put_notice(w, &c, &list.at[i]);
	jw_close(w, ']');
}

bool entity_notification_by_id(struct jw *w, struct arena *a, struct db *db, struct lens *l,
			       int64_t viewer, int64_t id)
{
	struct notice n;
	if (!notice_get(db, viewer, id, &n))
		return false;
	struct sight s = {a, db, l, viewer};
	struct cast c = cast_of(&s, (struct notices){&n, 1});
	if (!is_shown(&c, &n))
		return false;
	put_notice(w, &c, &n);
	return true;
}

static struct cast cast_of_groups(const struct sight *s, struct notice_groups list)
{
	int64_t *people = arena_array(s->a, list.n * NOTICE_GROUP_SAMPLES, sizeof *people),
		*kwips = arena_array(s->a, list.n, sizeof *kwips);
	size_t n = 0;
	for (size_t i = 0; i < list.n; i++) {
		kwips[i] = list.at[i].newest.kwip;
		for (size_t k = 0; k < list.at[i].samples; k++)
			people[n++] = list.at[i].sample[k];
	}
	return cast_load(s, people, n, kwips, list.n);
}

static void put_page_id(struct jw *w, struct str key, int64_t id)
{
	jw_key(w, key);
	jw_id(w, id);
}

static void put_group(struct jw *w, const struct cast *c, const struct notice_group *g)
{
	const struct notice *n = &g->newest;
	jw_open(w, '{');
	jw_kstr(w, S("group_key"), notice_group_key(c->sight.a, n, g->grouped));
	jw_ki64(w, S("notifications_count"), g->count);
	jw_kstr(w, S("type"), words[n->kind].type);
	jw_ki64(w, S("most_recent_notification_id"), n->id);
	put_page_id(w, S("page_min_id"), g->page_min);
	put_page_id(w, S("page_max_id"), g->page_max);
	jw_key(w, S("latest_page_notification_at"));
	jw_time(w, n->at);
	jw_key(w, S("sample_account_ids"));
	jw_open(w, '[');
	for (size_t i = 0; i < g->samples; i++)
		if (cast_person(c, g->sample[i]))
			jw_id(w, g->sample[i]);
	jw_close(w, ']');
	if (words[n->kind].has_kwip)
		jw_kid(w, S("status_id"), n->kwip);
	put_subject(w, c, n);
	jw_close(w, '}');
}

/* Who is the newest of a group is shown whole. */
static bool is_foremost(struct notice_groups list, int64_t account)
{
	for (size_t i = 0; i < list.n; i++)
		if (list.at[i].newest.actor == account)
			return true;
	return false;
}

/* "PartialAccountWithAvatar": the members of Account that an avatar needs. */
static void put_partial(struct jw *w, struct arena *a, const struct account *who)
{
	static const char *const kept[] = {"id",     "acct", "url", "avatar", "avatar_static",
					   "locked", "bot"};
	SCOPED_BUF whole = BUF_EMPTY;
	SCOPED_JSON doc = {0};
	api_account_json(&whole, a, who);
	if (json_parse(&doc, buf_str(&whole)) != OK)
		die("an Account is no JSON");
	jw_open(w, '{');
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		const struct json *value = json_get(doc.root, kept[i]);
		jw_key(w, str_of(kept[i]));
		if (json_kind(value) == JSON_BOOL)
			jw_bool(w, json_bool(value));
		else
			jw_str(w, json_str(value));
	}
	jw_close(w, '}');
}

static void put_people(struct jw *w, const struct cast *c, struct notice_groups list, bool partial)
{
	jw_key(w, S("accounts"));
	jw_open(w, '[');
	for (size_t i = 0; i < c->people.n; i++)
		if (!partial || is_foremost(list, c->people.at[i].id))
			entity_account(w, c->sight.a, &c->people.at[i]);
	jw_close(w, ']');
	if (!partial)
		return;
	jw_key(w, S("partial_accounts"));
	jw_open(w, '[');
	for (size_t i = 0; i < c->people.n; i++)
		if (!is_foremost(list, c->people.at[i].id))
			put_partial(w, c->sight.a, &c->people.at[i]);
	jw_close(w, ']');
}

void entity_notice_groups(struct jw *w, const struct sight *s, struct notice_groups list,
			  bool partial)
{
	struct cast c = cast_of_groups(s, list);
	jw_open(w, '{');
	put_people(w, &c, list, partial);
	jw_key(w, S("statuses"));
	jw_open(w, '[');
	for (size_t i = 0; i < c.n_visible; i++)
		(void)entity_gathered(w, c.kwips, s->viewer, c.visible[i]);
	jw_close(w, ']');
	jw_key(w, S("notification_groups"));
	jw_open(w, '[');
	for (size_t i = 0; i < list.n; i++)
		if (is_shown(&c, &list.at[i].newest))
			put_group(w, &c, &list.at[i]);
	jw_close(w, ']');
	jw_close(w, '}');
}
