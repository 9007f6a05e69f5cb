/* SPDX-License-Identifier: MIT */
/*
 * The sum that records of the timeline cache carry (cards, feeds), so that what a bad disk or a
 * torn write left of one counts as missing. Not a defence against malice: that is base/crypt.h.
 */
#ifndef CORE_SUM_H
#define CORE_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Over 8-byte words (multiply and rotate): catches torn and stray writes at memory speed. */
static inline uint32_t sum_of(const char *at, size_t n, uint64_t h)
{
	while (n >= 8) {
		uint64_t word;
		memcpy(&word, at, 8);
		h = (h ^ word) * 0x9e3779b97f4a7c15u;
		h = h << 29 | h >> 35;
		at += 8;
		n -= 8;
	}
	while (n-- > 0)
		h = (h ^ (unsigned char)*at++) * 0x9e3779b97f4a7c15u;
	return (uint32_t)(h ^ h >> 32);
}

#endif
