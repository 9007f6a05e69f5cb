/* SPDX-License-Identifier: MIT */
/*
 * Feed records as a bad disk may leave them, in both orders; what opens is descending and packs to
 * the same bytes. Then the input's bytes drive puts and takes beside a naive list.
 */
#include "core/feed.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CAP = 8, NAIVE_MAX = 4096 };

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_order(const struct feed *f)
{
	must(f->n <= f->cap);
	for (size_t i = 1; i < f->n; i++)
		must(f->at[i].key < f->at[i - 1].key);
}

static void open_any(struct arena *a, struct str record, enum order order)
{
	struct feed f;
	if (!feed_open(record, order, a, 3, &f))
		return;
	check_order(&f);
	must(f.cap >= f.n + 3);
	SCOPED_BUF out = BUF_EMPTY;
	feed_pack(&out, order, &f);
	must(str_eq(buf_str(&out), record));
	for (int64_t i = 0; i < 4; i++) {
		feed_put(&f, (struct feed_entry){INT64_MAX - i, -i - 1});
		check_order(&f);
	}
	feed_take(&f, -1);
}

/* Everything that was put and not taken, unbounded; the feed must hold its newest part. */
struct naive {
	struct feed_entry at[NAIVE_MAX];
	size_t n;
};

static void naive_take(struct naive *l, int64_t kwip)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i].kwip == kwip)
			l->at[i--] = l->at[--l->n];
	}
}

static bool naive_has(const struct naive *l, struct feed_entry e)
{
	for (size_t i = 0; i < l->n; i++) {
		if (l->at[i].kwip == e.kwip && l->at[i].key == e.key)
			return true;
	}
	return false;
}

static size_t naive_newer(const struct naive *l, int64_t key)
{
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++)
		n += l->at[i].key >= key;
	return n;
}

static void check_same(const struct feed *f, const struct naive *l)
{
	check_order(f);
	for (size_t i = 0; i < f->n; i++)
		must(naive_has(l, f->at[i]));
	/* nothing newer than the last entry is missing */
	if (f->n > 0)
		must(naive_newer(l, f->at[f->n - 1].key) == f->n);
	if (f->complete)
		must(f->n == l->n);
}

/* One byte is a kwip or, with the top bit, its taking; a kwip's key grows with every put, as ids
 * do. */
static void drive(struct arena *a, const uint8_t *data, size_t size)
{
	static struct naive l;
	struct feed f = feed_new(a, CAP);
	l.n = 0;
	for (size_t i = 0; i < size && i < NAIVE_MAX; i++) {
		int64_t kwip = 1 + data[i] % 32;
		naive_take(&l, kwip);
		if (data[i] & 0x80) {
			feed_take(&f, kwip);
		} else {
			struct feed_entry e = {
				(data[i] & 0x40 ? 1000000 - 1000 * kwip : 1000 + (int64_t)i) * 64 +
					kwip,
				kwip};
			l.at[l.n++] = e;
			feed_put(&f, e);
		}
		check_same(&f, &l);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str record = {(const char *)data, size};
	SCOPED_ARENA a = arena_new();

	open_any(a, record, ORDER_RECENT);
	open_any(a, record, ORDER_ACTIVE);
	drive(a, data, size);
	return 0;
}
