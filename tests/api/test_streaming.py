# SPDX-License-Identifier: MIT
"""Live streams: who may, what arrives where, and what ends them."""
import json
import os
import statistics
import sys
import time

import pytest

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
