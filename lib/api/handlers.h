/* SPDX-License-Identifier: MIT */
/* The handlers that api/routes.c names. */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include "http/route.h"

#define READS(name) enum err name(struct req *r, struct answer *out)
#define WRITES(name) enum err name(struct req *r, struct tx *tx, struct answer *out)

READS(on_instance);
READS(on_instance_v1);
READS(on_verify_credentials);
READS(on_account);
READS(on_account_lookup);
READS(on_account_statuses);
READS(on_relationships);
WRITES(on_account_follow);
WRITES(on_account_unfollow);
WRITES(on_account_block);
WRITES(on_account_unblock);
WRITES(on_account_mute);
WRITES(on_account_unmute);

READS(on_status);
READS(on_status_context);
WRITES(on_status_post);
WRITES(on_status_edit);
WRITES(on_status_delete);
WRITES(on_status_favourite);
WRITES(on_status_unfavourite);
WRITES(on_status_reblog);
WRITES(on_status_unreblog);
WRITES(on_status_bookmark);
WRITES(on_status_unbookmark);
WRITES(on_status_mute);
WRITES(on_status_unmute);

READS(on_timeline_home);
READS(on_timeline_public);
READS(on_timeline_tag);
READS(on_timeline_list);
READS(on_timeline_link);
READS(on_statuses_favourited);
READS(on_statuses_bookmarked);

READS(on_lists);
READS(on_list);
WRITES(on_list_add);
WRITES(on_list_edit);
WRITES(on_list_delete);
READS(on_list_accounts);
WRITES(on_list_accounts_add);
WRITES(on_list_accounts_delete);
READS(on_account_lists);

READS(on_tag_entity);
WRITES(on_tag_follow);
WRITES(on_tag_unfollow);
WRITES(on_tag_feature);
WRITES(on_tag_unfeature);
READS(on_followed_tags);
READS(on_featured_tags);
WRITES(on_featured_tag_add);
WRITES(on_featured_tag_delete);
READS(on_featured_tag_suggestions);
READS(on_account_featured_tags);

#undef READS
#undef WRITES

#endif
