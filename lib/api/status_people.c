/* SPDX-License-Identifier: MIT */
/* Statuses and what others did with them: who marked them, what quotes them; pins, policies. */
#include "api/entity.h"
#include "api/relations.h"
#include "api/statuses.h"
#include "api/span.h"
#include "core/pin.h"
#include "core/timeline.h"

enum { QUOTES_STANDARD = 20 };

/* What is marked is what a boost shows. */
static enum err find_said(struct req *r, int64_t *said)
{
	int64_t id = param_i64(r, "id", 0);
	if (!kwip_may_see(r->db, r->viewer.account, id))
		return ERR_NOT_FOUND;
	*said = kwip_said(r->db, id);
	return OK;
}

static enum err answer_marked_by(struct req *r, struct answer *out, enum people_list which)
{
	int64_t said;
	enum err e = find_said(r, &said);
	return e == OK ? answer_people(r, out, which, said) : e;
}

enum err on_status_favourited_by(struct req *r, struct answer *out)
{
	return answer_marked_by(r, out, PEOPLE_FAVOURITED);
}

enum err on_status_reblogged_by(struct req *r, struct answer *out)
{
	return answer_marked_by(r, out, PEOPLE_BOOSTED);
}

enum err on_status_quotes(struct req *r, struct answer *out)
{
	int64_t said;
	enum err e = find_said(r, &said);
	if (e != OK)
		return e;
	struct span s = span_of(r, QUOTES_STANDARD);
	struct ids ids = timeline_quotes(r->db, r->a, s, r->viewer.account, said);
	SCOPED_LENS l = lens_open(r->db, r->a);
	struct gather_ask ask = {r->db, l, r->viewer.account, ids.at, ids.n};
	struct jw w = {.out = out->body};
	entity_statuses(&w, r->a, &ask);
	if (ids.n > 0)
		answer_links(r, out, ids.n == (size_t)s.limit ? ids.cursor[ids.n - 1] : 0,
			     ids.cursor[0]);
	return OK;
}

enum err on_quote_revoke(struct req *r, struct tx *tx, struct answer *out)
{
	int64_t quoting = param_i64(r, "quoting_id", 0);
	enum err e = quote_revoke(tx, r->viewer.account, param_i64(r, "id", 0), quoting);
	return e == OK ? answer_changed(r, tx, out, quoting) : e;
}

enum err on_status_policy(struct req *r, struct tx *tx, struct answer *out)
{
	bool has;
	enum quote_policy p;
	struct prefs standard;
	int64_t id = param_i64(r, "id", 0);
	account_prefs(tx_db(tx), r->a, r->viewer.account, &standard);
	p = (enum quote_policy)standard.quote_policy;
	enum err e = sent_policy(r, &has, &p);
	if (e == OK)
		e = quote_policy_set(tx, r->viewer.account, id, p);
	return e == OK ? answer_changed(r, tx, out, id) : e;
}

static enum err pin(struct req *r, struct tx *tx, struct answer *out, bool on)
{
	int64_t id = param_i64(r, "id", 0);
	enum err e = kwip_pin(tx, r->viewer.account, id, on);
	return e == OK ? answer_changed(r, tx, out, id) : e;
}

enum err on_status_pin(struct req *r, struct tx *tx, struct answer *out)
{
	return pin(r, tx, out, true);
}

enum err on_status_unpin(struct req *r, struct tx *tx, struct answer *out)
{
	return pin(r, tx, out, false);
}
