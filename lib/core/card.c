/* SPDX-License-Identifier: MIT */
/*
 * Packs and opens card records. The records come back from a file that a crash or a bad disk may
 * have touched, so opening trusts nothing: every length is checked and the whole carries a sum.
 */
#include "core/card.h"

#include <sys/stat.h>

#include "base/conf.h"
#include "base/crypt.h"
#include "core/sum.h"

enum { CARD_MAGIC = 0x4b573033 };

struct record_head {
	uint32_t magic, sum;
	int64_t id, author, boost_of, conversation, quote_of;
	uint32_t flags;
	uint8_t visibility, quote_state, quote_policy, pad;
	uint32_t len[CARD_PARTS];
	uint32_t pad_too;
};

static uint32_t record_sum(struct record_head head, const char *parts, size_t n)
{
	head.sum = 0;
	return sum_of(parts, n, sum_of((const char *)&head, sizeof(head), 1));
}

void card_pack(struct buf *out, const struct card *c)
{
	struct record_head head = {
		.magic = CARD_MAGIC,
		.id = c->id,
		.author = c->author,
		.boost_of = c->boost_of,
		.conversation = c->conversation,
		.quote_of = c->quote_of,
		.flags = c->flags,
		.visibility = (uint8_t)c->visibility,
		.quote_state = (uint8_t)c->quote_state,
		.quote_policy = (uint8_t)c->quote_policy,
	};
	size_t start = out->len;
	for (int i = 0; i < CARD_PARTS; i++)
		head.len[i] = (uint32_t)c->part[i].len;
	buf_put(out, (struct str){(const char *)&head, sizeof(head)});
	for (int i = 0; i < CARD_PARTS; i++)
		buf_put(out, c->part[i]);
	head.sum = record_sum(head, out->at + start + sizeof(head),
			      out->len - start - sizeof(head));
	memcpy(out->at + start, &head, sizeof(head));
}

bool card_open(struct str record, struct card *c)
{
	struct record_head head;
	if (record.len < sizeof(head))
		return false;
	memcpy(&head, record.at, sizeof(head));
	size_t left = record.len - sizeof(head);
	const char *at = record.at + sizeof(head);
	if (head.magic != CARD_MAGIC || head.visibility > VISIBLE_DIRECT ||
	    head.quote_state > QUOTE_REVOKED || head.quote_policy > QUOTE_BY_NOBODY ||
	    (uint64_t)head.len[0] + head.len[1] + head.len[2] != left ||
	    record_sum(head, at, left) != head.sum)
		return false;
	*c = (struct card){
		.id = head.id,
		.author = head.author,
		.boost_of = head.boost_of,
		.conversation = head.conversation,
		.quote_of = head.quote_of,
		.flags = head.flags,
		.visibility = (enum visibility)head.visibility,
		.quote_state = (enum quote_state)head.quote_state,
		.quote_policy = (enum quote_policy)head.quote_policy,
	};
	for (int i = 0; i < CARD_PARTS; i++) {
		c->part[i] = (struct str){at, head.len[i]};
		at += head.len[i];
	}
	return true;
}

struct card card_of_kwip(const struct kwip *k)
{
	const struct kwip *said = k->boosted ? k->boosted : k;
	uint32_t flags = 0;
	flags |= k->reply_to ? CARD_REPLY : 0;
	flags |= k->boost_of ? CARD_BOOST : 0;
	flags |= k->repeat_of ? CARD_REPEAT : 0;
	flags |= said->sensitive || said->warning.len ? CARD_SENSITIVE : 0;
	flags |= said->visibility <= VISIBLE_UNLISTED ? CARD_MAY_BOOST : 0;
	flags |= k->polled ? CARD_POLL : 0;
	flags |= k->pinned ? CARD_PINNED : 0;
	flags |= k->preview && k->preview->author ? CARD_CREDITED : 0;
	flags |= k->sensitive ? CARD_MARKED : 0;
	flags |= k->who && k->who->sensitized ? CARD_SENSITIZED : 0;
	return (struct card){
		.id = k->id,
		.author = k->author,
		.boost_of = k->boost_of,
		.conversation = k->conversation,
		.quote_of = k->quote_of,
		.flags = flags,
		.visibility = k->visibility,
		.quote_state = k->quote_state,
		.quote_policy = k->quote_policy,
	};
}

/* Templates and entities are compiled in: another program renders other cards. */
static struct str program_identity(struct arena *a)
{
	struct stat st;
	if (stat("/proc/self/exe", &st) != 0)
		return S("");
	return arena_printf(a, "%lld.%lld.%lld", (long long)st.st_ino, (long long)st.st_size,
			    (long long)st.st_mtime);
}

int64_t card_epoch(struct db *db)
{
	SCOPED_ARENA a = arena_new();
	struct str epoch;
	if (!DB_TEXT(db, &epoch, a, "SELECT value FROM meta WHERE key = 'epoch'"))
		epoch = S("");
	struct str base = conf_base_url(), program = program_identity(a);
	struct str all = arena_printf(a, "%d|%.*s|%.*s|%.*s", CARD_MAGIC, (int)epoch.len, epoch.at,
				      (int)base.len, base.at, (int)program.len, program.at);
	unsigned char short_hash[16];
	hash_short(all, short_hash);
	int64_t n;
	memcpy(&n, short_hash, sizeof(n));
	return n & INT64_MAX;
}
