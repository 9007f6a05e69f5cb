/* SPDX-License-Identifier: MIT */
/* Feeds as sorted arrays: a few hundred entries, so moving memory beats any cleverer structure. */
#include "core/feed.h"

#include "core/sum.h"

enum { FEED_MAGIC = 0x46454432 };

struct feed_head {
	uint32_t magic;
	uint32_t complete;
	uint32_t sum; /* of the entries */
	uint32_t pad;
};

struct feed feed_new(struct arena *a, size_t cap)
{
	return (struct feed){
		.at = arena_array(a, cap, sizeof(struct feed_entry)), .cap = cap, .complete = true};
}

static size_t entry_bytes(enum order order)
{
	return order == ORDER_RECENT ? sizeof(int64_t) : sizeof(struct feed_entry);
}

static bool is_descending(const struct feed *f)
{
	for (size_t i = 1; i < f->n; i++) {
		if (f->at[i].key >= f->at[i - 1].key)
			return false;
	}
	return true;
}

bool feed_open(struct str record, enum order order, struct arena *a, size_t more, struct feed *out)
{
	struct feed_head head;
	size_t each = entry_bytes(order);
	if (record.len < sizeof(head) || (record.len - sizeof(head)) % each != 0)
		return false;
	memcpy(&head, record.at, sizeof(head));
	if (head.magic != FEED_MAGIC || head.complete > 1)
		return false;
	const char *at = record.at + sizeof(head);
	if (head.sum != sum_of(at, record.len - sizeof(head), head.complete))
		return false;
	size_t n = (record.len - sizeof(head)) / each;
	*out = feed_new(a, n + more);
	out->n = n;
	out->complete = head.complete;
	for (size_t i = 0; i < n; i++, at += each) {
		memcpy(&out->at[i].key, at, sizeof(int64_t));
		memcpy(&out->at[i].kwip, at + each - sizeof(int64_t), sizeof(int64_t));
	}
	return is_descending(out);
}

void feed_pack(struct buf *out, enum order order, const struct feed *f)
{
	struct feed_head head = {.magic = FEED_MAGIC, .complete = f->complete};
	size_t start = out->len;
	size_t each = entry_bytes(order);
	buf_reserve(out, sizeof(head) + f->n * each);
	buf_put(out, (struct str){(const char *)&head, sizeof(head)});
	for (size_t i = 0; i < f->n; i++)
		buf_put(out, (struct str){(const char *)&f->at[i], each});
	const char *entries = out->at + start + sizeof(head);
	head.sum = sum_of(entries, out->len - start - sizeof(head), head.complete);
	memcpy(out->at + start, &head, sizeof(head));
}

size_t feed_below(const struct feed *f, int64_t bound)
{
	size_t low = 0, high = f->n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (f->at[mid].key < bound)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

bool feed_take(struct feed *f, int64_t kwip)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->at[i].kwip != kwip)
			continue;
		memmove(&f->at[i], &f->at[i + 1], (f->n - i - 1) * sizeof(*f->at));
		f->n--;
		return true;
	}
	return false;
}

void feed_put(struct feed *f, struct feed_entry e)
{
	feed_take(f, e.kwip);
	size_t place = feed_below(f, e.key);
	if (place > 0 && f->at[place - 1].key == e.key) { /* keys are unique: that one is stale */
		f->at[place - 1] = e;
		return;
	}
	if (place == f->n && !f->complete)
		return;
	if (f->n == f->cap) {
		f->complete = false;
		if (place == f->n)
			return;
		f->n--;
	}
	memmove(&f->at[place + 1], &f->at[place], (f->n - place) * sizeof(*f->at));
	f->at[place] = e;
	f->n++;
}
