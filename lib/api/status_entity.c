/* SPDX-License-Identifier: MIT */
/*
 * Status: first the card, rendered once for everybody (api_card_make), then its composition for one
 * viewer: account, boosted status and flags go into the card's holes.
 */
#include "api/entity.h"
#include "base/conf.h"
#include "core/markup.h"

void put_kwip_url(struct buf *out, struct str author, int64_t id)
{
	put_account_url(out, author, S(""));
	buf_char(out, '/');
	buf_i64(out, id);
}

static void put_urls(struct jw *w, const struct kwip *k)
{
	SCOPED_BUF url = BUF_EMPTY;
	put_kwip_url(&url, k->who->name, k->id);
	jw_kstr(w, S("uri"), k->uri.len > 0 ? k->uri : buf_str(&url));
	jw_kstr(w, S("url"), k->url.len > 0 ? k->url : buf_str(&url));
}

static void put_mentions(struct jw *w, const struct mentions *m)
{
	jw_key(w, S("mentions"));
	jw_open(w, '[');
	for (size_t i = 0; i < m->n; i++) {
		const struct mention *who = &m->at[i];
		SCOPED_BUF url = BUF_EMPTY, acct = BUF_EMPTY;
		put_account_url(&url, who->name, who->domain);
		buf_put(&acct, who->name);
		if (who->domain.len > 0) {
			buf_char(&acct, '@');
			buf_put(&acct, who->domain);
		}
		jw_open(w, '{');
		jw_kid(w, S("id"), who->account);
		jw_kstr(w, S("username"), who->name);
		jw_kstr(w, S("url"), who->url.len > 0 ? who->url : buf_str(&url));
		jw_kstr(w, S("acct"), buf_str(&acct));
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void put_tags(struct jw *w, const struct kwip *k)
{
	jw_key(w, S("tags"));
	jw_open(w, '[');
	for (size_t i = 0; i < k->n_tags; i++) {
		SCOPED_BUF url = BUF_EMPTY;
		buf_put(&url, conf_base_url());
		buf_put(&url, S("/tags/"));
		esc_url_part(&url, k->tags[i]);
		jw_open(w, '{');
		jw_kstr(w, S("name"), k->tags[i]);
		jw_kstr(w, S("url"), buf_str(&url));
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void put_application(struct jw *w, const struct kwip *k)
{
	jw_key(w, S("application"));
	jw_open(w, '{');
	jw_kstr(w, S("name"), k->app_name);
	jw_knull(w, S("website"));
	jw_close(w, '}');
}

static void put_language(struct jw *w, struct str language)
{
	jw_key(w, S("language"));
	if (language.len > 0)
		jw_str(w, language);
	else
		jw_null(w);
}

/* Everything behind "account" up to and with "reblog":. A boost says nothing of its own: its text
 * and counts are the boosted's. */
static void put_rest(struct jw *w, struct arena *a, const struct kwip *k)
{
	jw_key(w, S("edited_at"));
	jw_time(w, k->edited_at);
	put_urls(w, k);
	jw_kstr(w, S("content"),
		k->boost_of ? S("") : markup_html(a, k->body, k->mentions, conf_base_url()).s);
	jw_kstr(w, S("visibility"), visibility_name(k->visibility));
	jw_kbool(w, S("sensitive"), k->sensitive);
	jw_kstr(w, S("spoiler_text"), k->warning);
	put_language(w, k->language);
	jw_key(w, S("in_reply_to_id"));
	jw_id_or_null(w, k->reply_to);
	jw_key(w, S("in_reply_to_account_id"));
	jw_id_or_null(w, k->reply_to_author);
	jw_ki64(w, S("replies_count"), k->comments_count);
	jw_ki64(w, S("reblogs_count"), k->boosts_count);
	jw_ki64(w, S("favourites_count"), k->favourites_count);
	jw_ki64(w, S("kwipd_repeats_count"), k->repeats_count);
	jw_key(w, S("media_attachments"));
	jw_raw(w, S("[]"));
	put_mentions(w, &k->mentions);
	put_tags(w, k);
	jw_key(w, S("emojis"));
	jw_raw(w, S("[]"));
	put_application(w, k);
	jw_knull(w, S("poll"));
	jw_knull(w, S("card"));
	jw_key(w, S("reblog"));
}

void api_card_make(struct buf *out, struct arena *a, const struct kwip *k)
{
	SCOPED_BUF before = BUF_EMPTY, after = BUF_EMPTY;
	struct jw w = {.out = &before};
	jw_open(&w, '{');
	jw_kid(&w, S("id"), k->id);
	jw_key(&w, S("created_at"));
	jw_time(&w, id_ms(k->id));
	jw_key(&w, S("account"));
	w = (struct jw){.out = &after, .comma = true};
	put_rest(&w, a, k);
	struct card c = card_of_kwip(k);
	c.part[0] = buf_str(&before);
	c.part[1] = buf_str(&after);
	card_pack(out, &c);
}

/* What is gathered for one answer: a card per id asked for and per boosted one, and an account per
 * author. */
struct found {
	int64_t id; /* 0: free */
	bool known;
	int bits; /* enum mark, of the viewer */
	struct card card;
};
struct statuses {
	struct arena *a;
	struct db *db;
	struct lens *lens;
	int64_t viewer;
	const int64_t *ids;
	size_t n;
	struct found *kwips, *accounts; /* open addressing by id */
	size_t mask;
};

static struct found *slot_of(struct found *table, size_t mask, int64_t id)
{
	size_t i = (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 32) & mask;
	while (table[i].id != 0 && table[i].id != id)
		i = (i + 1) & mask;
	table[i].id = id;
	return &table[i];
}

/* The ids in a table that are still not known. */
static size_t unknown(const struct statuses *s, const struct found *table, int64_t *ids)
{
	size_t n = 0;
	for (size_t i = 0; i <= s->mask; i++) {
		if (table[i].id != 0 && !table[i].known)
			ids[n++] = table[i].id;
	}
	return n;
}

static void want_kwip(struct statuses *s, int64_t id)
{
	struct found *f = slot_of(s->kwips, s->mask, id);
	if (!f->known)
		f->known = lens_card(s->lens, CACHE_CARD, id, &f->card);
}

/* Renders into the arena what no card was there for. */
static void load_kwips(struct statuses *s)
{
	int64_t *ids = arena_array(s->a, s->mask + 1, sizeof(int64_t));
	size_t n = unknown(s, s->kwips, ids);
	if (n == 0)
		return;
	struct kwips k = kwips_load(s->db, s->a, ids, n);
	for (size_t i = 0; i < k.n; i++) {
		SCOPED_BUF record = BUF_EMPTY;
		struct found *f = slot_of(s->kwips, s->mask, k.at[i].id);
		api_card_make(&record, s->a, &k.at[i]);
		f->known = card_open(arena_str(s->a, buf_str(&record)), &f->card);
	}
}

static void want_account(struct statuses *s, int64_t id)
{
	struct found *f = slot_of(s->accounts, s->mask, id);
	if (!f->known)
		f->known = lens_account(s->lens, id, &f->card);
}

static void load_accounts(struct statuses *s)
{
	int64_t *ids = arena_array(s->a, s->mask + 1, sizeof(int64_t));
	size_t n = unknown(s, s->accounts, ids);
	if (n == 0)
		return;
	struct accounts found = accounts_load(s->db, s->a, ids, n);
	for (size_t i = 0; i < found.n; i++) {
		SCOPED_BUF json = BUF_EMPTY;
		struct found *f = slot_of(s->accounts, s->mask, found.at[i].id);
		api_account_json(&json, s->a, &found.at[i]);
		f->card.part[0] = arena_str(s->a, buf_str(&json));
		f->known = true;
	}
}

static void load_marks(struct statuses *s)
{
	int64_t *ids = arena_array(s->a, 2 * (s->mask + 1), sizeof(int64_t));
	int64_t *roots = ids + s->mask + 1;
	int *bits = arena_array(s->a, s->mask + 1, sizeof(int));
	size_t n = 0;
	if (s->viewer == 0)
		return;
	for (size_t i = 0; i <= s->mask; i++) {
		if (s->kwips[i].known && s->kwips[i].card.boost_of == 0) {
			ids[n] = s->kwips[i].id;
			roots[n++] = s->kwips[i].card.conversation;
		}
	}
	lens_marks(s->lens, s->viewer, ids, roots, n, bits);
	for (size_t i = 0; i < n; i++)
		slot_of(s->kwips, s->mask, ids[i])->bits = bits[i];
}

struct statuses *statuses_gather(struct arena *a, struct db *db, struct lens *l, int64_t viewer,
				 const int64_t *ids, size_t n)
{
	struct statuses *s = arena_take(a, sizeof(*s));
	*s = (struct statuses){
		.a = a, .db = db, .lens = l, .viewer = viewer, .ids = ids, .n = n, .mask = 7};
	while (s->mask < 4 * n)
		s->mask = 2 * s->mask + 1;
	s->kwips = arena_array(a, s->mask + 1, sizeof(*s->kwips));
	s->accounts = arena_array(a, s->mask + 1, sizeof(*s->accounts));
	for (size_t i = 0; i < n; i++)
		want_kwip(s, ids[i]);
	load_kwips(s);
	for (size_t i = 0; i < n; i++) {
		const struct found *f = slot_of(s->kwips, s->mask, ids[i]);
		if (f->known && f->card.boost_of != 0)
			want_kwip(s, f->card.boost_of);
	}
	load_kwips(s);
	for (size_t i = 0; i <= s->mask; i++) {
		if (s->kwips[i].known)
			want_account(s, s->kwips[i].card.author);
	}
	load_accounts(s);
	load_marks(s);
	return s;
}

static void put_flags(struct buf *out, const struct statuses *s, const struct card *c, int bits)
{
	if (s->viewer == 0) {
		buf_char(out, '}');
		return;
	}
	buf_put(out,
		bits & MARK_FAVOURITE ? S(",\"favourited\":true") : S(",\"favourited\":false"));
	buf_put(out, bits & MARK_BOOST ? S(",\"reblogged\":true") : S(",\"reblogged\":false"));
	buf_put(out, bits & MARK_MUTE ? S(",\"muted\":true") : S(",\"muted\":false"));
	buf_put(out, bits & MARK_BOOKMARK ? S(",\"bookmarked\":true") : S(",\"bookmarked\":false"));
	if (c->author == s->viewer)
		buf_put(out, S(",\"pinned\":false"));
	buf_put(out, S(",\"filtered\":[]}"));
}

static void put_status(struct statuses *s, struct buf *out, const struct found *f,
		       const struct found *boosted)
{
	const struct found *who = slot_of(s->accounts, s->mask, f->card.author);
	buf_put(out, f->card.part[0]);
	buf_put(out, who->card.part[0]);
	buf_put(out, f->card.part[1]);
	if (boosted)
		put_status(s, out, boosted, NULL);
	else
		buf_put(out, S("null"));
	put_flags(out, s, &f->card, boosted ? boosted->bits : f->bits);
}

static bool is_whole(struct statuses *s, const struct found *f)
{
	return f->known && slot_of(s->accounts, s->mask, f->card.author)->known;
}

static bool write_one(struct statuses *s, struct jw *w, int64_t id)
{
	const struct found *f = slot_of(s->kwips, s->mask, id), *boosted = NULL;
	if (!is_whole(s, f))
		return false;
	if (f->card.boost_of != 0) {
		boosted = slot_of(s->kwips, s->mask, f->card.boost_of);
		if (!is_whole(s, boosted))
			return false;
	}
	jw_raw(w, S(""));
	put_status(s, w->out, f, boosted);
	return true;
}

size_t statuses_write(struct statuses *s, struct jw *w, bool array)
{
	size_t written = 0;
	if (array)
		jw_open(w, '[');
	for (size_t i = 0; i < s->n && (array || written == 0); i++)
		written += write_one(s, w, s->ids[i]);
	if (array)
		jw_close(w, ']');
	return written;
}
