/* SPDX-License-Identifier: MIT */
/* Notifications, one by one (v1) and in groups (v2). */
#include "api/notifications.h"
#include "core/marker.h"

enum { GROUP_PEOPLE_MAX = 400 };

static int kinds_in(struct req *r, const char *name, bool *sent)
{
	size_t n;
	int kinds = 0;
	const struct str *types = param_list(r, name, &n);
	for (size_t i = 0; i < n; i++)
		kinds |= notice_kinds_of(types[i]);
	*sent = n > 0;
	return kinds;
}

/* A buzz is no kind of Mastodon's: only who says that it knows it is told. */
static int kinds_wanted(struct req *r)
{
	bool sent;
	int supported = kinds_in(r, "supported_types", &sent);
	int wanted = kinds_in(r, "types", &sent);
	if (!sent)
		wanted = (NOTICES_ALL & ~NOTICE_BIT(NOTICE_BUZZ)) |
			 (supported & NOTICE_BIT(NOTICE_BUZZ));
	return wanted & ~kinds_in(r, "exclude_types", &sent);
}

static int kinds_grouped(struct req *r)
{
	bool sent;
	int grouped = kinds_in(r, "grouped_types", &sent);
	return sent ? grouped & NOTICES_GROUPED : NOTICES_GROUPED;
}

static struct notice_ask counted_of(struct req *r)
{
	return (struct notice_ask){
		.account = r->viewer.account,
		.from = param_i64(r, "account_id", 0),
		.kinds = kinds_wanted(r),
		.filtered = param_bool(r, "include_filtered", false),
	};
}

static struct notice_ask ask_of(struct req *r)
{
	struct notice_ask ask = counted_of(r);
	ask.max_id = param_i64(r, "max_id", 0);
	ask.since_id = param_i64(r, "since_id", 0);
	ask.min_id = param_i64(r, "min_id", 0);
	ask.limit = (int)param_i64(r, "limit", 40);
	return ask;
}

static struct sight sight_of(struct req *r, struct lens *l)
{
	return (struct sight){r->a, r->db, l, r->viewer.account};
}

enum err on_notifications(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct notice_ask ask = ask_of(r);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct sight s = sight_of(r, l);
	struct notices list = notice_page(r->db, r->a, &ask);
	entity_notifications(&w, &s, list);
	if (list.n > 0)
		answer_links(r, out, list.n == (size_t)ask.limit ? list.at[list.n - 1].id : 0,
			     list.at[0].id);
	return OK;
}

enum err on_notification(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	SCOPED_LENS l = lens_open(r->db, r->a);
	return entity_notification_by_id(&w, r->a, r->db, l, r->viewer.account,
					 param_i64(r, "id", 0))
		       ? OK
		       : ERR_NOT_FOUND;
}

enum err answer_empty(struct answer *out, enum err e)
{
	if (e == OK)
		buf_put(out->body, S("{}"));
	return e;
}

enum err on_notifications_clear(struct req *r, struct tx *tx, struct answer *out)
{
	notice_clear(tx, r->viewer.account);
	return answer_empty(out, OK);
}

enum err on_notification_dismiss(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_empty(out, notice_dismiss(tx, r->viewer.account, param_i64(r, "id", 0)));
}

static enum err answer_count(struct req *r, struct answer *out, int grouped)
{
	struct jw w = {.out = out->body};
	struct notice_ask ask = counted_of(r);
	ask.limit = (int)param_i64(r, "limit", 100);
	ask.grouped = grouped;
	ask.since_id = marker_get(r->db, r->viewer.account, MARKER_NOTICES).last_read;
	jw_open(&w, '{');
	jw_ki64(&w, S("count"), notice_count(r->db, &ask));
	jw_close(&w, '}');
	return OK;
}

enum err on_notifications_unread(struct req *r, struct answer *out)
{
	return answer_count(r, out, 0);
}

enum err on_notification_groups_unread(struct req *r, struct answer *out)
{
	return answer_count(r, out, kinds_grouped(r));
}

enum err on_notification_groups(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct notice_ask ask = ask_of(r);
	ask.grouped = kinds_grouped(r);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct sight s = sight_of(r, l);
	struct notice_groups list = notice_groups(r->db, r->a, &ask);
	entity_notice_groups(&w, &s, list,
			     str_eq(param_str(r, "expand_accounts"), S("partial_avatars")));
	if (list.n > 0)
		answer_links(r, out, list.n == (size_t)ask.limit ? list.bottom : 0, list.top);
	return OK;
}

enum err on_notification_group(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct notice_group g;
	enum err e = notice_group_get(r->db, r->viewer.account, param_str(r, "group_key"), &g);
	if (e != OK)
		return e;
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct sight s = sight_of(r, l);
	entity_notice_groups(&w, &s, (struct notice_groups){.at = &g, .n = 1}, false);
	return OK;
}

enum err on_notification_group_accounts(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct notice_group g;
	size_t n;
	enum err e = notice_group_get(r->db, r->viewer.account, param_str(r, "group_key"), &g);
	if (e != OK)
		return e;
	int64_t *ids = notice_group_actors(r->db, r->a, r->viewer.account, &g, GROUP_PEOPLE_MAX,
					   &n);
	struct accounts people = accounts_load(r->db, r->a, ids, n);
	jw_open(&w, '[');
	for (size_t i = 0; i < people.n; i++)
		entity_account(&w, r->a, &people.at[i]);
	jw_close(&w, ']');
	return OK;
}

enum err on_notification_group_dismiss(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_empty(out,
			    notice_group_dismiss(tx, r->viewer.account, param_str(r, "group_key")));
}
