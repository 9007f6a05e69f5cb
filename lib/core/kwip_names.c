/* SPDX-License-Identifier: MIT */
/*
 * The rows beside a kwip that its text asks for: who is mentioned, its tags, its links. Each list
 * is bounded, so a text of nothing but names costs no more than a hundred look-ups.
 */
#include "core/kwip_private.h"

struct name {
	struct str name, domain;
};
struct found {
	struct name mention[KWIP_NAMES_MAX];
	struct str tag[KWIP_NAMES_MAX];
	struct str link[KWIP_LINKS_MAX];
	size_t n_mentions, n_tags, n_links;
};

static void add_mention(struct found *f, const struct piece *p)
{
	if (f->n_mentions == KWIP_NAMES_MAX)
		return;
	for (size_t i = 0; i < f->n_mentions; i++) {
		if (str_eq_nocase(f->mention[i].name, p->name) &&
		    str_eq_nocase(f->mention[i].domain, p->domain))
			return;
	}
	f->mention[f->n_mentions++] = (struct name){p->name, p->domain};
}

static void add_str(struct str *list, size_t *n, size_t max, struct str s)
{
	if (*n == max || s.len == 0)
		return;
	for (size_t i = 0; i < *n; i++) {
		if (str_eq(list[i], s))
			return;
	}
	list[(*n)++] = s;
}

static struct found *find_all(struct arena *a, struct str body)
{
	struct found *f = arena_take(a, sizeof *f);
	struct scan s = {.text = body};
	struct piece p;
	while (markup_next(&s, &p)) {
		if (p.kind == PIECE_MENTION)
			add_mention(f, &p);
		else if (p.kind == PIECE_TAG && f->n_tags < KWIP_NAMES_MAX)
			add_str(f->tag, &f->n_tags, KWIP_NAMES_MAX, tag_fold(a, p.name));
		else if (p.kind == PIECE_LINK)
			add_str(f->link, &f->n_links, KWIP_LINKS_MAX, p.text);
	}
	return f;
}

static struct str lower(struct arena *a, struct str s)
{
	char *out = arena_zstr(a, s);
	for (size_t i = 0; i < s.len; i++) {
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] + 'a' - 'A');
	}
	return (struct str){out, s.len};
}

static void store_mentions(struct tx *tx, struct arena *a, int64_t kwip, const struct found *f,
			   struct named *out)
{
	for (size_t i = 0; i < f->n_mentions; i++) {
		int64_t who = DB_I64(
			tx_db(tx), 0,
			"SELECT id FROM account WHERE name_key = ? AND domain = ? AND state = 0",
			A(lower(a, f->mention[i].name)), A(lower(a, f->mention[i].domain)));
		if (!who || named_has(out, who))
			continue;
		out->account[out->n++] = who;
		TX_DO(tx,
		      "INSERT INTO mention (kwip, account) VALUES (?, ?) ON CONFLICT DO NOTHING",
		      A(kwip), A(who));
	}
}

static int64_t tag_id(struct tx *tx, struct str folded)
{
	int64_t id = DB_I64(tx_db(tx), 0, "SELECT id FROM tag WHERE name = ?", A(folded));
	return id ? id : TX_I64(tx, "INSERT INTO tag (name) VALUES (?) RETURNING id", A(folded));
}

void kwip_names_store(struct tx *tx, struct arena *a, int64_t kwip, struct str body,
		      struct named *out)
{
	const struct found *f = find_all(a, body);
	store_mentions(tx, a, kwip, f, out);
	for (size_t i = 0; i < f->n_tags; i++) {
		TX_DO(tx,
		      "INSERT INTO kwip_tag (tag, kwip, author, activity) SELECT ?1, id, author, CASE WHEN visibility = 0 "
		      "AND reply_to IS NULL THEN activity END FROM kwip WHERE id = ?2 ON CONFLICT DO NOTHING",
		      A(tag_id(tx, f->tag[i])), A(kwip));
	}
	for (size_t i = 0; i < f->n_links; i++) {
		TX_DO(tx, "INSERT INTO link (kwip, place, url) VALUES (?, ?, ?)", A(kwip),
		      A((int)i), A(f->link[i]));
	}
}

void kwip_tags_drop(struct tx *tx, int64_t kwip, bool for_good)
{
	int64_t tag[KWIP_NAMES_MAX] = {0};
	size_t n = 0;
	DB_EACH(row, tx_db(tx),
		"SELECT t.tag FROM kwip_tag t WHERE t.kwip = ?1 AND "
		"(EXISTS (SELECT 1 FROM tag_follow f WHERE f.tag = t.tag) OR "
		"(?3 = 1 AND EXISTS (SELECT 1 FROM kwip k WHERE k.id = ?1 AND k.visibility = 0))) LIMIT ?2",
		A(kwip), A(KWIP_NAMES_MAX), A(for_good))
		tag[n++] = db_i64(&row, 0);
	for (size_t i = 0; i < n; i++)
		event_add(tx, (struct event){.kind = EVENT_UNTAG, .kwip = kwip, .extra = tag[i]});
	TX_DO(tx, "DELETE FROM kwip_tag WHERE kwip = ?", A(kwip));
}

void kwip_names_answered(struct tx *tx, int64_t kwip)
{
	TX_DO(tx,
	      "INSERT INTO mention (kwip, account) SELECT k.id, p.author FROM kwip k JOIN kwip p ON p.id = k.reply_to "
	      "WHERE k.id = ? AND k.visibility = p.visibility AND p.visibility >= 2 AND p.author <> k.author "
	      "ON CONFLICT DO NOTHING",
	      A(kwip));
	TX_DO(tx,
	      "INSERT INTO mention (kwip, account) SELECT k.id, q.author FROM kwip k JOIN kwip q ON q.id = k.quote_of "
	      "WHERE k.id = ? AND k.visibility = 2 AND q.author <> k.author ON CONFLICT DO NOTHING",
	      A(kwip));
}

bool named_has(const struct named *n, int64_t account)
{
	for (size_t i = 0; i < n->n; i++) {
		if (n->account[i] == account)
			return true;
	}
	return false;
}
