/* SPDX-License-Identifier: MIT */
/* The insides of the courier service, shared by courier*.c. */
#ifndef SVC_COURIER_H
#define SVC_COURIER_H

#include "base/base64.h"
#include "core/errand.h"
#include "net/fetch.h"
#include "net/sign.h"
#include "svc/service.h"

struct courier;

/* An errand on its way. Its memory lives until courier_done or courier_retry. */
struct trip {
	struct courier *courier; /* NULL: this place is free */
	struct errand e;
	struct arena *a;
	struct str url;
	struct str endpoint;  /* pushes */
	int64_t subscription; /* pushes */
	struct found *found;  /* previews: what is known of the page so far */
};

struct courier {
	struct svc *self;
	struct store *main, *own;
	struct db *db, *queue; /* of main, of own: for reading */
	struct fetcher *fetcher;
	struct trip trip[FETCH_AT_ONCE];
	struct p256 key;
	int64_t seq, epoch;
	int64_t told_seq, told_at_us; /* as the main database knows it */
	int64_t idle_since_us;
	int64_t pace_ms;  /* what delays are multiples of; 1000 but in tests */
	bool knows_key;   /* key is there */
	bool was_renewed; /* settings changed: the fetcher is made anew */
	bool is_broken;   /* the queue cannot be written: leave, a new process starts over */
};

enum verdict {
	VERDICT_FLYING, /* courier_fly was called */
	VERDICT_OVER,   /* nothing to do */
	VERDICT_LATER,  /* no place for it now */
};

/* Counts the attempt and starts; done gets t. False when that was not possible. */
bool courier_fly(struct trip *t, const struct fetch_ask *ask, fetch_done *done) MUST_USE;
/* Goes on to somewhere else from within done: the same attempt. */
void courier_fly_on(struct trip *t, const struct fetch_ask *ask, fetch_done *done);
/* The end of a trip that flew: t is gone. */
void courier_done(struct trip *t);
void courier_retry(struct trip *t, int64_t after_ms);
/* Is this URL on its way for another errand? */
bool courier_is_flying(const struct courier *c, struct str url);
/* first_ms * factor^attempts and up to half as much again, by chance. */
int64_t courier_backoff(const struct trip *t, int64_t first_ms, int factor);

/* courier_push.c, courier_preview.c: looks at what is to be done now. */
enum verdict push_start(struct trip *t);
enum verdict preview_start(struct trip *t);

#endif
