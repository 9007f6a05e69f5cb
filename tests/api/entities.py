# SPDX-License-Identifier: MIT
"""The shapes of the client API's entities, as clients decode them: every field, its type, whether it may be null.

check("Status", answer) fails with the path of the first field that is missing or of another kind."""
import re

from shapes import COLOR, DATE, DATE_TIME, ID, URL, WS_URL, Either, Left, Map, Null, OneOf, check_value

FILTER_CONTEXT = OneOf("home", "notifications", "public", "thread", "account")
FILTER_KEYWORD = {"id": ID, "keyword": str, "whole_word": bool}
FILTER_STATUS = {"id": ID, "status_id": ID}
FILTER_ALONE = {"id": ID, "title": str, "context": [FILTER_CONTEXT], "expires_at": Null(DATE_TIME),
                "filter_action": OneOf("warn", "hide", "blur")}
FILTER = dict(FILTER_ALONE, keywords=[FILTER_KEYWORD], statuses=[FILTER_STATUS])
FILTER_RESULT = {"filter": FILTER_ALONE, "keyword_matches": Null([str]), "status_matches": Null([ID])}

FIELD = {"name": str, "value": str, "verified_at": Null(DATE_TIME)}
ROLE = {"id": str, "name": str, "color": COLOR}
EMOJI = {"shortcode": str, "url": URL, "static_url": URL, "visible_in_picker": bool, "category": Null(str)}

ACCOUNT = {
    "id": ID, "username": str, "acct": str, "url": URL, "uri": URL, "display_name": str, "note": str,
    "avatar": URL, "avatar_static": URL, "header": URL, "header_static": URL, "locked": bool, "fields": [FIELD],
    "emojis": [EMOJI], "bot": bool, "group": bool, "discoverable": Null(bool), "indexable": bool,
    "noindex": Left(Null(bool)), "memorial": Left(bool), "suspended": Left(bool),
    "limited": Left(bool), "created_at": DATE_TIME, "last_status_at": Null(DATE), "statuses_count": int,
    "followers_count": int, "following_count": int, "hide_collections": Null(bool), "roles": [ROLE],
}
SOURCE = {
    "note": str, "fields": [FIELD], "privacy": OneOf("public", "unlisted", "private", "direct"), "sensitive": bool,
    "language": Null(str), "follow_requests_count": int, "hide_collections": Null(bool), "discoverable": Null(bool),
    "indexable": bool, "attribution_domains": [str], "quote_policy": OneOf("public", "followers", "nobody"),
}
CREDENTIAL_ACCOUNT = dict(ACCOUNT, source=SOURCE, role=dict(ROLE, permissions=re.compile(r"\d+\Z"), highlighted=bool))

MENTION = {"id": ID, "username": str, "url": URL, "acct": str}
TAG = {"name": str, "url": URL}
SIZE = {"width": int, "height": int, "size": re.compile(r"\d+x\d+\Z"), "aspect": (int, float)}
MEDIA_ATTACHMENT = {
    "id": ID, "type": OneOf("unknown", "image", "gifv", "video", "audio"), "url": URL, "preview_url": Null(URL),
    "remote_url": Null(URL), "preview_remote_url": Left(Null(URL)), "text_url": Left(Null(URL)),
    "meta": Null({"original": Left(SIZE), "small": Left(SIZE), "duration": Left((int, float)),
                  "focus": Left({"x": (int, float), "y": (int, float)})}),
    "description": Null(str), "blurhash": Null(str),
}
POLL = {
    "id": ID, "expires_at": Null(DATE_TIME), "expired": bool, "multiple": bool, "votes_count": int,
    "voters_count": Null(int), "options": [{"title": str, "votes_count": Null(int)}], "emojis": [EMOJI], "voted": bool,
    "own_votes": [int],
}
CARD = {
    "url": URL, "title": str, "description": str, "language": Null(str), "type": OneOf("link", "photo", "video", "rich"),
    "authors": [{"name": str, "url": str, "account": Null(ACCOUNT)}], "author_name": str, "author_url": str,
    "provider_name": str, "provider_url": str, "html": str, "width": int, "height": int, "image": Null(URL),
    "image_description": str, "embed_url": str, "blurhash": Null(str), "published_at": Null(DATE_TIME),
    "missing_attribution": Left(bool),
}
QUOTE_STATE = OneOf("pending", "accepted", "rejected", "revoked", "deleted", "unauthorized", "blocked_account",
                    "blocked_domain", "muted_account")
QUOTE_APPROVAL = {
    "automatic": [OneOf("public", "followers", "following", "unsupported_policy")], "manual": [str],
    "current_user": OneOf("automatic", "manual", "denied", "unknown"),
}
STATUS = {
    "id": ID, "uri": URL, "url": URL, "created_at": DATE_TIME, "edited_at": Null(DATE_TIME), "account": ACCOUNT,
    "content": str, "visibility": OneOf("public", "unlisted", "private", "direct"), "sensitive": bool,
    "spoiler_text": str, "media_attachments": [MEDIA_ATTACHMENT], "application": Left(Null({"name": str, "website": Null(URL)})),
    "mentions": [MENTION], "tags": [TAG], "emojis": [EMOJI], "reblogs_count": int, "favourites_count": int,
    "replies_count": int, "in_reply_to_id": Null(ID), "in_reply_to_account_id": Null(ID), "poll": Null(POLL),
    "card": Null(CARD), "language": Null(str), "text": Left(str), "kwipd_repeats_count": int,
    "quotes_count": int, "quote_approval": QUOTE_APPROVAL,
}
FLAGS = {"favourited": bool, "reblogged": bool, "muted": bool, "bookmarked": bool, "pinned": Left(bool),
         "filtered": [FILTER_RESULT]}


def whole_status(fields):
    """With what a boost shows, which is no boost itself, and what is quoted, which names what it quotes itself."""
    quoted = dict(fields, reblog=type(None), quote=Null({"state": QUOTE_STATE, "quoted_status_id": Null(ID)}))
    said = dict(fields, reblog=type(None), quote=Null({"state": QUOTE_STATE, "quoted_status": Null(quoted)}))
    return dict(said, reblog=Null(said))


STATUS_OF_VIEWER = whole_status(dict(STATUS, **FLAGS))
STATUS = whole_status(STATUS)
QUOTE = {"state": QUOTE_STATE, "quoted_status": Null(dict)}
STATUS_SOURCE = {"id": ID, "text": str, "spoiler_text": str}
STATUS_EDIT = {
    "content": str, "spoiler_text": str, "sensitive": bool, "created_at": DATE_TIME, "account": ACCOUNT,
    "poll": Left({"options": [{"title": str}]}), "media_attachments": [MEDIA_ATTACHMENT], "emojis": [EMOJI],
    "quote": Left(QUOTE),
}

RELATIONSHIP = {
    "id": ID, "following": bool, "showing_reblogs": bool, "notifying": bool, "languages": Null([str]),
    "followed_by": bool, "blocking": bool, "blocked_by": bool, "muting": bool, "muting_notifications": bool,
    "muting_expires_at": Left(Null(DATE_TIME)), "requested": bool, "requested_by": bool, "domain_blocking": bool,
    "endorsed": bool, "note": str,
}
LIMITS = {
    "accounts": {"max_featured_tags": int, "max_pinned_statuses": int, "max_profile_fields": int,
                 "max_display_name_length": int, "max_note_length": int, "profile_field_name_limit": int,
                 "profile_field_value_limit": int},
    "statuses": {"max_characters": int, "max_media_attachments": int, "characters_reserved_per_url": int},
    "media_attachments": {"supported_mime_types": [str], "description_limit": int, "image_size_limit": int,
                          "image_matrix_limit": int, "video_size_limit": int, "video_frame_rate_limit": int,
                          "video_matrix_limit": int},
    "polls": {"max_options": int, "max_characters_per_option": int, "min_expiration": int, "max_expiration": int},
}
ACCESS = {"local": OneOf("public", "authenticated", "disabled"), "remote": OneOf("public", "authenticated", "disabled")}
RULE = {"id": ID, "text": str, "hint": str, "translations": Map({"text": str, "hint": str})}
INSTANCE = {
    "domain": re.compile(r"[^/\s]+\Z"), "title": str, "version": re.compile(r"\d+\.\d+\.\d+"), "source_url": URL,
    "description": str, "usage": {"users": {"active_month": int}},
    "thumbnail": {"url": URL, "description": Left(str), "blurhash": Left(Null(str)), "versions": Left(Map(URL))},
    "icon": [{"src": URL, "size": str}], "languages": [str],
    "configuration": dict(LIMITS, urls={"streaming": WS_URL, "status": Null(URL), "about": URL,
                                        "privacy_policy": Null(URL), "terms_of_service": Null(URL)},
                          vapid=Left({"public_key": str}), translation={"enabled": bool},
                          timelines_access=Left({"live_feeds": ACCESS, "hashtag_feeds": ACCESS,
                                                 "trending_link_feeds": ACCESS}),
                          limited_federation=bool),
    "registrations": {"enabled": bool, "approval_required": bool, "reason_required": Null(bool), "message": Null(str),
                      "min_age": Null(int), "url": Null(URL)},
    "api_versions": {"mastodon": int}, "contact": {"email": str, "account": Null(ACCOUNT)},
    "rules": [RULE], "wrapstodon": Left(Null(int)),
}
INSTANCE_V1 = {
    "uri": re.compile(r"[^/\s]+\Z"), "title": str, "short_description": str, "description": str, "email": str,
    "version": re.compile(r"\d+\.\d+\.\d+"), "urls": {"streaming_api": WS_URL},
    "stats": {"user_count": int, "status_count": int, "domain_count": int}, "thumbnail": Null(URL), "languages": [str],
    "registrations": bool, "approval_required": bool, "invites_enabled": bool, "configuration": LIMITS,
    "contact_account": Null(ACCOUNT), "rules": [RULE],
}
PROFILE = {
    "id": ID, "display_name": str, "note": str, "fields": [FIELD], "avatar": Null(URL), "avatar_static": Null(URL),
    "avatar_description": str, "header": Null(URL), "header_static": Null(URL), "header_description": str,
    "locked": bool, "bot": bool, "hide_collections": Null(bool), "discoverable": Null(bool), "indexable": bool,
    "show_media": bool, "show_media_replies": bool, "show_featured": bool, "attribution_domains": [str],
}
PREFERENCES = {
    "posting:default:visibility": OneOf("public", "unlisted", "private", "direct"), "posting:default:sensitive": bool,
    "posting:default:language": Null(str), "posting:default:quote_policy": OneOf("public", "followers", "nobody"),
    "reading:expand:media": OneOf("default", "show_all", "hide_all"), "reading:expand:spoilers": bool,
    "reading:autoplay:gifs": bool,
}
REPORT = {
    "id": ID, "action_taken": bool, "action_taken_at": Null(DATE_TIME), "category": OneOf("spam", "legal", "violation", "other"),
    "comment": str, "forwarded": bool, "created_at": DATE_TIME, "status_ids": Null([ID]), "rule_ids": Null([ID]),
    "collection_ids": Null([ID]), "target_account": ACCOUNT,
}
# What a notice is told as; kwipd.buzz only to who asks for it.
NOTICE_TYPE = OneOf("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update",
                    "admin.sign_up", "admin.report", "moderation_warning", "quote", "quoted_update",
                    "kwipd.buzz")
GROUP_KEY = re.compile(r"(ungrouped-\d+|(favourite|reblog)-\d+-\d+|(follow|admin\.sign_up)-\d+)\Z")
NOTIFICATION = {"id": ID, "type": NOTICE_TYPE, "group_key": GROUP_KEY, "created_at": DATE_TIME, "account": ACCOUNT,
                "status": Left(STATUS_OF_VIEWER), "report": Left(REPORT), "filtered": Left(bool)}
PARTIAL_ACCOUNT = {"id": ID, "acct": str, "url": URL, "avatar": URL, "avatar_static": URL, "locked": bool, "bot": bool}
NOTIFICATION_GROUP = {
    "group_key": GROUP_KEY, "notifications_count": int, "type": NOTICE_TYPE, "most_recent_notification_id": int,
    "page_min_id": Left(ID), "page_max_id": Left(ID), "latest_page_notification_at": DATE_TIME,
    "sample_account_ids": [ID], "status_id": Left(ID), "report": Left(REPORT),
}
GROUPED_NOTIFICATIONS = {"accounts": [ACCOUNT], "partial_accounts": Left([PARTIAL_ACCOUNT]),
                         "statuses": [STATUS_OF_VIEWER], "notification_groups": [NOTIFICATION_GROUP]}
SUMMARY = {"pending_requests_count": int, "pending_notifications_count": int}
VERDICT = OneOf("accept", "filter", "drop")
NOTIFICATION_POLICY = {"for_not_following": VERDICT, "for_not_followers": VERDICT, "for_new_accounts": VERDICT,
                       "for_private_mentions": VERDICT, "for_limited_accounts": VERDICT, "summary": SUMMARY}
NOTIFICATION_POLICY_V1 = {"filter_not_following": bool, "filter_not_followers": bool, "filter_new_accounts": bool,
                          "filter_private_mentions": bool, "summary": SUMMARY}
NOTIFICATION_REQUEST = {"id": ID, "created_at": DATE_TIME, "updated_at": DATE_TIME, "account": ACCOUNT,
                        "notifications_count": re.compile(r"[1-9]\d*\Z"), "last_status": Null(STATUS_OF_VIEWER)}
CONVERSATION = {"id": ID, "unread": bool, "accounts": [ACCOUNT], "last_status": Null(STATUS_OF_VIEWER)}
MARKER = {"last_read_id": re.compile(r"\d+\Z"), "version": int, "updated_at": DATE_TIME}
MARKERS = {"home": Left(MARKER), "notifications": Left(MARKER)}
REACTION = {"name": str, "count": int, "me": bool, "url": Left(URL), "static_url": Left(URL)}
ANNOUNCEMENT = {
    "id": ID, "content": str, "starts_at": Null(DATE_TIME), "ends_at": Null(DATE_TIME), "all_day": bool,
    "published_at": DATE_TIME, "updated_at": DATE_TIME, "read": bool, "mentions": [MENTION], "statuses": [{"id": ID, "url": URL}],
    "tags": [TAG], "emojis": [EMOJI], "reactions": [REACTION],
}
APPLICATION = {"id": ID, "name": str, "website": Null(URL), "scopes": [str], "redirect_uris": [str], "redirect_uri": str,
               "vapid_key": str}
CREDENTIAL_APPLICATION = dict(APPLICATION, client_id=str, client_secret=str, client_secret_expires_at=int)
TOKEN = {"access_token": re.compile(r"[A-Za-z0-9_-]{20,100}\Z"), "token_type": OneOf("Bearer"), "scope": str, "created_at": int}
USER_INFO = {"iss": URL, "sub": URL, "name": str, "preferred_username": str, "profile": URL, "picture": URL}
OAUTH_METADATA = {
    "issuer": URL, "authorization_endpoint": URL, "token_endpoint": URL, "revocation_endpoint": URL, "userinfo_endpoint": URL,
    "app_registration_endpoint": URL, "service_documentation": URL, "scopes_supported": [str],
    "response_types_supported": [OneOf("code")], "response_modes_supported": [str], "grant_types_supported": [str],
    "code_challenge_methods_supported": [OneOf("S256")], "token_endpoint_auth_methods_supported": [str],
}
NODEINFO = {
    "version": OneOf("2.0"), "software": {"name": str, "version": str}, "protocols": [str],
    "services": {"inbound": [str], "outbound": [str]}, "openRegistrations": bool,
    "usage": {"users": {"total": int, "activeMonth": int, "activeHalfyear": int}, "localPosts": int},
    "metadata": {"nodeName": str, "nodeDescription": str, "upstream": {"name": str}},
}
OEMBED = {"type": OneOf("rich"), "version": OneOf("1.0"), "title": str, "author_name": str, "author_url": URL, "provider_name": str,
          "provider_url": URL, "cache_age": int, "html": str, "width": int, "height": Null(int)}
TEXT = {"updated_at": DATE_TIME, "content": str}
CONTEXT = {"ancestors": [STATUS], "descendants": [STATUS]}
ERROR = {"error": re.compile(r"(?s).{3,}\Z"), "error_description": Left(str),
         "details": Left(Map([{"error": re.compile(r"ERR_[A-Z_]+\Z"), "description": str}]))}

LIST = {"id": ID, "title": str, "replies_policy": OneOf("followed", "list", "none"), "exclusive": bool}
NUMBER = re.compile(r"\d+\Z")
HISTORY = {"day": NUMBER, "uses": NUMBER, "accounts": NUMBER}
WHOLE_TAG = {"id": NUMBER, "name": str, "url": URL, "history": [HISTORY]}
TAG_OF_VIEWER = dict(WHOLE_TAG, following=bool, featuring=bool)
FEATURED_TAG = {"id": ID, "name": str, "url": URL, "statuses_count": NUMBER, "last_status_at": Null(DATE)}
FILTER_V1 = {"id": ID, "phrase": str, "context": [FILTER_CONTEXT], "expires_at": Null(DATE_TIME), "irreversible": bool,
             "whole_word": bool}

ENTITIES = {"List": LIST, "Tag": WHOLE_TAG, "Tag of viewer": TAG_OF_VIEWER, "FeaturedTag": FEATURED_TAG,
            "Filter": FILTER, "FilterKeyword": FILTER_KEYWORD, "FilterStatus": FILTER_STATUS,
            "FilterResult": FILTER_RESULT, "V1::Filter": FILTER_V1,
            "Account": ACCOUNT, "CredentialAccount": CREDENTIAL_ACCOUNT, "Status": STATUS,
            "Status of viewer": STATUS_OF_VIEWER, "StatusSource": STATUS_SOURCE, "StatusEdit": STATUS_EDIT, "Poll": POLL,
            "Relationship": RELATIONSHIP, "Instance": INSTANCE,
            "V1::Instance": INSTANCE_V1, "MediaAttachment": dict(MEDIA_ATTACHMENT, url=Null(URL)), "Profile": PROFILE, "Preferences": PREFERENCES,
            "Context": CONTEXT, "Error": ERROR}

# -- people, reports, administration --
ADMIN_ROLE = dict(ROLE, permissions=re.compile(r"\d+\Z"), highlighted=bool)
ADMIN_ACCOUNT = {
    "id": ID, "username": str, "domain": Null(str), "created_at": DATE_TIME, "email": str, "ip": Null(str), "ips": [{"ip": str, "used_at": DATE_TIME}],
    "locale": str, "invite_request": Null(str), "role": ADMIN_ROLE, "confirmed": bool, "approved": bool, "disabled": bool,
    "sensitized": bool, "silenced": bool, "suspended": bool, "account": ACCOUNT, "invited_by_account_id": Left(ID),
}
ACCOUNT_WARNING = {
    "id": ID, "action": OneOf("none", "sensitive", "silence", "suspend"), "text": str, "status_ids": Null([ID]),
    "target_account": ACCOUNT, "appeal": Null(dict), "created_at": DATE_TIME,
}
NOTIFICATION["moderation_warning"] = NOTIFICATION_GROUP["moderation_warning"] = Left(ACCOUNT_WARNING)
ADMIN_REPORT = {
    "id": ID, "action_taken": bool, "action_taken_at": Null(DATE_TIME), "category": OneOf("spam", "legal", "violation", "other"),
    "comment": str, "forwarded": bool, "created_at": DATE_TIME, "updated_at": DATE_TIME, "account": ADMIN_ACCOUNT,
    "target_account": ADMIN_ACCOUNT, "assigned_account": Null(ADMIN_ACCOUNT), "action_taken_by_account": Null(ADMIN_ACCOUNT),
    "statuses": [STATUS], "rules": [RULE],
}
ENTITIES.update({
    "CustomEmoji": EMOJI, "Rule": RULE, "Report": REPORT, "MutedAccount": dict(ACCOUNT, mute_expires_at=Null(DATE_TIME)),
    "FamiliarFollowers": {"id": ID, "accounts": [ACCOUNT]},
    "Suggestion": {"source": str, "sources": [str], "account": ACCOUNT},
    "Admin::Account": ADMIN_ACCOUNT, "Admin::Report": ADMIN_REPORT,
    "Admin::DomainBlock": {"id": ID, "domain": str, "digest": re.compile(r"[0-9a-f]{64}\Z"), "created_at": DATE_TIME,
                           "severity": OneOf("silence", "suspend", "noop"), "reject_media": bool, "reject_reports": bool,
                           "private_comment": str, "public_comment": str, "obfuscate": bool},
    "Admin::DomainAllow": {"id": ID, "domain": str, "created_at": DATE_TIME},
    "Admin::EmailDomainBlock": {"id": ID, "domain": str, "created_at": DATE_TIME, "history": [HISTORY], "allow_with_approval": bool},
    "Admin::IpBlock": {"id": ID, "ip": str, "comment": str, "created_at": DATE_TIME, "expires_at": Null(DATE_TIME),
                       "severity": OneOf("sign_up_requires_approval", "sign_up_block", "no_access")},
    "Trends::Link": dict(CARD, history=[HISTORY]),
    "Admin::Tag": dict(WHOLE_TAG, trendable=bool, usable=bool, requires_review=bool, listable=bool),
    "Admin::Trends::Status": dict(STATUS_OF_VIEWER, requires_review=bool),
    "Admin::Trends::Link": dict(CARD, id=ID, history=[HISTORY], requires_review=bool),
    "Admin::Trends::Publisher": {"id": ID, "domain": str, "trendable": bool, "reviewed_at": Null(DATE_TIME),
                                 "requested_review_at": Null(DATE_TIME), "requires_review": bool},
    "Admin::CanonicalEmailBlock": {"id": ID, "canonical_email_hash": re.compile(r"[0-9a-f]{64}\Z")},
    "Admin::Measure": {"key": str, "unit": Null(str), "total": re.compile(r"\d+\Z"), "human_value": Left(str),
                       "previous_total": Left(re.compile(r"\d+\Z")), "data": [{"date": DATE_TIME, "value": re.compile(r"\d+\Z")}]},
    "Admin::Dimension": {"key": str, "data": [{"key": str, "human_key": str, "value": str, "unit": Left(str), "human_value": Left(str)}]},
})

ENTITIES.update({
            "Notification": NOTIFICATION, "GroupedNotificationsResults": GROUPED_NOTIFICATIONS,
            "NotificationPolicy": NOTIFICATION_POLICY, "V1::NotificationPolicy": NOTIFICATION_POLICY_V1,
            "NotificationRequest": NOTIFICATION_REQUEST, "Conversation": CONVERSATION, "Markers": MARKERS,
            "Announcement": ANNOUNCEMENT,
})
ENTITIES.update({
    "Application": APPLICATION, "CredentialApplication": CREDENTIAL_APPLICATION, "Token": TOKEN,
    "UserInfo": USER_INFO, "OAuthMetadata": OAUTH_METADATA, "NodeInfo": NODEINFO, "OEmbed": OEMBED, "Text": TEXT,
})

ENTITIES["ScheduledStatus"] = {
    "id": ID, "scheduled_at": DATE_TIME, "media_attachments": [MEDIA_ATTACHMENT], "kwipd_failed": Left(str),
    "params": {"text": str, "poll": Null({"options": [str], "expires_in": int, "multiple": bool, "hide_totals": bool}),
               "media_ids": Null([ID]), "sensitive": bool, "spoiler_text": Null(str),
               "visibility": OneOf("public", "unlisted", "private", "direct"), "in_reply_to_id": Null(ID),
               "language": Null(str), "application_id": int, "scheduled_at": Null(DATE_TIME), "idempotency": Null(str),
               "with_rate_limit": bool, "quoted_status_id": Null(ID), "quote_approval_policy": Null(str)},
}


# -- push --
ALERTS = ("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote",
          "quoted_update", "admin.sign_up", "admin.report")
ENTITIES["WebPushSubscription"] = {
    "id": int, "endpoint": URL, "standard": bool, "alerts": {name: bool for name in ALERTS},
    "policy": OneOf("all", "followed", "follower", "none"), "server_key": re.compile(r"[\w-]{87}\Z"),
}


# -- what has no name of its own in the documentation --
SEARCH = {"accounts": [ACCOUNT], "statuses": [STATUS], "hashtags": [WHOLE_TAG], "kwipd_search_behind": Left(int)}
ENTITIES.update({
    "Finished": MEDIA_ATTACHMENT,
    "Unfinished": dict(MEDIA_ATTACHMENT, url=type(None)),  # an upload has no address while it is worked on
    "Context of viewer": {"ancestors": [STATUS_OF_VIEWER], "descendants": [STATUS_OF_VIEWER]},
    "Search": SEARCH,
    "Search of viewer": dict(SEARCH, statuses=[STATUS_OF_VIEWER], hashtags=[TAG_OF_VIEWER]),
    "Trends::Link": dict(CARD, history=[HISTORY]),
    "Count": {"count": int}, "Merged": {"merged": OneOf(True)}, "True": OneOf(True), "Nothing": {}, "Name": str,
    "Activity": {"week": NUMBER, "statuses": NUMBER, "logins": NUMBER, "registrations": NUMBER},
    "DomainBlock": {"domain": str, "digest": re.compile(r"[0-9a-f]{64}\Z"), "severity": OneOf("silence", "suspend"),
                    "comment": Null(str)},
    "DomainBlockPreview": {"following_count": int, "followers_count": int},
    "Language": {"code": str, "name": str}, "TranslationLanguages": Map([str]),
    "AnnualReports": {"annual_reports": [dict], "accounts": [ACCOUNT], "statuses": [STATUS_OF_VIEWER]},
    "AnnualReportState": {"state": OneOf("ineligible")},
    "Collections": {"collections": [dict]},
    "NodeInfoLinks": {"links": [{"rel": URL, "href": URL}]},
    "WebFinger": {"subject": re.compile(r"acct:\S+@\S+\Z"), "aliases": [URL],
                  "links": [{"rel": str, "type": Left(str), "href": Left(URL), "template": Left(str)}]},
    "Draft": {"id": ID, "updated_at": DATE_TIME,
              "params": {"quoted_status_id": Left(Null(ID)), "status": str, "spoiler_text": str, "visibility": str, "language": str, "sensitive": bool,
                         "in_reply_to_id": Null(ID)}},
    "Reaction": {"name": str, "count": int, "announcement_id": ID},
    "Id": ID,
})

# What strict apps cannot do without: the field must be there, and never null, or a whole answer is refused.
TUSKY = {
    "Account": "id username acct url display_name avatar note created_at header",
    "Status of viewer": "id account content created_at emojis reblogs_count favourites_count replies_count sensitive "
                        "spoiler_text visibility media_attachments mentions tags",
    "Finished": "id url type", "Tag": "name url", "CustomEmoji": "shortcode url static_url",
    "Poll": "id expired multiple votes_count options", "PreviewCard": "url title type",
    "Relationship": "id following followed_by blocking muting muting_notifications requested showing_reblogs domain_blocking",
    "Conversation": "id accounts unread", "Instance": "domain version configuration.accounts.max_featured_tags",
    "Announcement": "id content mentions statuses tags emojis reactions",
    "NotificationPolicy": "for_not_following for_not_followers for_new_accounts for_private_mentions "
                          "for_limited_accounts summary",
}
ANDROID = {
    "Account": "id username acct url display_name note avatar header created_at",
    "Status of viewer": "id uri created_at account content visibility spoiler_text media_attachments mentions tags emojis",
    "Finished": "id type url", "Poll": "id own_votes options emojis",
    "CustomEmoji": "shortcode url static_url visible_in_picker", "List": "id title replies_policy exclusive",
    "Marker": "last_read_id version updated_at",
    "Instance": "title description version languages domain registrations",
    "CredentialAccount": "source.note source.fields",
    "NotificationGroup": "group_key most_recent_notification_id sample_account_ids",
}
ICECUBES = {
    "CredentialApplication": "id name redirect_uri client_id client_secret",
    "Token": "access_token token_type scope created_at",
    "Instance": "title domain version registrations thumbnail contact configuration.statuses.max_characters "
                "configuration.statuses.max_media_attachments configuration.polls.max_options "
                "configuration.polls.max_characters_per_option configuration.polls.min_expiration "
                "configuration.polls.max_expiration",
    "Account": "fields emojis locked bot",
    "Relationship": "id following showing_reblogs notifying followed_by blocking blocked_by muting muting_notifications "
                    "requested domain_blocking endorsed note",
    "NotificationGroup": "group_key notifications_count type most_recent_notification_id latest_page_notification_at",
}
# Numbers in the JSON, where the documentation says text of some of them.
INTEGERS = {
    "NotificationGroup": "notifications_count most_recent_notification_id", "WebPushSubscription": "id",
    "Token": "created_at", "Marker": "version", "Poll": "votes_count", "CredentialApplication": "client_secret_expires_at",
    "Status of viewer": "reblogs_count favourites_count replies_count quotes_count",
    "Account": "statuses_count followers_count following_count",
}
ENTITIES.update({"PreviewCard": CARD, "Marker": MARKER, "NotificationGroup": NOTIFICATION_GROUP})


def check(name, value):
    """The answer itself, for chaining; a list is checked item by item."""
    for item in value if isinstance(value, list) else [value]:
        check_value(ENTITIES[name], item, name)
    return value


def check_error(answer, status):
    """A 4xx or 5xx of the API: the status and Mastodon's way to say it."""
    assert answer.status_code == status, (answer.status_code, answer.text[:300])
    assert answer.headers["Content-Type"].split(";")[0] == "application/json", answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return check("Error", answer.json())["error"]
