/* SPDX-License-Identifier: MIT */
/* Scheduled and unfinished kwips: rows of JSON, and the way from there to a draft. */
#include "core/schedule.h"

#include "base/json.h"
#include "core/media.h"
#include "core/poll.h"
#include "core/timeline_private.h"

enum { PARAMS_MAX = 1 << 20 };

static enum err check_time(struct tx *tx, int64_t at)
{
	if (at < tx_now(tx) + SCHEDULE_AHEAD_MS)
		return refuse("Validation failed: Scheduled at must be in the future");
	return OK;
}

/* What it answers and what it quotes may be so today; then it is asked once more. */
static enum err check_others(struct db *db, const struct draft *d)
{
	struct kwip_row k;
	if (d->reply_to && !kwip_may_see(db, d->author, d->reply_to))
		return kwip_no_parent();
	return d->quote_of ? quote_find(db, d->author, d->quote_of, &k) : OK;
}

static enum err check_draft(struct db *db, const struct draft *d)
{
	enum err e = kwip_text_check(d->body, d->warning, d->language, d->n_media || d->quote_of);
	if (!e)
		e = check_others(db, d);
	if (!e && d->poll && d->n_media > 0)
		e = refuse("Validation failed: Cannot attach a poll to a post with media");
	if (!e && d->poll)
		e = poll_check(d->poll);
	if (!e)
		e = media_check(db, d->author, 0, d->media, d->n_media);
	if (!e && DB_I64(db, 0, "SELECT count(*) FROM scheduled WHERE account = ?", A(d->author)) >=
			  SCHEDULED_MAX)
		e = refuse("Validation failed: You have exceeded the limit of %d scheduled posts",
			   SCHEDULED_MAX);
	return e;
}

static void put_poll(struct jw *w, const struct poll_draft *p)
{
	jw_key(w, S("poll"));
	if (!p) {
		jw_null(w);
		return;
	}
	jw_open(w, '{');
	jw_key(w, S("options"));
	jw_open(w, '[');
	for (size_t i = 0; i < p->n; i++)
		jw_str(w, p->options[i]);
	jw_close(w, ']');
	jw_key(w, S("expires_in"));
	jw_i64(w, p->life_s);
	jw_kbool(w, S("multiple"), p->multiple);
	jw_kbool(w, S("hide_totals"), p->hide_totals);
	jw_close(w, '}');
}

static void put_media(struct jw *w, const struct draft *d)
{
	jw_key(w, S("media_ids"));
	if (d->n_media == 0) {
		jw_null(w);
		return;
	}
	jw_open(w, '[');
	for (size_t i = 0; i < d->n_media; i++)
		jw_id(w, d->media[i]);
	jw_close(w, ']');
}

/* What is not sent is null, as the API has it. */
static void put_text(struct jw *w, struct str key, struct str text)
{
	jw_key(w, key);
	if (text.len > 0)
		jw_str(w, text);
	else
		jw_null(w);
}

static void put_params(struct jw *w, const struct draft *d)
{
	jw_open(w, '{');
	jw_kstr(w, S("text"), d->body);
	put_poll(w, d->poll);
	put_media(w, d);
	jw_kbool(w, S("sensitive"), d->sensitive);
	put_text(w, S("spoiler_text"), d->warning);
	jw_kstr(w, S("visibility"), visibility_name(d->visibility));
	jw_key(w, S("in_reply_to_id"));
	jw_id_or_null(w, d->reply_to);
	put_text(w, S("language"), d->language);
	jw_ki64(w, S("application_id"), d->app);
	jw_knull(w, S("scheduled_at"));
	put_text(w, S("idempotency"), d->idempotency_key);
	jw_kbool(w, S("with_rate_limit"), false);
	jw_key(w, S("quoted_status_id"));
	jw_id_or_null(w, d->quote_of);
	put_text(w, S("quote_approval_policy"),
		 d->has_quote_policy ? quote_policy_name(d->quote_policy) : S(""));
	jw_close(w, '}');
}

static bool has_key(struct str params, struct str key)
{
	SCOPED_JSON doc = {0};
	return json_parse(&doc, params) == OK &&
	       str_eq(json_str(json_get(doc.root, "idempotency")), key);
}

/* The same key within the hour means the same one; who waits are few, and fewer that young. */
static int64_t scheduled_before(struct tx *tx, const struct draft *d)
{
	enum { KEY_LIFE_MS = 60 * 60 * 1000 };
	int64_t id = 0;
	SCOPED_ARENA a = arena_new();
	if (d->idempotency_key.len == 0)
		return 0;
	DB_EACH(row, tx_db(tx), "SELECT id, params FROM scheduled WHERE account = ? AND id > ?",
		A(d->author), A(id_at(tx_now(tx) - KEY_LIFE_MS))) {
		if (has_key(db_str(&row, 1, a), d->idempotency_key))
			id = db_i64(&row, 0);
	}
	return id;
}

enum err schedule_add(struct tx *tx, const struct draft *d, int64_t at, int64_t *id)
{
	SCOPED_BUF params = BUF_EMPTY;
	struct jw w = {.out = &params};
	*id = scheduled_before(tx, d);
	if (*id)
		return OK;
	enum err e = check_time(tx, at);
	if (!e)
		e = check_draft(tx_db(tx), d);
	if (e)
		return e;
	*id = tx_id(tx);
	put_params(&w, d);
	TX_DO(tx, "INSERT INTO scheduled (id, account, app, at, params) VALUES (?, ?, ?, ?, ?)",
	      A(*id), A(d->author), A(d->app ? d->app : APP_WEB), A(at), A(buf_str(&params)));
	for (size_t i = 0; i < d->n_media; i++)
		TX_DO(tx, "UPDATE media SET scheduled = ?, place = ? WHERE id = ?", A(*id),
		      A((int)i), A(d->media[i]));
	return OK;
}

#define COLUMNS "id, account, app, at, params, failed"

static struct scheduled read_row(struct db_row *row, struct arena *a)
{
	return (struct scheduled){
		.id = db_i64(row, 0),
		.account = db_i64(row, 1),
		.app = db_i64(row, 2),
		.at = db_i64(row, 3),
		.params = db_str(row, 4, a),
		.failed = db_str(row, 5, a),
	};
}

bool schedule_get(struct db *db, struct arena *a, int64_t account, int64_t id,
		  struct scheduled *out)
{
	DB_EACH(row, db, "SELECT " COLUMNS " FROM scheduled WHERE id = ? AND account = ?", A(id),
		A(account)) {
		*out = read_row(&row, a);
		return true;
	}
	return false;
}

struct scheduled_list schedule_list(struct db *db, struct arena *a, int64_t account, struct span s)
{
	struct range r = range_of(s);
	struct scheduled_list out = {.at = arena_array(a, (size_t)r.limit, sizeof *out.at)};
	const struct db_sql *sql =
		r.up ? DB_SQL("SELECT " COLUMNS
			      " FROM scheduled WHERE account = ? AND id > ? AND id < ? ORDER BY id LIMIT ?")
		     : DB_SQL("SELECT " COLUMNS
			      " FROM scheduled WHERE account = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?");
	struct db_arg args[] = {A(account), A(r.low), A(r.high), A(r.limit)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(db, sql, args, 4);
	while (out.n < (size_t)r.limit && db_next(&row))
		out.at[out.n++] = read_row(&row, a);
	for (size_t i = 0, j = out.n; r.up && i + 1 < j; i++) {
		struct scheduled one = out.at[--j];
		out.at[j] = out.at[i];
		out.at[i] = one;
	}
	return out;
}

enum err schedule_move(struct tx *tx, int64_t account, int64_t id, int64_t at)
{
	enum err e = check_time(tx, at);
	if (e)
		return e;
	return TX_DO(tx, "UPDATE scheduled SET at = ?, failed = '' WHERE id = ? AND account = ?",
		     A(at), A(id), A(account)) > 0
		       ? OK
		       : ERR_NOT_FOUND;
}

static void media_loosen(struct tx *tx, int64_t id)
{
	TX_DO(tx, "UPDATE media SET scheduled = NULL WHERE scheduled = ?", A(id));
}

enum err schedule_end(struct tx *tx, int64_t account, int64_t id)
{
	if (TX_DO(tx, "DELETE FROM scheduled WHERE id = ? AND account = ?", A(id), A(account)) == 0)
		return ERR_NOT_FOUND;
	media_loosen(tx, id);
	return OK;
}

bool schedule_is_due(struct db *db, int64_t now)
{
	return DB_I64(db, 0, "SELECT 1 FROM scheduled WHERE failed = '' AND at <= ? LIMIT 1",
		      A(now)) != 0;
}

static int64_t id_at_key(const struct json *o, const char *key)
{
	int64_t id = 0;
	const struct json *n = json_get(o, key);
	if (!json_i64(n, &id))
		(void)!str_i64(json_str(n), &id);
	return id;
}

static const int64_t *media_of(struct arena *a, const struct json *o, size_t *n)
{
	const struct json *list = json_get(o, "media_ids");
	int64_t *ids = arena_array(a, json_len(list), sizeof *ids);
	*n = 0;
	for (size_t i = 0; i < json_len(list); i++)
		*n += str_i64(json_str(json_at(list, i)), &ids[*n]);
	return ids;
}

static const struct poll_draft *poll_of(struct arena *a, const struct json *o)
{
	const struct json *poll = json_get(o, "poll"), *options = json_get(poll, "options");
	if (json_len(options) == 0)
		return NULL;
	struct poll_draft *p = arena_take(a, sizeof *p);
	struct str *titles = arena_array(a, json_len(options), sizeof *titles);
	*p = (struct poll_draft){.options = titles, .n = json_len(options)};
	for (size_t i = 0; i < p->n; i++)
		titles[i] = json_str(json_at(options, i));
	(void)!json_i64(json_get(poll, "expires_in"), &p->life_s);
	p->multiple = json_bool(json_get(poll, "multiple"));
	p->hide_totals = json_bool(json_get(poll, "hide_totals"));
	return p;
}

static struct draft draft_of(struct arena *a, const struct scheduled *s, const struct json *o)
{
	struct draft d = {
		.author = s->account,
		.app = s->app,
		.body = json_str(json_get(o, "text")),
		.warning = json_str(json_get(o, "spoiler_text")),
		.language = json_str(json_get(o, "language")),
		.sensitive = json_bool(json_get(o, "sensitive")),
		.reply_to = id_at_key(o, "in_reply_to_id"),
		.quote_of = id_at_key(o, "quoted_status_id"),
		.poll = poll_of(a, o),
	};
	d.media = media_of(a, o, &d.n_media);
	(void)visibility_of(json_str(json_get(o, "visibility")), &d.visibility);
	d.has_quote_policy = quote_policy_of(json_str(json_get(o, "quote_approval_policy")),
					     &d.quote_policy);
	return d;
}

static enum err say(struct tx *tx, struct arena *a, const struct scheduled *s)
{
	SCOPED_JSON doc = {0};
	int64_t kwip;
	enum err e = json_parse(&doc, s->params);
	if (e)
		return e;
	struct draft d = draft_of(a, s, doc.root);
	return kwip_post(tx, a, &d, &kwip);
}

enum err schedule_run(struct tx *tx, struct arena *a, int64_t *id)
{
	struct scheduled s = {0};
	DB_EACH(row, tx_db(tx),
		"SELECT " COLUMNS
		" FROM scheduled WHERE failed = '' AND at <= ? ORDER BY at LIMIT 1",
		A(tx_now(tx)))
		s = read_row(&row, a);
	*id = s.id;
	if (!s.id)
		return OK;
	media_loosen(tx, s.id);
	TX_DO(tx, "DELETE FROM scheduled WHERE id = ?", A(s.id));
	return say(tx, a, &s);
}

void schedule_fail(struct tx *tx, int64_t id, struct str why)
{
	TX_DO(tx, "UPDATE scheduled SET failed = ? WHERE id = ?",
	      A(why.len > 0 ? why : S("it could not be said")), A(id));
}

void schedule_read(struct arena *a, struct str params, struct draft *out)
{
	SCOPED_JSON doc = {0};
	*out = (struct draft){0};
	if (json_parse(&doc, params) != OK)
		return;
	const struct json *o = doc.root, *text = json_get(o, "text");
	*out = (struct draft){
		.body = arena_str(a, json_str(text ? text : json_get(o, "status"))),
		.warning = arena_str(a, json_str(json_get(o, "spoiler_text"))),
		.language = arena_str(a, json_str(json_get(o, "language"))),
		.sensitive = json_bool(json_get(o, "sensitive")),
		.reply_to = id_at_key(o, "in_reply_to_id"),
		.quote_of = id_at_key(o, "quoted_status_id"),
	};
	(void)visibility_of(json_str(json_get(o, "visibility")), &out->visibility);
}

static void put_unfinished(struct jw *w, const struct draft *d)
{
	jw_open(w, '{');
	jw_kstr(w, S("status"), d->body);
	jw_kstr(w, S("spoiler_text"), d->warning);
	jw_kstr(w, S("visibility"), visibility_name(d->visibility));
	jw_kstr(w, S("language"), d->language);
	jw_kbool(w, S("sensitive"), d->sensitive);
	jw_key(w, S("in_reply_to_id"));
	jw_id_or_null(w, d->reply_to);
	jw_key(w, S("quoted_status_id"));
	jw_id_or_null(w, d->quote_of);
	jw_close(w, '}');
}

enum err unfinished_put(struct tx *tx, const struct draft *d, int64_t *id)
{
	SCOPED_BUF params = BUF_EMPTY;
	struct jw w = {.out = &params};
	put_unfinished(&w, d);
	if (params.len > PARAMS_MAX)
		return refuse("the draft is too long");
	if (*id)
		return TX_DO(tx,
			     "UPDATE unfinished SET params = ?, updated_at = ? WHERE id = ? AND account = ?",
			     A(buf_str(&params)), A(tx_now(tx)), A(*id), A(d->author)) > 0
			       ? OK
			       : ERR_NOT_FOUND;
	if (DB_I64(tx_db(tx), 0, "SELECT count(*) FROM unfinished WHERE account = ?",
		   A(d->author)) >= UNFINISHED_MAX)
		return refuse("there are %d drafts already", UNFINISHED_MAX);
	*id = tx_id(tx);
	TX_DO(tx, "INSERT INTO unfinished (id, account, params, updated_at) VALUES (?, ?, ?, ?)",
	      A(*id), A(d->author), A(buf_str(&params)), A(tx_now(tx)));
	return OK;
}

enum err unfinished_end(struct tx *tx, int64_t account, int64_t id)
{
	return TX_DO(tx, "DELETE FROM unfinished WHERE id = ? AND account = ?", A(id), A(account)) >
			       0
		       ? OK
		       : ERR_NOT_FOUND;
}

static struct unfinished read_unfinished(struct db_row *row, struct arena *a)
{
	return (struct unfinished){db_i64(row, 0), db_i64(row, 1), db_str(row, 2, a)};
}

struct unfinished_list unfinished_list(struct db *db, struct arena *a, int64_t account)
{
	struct unfinished_list out = {.at = arena_array(a, UNFINISHED_MAX, sizeof *out.at)};
	DB_EACH(row, db,
		"SELECT id, updated_at, params FROM unfinished WHERE account = ? ORDER BY id DESC LIMIT ?",
		A(account), A(UNFINISHED_MAX))
		out.at[out.n++] = read_unfinished(&row, a);
	return out;
}

bool unfinished_get(struct db *db, struct arena *a, int64_t account, int64_t id,
		    struct unfinished *out)
{
	DB_EACH(row, db,
		"SELECT id, updated_at, params FROM unfinished WHERE id = ? AND account = ?", A(id),
		A(account)) {
		*out = read_unfinished(&row, a);
		return true;
	}
	return false;
}
