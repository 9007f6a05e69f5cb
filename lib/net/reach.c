/* SPDX-License-Identifier: MIT */
/* The private and special ranges of IPv4 and IPv6, as the IANA registries list them. */
#include "net/reach.h"

#include <netinet/in.h>

struct range {
	unsigned char base[8];
	int bits;
};

static const struct range closed_v4[] = {
	{{0}, 8},
	{{10}, 8},
	{{100, 64}, 10},
	{{127}, 8},
	{{169, 254}, 16},
	{{172, 16}, 12},
	{{192, 0, 0}, 24},
	{{192, 0, 2}, 24},
	{{192, 31, 196}, 24},
	{{192, 52, 193}, 24},
	{{192, 88, 99}, 24},
	{{192, 168}, 16},
	{{192, 175, 48}, 24},
	{{198, 18}, 15},
	{{198, 51, 100}, 24},
	{{203, 0, 113}, 24},
	{{224}, 4},
	{{240}, 4},
};
/* Of 2000::/3, outside of which nothing is public. */
static const struct range closed_v6[] = {
	{{0x20, 0x01, 0x00}, 23}, {{0x20, 0x01, 0x0d, 0xb8}, 32},
	{{0x20, 0x02}, 16},       {{0x26, 0x20, 0x00, 0x4f, 0x80}, 48},
	{{0x3f, 0xff}, 20},
};

static bool is_in(const unsigned char *at, const struct range *r)
{
	size_t whole = (size_t)r->bits / 8;
	int rest = r->bits % 8;
	if (memcmp(at, r->base, whole) != 0)
		return false;
	return rest == 0 || (at[whole] ^ r->base[whole]) >> (8 - rest) == 0;
}

static bool is_in_any(const unsigned char *at, const struct range *ranges, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_in(at, &ranges[i]))
			return true;
	}
	return false;
}

/* Where the IPv4 address stands when there is one inside; NULL otherwise. */
static const unsigned char *v4_inside(const struct addr *addr)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};
	bool inside = memcmp(addr->at, mapped, 12) == 0 || memcmp(addr->at, nat64, 12) == 0;
	return inside ? addr->at + 12 : NULL;
}

bool reach_is_public(struct addr addr)
{
	const unsigned char *v4 = v4_inside(&addr);
	if (v4)
		return !is_in_any(v4, closed_v4, sizeof(closed_v4) / sizeof(*closed_v4));
	if (addr.at[0] >> 5 != 1)
		return false;
	return !is_in_any(addr.at, closed_v6, sizeof(closed_v6) / sizeof(*closed_v6));
}

static unsigned port_of(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)(const void *)sa)->sin_port);
	return ntohs(((const struct sockaddr_in6 *)(const void *)sa)->sin6_port);
}

bool reach_is_allowed(const struct sockaddr *to, const struct addr_blocks *allowed)
{
	if (to->sa_family != AF_INET && to->sa_family != AF_INET6)
		return false;
	struct addr addr = addr_of(to);
	unsigned port = port_of(to);
	if (addr_in(allowed, addr))
		return true;
	return reach_is_public(addr) && (port == 80 || port == 443 || port >= 1024);
}
