/* SPDX-License-Identifier: MIT */
/* The handlers that routes_relations.c names: who stands how to whom. */
#ifndef API_RELATIONS_H
#define API_RELATIONS_H

#include "core/people.h"
#include "http/route.h"

#define READS(name) enum err name(struct req *r, struct answer *out)
#define WRITES(name) enum err name(struct req *r, struct tx *tx, struct answer *out)

/*
 * One page of people with its Link header; what pages is the relation, so no entity tells the
 * cursor. `of`: an account, or a kwip.
 */
enum err answer_people(struct req *r, struct answer *out, enum people_list which, int64_t of);

READS(on_accounts_some);
READS(on_account_followers);
READS(on_account_following);
READS(on_account_endorsements);
READS(on_account_nothing);
WRITES(on_account_follower_remove);
WRITES(on_account_endorse);
WRITES(on_account_unendorse);
WRITES(on_account_note);
READS(on_familiar_followers);
READS(on_follow_requests);
WRITES(on_follow_request_authorize);
WRITES(on_follow_request_reject);
READS(on_blocks);
READS(on_mutes);
READS(on_endorsements);
READS(on_domain_blocks);
READS(on_domain_block_preview);
WRITES(on_domain_block);
WRITES(on_domain_unblock);
READS(on_suggestions_v1);
READS(on_suggestions);
WRITES(on_suggestion_hide);
READS(on_directory);

#undef READS
#undef WRITES

#endif
