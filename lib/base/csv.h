/* SPDX-License-Identifier: MIT */
/* Comma-separated values (RFC 4180), in and out. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/arena.h"
#include "base/buf.h"

/*
 * Takes the next record off *rest: its first `most` cells to cells, further ones are dropped. The
 * number of cells, 0 for an empty line, -1 at the end. A quote that is never closed ends with the
 * text. Cells point into the text, or into the arena where quotes had to be taken out.
 */
int csv_next(struct str *rest, struct arena *a, struct str *cells, int most);
/*
 * One cell, quoted where it must be; the comma before it and the line's end are the caller's. What
 * a spreadsheet would take for a formula is quoted and led by an apostrophe, except addresses that
 * begin with '@' and a letter.
 */
void csv_put(struct buf *out, struct str cell);

#endif
