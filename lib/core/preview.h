/* SPDX-License-Identifier: MIT */
/*
 * Link previews (the API's PreviewCard): rows that the courier service fills and kwips show.
 */
#ifndef CORE_PREVIEW_H
#define CORE_PREVIEW_H

#include "store/db.h"

enum preview_state { PREVIEW_WAITING, PREVIEW_READY, PREVIEW_NONE };
enum preview_kind { PREVIEW_LINK, PREVIEW_PHOTO, PREVIEW_VIDEO, PREVIEW_RICH };

struct preview {
	int64_t id, kwip; /* kwip: which one shows it, from previews_of_kwips */
	enum preview_state state;
	enum preview_kind kind;
	struct str url, title, description, author_name, author_url, provider_name, provider_url;
	struct str image, image_description; /* image: path below /media */
	struct str blurhash, language;
	int width, height;
	int64_t published_at;
};
struct previews {
	struct preview *at;
	size_t n;
};

/* The ready previews that these kwips show; a bounded number of statements per 40. */
struct previews previews_of_kwips(struct db *db, struct arena *a, const int64_t *kwips, size_t n);

#endif
