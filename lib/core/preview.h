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

/* The ready ones among these at most 40, in their order. */
struct previews previews_load(struct db *db, struct arena *a, const int64_t *ids, size_t n);

/*
 * What the courier does. Which of a kwip's first links are looked at: not those into this site.
 * base: its URL without a slash at the end.
 */
enum { PREVIEW_LINKS_MAX = 3 };
struct preview_links {
	int64_t author; /* 0: the kwip is gone */
	struct str url[PREVIEW_LINKS_MAX];
	size_t n;
	bool attached; /* the kwip shows one at present */
};
struct preview_links preview_links(struct db *db, struct arena *a, int64_t kwip, struct str base);
/* What is known of a URL: its id (0: nothing yet), state, and when it was fetched. */
struct preview_known {
	int64_t id, fetched_at;
	enum preview_state state;
};
struct preview_known preview_known(struct db *db, struct str url);
/* Keeps what p says of p->url, fetched now; returns its id. */
int64_t preview_store(struct tx *tx, const struct preview *p);
/* Shows that preview with the kwip, 0: none; appends EVENT_PREVIEW when that is a change, or when
 * the preview itself has changed (fresh). */
void preview_attach(struct tx *tx, int64_t kwip, int64_t preview, bool fresh);

#endif
