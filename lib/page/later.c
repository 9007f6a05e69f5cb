/* SPDX-License-Identifier: MIT */
/* What waits: kwips to be said later, and texts put aside. The form that makes them is compose.c's.
 */
#include "page/compose.h"

#include "base/clock.h"
#include "core/schedule.h"
#include "pages.h"

enum { SHOWN = 40, EXCERPT = 200 };
static const int64_t minute_ms = 60000;

enum err later_sent(struct req *r, int64_t *at)
{
	struct str typed = str_trim(param_str(r, "later"));
	*at = 0;
	if (typed.len == 0)
		return OK;
	if (!time_parse_iso(typed, at))
		return refuse("That is no time: write it like 2027-01-31T18:00.");
	*at += param_i64(r, "zone", 0) * minute_ms;
	if (*at < r->now + SCHEDULE_AHEAD_MS)
		return refuse("Choose a time that is at least five minutes ahead.");
	return OK;
}

static struct str excerpt_of(struct arena *a, const struct draft *d)
{
	struct str text = markup_excerpt(a, d->body, EXCERPT);
	return text.len ? text : d->warning.len ? d->warning : S("(no text)");
}

/* The media that all of these hold, loaded together. */
static struct media_list media_of(struct req *r, struct db *db, const struct scheduled_list *list)
{
	int64_t *ids = arena_array(r->a, list->n, sizeof *ids);
	for (size_t i = 0; i < list->n; i++)
		ids[i] = list->at[i].id;
	return media_of_scheduled(db, r->a, ids, list->n);
}

static int64_t held_by(const struct media_list *media, int64_t scheduled)
{
	int64_t n = 0;
	for (size_t i = 0; i < media->n; i++)
		n += media->at[i].scheduled == scheduled;
	return n;
}

static struct view_waiting_kwips scheduled_of(struct req *r, struct db *db)
{
	struct scheduled_list list = schedule_list(db, r->a, r->viewer.account,
						   (struct span){.limit = SHOWN});
	struct view_waiting_kwips v = {.at = arena_array(r->a, list.n, sizeof *v.at)};
	struct media_list media = media_of(r, db, &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct scheduled *s = &list.at[i];
		struct draft d;
		schedule_read(r->a, s->params, &d);
		v.at[v.n++] = (struct view_waiting_kwip){
			.id = s->id,
			.media = held_by(&media, s->id),
			.text = excerpt_of(r->a, &d),
			.iso = time_iso(r->a, s->at),
			.human = time_human(r->a, s->at),
			.failed = s->failed,
			.when = str_slice(time_iso(r->a, s->at), 0, 16),
		};
	}
	return v;
}

static struct view_waiting_kwips drafts_of(struct req *r, struct db *db)
{
	struct unfinished_list list = unfinished_list(db, r->a, r->viewer.account);
	struct view_waiting_kwips v = {.at = arena_array(r->a, list.n, sizeof *v.at)};
	for (size_t i = 0; i < list.n; i++) {
		const struct unfinished *u = &list.at[i];
		struct draft d;
		schedule_read(r->a, u->params, &d);
		v.at[v.n++] = (struct view_waiting_kwip){
			.id = u->id,
			.text = excerpt_of(r->a, &d),
			.iso = time_iso(r->a, u->updated_at),
			.human = time_human(r->a, u->updated_at),
		};
	}
	return v;
}

static struct view_later view_of(struct req *r, struct db *db)
{
	return (struct view_later){.top = top_of(r, S("Said later"), AT_NOWHERE),
				   .scheduled = scheduled_of(r, db),
				   .drafts = drafts_of(r, db)};
}

enum err on_later(struct req *r, struct answer *out)
{
	struct view_later v = view_of(r, r->db);
	v.top.done = done_words(r);
	page_later(out->body, &v);
	return OK;
}

enum err on_later_move(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t at;
	enum err e = later_sent(r, &at);
	if (e == OK && at == 0)
		e = refuse("Choose a time first.");
	if (e == OK)
		e = schedule_move(tx, r->viewer.account, param_i64(r, "id", 0), at);
	if (e == OK)
		answer_redirect(out, S("/later?done=moved"));
	return e;
}

void on_later_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	if (e == ERR_NOT_FOUND) {
		page_error_answer(r, err_http_status(e), r->why, out);
		return;
	}
	struct view_later v = view_of(r, db);
	v.why = why_words(r);
	page_later(out->body, &v);
}

enum err on_later_end(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = schedule_end(tx, r->viewer.account, param_i64(r, "id", 0));
	if (e == OK)
		answer_redirect(out, S("/later?done=thrown"));
	return e;
}

enum err on_draft_throw(struct req *r, struct tx *tx, struct answer *out)
{
	enum err e = unfinished_end(tx, r->viewer.account, param_i64(r, "id", 0));
	if (e == OK)
		answer_redirect(out, S("/later?done=thrown"));
	return e;
}
