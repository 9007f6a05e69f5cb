/* SPDX-License-Identifier: MIT */
/*
 * The one log. Every change appends an event in its own transaction; each service reads the log
 * behind a cursor of its own. seq is made under the write lock, so its order is the order of
 * commits.
 */
#ifndef STORE_EVENT_H
#define STORE_EVENT_H

#include "store/db.h"

enum event_kind {
	EVENT_NONE,
	/*
	 * actor, kwip, target: author replied to (or of the boosted), extra: conversation root or,
	 * for a boost, the boosted kwip
	 */
	EVENT_KWIP_NEW,
	EVENT_KWIP_EDIT, /* actor, kwip, extra: conversation root */
	/*
	 * actor, kwip, target: author of the conversation's root, extra: conversation root or the
	 * boosted kwip
	 */
	EVENT_KWIP_DELETE,
	/*
	 * kwip: a count on its card changed (favourites, boosts, comments); actor, target: author
	 */
	EVENT_KWIP_COUNTS,
	/* kwip: is a repeat of extra from now on (extra 0: not any more); actor: author */
	EVENT_REPEAT,
	/*
	 * actor changed a mark (favourite, boost, bookmark, mute) on kwip; extra: the new bits
	 * (enum mark)
	 */
	EVENT_MARK,
	EVENT_FOLLOW, /* actor follows target from now on, or changed how (boosts shown) */
	EVENT_UNFOLLOW,
	EVENT_BLOCK,
	EVENT_UNBLOCK,
	EVENT_MUTE,
	EVENT_UNMUTE,
	EVENT_REQUEST,      /* follow request made or gone: actor asked target */
	EVENT_ACCOUNT_NEW,  /* actor */
	EVENT_ACCOUNT_EDIT, /* actor: what its card shows changed */
	/* target: suspended, restored, deleted, let in, flagged by moderators; actor: by whom */
	EVENT_ACCOUNT_STATE,
	EVENT_NOTICE,   /* target has a new notice; extra: its id */
	EVENT_SETTINGS, /* actor changed how it sees timelines (repeats) or what is announced */
	EVENT_MESSAGE,  /* reserved for private messages */
	EVENT_BULK,     /* many rows came in without events of their own (fill): kwips from kwip to
			   extra; caches are made anew */
	/*
	 * actor's home is put together otherwise from now on (followed tags, exclusive lists): its
	 * feed is made anew
	 */
	EVENT_HOME,
	EVENT_FILTERS, /* actor's filters changed */
	EVENT_TOKENS,  /* some of actor's tokens were ended: who holds a stream open looks again */
	EVENT_MEDIA_NEW, /* actor uploaded; extra: the media's id */
	EVENT_MEDIA,     /* extra: the media's id: it is ready, or failed; actor: whose */
	EVENT_PREVIEW,   /* kwip's link preview is there (its card changed); actor: its author */
	EVENT_POLL,      /* kwip's poll got votes, or ended; actor: its author */
	EVENT_PIN,       /* actor pinned or unpinned kwip */
	EVENT_DIRECT,    /* target's private conversation changed; extra: its id */
	EVENT_NOTICES_MERGED, /* actor accepted a request: its notices are shown now */
	EVENT_ANNOUNCEMENT,   /* extra: its id; target: 0 published or changed, 1 deleted */
	EVENT_REACTION,       /* actor reacted to announcement extra, or took it back */
	EVENT_REPORT,         /* actor reported target; extra: the report's id */
	/*
	 * kwip (edited, or deleted) lost tag extra, which somebody follows, or which it had in
	 * public when it was deleted; it may have it again by now
	 */
	EVENT_UNTAG,
	/* target's policy kept a notice back, which nobody is told of; extra: its id */
	EVENT_NOTICE_HELD,
	/*
	 * kwip (a quote, or one that may be quoted): its author's or the quoted one's consent
	 * changed, and so its card; actor: its author
	 */
	EVENT_CONSENT,
	EVENT_EMOJI, /* a custom emoji came, changed or went: any text may look different */
	EVENT_KINDS
};

struct event {
	int64_t seq, at;
	enum event_kind kind;
	int64_t actor, kwip, target, extra;
};

const char *event_name(enum event_kind kind);
/* Appends; at and seq are filled in here. */
void event_add(struct tx *tx, struct event e);
/* The newest seq of this snapshot; 0 when the log is empty. */
int64_t event_newest(struct db *db);
/* The oldest seq still held (newest + 1 when empty). */
int64_t event_oldest(struct db *db);
/* At most max events after seq, in order, into out. Returns how many. */
size_t event_read(struct db *db, int64_t after, struct event *out, size_t max);

/*
 * Cursors that live in the main database (a service with a store of its own reports it here for
 * pruning and status).
 */
/* 0 for a reader never heard of. */
int64_t reader_cursor(struct db *db, struct str name);
void reader_move(struct tx *tx, struct str name, int64_t seq);
/* Sets an event aside that killed its reader: the reader skips it. Its cursor is not touched. */
void reader_park(struct tx *tx, struct str name, int64_t seq, struct str reason);
bool reader_is_parked(struct db *db, struct str name, int64_t seq);
/*
 * Removes events that every known reader has passed and that are older than keep_ms, but never the
 * newest one (event_newest must not fall back). At most max rows. Returns how many went.
 */
int event_prune(struct tx *tx, int64_t keep_ms, int max);

#endif
