# SPDX-License-Identifier: MIT
"""Live streams: who may, what arrives where, and what ends them."""
import io
import json
import os
import statistics
import sys
import time

import pytest
from PIL import Image

from entities import check, check_error
from kwipd import Kwipd, wait_for

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from wsclient import Events, Refused, Socket  # noqa: E402

PATH = "/api/v1/streaming"


class Site:
    def __init__(self, k):
        self.k, self.n, self.open = k, 0, []

    def person(self, scopes=None):
        self.n += 1
        self.k.account("p%d" % self.n)
        token = self.k.token("p%d" % self.n, scopes)
        return token, self.k.api("GET", "/api/v1/accounts/verify_credentials", self.k.token("p%d" % self.n)).json()["id"]

    def post(self, path, token, status=200, **body):
        answer = self.k.api("POST", path, token, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def socket(self, token, query="", **headers):
        self.open.append(Socket(self.k.port, PATH + query, dict({"Authorization": "Bearer " + token}, **headers)))
        return self.open[-1]

    def settle(self, s):
        """What was said on the socket before is done."""
        s.say(type="subscribe", stream="nonsense")
        assert s.next()["status"] == 400

    def events(self, token, path):
        self.open.append(Events(self.k.port, PATH + path, token))
        return self.open[-1]


@pytest.fixture(scope="module")
def shared_site():
    with Kwipd() as k:
        yield Site(k)


@pytest.fixture
def site(shared_site):
    yield shared_site
    for stream in shared_site.open:
        stream.close()
    shared_site.open = []


def test_tokens_by_header_query_and_subprotocol(site):
    token, _ = site.person()
    site.socket(token)
    Socket(site.k.port, "%s?stream=user&access_token=%s" % (PATH, token)).close()
    echoed = Socket(site.k.port, PATH + "?stream=user", {"Sec-WebSocket-Protocol": token})
    assert echoed.headers["sec-websocket-protocol"] == token
    echoed.close()
    for headers in {}, {"Authorization": "Bearer wrong"}, {"Sec-WebSocket-Protocol": "wrong"}:
        with pytest.raises(Refused) as e:
            Socket(site.k.port, PATH, headers)
        assert e.value.status == 401
    check_error(site.k.api("GET", PATH, token), 404)
    check_error(site.k.api("GET", PATH + "/user"), 401)
    check_error(site.k.api("GET", PATH + "/weather", token), 404)
    assert site.k.api("GET", PATH + "/health").text == "OK"


def test_home_arrives_edited_and_deleted(site):
    me, my_id = site.person()
    other, other_id = site.person()
    site.post("/api/v1/accounts/%s/follow" % other_id, me)
    s = site.socket(me, "?stream=user")
    said = site.k.say(other, "live")
    got = s.next()
    assert got["stream"] == ["user"] and got["event"] == "update"
    status = check("Status of viewer", json.loads(got["payload"]))
    assert status["id"] == said["id"] and status["favourited"] is False
    mine = site.k.say(me, "my own")
    assert json.loads(s.next()["payload"])["id"] == mine["id"]
    site.k.api("PUT", "/api/v1/statuses/" + said["id"], other, json={"status": "changed"})
    got = s.next()
    assert got["event"] == "status.update" and "changed" in json.loads(got["payload"])["content"]
    site.k.api("DELETE", "/api/v1/statuses/" + said["id"], other)
    assert s.next() == {"stream": ["user"], "event": "delete", "payload": said["id"]}


def test_notifications_come_on_both_streams(site):
    me, my_id = site.person()
    other, _ = site.person()
    both = site.socket(me, "?stream=user")
    only = site.socket(me, "?stream=user:notification")
    site.post("/api/v1/accounts/%s/follow" % my_id, other)
    for s in both, only:
        got = s.next()
        assert got["event"] == "notification"
        assert check("Notification", json.loads(got["payload"]))["type"] == "follow"


def test_public_tag_list_and_direct(site):
    me, my_id = site.person()
    other, other_id = site.person()
    site.post("/api/v1/accounts/%s/follow" % other_id, me)
    made = site.post("/api/v1/lists", me, title="few")
    site.post("/api/v1/lists/%s/accounts" % made["id"], me, account_ids=[other_id])
    s = site.socket(me)
    s.say(type="subscribe", stream="public")
    s.say(type="subscribe", stream="public:local")
    s.say(type="subscribe", stream="hashtag", tag="Rain")
    s.say(type="subscribe", stream="list", list=made["id"])
    s.say(type="subscribe", stream="direct")
    s.say(type="subscribe", stream="public")
    s.say(type="subscribe", stream="nonsense")
    assert s.next() == {"error": "Unknown stream type", "status": 400}
    said = site.k.say(other, "all of them #rain")
    got = [s.next() for _ in range(4)]
    assert sorted(g["stream"] for g in got) == [["hashtag", "Rain"], ["list", made["id"]], ["public"], ["public:local"]]
    assert {json.loads(g["payload"])["id"] for g in got} == {said["id"]}
    name = site.k.api("GET", "/api/v1/accounts/" + my_id).json()["username"]
    site.k.say(other, "@%s only you" % name, visibility="direct")
    got = [s.next() for _ in range(2)]
    talk = [g for g in got if g["event"] == "conversation"]
    assert talk and check("Conversation", json.loads(talk[0]["payload"]))["unread"] is True
    s.say(type="unsubscribe", stream="public")
    s.say(type="unsubscribe", stream="list", list=made["id"])
    s.say(type="subscribe", stream="hashtag", tag="")
    assert s.next()["status"] == 400
    site.k.say(other, "less")
    assert s.next()["stream"] == ["public:local"]


def test_events_by_sse(site):
    me, _ = site.person()
    s = site.events(me, "/public/local")
    assert s.status == 200 and s.headers["content-type"].startswith("text/event-stream")
    assert s.headers["access-control-allow-origin"] == "*"
    said = site.k.say(me, "a\nb")
    event, data = s.next()
    assert event == "update" and json.loads(data)["id"] == said["id"]


def test_who_is_blocked_or_muted_is_not_heard(site):
    me, _ = site.person()
    other, other_id = site.person()
    third, _ = site.person()
    s = site.socket(me, "?stream=public")
    site.post("/api/v1/accounts/%s/mute" % other_id, me)
    site.k.say(other, "muted")
    heard = site.k.say(third, "heard")
    assert json.loads(s.next()["payload"])["id"] == heard["id"]


def test_announcements_and_what_is_thought_of_them(site):
    me, _ = site.person()
    other, _ = site.person()
    one, two = site.socket(me, "?stream=user"), site.socket(other, "?stream=user")
    elsewhere = site.socket(me, "?stream=public")
    id = site.k.run("announce", "news").stdout.strip()
    for s in one, two:
        got = s.next()
        assert got["event"] == "announcement" and check("Announcement", json.loads(got["payload"]))["id"] == id
    path = "/api/v1/announcements/%s/reactions/" % id

    def counts():
        got = [s.next() for s in (one, two)]
        assert all(g["event"] == "announcement.reaction" and g["stream"] == ["user"] for g in got)
        assert got[0]["payload"] == got[1]["payload"]
        reaction = json.loads(got[0]["payload"])
        assert reaction["announcement_id"] == id
        return reaction["name"], reaction["count"]

    site.k.api("PUT", path + "\N{THUMBS UP SIGN}", me)
    assert counts() == ("\N{THUMBS UP SIGN}", 1)
    site.k.api("PUT", path + "\N{THUMBS UP SIGN}", other)
    assert counts() == ("\N{THUMBS UP SIGN}", 2)
    site.k.api("PUT", path + "\N{PARTY POPPER}", other)
    assert counts() == ("\N{PARTY POPPER}", 1)
    site.k.api("DELETE", path + "\N{PARTY POPPER}", other)
    assert counts() == ("\N{PARTY POPPER}", 0)
    # Who comes later is told of what changes from then on.
    third, _ = site.person()
    late = site.socket(third, "?stream=user")
    site.k.api("DELETE", path + "\N{THUMBS UP SIGN}", me)
    assert counts() == ("\N{THUMBS UP SIGN}", 1) and json.loads(late.next()["payload"])["count"] == 1
    site.k.run("announce", "--delete", id)
    for s in one, two, late:
        assert s.next() == {"stream": ["user"], "event": "announcement.delete", "payload": id}
    heard = site.k.say(me, "the next thing")
    assert json.loads(elsewhere.next()["payload"])["id"] == heard["id"]


def test_merged_notifications_and_changed_filters(site):
    me, my_id = site.person()
    stranger, _ = site.person()
    name = "p%d" % (site.n - 1)
    s = site.socket(me, "?stream=user")
    site.post("/api/v2/filters", me, title="none", context=["home"], keywords_attributes=[{"keyword": "xyzzy"}])
    assert s.next() == {"stream": ["user"], "event": "filters_changed"}
    site.k.api("PATCH", "/api/v2/notifications/policy", me, json={"for_not_following": "filter"})
    site.k.say(stranger, "hey @" + name)
    asked = site.k.api("GET", "/api/v1/notifications/requests", me).json()
    site.post("/api/v1/notifications/requests/%s/accept" % asked[0]["id"], me)
    got = s.next()
    while got["event"] == "filters_changed":  # once for each part of the filter
        got = s.next()
    assert got == {"stream": ["user"], "event": "notifications_merged", "payload": "1"}


def test_edits_and_deletions_go_where_the_status_went(site):
    me, _ = site.person()
    other, other_id = site.person()
    site.post("/api/v1/accounts/%s/follow" % other_id, me)
    made = site.post("/api/v1/lists", me, title="few")["id"]
    site.post("/api/v1/lists/%s/accounts" % made, me, account_ids=[other_id])
    where = {("hashtag", "Snow"), ("hashtag:local", "snow"), ("list", made), ("public",), ("public:local",)}
    s = site.socket(me)
    for name, *more in where:
        s.say(type="subscribe", stream=name, **({"list": made} if name == "list" else {"tag": more[0]} if more else {}))
    site.settle(s)
    said = site.k.say(other, "white #snow and #ice")["id"]

    def heard(event):
        got = [s.next() for _ in where]
        assert {tuple(g["stream"]) for g in got} == where and {g["event"] for g in got} == {event}, got
        return {g["payload"] for g in got}

    heard("update")
    site.k.api("PUT", "/api/v1/statuses/" + said, other, json={"status": "whiter #snow"})
    assert all("whiter" in json.loads(p)["content"] for p in heard("status.update"))
    site.k.api("DELETE", "/api/v1/statuses/" + said, other)
    assert heard("delete") == {said}


def test_media_streams_take_media_alone(site):
    me, _ = site.person()
    s = site.socket(me)
    for name in "public:media", "public:local:media":
        s.say(type="subscribe", stream=name)
    site.settle(s)
    only = site.socket(me, "?stream=public&only_media=true")
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    media = site.k.api("POST", "/api/v2/media", me, files={"file": ("x.png", out.getvalue())}).json()["id"]
    site.k.say(me, "no picture")
    said = site.k.say(me, "a picture", media_ids=[media])["id"]
    got = [s.next(), s.next()]
    assert sorted(g["stream"][0] for g in got) == ["public:local:media", "public:media"]
    assert {json.loads(g["payload"])["id"] for g in got} == {said}
    assert json.loads(only.next()["payload"])["id"] == said


def test_limited_people_are_heard_at_home_alone(site):
    site.k.account("boss", "--admin")
    boss = site.k.token("boss", "read write admin:write")
    me, _ = site.person()
    stranger, _ = site.person()
    quiet, quiet_id = site.person()
    site.post("/api/v1/accounts/%s/follow" % quiet_id, me)
    site.post("/api/v1/tags/hush/follow", stranger)
    home, away = site.socket(me, "?stream=user"), site.socket(stranger, "?stream=user")
    for name in "public", "public:local":
        away.say(type="subscribe", stream=name)
    away.say(type="subscribe", stream="hashtag", tag="hush")
    site.settle(away)
    site.post("/api/v1/admin/accounts/%s/action" % quiet_id, boss, type="silence")
    said = site.k.say(quiet, "psst #hush")["id"]
    assert json.loads(home.next()["payload"])["id"] == said
    site.k.api("POST", "/api/v1/admin/accounts/%s/unsilence" % quiet_id, boss)
    loud = site.k.say(quiet, "again #hush")["id"]
    got = [away.next() for _ in range(4)]
    assert {json.loads(g["payload"])["id"] for g in got} == {loud}, "nothing of before"


def test_warnings_arrive_live(site):
    site.k.run("account", "add", "chief", "--admin")
    chief = site.k.token("chief", "read write admin:write")
    me, my_id = site.person()
    s = site.socket(me, "?stream=user:notification")
    site.post("/api/v1/admin/accounts/%s/action" % my_id, chief, type="none", text="mind the rules")
    got = check("Notification", json.loads(s.next()["payload"]))
    assert got["type"] == "moderation_warning" and got["moderation_warning"]["text"] == "mind the rules"


def test_scopes(site):
    with pytest.raises(Refused) as e:
        site.socket(site.person("write")[0])
    assert e.value.status == 403
    s = site.socket(site.person("read")[0], "?stream=user:notification")
    s.close()
    scopes = "Access token does not have the required scopes"
    teller, _ = site.person()
    for token, id, heard, unheard in (site.person("read:statuses") + ("public", "user:notification"),
                                      site.person("read:notifications") + ("user:notification", "public")):
        s = site.socket(token)
        s.say(type="subscribe", stream=unheard)
        assert s.next() == {"error": scopes, "status": 401}
        s.say(type="subscribe", stream=heard)
        name = site.k.api("GET", "/api/v1/accounts/" + id).json()["username"]
        site.k.say(teller, "hello @" + name)
        assert s.next()["stream"] == [heard]
        answer = site.k.api("GET", PATH + "/" + unheard.replace(":", "/"), token)
        assert check_error(answer, 401) == scopes


def test_home_without_notifications_for_who_may_not_read_them(site):
    token, id = site.person("read:statuses")
    teller, _ = site.person()
    s = site.socket(token, "?stream=user")
    site.post("/api/v1/accounts/%s/follow" % id, teller)
    name = site.k.api("GET", "/api/v1/accounts/" + id).json()["username"]
    own = site.k.say(site.k.token(name), "own")
    got = s.next()
    assert (got["event"], json.loads(got["payload"])["id"]) == ("update", own["id"]), "no notification of the follow"


def test_several_frames_in_a_row_are_active_before_the_next_write(site):
    me, _ = site.person()
    for other in None, b"[]", b'{"type":"weird","stream":"user"}', b'{"type":1}', b'"x"':
        s = site.socket(me)
        if other:
            s.frame(1, other)
        s.say(type="subscribe", stream=["user", "public"])
        s.say(type="subscribe", stream="user")
        s.say(type="subscribe", stream="public")
        said = site.k.say(me, "at once")
        got = [s.next() for _ in range(2)]
        assert sorted(g["stream"] for g in got) == [["public"], ["user"]] and s.idle()
        assert {json.loads(g["payload"])["id"] for g in got} == {said["id"]}
        s.close()


def test_bad_names_in_the_address(site):
    me, _ = site.person()
    for query, why in (("?stream=nonsense", "Unknown stream type"), ("?stream=hashtag", "Missing tag name parameter"),
                       ("?stream=list&list=1", "Not authorized to stream this list")):
        with pytest.raises(Refused) as e:
            site.socket(me, query)
        assert e.value.status == 400 and why.encode() in e.value.args[1]
    for path in "/hashtag", "/hashtag?tag=", "/list?list=1":
        check_error(site.k.api("GET", PATH + path, me), 400)
    for path in ("/user", "/user/notification", "/public", "/public/local", "/public/remote?only_media=true",
                 "/hashtag?tag=x", "/hashtag/local?tag=x", "/direct"):
        s = site.events(me, path)
        assert s.status == 200 and s.headers["cache-control"] == "no-store" and s.file.readline() == b":)\n", path


def test_a_token_given_back_ends_its_streams(make_kwipd):
    k = make_kwipd(password_grant="on")
    password = k.account("ann")
    app = k.request("POST", "/api/v1/apps", json={"client_name": "x", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob"}).json()
    keys = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    token = k.request("POST", "/oauth/token", json=dict(
        keys, grant_type="password", username="ann", password=password, scope="read")).json()["access_token"]
    s = Socket(k.port, PATH + "?stream=user", {"Authorization": "Bearer " + token})
    other = Socket(k.port, PATH + "?stream=user", {"Authorization": "Bearer " + k.token("ann")})
    assert k.request("POST", "/oauth/revoke", json=dict(keys, token=token)).json() == {}
    with pytest.raises(EOFError):
        s.next()
    k.say(k.token("ann"), "still here")
    assert other.next()["event"] == "update"


def test_a_revoked_token_ends_its_streams():
    with Kwipd() as k:
        k.account("ann")
        s = Socket(k.port, PATH + "?stream=user", {"Authorization": "Bearer " + k.token("ann")})
        k.run("account", "suspend", "ann")
        with pytest.raises(EOFError):
            s.next()


def test_pings_are_answered_and_a_stop_says_goodbye():
    with Kwipd() as k:
        k.account("ann")
        s = Socket(k.port, PATH + "?stream=user", {"Authorization": "Bearer " + k.token("ann")})
        s.frame(9, b"hello")
        assert s.next_frame() == (10, b"hello")
        code, took = k.stop()
        assert code == 0 and took < 1.5
        with pytest.raises(EOFError) as e:
            s.next()
        assert e.value.args[0] == 1001


def test_a_slow_reader_is_dropped_and_holds_nobody(site):
    me, _ = site.person()
    quick, slow = site.socket(me, "?stream=public"), site.socket(me, "?stream=public")
    for i in range(60):
        said = site.k.say(me, "x" * 30000)
        assert json.loads(quick.next()["payload"])["id"] == said["id"]
        if "too slow" in site.k.log:
            break
    wait_for(lambda: "too slow" in site.k.log, 5)


def test_latency(site):
    me, _ = site.person()
    s, took = site.socket(me, "?stream=user"), []
    for i in range(50):
        begun = time.monotonic()
        site.k.say(me, "number %d" % i)
        s.next()
        took.append(time.monotonic() - begun)
    assert statistics.median(took) < 0.02, took
