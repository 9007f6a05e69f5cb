/* SPDX-License-Identifier: MIT */
/* The form of kwips between compose.c, which says and changes them, and attach.c, which knows the
 * files and polls beside the text. */
#ifndef PAGE_COMPOSE_H
#define PAGE_COMPOSE_H

#include "core/upload.h"
#include "page/handlers.h"

enum { FILES_MAX = 4 };

/* What a form holds beside its text: uploads of before and those just sent. */
struct attached {
	int64_t id[FILES_MAX];
	struct str about[FILES_MAX]; /* as typed */
	size_t n;
	struct str lost[FILES_MAX]; /* typed for files that did not become anything */
	size_t n_lost;
};

/*
 * For a route's prepare: takes over what the form had, takes in the files that came along and waits
 * for the media service. kwip: the one that is edited, 0 for a new one. *out stands whatever
 * happens: the form can be shown again with it. refuse()s what failed and what is not ready.
 */
enum err attach_sent(struct req *r, int64_t kwip, struct attached **out) MUST_USE;
/* Takes files in, all or none, for a route's prepare; waits for the service when it is told to, and
 * refuse()s then what came to nothing. */
enum err files_take_in(struct req *r, struct uploads *u, bool waits) MUST_USE;
/* Writes the descriptions as they were typed. */
enum err attach_describe(struct tx *tx, struct arena *a, int64_t account,
			 const struct attached *at) MUST_USE;
/* The attached and the free places, for the form. */
void attach_view(struct req *r, struct db *db, const struct attached *at, struct view_form *f);
/* What a kwip has already. */
const struct attached *attach_of_kwip(struct arena *a, const struct kwip *k);

/* NULL when no answer was typed. */
const struct poll_draft *poll_sent(struct req *r);
/* Empty answers, or those typed when r declares them. */
void poll_fields(struct req *r, struct view_form *f, bool typed);

/* later.c: "2026-12-24T18:00" and the minutes west of Greenwich that it is meant in. */
enum err later_sent(struct req *r, int64_t *at) MUST_USE;

#endif
