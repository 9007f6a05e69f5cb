/* SPDX-License-Identifier: MIT */
/*
 * The small files beside data.mdb that say whether it may be trusted: it is written without
 * syncing, so after a power cut (not after a killed process) it may be torn. For cache.c alone.
 */
#ifndef STORE_CACHE_MARK_H
#define STORE_CACHE_MARK_H

#include <stdbool.h>

/* True when the files were written since this machine started, or synced at the last close. */
bool cache_mark_is_trusted(const char *folder);
/*
 * The writer opens: from now on only this boot's readers trust it. False when that could not be
 * made sure.
 */
bool cache_mark_open(const char *folder);
/* The writer closed and everything is on disk. */
void cache_mark_synced(const char *folder);
/* Takes the trust away: the next writer starts anew. */
void cache_mark_distrust(const char *folder);
/*
 * Counts openings by a writer; cleared by a close or by two seconds of work. Returns how many
 * there were in a row.
 */
int cache_mark_tries(const char *folder);
void cache_mark_well(const char *folder);
/* Removes the cache and its marks. */
void cache_mark_wipe(const char *folder);

#endif
