/* SPDX-License-Identifier: MIT */
/*
 * Texts as the words that the index keeps. Scripts that put no spaces between words (Chinese,
 * Japanese, Thai ...), and Korean, whose words carry endings, are spread into overlapping pairs of
 * characters: "東京都" is kept as "東京 京都 都", so that any part of it is found as a phrase of
 * its pairs. Pairs and not SQLite's trigrams, because most Chinese words are two characters long
 * and a trigram index finds nothing shorter than three. Case and accents are SQLite's tokenizer's.
 */
#ifndef CORE_SPREAD_H
#define CORE_SPREAD_H

#include "base/buf.h"

/* Appends the words, each followed by a space; nothing for a text without any. */
void spread_text(struct buf *out, struct str text);
/*
 * The same of something looked for, where what it ends with may go on in the text: the last run of
 * pairs lacks the single character behind them. True when the last word is only the beginning of
 * what is meant (one such character).
 */
bool spread_sought(struct buf *out, struct str text);

#endif
