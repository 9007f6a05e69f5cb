/* SPDX-License-Identifier: MIT */
/* Moderators work through the reports. */
#include "api/admin.h"

#include "api/entity.h"
#include "api/span.h"
#include "core/idset.h"

enum { LIMIT_STANDARD = 100 };

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

/* What reports show beside their own words, loaded for all of them together. */
struct parts {
	struct overseen_list people;
	struct rules rules;
	struct gather *said;
};

struct parts_ids {
	struct idset people, kwips;
	int64_t *who, *said; /* the same in order */
};

static void note(struct idset *set, int64_t *list, int64_t id)
{
	size_t n = set->n;
	if (set_add(set, id))
		list[n] = id;
}

static void note_report(struct parts_ids *ids, const struct report *p)
{
	int64_t kwips[REPORT_KWIPS_MAX];
	size_t n = numbers_of(p->kwips, kwips, REPORT_KWIPS_MAX);
	const int64_t who[] = {p->account, p->target, p->assigned, p->resolved_by};
	for (size_t i = 0; i < n; i++)
		note(&ids->kwips, ids->said, kwips[i]);
	for (size_t i = 0; i < sizeof who / sizeof *who; i++)
		note(&ids->people, ids->who, who[i]);
}

static struct parts parts_load(struct arena *a, struct db *db, const struct report *list, size_t n)
{
	struct parts_ids ids;
	size_t kwips = n * REPORT_KWIPS_MAX;
	set_open(&ids.people, a, 4 * n);
	set_open(&ids.kwips, a, kwips);
	ids.who = arena_array(a, 4 * n, sizeof *ids.who);
	ids.said = arena_array(a, kwips, sizeof *ids.said);
	for (size_t i = 0; i < n; i++)
		note_report(&ids, &list[i]);
	struct gather_ask said = {db, lens_blank(db, a), 0, ids.said, ids.kwips.n};
	return (struct parts){.people = overseen_load(db, a, ids.who, ids.people.n),
			      .rules = rule_list(db, a),
			      .said = entity_gather(a, &said)};
}

/* An Admin::Account, or null for nobody. */
static void put_overseen(struct jw *w, struct arena *a, const struct parts *parts, struct str key,
			 int64_t id)
{
	jw_key(w, key);
	for (size_t i = 0; i < parts->people.n; i++) {
		if (parts->people.at[i].who.id == id) {
			entity_admin_account(w, a, &parts->people.at[i]);
			return;
		}
	}
	jw_null(w);
}

static void put_rules(struct jw *w, const struct parts *parts, const struct report *p)
{
	int64_t ids[REPORT_RULES_MAX];
	size_t n = numbers_of(p->rules, ids, REPORT_RULES_MAX);
	jw_key(w, S("rules"));
	jw_open(w, '[');
	for (size_t i = 0; i < parts->rules.n; i++)
		for (size_t j = 0; j < n; j++)
			if (parts->rules.at[i].id == ids[j])
				entity_rule(w, &parts->rules.at[i]);
	jw_close(w, ']');
}

static void put_kwips(struct jw *w, const struct parts *parts, const struct report *p)
{
	int64_t ids[REPORT_KWIPS_MAX];
	size_t n = numbers_of(p->kwips, ids, REPORT_KWIPS_MAX);
	jw_key(w, S("statuses"));
	jw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		(void)entity_gathered(w, parts->said, 0, ids[i]);
	jw_close(w, ']');
}

static void put_report(struct jw *w, struct arena *a, const struct parts *parts,
		       const struct report *p)
{
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
	put_overseen(w, a, parts, S("account"), p->account);
	put_overseen(w, a, parts, S("target_account"), p->target);
	put_overseen(w, a, parts, S("assigned_account"), p->assigned);
	put_overseen(w, a, parts, S("action_taken_by_account"), p->resolved_by);
	put_kwips(w, parts, p);
	put_rules(w, parts, p);
	jw_close(w, '}');
}

enum err on_admin_reports(struct req *r, struct answer *out)
{
	struct report_ask ask = {.resolved = param_bool(r, "resolved", false),
				 .account = param_i64(r, "account_id", 0),
				 .target = param_i64(r, "target_account_id", 0),
				 .page = span_of(r, LIMIT_STANDARD)};
	struct reports list = report_list(r->db, r->a, &ask);
	struct jw w = {.out = out->body};
	if (list.n > 0)
		answer_links(r, out, list.n == (size_t)ask.page.limit ? list.at[list.n - 1].id : 0,
			     list.at[0].id);
	struct parts parts = parts_load(r->a, r->db, list.at, list.n);
	jw_open(&w, '[');
	for (size_t i = 0; i < list.n; i++)
		put_report(&w, r->a, &parts, &list.at[i]);
	jw_close(&w, ']');
	return OK;
}

static enum err answer_one(struct req *r, struct db *db, struct answer *out)
{
	struct report p;
	struct jw w = {.out = out->body};
	if (!report_get(db, r->a, param_i64(r, "id", 0), &p))
		return ERR_NOT_FOUND;
	struct parts parts = parts_load(r->a, db, &p, 1);
	put_report(&w, r->a, &parts, &p);
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
