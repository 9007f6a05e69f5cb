/* SPDX-License-Identifier: MIT */
/*
 * Gathering for one answer. Every home timeline comes through here, so what is found stands dense,
 * in the order of asking, and only the table of places is sparse: a page of 20 stays within a few
 * kilobytes to clear.
 */
#include "core/gather.h"

#include "core/idset.h"

/* Ids in the order in which they came, and the place of each. */
struct roll {
	struct idset set;
	uint32_t *place; /* by the set's slot */
	int64_t *ids;
};

struct gather {
	struct arena *a;
	struct gather_ask ask;
	struct gather_form form;
	struct roll kwips, people;
	struct gathered *kwip; /* by place in kwips */
	struct str *author;    /* by place in people; at NULL: gone */
};

static struct roll roll_new(struct arena *a, size_t most)
{
	struct roll r = {.ids = arena_array(a, most, sizeof(*r.ids))};
	set_open(&r.set, a, most);
	r.place = arena_array(a, r.set.mask + 1, sizeof(*r.place));
	return r;
}

/* Where id stands; new ones are put behind the others. */
static size_t place_of(struct roll *r, int64_t id)
{
	size_t slot = set_slot(&r->set, id);
	if (r->set.slot[slot] != id) {
		r->set.slot[slot] = id;
		r->ids[r->set.n] = id;
		r->place[slot] = (uint32_t)r->set.n++;
	}
	return r->place[slot];
}

static bool is_known(const struct gathered *k)
{
	return k->card.id != 0;
}

/* Renders into the arena what no card was there for. */
static void load_kwips(struct gather *g, const int64_t *ids, size_t n)
{
	struct kwips found = kwips_load(g->ask.db, g->a, ids, n);
	for (size_t i = 0; i < found.n; i++) {
		SCOPED_BUF record = BUF_EMPTY;
		struct card c;
		g->form.kwip(&record, g->a, &found.at[i]);
		if (card_open(arena_str(g->a, buf_str(&record)), &c))
			g->kwip[place_of(&g->kwips, c.id)].card = c;
	}
}

/* Cards of the kwips from this place on. */
static void read_kwips(struct gather *g, size_t from)
{
	size_t to = g->kwips.set.n, n = 0;
	int64_t *missing = arena_array(g->a, to - from, sizeof(*missing));
	for (size_t i = from; i < to; i++) {
		struct card c;
		if (lens_card(g->ask.lens, g->form.kind, g->kwips.ids[i], &c))
			g->kwip[i].card = c;
		else
			missing[n++] = g->kwips.ids[i];
	}
	load_kwips(g, missing, n);
}

static void load_people(struct gather *g, const int64_t *ids, size_t n)
{
	struct accounts found = accounts_load(g->ask.db, g->a, ids, n);
	for (size_t i = 0; i < found.n; i++) {
		SCOPED_BUF part = BUF_EMPTY;
		g->form.author(&part, g->a, &found.at[i]);
		g->author[place_of(&g->people, found.at[i].id)] = arena_str(g->a, buf_str(&part));
	}
}

/* The list of ids of those that a test picks, and which they are. */
struct picked {
	int64_t *ids;
	struct gathered **of;
	size_t n;
};

static struct picked pick(struct gather *g, bool (*is_one)(const struct gathered *k),
			  int64_t (*id_of)(const struct gathered *k))
{
	struct picked p = {0};
	size_t most = g->kwips.set.n;
	for (size_t i = 0; i < most; i++) {
		struct gathered *k = &g->kwip[i];
		if (!is_known(k) || !is_one(k))
			continue;
		if (!p.of) {
			p.ids = arena_array(g->a, most, sizeof(*p.ids));
			p.of = arena_array(g->a, most, sizeof(struct gathered *));
		}
		p.of[p.n] = k;
		p.ids[p.n++] = id_of(k);
	}
	return p;
}

static int64_t own_id(const struct gathered *k)
{
	return k->card.id;
}

static bool is_credited(const struct gathered *k)
{
	return k->card.flags & CARD_CREDITED;
}

/* Pages show no more of it than its name. */
static void read_credits(struct gather *g)
{
	if (g->form.kind != CACHE_CARD)
		return;
	struct picked p = pick(g, is_credited, own_id);
	if (p.n == 0)
		return;
	struct credits found = credits_of_kwips(g->ask.db, g->a, p.ids, p.n);
	for (size_t i = 0; i < found.n; i++)
		g->kwip[place_of(&g->kwips, found.at[i].kwip)].credit = &found.at[i];
}

static void read_people(struct gather *g)
{
	struct card c;
	size_t n = 0, most = 2 * g->kwips.set.n;
	int64_t *missing = arena_array(g->a, most, sizeof(*missing));
	g->people = roll_new(g->a, most);
	g->author = arena_array(g->a, most, sizeof(*g->author));
	for (size_t i = 0; i < g->kwips.set.n; i++) {
		if (is_known(&g->kwip[i]))
			place_of(&g->people, g->kwip[i].card.author);
		if (g->kwip[i].credit && g->kwip[i].credit->allowed)
			place_of(&g->people, g->kwip[i].credit->account);
	}
	for (size_t i = 0; i < g->people.set.n; i++) {
		if (lens_account(g->ask.lens, g->people.ids[i], &c))
			g->author[i] = c.part[g->form.author_part];
		else
			missing[n++] = g->people.ids[i];
	}
	load_people(g, missing, n);
}

static void read_marks(struct gather *g)
{
	size_t most = g->kwips.set.n, n = 0;
	if (g->ask.viewer == 0)
		return;
	int64_t *ids = arena_array(g->a, 2 * most, sizeof(*ids)), *roots = ids + most;
	struct gathered **of = arena_array(g->a, most, sizeof(struct gathered *));
	int *bits = arena_array(g->a, most, sizeof(*bits));
	for (size_t i = 0; i < most; i++) {
		struct gathered *k = &g->kwip[i];
		if (!is_known(k) || k->card.boost_of != 0)
			continue;
		of[n] = k;
		ids[n] = k->card.id;
		roots[n++] = k->card.conversation;
	}
	lens_marks(g->ask.lens, g->ask.viewer, ids, roots, n, bits);
	for (size_t i = 0; i < n; i++)
		of[i]->bits = bits[i];
}

static int64_t author_id(const struct gathered *k)
{
	return k->card.author;
}

static int64_t quoted_id(const struct gathered *k)
{
	return k->card.quote_of;
}

static bool is_polled(const struct gathered *k)
{
	return k->card.flags & CARD_POLL;
}

static bool is_quote(const struct gathered *k)
{
	return k->card.quote_of != 0;
}

static bool is_text(const struct gathered *k)
{
	return k->card.boost_of == 0;
}

static bool is_for_followers(const struct gathered *k)
{
	return k->card.quote_policy == QUOTE_BY_FOLLOWERS;
}

static void read_polls(struct gather *g)
{
	struct picked p = pick(g, is_polled, own_id);
	if (p.n == 0)
		return;
	struct polls found = polls_of_kwips(g->ask.db, g->a, g->ask.viewer, p.ids, p.n);
	for (size_t i = 0; i < p.n; i++)
		for (size_t j = 0; j < found.n; j++)
			if (found.at[j].kwip == p.ids[i])
				p.of[i]->poll = &found.at[j];
}

/* Clients hide what is blocked or muted themselves. */
static bool is_shown(enum quote_state s)
{
	return s == QUOTE_ACCEPTED || s == QUOTE_BLOCKED || s == QUOTE_MUTED;
}

/* What is quoted counts as quoted when it was allowed and its viewer may see it. */
static void read_quotes(struct gather *g)
{
	struct picked p = pick(g, is_quote, quoted_id);
	if (p.n == 0)
		return;
	enum quote_state *seen = arena_array(g->a, p.n, sizeof(*seen));
	quotes_shown(g->ask.db, g->ask.viewer, p.ids, p.n, seen);
	for (size_t i = 0; i < p.n; i++) {
		struct gathered *k = p.of[i];
		k->quote_state = k->card.quote_state;
		if (k->quote_state == QUOTE_ACCEPTED)
			k->quote_state = seen[i];
		k->shows_quote = is_shown(seen[i]) &&
				 (g->form.to_redraft || is_shown(k->quote_state));
	}
}

static void read_filters(struct gather *g)
{
	if (g->ask.viewer == 0 || !g->form.filtered)
		return;
	struct picked p = pick(g, is_text, own_id);
	struct filter_matches found = filters_match(g->ask.db, g->a, g->ask.viewer, p.ids, p.n);
	for (size_t i = 0; i < found.n; i++) {
		struct gathered *k = &g->kwip[place_of(&g->kwips, found.at[i].kwip)];
		if (k->n_filter++ == 0)
			k->filter = &found.at[i];
	}
}

static void read_followed(struct gather *g)
{
	if (g->ask.viewer == 0)
		return;
	struct picked p = pick(g, is_for_followers, author_id);
	if (p.n == 0)
		return;
	bool *follows = arena_array(g->a, p.n, sizeof(*follows));
	quotes_followed(g->ask.db, g->ask.viewer, p.ids, p.n, follows);
	for (size_t i = 0; i < p.n; i++)
		p.of[i]->followed = follows[i];
}

static void join_quotes(struct gather *g)
{
	for (size_t i = 0; i < g->kwips.set.n; i++) {
		struct gathered *k = &g->kwip[i];
		const struct gathered *quoted = k->shows_quote ? gather_find(g, k->card.quote_of)
							       : NULL;
		if (quoted && quoted->card.boost_of == 0)
			k->quoted = quoted;
	}
}

/* Gives the kwips their authors, and boosts what they boost. */
static void join(struct gather *g)
{
	size_t n = g->kwips.set.n;
	for (size_t i = 0; i < n; i++) {
		struct gathered *k = &g->kwip[i];
		if (is_known(k))
			k->author = g->author[place_of(&g->people, k->card.author)];
		if (k->credit && k->credit->allowed)
			k->credited = g->author[place_of(&g->people, k->credit->account)];
		k->whole = k->author.at && k->card.boost_of == 0;
	}
	for (size_t i = 0; i < n; i++) {
		struct gathered *k = &g->kwip[i];
		const struct gathered *said = gather_find(g, k->card.boost_of);
		if (!k->author.at || !said || said->boosted)
			continue;
		k->boosted = said;
		k->bits = said->bits;
		k->whole = true;
	}
}

struct gather *gather_kwips(struct arena *a, const struct gather_ask *ask,
			    const struct gather_form *form)
{
	struct gather *g = arena_take(a, sizeof(*g));
	*g = (struct gather){.a = a, .ask = *ask, .form = *form, .kwips = roll_new(a, 3 * ask->n)};
	g->kwip = arena_array(a, 3 * ask->n, sizeof(*g->kwip));
	for (size_t i = 0; i < ask->n; i++)
		place_of(&g->kwips, ask->ids[i]);
	size_t asked = g->kwips.set.n;
	read_kwips(g, 0);
	for (size_t i = 0; i < asked; i++)
		if (g->kwip[i].card.boost_of != 0)
			place_of(&g->kwips, g->kwip[i].card.boost_of);
	read_kwips(g, asked);
	size_t said = g->kwips.set.n;
	for (size_t i = 0; i < said; i++)
		if (g->kwip[i].card.quote_of != 0 &&
		    (g->form.to_redraft || g->kwip[i].card.quote_state == QUOTE_ACCEPTED))
			place_of(&g->kwips, g->kwip[i].card.quote_of);
	read_kwips(g, said);
	read_credits(g);
	read_people(g);
	read_marks(g);
	read_polls(g);
	read_quotes(g);
	read_filters(g);
	read_followed(g);
	join(g);
	join_quotes(g);
	return g;
}

const struct gathered *gather_find(const struct gather *g, int64_t kwip)
{
	const struct roll *r = &g->kwips;
	size_t slot = set_slot(&r->set, kwip);
	if (kwip == 0 || r->set.slot[slot] != kwip)
		return NULL;
	const struct gathered *k = &g->kwip[r->place[slot]];
	return k->whole ? k : NULL;
}
