/* SPDX-License-Identifier: MIT */
/* Polls: loading, making, voting, ending. kwip_post.c and kwip_edit.c say when there is one. */
#include "core/poll.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/grapheme.h"
#include "base/utf8.h"
#include "core/in40.h"
#include "core/kwip_private.h"
#include "core/notice.h"

static struct poll *find(const struct polls *all, int64_t id)
{
	for (size_t i = 0; i < all->n; i++) {
		if (all->at[i].id == id)
			return &all->at[i];
	}
	return NULL;
}

static void read_poll(struct polls *to, struct db_row *row, int64_t viewer)
{
	struct poll *p = &to->at[to->n++];
	*p = (struct poll){
		.id = db_i64(row, 0),
		.kwip = db_i64(row, 1),
		.account = db_i64(row, 2),
		.expires_at = db_i64(row, 3),
		.multiple = db_i64(row, 4) != 0,
		.hide_totals = db_i64(row, 5) != 0,
		.voters = db_i64(row, 6),
	};
	p->expired = p->expires_at != 0 && p->expires_at <= clock_ms();
	p->voted = viewer && p->account == viewer;
}

static void load_options(struct db *db, struct arena *a, const struct polls *all,
			 const struct db_arg *ids)
{
	DB_EACH_ARGS(row, db,
		     "SELECT poll, title, votes_count FROM poll_option WHERE poll IN (" IN40
		     ") ORDER BY poll, place",
		     ids, IN_WIDTH)
	{
		struct poll *p = find(all, db_i64(&row, 0));
		if (!p || p->n == POLL_OPTIONS_MAX)
			continue;
		p->option[p->n++] = (struct poll_option){db_str(&row, 1, a), db_i64(&row, 2)};
		p->votes += db_i64(&row, 2);
	}
}

static void load_votes(struct db *db, int64_t viewer, const struct polls *all,
		       const struct db_arg *ids)
{
	struct db_arg args[1 + IN_WIDTH] = {A(viewer)};
	memcpy(args + 1, ids, IN_WIDTH * sizeof *ids);
	DB_EACH_ARGS(row, db,
		     "SELECT poll, place FROM poll_vote WHERE account = ?1 AND poll IN (" IN40 ")",
		     args, 1 + IN_WIDTH)
	{
		struct poll *p = find(all, db_i64(&row, 0));
		int64_t place = db_i64(&row, 1);
		if (!p || place < 0 || place >= POLL_OPTIONS_MAX)
			continue;
		p->voted = true;
		p->own[place] = true;
	}
}

static void load_emojis(struct db *db, struct arena *a, const struct polls *some)
{
	struct str *texts = arena_array(a, some->n * POLL_OPTIONS_MAX, sizeof *texts), *own = texts;
	size_t n = 0;
	for (size_t i = 0; i < some->n; i++)
		for (size_t k = 0; k < some->at[i].n; k++)
			texts[n++] = some->at[i].option[k].title;
	struct emojis found = emojis_of(db, a, texts, n);
	for (size_t i = 0; found.n > 0 && i < some->n; own += some->at[i++].n)
		some->at[i].emojis = emojis_among(a, &found, own, some->at[i].n);
}

static void load_parts(struct db *db, struct arena *a, int64_t viewer, const struct polls *some)
{
	int64_t ids[IN_WIDTH];
	struct db_arg args[IN_WIDTH];
	if (some->n == 0)
		return;
	for (size_t i = 0; i < some->n; i++)
		ids[i] = some->at[i].id;
	ids_args(args, ids, some->n);
	load_options(db, a, some, args);
	load_emojis(db, a, some);
	if (viewer)
		load_votes(db, viewer, some, args);
}

#define COLUMNS "id, kwip, account, coalesce(expires_at, 0), multiple, hide_totals, voters_count"

struct polls polls_of_kwips(struct db *db, struct arena *a, int64_t viewer, const int64_t *kwips,
			    size_t n)
{
	struct polls out = {.at = arena_array(a, n, sizeof *out.at)};
	for (size_t at = 0; at < n;) {
		struct db_arg args[IN_WIDTH];
		struct polls some = {.at = out.at + out.n};
		at += ids_args(args, kwips + at, n - at);
		DB_EACH_ARGS(row, db, "SELECT " COLUMNS " FROM poll WHERE kwip IN (" IN40 ")", args,
			     IN_WIDTH)
		read_poll(&some, &row, viewer);
		load_parts(db, a, viewer, &some);
		out.n += some.n;
	}
	return out;
}

enum err poll_get(struct db *db, struct arena *a, int64_t viewer, int64_t id, struct poll *out)
{
	struct polls one = {.at = out};
	*out = (struct poll){0};
	DB_EACH(row, db, "SELECT " COLUMNS " FROM poll WHERE id = ?", A(id))
		read_poll(&one, &row, viewer);
	if (one.n == 0 || !kwip_may_see(db, viewer, out->kwip))
		return ERR_NOT_FOUND;
	load_parts(db, a, viewer, &one);
	return OK;
}

static enum err check_options(const struct poll_draft *d)
{
	for (size_t i = 0; i < d->n; i++) {
		struct str title = str_trim(d->options[i]);
		if (title.len == 0)
			return refuse("Validation failed: Poll options can't be blank");
		if (!utf8_ok(title) || grapheme_count(title) > POLL_OPTION_CHARS)
			return refuse("Validation failed: Poll options cannot be longer than %d "
				      "characters each",
				      POLL_OPTION_CHARS);
		for (size_t j = 0; j < i; j++) {
			if (str_eq(title, str_trim(d->options[j])))
				return refuse("Validation failed: Poll options contain duplicate "
					      "items");
		}
	}
	return OK;
}

enum err poll_check(const struct poll_draft *d)
{
	if (d->n < POLL_OPTIONS_MIN)
		return refuse("Validation failed: Poll options must have more than one item");
	if (d->n > POLL_OPTIONS_MAX)
		return refuse("Validation failed: Poll options can't contain more than %d items",
			      POLL_OPTIONS_MAX);
	if (d->life_s == 0)
		return refuse("Validation failed: Expires at can't be blank");
	if (d->life_s < POLL_LIFE_MIN_S)
		return refuse("Validation failed: Expires at is too soon");
	if (d->life_s > POLL_LIFE_MAX_S)
		return refuse("Validation failed: Expires at is too far into the future");
	return check_options(d);
}

static void put_options(struct tx *tx, int64_t poll, const struct poll_draft *d)
{
	for (size_t i = 0; i < d->n; i++)
		TX_DO(tx, "INSERT INTO poll_option (poll, place, title) VALUES (?, ?, ?)", A(poll),
		      A((int)i), A(str_trim(d->options[i])));
}

void poll_add(struct tx *tx, int64_t kwip, int64_t account, const struct poll_draft *d)
{
	int64_t id = tx_id(tx);
	TX_DO(tx,
	      "INSERT INTO poll (id, kwip, account, expires_at, multiple, hide_totals) VALUES (?, ?, ?, ?, ?, ?)",
	      A(id), A(kwip), A(account), A(tx_now(tx) + 1000 * d->life_s), A(d->multiple),
	      A(d->hide_totals));
	TX_DO(tx, "UPDATE kwip SET polled = 1 WHERE id = ?", A(kwip));
	put_options(tx, id, d);
}

static bool has_same_options(struct db *db, int64_t poll, const struct poll_draft *d)
{
	size_t n = 0, same = 0;
	DB_EACH(row, db, "SELECT title FROM poll_option WHERE poll = ? ORDER BY place", A(poll)) {
		same += n < d->n && str_eq(db_peek(&row, 0), str_trim(d->options[n]));
		n++;
	}
	return n == d->n && same == n;
}

static void begin_anew(struct tx *tx, int64_t poll, const struct poll_draft *d)
{
	TX_DO(tx, "DELETE FROM poll_vote WHERE poll = ?", A(poll));
	TX_DO(tx, "DELETE FROM poll_option WHERE poll = ?", A(poll));
	TX_DO(tx, "UPDATE poll SET voters_count = 0 WHERE id = ?", A(poll));
	put_options(tx, poll, d);
}

bool poll_change(struct tx *tx, int64_t kwip, int64_t account, const struct poll_draft *d)
{
	int64_t id = 0, multiple = 0;
	DB_EACH(row, tx_db(tx), "SELECT id, multiple FROM poll WHERE kwip = ?", A(kwip)) {
		id = db_i64(&row, 0);
		multiple = db_i64(&row, 1);
	}
	if (!id && !d)
		return false;
	if (!id) {
		poll_add(tx, kwip, account, d);
		return true;
	}
	if (!d) {
		TX_DO(tx, "DELETE FROM poll WHERE id = ?", A(id));
		TX_DO(tx, "UPDATE kwip SET polled = 0 WHERE id = ?", A(kwip));
		return true;
	}
	bool same = has_same_options(tx_db(tx), id, d) && d->multiple == (multiple != 0);
	TX_DO(tx,
	      "UPDATE poll SET expires_at = ?, multiple = ?, hide_totals = ?, told = 0 WHERE id = ?",
	      A(tx_now(tx) + 1000 * d->life_s), A(d->multiple), A(d->hide_totals), A(id));
	if (!same)
		begin_anew(tx, id, d);
	event_add(tx, (struct event){.kind = EVENT_POLL, .actor = account, .kwip = kwip});
	return !same;
}

struct str poll_titles(struct db *db, struct arena *a, int64_t kwip)
{
	SCOPED_BUF out = BUF_EMPTY;
	struct jw w = {.out = &out};
	jw_open(&w, '[');
	DB_EACH(row, db,
		"SELECT o.title FROM poll p JOIN poll_option o ON o.poll = p.id WHERE p.kwip = ? ORDER BY o.place",
		A(kwip))
		jw_str(&w, db_peek(&row, 0));
	jw_close(&w, ']');
	return arena_str(a, buf_str(&out));
}

static enum err check_vote(const struct poll *p, int64_t account, const int64_t *choices, size_t n)
{
	if (p->expired)
		return refuse("Validation failed: The poll has already ended");
	if (p->account == account)
		return refuse("Validation failed: You cannot vote in your own polls");
	if (p->voted || (n > 1 && !p->multiple))
		return refuse("Validation failed: You have already voted on this poll");
	if (n == 0)
		return refuse("Validation failed: Choices can't be blank");
	for (size_t i = 0; i < n; i++) {
		if (choices[i] < 0 || choices[i] >= (int64_t)p->n)
			return refuse("Validation failed: The chosen vote option does not exist");
	}
	return OK;
}

static bool is_said_again(const int64_t *choices, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (choices[j] == choices[i])
			return true;
	}
	return false;
}

enum err poll_vote(struct tx *tx, int64_t account, int64_t poll, const int64_t *choices, size_t n)
{
	SCOPED_ARENA a = arena_new();
	struct poll p;
	enum err e = poll_get(tx_db(tx), a, account, poll, &p);
	if (e == OK)
		e = check_vote(&p, account, choices, n);
	if (e != OK)
		return e;
	for (size_t i = 0; i < n; i++) {
		if (is_said_again(choices, i))
			continue;
		TX_DO(tx, "INSERT INTO poll_vote (poll, account, place) VALUES (?, ?, ?)", A(poll),
		      A(account), A(choices[i]));
		TX_DO(tx,
		      "UPDATE poll_option SET votes_count = votes_count + 1 WHERE poll = ? AND place = ?",
		      A(poll), A(choices[i]));
	}
	TX_DO(tx, "UPDATE poll SET voters_count = voters_count + 1 WHERE id = ?", A(poll));
	event_add(tx, (struct event){.kind = EVENT_POLL, .actor = p.account, .kwip = p.kwip});
	return OK;
}

bool poll_is_due(struct db *db, int64_t now)
{
	return DB_I64(db, 0, "SELECT 1 FROM poll WHERE told = 0 AND expires_at <= ? LIMIT 1",
		      A(now)) != 0;
}

static void tell_voters(struct tx *tx, struct arena *a, int64_t poll, int64_t author, int64_t kwip)
{
	int64_t most = DB_I64(tx_db(tx), 0, "SELECT voters_count FROM poll WHERE id = ?", A(poll));
	int64_t *voter = arena_array(a, (size_t)most, sizeof *voter);
	size_t n = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT DISTINCT account FROM poll_vote WHERE poll = ? ORDER BY account LIMIT ?",
		A(poll), A(most))
		voter[n++] = db_i64(&row, 0);
	for (size_t i = 0; i < n; i++)
		notice_add(tx, voter[i], NOTICE_POLL, author, kwip);
}

int poll_end_due(struct tx *tx)
{
	int64_t id = 0, kwip = 0, author = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT id, kwip, account FROM poll WHERE told = 0 AND expires_at <= ? ORDER BY expires_at LIMIT 1",
		A(tx_now(tx))) {
		id = db_i64(&row, 0);
		kwip = db_i64(&row, 1);
		author = db_i64(&row, 2);
	}
	if (!id)
		return 0;
	SCOPED_ARENA a = arena_new();
	notice_add(tx, author, NOTICE_POLL, author, kwip);
	tell_voters(tx, a, id, author, kwip);
	TX_DO(tx, "UPDATE poll SET told = 1 WHERE id = ?", A(id));
	event_add(tx, (struct event){.kind = EVENT_POLL, .actor = author, .kwip = kwip});
	return 1;
}
