/* SPDX-License-Identifier: MIT */
/* The handlers of routes_notifications.c, and the entities that only they write. */
#ifndef API_NOTIFICATIONS_H
#define API_NOTIFICATIONS_H

#include "api/entity.h"
#include "core/announcement.h"
#include "core/direct.h"
#include "core/notice_policy.h"

/* Who sees what, through which lens. */
struct sight {
	struct arena *a;
	struct db *db;
	struct lens *lens;
	int64_t viewer;
};

/* People and kwips of one answer, loaded together. */
struct cast {
	struct sight sight;
	struct accounts people;
	struct gather *kwips;
	const int64_t *visible; /* the kwips that the viewer may see */
	size_t n_visible;
};
/* Loads what it is given; unknown and inactive people, hidden and gone kwips are left out. Ids may
 * come twice and may be 0. */
struct cast cast_load(const struct sight *s, const int64_t *people, size_t n_people,
		      const int64_t *kwips, size_t n_kwips);
const struct account *cast_person(const struct cast *c, int64_t id); /* NULL when left out */
bool cast_shows(const struct cast *c, int64_t kwip);
/* "key": Status, or nothing (null, with `or_null`) when it is left out. */
void cast_put_kwip(struct jw *w, const struct cast *c, struct str key, int64_t kwip, bool or_null);

/* Arrays of Notification and of Conversation, and "GroupedNotificationsResults". */
void entity_notifications(struct jw *w, const struct sight *s, struct notices list);
void entity_conversations(struct jw *w, const struct sight *s, struct directs list);
/* grouped: what asked; partial: most people as PartialAccountWithAvatar. */
void entity_notice_groups(struct jw *w, const struct sight *s, struct notice_groups list,
			  bool partial);
/* {} after a change that went well; hands e on. */
enum err answer_empty(struct answer *out, enum err e) MUST_USE;
/* Bits of the kinds that a word of the API means; 0 for unknown ones. */
int notice_kinds_of(struct str type);

#define READS(name) enum err name(struct req *r, struct answer *out)
#define WRITES(name) enum err name(struct req *r, struct tx *tx, struct answer *out)

READS(on_notifications);
READS(on_notification);
WRITES(on_notifications_clear);
WRITES(on_notification_dismiss);
READS(on_notifications_unread);
READS(on_notification_groups);
READS(on_notification_groups_unread);
READS(on_notification_group);
READS(on_notification_group_accounts);
WRITES(on_notification_group_dismiss);

READS(on_notification_policy);
WRITES(on_notification_policy_set);
READS(on_notification_policy_v1);
WRITES(on_notification_policy_v1_set);
READS(on_notification_requests);
READS(on_notification_request);
READS(on_notification_requests_merged);
WRITES(on_notification_request_accept);
WRITES(on_notification_request_dismiss);
WRITES(on_notification_requests_accept);
WRITES(on_notification_requests_dismiss);

READS(on_conversations);
WRITES(on_conversation_read);
WRITES(on_conversation_unread);
WRITES(on_conversation_delete);

READS(on_markers);
WRITES(on_markers_set);

READS(on_announcements);
WRITES(on_announcement_dismiss);
WRITES(on_announcement_react);
WRITES(on_announcement_unreact);

#undef READS
#undef WRITES

#endif
