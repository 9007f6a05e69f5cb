/* SPDX-License-Identifier: MIT */
/*
 * Lists of ids in SQL. Statements are literals, so a list has a fixed width: 40 places, padded with
 * 0, which is nobody's id. Longer lists go in rounds of 40. For core/ alone.
 */
#ifndef CORE_IN40_H
#define CORE_IN40_H

#include "store/db.h"

enum { IN_WIDTH = 40 };
#define IN40 "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?"

/* Fills all 40 places from the first ids; returns how many of them were taken. */
static inline size_t ids_args(struct db_arg args[IN_WIDTH], const int64_t *ids, size_t n)
{
	size_t taken = n < IN_WIDTH ? n : IN_WIDTH;
	for (size_t i = 0; i < IN_WIDTH; i++)
		args[i] = db_arg_i64(i < taken ? ids[i] : 0);
	return taken;
}

/* DB_EACH with the arguments in a plain array. */
#define DB_EACH_ARGS(row, db, sql, args, n) \
	for (__attribute__((cleanup(db_done))) struct db_row row = \
		     db_query((db), DB_SQL(sql), (args), (n)); \
	     db_next(&row);)

#endif
