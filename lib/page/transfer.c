/* SPDX-License-Identifier: MIT */
/*
 * Taking one's relations along as files and bringing them in. Bringing in goes in small portions
 * from the worker, so that thousands of lines keep nobody else's writes waiting; the route's own
 * write only says how it went.
 */
#include "core/transfer.h"

#include "base/json.h"
#include "page/handlers.h"
#include "pages.h"

enum { PORTION = 50 };

static struct view_transfer view_of(struct req *r)
{
	return (struct view_transfer){.top = top_of(r, S("Import and export"), AT_SETTINGS)};
}

/* "12 done, 1 refused, 3 of people who are not here" out of the query the redirect carries. */
static struct str report_of(struct req *r)
{
	if (!param_has(r, "done"))
		return S("");
	return arena_printf(r->a, "Brought in: %lld. Refused: %lld. Not known here: %lld.",
			    (long long)param_i64(r, "done", 0),
			    (long long)param_i64(r, "failed", 0),
			    (long long)param_i64(r, "unknown", 0));
}

enum err on_transfer(struct req *r, struct answer *out)
{
	struct view_transfer v = view_of(r);
	v.top.done = report_of(r);
	page_transfer(out->body, &v);
	return OK;
}

enum err on_export(struct req *r, struct answer *out)
{
	enum transfer_kind kind;
	if (!transfer_kind_of(param_str(r, "kind"), &kind))
		return ERR_NOT_FOUND;
	transfer_export(r->db, out->body, r->viewer.account, kind);
	struct str name = transfer_name(kind);
	out->type = S("text/csv; charset=utf-8");
	answer_header(
		out, S("Content-Disposition"),
		arena_printf(r->a, "attachment; filename=\"%.*s.csv\"", (int)name.len, name.at));
	return OK;
}

/* One portion of the work. */
struct portion {
	struct transfer *t;
	struct arena *a;
	size_t from;
	bool ends; /* of what goes, else of what comes */
};

static enum err run_portion(struct tx *tx, void *arg)
{
	struct portion *p = arg;
	if (p->ends)
		transfer_end_surplus(tx, p->a, p->t, p->from, PORTION);
	else
		transfer_apply(tx, p->a, p->t, p->from, PORTION);
	return OK;
}

static enum err run_all(struct req *r, struct transfer *t, bool ends)
{
	enum err e = OK;
	size_t n = ends ? t->n_gone : t->n;
	struct portion p = {.t = t, .a = r->a, .ends = ends};
	for (; p.from < n && e == OK; p.from += PORTION)
		e = req_commit(r, run_portion, &p);
	return e;
}

enum err on_import_prepare(struct req *r)
{
	struct transfer *t = arena_take(r->a, sizeof *t);
	struct upload file;
	*t = (struct transfer){.account = r->viewer.account};
	if (!transfer_kind_of(param_str(r, "kind"), &t->kind))
		return refuse("Choose what the file holds.");
	if (!param_file(r, "file", &file) || file.bytes.len == 0)
		return refuse("Choose a file.");
	enum err e = transfer_read(r->db, r->a, file.bytes, t);
	if (e == OK && str_eq(param_str(r, "mode"), S("replace")))
		transfer_surplus(r->db, r->a, t);
	if (e == OK)
		e = run_all(r, t, true);
	if (e == OK)
		e = run_all(r, t, false);
	r->prepared = t;
	return e;
}

enum err on_import(struct req *r, struct tx *tx, struct answer *out)
{
	const struct transfer *t = r->prepared;
	(void)tx;
	answer_redirect(out,
			arena_printf(r->a, "/settings/transfer?done=%zu&failed=%zu&unknown=%zu",
				     t->done, t->failed, t->unknown));
	return OK;
}

void on_import_again(struct req *r, struct db *db, enum err e, struct answer *out)
{
	(void)db, (void)e;
	struct view_transfer v = view_of(r);
	v.why = r->why.len ? r->why : S("That did not work.");
	page_transfer(out->body, &v);
}
