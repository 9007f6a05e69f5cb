/* SPDX-License-Identifier: MIT */
/* Poll, and StatusEdit with the polls of earlier editions. */
#include "api/entity.h"
#include "base/conf.h"
#include "core/markup.h"

static void put_options(struct jw *w, const struct poll *p)
{
	jw_key(w, S("options"));
	jw_open(w, '[');
	for (size_t i = 0; i < p->n; i++) {
		jw_open(w, '{');
		jw_kstr(w, S("title"), p->option[i].title);
		if (p->hide_totals && !p->expired)
			jw_knull(w, S("votes_count"));
		else
			jw_ki64(w, S("votes_count"), p->option[i].votes);
		jw_close(w, '}');
	}
	jw_close(w, ']');
}

static void put_own_votes(struct jw *w, const struct poll *p)
{
	jw_kbool(w, S("voted"), p->voted);
	jw_key(w, S("own_votes"));
	jw_open(w, '[');
	for (size_t i = 0; i < p->n; i++) {
		if (p->own[i])
			jw_i64(w, (int64_t)i);
	}
	jw_close(w, ']');
}

void entity_poll(struct jw *w, const struct poll *p)
{
	jw_open(w, '{');
	jw_kid(w, S("id"), p->id);
	jw_key(w, S("expires_at"));
	jw_time(w, p->expires_at);
	jw_kbool(w, S("expired"), p->expired);
	jw_kbool(w, S("multiple"), p->multiple);
	jw_ki64(w, S("votes_count"), p->votes);
	if (p->multiple)
		jw_ki64(w, S("voters_count"), p->voters);
	else
		jw_knull(w, S("voters_count"));
	put_options(w, p);
	jw_key(w, S("emojis"));
	entity_emojis(w, &p->emojis);
	put_own_votes(w, p);
	jw_close(w, '}');
}

static void put_edit(struct jw *w, struct arena *a, const struct kwip *k,
		     const struct kwip_edition *e, struct str quote)
{
	jw_open(w, '{');
	jw_kstr(w, S("content"), markup_html(a, e->body, k->mentions, conf_base_url()).s);
	jw_kstr(w, S("spoiler_text"), e->warning);
	jw_kbool(w, S("sensitive"), e->sensitive || k->who->sensitized);
	jw_key(w, S("created_at"));
	jw_time(w, e->at);
	jw_key(w, S("account"));
	entity_account(w, a, k->who);
	if (e->n_options) {
		jw_key(w, S("poll"));
		jw_open(w, '{');
		jw_key(w, S("options"));
		jw_open(w, '[');
		for (size_t i = 0; i < e->n_options; i++) {
			jw_open(w, '{');
			jw_kstr(w, S("title"), e->options[i]);
			jw_close(w, '}');
		}
		jw_close(w, ']');
		jw_close(w, '}');
	}
	jw_key(w, S("media_attachments"));
	jw_open(w, '[');
	for (size_t i = 0; i < e->n_media; i++)
		entity_media(w, a, &e->media[i]);
	jw_close(w, ']');
	jw_key(w, S("emojis"));
	entity_emojis(w, &e->emojis);
	if (quote.len) {
		jw_key(w, S("quote"));
		jw_raw(w, quote);
	}
	jw_close(w, '}');
}

void entity_status_edits(struct jw *w, struct arena *a, const struct kwip *k,
			 const struct kwip_editions *h, struct str quote)
{
	jw_open(w, '[');
	for (size_t i = 0; i < h->n; i++)
		put_edit(w, a, k, &h->at[i], quote);
	jw_close(w, ']');
}
