/* SPDX-License-Identifier: MIT */
/* One pass: words go out as they are, runs of paired scripts character by character. */
#include "core/spread.h"

#include "base/utf8.h"

/* Blocks of scripts whose words are not told apart by spaces. */
static bool is_paired(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} blocks[] = {
		{0xe00, 0xeff},     {0x1000, 0x109f},   {0x1100, 0x11ff}, {0x1780, 0x17ff},
		{0x3005, 0x3007},   {0x3041, 0x31ff},   {0x3400, 0x4dbf}, {0x4e00, 0x9fff},
		{0xa960, 0xa97f},   {0xac00, 0xd7ff},   {0xf900, 0xfaff}, {0xff66, 0xffdc},
		{0x1b000, 0x1b16f}, {0x20000, 0x3fffd},
	};
	for (size_t i = 0; i < sizeof blocks / sizeof *blocks && c >= blocks[i].from; i++)
		if (c <= blocks[i].to)
			return true;
	return false;
}

/* '_' and what joins or has no width parts words for the tokenizer too. */
static bool is_word(uint32_t c)
{
	return utf8_is_word(c) && c != '_' && !(c >= 0x200b && c <= 0x200f);
}

enum place { BETWEEN, IN_WORD, IN_RUN };

struct spread {
	struct buf *out;
	enum place place;
	struct str last; /* in a run: its last character, still to begin a pair */
	size_t run;      /* characters of it */
};

static void pair_put(struct spread *s, struct str second)
{
	buf_put(s->out, s->last);
	buf_put(s->out, second);
	buf_char(s->out, ' ');
}

static void leave(struct spread *s)
{
	if (s->place == IN_WORD)
		buf_char(s->out, ' ');
	else if (s->place == IN_RUN)
		pair_put(s, S(""));
	s->place = BETWEEN;
	s->run = 0;
}

static void take(struct spread *s, uint32_t c, struct str bytes)
{
	enum place next = !is_word(c) ? BETWEEN : is_paired(c) ? IN_RUN : IN_WORD;
	if (s->place != next)
		leave(s);
	s->place = next;
	if (next == IN_WORD)
		buf_put(s->out, bytes);
	if (next != IN_RUN)
		return;
	if (s->run++ > 0)
		pair_put(s, bytes);
	s->last = bytes;
}

static void walk(struct spread *s, struct str text)
{
	for (size_t i = 0; i < text.len;) {
		size_t from = i;
		uint32_t c = utf8_next(text, &i);
		/* What is no UTF-8 is no word. */
		take(s, c == 0xfffd ? ' ' : c, str_slice(text, from, i));
	}
}

void spread_text(struct buf *out, struct str text)
{
	struct spread s = {.out = out};
	walk(&s, text);
	leave(&s);
}

bool spread_sought(struct buf *out, struct str text)
{
	struct spread s = {.out = out};
	walk(&s, text);
	bool is_beginning = s.place == IN_RUN && s.run == 1;
	if (s.place == IN_RUN && s.run > 1)
		return false;
	leave(&s);
	return is_beginning;
}
