/* SPDX-License-Identifier: MIT */
/*
 * Card records as a bad disk may leave them. The input is opened as it is; then its bytes become
 * the parts of a good card, which must come back whole, and no longer come back once the input's
 * last bytes have flipped one of its bits or cut it.
 */
#include "core/card.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void touch(struct str s)
{
	volatile char sum = 0;
	for (size_t i = 0; i < s.len; i++)
		sum = (char)(sum + s.at[i]);
}

static void open_any(struct str record)
{
	struct card c;
	if (!card_open(record, &c))
		return;
	must(c.visibility <= VISIBLE_DIRECT);
	for (int i = 0; i < CARD_PARTS; i++)
		touch(c.part[i]);
	/* What opens is what packing gives, but for the padding. */
	SCOPED_BUF out = BUF_EMPTY;
	card_pack(&out, &c);
	must(out.len == record.len);
}

static struct card card_from(struct str bytes)
{
	struct card c = {.id = (int64_t)bytes.len, .author = 2, .visibility = VISIBLE_UNLISTED};
	size_t third = bytes.len / 3;
	c.part[0] = str_slice(bytes, 0, third);
	c.part[1] = str_slice(bytes, third, 2 * third);
	c.part[2] = str_slice(bytes, 2 * third, bytes.len);
	return c;
}

static void there_and_back(struct str bytes)
{
	struct card c = card_from(bytes), back;
	SCOPED_BUF out = BUF_EMPTY;
	uint32_t where = 0;

	card_pack(&out, &c);
	must(card_open(buf_str(&out), &back));
	must(back.id == c.id && back.author == c.author && back.visibility == c.visibility);
	for (int i = 0; i < CARD_PARTS; i++)
		must(str_eq(back.part[i], c.part[i]));
	if (bytes.len < sizeof(where))
		return;
	memcpy(&where, bytes.at + bytes.len - sizeof(where), sizeof(where));
	must(!card_open(str_slice(buf_str(&out), 0, where % out.len), &back));
	size_t bit = where % (8 * out.len);
	out.at[bit / 8] = (char)(out.at[bit / 8] ^ 1 << bit % 8);
	must(!card_open(buf_str(&out), &back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};

	open_any(bytes);
	there_and_back(bytes);
	return 0;
}
