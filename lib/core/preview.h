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
	int64_t author;         /* whom the page names as its author here; 0: nobody */
	struct str author_host; /* where that page stands */
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
/*
 * Keeps what p says of p->url, fetched now; returns its id. The picture stays the one it had, or
 * goes when there is none any more (pictured false). Every kwip that shows it is told of a change.
 */
int64_t preview_store(struct tx *tx, const struct preview *p, bool pictured);
/* Shows that preview with the kwip, 0: none; appends EVENT_PREVIEW when that is a change. */
void preview_attach(struct tx *tx, int64_t kwip, int64_t preview);
/*
 * The way of its picture: the courier spools what it fetched, and this adds the MEDIA_PREVIEW that
 * the media service makes a small picture of. It counts as an upload of kwip's author; *id is 0
 * when the kwip is gone.
 */
enum err preview_picture_add(struct tx *tx, int64_t kwip, int64_t preview, int64_t *id) MUST_USE;
/* What the media service made of it; an image of "" is none. */
struct preview_picture {
	struct str image, blurhash;
	int width, height;
};
void preview_picture_set(struct tx *tx, int64_t preview, const struct preview_picture *p);
/*
 * Removes previews that no kwip has shown for a day, a stretch of them at a time: *after goes from
 * one stretch to the next and is 0 behind the last. Their pictures are found unused by whoever
 * tends the folder. Returns how many went.
 */
enum { PREVIEWS_PRUNED_MAX = 500 };
int preview_prune(struct tx *tx, int64_t *after);

/* The local account that a page names as its author ("@name@host"); 0: nobody here. */
int64_t preview_author(struct db *db, struct str creator, struct str base);
/*
 * Whom the previews of these kwips name as author, and whether that counts: an account says itself
 * which sites may name it. A bounded number of statements per 40.
 */
struct credit {
	int64_t kwip, account;
	bool allowed;
};
struct credits {
	struct credit *at;
	size_t n;
};
struct credits credits_of_kwips(struct db *db, struct arena *a, const int64_t *kwips, size_t n);

#endif
