/* SPDX-License-Identifier: MIT */
/*
 * Which addresses a request on somebody's behalf may go to: the public internet, and what the
 * setting fetch_private names besides. Asked at the moment of each connection, about the address
 * itself, so that no name, redirect or second DNS answer leads around it.
 */
#ifndef NET_REACH_H
#define NET_REACH_H

#include "base/addr.h"

/* A unicast address of the public internet; IPv4 inside IPv6 (mapped, NAT64) counts as IPv4. */
bool reach_is_public(struct addr addr);
/* Public and a usual port (80, 443, 1024 and above), or an address of `allowed`. */
bool reach_is_allowed(const struct sockaddr *to, const struct addr_blocks *allowed);

#endif
