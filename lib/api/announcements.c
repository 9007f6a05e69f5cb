/* SPDX-License-Identifier: MIT */
/* Announcements: the list, dismissing, reactions; and their entity. */
#include "api/notifications.h"
#include "base/conf.h"
#include "core/markup.h"

static void put_file(struct jw *w, struct arena *a, struct str key, struct str file)
{
	struct str base = conf_base_url();
	jw_kstr(w, key,
		arena_printf(a, "%.*s/media/%.*s", (int)base.len, base.at, (int)file.len, file.at));
}

static void put_reactions(struct jw *w, struct arena *a, const struct announcement *n)
{
	jw_key(w, S("reactions"));
	jw_open(w, '[');
	for (size_t i = 0; i < n->n_reactions; i++) {
		const struct reaction *r = &n->reaction[i];
		jw_open(w, '{');
		jw_kstr(w, S("name"), r->name);
		jw_ki64(w, S("count"), r->count);
		jw_kbool(w, S("me"), r->me);
		if (r->file.len > 0) {
			put_file(w, a, S("url"), r->file);
			put_file(w, a, S("static_url"), r->still);
		}
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void put_announcement(struct jw *w, struct arena *a, const struct announcement *n)
{
	const struct {
		struct str key;
		int64_t at;
	} times[] = {{S("starts_at"), n->starts_at},
		     {S("ends_at"), n->ends_at},
		     {S("published_at"), n->published_at},
		     {S("updated_at"), n->updated_at}};
	static const struct str none[] = {S_INIT("mentions"), S_INIT("statuses"), S_INIT("tags")};
	jw_open(w, '{');
	jw_kid(w, S("id"), n->id);
	jw_kstr(w, S("content"), markup_html(a, n->body, (struct mentions){0}, conf_base_url()).s);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		jw_key(w, times[i].key);
		jw_time(w, times[i].at);
	}
	jw_kbool(w, S("all_day"), n->all_day);
	jw_kbool(w, S("read"), n->read);
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		jw_key(w, none[i]);
		jw_raw(w, S("[]"));
	}
	jw_key(w, S("emojis"));
	entity_emojis(w, &n->emojis);
	put_reactions(w, a, n);
	jw_close(w, '}');
}

bool entity_announcement_by_id(struct jw *w, struct arena *a, struct db *db, struct lens *l,
			       int64_t viewer, int64_t id)
{
	struct announcement *n = arena_take(a, sizeof *n);
	(void)l;
	if (!announcement_get(db, a, viewer, id, n))
		return false;
	put_announcement(w, a, n);
	return true;
}

enum err on_announcements(struct req *r, struct answer *out)
{
	struct jw w = {.out = out->body};
	struct announcements list = announcement_list(r->db, r->a, r->viewer.account,
						      param_bool(r, "with_dismissed", false));
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++)
		put_announcement(&w, r->a, &list.at[i]);
	jw_close(&w, ']');
	return OK;
}

enum err on_announcement_dismiss(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_empty(out,
			    announcement_dismiss(tx, r->viewer.account, param_i64(r, "id", 0)));
}

static enum err react(struct req *r, struct tx *tx, struct answer *out, bool on)
{
	return answer_empty(out, announcement_react(tx, r->viewer.account, param_i64(r, "id", 0),
						    param_str(r, "name"), on));
}

enum err on_announcement_react(struct req *r, struct tx *tx, struct answer *out)
{
	return react(r, tx, out, true);
}

enum err on_announcement_unreact(struct req *r, struct tx *tx, struct answer *out)
{
	return react(r, tx, out, false);
}
