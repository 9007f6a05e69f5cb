/* SPDX-License-Identifier: MIT */
/* What a status is sent with beside its text: media, a poll, who may quote it. */
#include "api/statuses.h"

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

/* "-0.25" as thousandths, -1000..1000; what stands behind the third digit is cut. */
static bool thousandths_of(struct str s, int *out)
{
	bool minus = str_starts(s, S("-"));
	struct str rest = str_slice(s, minus, s.len), whole = str_cut(&rest, '.');
	int64_t n, places = 100, sum = 0;
	if (!str_i64(whole, &n) || n < 0 || n > 1 || whole.len > 1)
		return false;
	for (size_t i = 0; i < rest.len; i++, places /= 10) {
		if (rest.at[i] < '0' || rest.at[i] > '9')
			return false;
		sum += (rest.at[i] - '0') * places;
	}
	sum += 1000 * n;
	if (sum > 1000)
		return false;
	*out = (int)(minus ? -sum : sum);
	return true;
}

static enum err remark_of(struct req *r, size_t row, struct media_remark *m)
{
	struct str y = param_cell(r, "media_attributes", row, "focus");
	if (!str_i64(param_cell(r, "media_attributes", row, "id"), &m->media))
		return refuse("Validation failed: there is no such media, or it is in use");
	m->has_description = param_cell_has(r, "media_attributes", row, "description");
	m->description = param_cell(r, "media_attributes", row, "description");
	m->has_focus = y.len > 0;
	struct str x = str_cut(&y, ',');
	if (m->has_focus && (!thousandths_of(str_trim(x), &m->focus_x) ||
			     !thousandths_of(str_trim(y), &m->focus_y)))
		return refuse("Validation failed: Focus must be \"x,y\" between -1 and 1");
	return OK;
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
