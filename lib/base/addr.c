/* SPDX-License-Identifier: MIT */
/*
 * Addresses and trust in proxies. Knows nothing of requests; the porter asks it about peers,
 * dispatch about X-Forwarded-For.
 */
#include "base/addr.h"
#include "base/log.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

struct addr addr_of(const struct sockaddr *sa)
{
	struct addr out = {{0}};

	if (sa->sa_family == AF_INET) {
		memcpy(out.at, mapped, 12);
		memcpy(out.at + 12, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4);
	} else if (sa->sa_family == AF_INET6) {
		memcpy(out.at, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
	}
	return out;
}

/* Without brackets and port. */
static struct str bare(struct str s)
{
	if (s.len && s.at[0] == '[') {
		ptrdiff_t end = str_find_char(s, ']');
		return end > 0 ? str_slice(s, 1, (size_t)end) : s;
	}
	ptrdiff_t colon = str_find_char(s, ':');
	if (colon > 0 && str_find_char(str_slice(s, (size_t)colon + 1, s.len), ':') < 0)
		return str_slice(s, 0, (size_t)colon);
	return s;
}

bool addr_parse(struct str text, struct addr *out)
{
	char z[64];
	struct str s = bare(str_trim(text));

	if (s.len == 0 || s.len >= sizeof z)
		return false;
	memcpy(z, s.at, s.len);
	z[s.len] = 0;
	memcpy(out->at, mapped, 12);
	return inet_pton(AF_INET, z, out->at + 12) == 1 || inet_pton(AF_INET6, z, out->at) == 1;
}

static bool is_v4(struct addr addr)
{
	return memcmp(addr.at, mapped, 12) == 0;
}

struct str addr_text(struct addr addr, struct arena *a)
{
	static const struct addr none;
	char z[INET6_ADDRSTRLEN];

	if (memcmp(&addr, &none, sizeof none) == 0)
		return S("unix");
	if (is_v4(addr))
		inet_ntop(AF_INET, addr.at + 12, z, sizeof z);
	else
		inet_ntop(AF_INET6, addr.at, z, sizeof z);
	return arena_str(a, str_of(z));
}

bool addr_block_parse(struct str text, struct addr_block *out)
{
	struct str rest = text;
	struct str base = str_cut(&rest, '/');
	int64_t bits;

	if (!addr_parse(base, &out->base))
		return false;
	bool v4 = str_find_char(base, ':') < 0;
	out->bits = 128;
	if (!rest.at)
		return true;
	if (!str_i64(str_trim(rest), &bits) || bits < 0 || bits > (v4 ? 32 : 128))
		return false;
	out->bits = (int)bits + (v4 ? 96 : 0);
	return true;
}

struct addr_blocks addr_blocks_parse(struct str list)
{
	struct addr_blocks out = {.n = 0};

	for (struct str rest = list; rest.at && rest.len;) {
		struct str one = str_trim(str_cut(&rest, ','));
		if (one.len == 0)
			continue;
		if (out.n == ADDR_BLOCKS || !addr_block_parse(one, &out.at[out.n]))
			log_warn("trusted_proxies: \"%.*s\" is no address", (int)one.len, one.at);
		else
			out.n++;
	}
	return out;
}

bool addr_in_block(const struct addr_block *b, struct addr addr)
{
	int bytes = b->bits / 8, bits = b->bits % 8;

	if (memcmp(b->base.at, addr.at, (size_t)bytes) != 0)
		return false;
	return bits == 0 || (b->base.at[bytes] ^ addr.at[bytes]) >> (8 - bits) == 0;
}

bool addr_in(const struct addr_blocks *blocks, struct addr addr)
{
	for (size_t i = 0; i < blocks->n; i++)
		if (addr_in_block(&blocks->at[i], addr))
			return true;
	return false;
}

uint64_t addr_hash(const void *bytes, size_t n, uint64_t seed)
{
	const unsigned char *at = bytes;
	uint64_t h = seed ^ (n * 0x9e3779b97f4a7c15u);

	for (; n; at += n < 8 ? n : 8, n -= n < 8 ? n : 8) {
		uint64_t word = 0;
		memcpy(&word, at, n < 8 ? n : 8);
		h = (h ^ word) * 0xbf58476d1ce4e5b9u;
		h ^= h >> 29;
	}
	h *= 0x94d049bb133111ebu;
	return h ^ (h >> 32);
}

uint64_t addr_key(struct addr addr, uint64_t seed)
{
	return addr_hash(addr.at, is_v4(addr) ? 16 : 8, seed);
}

struct addr addr_forwarded(const struct addr_blocks *trusted, struct addr peer, struct str header)
{
	struct addr at = peer;

	while (header.len) {
		size_t from = header.len;
		while (from > 0 && header.at[from - 1] != ',')
			from--;
		struct addr hop;
		if (!addr_parse(str_slice(header, from, header.len), &hop))
			return at;
		at = hop;
		if (!addr_in(trusted, hop))
			return at;
		header = str_slice(header, 0, from ? from - 1 : 0);
	}
	return at;
}
