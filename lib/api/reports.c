/* SPDX-License-Identifier: MIT */
/* Reports by members; what moderators see of them is admin_reports.c's. */
#include "core/report.h"

#include "api/entity.h"
#include "api/own.h"

/* A list of numbers as a list of strings; null when empty. */
static void put_ids(struct jw *w, struct str key, struct str numbers)
{
	SCOPED_JSON doc = {0};
	jw_key(w, key);
	if (json_parse(&doc, numbers) != OK || json_len(doc.root) == 0) {
		jw_null(w);
		return;
	}
	jw_open(w, '[');
	for (size_t i = 0; i < json_len(doc.root); i++) {
		int64_t id = 0;
		if (json_i64(json_at(doc.root, i), &id))
			jw_id(w, id);
	}
	jw_close(w, ']');
}

void entity_report(struct jw *w, struct arena *a, struct db *db, const struct report *p)
{
	struct account target;
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
	put_ids(w, S("status_ids"), p->kwips);
	put_ids(w, S("rule_ids"), p->rules);
	jw_knull(w, S("collection_ids"));
	jw_key(w, S("target_account"));
	if (account_get(db, a, p->target, &target))
		entity_account(w, a, &target);
	else
		jw_null(w);
	jw_close(w, '}');
}

void entity_warning(struct jw *w, struct arena *a, const struct warning *p,
		    const struct account *target)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), p->id);
	jw_kstr(w, S("action"), p->action);
	jw_kstr(w, S("text"), p->text);
	put_ids(w, S("status_ids"), p->kwips);
	jw_key(w, S("target_account"));
	entity_account(w, a, target);
	jw_knull(w, S("appeal"));
	jw_key(w, S("created_at"));
	jw_time(w, id_ms(p->id));
	jw_close(w, '}');
}

/* The numbers among what was sent. */
static int64_t *ids_sent(struct req *r, const char *name, size_t most, size_t *n)
{
	size_t sent;
	const struct str *list = param_list(r, name, &sent);
	int64_t *ids = arena_array(r->a, most, sizeof *ids);
	*n = 0;
	for (size_t i = 0; i < sent && *n < most; i++)
		*n += str_i64(list[i], &ids[*n]);
	return ids;
}

enum err on_report(struct req *r, struct tx *tx, struct answer *out)
{
	struct report_new n = {.account = r->viewer.account,
			       .target = param_i64(r, "account_id", 0),
			       .comment = param_str(r, "comment"),
			       .forward = param_bool(r, "forward", false)};
	struct report made;
	int64_t id;
	n.kwips = ids_sent(r, "status_ids", REPORT_KWIPS_MAX, &n.n_kwips);
	n.rules = ids_sent(r, "rule_ids", REPORT_RULES_MAX, &n.n_rules);
	n.category = n.n_rules > 0 ? REPORT_VIOLATION : REPORT_OTHER;
	if (param_has(r, "category") && !report_category_of(param_str(r, "category"), &n.category))
		return refuse("Validation failed: Category is not included in the list");
	enum err e = report_add(tx, r->a, &n, &id);
	if (e != OK)
		return e;
	if (!report_get(tx_db(tx), r->a, id, &made))
		return ERR_INTERNAL;
	struct jw w = {.out = out->body};
	entity_report(&w, r->a, tx_db(tx), &made);
	return OK;
}
