/* SPDX-License-Identifier: MIT */
/*
 * For unit tests: a temporary folder that goes away again, and cmocka with what it wants included
 * first.
 */
#ifndef UNIT_SCRATCH_H
#define UNIT_SCRATCH_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail /* base/err.h has one; assert_true(false) does the same */

#include "base/str.h"

struct scratch {
	char at[64];
};

static inline struct scratch scratch_make(void)
{
	struct scratch s = {"/tmp/kwipd-unit-XXXXXX"};
	assert_non_null(mkdtemp(s.at));
	return s;
}

static inline int scratch_remove_one(const char *path, const struct stat *st, int kind,
				     struct FTW *ftw)
{
	(void)st, (void)kind, (void)ftw;
	return remove(path);
}

static inline void scratch_remove(struct scratch *s)
{
	nftw(s->at, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct str scratch_str(const struct scratch *s)
{
	return str_of(s->at);
}

#endif
