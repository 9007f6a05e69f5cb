/* SPDX-License-Identifier: MIT */
/* A set of ids in an arena: open addressing, no deletion, sized once. 0 is never a member. */
#ifndef CORE_IDSET_H
#define CORE_IDSET_H

#include "base/arena.h"

struct idset {
	int64_t *slot;
	size_t mask; /* slots - 1; 0: not opened, holds nothing */
	size_t n;
};

/* Where to begin looking for an id in a table of its own, too: mask it with slots - 1. */
static inline size_t id_hash(int64_t id)
{
	return (size_t)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 32);
}

/* Room for at least `most` members. */
static inline void set_open(struct idset *s, struct arena *a, size_t most)
{
	size_t slots = 8;
	while (slots < 2 * most)
		slots *= 2;
	*s = (struct idset){.slot = arena_array(a, slots, sizeof(int64_t)), .mask = slots - 1};
}

/* The member's slot, or the free one where it would go. */
static inline size_t set_slot(const struct idset *s, int64_t id)
{
	size_t i = id_hash(id) & s->mask;
	while (s->slot[i] != 0 && s->slot[i] != id)
		i = (i + 1) & s->mask;
	return i;
}

static inline bool set_has(const struct idset *s, int64_t id)
{
	return s->n > 0 && s->slot[set_slot(s, id)] == id;
}

/* True when it was not there before. */
static inline bool set_add(struct idset *s, int64_t id)
{
	if (id == 0)
		return false;
	size_t i = set_slot(s, id);
	if (s->slot[i] == id)
		return false;
	s->slot[i] = id;
	s->n++;
	return true;
}

#endif
