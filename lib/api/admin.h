/* SPDX-License-Identifier: MIT */
/* The admin API: its entities and the handlers that routes_admin.c names. Who may ask is the route
 * table's. */
#ifndef API_ADMIN_H
#define API_ADMIN_H

#include "base/json.h"
#include "core/moderation.h"
#include "core/report.h"
#include "http/route.h"

/* "Admin::Account". */
void entity_admin_account(struct jw *w, struct arena *a, const struct overseen *o);

#define READS(name) enum err name(struct req *r, struct answer *out)
#define WRITES(name) enum err name(struct req *r, struct tx *tx, struct answer *out)

READS(on_admin_accounts);
READS(on_admin_accounts_v2);
READS(on_admin_account);
WRITES(on_admin_account_action);
WRITES(on_admin_account_approve);
WRITES(on_admin_account_reject);
WRITES(on_admin_account_enable);
WRITES(on_admin_account_unsilence);
WRITES(on_admin_account_unsuspend);
WRITES(on_admin_account_unsensitive);
WRITES(on_admin_account_delete);

READS(on_admin_reports);
READS(on_admin_report);
WRITES(on_admin_report_edit);
WRITES(on_admin_report_assign);
WRITES(on_admin_report_unassign);
WRITES(on_admin_report_resolve);
WRITES(on_admin_report_reopen);

/* One set each of site_block kinds: list, one, add, remove; two can be changed. */
#define SET(name) \
	READS(on_admin_##name##s); \
	READS(on_admin_##name); \
	WRITES(on_admin_##name##_add); \
	WRITES(on_admin_##name##_end)
SET(domain_block);
SET(domain_allow);
SET(email_domain_block);
SET(ip_block);
SET(canonical_email_block);
#undef SET
WRITES(on_admin_domain_block_edit);
WRITES(on_admin_ip_block_edit);

READS(on_admin_trends_tags);
READS(on_admin_trends_statuses);
READS(on_admin_trends_links);
READS(on_admin_publishers);
WRITES(on_admin_trends_tags_approve);
WRITES(on_admin_trends_tags_reject);
WRITES(on_admin_trends_statuses_approve);
WRITES(on_admin_trends_statuses_reject);
WRITES(on_admin_trends_links_approve);
WRITES(on_admin_trends_links_reject);
WRITES(on_admin_publisher_approve);
WRITES(on_admin_publisher_reject);
READS(on_admin_tags);
READS(on_admin_tag);
WRITES(on_admin_tag_edit);

/* POST by the protocol, yet they change nothing. */
WRITES(on_admin_email_test);
WRITES(on_admin_measures);
WRITES(on_admin_dimensions);
WRITES(on_admin_retention);

#undef READS
#undef WRITES

#endif
