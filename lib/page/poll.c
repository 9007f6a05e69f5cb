/* SPDX-License-Identifier: MIT */
/* What a kwip's card leaves open on a page because it differs between viewers: its poll, which can
 * be voted in, and what it quotes. */
#include "page/handlers.h"

static void put_options(struct arena *a, struct view_poll *v, const struct poll *p)
{
	int64_t all = p->multiple ? p->voters : p->votes;
	for (size_t i = 0; i < p->n; i++)
		v->options.at[v->options.n++] = (struct view_option){
			.title = p->option[i].title,
			.shown = markup_line(a, p->option[i].title, &p->emojis),
			.votes = p->option[i].votes,
			.percent = all ? (100 * p->option[i].votes + all / 2) / all : 0,
			.mine = p->own[i],
		};
	v->most = all ? all : 1;
}

const struct view_poll *poll_view(struct req *r, const struct gathered *k)
{
	const struct poll *p = k->poll;
	if (!p)
		return NULL;
	struct view_poll *v = arena_take(r->a, sizeof *v);
	*v = (struct view_poll){
		.id = p->id,
		.voters = p->multiple ? p->voters : p->votes,
		.csrf = r->csrf,
		.back = path_again(r),
		.iso = time_iso(r->a, p->expires_at),
		.human = time_human(r->a, p->expires_at),
		.may_vote = r->viewer.account && r->csrf.len && !p->voted && !p->expired,
		.multiple = p->multiple,
		.ended = p->expired,
		.counted = p->expired || !p->hide_totals,
		.hidden = (k->card.flags & CARD_SENSITIVE) != 0,
	};
	put_options(r->a, v, p);
	return v;
}

static struct str why_not(enum quote_state s)
{
	switch (s) {
	case QUOTE_PENDING:
		return S("What this quotes waits for its author's consent.");
	case QUOTE_REJECTED:
	case QUOTE_REVOKED:
		return S("The author of what this quotes does not want it shown here.");
	case QUOTE_DELETED:
		return S("What this quotes is gone.");
	case QUOTE_BLOCKED:
		return S("This quotes somebody whom you block.");
	case QUOTE_MUTED:
		return S("This quotes somebody whom you mute.");
	case QUOTE_ACCEPTED:
	case QUOTE_UNAUTHORIZED:
		break;
	}
	return S("You may not see what this quotes.");
}

const struct view_quote *quote_view(struct req *r, const struct gathered *k)
{
	if (k->card.quote_of == 0)
		return NULL;
	struct view_quote *v = arena_take(r->a, sizeof *v);
	if (k->quoted && k->quote_state == QUOTE_ACCEPTED)
		*v = (struct view_quote){
			.start = html_trusted_card(k->quoted->card.part[0]),
			.who = html_trusted_card(k->quoted->author),
			.middle = html_trusted_card(k->quoted->card.part[1]),
		};
	else
		v->why = why_not(k->quote_state);
	return v;
}

enum err on_poll_votes(struct req *r, struct tx *tx, struct answer *out)
{
	size_t n;
	int64_t choice[POLL_OPTIONS_MAX];
	const struct str *sent = param_list(r, "choices", &n);
	if (n == 0)
		return refuse("Choose an answer first.");
	for (size_t i = 0; i < n && i < POLL_OPTIONS_MAX; i++)
		if (!str_i64(sent[i], &choice[i]))
			return refuse("There is no such answer.");
	enum err e = poll_vote(tx, r->viewer.account, param_i64(r, "id", 0), choice,
			       n < POLL_OPTIONS_MAX ? n : POLL_OPTIONS_MAX);
	return e == OK ? go_back(r, out, S("/")) : e;
}
