/* SPDX-License-Identifier: MIT */
/*
 * A sum over bytes that come back from the cache's file: four independent lanes of multiply and
 * rotate, so that it runs at memory speed. Catches torn and stray writes; no defence against
 * malice.
 */
#ifndef CORE_SUM_H
#define CORE_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t sum_mix(uint64_t lane, uint64_t word)
{
	lane = (lane ^ word) * 0x9e3779b97f4a7c15u;
	return lane << 29 | lane >> 35;
}

static inline uint32_t sum_of(const char *at, size_t n, uint64_t start)
{
	enum { LANES = 4, STEP = LANES * 8 };
	uint64_t lane[LANES] = {start, start + 1, start + 2, start + 3}, word[LANES];
	for (; n >= STEP; at += STEP, n -= STEP) {
		memcpy(word, at, STEP);
		for (int i = 0; i < LANES; i++)
			lane[i] = sum_mix(lane[i], word[i]);
	}
	for (; n >= 8; at += 8, n -= 8) {
		memcpy(word, at, 8);
		lane[1] = sum_mix(lane[1], word[0]);
	}
	for (; n > 0; at++, n--)
		lane[0] = sum_mix(lane[0], (unsigned char)*at);
	uint64_t h = sum_mix(sum_mix(sum_mix(lane[0], lane[1]), lane[2]), lane[3]);
	return (uint32_t)(h ^ h >> 32);
}

#endif
