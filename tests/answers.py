# SPDX-License-Identifier: MIT
"""What the API may answer: a table of every route, and the check of an answer against it.

check_answer() is for one HTTP answer, check_event() for one event of a stream; both raise AssertionError with the path of
the wrong field. kwipd.py passes everything through it that the suites receive, witness.py what real clients receive."""
import json
import os
import re
import sys
from urllib.parse import parse_qs, urlsplit

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "api"))

from entities import ENTITIES  # noqa: E402
from shapes import Either, check_value  # noqa: E402

# Method, address, shape; then STATUS=SHAPE for other statuses than 200. A shape is the name of an entity (what a viewer's
# own token adds to it comes by itself), [Name] a list of them, A|B one or the other; text, xrd, page and events are no JSON.
TABLE = """
GET    /oauth/authorize                                   page
POST   /oauth/authorize                                   page
POST   /api/v1/apps                                       CredentialApplication
GET    /api/v1/apps/verify_credentials                    Application
GET    /.well-known/oauth-authorization-server            OAuthMetadata
POST   /oauth/token                                       Token
POST   /oauth/revoke                                      Nothing
GET    /oauth/userinfo                                    UserInfo
POST   /oauth/userinfo                                    UserInfo
POST   /api/v1/accounts                                   Token
POST   /api/v1/emails/confirmations                       Nothing
GET    /api/v1/emails/check_confirmation                  True

GET    /api/v2/instance                                   Instance
GET    /api/v1/instance                                   V1::Instance
GET    /api/v1/instance/rules                             [Rule]
GET    /api/v1/instance/activity                          [Activity]
GET    /api/v1/instance/peers                             [Name]
GET    /api/v1/instance/domain_blocks                     [DomainBlock]
GET    /api/v1/instance/extended_description              Text
GET    /api/v1/instance/privacy_policy                    Text
GET    /api/v1/instance/terms_of_service                  Text
GET    /api/v1/instance/terms_of_service/:date            Text
GET    /api/v1/instance/translation_languages             TranslationLanguages
GET    /api/v1/instance/languages                         [Language]
GET    /.well-known/nodeinfo                              NodeInfoLinks
GET    /nodeinfo/2.0                                      NodeInfo
GET    /.well-known/host-meta                             xrd
GET    /.well-known/webfinger                             WebFinger
GET    /health                                            text
GET    /api/oembed                                        OEmbed
GET    /api/v1/custom_emojis                              [CustomEmoji]

GET    /api/v1/accounts                                   [Account]
GET    /api/v1/accounts/verify_credentials                CredentialAccount
PATCH  /api/v1/accounts/update_credentials                CredentialAccount
GET    /api/v1/accounts/lookup                            Account
GET    /api/v1/accounts/search                            [Account]
GET    /api/v1/accounts/relationships                     [Relationship]
GET    /api/v1/accounts/familiar_followers                [FamiliarFollowers]
GET    /api/v1/accounts/:id                               Account
GET    /api/v1/accounts/:id/statuses                      [Status]
GET    /api/v1/accounts/:id/followers                     [Account]
GET    /api/v1/accounts/:id/following                     [Account]
GET    /api/v1/accounts/:id/endorsements                  [Account]
GET    /api/v1/accounts/:id/featured_tags                 [FeaturedTag]
GET    /api/v1/accounts/:id/lists                         [List]
GET    /api/v1/accounts/:id/identity_proofs               [Nothing]
GET    /api/v1/accounts/:id/collections                   Collections
GET    /api/v1/accounts/:id/in_collections                Collections
POST   /api/v1/accounts/:id/follow                        Relationship
POST   /api/v1/accounts/:id/unfollow                      Relationship
POST   /api/v1/accounts/:id/block                         Relationship
POST   /api/v1/accounts/:id/unblock                       Relationship
POST   /api/v1/accounts/:id/mute                          Relationship
POST   /api/v1/accounts/:id/unmute                        Relationship
POST   /api/v1/accounts/:id/remove_from_followers         Relationship
POST   /api/v1/accounts/:id/endorse                       Relationship
POST   /api/v1/accounts/:id/unendorse                     Relationship
POST   /api/v1/accounts/:id/pin                           Relationship
POST   /api/v1/accounts/:id/unpin                         Relationship
POST   /api/v1/accounts/:id/note                          Relationship
GET    /api/proofs                                        [Nothing]
GET    /api/v1/follow_requests                            [Account]
POST   /api/v1/follow_requests/:id/authorize              Relationship
POST   /api/v1/follow_requests/:id/reject                 Relationship
GET    /api/v1/blocks                                     [Account]
GET    /api/v1/mutes                                      [MutedAccount]
GET    /api/v1/endorsements                               [Account]
GET    /api/v1/domain_blocks                              [Name]
GET    /api/v1/domain_blocks/preview                      DomainBlockPreview
POST   /api/v1/domain_blocks                              Nothing
DELETE /api/v1/domain_blocks                              Nothing
GET    /api/v1/suggestions                                [Account]
GET    /api/v2/suggestions                                [Suggestion]
DELETE /api/v1/suggestions/:id                            Nothing
GET    /api/v1/directory                                  [Account]
GET    /api/v1/profile                                    Profile
PATCH  /api/v1/profile                                    Profile
DELETE /api/v1/profile/avatar                             CredentialAccount
DELETE /api/v1/profile/header                             CredentialAccount
GET    /api/v1/preferences                                Preferences
POST   /api/v1/reports                                    Report

POST   /api/v1/statuses                                   Status|ScheduledStatus
GET    /api/v1/statuses                                   [Status]
GET    /api/v1/statuses/:id                               Status
PUT    /api/v1/statuses/:id                               Status
DELETE /api/v1/statuses/:id                               Status
GET    /api/v1/statuses/:id/source                        StatusSource
GET    /api/v1/statuses/:id/history                       [StatusEdit]
GET    /api/v1/statuses/:id/favourited_by                 [Account]
GET    /api/v1/statuses/:id/reblogged_by                  [Account]
GET    /api/v1/statuses/:id/quotes                        [Status]
POST   /api/v1/statuses/:id/quotes/:quoting_id/revoke     Status
PUT    /api/v1/statuses/:id/interaction_policy            Status
POST   /api/v1/statuses/:id/pin                           Status
POST   /api/v1/statuses/:id/unpin                         Status
POST   /api/v1/statuses/:id/translate                     Nothing
GET    /api/v1/statuses/:id/card                          PreviewCard
GET    /api/v1/statuses/:id/context                       Context
POST   /api/v1/statuses/:id/favourite                     Status
POST   /api/v1/statuses/:id/unfavourite                   Status
POST   /api/v1/statuses/:id/reblog                        Status
POST   /api/v1/statuses/:id/unreblog                      Status
POST   /api/v1/statuses/:id/bookmark                      Status
POST   /api/v1/statuses/:id/unbookmark                    Status
POST   /api/v1/statuses/:id/mute                          Status
POST   /api/v1/statuses/:id/unmute                        Status
POST   /api/v2/media                                      Finished         202=Unfinished
POST   /api/v1/media                                      MediaAttachment
GET    /api/v1/media/:id                                  Finished         206=Unfinished
PUT    /api/v1/media/:id                                  MediaAttachment
DELETE /api/v1/media/:id                                  Nothing
GET    /api/v1/polls/:id                                  Poll
POST   /api/v1/polls/:id/votes                            Poll
GET    /api/v1/scheduled_statuses                         [ScheduledStatus]
GET    /api/v1/scheduled_statuses/:id                     ScheduledStatus
PUT    /api/v1/scheduled_statuses/:id                     ScheduledStatus
DELETE /api/v1/scheduled_statuses/:id                     Nothing

GET    /api/v1/timelines/home                             [Status]
GET    /api/v1/timelines/public                           [Status]
GET    /api/v1/timelines/tag/:hashtag                     [Status]
GET    /api/v1/timelines/list/:id                         [Status]
GET    /api/v1/timelines/link                             [Status]
GET    /api/v1/favourites                                 [Status]
GET    /api/v1/bookmarks                                  [Status]
GET    /api/v1/streaming/health                           text
GET    /api/v1/streaming                                  events
GET    /api/v1/streaming/:kind                            events
GET    /api/v1/streaming/:kind/:part                      events
GET    /api/v1/lists                                      [List]
POST   /api/v1/lists                                      List
GET    /api/v1/lists/:id                                  List
PUT    /api/v1/lists/:id                                  List
DELETE /api/v1/lists/:id                                  Nothing
GET    /api/v1/lists/:id/accounts                         [Account]
POST   /api/v1/lists/:id/accounts                         Nothing
DELETE /api/v1/lists/:id/accounts                         Nothing
GET    /api/v2/filters                                    [Filter]
POST   /api/v2/filters                                    Filter
GET    /api/v2/filters/:id                                Filter
PUT    /api/v2/filters/:id                                Filter
DELETE /api/v2/filters/:id                                Nothing
GET    /api/v2/filters/:id/keywords                       [FilterKeyword]
POST   /api/v2/filters/:id/keywords                       FilterKeyword
GET    /api/v2/filters/keywords/:id                       FilterKeyword
PUT    /api/v2/filters/keywords/:id                       FilterKeyword
DELETE /api/v2/filters/keywords/:id                       Nothing
GET    /api/v2/filters/:id/statuses                       [FilterStatus]
POST   /api/v2/filters/:id/statuses                       FilterStatus
GET    /api/v2/filters/statuses/:id                       FilterStatus
DELETE /api/v2/filters/statuses/:id                       Nothing
GET    /api/v1/filters                                    [V1::Filter]
POST   /api/v1/filters                                    V1::Filter
GET    /api/v1/filters/:id                                V1::Filter
PUT    /api/v1/filters/:id                                V1::Filter
DELETE /api/v1/filters/:id                                Nothing
GET    /api/v1/tags/:name                                 Tag
POST   /api/v1/tags/:name/follow                          Tag
POST   /api/v1/tags/:name/unfollow                        Tag
POST   /api/v1/tags/:name/feature                         Tag
POST   /api/v1/tags/:name/unfeature                       Tag
GET    /api/v1/followed_tags                              [Tag]
GET    /api/v1/featured_tags                              [FeaturedTag]
POST   /api/v1/featured_tags                              FeaturedTag
GET    /api/v1/featured_tags/suggestions                  [Tag]
DELETE /api/v1/featured_tags/:id                          Nothing
GET    /api/v2/search                                     Search
GET    /api/v1/search                                     Search
GET    /api/v1/trends                                     [Tag]
GET    /api/v1/trends/tags                                [Tag]
GET    /api/v1/trends/statuses                            [Status]
GET    /api/v1/trends/links                               [Trends::Link]

GET    /api/v1/notifications                              [Notification]
GET    /api/v1/notifications/unread_count                 Count
POST   /api/v1/notifications/clear                        Nothing
POST   /api/v1/notifications/dismiss                      Nothing
GET    /api/v1/notifications/policy                       V1::NotificationPolicy
PUT    /api/v1/notifications/policy                       V1::NotificationPolicy
GET    /api/v1/notifications/requests                     [NotificationRequest]
GET    /api/v1/notifications/requests/merged              Merged
POST   /api/v1/notifications/requests/accept              Nothing
POST   /api/v1/notifications/requests/dismiss             Nothing
GET    /api/v1/notifications/requests/:id                 NotificationRequest
POST   /api/v1/notifications/requests/:id/accept          Nothing
POST   /api/v1/notifications/requests/:id/dismiss         Nothing
GET    /api/v1/notifications/:id                          Notification
POST   /api/v1/notifications/:id/dismiss                  Nothing
GET    /api/v2/notifications                              GroupedNotificationsResults
GET    /api/v2/notifications/unread_count                 Count
GET    /api/v2/notifications/policy                       NotificationPolicy
PATCH  /api/v2/notifications/policy                       NotificationPolicy
GET    /api/v2/notifications/:group_key                   GroupedNotificationsResults
GET    /api/v2/notifications/:group_key/accounts          [Account]
POST   /api/v2/notifications/:group_key/dismiss           Nothing
GET    /api/v1/conversations                              [Conversation]
POST   /api/v1/conversations/:id/read                     Conversation
POST   /api/v1/conversations/:id/unread                   Conversation
DELETE /api/v1/conversations/:id                          Nothing
GET    /api/v1/markers                                    Markers
POST   /api/v1/markers                                    Markers
GET    /api/v1/push/subscription                          WebPushSubscription
POST   /api/v1/push/subscription                          WebPushSubscription
PUT    /api/v1/push/subscription                          WebPushSubscription
DELETE /api/v1/push/subscription                          Nothing
GET    /api/v1/announcements                              [Announcement]
POST   /api/v1/announcements/:id/dismiss                  Nothing
PUT    /api/v1/announcements/:id/reactions/:name          Nothing
DELETE /api/v1/announcements/:id/reactions/:name          Nothing
GET    /api/v1/annual_reports                             AnnualReports
GET    /api/v1/annual_reports/:year                       AnnualReports
GET    /api/v1/annual_reports/:year/state                 AnnualReportState
POST   /api/v1/annual_reports/:year/read                  Nothing
POST   /api/v1/annual_reports/:year/generate              Nothing
GET    /api/v1_alpha/async_refreshes/:name                Nothing

GET    /api/v1/admin/accounts                             [Admin::Account]
GET    /api/v2/admin/accounts                             [Admin::Account]
GET    /api/v1/admin/accounts/:id                         Admin::Account
DELETE /api/v1/admin/accounts/:id                         Admin::Account
POST   /api/v1/admin/accounts/:id/action                  Nothing
POST   /api/v1/admin/accounts/:id/approve                 Admin::Account
POST   /api/v1/admin/accounts/:id/reject                  Admin::Account
POST   /api/v1/admin/accounts/:id/enable                  Admin::Account
POST   /api/v1/admin/accounts/:id/unsilence               Admin::Account
POST   /api/v1/admin/accounts/:id/unsuspend               Admin::Account
POST   /api/v1/admin/accounts/:id/unsensitive             Admin::Account
GET    /api/v1/admin/reports                              [Admin::Report]
GET    /api/v1/admin/reports/:id                          Admin::Report
PUT    /api/v1/admin/reports/:id                          Admin::Report
POST   /api/v1/admin/reports/:id/assign_to_self           Admin::Report
POST   /api/v1/admin/reports/:id/unassign                 Admin::Report
POST   /api/v1/admin/reports/:id/resolve                  Admin::Report
POST   /api/v1/admin/reports/:id/reopen                   Admin::Report
GET    /api/v1/admin/domain_blocks                        [Admin::DomainBlock]
GET    /api/v1/admin/domain_blocks/:id                    Admin::DomainBlock
POST   /api/v1/admin/domain_blocks                        Admin::DomainBlock
PUT    /api/v1/admin/domain_blocks/:id                    Admin::DomainBlock
DELETE /api/v1/admin/domain_blocks/:id                    Nothing
GET    /api/v1/admin/domain_allows                        [Admin::DomainAllow]
GET    /api/v1/admin/domain_allows/:id                    Admin::DomainAllow
POST   /api/v1/admin/domain_allows                        Admin::DomainAllow
DELETE /api/v1/admin/domain_allows/:id                    Nothing
GET    /api/v1/admin/email_domain_blocks                  [Admin::EmailDomainBlock]
GET    /api/v1/admin/email_domain_blocks/:id              Admin::EmailDomainBlock
POST   /api/v1/admin/email_domain_blocks                  Admin::EmailDomainBlock
DELETE /api/v1/admin/email_domain_blocks/:id              Nothing
GET    /api/v1/admin/ip_blocks                            [Admin::IpBlock]
GET    /api/v1/admin/ip_blocks/:id                        Admin::IpBlock
POST   /api/v1/admin/ip_blocks                            Admin::IpBlock
PUT    /api/v1/admin/ip_blocks/:id                        Admin::IpBlock
DELETE /api/v1/admin/ip_blocks/:id                        Nothing
GET    /api/v1/admin/canonical_email_blocks               [Admin::CanonicalEmailBlock]
GET    /api/v1/admin/canonical_email_blocks/:id           Admin::CanonicalEmailBlock
POST   /api/v1/admin/canonical_email_blocks               Admin::CanonicalEmailBlock
DELETE /api/v1/admin/canonical_email_blocks/:id           Nothing
POST   /api/v1/admin/canonical_email_blocks/test          [Admin::CanonicalEmailBlock]
GET    /api/v1/admin/trends/tags                          [Admin::Tag]
GET    /api/v1/admin/trends/statuses                      [Admin::Trends::Status]
GET    /api/v1/admin/trends/links                         [Admin::Trends::Link]
GET    /api/v1/admin/trends/links/publishers              [Admin::Trends::Publisher]
POST   /api/v1/admin/trends/tags/:id/approve              Nothing
POST   /api/v1/admin/trends/tags/:id/reject               Nothing
POST   /api/v1/admin/trends/statuses/:id/approve          Nothing
POST   /api/v1/admin/trends/statuses/:id/reject           Nothing
POST   /api/v1/admin/trends/links/:id/approve             Nothing
POST   /api/v1/admin/trends/links/:id/reject              Nothing
POST   /api/v1/admin/trends/links/publishers/:id/approve  Admin::Trends::Publisher
POST   /api/v1/admin/trends/links/publishers/:id/reject   Admin::Trends::Publisher
GET    /api/v1/admin/tags                                 [Admin::Tag]
GET    /api/v1/admin/tags/:id                             Admin::Tag
PUT    /api/v1/admin/tags/:id                             Admin::Tag
POST   /api/v1/admin/measures                             [Admin::Measure]
POST   /api/v1/admin/dimensions                           [Admin::Dimension]
POST   /api/v1/admin/retention                            [Nothing]
GET    /api/v1/admin/trends/tags                          [Admin::Tag]
GET    /api/v1/admin/trends/statuses                      [Admin::Trends::Status]
GET    /api/v1/admin/trends/links                         [Admin::Trends::Link]
GET    /api/v1/admin/trends/links/publishers              [Admin::Trends::Publisher]
POST   /api/v1/admin/trends/tags/:id/approve              Nothing
POST   /api/v1/admin/trends/tags/:id/reject               Nothing
POST   /api/v1/admin/trends/statuses/:id/approve          Nothing
POST   /api/v1/admin/trends/statuses/:id/reject           Nothing
POST   /api/v1/admin/trends/links/:id/approve             Nothing
POST   /api/v1/admin/trends/links/:id/reject              Nothing
POST   /api/v1/admin/trends/links/publishers/:id/approve  Admin::Trends::Publisher
POST   /api/v1/admin/trends/links/publishers/:id/reject   Admin::Trends::Publisher
GET    /api/v1/admin/tags                                 [Admin::Tag]
GET    /api/v1/admin/tags/:id                             Admin::Tag
PUT    /api/v1/admin/tags/:id                             Admin::Tag

GET    /api/kwipd/v1/timelines/home                       [Status]
GET    /api/kwipd/v1/timelines/public                     [Status]
GET    /api/kwipd/v1/statuses/:id/comments                [Status]
GET    /api/kwipd/v1/statuses/:id/repeats                 [Status]
GET    /api/kwipd/v1/drafts                               [Draft]
GET    /api/kwipd/v1/drafts/:id                           Draft
POST   /api/kwipd/v1/drafts                               Draft
PUT    /api/kwipd/v1/drafts/:id                           Draft
DELETE /api/kwipd/v1/drafts/:id                           Nothing
"""
# Of a stream: what comes with an event.
EVENTS = {
    "update": "Status of viewer", "status.update": "Status of viewer", "delete": "Id", "notification": "Notification",
    "conversation": "Conversation", "announcement": "Announcement", "announcement.reaction": "Reaction",
    "announcement.delete": "Id", "filters_changed": None, "notifications_merged": None,
}
STREAMS = re.compile(r"(user(:notification)?|(public|public:local|public:remote)(:media)?|hashtag(:local)?|list|direct)\Z")
TYPES = {"text": "text/plain", "xrd": "application/xrd+xml", "page": "text/html", "events": "text/event-stream",
         "WebFinger": "application/jrd+json"}
API = re.compile(r"/(api|oauth/(token|revoke|userinfo)|\.well-known|nodeinfo)(/|\Z)")
LINK = re.compile(r'<(https?://[^<>\s"]+)>; rel="(next|prev)"\Z')
RATES = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
# Tokens of apps, which have no viewer: learned from what /oauth/token answers.
app_tokens = set()


class Row:
    """One route: its shapes by status."""

    def __init__(self, line):
        words = line.split()
        self.methods = {"PUT", "PATCH"} if words[0] in ("PUT", "PATCH") else {words[0]}
        self.method, self.path = words[:2]
        self.shapes = {200: words[2]}
        self.shapes.update({int(status): shape for status, shape in (word.split("=") for word in words[3:])})
        self.parts = self.path.split("/")

    def is_at(self, parts):
        return len(parts) == len(self.parts) and all(a == b or a.startswith(":") and b for a, b in zip(self.parts, parts))


# The rows with the fewest names in them first: /accounts/lookup before /accounts/:id.
ROWS = sorted((Row(line) for line in TABLE.splitlines() if line), key=lambda row: row.path.count(":"))


def row_of(method, path):
    parts = (path.rstrip("/") or "/").split("/")
    method = "GET" if method == "HEAD" else method
    return next((row for row in ROWS if method in row.methods and row.is_at(parts)), None)


def is_api(path):
    return API.match(path) is not None


class Answer:
    """One exchange. headers and asked (the request's headers) are looked into with .get(); the bodies (sent is the
    request's) are plain, content codings undone. body is None when it is not known."""
    sent = b""

    def __init__(self, method, target, asked, status, headers, body):
        self.method, self.target, self.asked = method, target, asked
        self.status, self.headers, self.body = status, headers, body
        at = urlsplit(target)
        self.path, self.query = at.path, parse_qs(at.query, keep_blank_values=True)

    def __str__(self):
        return "%s %s -> %d" % (self.method, self.target, self.status)

    @property
    def token(self):
        kind, _, token = (self.asked.get("Authorization") or "").partition(" ")
        return token if kind.lower() == "bearer" else None

    @property
    def has_viewer(self):
        return self.token is not None and self.token not in app_tokens


def unique(pairs):
    found = dict(pairs)
    assert len(found) == len(pairs), "a name stands twice in %s" % [name for name, _ in pairs]
    return found


def read_json(text):
    return json.loads(text, object_pairs_hook=unique)


def shape_kind(shape, viewer):
    if shape.startswith("["):
        return [shape_kind(shape[1:-1], viewer)]
    if "|" in shape:
        return Either(*(shape_kind(s, viewer) for s in shape.split("|")))
    return ENTITIES.get(shape + " of viewer", ENTITIES[shape]) if viewer else ENTITIES[shape]


def type_of(answer):
    return (answer.headers.get("Content-Type") or "").split(";")[0]


def check_link(answer, value):
    """Both ways at most, next before prev, whole addresses of the same route that keep what was asked."""
    line = answer.headers.get("Link")
    if line is None:
        return
    found = [LINK.match(part) for part in line.split(", ")]
    assert all(found), "Link: %r" % line
    assert [m.group(2) for m in found] in (["next"], ["prev"], ["next", "prev"]), "Link: %r" % line
    for m in found:
        at = urlsplit(m.group(1))
        query = parse_qs(at.query, keep_blank_values=True)
        assert at.path.rstrip("/") == answer.path.rstrip("/"), "Link leads elsewhere: %r" % line
        assert set(query) & {"max_id", "since_id", "min_id", "offset"}, "Link without a cursor: %r" % line
        assert query.get("limit") == answer.query.get("limit"), "Link forgets the limit: %r" % line
    assert value != [], "a Link on an empty page"


def check_headers(answer):
    get = answer.headers.get
    assert get("Access-Control-Allow-Origin") == "*", "no Access-Control-Allow-Origin"
    rates = [name for name in RATES if get(name) is not None]
    assert len(rates) in (0, 3), "only %s" % rates
    assert answer.status != 204 or answer.method == "OPTIONS", "204: nothing to say is {}"


def check_bodyless(answer):
    assert not answer.body, "a body"


def check_plain(answer, shape):
    if shape == "page" and answer.status in (302, 303):
        assert answer.headers.get("Location"), "no Location"
        return
    assert type_of(answer) == TYPES[shape], "Content-Type: %s" % answer.headers.get("Content-Type")
    assert shape == "events" or answer.body != b"", "an empty body"


def check_json(answer, shape):
    """The value; None when the body is not known."""
    expected = TYPES.get(shape, "application/json")
    assert type_of(answer) == expected, "Content-Type: %s" % answer.headers.get("Content-Type")
    if answer.body is None:
        return None
    assert answer.body, "an empty body"
    value = read_json(answer.body)
    check_value(shape_kind(shape, answer.has_viewer), value, shape.strip("[]"))
    check_link(answer, value)
    return value


def check_success(answer, row):
    assert row, "no row of answers.py says what this answers"
    shape = row.shapes.get(answer.status) or (row.shapes[200] if row.shapes[200] == "page" else None)
    assert shape, "not a status of this route"
    if shape in TYPES and shape not in ENTITIES:
        return check_plain(answer, shape)
    value = check_json(answer, shape)
    if value and row.path == "/oauth/token" and b"client_credentials" in answer.sent:
        app_tokens.add(value["access_token"])


def check_one(answer):
    row = row_of(answer.method, answer.path)
    if is_api(answer.path) and answer.status != 101:
        check_headers(answer)
    if answer.method in ("HEAD", "OPTIONS") or answer.status in (101, 304):
        check_bodyless(answer)
    elif answer.status >= 400 and (not row or row.shapes[200] != "page"):
        check_json(answer, "Error")
    elif answer.status < 400:
        check_success(answer, row)


def check_answer(answer):
    """Answers of pages and files pass; they are looked at elsewhere."""
    if not is_api(answer.path) and not row_of(answer.method, answer.path):
        return
    try:
        check_one(answer)
    except (AssertionError, ValueError) as e:
        raise AssertionError("%s: %s" % (answer, e)) from None


def check_event(event, payload, where="stream"):
    """payload as it came: text, or None where there was none."""
    try:
        assert event in EVENTS, "an unknown event"
        name = EVENTS[event]
        if name == "Id":
            check_value(ENTITIES[name], payload, event)
        elif name:
            check_value(ENTITIES[name], read_json(payload), name)
    except (AssertionError, ValueError, TypeError) as e:
        raise AssertionError("%s %s: %s" % (where, event, e)) from None


def check_message(message, where="stream"):
    """One text message of a WebSocket, as JSON."""
    assert isinstance(message, dict), "%s: %r" % (where, message)
    if "error" in message:
        check_value({"error": str, "status": int}, message, where)
        return
    assert set(message) <= {"stream", "event", "payload"}, "%s: %s" % (where, sorted(message))
    check_value([str], message["stream"], where + ".stream")
    name = message["stream"][0]
    assert STREAMS.match(name), "%s: stream %r" % (where, message["stream"])
    assert len(message["stream"]) == (2 if name.startswith(("hashtag", "list")) else 1), "%s: %s" % (where, message["stream"])
    check_event(message["event"], message.get("payload"), where)
