/* SPDX-License-Identifier: MIT */
/*
 * Invents a community: people, who follows whom, what is said. Kwips pass through a ring: while one
 * is in it others may answer and boost it; when it leaves, its counts are final and its row is
 * written once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/fill.h"
#include "core/sample.h"

enum {
	RING = 4096,
	KWIPS_PER_TX = 2000,
	FOLLOWS_PER_TX = 20000,
	PEOPLE_PER_TX = 2000,
	BOOSTERS = 4,
	PROGRESS_EVERY_US = 500 * 1000,
	PROGRESS_EVERY_US_FILE = 5 * 1000 * 1000,
};
static const int64_t DAY_MS = 24 * 3600 * 1000;

/* A kwip that may still be answered. */
struct said {
	struct sample_kwip kwip;
	uint32_t author;   /* index of people */
	int64_t root_slot; /* number of the conversation's root: its own for roots */
	int64_t booster[BOOSTERS];
	size_t n_boosters;
	struct buf body;
};

struct person {
	int64_t id, kwips, newest, first_edge;
	uint32_t followers, following;
};

struct maker {
	const struct fill *plan;
	struct rand_seq r;
	struct arena *a;
	struct person *people;
	struct buf *names; /* "@ada1" of each, for mentions */
	double *weight;    /* cumulative: how much each says */
	uint32_t *by_rank;
	struct said *ring;
	int64_t made, written; /* kwips */
	int64_t start_ms, step_ms, people_ms;
	int64_t from, to; /* of the tx at hand */
	int64_t offset;   /* accounts there before */
	int64_t begun_us, shown_us;
};

static uint64_t below(struct maker *m, uint64_t n)
{
	return rand_seq_below(&m->r, n);
}

static void show(struct maker *m, const char *what, int64_t done, int64_t total)
{
	int64_t now = clock_mono_us();
	bool is_terminal = isatty(STDERR_FILENO);
	if (done < total &&
	    now - m->shown_us < (is_terminal ? PROGRESS_EVERY_US : PROGRESS_EVERY_US_FILE))
		return;
	m->shown_us = now;
	fprintf(stderr, "%s%s: %lld of %lld%s", is_terminal ? "\r" : "", what, (long long)done,
		(long long)total, is_terminal && done < total ? "" : "\n");
}

static void person_make(struct maker *m, struct tx *tx, int64_t i)
{
	struct person *p = &m->people[i];
	struct str first = first_name((uint64_t)i), last = last_name((uint64_t)(i * 7 + i / 19));
	struct str name = arena_printf(m->a, "%.*s%lld", (int)first.len, first.at,
				       (long long)(i + 1 + m->offset));
	((char *)name.at)[0] |= 0x20;
	while (!sample_name_is_free(tx_db(tx), name))
		name = arena_printf(m->a, "%.*s_", (int)name.len, name.at);
	struct sentence about = sentence_pick(&m->r);
	p->id = sample_id(m->people_ms + i, 0);
	buf_char(&m->names[i], '@');
	buf_put(&m->names[i], name);
	sample_person_add(tx, &(struct sample_person){.id = p->id,
						      .followers = p->followers,
						      .following = p->following,
						      .name = name,
						      .about = about.text,
						      .language = str_of(about.language),
						      .display_name = arena_printf(
							      m->a, "%.*s %.*s", (int)first.len,
							      first.at, (int)last.len, last.at)});
}

static enum err people_run(struct tx *tx, void *arg)
{
	struct maker *m = arg;
	for (int64_t i = m->from; i < m->to; i++)
		person_make(m, tx, i);
	sample_tell(tx, 0, 0);
	return OK;
}

static enum err follows_run(struct tx *tx, void *arg)
{
	struct maker *m = arg;
	for (int64_t i = m->from; i < m->to; i++) {
		const struct edge *e = &m->plan->edges.at[i];
		sample_follow_add(
			tx, m->people[e->actor].id, m->people[e->target].id,
			sample_id(m->start_ms - 2 * DAY_MS + i / 4096, (unsigned)(i % 4096)));
	}
	sample_tell(tx, 0, 0);
	return OK;
}

static void count_follows(struct maker *m)
{
	for (size_t i = m->plan->edges.n; i-- > 0;) {
		const struct edge *e = &m->plan->edges.at[i];
		m->people[e->actor].following++;
		m->people[e->actor].first_edge = (int64_t)i;
		m->people[e->target].followers++;
	}
}

static bool follows(const struct maker *m, uint32_t actor, uint32_t target)
{
	const struct person *p = &m->people[actor];
	int64_t low = p->first_edge, high = low + p->following;
	while (low < high) {
		int64_t middle = (low + high) / 2;
		uint32_t got = m->plan->edges.at[middle].target;
		if (got == target)
			return true;
		if (got < target)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* Few say much, most say little: Zipf's law over a shuffled ranking. */
static void rank_people(struct maker *m)
{
	uint32_t n = (uint32_t)m->plan->people;
	double sum = 0;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = (uint32_t)below(m, i + 1);
		m->by_rank[i] = m->by_rank[j];
		m->by_rank[j] = i;
	}
	for (uint32_t i = 0; i < n; i++)
		m->weight[i] = sum += 1.0 / (10.0 + i);
}

static uint32_t somebody(struct maker *m)
{
	uint32_t n = (uint32_t)m->plan->people, low = 0, high = n - 1;
	double at = (double)(rand_seq_next(&m->r) >> 11) / 9007199254740992.0 * m->weight[n - 1];
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (m->weight[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return m->by_rank[low];
}

static void text_make(struct maker *m, struct said *s)
{
	struct buf *b = &s->body;
	struct sentence one = sentence_pick(&m->r);
	buf_clear(b, 1024);
	if (m->plan->texts.n) {
		one.language = "en";
		buf_put(b, m->plan->texts.at[below(m, m->plan->texts.n)]);
	} else {
		buf_put(b, one.text);
		for (uint64_t more = below(m, 3); more > 0; more--) {
			buf_char(b, ' ');
			buf_put(b, sentence_like(&m->r, one).text);
		}
	}
	if (below(m, 100) < 12) {
		buf_char(b, ' ');
		buf_put(b, hashtag_pick(&m->r));
	}
	s->kwip.language = str_of(one.language);
}

static void mention_first(struct said *s, const struct buf *name)
{
	SCOPED_BUF old = BUF_EMPTY;
	buf_put(&old, buf_str(&s->body));
	buf_clear(&s->body, 1024);
	buf_put(&s->body, buf_str(name));
	buf_char(&s->body, ' ');
	buf_put(&s->body, buf_str(&old));
}

static struct said *slot(struct maker *m, int64_t number)
{
	return &m->ring[number % RING];
}

static bool is_in_ring(const struct maker *m, int64_t number)
{
	return number >= m->written && number < m->made;
}

/* A recent kwip, rather one by somebody whom author follows; NULL when there is none. */
static struct said *something_recent(struct maker *m, uint32_t author)
{
	struct said *found = NULL;
	uint64_t held = (uint64_t)(m->made - m->written);
	for (int i = 0; i < 4 && held > 0; i++) {
		uint64_t back = below(m, held) * below(m, held) / held;
		struct said *s = slot(m, m->made - 1 - (int64_t)back);
		if (s->kwip.boost_of || s->kwip.visibility > VISIBLE_UNLISTED ||
		    !is_in_ring(m, s->root_slot))
			continue;
		found = s;
		if (s->author != author && follows(m, author, s->author))
			break;
	}
	return found;
}

static void make_root(struct maker *m, struct said *s)
{
	uint64_t dice = below(m, 100);
	s->kwip.visibility = dice < 90   ? VISIBLE_PUBLIC
			     : dice < 95 ? VISIBLE_UNLISTED
					 : VISIBLE_FOLLOWERS;
	s->kwip.conversation = s->kwip.id;
	text_make(m, s);
	if (dice == 50) {
		buf_clear(&s->body, 1024);
		buf_put(&s->body, greeting_pick(s->author));
	}
}

static void make_comment(struct maker *m, struct said *s, struct said *parent)
{
	struct said *root = slot(m, parent->root_slot);
	struct sample_kwip *k = &s->kwip;
	k->visibility = parent->kwip.visibility;
	k->conversation = root->kwip.id;
	k->reply_to = parent->kwip.id;
	k->reply_to_author = parent->kwip.author;
	k->root_author = root->kwip.author;
	s->root_slot = parent->root_slot;
	root->kwip.comments_count++;
	root->kwip.activity = k->id;
	if (parent != root)
		parent->kwip.comments_count++;
	text_make(m, s);
	if (below(m, 4) == 0)
		mention_first(s, &m->names[parent->author]);
}

static bool make_boost(struct said *s, struct said *boosted)
{
	struct sample_kwip *k = &s->kwip;
	if (boosted->kwip.visibility != VISIBLE_PUBLIC || boosted->author == s->author ||
	    boosted->n_boosters == BOOSTERS)
		return false;
	for (size_t i = 0; i < boosted->n_boosters; i++)
		if (boosted->booster[i] == k->author)
			return false;
	boosted->booster[boosted->n_boosters++] = k->author;
	boosted->kwip.boosts_count++;
	k->conversation = k->id;
	k->boost_of = boosted->kwip.id;
	k->boosted_author = boosted->kwip.author;
	k->language = S("");
	buf_clear(&s->body, 1024);
	return true;
}

static void kwip_make(struct maker *m)
{
	struct said *s = slot(m, m->made);
	uint32_t who = somebody(m);
	struct person *p = &m->people[who];
	int64_t ms = m->start_ms + m->made * m->step_ms + (int64_t)below(m, (uint64_t)m->step_ms);
	uint64_t dice = below(m, 100);
	struct said *recent = dice < 30 ? something_recent(m, who) : NULL;
	struct buf body = s->body;
	*s = (struct said){.author = who, .root_slot = m->made, .body = body};
	s->kwip.id = s->kwip.activity = sample_id(ms, (unsigned)below(m, 4096));
	s->kwip.author = p->id;
	bool is_boost = recent && dice < 5 && make_boost(s, recent);
	if (!is_boost && recent && dice >= 5)
		make_comment(m, s, recent);
	else if (!is_boost)
		make_root(m, s);
	p->kwips++;
	p->newest = s->kwip.id;
	m->made++;
}

/* Who liked it; who boosted it did not, so that an event's bits are the whole truth. */
static void add_favourites(struct maker *m, struct said *s)
{
	struct sample_kwip *k = &s->kwip;
	uint64_t wanted = below(m, 2) ? 0 : 1 + below(m, 3);
	if (wanted == 3 && below(m, 20) == 0)
		wanted = 3 + below(m, SAMPLE_FAVOURITES_MAX - 3);
	for (; wanted > 0 && !k->boost_of && k->visibility <= VISIBLE_UNLISTED; wanted--) {
		int64_t who = m->people[somebody(m)].id;
		bool is_known = false;
		for (size_t i = 0; i < k->n_favourites; i++)
			is_known |= k->favourite[i] == who;
		for (size_t i = 0; i < s->n_boosters; i++)
			is_known |= s->booster[i] == who;
		if (!is_known)
			k->favourite[k->n_favourites++] = who;
	}
}

static enum err kwips_run(struct tx *tx, void *arg)
{
	struct maker *m = arg;
	int64_t first = 0, last = 0;
	for (int n = 0; n < KWIPS_PER_TX && m->written < m->plan->kwips; n++) {
		while (m->made < m->plan->kwips && m->made - m->written < RING)
			kwip_make(m);
		struct said *s = slot(m, m->written++);
		add_favourites(m, s);
		s->kwip.body = buf_str(&s->body);
		sample_kwip_add(tx, m->a, &s->kwip);
		first = first ? first : s->kwip.id;
		last = s->kwip.id;
	}
	sample_tell(tx, first, last);
	return OK;
}

static enum err said_run(struct tx *tx, void *arg)
{
	struct maker *m = arg;
	for (int64_t i = 0; i < m->plan->people; i++)
		if (m->people[i].kwips)
			sample_person_said(tx, m->people[i].id, m->people[i].kwips,
					   m->people[i].newest);
	sample_tell(tx, 0, 0);
	return OK;
}

struct stage {
	const char *what;
	enum err (*run)(struct tx *tx, void *maker);
	int64_t total, per_tx;
};

static enum err in_parts(struct maker *m, struct store *s, const struct stage *stage)
{
	enum err e = OK;
	for (m->from = 0; e == OK && m->from < stage->total; m->from = m->to) {
		m->to = m->from + stage->per_tx < stage->total ? m->from + stage->per_tx
							       : stage->total;
		e = tx_run(s, stage->run, m);
		arena_reset(m->a, 1 << 20);
		show(m, stage->what, m->to, stage->total);
	}
	return e;
}

static void maker_open(struct maker *m, struct store *s, const struct fill *plan)
{
	struct db *db = db_open(s, 256);
	int64_t step = plan->kwips ? 90 * DAY_MS / plan->kwips : DAY_MS;
	*m = (struct maker){.plan = plan,
			    .r = {(uint64_t)plan->seed},
			    .a = arena_new(),
			    .begun_us = clock_mono_us()};
	m->step_ms = step < 1 ? 1 : step > DAY_MS / 12 ? DAY_MS / 12 : step;
	m->start_ms = clock_ms() - plan->kwips * m->step_ms;
	m->offset = sample_people_count(db);
	m->people_ms = sample_people_free(db, m->start_ms - 3 * DAY_MS, m->start_ms);
	db_close(db);
	m->people = calloc((size_t)plan->people + 1, sizeof *m->people);
	m->names = calloc((size_t)plan->people + 1, sizeof *m->names);
	m->weight = calloc((size_t)plan->people + 1, sizeof *m->weight);
	m->by_rank = calloc((size_t)plan->people + 1, sizeof *m->by_rank);
	m->ring = calloc(RING, sizeof *m->ring);
	if (!m->people || !m->names || !m->weight || !m->by_rank || !m->ring)
		die("out of memory");
	count_follows(m);
	rank_people(m);
}

static void maker_close(struct maker *m)
{
	for (int64_t i = 0; i < m->plan->people; i++)
		buf_free(&m->names[i]);
	for (int i = 0; i < RING; i++)
		buf_free(&m->ring[i].body);
	free(m->people);
	free(m->names);
	free(m->weight);
	free(m->by_rank);
	free(m->ring);
	arena_free(m->a);
}

enum err fill_make(struct store *s, const struct fill *plan)
{
	struct maker m;
	maker_open(&m, s, plan);
	const struct stage stages[] = {
		{"people", people_run, plan->people, PEOPLE_PER_TX},
		{"follows", follows_run, (int64_t)plan->edges.n, FOLLOWS_PER_TX},
		{"kwips", kwips_run, plan->kwips, KWIPS_PER_TX}};
	enum err e = OK;
	for (size_t i = 0; e == OK && i < sizeof stages / sizeof *stages; i++)
		e = in_parts(&m, s, &stages[i]);
	if (e == OK)
		e = tx_run(s, said_run, &m);
	if (e == OK)
		fprintf(stderr, "made %lld people, %zu follows, %lld kwips in %.1f s\n",
			(long long)plan->people, plan->edges.n, (long long)plan->kwips,
			(double)(clock_mono_us() - m.begun_us) / 1e6);
	maker_close(&m);
	return e;
}
