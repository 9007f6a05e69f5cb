# SPDX-License-Identifier: MIT
"""The shapes of the client API's entities, as clients decode them: every field, its type, whether it may be null.

check("Status", answer) fails with the path of the first field that is missing or of another kind."""
import re

ID = re.compile(r"[1-9][0-9]{0,19}\Z")
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")
DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
URL = re.compile(r"https?://[^\s/]+(/\S*)?\Z")
WS_URL = re.compile(r"wss?://[^\s/]+\Z")
COLOR = re.compile(r"(#[0-9a-fA-F]{6})?\Z")


class Null:
    """null, or of this kind."""

    def __init__(self, kind):
        self.kind = kind


class Left:
    """May be left out; else of this kind."""

    def __init__(self, kind):
        self.kind = kind


class OneOf:
    def __init__(self, *values):
        self.values = values


FIELD = {"name": str, "value": str, "verified_at": Null(DATE_TIME)}
ROLE = {"id": str, "name": str, "color": COLOR}
EMOJI = {"shortcode": str, "url": URL, "static_url": URL, "visible_in_picker": bool, "category": Null(str)}

ACCOUNT = {
    "id": ID, "username": str, "acct": str, "url": Null(URL), "uri": URL, "display_name": str, "note": str,
    "avatar": URL, "avatar_static": URL, "header": URL, "header_static": URL, "locked": bool, "fields": [FIELD],
    "emojis": [EMOJI], "bot": bool, "group": bool, "discoverable": Null(bool), "indexable": bool,
    "noindex": Left(Null(bool)), "moved": Left(Null(dict)), "memorial": Left(bool), "suspended": Left(bool),
    "limited": Left(bool), "created_at": DATE_TIME, "last_status_at": Null(DATE), "statuses_count": int,
    "followers_count": int, "following_count": int, "hide_collections": Null(bool), "roles": [ROLE],
}
SOURCE = {
    "note": str, "fields": [FIELD], "privacy": OneOf("public", "unlisted", "private", "direct"), "sensitive": bool,
    "language": Null(str), "follow_requests_count": int, "hide_collections": Null(bool), "discoverable": Null(bool),
    "indexable": bool, "attribution_domains": [str], "quote_policy": Left(str),
}
CREDENTIAL_ACCOUNT = dict(ACCOUNT, source=SOURCE, role=dict(ROLE, permissions=re.compile(r"\d+\Z"), highlighted=bool))

MENTION = {"id": ID, "username": str, "url": URL, "acct": str}
TAG = {"name": str, "url": URL}
STATUS = {
    "id": ID, "uri": URL, "url": Null(URL), "created_at": DATE_TIME, "edited_at": Null(DATE_TIME), "account": ACCOUNT,
    "content": str, "visibility": OneOf("public", "unlisted", "private", "direct"), "sensitive": bool,
    "spoiler_text": str, "media_attachments": [dict], "application": Left(Null({"name": str, "website": Null(URL)})),
    "mentions": [MENTION], "tags": [TAG], "emojis": [EMOJI], "reblogs_count": int, "favourites_count": int,
    "replies_count": int, "in_reply_to_id": Null(ID), "in_reply_to_account_id": Null(ID), "poll": Null(dict),
    "card": Null(dict), "language": Null(str), "text": Left(str), "kwipd_repeats_count": int,
    "quotes_count": Left(int), "quote": Left(Null(dict)), "quote_approval": Left(dict),
}
STATUS["reblog"] = Null(dict(STATUS, reblog=Null(dict)))
FLAGS = {"favourited": bool, "reblogged": bool, "muted": bool, "bookmarked": bool, "pinned": Left(bool),
         "filtered": [dict]}
STATUS_OF_VIEWER = dict(STATUS, **FLAGS)
STATUS_OF_VIEWER["reblog"] = Null(dict(STATUS, reblog=Null(dict), **FLAGS))

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
INSTANCE = {
    "domain": re.compile(r"[^/\s]+\Z"), "title": str, "version": re.compile(r"\d+\.\d+\.\d+"), "source_url": URL,
    "description": str, "usage": {"users": {"active_month": int}},
    "thumbnail": {"url": URL, "description": Left(str), "blurhash": Left(Null(str)), "versions": Left(dict)},
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
    "rules": [{"id": str, "text": str, "hint": str}], "wrapstodon": Left(Null(int)),
}
INSTANCE_V1 = {
    "uri": re.compile(r"[^/\s]+\Z"), "title": str, "short_description": str, "description": str, "email": str,
    "version": re.compile(r"\d+\.\d+\.\d+"), "urls": {"streaming_api": WS_URL},
    "stats": {"user_count": int, "status_count": int, "domain_count": int}, "thumbnail": Null(URL), "languages": [str],
    "registrations": bool, "approval_required": bool, "invites_enabled": bool, "configuration": LIMITS,
    "contact_account": Null(ACCOUNT), "rules": [{"id": str, "text": str, "hint": str}],
}
CONTEXT = {"ancestors": [STATUS], "descendants": [STATUS]}
ERROR = {"error": re.compile(r"(?s).{3,}\Z"), "error_description": Left(str)}

ALERTS = ("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote",
          "quoted_update", "admin.sign_up", "admin.report")
WEB_PUSH_SUBSCRIPTION = {
    "id": int, "endpoint": URL, "standard": bool, "alerts": {name: bool for name in ALERTS},
    "policy": OneOf("all", "followed", "follower", "none"), "server_key": re.compile(r"[\w-]{87}\Z"),
}

ENTITIES = {"Account": ACCOUNT, "CredentialAccount": CREDENTIAL_ACCOUNT, "Status": STATUS,
            "Status of viewer": STATUS_OF_VIEWER, "Relationship": RELATIONSHIP, "Instance": INSTANCE,
            "V1::Instance": INSTANCE_V1, "Context": CONTEXT, "Error": ERROR,
            "WebPushSubscription": WEB_PUSH_SUBSCRIPTION}


def check_object(kind, value, path):
    assert isinstance(value, dict), "%s: an object, not %r" % (path, value)
    for name, field in kind.items():
        if isinstance(field, Left):
            if name not in value:
                continue
            field = field.kind
        assert name in value, "%s.%s is missing" % (path, name)
        check_value(field, value[name], "%s.%s" % (path, name))
    extra = set(value) - set(kind)
    assert not extra, "%s has fields that nobody declared: %s" % (path, sorted(extra))


def check_value(kind, value, path):
    if isinstance(kind, Null):
        if value is not None:
            check_value(kind.kind, value, path)
    elif isinstance(kind, OneOf):
        assert value in kind.values, "%s: %r is none of %s" % (path, value, kind.values)
    elif isinstance(kind, re.Pattern):
        assert isinstance(value, str) and kind.match(value), "%s: %r is not like %s" % (path, value, kind.pattern)
    elif isinstance(kind, list):
        assert isinstance(value, list), "%s: an array, not %r" % (path, value)
        for i, item in enumerate(value):
            check_value(kind[0], item, "%s[%d]" % (path, i))
    elif isinstance(kind, dict):
        check_object(kind, value, path)
    elif kind is int:
        assert type(value) is int and 0 <= value < 2 ** 31, "%s: a count, not %r" % (path, value)
    else:
        assert type(value) is kind, "%s: %s, not %r" % (path, kind.__name__, value)


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
