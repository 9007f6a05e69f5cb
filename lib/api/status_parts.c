/* SPDX-License-Identifier: MIT */
/* What a status is sent with beside its text: media, a poll, who may quote it. */
#include "api/statuses.h"
#include "api/media.h"

#include "base/str.h"

enum err sent_media(struct req *r, const int64_t **ids, size_t *n)
{
	size_t sent;
	const struct str *list = param_list(r, "media_ids", &sent);
	int64_t *out = arena_array(r->a, sent, sizeof *out);
	*n = 0;
	*ids = out;
	if (sent > MEDIA_PER_KWIP)
		return refuse("Validation failed: Cannot attach more than %d files",
			      MEDIA_PER_KWIP);
	for (size_t i = 0; i < sent; i++) {
		if (list[i].len == 0)
			continue;
		if (!str_i64(list[i], &out[*n]))
			return refuse("Validation failed: there is no such media, or it is in use");
		(*n)++;
	}
	return OK;
}

static enum err remark_of(struct req *r, size_t row, struct media_remark *m)
{
	struct str focus = str_trim(param_cell(r, "media_attributes", row, "focus"));
	if (!str_i64(param_cell(r, "media_attributes", row, "id"), &m->media))
		return refuse("Validation failed: there is no such media, or it is in use");
	m->has_description = param_cell_has(r, "media_attributes", row, "description");
	m->description = param_cell(r, "media_attributes", row, "description");
	m->has_focus = focus.len > 0;
	return focus_read(r->a, focus, &m->focus_x, &m->focus_y);
}

enum err sent_remarks(struct req *r, const struct media_remark **out, size_t *n)
{
	enum err e = OK;
	*n = param_rows(r, "media_attributes");
	struct media_remark *list = arena_array(r->a, *n, sizeof *list);
	*out = list;
	for (size_t i = 0; i < *n && e == OK; i++)
		e = remark_of(r, i, &list[i]);
	return e;
}

const struct poll_draft *sent_poll(struct req *r)
{
	size_t sent;
	const struct str *list = param_list(r, "poll[options]", &sent);
	struct str *options = arena_array(r->a, sent, sizeof *options);
	struct poll_draft *d = arena_take(r->a, sizeof *d);
	*d = (struct poll_draft){
		.options = options,
		.life_s = param_i64(r, "poll[expires_in]", 0),
		.multiple = param_bool(r, "poll[multiple]", false),
		.hide_totals = param_bool(r, "poll[hide_totals]", false),
	};
	for (size_t i = 0; i < sent; i++) {
		if (str_trim(list[i]).len)
			options[d->n++] = list[i];
	}
	return d->n ? d : NULL;
}

enum err sent_policy(struct req *r, bool *has, enum quote_policy *p)
{
	struct str word = param_str(r, "quote_approval_policy");
	*has = word.len > 0;
	if (*has && !quote_policy_of(word, p))
		return refuse("Validation failed: Quote approval policy is not included in the "
			      "list");
	return OK;
}
