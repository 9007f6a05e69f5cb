/* SPDX-License-Identifier: MIT */
/*
 * Repeats: the table saying knows the first kwip of every (author, app, visibility, text). Looking
 * at one is a few look-ups by key, whatever was said before. Hides and counts; deletes nothing.
 */
#include "core/repeat.h"

#include "core/timeline_private.h"

enum { FINGERPRINT_BYTES = 16 };

/* What a root is compared by, and where it stands now. */
struct root {
	struct kwip_row row;
	bool has_text;
	unsigned char print[FINGERPRINT_BYTES];
};

static struct str print_of(const struct root *r)
{
	return (struct str){(const char *)r->print, FINGERPRINT_BYTES};
}

/* False unless it is a root that others may see. Texts of another warning are another text, and
 * what has media, a poll or a quote says more than its text: like nothing else, and nothing like
 * it. */
static bool load_root(struct db *db, struct arena *a, int64_t kwip, struct root *r)
{
	if (!kwip_row_get(db, kwip, &r->row) || r->row.reply_to || r->row.boost_of ||
	    r->row.visibility == VISIBLE_DIRECT)
		return false;
	DB_EACH(row, db,
		"SELECT app, body, warning, media_count > 0 OR polled = 1 OR quote_of IS NOT NULL FROM kwip WHERE id = ?",
		A(kwip)) {
		struct str body = text_normal(a, db_str(&row, 1, a));
		struct str warning = text_normal(a, db_str(&row, 2, a));
		bool more = db_i64(&row, 3) != 0;
		struct str head = arena_printf(a, "%lld|%lld|%d|%zu|", (long long)r->row.author,
					       (long long)db_i64(&row, 0), (int)r->row.visibility,
					       warning.len);
		SCOPED_BUF all = BUF_EMPTY;
		buf_put(&all, head);
		buf_put(&all, warning);
		buf_put(&all, body);
		if (more)
			buf_i64(&all, kwip);
		hash_short(buf_str(&all), r->print);
		r->has_text = body.len > 0 && !more;
	}
	return true;
}

static void tell_repeat(struct tx *tx, int64_t kwip, int64_t author, int64_t first)
{
	event_add(tx, (struct event){
			      .kind = EVENT_REPEAT, .actor = author, .kwip = kwip, .extra = first});
}

/* It is not a repeat any more. */
static void leave_first(struct tx *tx, const struct kwip_row *k)
{
	TX_DO(tx, "UPDATE kwip SET repeat_of = NULL WHERE id = ?", A(k->id));
	TX_DO(tx, "UPDATE kwip SET repeats_count = repeats_count - 1 WHERE id = ?",
	      A(k->repeat_of));
	tell_repeat(tx, k->id, k->author, 0);
	kwip_tell_counts(tx, k->repeat_of, k->author, k->repeat_of);
}

/* It does not say the same any more, or is gone: the oldest of its repeats becomes the first. */
static void hand_over(struct tx *tx, const struct kwip_row *k)
{
	int64_t heir = DB_I64(
		tx_db(tx), 0,
		"SELECT id FROM kwip WHERE repeat_of = ? AND repeat_of IS NOT NULL ORDER BY id LIMIT 1",
		A(k->id));
	if (!heir) {
		TX_DO(tx, "DELETE FROM saying WHERE kwip = ?", A(k->id));
		return;
	}
	TX_DO(tx, "UPDATE saying SET kwip = ?1 WHERE kwip = ?2", A(heir), A(k->id));
	TX_DO(tx,
	      "UPDATE kwip SET repeat_of = NULL, "
	      "repeats_count = (SELECT f.repeats_count FROM kwip f WHERE f.id = ?2) - 1 WHERE id = ?1",
	      A(heir), A(k->id));
	TX_DO(tx, "UPDATE kwip SET repeats_count = 0 WHERE id = ?", A(k->id));
	TX_DO(tx, "UPDATE kwip SET repeat_of = ?1 WHERE repeat_of = ?2 AND repeat_of IS NOT NULL",
	      A(heir), A(k->id));
	tell_repeat(tx, heir, k->author, 0);
	kwip_tell_counts(tx, heir, k->author, heir);
	kwip_tell_counts(tx, k->id, k->author, k->id);
}

/* Who did not want to hear of the comments does not want to where they go on. */
static void move_mutes(struct tx *tx, int64_t from, int64_t to)
{
	int64_t account = 0;
	while (tx_err(tx) == OK &&
	       (account = DB_I64(
			tx_db(tx), 0,
			"SELECT account FROM conversation_mute WHERE kwip = ? AND account > ? "
			"ORDER BY account LIMIT 1",
			A(from), A(account))) != 0) {
		TX_DO(tx,
		      "INSERT INTO conversation_mute (account, kwip) VALUES (?, ?) ON CONFLICT DO NOTHING",
		      A(account), A(to));
		kwip_tell_marks(tx, account, to);
	}
}

/* Its comments go on under the first. Their cards name the conversation, so each is told of. */
static void move_comments(struct tx *tx, const struct kwip_row *k, int64_t first)
{
	TX_DO(tx,
	      "UPDATE kwip SET comments_count = comments_count + (SELECT r.comments_count FROM kwip r WHERE r.id = ?1), "
	      "activity = (SELECT max(r.activity) FROM kwip r WHERE r.id IN (?2, ?1) AND (r.id = ?2 OR r.comments_count > 0)) "
	      "WHERE id = ?2",
	      A(k->id), A(first));
	TX_DO(tx, "UPDATE kwip SET comments_count = 0, activity = id WHERE id = ?", A(k->id));
	for (;;) {
		int64_t comment = 0, author = 0;
		DB_EACH(row, tx_db(tx),
			"SELECT id, author FROM kwip WHERE conversation = ? AND reply_to IS NOT NULL ORDER BY id LIMIT 1",
			A(k->id)) {
			comment = db_i64(&row, 0);
			author = db_i64(&row, 1);
		}
		if (!comment || tx_err(tx))
			return;
		TX_DO(tx,
		      "UPDATE kwip SET conversation = ?1, reply_to = CASE WHEN reply_to = ?2 THEN ?1 ELSE reply_to END "
		      "WHERE id = ?3",
		      A(first), A(k->id), A(comment));
		kwip_tell_counts(tx, comment, author, first);
	}
}

static void join_first(struct tx *tx, const struct kwip_row *k, int64_t first)
{
	TX_DO(tx, "UPDATE kwip SET repeat_of = ? WHERE id = ?", A(first), A(k->id));
	TX_DO(tx, "UPDATE kwip SET repeats_count = repeats_count + 1 WHERE id = ?", A(first));
	move_comments(tx, k, first);
	move_mutes(tx, k->id, first);
	tell_repeat(tx, k->id, k->author, first);
	kwip_tell_counts(tx, first, k->author, first);
}

/* The first that said this; 0: nobody yet. */
static int64_t first_of(struct db *db, const struct root *r)
{
	return DB_I64(db, 0, "SELECT kwip FROM saying WHERE hash = ?", A_BLOB(print_of(r)));
}

static bool stands_right(const struct root *r, int64_t first)
{
	return first == r->row.id || (first && first == r->row.repeat_of);
}

bool repeat_is_due(struct db *db, struct arena *a, int64_t kwip)
{
	struct root r = {0};
	if (!load_root(db, a, kwip, &r) || stands_right(&r, first_of(db, &r)))
		return false;
	return r.has_text || r.row.repeat_of ||
	       DB_I64(db, 0, "SELECT 1 FROM saying WHERE kwip = ?", A(kwip)) != 0;
}

enum err repeat_look(struct tx *tx, struct arena *a, int64_t kwip)
{
	struct db *db = tx_db(tx);
	struct root r = {0};
	if (!load_root(db, a, kwip, &r))
		return OK;
	int64_t first = first_of(db, &r);
	if (stands_right(&r, first))
		return OK;
	if (r.row.repeat_of)
		leave_first(tx, &r.row);
	else
		hand_over(tx, &r.row);
	if (!r.has_text)
		return OK;
	if (first)
		join_first(tx, &r.row, first);
	else
		TX_DO(tx, "INSERT INTO saying (hash, kwip) VALUES (?, ?) ON CONFLICT DO NOTHING",
		      A_BLOB(print_of(&r)), A(kwip));
	return OK;
}

/* Called while the row is still there. */
void repeat_gone(struct tx *tx, int64_t kwip)
{
	struct kwip_row k;
	if (!kwip_row_get(tx_db(tx), kwip, &k) || k.reply_to || k.boost_of)
		return;
	if (k.repeat_of)
		leave_first(tx, &k);
	else
		hand_over(tx, &k);
}

#define REPEATS(dir) \
	DB_SQL("SELECT k.id FROM kwip k WHERE k.repeat_of = ?5 AND k.id > ?2 AND k.id < ?3 AND " SQL_SEES( \
		"k") " ORDER BY k.id " dir " LIMIT ?4")

struct ids repeats_of(struct db *db, struct arena *a, struct span s, int64_t viewer, int64_t kwip)
{
	struct range r = range_of(s);
	struct ids out = ids_new(a, r.limit);
	struct db_arg args[] = {A(viewer), A(r.low), A(r.high), A(r.limit), A(kwip)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(
		db, r.up ? REPEATS("ASC") : REPEATS("DESC"), args, 5);
	while (out.n < (size_t)r.limit && db_next(&row))
		ids_add(&out, db_i64(&row, 0), db_i64(&row, 0));
	if (r.up)
		ids_reverse(&out);
	return out;
}
