# SPDX-License-Identifier: MIT
"""What the apps' own decoders insist on. One missing or null field, one number that is none, and an app drops the whole
page: so their demands are written down here, app by app, beside the stricter shapes of entities.py.

A model is a dict of fields; a name with ? behind it may be absent or null. Fields that it does not name are ignored, as the
apps do. decode() fails with the path of the first field that an app would choke on."""
import re


class Wrong(AssertionError):
    pass


class OneOf:
    def __init__(self, *values):
        self.values = values


class Map:
    """An object with any names."""

    def __init__(self, kind):
        self.kind = kind


def int32(value):
    """Kotlin's Int, Java's int."""
    return type(value) is int and -2 ** 31 <= value < 2 ** 31


def int64(value):
    """Swift's Int, Kotlin's Long."""
    return type(value) is int and -2 ** 63 <= value < 2 ** 63


def number(value):
    return type(value) in (int, float)


def text(value):
    return type(value) is str


def flag(value):
    return type(value) is bool


def some(value):
    """What JavaScript only hands on."""
    return value is not None


def instant(value):
    """ISO 8601 with milliseconds and Z: IceCubes takes nothing else, the others take it too."""
    return text(value) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", value) is not None


def address(value):
    """Swift's URL and Android's Uri with a scheme and a host."""
    return text(value) and re.fullmatch(r"(https?|wss?)://[\w.:\[\]-]+(/[\x21-\x7e]*)?", value) is not None


def base64url(value):
    return text(value) and re.fullmatch(r"[A-Za-z0-9_-]+", value) is not None


def decode(kind, value, path="$"):
    """The value itself."""
    if isinstance(kind, dict):
        decode_fields(kind, value, path)
    elif isinstance(kind, (list, Map)):
        is_list = isinstance(kind, list)
        if not isinstance(value, list if is_list else dict):
            raise Wrong("%s: %s, not %r" % (path, "a list" if is_list else "an object", value))
        for name, item in enumerate(value) if is_list else value.items():
            decode(kind[0] if is_list else kind.kind, item, "%s[%s]" % (path, name))
    elif isinstance(kind, OneOf):
        if value not in kind.values:
            raise Wrong("%s: %r is none of %s" % (path, value, kind.values))
    elif not kind(value):
        raise Wrong("%s: %r is no %s" % (path, value, kind.__name__))
    return value


def decode_fields(kind, value, path):
    if not isinstance(value, dict):
        raise Wrong("%s: an object, not %r" % (path, value))
    for name, field in kind.items():
        at = "%s.%s" % (path, name.rstrip("?"))
        if name.endswith("?") and value.get(name[:-1]) is None:
            continue
        if value.get(name.rstrip("?")) is None:
            raise Wrong("%s is %s" % (at, "null" if name in value else "missing"))
        decode(field, value[name.rstrip("?")], at)


VISIBILITY = OneOf("public", "unlisted", "private", "direct")
MEDIA = OneOf("image", "gifv", "video", "audio", "unknown")
NOTICE = OneOf("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote", "quoted_update")


def whole(status):
    """With what it boosts."""
    return dict(status, **{"reblog?": status})


class Tusky:
    """Moshi: a field without a default must be there and of its type."""
    EMOJI = {"shortcode": text, "url": text, "static_url": text}
    TIMELINE_ACCOUNT = {"id": text, "username": text, "acct": text, "display_name?": text, "note": text, "url": text,
                        "avatar": text, "bot?": flag, "emojis?": [EMOJI]}
    ACCOUNT = dict(TIMELINE_ACCOUNT, **{
        "created_at": instant, "header": text, "locked?": flag, "followers_count?": int32, "following_count?": int32,
        "statuses_count?": int32, "fields?": [{"name": text, "value": text, "verified_at?": instant}],
        "source?": {"privacy?": VISIBILITY, "sensitive?": flag, "note?": text, "fields?": [{"name": text, "value": text}],
                    "language?": text},
        "roles?": [{"id": text, "name": text, "color": text}]})
    SIZE = {"width": int32, "height": int32, "aspect?": number}
    ATTACHMENT = {"id": text, "url": text, "preview_url?": text, "type": MEDIA, "description?": text, "blurhash?": text,
                  "meta?": {"focus?": {"x?": number, "y?": number}, "duration?": number, "original?": SIZE, "small?": SIZE}}
    UPLOAD = {"id": text}
    POLL = {"id": text, "expires_at?": instant, "expired": flag, "multiple": flag, "votes_count": int32, "voters_count?": int32,
            "options": [{"title": text, "votes_count?": int32}], "voted?": flag, "own_votes?": [int32]}
    CARD = {"url": text, "title": text, "type": text, "description?": text, "authors?": [{"name": text, "url": text}],
            "image?": text, "width?": int32, "height?": int32, "blurhash?": text, "embed_url?": text, "published_at?": instant}
    FILTER = {"id": text, "title?": text, "context": [text], "expires_at?": instant, "filter_action": text,
              "keywords?": [{"id": text, "keyword": text, "whole_word": flag}]}
    STATUS = whole({
        "id": text, "url?": text, "account": TIMELINE_ACCOUNT, "in_reply_to_id?": text, "in_reply_to_account_id?": text,
        "content": text, "created_at": instant, "edited_at?": instant, "emojis": [EMOJI], "reblogs_count": int32,
        "favourites_count": int32, "replies_count": int32, "reblogged?": flag, "favourited?": flag, "bookmarked?": flag,
        "sensitive": flag, "spoiler_text": text, "visibility": VISIBILITY, "media_attachments": [ATTACHMENT],
        "mentions": [{"id": text, "url": text, "acct": text, "username": text}], "tags?": [{"name": text, "url": text}],
        "application?": {"name": text, "website?": text}, "pinned?": flag, "muted?": flag, "poll?": POLL, "card?": CARD,
        "language?": text, "filtered?": [{"filter": FILTER}]})
    NOTIFICATION = {"type": NOTICE, "id": text, "account": TIMELINE_ACCOUNT, "status?": STATUS}
    APP = {"client_id": text, "client_secret": text}
    TOKEN = {"access_token": text, "scope": text}
    INSTANCE = {
        "domain": text, "version": text, "rules?": [{"id": text, "text": text}],
        "configuration?": {
            "accounts?": {"max_featured_tags": int32}, "urls?": {"streaming?": text}, "translation?": {"enabled": flag},
            "statuses?": {"max_characters?": int32, "max_media_attachments?": int32, "characters_reserved_per_url?": int32},
            "media_attachments?": {"image_size_limit?": int64, "image_matrix_limit?": int64, "video_size_limit?": int64,
                                   "video_matrix_limit?": int64, "video_frame_rate_limit?": int32, "description_limit?": int32},
            "polls?": {"max_options?": int32, "max_characters_per_option?": int32, "min_expiration?": int32, "max_expiration?": int32}}}
    ANNOUNCEMENT = {"id": text, "content": text, "starts_at?": instant, "ends_at?": instant, "all_day": flag, "published_at": instant,
                    "updated_at": instant, "read?": flag, "mentions": [some], "statuses": [some], "tags": [some],
                    "emojis": [EMOJI], "reactions": [some]}
    RELATIONSHIP = {name: flag for name in ("following", "followed_by", "blocking", "muting", "muting_notifications", "requested",
                                            "showing_reblogs", "domain_blocking")} | {"id": text, "notifying?": flag, "note?": text}
    POLICY = {name: text for name in ("for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions",
                                      "for_limited_accounts")} | {"summary": {"pending_requests_count": int32, "pending_notifications_count": int32}}
    PUSH = {"id": int32, "endpoint": text, "server_key": base64url}
    MARKERS = Map({"last_read_id": text, "version?": int32, "updated_at?": instant})
    LIST = {"id": text, "title": text, "exclusive?": flag, "replies_policy?": text}
    CONVERSATION = {"id": text, "accounts": [TIMELINE_ACCOUNT], "last_status?": STATUS, "unread": flag}
    CONTEXT = {"ancestors": [STATUS], "descendants": [STATUS]}
    SEARCH = {"accounts": [TIMELINE_ACCOUNT], "statuses": [STATUS], "hashtags": [{"name": text, "url": text}]}
    TAG = {"name": text, "url": text, "following?": flag}


class Android:
    """Gson, then every @RequiredField is looked at; an enum value that it does not know becomes null."""
    EMOJI = {"shortcode": text, "url": text, "static_url": text, "visible_in_picker": flag, "category?": text}
    FIELD = {"name": text, "value": text, "verified_at?": instant}
    ACCOUNT = {"id": text, "username": text, "acct": text, "url": text, "display_name": text, "note": text, "avatar": text,
               "avatar_static?": text, "header": text, "header_static?": text, "locked?": flag, "emojis?": [EMOJI],
               "discoverable?": flag, "created_at": instant, "statuses_count?": int64, "followers_count?": int64,
               "following_count?": int64, "fields?": [FIELD], "bot?": flag,
               "source?": {"note": text, "fields": [FIELD], "privacy?": VISIBILITY, "sensitive?": flag, "language?": text,
                           "follow_requests_count?": int32}}
    SIZE = {"width?": int32, "height?": int32, "aspect?": number, "duration?": number}
    ATTACHMENT = {"id": text, "type": MEDIA, "url": text, "preview_url?": text, "description?": text, "blurhash?": text,
                  "meta?": {"duration?": number, "focus?": {"x": number, "y": number}, "original?": SIZE, "small?": SIZE}}
    UPLOAD = {"id": text, "type": MEDIA}
    POLL = {"id": text, "expires_at?": instant, "expired?": flag, "multiple?": flag, "votes_count?": int32, "voters_count?": int32,
            "voted?": flag, "own_votes": [int32], "options": [{"title": text, "votes_count?": int32}], "emojis": [EMOJI]}
    CARD = {"url": text, "title": text, "description": text, "type": OneOf("link", "photo", "video", "rich"), "image?": text,
            "width?": int32, "height?": int32, "blurhash?": text, "authors?": [{"name?": text, "url?": text, "account?": ACCOUNT}]}
    FILTER = {"id": text, "title": text, "context": [text], "expires_at?": instant, "filter_action": OneOf("warn", "hide", "blur")}
    LEGACY_FILTER = {"id": text, "phrase": text, "context": [text], "expires_at?": instant, "irreversible?": flag, "whole_word?": flag}
    STATUS = whole({
        "id": text, "uri": text, "created_at": instant, "account": ACCOUNT, "content": text, "visibility": VISIBILITY,
        "sensitive?": flag, "spoiler_text": text, "media_attachments": [ATTACHMENT], "application?": {"name": text, "website?": text},
        "mentions": [{"id": text, "username": text, "acct": text, "url": text}], "tags": [{"name": text, "url": text}],
        "emojis": [EMOJI], "reblogs_count?": int64, "favourites_count?": int64, "replies_count?": int64, "quotes_count?": int64,
        "edited_at?": instant, "url?": text, "in_reply_to_id?": text, "in_reply_to_account_id?": text, "poll?": POLL, "card?": CARD,
        "language?": text, "filtered?": [{"filter": FILTER}], "favourited?": flag, "reblogged?": flag, "bookmarked?": flag,
        "quote?": {"state": text}, "quote_approval?": {"automatic": [text], "manual": [text], "current_user": text}})
    GROUP = {"group_key": text, "notifications_count?": int32, "type": NOTICE, "most_recent_notification_id": some,
             "page_min_id?": text, "page_max_id?": text, "latest_page_notification_at?": instant, "sample_account_ids": [text],
             "status_id?": text}
    GROUPED = {"accounts": [ACCOUNT], "statuses": [STATUS], "notification_groups": [GROUP]}
    APP = {"name": text, "client_id": text, "client_secret": text, "vapid_key?": text}
    TOKEN = {"access_token": text, "token_type": text, "scope": text, "created_at": int64}
    INSTANCE = {"domain": text, "title": text, "description": text, "version": text, "languages": [text],
                "registrations": {"enabled": flag, "approval_required": flag, "message?": text, "url?": text},
                "thumbnail?": {"url": text, "blurhash?": text}, "contact?": {"email?": text, "account?": ACCOUNT},
                "api_versions?": Map(int64), "rules?": [{"id": text, "text": text}],
                "configuration?": {"statuses?": {"max_characters?": int32, "max_media_attachments?": int32},
                                   "media_attachments?": {"supported_mime_types?": [text], "image_size_limit?": int32,
                                                          "image_matrix_limit?": int32, "description_limit?": int32},
                                   "polls?": {"max_options?": int32, "max_characters_per_option?": int32,
                                              "min_expiration?": int64, "max_expiration?": int64},
                                   "urls?": {"streaming?": text}, "vapid?": {"public_key": base64url}}}
    PREFERENCES = {"posting:default:visibility?": VISIBILITY, "posting:default:sensitive?": flag, "posting:default:language?": text,
                   "reading:expand:media?": OneOf("default", "show_all", "hide_all"), "reading:expand:spoilers?": flag}
    MARKERS = Map({"last_read_id": text, "version": int64, "updated_at": instant})
    LIST = {"id": text, "title": text, "replies_policy": OneOf("followed", "list", "none"), "exclusive": flag}
    RELATIONSHIP = {"id": text} | {name: flag for name in (
        "following", "requested", "followed_by", "blocking", "blocked_by", "muting", "muting_notifications", "notifying",
        "showing_reblogs", "domain_blocking", "endorsed")}
    PUSH = {"id": int32, "endpoint": text, "server_key": base64url, "policy?": OneOf("all", "followed", "follower", "none"),
            "alerts": {name: flag for name in ("follow", "favourite", "reblog", "mention", "poll")}}
    POLICY = {name: OneOf("accept", "filter", "drop") for name in (
        "for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions", "for_limited_accounts")} | {
        "summary": {"pending_requests_count": int32, "pending_notifications_count": int32}}
    CONTEXT = {"ancestors": [STATUS], "descendants": [STATUS]}
    SEARCH = {"accounts?": [ACCOUNT], "statuses?": [STATUS], "hashtags?": [{"name": text, "url": text}]}
    ANNOUNCEMENTS = [some]


class IceCubes:
    """Swift's Codable: a let without a question mark must be there; URL must be one, an enum must know its value."""
    EMOJI = {"shortcode": text, "url": address, "static_url": address, "visible_in_picker": flag, "category?": text}
    FIELD = {"name": text, "value": text, "verified_at?": text}
    ACCOUNT = {"id": text, "username": text, "display_name?": text, "avatar": address, "header": address, "acct": text, "note": text,
               "created_at": instant, "followers_count?": int64, "following_count?": int64, "statuses_count?": int64,
               "last_status_at?": text, "fields": [FIELD], "locked": flag, "emojis": [EMOJI], "url?": address, "bot": flag,
               "discoverable?": flag,
               "source?": {"privacy": VISIBILITY, "sensitive": flag, "language?": text, "note": text, "fields": [FIELD]}}
    SIZE = {"width?": int64, "height?": int64}
    ATTACHMENT = {"id": text, "type": text, "url?": address, "preview_url?": address, "description?": text,
                  "meta?": {"original?": SIZE}}
    POLL = {"id": text, "expires_at?": instant, "expired": flag, "multiple": flag, "votes_count": int64, "voters_count?": int64,
            "voted?": flag, "own_votes?": [int64], "options": [{"title": text, "votes_count?": int64}]}
    CARD = {"url": text, "title?": text, "author_name?": text, "description?": text, "provider_name?": text, "type": text,
            "image?": address, "width": number, "height": number, "authors?": [{"name": text, "url": text, "account?": ACCOUNT}]}
    FILTERED = {"filter": {"id": text, "title": text, "context": [text], "filter_action": OneOf("warn", "hide", "blur")},
                "keyword_matches?": [text]}
    STATUS = whole({
        "id": text, "content": text, "account": ACCOUNT, "created_at": instant, "edited_at?": instant,
        "media_attachments": [ATTACHMENT], "mentions": [{"id": text, "username": text, "url": address, "acct": text}],
        "replies_count": int64, "reblogs_count": int64, "favourites_count": int64, "card?": CARD, "favourited?": flag,
        "reblogged?": flag, "pinned?": flag, "bookmarked?": flag, "emojis": [EMOJI], "url?": text,
        "application?": {"name": text, "website?": address}, "in_reply_to_id?": text, "in_reply_to_account_id?": text,
        "visibility": VISIBILITY, "poll?": POLL, "spoiler_text": text, "filtered?": [FILTERED], "sensitive": flag,
        "language?": text, "tags?": [{"name": text, "url": text}], "quote?": {"state": text}, "quotes_count?": int64})
    NOTIFICATION = {"id": text, "type": text, "created_at": instant, "account": ACCOUNT, "status?": STATUS}
    GROUP = {"group_key": text, "notifications_count": int64, "type": text, "most_recent_notification_id": int64,
             "page_min_id?": text, "page_max_id?": text, "latest_page_notification_at": instant, "sample_account_ids": [text],
             "status_id?": text}
    GROUPED = {"accounts": [ACCOUNT], "statuses": [STATUS], "notification_groups": [GROUP]}
    APP = {"id": text, "name": text, "redirect_uri": text, "client_id": text, "client_secret": text, "website?": address,
           "vapid_key?": text}
    TOKEN = {"access_token": text, "token_type": text, "scope": text, "created_at": number}
    INSTANCE = {"title": text, "domain": text, "version": text, "description?": text, "languages?": [text],
                "registrations": {"enabled": flag}, "thumbnail": {"url": address}, "contact": {"email": text, "account?": ACCOUNT},
                "rules?": [{"id": text, "text": text}], "api_versions?": {"mastodon?": int64},
                "configuration": {"statuses": {"max_characters": int64, "max_media_attachments": int64},
                                  "polls": {name: int64 for name in ("max_options", "max_characters_per_option", "min_expiration",
                                                                     "max_expiration")},
                                  "urls": {"streaming?": address}}}
    PREFERENCES = {"posting:default:visibility?": VISIBILITY, "posting:default:sensitive?": flag, "posting:default:language?": text,
                   "reading:expand:media?": OneOf("default", "show_all", "hide_all"), "reading:expand:spoilers?": flag}
    RELATIONSHIP = {"id": text, "note": text} | {name: flag for name in (
        "following", "showing_reblogs", "followed_by", "blocking", "blocked_by", "muting", "muting_notifications", "requested",
        "domain_blocking", "endorsed", "notifying")}
    MARKERS = {"home?": {"last_read_id": text, "version": int64, "updated_at": instant},
               "notifications?": {"last_read_id": text, "version": int64, "updated_at": instant}}
    PUSH = {"id": int64, "endpoint": address, "server_key": base64url,
            "alerts": {name: flag for name in ("follow", "favourite", "reblog", "mention", "poll")}}
    LIST = {"id": text, "title": text, "replies_policy?": OneOf("followed", "list", "none"), "exclusive?": flag}
    FILTER = {"id": text, "title": text, "keywords": [{"id": text, "keyword": text, "whole_word": flag}],
              "filter_action": OneOf("warn", "hide", "blur"), "context": [text], "expires_at?": instant}
    TAG = {"name": text, "url": text, "following": flag, "history": [{"day": text, "accounts": text, "uses": text}]}
    CONVERSATION = {"id": text, "unread": flag, "last_status?": STATUS, "accounts": [ACCOUNT]}
    CONTEXT = {"ancestors": [STATUS], "descendants": [STATUS]}
    SEARCH = {"accounts": [ACCOUNT], "statuses": [STATUS], "hashtags": [TAG | {"following?": flag}]}


class Web:
    """Phanpy, Elk and Pinafore: JavaScript, which falls over what it walks into: lists that are null, names that are absent."""
    ACCOUNT = {"id": text, "acct": text, "username": text, "display_name": text, "url": address, "avatar": address,
               "avatar_static": address, "header": address, "note": text, "emojis": [some], "fields": [some], "created_at": instant,
               "bot": flag, "locked": flag}
    SELF = dict(ACCOUNT, source={"privacy": VISIBILITY, "sensitive": flag, "note": text, "fields": [some]})
    ATTACHMENT = {"id": text, "type": MEDIA, "url": address, "preview_url?": address,
                  "meta?": {"original?": {"width": number, "height": number}}}
    UPLOAD = {"id": text, "type": MEDIA}
    STATUS = whole({
        "id": text, "created_at": instant, "account": ACCOUNT, "content": text, "visibility": VISIBILITY, "sensitive": flag,
        "spoiler_text": text, "media_attachments": [ATTACHMENT], "mentions": [{"id": text, "acct": text, "url": address}],
        "tags": [{"name": text, "url": address}], "emojis": [some], "url": address, "uri": address, "replies_count": number,
        "reblogs_count": number, "favourites_count": number, "favourited?": flag, "poll?": {"id": text, "options": [{"title": text}]},
        "card?": {"url": text, "title": text, "type": text}})
    NOTIFICATION = {"id": text, "type": NOTICE, "created_at": instant, "account": ACCOUNT, "status?": STATUS}
    GROUPED = {"accounts": [ACCOUNT], "statuses": [STATUS], "notification_groups": [
        {"group_key": text, "type": NOTICE, "sample_account_ids": [text], "most_recent_notification_id": number,
         "notifications_count": number, "latest_page_notification_at": instant}]}
    APP = {"client_id": text, "client_secret": text, "vapid_key": base64url}
    TOKEN = {"access_token": base64url}
    INSTANCE = {"domain": text, "title": text, "version": text, "api_versions": {"mastodon": number}, "languages": [text],
                "configuration": {"urls": {"streaming": address}, "vapid": {"public_key": base64url},
                                  "statuses": {"max_characters": number, "max_media_attachments": number,
                                               "characters_reserved_per_url": number},
                                  "media_attachments": {"supported_mime_types": [text], "image_size_limit": number,
                                                        "video_size_limit": number},
                                  "polls": {"max_options": number, "max_characters_per_option": number, "min_expiration": number,
                                            "max_expiration": number}}}
    INSTANCE_V1 = {"uri": text, "title": text, "version": text, "urls": {"streaming_api": address},
                   "configuration?": {"statuses": {"max_characters": number}}}
    PREFERENCES = {"posting:default:visibility": VISIBILITY, "reading:expand:media": text, "reading:expand:spoilers": flag}
    MARKERS = {"notifications": {"last_read_id": text}}
    EMOJIS = [{"shortcode": text, "url": address, "static_url": address}]
    PUSH = {"id": some, "endpoint": address, "server_key": base64url, "alerts": Map(flag)}
    NODEINFO = {"software": {"name": text, "version": text}, "metadata": {}}
    NODEINFO_LINKS = {"links": [{"rel": text, "href": address}]}
    OAUTH = {"code_challenge_methods_supported": [text], "scopes_supported": [text], "issuer": address}
    LIST = {"id": text, "title": text}
    TAG = {"name": text, "url": address, "following": flag}
    FILTER = {"id": text, "context": [text]}
    CONTEXT = {"ancestors": [STATUS], "descendants": [STATUS]}
    POLICY = {"summary": {"pending_requests_count": number, "pending_notifications_count": number}}
    SEARCH = {"accounts": [ACCOUNT], "statuses": [STATUS], "hashtags": [{"name": text, "url": address}]}
    CONVERSATION = {"id": text, "unread": flag, "accounts": [ACCOUNT], "last_status?": STATUS}
