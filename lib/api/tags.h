/* SPDX-License-Identifier: MIT */
/* The Tag entity, for whoever answers with hashtags: tags.c, search, trends. */
#ifndef API_TAGS_H
#define API_TAGS_H

#include "base/json.h"
#include "core/tag.h"

/* "Tag" with its history; following and featuring only for somebody. id "0": never used. */
void entity_tag(struct jw *w, const struct tag *t, bool has_viewer);
/* Its members alone, for Admin::Tag; and days as they stand in a history, today's number first. */
void entity_tag_members(struct jw *w, const struct tag *t, bool has_viewer);
void entity_day(struct jw *w, int64_t day, int64_t uses, int64_t accounts);

#endif
