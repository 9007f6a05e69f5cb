/* SPDX-License-Identifier: MIT */
/* Time through one door, so that tests can set it. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/arena.h"
#include "base/buf.h"

/* Milliseconds since 1970 UTC. Never runs backwards within a process (a jump back holds it still).
 */
int64_t clock_ms(void);
/* Microseconds of a monotonic clock with an arbitrary start, for durations. */
int64_t clock_mono_us(void);
/* Tests: pins clock_ms to at_ms; 0 unpins. KWIPD_TEST_CLOCK_MS in the environment does so at start.
 */
void clock_pin(int64_t at_ms);
void clock_sleep_ms(int64_t ms);

/* 2026-11-23T20:38:31.000Z (RFC 3339, always three digits). */
void put_time_iso(struct buf *b, int64_t at_ms);
/* Mon, 23 Nov 2026 20:38:31 GMT (RFC 9110 section 5.6.7). */
void put_time_http(struct buf *b, int64_t at_ms);
/* 23 Nov 2026, 20:38 - for people, UTC. */
void put_time_human(struct buf *b, int64_t at_ms);
/* 2026-11-23 */
void put_date(struct buf *b, int64_t at_ms);
/*
 * Reads a date with or without a time (RFC 3339 and what clients make of it: seconds, their parts
 * and the zone may be missing; no zone is UTC). False when it is none.
 */
bool time_parse_iso(struct str text, int64_t *at_ms);

#endif
