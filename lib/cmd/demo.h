/* SPDX-License-Identifier: MIT */
/* The people of `kwipd demo` and what they say: data only. Lists of names are separated by single
 * spaces. */
#ifndef CMD_DEMO_H
#define CMD_DEMO_H

#include "cmd/cmd.h"

struct demo_person {
	const char *name, *display_name, *language, *about, *fields, *follows;
	bool is_locked, is_bot;
};
struct demo_kwip {
	const char *who;
	int minutes_ago; /* never more than of the one before */
	int answers;     /* place in the table, from 1; 0: a kwip of its own */
	const char *language, *text, *favourites, *boosts, *warning;
	int visibility;
};

extern const struct demo_person demo_people[];
extern const size_t demo_people_count;
extern const struct demo_kwip demo_kwips[];
extern const size_t demo_kwips_count;
/* Asks a locked one, and waits. */
extern const struct demo_waiting {
	const char *who, *whom;
} demo_waiting;

#endif
