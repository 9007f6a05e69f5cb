/* SPDX-License-Identifier: MIT */
/* Moderators work through the reports. */
#include "api/admin.h"

#include "api/entity.h"

enum { LIMIT_STANDARD = 100 };

/* An Admin::Account, or null for nobody. */
static void put_overseen(struct jw *w, struct arena *a, struct db *db, struct str key, int64_t id)
{
	struct overseen o;
	jw_key(w, key);
	if (id != 0 && overseen_get(db, a, id, &o))
		entity_admin_account(w, a, &o);
	else
		jw_null(w);
}

/* The numbers of a JSON list. */
static size_t numbers_of(struct str json, int64_t *ids, size_t most)
{
	SCOPED_JSON doc = {0};
	size_t n = 0;
	if (json_parse(&doc, json) != OK)
		return 0;
	for (size_t i = 0; i < json_len(doc.root) && n < most; i++)
		n += json_i64(json_at(doc.root, i), &ids[n]);
	return n;
}

static void put_rules(struct jw *w, struct arena *a, struct db *db, const struct report *p)
{
	int64_t ids[REPORT_RULES_MAX];
	size_t n = numbers_of(p->rules, ids, REPORT_RULES_MAX);
	struct rules all = n > 0 ? rule_list(db, a) : (struct rules){0};
	jw_key(w, S("rules"));
	jw_open(w, '[');
	for (size_t i = 0; i < all.n; i++)
		for (size_t j = 0; j < n; j++)
			if (all.at[i].id == ids[j])
				entity_rule(w, &all.at[i]);
	jw_close(w, ']');
}

void entity_admin_report(struct jw *w, struct arena *a, struct db *db, const struct report *p)
{
	int64_t kwips[REPORT_KWIPS_MAX];
	size_t n = numbers_of(p->kwips, kwips, REPORT_KWIPS_MAX);
	struct gather_ask said = {db, lens_blank(db, a), 0, kwips, n};
	jw_open(w, '{');
	jw_kid(w, S("id"), p->id);
	jw_kbool(w, S("action_taken"), p->resolved_at != 0);
	jw_key(w, S("action_taken_at"));
	jw_time(w, p->resolved_at);
	jw_kstr(w, S("category"), report_category_name(p->category));
	jw_kstr(w, S("comment"), p->comment);
	jw_kbool(w, S("forwarded"), p->forwarded);
	jw_key(w, S("created_at"));
	jw_time(w, id_ms(p->id));
	jw_key(w, S("updated_at"));
	jw_time(w, p->updated_at);
	put_overseen(w, a, db, S("account"), p->account);
	put_overseen(w, a, db, S("target_account"), p->target);
	put_overseen(w, a, db, S("assigned_account"), p->assigned);
	put_overseen(w, a, db, S("action_taken_by_account"), p->resolved_by);
	jw_key(w, S("statuses"));
	entity_statuses(w, a, &said);
	put_rules(w, a, db, p);
	jw_close(w, '}');
}

enum err on_admin_reports(struct req *r, struct answer *out)
{
	struct report_ask ask = {.resolved = param_bool(r, "resolved", false),
				 .account = param_i64(r, "account_id", 0),
				 .target = param_i64(r, "target_account_id", 0),
				 .before = param_i64(r, "max_id", 0),
				 .after = param_i64(r, "min_id", param_i64(r, "since_id", 0)),
				 .limit = (int)param_i64(r, "limit", LIMIT_STANDARD)};
	struct reports list = report_list(r->db, r->a, &ask);
	struct jw w = {.out = out->body};
	if (list.n > 0)
		answer_links(r, out, list.n == (size_t)ask.limit ? list.at[list.n - 1].id : 0,
			     list.at[0].id);
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++)
		entity_admin_report(&w, r->a, r->db, &list.at[i]);
	jw_close(&w, ']');
	return OK;
}

static enum err answer_one(struct req *r, struct db *db, struct answer *out)
{
	struct report p;
	struct jw w = {.out = out->body};
	if (!report_get(db, r->a, param_i64(r, "id", 0), &p))
		return ERR_NOT_FOUND;
	entity_admin_report(&w, r->a, db, &p);
	return OK;
}

enum err on_admin_report(struct req *r, struct answer *out)
{
	return answer_one(r, r->db, out);
}

static enum err answer_changed(struct req *r, struct tx *tx, struct answer *out, enum err e)
{
	return e == OK ? answer_one(r, tx_db(tx), out) : e;
}

/* What is not sent stays. */
enum err on_admin_report_edit(struct req *r, struct tx *tx, struct answer *out)
{
	struct report p;
	int64_t rules[REPORT_RULES_MAX];
	size_t n, known = 0;
	if (!report_get(tx_db(tx), r->a, param_i64(r, "id", 0), &p))
		return ERR_NOT_FOUND;
	if (param_has(r, "category") && !report_category_of(param_str(r, "category"), &p.category))
		return refuse("Validation failed: Category is not included in the list");
	const struct str *sent = param_list(r, "rule_ids", &n);
	for (size_t i = 0; i < n && known < REPORT_RULES_MAX; i++)
		known += str_i64(sent[i], &rules[known]);
	if (n == 0)
		known = numbers_of(p.rules, rules, REPORT_RULES_MAX);
	return answer_changed(r, tx, out, report_sort(tx, r->a, p.id, p.category, rules, known));
}

enum err on_admin_report_assign(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_changed(r, tx, out,
			      report_assign(tx, param_i64(r, "id", 0), r->viewer.account));
}

enum err on_admin_report_unassign(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_changed(r, tx, out, report_assign(tx, param_i64(r, "id", 0), 0));
}

enum err on_admin_report_resolve(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_changed(r, tx, out,
			      report_resolve(tx, param_i64(r, "id", 0), r->viewer.account));
}

enum err on_admin_report_reopen(struct req *r, struct tx *tx, struct answer *out)
{
	return answer_changed(r, tx, out, report_reopen(tx, param_i64(r, "id", 0)));
}
