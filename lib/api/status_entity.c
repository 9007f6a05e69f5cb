/* SPDX-License-Identifier: MIT */
/*
 * Status: first the card, rendered once for everybody (api_card_make), then its composition for one
 * viewer: account, poll, quote, boosted status and flags go into the card's holes.
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
	jw_key(w, S("website"));
	if (k->app_website.len > 0)
		jw_str(w, k->app_website);
	else
		jw_null(w);
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

static void put_media(struct jw *w, struct arena *a, const struct media *media, size_t n)
{
	jw_key(w, S("media_attachments"));
	jw_open(w, '[');
	for (size_t i = 0; i < n; i++)
		entity_media(w, a, &media[i]);
	jw_close(w, ']');
}

/* One that names an account as its author is put together for each answer: see put_credited. */
static void put_preview(struct jw *w, const struct preview *p)
{
	if (p && p->author)
		return;
	jw_key(w, S("card"));
	if (p)
		entity_preview(w, p);
	else
		jw_null(w);
}

static void put_approval(struct jw *w, enum quote_policy p)
{
	jw_key(w, S("quote_approval"));
	jw_open(w, '{');
	jw_key(w, S("automatic"));
	jw_open(w, '[');
	if (p != QUOTE_BY_NOBODY)
		jw_str(w, quote_policy_name(p));
	jw_close(w, ']');
	jw_key(w, S("manual"));
	jw_raw(w, S("[]"));
	jw_key(w, S("current_user"));
}

/*
 * A boost says nothing of its own. A quote begins with a line that leads to what it quotes, in the
 * class by which clients that show quotes hide it.
 */
static void put_content(struct jw *w, struct arena *a, const struct kwip *k)
{
	SCOPED_BUF html = BUF_EMPTY;
	if (k->quoted_url.len && str_find(k->body, k->quoted_url) < 0) {
		struct str line = arena_printf(a, "RE: %.*s", (int)k->quoted_url.len,
					       k->quoted_url.at);
		line = markup_html(a, line, (struct mentions){0}, conf_base_url()).s;
		buf_put(&html, S("<p class=\"quote-inline\">"));
		buf_put(&html, str_slice(line, S("<p>").len, line.len));
	}
	if (!k->boost_of)
		buf_put(&html, markup_html(a, k->body, k->mentions, conf_base_url()).s);
	jw_kstr(w, S("content"), buf_str(&html));
}

/* Everything behind "account" up to and with "current_user":. A boost says nothing of its own: its
 * text and counts are the boosted's. */
static void put_rest(struct jw *w, struct arena *a, const struct kwip *k)
{
	jw_key(w, S("edited_at"));
	jw_time(w, k->edited_at);
	put_urls(w, k);
	put_content(w, a, k);
	jw_kstr(w, S("visibility"), visibility_name(k->visibility));
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
	jw_ki64(w, S("quotes_count"), k->quotes_count);
	put_media(w, a, k->media, k->n_media);
	put_mentions(w, &k->mentions);
	put_tags(w, k);
	jw_key(w, S("emojis"));
	entity_emojis(w, &k->emojis);
	put_application(w, k);
	put_preview(w, k->preview);
	put_approval(w, k->quote_policy);
}

void api_card_make(struct buf *out, struct arena *a, const struct kwip *k)
{
	SCOPED_BUF before = BUF_EMPTY, after = BUF_EMPTY, preview = BUF_EMPTY;
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
	if (c.flags & CARD_CREDITED) {
		w = (struct jw){.out = &preview, .comma = true};
		jw_key(&w, S("card"));
		entity_preview_open(&w, k->preview);
	}
	c.part[2] = buf_str(&preview);
	card_pack(out, &c);
}

static const struct gather_form form = {
	.kind = CACHE_CARD,
	.filtered = true,
	.kwip = api_card_make,
	.author = api_account_json,
};
static const struct gather_form redraft = {
	.kind = CACHE_CARD,
	.filtered = true,
	.to_redraft = true,
	.kwip = api_card_make,
	.author = api_account_json,
};

static void put_filtered(struct buf *out, const struct gathered *k)
{
	struct jw w = {.out = out};
	buf_put(out, S(",\"filtered\":"));
	jw_open(&w, '[');
	for (size_t i = 0; i < k->n_filter; i++)
		entity_filter_result(&w, &k->filter[i]);
	jw_close(&w, ']');
}

/* Who is sensitized sees what oneself marked, so that an edit keeps it. */
static void put_sensitive(struct buf *out, int64_t viewer, const struct card *c)
{
	bool is = c->flags & CARD_MARKED || (c->flags & CARD_SENSITIZED && c->author != viewer);
	buf_put(out, is ? S(",\"sensitive\":true") : S(",\"sensitive\":false"));
}

static void put_flags(struct buf *out, int64_t viewer, const struct gathered *k)
{
	put_sensitive(out, viewer, &k->card);
	if (viewer == 0) {
		buf_char(out, '}');
		return;
	}
	buf_put(out,
		k->bits & MARK_FAVOURITE ? S(",\"favourited\":true") : S(",\"favourited\":false"));
	buf_put(out, k->bits & MARK_BOOST ? S(",\"reblogged\":true") : S(",\"reblogged\":false"));
	buf_put(out, k->bits & MARK_MUTE ? S(",\"muted\":true") : S(",\"muted\":false"));
	buf_put(out,
		k->bits & MARK_BOOKMARK ? S(",\"bookmarked\":true") : S(",\"bookmarked\":false"));
	if (k->card.author == viewer)
		buf_put(out, k->card.flags & CARD_PINNED ? S(",\"pinned\":true")
							 : S(",\"pinned\":false"));
	put_filtered(out, k->boosted ? k->boosted : k);
	buf_char(out, '}');
}

/* What the policy comes to for the viewer; closes quote_approval. */
static void put_may_quote(struct buf *out, int64_t viewer, const struct gathered *k)
{
	const struct card *c = &k->card;
	bool never = viewer == 0 || c->boost_of || c->visibility == VISIBLE_DIRECT;
	bool may = c->author == viewer || c->quote_policy == QUOTE_BY_ALL ||
		   (c->quote_policy == QUOTE_BY_FOLLOWERS && k->followed);
	buf_put(out, !never && may ? S("\"automatic\"}") : S("\"denied\"}"));
}

static void put_poll(struct buf *out, const struct gathered *k)
{
	struct jw w = {.out = out};
	buf_put(out, S(",\"poll\":"));
	if (k->poll)
		entity_poll(&w, k->poll);
	else
		buf_put(out, S("null"));
}

/*
 * The account that a page names as its author stands there when it says that the page may; when it
 * does not, it alone learns what is missing.
 */
static void put_credited(struct buf *out, int64_t viewer, const struct gathered *k)
{
	static const struct str unnamed = S_INIT("{\"name\":\"\",\"url\":\"\",\"account\":");
	struct str open = k->card.part[2];
	if (!(k->card.flags & CARD_CREDITED))
		return;
	if (k->credited.len == 0 && str_ends(open, unnamed)) {
		buf_put(out, str_slice(open, 0, open.len - unnamed.len));
	} else {
		buf_put(out, open);
		buf_put(out, k->credited.len ? k->credited : S("null"));
		buf_char(out, '}');
	}
	buf_char(out, ']');
	if (viewer && k->credit)
		buf_put(out, !k->credit->allowed && k->credit->account == viewer
				     ? S(",\"missing_attribution\":true")
				     : S(",\"missing_attribution\":false"));
	buf_char(out, '}');
}

static void put_status(struct buf *out, int64_t viewer, const struct gathered *k, int depth);

/* Quote on top, ShallowQuote within a quoted Status. */
static void put_quote(struct buf *out, int64_t viewer, const struct gathered *k, int depth)
{
	if (k->card.quote_of == 0) {
		buf_put(out, S("null"));
		return;
	}
	buf_put(out, S("{\"state\":\""));
	buf_put(out, quote_state_name(k->quote_state));
	buf_put(out, depth ? S("\",\"quoted_status_id\":") : S("\",\"quoted_status\":"));
	if (depth && k->shows_quote) {
		struct jw w = {.out = out};
		jw_id(&w, k->card.quote_of);
	} else if (!depth && k->quoted) {
		put_status(out, viewer, k->quoted, 1);
	} else {
		buf_put(out, S("null"));
	}
	buf_char(out, '}');
}

/* depth 1: within a quote. */
static void put_status(struct buf *out, int64_t viewer, const struct gathered *k, int depth)
{
	buf_put(out, k->card.part[0]);
	buf_put(out, k->author);
	buf_put(out, k->card.part[1]);
	put_may_quote(out, viewer, k);
	put_credited(out, viewer, k);
	put_poll(out, k);
	buf_put(out, S(",\"quote\":"));
	put_quote(out, viewer, k, depth);
	buf_put(out, S(",\"reblog\":"));
	if (k->boosted)
		put_status(out, viewer, k->boosted, depth);
	else
		buf_put(out, S("null"));
	put_flags(out, viewer, k);
}

struct gather *entity_gather(struct arena *a, const struct gather_ask *ask)
{
	return gather_kwips(a, ask, &form);
}

bool entity_gathered(struct jw *w, const struct gather *g, int64_t viewer, int64_t id)
{
	const struct gathered *k = gather_find(g, id);
	if (!k)
		return false;
	jw_raw(w, S(""));
	put_status(w->out, viewer, k, 0);
	return true;
}

bool entity_status(struct jw *w, struct arena *a, const struct gather_ask *ask)
{
	return entity_gathered(w, gather_kwips(a, ask, &form), ask->viewer, ask->ids[0]);
}

bool entity_to_redraft(struct jw *w, struct arena *a, const struct gather_ask *ask)
{
	return entity_gathered(w, gather_kwips(a, ask, &redraft), ask->viewer, ask->ids[0]);
}

struct str entity_quote(struct arena *a, const struct gather_ask *ask)
{
	SCOPED_BUF out = BUF_EMPTY;
	const struct gathered *k = gather_find(gather_kwips(a, ask, &form), ask->ids[0]);
	if (!k || k->card.quote_of == 0)
		return S("");
	put_quote(&out, ask->viewer, k, 0);
	return arena_str(a, buf_str(&out));
}

void entity_statuses(struct jw *w, struct arena *a, const struct gather_ask *ask)
{
	const struct gather *g = gather_kwips(a, ask, &form);
	jw_open(w, '[');
	for (size_t i = 0; i < ask->n; i++)
		(void)entity_gathered(w, g, ask->viewer, ask->ids[i]);
	jw_close(w, ']');
}
