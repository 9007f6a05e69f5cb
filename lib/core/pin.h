/* SPDX-License-Identifier: MIT */
/* Kwips that their author shows on top of the profile. timeline_pinned (core/timeline.h) lists
 * them. */
#ifndef CORE_PIN_H
#define CORE_PIN_H

#include "store/db.h"

enum { PINS_MAX = 5 };

/*
 * Sets or clears; again is OK. ERR_NOT_FOUND unless visible; refuse()s others' kwips, boosts, what
 * is for named people only, and more than PINS_MAX. Event PIN: its card changed.
 */
enum err kwip_pin(struct tx *tx, int64_t account, int64_t kwip, bool on) MUST_USE;

#endif
