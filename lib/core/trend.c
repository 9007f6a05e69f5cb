/* SPDX-License-Identifier: MIT */
/* Counting: each person who had to do with a thing adds to its score, halved for every day since.
 */
#include "core/trend.h"

#include <math.h>

#include "core/kwip_private.h"

enum { NEWEST_KWIPS = 20000, CANDIDATES = 300, KWIPS_PER_PERSON = 3 };
enum { DAY_MS = 24 * 3600 * 1000 };

/* The best so far, in order. */
struct best {
	struct trend *at;
	size_t n;
};

static void best_add(struct best *b, struct trend t)
{
	if (b->n == TRENDS_MAX && t.score <= b->at[b->n - 1].score)
		return;
	size_t i = b->n < TRENDS_MAX ? b->n++ : b->n - 1;
	for (; i > 0 && b->at[i - 1].score < t.score; i--)
		b->at[i] = b->at[i - 1];
	b->at[i] = t;
}

static double weight(int64_t id, int64_t now)
{
	double days = (double)(now - id_ms(id)) / DAY_MS;
	return exp2(days > 0 ? -days : 0);
}

/* The newest public kwips of people who may be shown to everybody. ?1: ids above, ?2: how many. */
#define RECENT \
	"(SELECT id, author, visibility, boost_of FROM kwip WHERE id > ?1 ORDER BY id DESC LIMIT ?2) k" \
	" CROSS JOIN account w ON w.id = k.author AND w.state = 0 AND w.limited = 0" \
	" AND w.discoverable = 1 "
#define IS_PUBLIC "k.visibility = 0 AND k.boost_of IS NULL"

/* Rows: a thing, a person, that person's newest kwip with it; rows of one thing together. */
static void count_uses(struct db *main, const struct db_sql *sql, int64_t now, struct best *best)
{
	struct trend now_at = {0};
	int people = 0;
	struct db_arg args[] = {A(id_at(now - (int64_t)TREND_DAYS * DAY_MS)), A(NEWEST_KWIPS)};
	__attribute__((cleanup(db_done))) struct db_row row = db_query(main, sql, args, 2);
	while (db_next(&row)) {
		if (db_i64(&row, 0) != now_at.of) {
			if (people >= TREND_PEOPLE_MIN)
				best_add(best, now_at);
			now_at = (struct trend){.of = db_i64(&row, 0)};
			people = 0;
		}
		people++;
		now_at.score += weight(db_i64(&row, 1), now);
	}
	if (people >= TREND_PEOPLE_MIN)
		best_add(best, now_at);
}

/* Who had to do with a kwip, its author not counted. */
static int64_t people_of(struct db *main, int64_t kwip, int64_t author)
{
	return DB_I64(
		main, 0,
		"SELECT count(*) FROM (SELECT account AS who FROM favourite WHERE kwip = ?1"
		" UNION SELECT author FROM kwip WHERE boost_of = ?1 AND boost_of IS NOT NULL"
		" UNION SELECT author FROM kwip WHERE conversation = ?1 AND reply_to IS NOT NULL"
		" AND visibility < 2) AS them WHERE who <> ?2",
		A(kwip), A(author));
}

struct candidates {
	struct {
		int64_t id, author;
	} at[CANDIDATES];
	size_t n;
};

static void candidates_read(struct db *main, int64_t now, struct candidates *c)
{
	DB_EACH(row, main,
		"SELECT k.id, k.author FROM " RECENT
		"CROSS JOIN kwip f ON f.id = k.id WHERE " IS_PUBLIC
		" AND f.reply_to IS NULL AND f.repeat_of IS NULL AND f.sensitive = 0 AND f.warning = ''"
		" AND w.sensitized = 0 AND f.favourites_count + f.boosts_count + f.comments_count > 1"
		" ORDER BY f.favourites_count + f.boosts_count + f.comments_count DESC, k.id DESC LIMIT ?3",
		A(id_at(now - (int64_t)TREND_DAYS * DAY_MS)), A(NEWEST_KWIPS), A(CANDIDATES)) {
		c->at[c->n].id = db_i64(&row, 0);
		c->at[c->n++].author = db_i64(&row, 1);
	}
}

static void count_kwips(struct db *main, int64_t now, struct best *best)
{
	struct candidates c = {.n = 0};
	candidates_read(main, now, &c);
	for (size_t i = 0; i < c.n; i++) {
		int64_t id = c.at[i].id, people = people_of(main, id, c.at[i].author), same = 0;
		/* They come by their counts, so what is left out is what fewer looked at. */
		for (size_t j = 0; j < i; j++)
			same += c.at[j].author == c.at[i].author;
		if (people >= TREND_PEOPLE_MIN && same < KWIPS_PER_PERSON)
			best_add(best, (struct trend){id, (double)people * weight(id, now)});
	}
}

size_t trends_count(struct db *main, enum trend_kind kind, int64_t now, struct trend *out)
{
	struct best best = {.at = out};
	if (kind == TREND_TAG)
		count_uses(main,
			   DB_SQL("SELECT t.tag, max(k.id) FROM " RECENT
				  "CROSS JOIN kwip_tag t ON t.kwip = k.id WHERE " IS_PUBLIC
				  " GROUP BY t.tag, k.author ORDER BY t.tag"),
			   now, &best);
	else if (kind == TREND_LINK)
		count_uses(main,
			   DB_SQL("SELECT p.preview, max(k.id) FROM " RECENT
				  "CROSS JOIN kwip_preview p ON p.kwip = k.id WHERE " IS_PUBLIC
				  " GROUP BY p.preview, k.author ORDER BY p.preview"),
			   now, &best);
	else
		count_kwips(main, now, &best);
	return best.n;
}
