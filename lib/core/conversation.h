/* SPDX-License-Identifier: MIT */
/* A conversation as a tree, for clients that show threads. The flat view is timeline_conversation.
 */
#ifndef CORE_CONVERSATION_H
#define CORE_CONVERSATION_H

#include "core/timeline.h"

struct context {
	struct ids ancestors;   /* from the root down to what is answered */
	struct ids descendants; /* depth first, each level oldest first */
};

/* How many at most: the nearest above, the first below, and how many answers deep. */
struct context_most {
	int ancestors, descendants, depth;
};

/*
 * Above and below a kwip that viewer may see (and no boost), without what they may not see and whom
 * they mute. Of a conversation that goes on longer, the next 4096 comments are looked at.
 */
struct context conversation_context(struct db *db, struct arena *a, int64_t viewer, int64_t kwip,
				    struct context_most most);

#endif
