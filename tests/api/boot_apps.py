# SPDX-License-Identifier: MIT
"""The apps' first minutes, request by request: from the server's name to a home that lives. boots.py plays them.

What each app sends, in which order and encoding, was read off the apps; addresses of theirs are examples."""
from app_models import Android, IceCubes, Tusky, Web, some, text
from boots import Call, Consent, Stream
from player import png

SCOPES = "read write follow push"
# Any point on the curve will do as a key here: that of the specification's example.
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
ALERTS = {"mention": True, "favourite": True, "reblog": True, "follow": True, "poll": True}
ENDPOINT = "https://push.example/send/1"
PICTURE = ("image.png", png(50, 40), "image/png")


def subscription(**more):
    return {"subscription": {"endpoint": ENDPOINT, "keys": {"p256dh": P256DH, "auth": AUTH}}, "data": {"alerts": ALERTS}, **more}


def flat(value, name=""):
    """As forms and queries write it: data[alerts][mention]."""
    out = {}
    for key, item in value.items():
        at = "%s[%s]" % (name, key) if name else key
        out.update(flat(item, at) if isinstance(item, dict) else {at: str(item).lower() if isinstance(item, bool) else item})
    return out


def in_query(pairs):
    return "?" + "&".join("%s=%s" % (k.replace("[", "%5B").replace("]", "%5D"), v.replace(" ", "%20")) for k, v in pairs.items())


PHANPY_BACK = "https://phanpy.example/"
PHANPY = [
    Call("GET", "/.well-known/host-meta", signed=False),
    Call("POST", "/api/v1/apps", Web.APP, form={"client_name": "Phanpy", "redirect_uris": PHANPY_BACK, "scopes": SCOPES,
                                                "website": "https://phanpy.example"},
         keep={"client_id": "client_id", "client_secret": "client_secret", "vapid": "vapid_key"}),
    Call("GET", "/.well-known/oauth-authorization-server", Web.OAUTH, has={"code_challenge_methods_supported.0": "S256"}),
    Consent(PHANPY_BACK, pkce=True),
    Call("POST", "/oauth/token", Web.TOKEN, form={
        "client_id": "{client_id}", "redirect_uri": PHANPY_BACK, "grant_type": "authorization_code", "code": "{code}",
        "scope": SCOPES, "client_secret": "{client_secret}", "code_verifier": "{verifier}"}, keep={"token": "access_token"}),
    Call("GET", "/api/v1/preferences", Web.PREFERENCES),
    Call("GET", "/api/v2/instance", Web.INSTANCE, has={"configuration.vapid.public_key": "{vapid}"}),
    Call("GET", "/api/v1/accounts/verify_credentials", Web.SELF, has={"id": "{ann}"}, keep={"avatar": "avatar"}),
    Call("GET", "{avatar}", signed=False),
    Call("GET", "/.well-known/nodeinfo", Web.NODEINFO_LINKS, signed=False, keep={"nodeinfo": "links.0.href"}),
    Call("GET", "{nodeinfo}", Web.NODEINFO, signed=False),
    Call("GET", "/api/v1/timelines/home?limit=20", [Web.STATUS], sees="{newest}"),
    Call("GET", "{next}", [Web.STATUS], sees="{first}"),
    Call("GET", "/api/v1/followed_tags?limit=200", [Web.TAG], has={"0.name": "rain"}),
    Call("GET", "/api/v1/lists", [Web.LIST], sees="{list}"),
    Call("GET", "/api/v2/filters", [Web.FILTER]),
    Call("GET", "/api/v1/custom_emojis", Web.EMOJIS),
    Stream("protocol", subscribe=[{"stream": "user"}, {"stream": "user:notification"}], deeds=[
        ("say", "update", Web.STATUS), ("edit", "status.update", Web.STATUS), ("delete", "delete", text),
        ("mention", "notification", Web.NOTIFICATION)]),
    Call("GET", "/api/v2/notifications?limit=20&exclude_types[]=follow_request&expand_accounts=full", Web.GROUPED,
         keep={"notice": "notification_groups.0.page_max_id"}),
    Call("GET", "/api/v2/notifications/policy", Web.POLICY),
    Call("GET", "/api/v1/announcements", [some]),
    Call("GET", "/api/v1/follow_requests?limit=80", [Web.ACCOUNT]),
    Call("POST", "/api/v1/markers", Web.MARKERS, json={"notifications": {"last_read_id": "{notice}"}},
         has={"notifications.last_read_id": "{notice}"}),
    Call("GET", "/api/v1/timelines/home?limit=5&since_id={answer}", [Web.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/statuses/{answer}", Web.STATUS),
    Call("GET", "/api/v1/statuses/{mine}/context", Web.CONTEXT, has={"descendants.0.id": "{answer}"}),
    Call("GET", "/api/v1/accounts/relationships?id[]={bob}&id[]={carol}", [some], has={"0.following": True}),
    Call("GET", "/api/v2/search?q=bob&limit=5&resolve=true", Web.SEARCH, has={"accounts.0.id": "{bob}"}),
    Call("POST", "/api/v2/media", Web.UPLOAD, files={"file": PICTURE, "description": "red"}, keep={"media": "id"}),
    Call("GET", "/api/v1/media/{media}", Web.UPLOAD, until="url", keep={"picture": "url"}),
    Call("POST", "/api/v1/statuses", Web.STATUS, headers={"Idempotency-Key": "phanpy-1"}, json={
        "status": "by Phanpy", "media_ids": ["{media}"], "visibility": "public", "sensitive": False, "spoiler_text": None,
        "language": "en"}, has={"media_attachments.0.id": "{media}"}, keep={"said": "id"}),
    Call("GET", "{picture}", signed=False),
    Call("POST", "/api/v1/statuses/{answer}/favourite", Web.STATUS, json={}, has={"favourited": True}),
    Call("GET", "/api/v1/push/subscription", {"error": text}, status=404, has={"error": "Record not found"}),
    Call("POST", "/api/v1/push/subscription", Web.PUSH, json=subscription(policy="all"), has={"server_key": "{vapid}"}),
    Call("DELETE", "/api/v1/push/subscription", {}),
    Call("DELETE", "/api/v1/statuses/{said}", Web.STATUS, has={"text": "by Phanpy"}),
]

ELK = "https://elk.example"
ELK_BACK = ELK + "/api/{host}/oauth/https%3A%2F%2Felk.example"
ELK_TABLE = [
    Call("POST", "/api/v1/apps", Web.APP, server=True, json={"client_name": "Elk", "website": ELK, "redirect_uris": ELK_BACK, "scopes": SCOPES},
         keep={"client_id": "client_id", "client_secret": "client_secret", "vapid": "vapid_key"}, has={"redirect_uris.0": ELK_BACK}),
    Call("GET", "/api/v2/instance", Web.INSTANCE, server=True),
    Consent(ELK_BACK, style="percent"),
    Call("POST", "/oauth/token", Web.TOKEN, server=True, json={
        "client_id": "{client_id}", "client_secret": "{client_secret}", "redirect_uri": ELK_BACK, "grant_type": "authorization_code",
        "code": "{code}", "scope": SCOPES}, keep={"token": "access_token"}),
    Call("GET", "/nodeinfo/2.0", Web.NODEINFO, signed=False),
    Call("GET", "/api/v2/instance", Web.INSTANCE),
    Call("GET", "/api/v1/accounts/verify_credentials", Web.SELF, has={"id": "{ann}"}),
    Call("GET", "/api/v1/preferences", Web.PREFERENCES),
    Call("GET", "/api/v1/push/subscription", {"error": text}, status=404),
    Call("GET", "/api/v1/followed_tags", [Web.TAG]),
    Call("GET", "/api/v1/timelines/home?limit=30", [Web.STATUS], sees="{newest}"),
    Call("GET", "{next}", [Web.STATUS]),
    Call("GET", "/api/v1/notifications?limit=30", [Web.NOTIFICATION], keep={"notice": "0.id"}),
    Call("GET", "/api/v1/markers?timeline[]=notifications", Web.MARKERS),
    Call("POST", "/api/v1/markers", Web.MARKERS, json={"notifications": {"last_read_id": "{notice}"}}),
    Stream("protocol", subscribe=[{"stream": "user"}, {"stream": "user:notification"}, {"stream": "public:local"},
                                  {"stream": "hashtag", "tag": "rain"}, {"stream": "list", "list": "{list}"}],
           deeds=[("say", "update", Web.STATUS), ("delete", "delete", text), ("mention", "notification", Web.NOTIFICATION)]),
    Call("GET", "/api/v1/custom_emojis", Web.EMOJIS),
    Call("POST", "/api/v1/media", Web.ATTACHMENT, files={"file": PICTURE}, keep={"media": "id"}),
    Call("PUT", "/api/v1/media/{media}", Web.ATTACHMENT, json={"description": "red"}, has={"description": "red"}),
    Call("POST", "/api/v1/statuses", Web.STATUS, json={"status": "by Elk", "media_ids": ["{media}"], "visibility": "public", "sensitive": False,
                                                       "spoiler_text": "", "language": "en"}, keep={"said": "id"}),
    Call("PUT", "/api/v1/statuses/{said}", Web.STATUS, json={
        "status": "by Elk, mended", "media_ids": ["{media}"], "media_attributes": [{"id": "{media}", "description": "very red"}]},
        has={"media_attachments.0.description": "very red"}),
    Call("GET", "/api/v1/accounts/lookup?acct=bob", Web.ACCOUNT, has={"id": "{bob}"}),
    Call("GET", "/api/v1/accounts/{bob}/statuses?exclude_replies=true", [Web.STATUS]),
    Call("GET", "/api/v1/timelines/public?limit=30&local=true", [Web.STATUS]),
    Call("GET", "/api/v1/trends/tags", [some]),
    Call("GET", "/api/v1/trends/statuses", [Web.STATUS]),
    Call("GET", "/api/v1/trends/links", [some]),
    Call("GET", "/api/v2/suggestions?limit=20", [some]),
    Call("GET", "/api/v1/conversations", [Web.CONVERSATION], has={"0.last_status.visibility": "direct"}),
    Call("GET", "/api/v1/favourites", [Web.STATUS]),
    Call("GET", "/api/v1/bookmarks", [Web.STATUS]),
    Call("POST", "/api/v1/push/subscription", Web.PUSH, json=subscription(policy="all"), has={"server_key": "{vapid}"}),
    Call("PUT", "/api/v1/push/subscription", Web.PUSH, json={"data": {"alerts": {"follow": False}, "policy": "followed"}},
         has={"alerts.follow": False}),
    Call("DELETE", "/api/v1/push/subscription", {}),
]

PINAFORE_BACK = "https://pinafore.example/settings/instances/add"
PINAFORE = [
    Call("POST", "/api/v1/apps", Web.APP, json={"client_name": "Pinafore", "redirect_uris": PINAFORE_BACK, "scopes": SCOPES,
                                                "website": "https://pinafore.example"},
         keep={"client_id": "client_id", "client_secret": "client_secret"}),
    Call("GET", "/api/v1/instance", Web.INSTANCE_V1),
    Consent(PINAFORE_BACK, style="percent"),
    Call("POST", "/oauth/token", Web.TOKEN, form={
        "client_id": "{client_id}", "client_secret": "{client_secret}", "redirect_uri": PINAFORE_BACK,
        "grant_type": "authorization_code", "code": "{code}"}, keep={"token": "access_token"}),
    Call("GET", "/api/v1/accounts/verify_credentials", Web.SELF, has={"id": "{ann}"}),
    Call("GET", "/api/v1/custom_emojis", Web.EMOJIS),
    Call("GET", "/api/v1/instance", Web.INSTANCE_V1, has={"uri": "{host}"}),
    Call("GET", "/api/v1/lists", [Web.LIST], sees="{list}"),
    Call("GET", "/api/v1/filters", [some]),
    Call("GET", "/api/v1/timelines/home?limit=20", [Web.STATUS], sees="{newest}"),
    Call("GET", "{next}", [Web.STATUS], sees="{first}"),
    Stream("query", query="?stream=user", deeds=[("say", "update", Web.STATUS), ("edit", "status.update", Web.STATUS),
                                                 ("delete", "delete", text), ("mention", "notification", Web.NOTIFICATION)]),
    Stream("query", query="?stream=public:local", deeds=[("say", "update", Web.STATUS)]),
    Stream("query", query="?stream=hashtag&tag=rain", deeds=[("say", "update", Web.STATUS)]),
    Stream("query", query="?stream=list&list={list}", deeds=[("say", "update", Web.STATUS)]),
    Stream("query", query="?stream=direct", deeds=[("direct", "conversation", Web.CONVERSATION)]),
    Call("GET", "/api/v1/timelines/home?since_id={answer}&limit=20", [Web.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/notifications?limit=20", [Web.NOTIFICATION]),
    Call("GET", "/api/v1/notifications?limit=20&exclude_types[]=follow&exclude_types[]=favourite&exclude_types[]=reblog&exclude_types[]=poll",
         [Web.NOTIFICATION], has={"0.type": "mention"}),
    Call("GET", "/api/v1/conversations?limit=20", [Web.CONVERSATION]),
    Call("GET", "/api/v1/favourites?limit=20", [Web.STATUS]),
    Call("GET", "/api/v1/accounts/{bob}/statuses?limit=20&exclude_replies=true", [Web.STATUS]),
    Call("GET", "/api/v1/accounts/relationships?id={bob}", [some], has={"0.id": "{bob}"}),
    Call("POST", "/api/v2/media", Web.UPLOAD, files={"file": PICTURE, "description": "red"}, keep={"media": "id"}),
    Call("GET", "/api/v1/media/{media}", Web.UPLOAD, until="url"),
    Call("PUT", "/api/v1/media/{media}", Web.ATTACHMENT, json={"description": "very red", "focus": "0.2,0.3"}),
    Call("POST", "/api/v1/statuses", Web.STATUS, json={"status": "by Pinafore", "media_ids": ["{media}"], "visibility": "unlisted"},
         has={"visibility": "unlisted", "media_attachments.0.description": "very red"}),
    Call("POST", "/api/v1/push/subscription", Web.PUSH, json=subscription()),
    Call("PUT", "/api/v1/push/subscription", Web.PUSH, json={"data": {"alerts": {"poll": False}}}, has={"alerts.poll": False}),
    Call("GET", "/api/v1/push/subscription", Web.PUSH),
    Call("DELETE", "/api/v1/push/subscription", {}),
]

# Pinafore's child: asks for nodeinfo and the new instance first, and has words of its own in a kwip.
ENAFORE = [
    Call("GET", "/.well-known/nodeinfo", Web.NODEINFO_LINKS, keep={"nodeinfo": "links.0.href"}),
    Call("GET", "{nodeinfo}", Web.NODEINFO, has={"metadata.upstream.name": "mastodon"}),
    Call("GET", "/api/v2/instance", Web.INSTANCE),
] + PINAFORE[:1] + PINAFORE[2:6] + PINAFORE[7:12] + [
    Call("POST", "/api/v2/media", Web.UPLOAD, files={"file": PICTURE}, keep={"media": "id"}),
    Call("GET", "/api/v1/media/{media}", Web.UPLOAD, until="url"),
    Call("POST", "/api/v1/statuses", Web.STATUS, json={"status": "by Enafore", "media_ids": ["{media}"], "local_only": False,
                                                       "content_type": "text/plain", "visibility": "public"}),
    Call("GET", "/api/v1/tags/rain", Web.TAG, has={"following": True}),
    Call("GET", "/api/v1/statuses/{mine}/source", {"id": text, "text": text, "spoiler_text": some}, has={"text": "my first"}),
]

TUSKY_BACK = "oauth2redirect://com.keylesspalace.tusky/"
TUSKY = [
    Call("GET", "/api/v2/instance", Tusky.INSTANCE),
    Call("POST", "/api/v1/apps", Tusky.APP, form={"client_name": "Tusky", "redirect_uris": TUSKY_BACK, "scopes": SCOPES,
                                                  "website": "https://tusky.example"},
         keep={"client_id": "client_id", "client_secret": "client_secret"}),
    Consent(TUSKY_BACK, style="light"),
    Call("POST", "/oauth/token", Tusky.TOKEN, form={
        "client_id": "{client_id}", "client_secret": "{client_secret}", "redirect_uri": TUSKY_BACK, "code": "{code}",
        "grant_type": "authorization_code"}, keep={"token": "access_token"}),
    Call("GET", "/api/v1/accounts/verify_credentials", Tusky.ACCOUNT, has={"id": "{ann}"}),
    Call("GET", "/api/v1/custom_emojis", [Tusky.EMOJI]),
    Call("GET", "/api/v2/filters", [Tusky.FILTER]),
    Call("GET", "/api/v1/announcements?with_dismissed=true", [Tusky.ANNOUNCEMENT]),
    Call("GET", "/api/v1/timelines/home?limit=30", [Tusky.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/timelines/home?max_id={answer}&limit=30", [Tusky.STATUS], sees="{early}"),
    Call("GET", "/api/v1/timelines/home?min_id={answer}&limit=30", [Tusky.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/timelines/public?local=true&limit=30", [Tusky.STATUS]),
    Call("GET", "/api/v1/timelines/tag/rain?local=false&limit=30", [Tusky.STATUS], sees="{answer}"),
    Call("GET", "/api/v1/timelines/list/{list}?limit=30", [Tusky.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/notifications?limit=30&exclude_types%5B%5D=follow_request", [Tusky.NOTIFICATION], keep={"notice": "0.id"}),
    Call("GET", "/api/v2/notifications/policy", Tusky.POLICY),
    Call("GET", "/api/v1/notifications/requests", [some]),
    Call("GET", "/api/v1/markers?timeline%5B%5D=notifications", Tusky.MARKERS),
    Call("GET", "/api/v1/notifications?min_id=0&limit=30", [Tusky.NOTIFICATION], sees="{notice}"),
    Call("POST", "/api/v1/markers", Tusky.MARKERS, form={"notifications[last_read_id]": "{notice}"},
         has={"notifications.last_read_id": "{notice}"}),
    Call("GET", "/api/v1/lists", [Tusky.LIST], sees="{list}"),
    Call("GET", "/api/v1/conversations?limit=20", [Tusky.CONVERSATION]),
    Call("GET", "/api/v1/statuses/{mine}/context", Tusky.CONTEXT, has={"descendants.0.id": "{answer}"}),
    Call("GET", "/api/v1/accounts/{bob}", Tusky.ACCOUNT, has={"fields.0.name": "home"}),
    Call("GET", "/api/v1/accounts/{bob}/statuses?limit=20&exclude_replies=true", [Tusky.STATUS]),
    Call("GET", "/api/v1/accounts/{bob}/statuses?only_media=true", [Tusky.STATUS]),
    Call("GET", "/api/v1/accounts/relationships?id%5B%5D={bob}", [Tusky.RELATIONSHIP], has={"0.following": True}),
    Call("GET", "/api/v1/accounts/search?q=bo&resolve=false&limit=10", [Tusky.TIMELINE_ACCOUNT], sees="{bob}"),
    Call("GET", "/api/v2/search?q=bob&resolve=true&limit=20&following=false", Tusky.SEARCH),
    Call("GET", "/api/v1/trends/tags", [some]),
    Call("GET", "/api/v1/tags/rain", Tusky.TAG, has={"following": True}),
    Call("POST", "/api/v2/media", Tusky.UPLOAD, files={"file": PICTURE, "description": "red", "focus": "0.0,0.5"}, keep={"media": "id"}),
    Call("GET", "/api/v1/media/{media}", Tusky.UPLOAD, until="url"),
    Call("PUT", "/api/v1/media/{media}", Tusky.ATTACHMENT, form={"description": "very red", "focus": "0.1,0.2"}),
    Call("POST", "/api/v1/statuses", Tusky.STATUS, headers={"Idempotency-Key": "tusky-1"}, json={
        "status": "by Tusky", "spoiler_text": "", "visibility": "public", "sensitive": False, "media_ids": ["{media}"],
        "media_attributes": [{"id": "{media}", "description": "most red"}], "language": "en"},
        has={"media_attachments.0.id": "{media}"}, keep={"said": "id"}),
    Call("POST", "/api/v1/statuses", Tusky.STATUS, headers={"Idempotency-Key": "tusky-2"}, json={
        "status": "a question", "spoiler_text": "", "visibility": "public", "sensitive": False,
        "poll": {"options": ["a", "b"], "expires_in": 86400, "multiple": False}}, has={"poll.options.1.title": "b"}),
    Call("POST", "/api/v1/statuses/{answer}/reblog", Tusky.STATUS, form={"visibility": "public"}, has={"reblog.id": "{answer}"}),
    Call("POST", "/api/v1/statuses/{answer}/unreblog", Tusky.STATUS),
    Call("POST", "/api/v1/accounts/{carol}/follow", Tusky.RELATIONSHIP, form={"reblogs": "true", "notify": "false"}, has={"following": True}),
    Call("POST", "/api/v1/accounts/{carol}/mute", Tusky.RELATIONSHIP, form={"notifications": "true", "duration": "300"}, has={"muting": True}),
    Call("POST", "/api/v1/accounts/{carol}/unmute", Tusky.RELATIONSHIP, has={"muting": False}),
    Call("POST", "/api/v1/domain_blocks", {}, form={"domain": "rain.example"}),
    Call("DELETE", "/api/v1/domain_blocks", {}, form={"domain": "rain.example"}),
    Call("POST", "/api/v1/push/subscription", Tusky.PUSH, form=flat(subscription())),
    Call("PUT", "/api/v1/push/subscription", Tusky.PUSH, form={"data[alerts][mention]": "true", "data[alerts][follow]": "false"}),
    Call("DELETE", "/api/v1/push/subscription", {}),
    Call("PATCH", "/api/v1/accounts/update_credentials", Tusky.ACCOUNT, files={
        "display_name": "Ann", "note": "by Tusky", "locked": "false", "avatar": PICTURE, "fields_attributes[0][name]": "a",
        "fields_attributes[0][value]": "b"}, has={"display_name": "Ann", "source.note": "by Tusky"}),
    Call("PATCH", "/api/v1/accounts/update_credentials", Tusky.ACCOUNT, form={"source[privacy]": "public", "source[sensitive]": "false",
                                                                             "source[language]": "en"}),
    Call("DELETE", "/api/v1/statuses/{said}", {"id": text, "text": text, "media_attachments": [Tusky.ATTACHMENT]}),
    Call("POST", "/oauth/revoke", {}, form={"client_id": "{client_id}", "client_secret": "{client_secret}", "token": "{token}"}),
]

ANDROID_BACK = "mastodon-android-auth://callback"
ANDROID = [
    Call("GET", "/api/v2/instance", Android.INSTANCE),
    Call("POST", "/api/v1/apps", Android.APP, json={"client_name": "Mastodon for Android", "redirect_uris": ANDROID_BACK, "scopes": SCOPES,
                                                    "website": "https://android.example"},
         keep={"client_id": "client_id", "client_secret": "client_secret"}),
    Consent(ANDROID_BACK, style="percent", pkce=True, state="s1"),
    Call("POST", "/oauth/token", Android.TOKEN, json={
        "grant_type": "authorization_code", "client_id": "{client_id}", "client_secret": "{client_secret}", "redirect_uri": ANDROID_BACK,
        "scope": SCOPES, "code": "{code}", "code_verifier": "{verifier}"}, keep={"token": "access_token"}),
    Call("GET", "/api/v1/accounts/verify_credentials", Android.ACCOUNT, has={"id": "{ann}"}),
    Call("GET", "/api/v1/custom_emojis", [Android.EMOJI]),
    Call("GET", "/api/v1/filters", [Android.LEGACY_FILTER], has={"0.phrase": "drizzle"}),
    Call("GET", "/api/v1/preferences", Android.PREFERENCES),
    Call("GET", "/api/v1/lists", [Android.LIST], sees="{list}"),
    Call("GET", "/api/v1/markers?timeline[]=home&timeline[]=notifications", Android.MARKERS, keep={"home_marker": "home.last_read_id"}),
    Call("GET", "/api/v1/timelines/home?limit=20", [Android.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/timelines/home?max_id={answer}&limit=40", [Android.STATUS], sees="{first}"),
    Call("GET", "/api/v1/timelines/home?min_id={answer}&limit=20", [Android.STATUS], sees="{newest}"),
    Call("GET", "/api/v2/notifications?limit=40&grouped_types[]=favourite&grouped_types[]=reblog", Android.GROUPED,
         keep={"notice": "notification_groups.0.page_max_id"}),
    Call("GET", "/api/v2/notifications/policy", Android.POLICY),
    Call("GET", "/api/v2/notifications/unread_count", {"count": some}),
    Call("POST", "/api/v1/markers", Android.MARKERS, json={"home": {"last_read_id": "{newest}"}, "notifications": {"last_read_id": "{notice}"}},
         has={"home.last_read_id": "{newest}"}),
    Call("POST", "/api/v1/push/subscription", Android.PUSH, json=subscription(policy="all")),
    Call("PUT", "/api/v1/push/subscription", Android.PUSH, json={"data": {"alerts": dict(ALERTS, follow=False)}, "policy": "followed"}),
    Call("POST", "/api/v2/media", Android.UPLOAD, files={"file": PICTURE, "description": "red"}, keep={"media": "id"}),
    Call("GET", "/api/v1/media/{media}", Android.UPLOAD, until="url"),
    Call("PUT", "/api/v1/media/{media}", Android.ATTACHMENT, json={"description": "very red"}, has={"description": "very red"}),
    Call("POST", "/api/v1/statuses", Android.STATUS, headers={"Idempotency-Key": "android-1"}, json={
        "status": "by Android", "media_ids": ["{media}"], "sensitive": False, "visibility": "public", "language": "en"},
        has={"media_attachments.0.description": "very red"}, keep={"said": "id"}),
    Call("POST", "/api/v1/statuses", Android.STATUS, headers={"Idempotency-Key": "android-2"}, json={
        "status": "a question", "sensitive": False, "visibility": "private",
        "poll": {"options": ["a", "b"], "expires_in": 86400, "multiple": True, "hide_totals": False}}, has={"poll.multiple": True}),
    Call("PUT", "/api/v1/statuses/{said}", Android.STATUS, json={"status": "by Android, mended", "media_ids": ["{media}"], "sensitive": False}),
    Call("GET", "/api/v1/statuses/{said}/history", [{"content": text, "created_at": text, "account": Android.ACCOUNT}]),
    Call("GET", "/api/v1/statuses/{mine}/context", Android.CONTEXT, has={"descendants.0.id": "{answer}"}),
    Call("GET", "/api/v1/accounts/relationships?id[]={bob}&id[]={carol}", [Android.RELATIONSHIP]),
    Call("GET", "/api/v1/accounts/familiar_followers?id[]={bob}", [{"id": text, "accounts": [Android.ACCOUNT]}]),
    Call("GET", "/api/v1/accounts/{bob}/featured_tags", [some]),
    Call("GET", "/api/v1/accounts/{bob}/endorsements", [Android.ACCOUNT]),
    Call("GET", "/api/v1/accounts/{bob}/statuses?limit=20&exclude_replies=true", [Android.STATUS]),
    Call("GET", "/api/v1/followed_tags?limit=100", [some]),
    Call("GET", "/api/v2/search?q=rain&type=hashtags&resolve=true", Android.SEARCH),
    Call("GET", "/api/v1/trends/statuses?limit=20", [Android.STATUS]),
    Call("GET", "/api/v1/trends/tags?limit=20", [some]),
    Call("GET", "/api/v2/suggestions?limit=40", [{"account": Android.ACCOUNT}]),
    Call("GET", "/api/v1/instance/extended_description", {"content": some}),
    Call("POST", "/api/v1/statuses/{answer}/bookmark", Android.STATUS, has={"bookmarked": True}),
    Call("POST", "/api/v1/statuses/{answer}/unbookmark", Android.STATUS, has={"bookmarked": False}),
    Call("DELETE", "/api/v1/push/subscription", {}),
    Call("POST", "/oauth/revoke", {}, json={"client_id": "{client_id}", "client_secret": "{client_secret}", "token": "{token}"}),
]

ICE_BACK = "icecubesapp://"
ICE_CUBES = [
    Call("GET", "/api/v2/instance", IceCubes.INSTANCE),
    Call("POST", "/api/v1/apps" + in_query({"client_name": "IceCubesApp", "redirect_uris": ICE_BACK, "scopes": SCOPES,
                                            "website": "https://ice.example"}), IceCubes.APP,
         has={"redirect_uri": ICE_BACK}, keep={"client_id": "client_id", "client_secret": "client_secret"}),
    Consent(ICE_BACK, style="light"),
    Call("POST", "/oauth/token", IceCubes.TOKEN, json={
        "client_id": "{client_id}", "client_secret": "{client_secret}", "code": "{code}", "grant_type": "authorization_code",
        "redirect_uri": ICE_BACK, "scope": SCOPES}, keep={"token": "access_token"}),
    Call("GET", "/api/v1/accounts/verify_credentials", IceCubes.ACCOUNT, has={"id": "{ann}"}),
    Call("GET", "/api/v1/preferences", IceCubes.PREFERENCES),
    Call("GET", "/api/v2/instance", IceCubes.INSTANCE),
    Call("GET", "/api/v1/lists", [IceCubes.LIST], sees="{list}"),
    Call("GET", "/api/v1/followed_tags", [IceCubes.TAG]),
    Call("GET", "/api/v1/timelines/home?limit=40", [IceCubes.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/timelines/home?max_id={answer}&limit=40", [IceCubes.STATUS], sees="{first}"),
    Call("GET", "/api/v1/timelines/home?min_id={answer}&limit=40", [IceCubes.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/timelines/public?local=true&limit=40", [IceCubes.STATUS]),
    Call("GET", "/api/v1/timelines/tag/rain?any%5B%5D=snow", [IceCubes.STATUS], sees="{answer}"),
    Call("GET", "/api/v1/timelines/list/{list}", [IceCubes.STATUS], sees="{newest}"),
    Call("GET", "/api/v1/markers?timeline%5B%5D=home", IceCubes.MARKERS),
    Call("POST", "/api/v1/markers?home%5Blast_read_id%5D={newest}", IceCubes.MARKERS, has={"home.last_read_id": "{newest}"}),
    Stream("protocol", subscribe=[{"stream": "user"}, {"stream": "public"}, {"stream": "public:local"}, {"stream": "direct"}], deeds=[
        ("say", "update", IceCubes.STATUS), ("edit", "status.update", IceCubes.STATUS), ("delete", "delete", text),
        ("mention", "notification", IceCubes.NOTIFICATION), ("direct", "conversation", IceCubes.CONVERSATION)]),
    Call("GET", "/api/v1/notifications?limit=30", [IceCubes.NOTIFICATION]),
    Call("GET", "/api/v2/notifications?limit=40&expand_accounts=full", IceCubes.GROUPED),
    Call("GET", "/api/v2/notifications/policy", {"for_not_following": text, "for_not_followers": text, "for_new_accounts": text,
                                                 "for_private_mentions": text, "summary": {"pending_requests_count": some}}),
    Call("GET", "/api/v1/conversations", [IceCubes.CONVERSATION]),
    Call("GET", "/api/v2/filters", [IceCubes.FILTER]),
    Call("GET", "/api/v1/custom_emojis", [IceCubes.EMOJI]),
    Call("GET", "/api/v1/follow_requests", [IceCubes.ACCOUNT]),
    Call("GET", "/api/v1/trends/tags", [IceCubes.TAG | {"following?": some}]),
    Call("GET", "/api/v1/trends/statuses?offset=0", [IceCubes.STATUS]),
    Call("GET", "/api/v1/trends/links", [IceCubes.CARD]),
    Call("GET", "/api/v1/suggestions", [IceCubes.ACCOUNT]),
    Call("GET", "/api/v1/accounts/{bob}", IceCubes.ACCOUNT),
    Call("GET", "/api/v1/accounts/{bob}/featured_tags", [some]),
    Call("GET", "/api/v1/accounts/familiar_followers?id%5B%5D={bob}", [{"id": text, "accounts": [IceCubes.ACCOUNT]}]),
    Call("GET", "/api/v1/accounts/relationships?id%5B%5D={bob}", [IceCubes.RELATIONSHIP], has={"0.following": True}),
    Call("GET", "/api/v1/accounts/{bob}/statuses?exclude_replies=true&pinned=false", [IceCubes.STATUS]),
    Call("POST", "/api/v1/accounts/{bob}/note", IceCubes.RELATIONSHIP, json={"comment": "a friend"}, has={"note": "a friend"}),
    Call("GET", "/api/v1/statuses/{mine}/context", IceCubes.CONTEXT, has={"descendants.0.id": "{answer}"}),
    Call("GET", "/api/v2/search?q=bob&limit=20&resolve=true", IceCubes.SEARCH, has={"accounts.0.id": "{bob}"}),
    Call("POST", "/api/v2/media", IceCubes.ATTACHMENT, files={"file": ("file", PICTURE[1], "image/png")}, keep={"media": "id"}),
    Call("GET", "/api/v1/media/{media}", IceCubes.ATTACHMENT, until="url"),
    Call("PUT", "/api/v1/media/{media}", IceCubes.ATTACHMENT, json={"description": "red"}, has={"description": "red"}),
    Call("POST", "/api/v1/statuses", IceCubes.STATUS, json={
        "status": "by IceCubes", "visibility": "public", "media_ids": ["{media}"], "language": "en",
        "media_attributes": [{"id": "{media}", "description": "red"}]}, has={"media_attachments.0.description": "red"}, keep={"said": "id"}),
    Call("PUT", "/api/v1/statuses/{said}", IceCubes.STATUS, json={"status": "by IceCubes, mended", "visibility": "public", "media_ids": ["{media}"]}),
    Call("GET", "/api/v1/statuses/{said}/history", [{"content": text, "created_at": text, "emojis": [IceCubes.EMOJI]}]),
    Call("POST", "/api/v1/statuses/{answer}/favourite", IceCubes.STATUS, has={"favourited": True}),
    Call("POST", "/api/v1/push/subscription" + in_query(flat(subscription(policy="all"))), IceCubes.PUSH, has={"alerts.mention": True}),
    Call("GET", "/api/v1/push/subscription", IceCubes.PUSH, has={"endpoint": ENDPOINT}),
    Call("DELETE", "/api/v1/push/subscription", {}),
    Call("DELETE", "/api/v1/statuses/{said}", some),
]

# Name, how its requests are sent, the table.
APPS = {
    "phanpy": ({"origin": "https://phanpy.example"}, PHANPY),
    "elk": ({"origin": ELK}, ELK_TABLE),
    "pinafore": ({"origin": "https://pinafore.example"}, PINAFORE),
    "enafore": ({"origin": "https://enafore.example"}, ENAFORE),
    "tusky": ({"json_type": "application/json; charset=UTF-8"}, TUSKY),
    "android": ({"json_type": "application/json;charset=utf-8"}, ANDROID),
    "icecubes": ({}, ICE_CUBES),
}
