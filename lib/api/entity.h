/* SPDX-License-Identifier: MIT */
/* The entities of the Mastodon API, one writer each. Names of JSON members are Mastodon's; the rest
 * of kwipd says kwip. */
#ifndef API_ENTITY_H
#define API_ENTITY_H

#include "api/api.h"
#include "base/json.h"
#include "core/emoji.h"
#include "core/filter.h"
#include "core/follow.h"
#include "core/gather.h"
#include "core/media.h"
#include "core/notice.h"
#include "core/preview.h"
#include "core/report.h"

/* "Account". api_account_json (api.h) is the same into a bare buf. */
void entity_account(struct jw *w, struct arena *a, const struct account *who);
/* "CredentialAccount": Account plus source and role. */
void entity_credential_account(struct jw *w, struct arena *a, struct db *db,
			       const struct account *who);
/* "Profile": one's own as it is edited, texts as typed. */
void entity_profile(struct jw *w, struct arena *a, struct db *db, const struct account *who);
/* "Preferences". */
void entity_preferences(struct jw *w, struct arena *a, struct db *db, int64_t account);
/* "Relationship" of the viewer towards one account. */
void entity_relationship(struct jw *w, const struct relation *r);
/* "Instance" (v2) and "V1::Instance". */
void entity_instance(struct jw *w, struct arena *a, struct db *db);
void entity_instance_v1(struct jw *w, struct arena *a, struct db *db);
/* [Rule]. */
void entity_rules(struct jw *w, struct arena *a, struct db *db);
/* The URL of a profile, and of a kwip: absolute. */
void put_account_url(struct buf *out, struct str name, struct str domain);
void put_kwip_url(struct buf *out, struct str author, int64_t id);
/* Both as one JSON string, with its quotes. */
struct str account_url(struct arena *a, const struct account *who);

/* "Status" of the one kwip asked for; false, and nothing written, when it is gone. */
bool entity_status(struct jw *w, struct arena *a, const struct gather_ask *ask) MUST_USE;
/* The same before it is deleted: a quote still shows what it quotes when consent was taken back. */
bool entity_to_redraft(struct jw *w, struct arena *a, const struct gather_ask *ask) MUST_USE;
/* An array of them; what is gone is passed over. */
void entity_statuses(struct jw *w, struct arena *a, const struct gather_ask *ask);
/* The "Quote" of the one kwip asked for; "" when it quotes nothing. */
struct str entity_quote(struct arena *a, const struct gather_ask *ask);
/* "StatusEdit", all of them in an array. k: as it is now; quote: its Quote, which no edit changes.
 */
void entity_status_edits(struct jw *w, struct arena *a, const struct kwip *k,
			 const struct kwip_editions *h, struct str quote);

/* "Poll". */
void entity_poll(struct jw *w, const struct poll *p);

/* For entities that hold a Status each: those of a whole list gathered at once, then one at a time;
 * false, and nothing written, for one that is gone or was not asked for. */
struct gather *entity_gather(struct arena *a, const struct gather_ask *ask);
bool entity_gathered(struct jw *w, const struct gather *g, int64_t viewer, int64_t id);

/* "MediaAttachment"; url and preview_url are null until it is ready. */
void entity_media(struct jw *w, struct arena *a, const struct media *m);
/* "PreviewCard"; its members alone, for entities that have more (Trends::Link). */
void entity_preview(struct jw *w, const struct preview *p);
void entity_preview_members(struct jw *w, const struct preview *p);
/* The same with its authors left open behind "account":, for who is credited. */
void entity_preview_open(struct jw *w, const struct preview *p);
/* "Role" of CredentialAccount and Admin::Account. */
void entity_role(struct jw *w, enum account_role role);
/* "Rule". */
void entity_rule(struct jw *w, const struct rule *rule);
/* "CustomEmoji", and an array of them. */
void entity_emoji(struct jw *w, const struct emoji *e);
void entity_emojis(struct jw *w, const struct emojis *list);
/* The API's word for a kind of notice ("favourite"), for Notification and Web Push. */
struct str entity_notice_type(enum notice_kind kind);
/*
 * One entity for one viewer, out of a lens on db: "Notification" of a notice, "Conversation" of a
 * row of private conversations, "Announcement". False, and nothing written, when it is not there or
 * not to be shown to the viewer.
 */
bool entity_notification_by_id(struct jw *w, struct arena *a, struct db *db, struct lens *l,
			       int64_t viewer, int64_t id) MUST_USE;
bool entity_conversation_by_id(struct jw *w, struct arena *a, struct db *db, struct lens *l,
			       int64_t viewer, int64_t id) MUST_USE;
bool entity_announcement_by_id(struct jw *w, struct arena *a, struct db *db, struct lens *l,
			       int64_t viewer, int64_t id) MUST_USE;
/* "FilterResult". */
void entity_filter_result(struct jw *w, const struct filter_match *m);

#endif
