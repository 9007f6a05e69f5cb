/* SPDX-License-Identifier: MIT */
/* Changing what was said, and the history that keeps every earlier text. */
#include "core/kwip_private.h"

#include "core/direct.h"
#include "core/notice.h"

enum { BOOSTERS_TOLD = 100, EDITIONS_SHOWN = 100 };

struct present {
	struct str body, warning, language;
	bool sensitive;
};

static void load_present(struct db *db, struct arena *a, int64_t kwip, struct present *out)
{
	*out = (struct present){0};
	DB_EACH(row, db, "SELECT body, warning, language, sensitive FROM kwip WHERE id = ?",
		A(kwip)) {
		*out = (struct present){
			.body = db_str(&row, 0, a),
			.warning = db_str(&row, 1, a),
			.language = db_str(&row, 2, a),
			.sensitive = db_i64(&row, 3) != 0,
		};
	}
}

static bool is_same(const struct present *x, const struct present *y)
{
	return str_eq(x->body, y->body) && str_eq(x->warning, y->warning) &&
	       x->sensitive == y->sensitive && str_eq(x->language, y->language);
}

/* Two edits within a millisecond still are two editions. */
static int64_t edit_moment(struct tx *tx, int64_t kwip)
{
	int64_t last = DB_I64(tx_db(tx), 0, "SELECT max(at) FROM kwip_edit WHERE kwip = ?",
			      A(kwip));
	return tx_now(tx) > last ? tx_now(tx) : last + 1;
}

static void replace(struct tx *tx, int64_t kwip, const struct present *p)
{
	int64_t at = edit_moment(tx, kwip);
	TX_DO(tx,
	      "INSERT INTO kwip_edit (kwip, at, body, warning, sensitive) "
	      "SELECT id, ?1, body, warning, sensitive FROM kwip WHERE id = ?2",
	      A(at), A(kwip));
	TX_DO(tx,
	      "UPDATE kwip SET body = ?, warning = ?, language = ?, sensitive = ?, edited_at = ? WHERE id = ?",
	      A(p->body), A(p->warning), A(p->language), A(p->sensitive), A(at), A(kwip));
	TX_DO(tx, "DELETE FROM mention WHERE kwip = ?", A(kwip));
	TX_DO(tx, "DELETE FROM kwip_tag WHERE kwip = ?", A(kwip));
	TX_DO(tx, "DELETE FROM link WHERE kwip = ?", A(kwip));
}

static void tell_people(struct tx *tx, const struct kwip_row *k, const struct named *named)
{
	for (size_t i = 0; i < named->n; i++) {
		if (named->account[i] != k->author)
			notice_add(tx, named->account[i], NOTICE_MENTION, k->author, k->id);
	}
	int64_t booster[BOOSTERS_TOLD];
	size_t n = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT author FROM kwip WHERE boost_of = ? AND boost_of IS NOT NULL ORDER BY author LIMIT ?",
		A(k->id), A(BOOSTERS_TOLD))
		booster[n++] = db_i64(&row, 0);
	for (size_t i = 0; i < n; i++)
		notice_add(tx, booster[i], NOTICE_EDIT, k->author, k->id);
}

static enum err check_editor(struct db *db, const struct revision *r, struct kwip_row *k)
{
	if (!kwip_row_get(db, r->kwip, k) || k->boost_of)
		return ERR_NOT_FOUND;
	if (k->author == r->editor)
		return OK;
	return kwip_may_see(db, r->editor, r->kwip) ? ERR_DENIED : ERR_NOT_FOUND;
}

enum err kwip_edit(struct tx *tx, struct arena *a, const struct revision *r)
{
	struct kwip_row k;
	enum err e = check_editor(tx_db(tx), r, &k);
	if (!e)
		e = kwip_text_check(r->body, r->warning, r->language);
	if (e)
		return e;
	struct present now;
	load_present(tx_db(tx), a, r->kwip, &now);
	struct present next = {
		.body = kwip_text_clean(a, r->body),
		.warning = r->warning,
		.language = r->language.len ? r->language : now.language,
		.sensitive = r->sensitive || r->warning.len > 0,
	};
	if (is_same(&now, &next))
		return OK;
	replace(tx, k.id, &next);
	struct named *named = arena_take(a, sizeof *named);
	kwip_names_store(tx, a, k.id, next.body, named);
	if (k.visibility >= VISIBLE_FOLLOWERS && k.reply_to)
		kwip_names_answered(tx, k.id);
	if (k.visibility == VISIBLE_DIRECT)
		direct_said(tx, k.id);
	event_add(tx, (struct event){.kind = EVENT_KWIP_EDIT,
				     .actor = k.author,
				     .kwip = k.id,
				     .extra = k.conversation});
	tell_people(tx, &k, named);
	return OK;
}

/* A text's moment is when it was said: the first with the kwip, each later one when the one before
 * was replaced. */
struct kwip_editions kwip_history(struct db *db, struct arena *a, int64_t kwip)
{
	struct kwip_editions h = {.at = arena_array(a, EDITIONS_SHOWN + 1, sizeof *h.at)};
	int64_t older = DB_I64(
		db, 0, "SELECT at FROM kwip_edit WHERE kwip = ? ORDER BY at DESC LIMIT 1 OFFSET ?",
		A(kwip), A(EDITIONS_SHOWN));
	int64_t at = older ? older : id_ms(kwip);
	DB_EACH(row, db,
		"SELECT at, body, warning, sensitive FROM kwip_edit WHERE kwip = ? AND at > ? ORDER BY at LIMIT ?",
		A(kwip), A(older), A(EDITIONS_SHOWN)) {
		h.at[h.n++] = (struct kwip_edition){at, db_str(&row, 1, a), db_str(&row, 2, a),
						    db_i64(&row, 3) != 0};
		at = db_i64(&row, 0);
	}
	DB_EACH(row, db, "SELECT body, warning, sensitive FROM kwip WHERE id = ?", A(kwip))
		h.at[h.n++] = (struct kwip_edition){at, db_str(&row, 0, a), db_str(&row, 1, a),
						    db_i64(&row, 2) != 0};
	return h;
}
