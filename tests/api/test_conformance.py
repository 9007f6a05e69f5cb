# SPDX-License-Identifier: MIT
"""That the checks of answers (answers.py, witness.py) see what they should: every route has its shape, strict apps are
served, a wrong answer is noticed, and the witness changes nothing."""
import http.server
import json
import os
import sys
import threading

import pytest

from answers import ROWS, Answer, check_answer, check_event, check_message, is_api, row_of
from entities import ANDROID, ENTITIES, ICECUBES, INTEGERS, TUSKY
from kwipd import Kwipd, wait_for
from player import png
from shapes import Left, Null
from support import Raw, routes
from witness import COMPLAINTS, Witness, witnessed
from wsclient import Events, Socket

VERIFY = "/api/v1/accounts/verify_credentials"


# -- the table --

def test_every_route_has_its_shape():
    there = {(r["method"], r["path"]) for r in routes() if is_api(r["path"]) or r["path"].startswith("/oauth") or r["path"] == "/health"}
    told = {(method, row.path) for row in ROWS for method in row.methods}
    assert there - told == set(), "routes without a row in answers.py"
    assert {row.path for row in ROWS} - {path for _, path in there} == set(), "rows without a route"
    assert all(row_of(*route) for route in there)


def test_names_go_before_parameters():
    assert row_of("GET", "/api/v1/accounts/lookup").path == "/api/v1/accounts/lookup"
    assert row_of("GET", "/api/v1/accounts/1/").path == "/api/v1/accounts/:id"
    assert row_of("PUT", "/api/v1/profile") is row_of("PATCH", "/api/v1/profile")
    assert row_of("GET", "/api/v1/nothing") is None


# -- what apps insist on --

def field_of(entity, path):
    kind = ENTITIES[entity]
    for name in path.split("."):
        assert name in kind, "%s has no %s" % (entity, path)
        kind = kind[name]
        assert not isinstance(kind, (Null, Left)), "%s.%s may be null or left out" % (entity, path)
    return kind


@pytest.mark.parametrize("app", [TUSKY, ANDROID, ICECUBES], ids=["Tusky", "Android", "IceCubes"])
def test_fields_that_an_app_refuses_to_miss(app):
    for entity, fields in app.items():
        for path in fields.split():
            field_of(entity, path)


def test_numbers_that_must_be_numbers():
    for entity, fields in INTEGERS.items():
        for path in fields.split():
            assert field_of(entity, path) is int, (entity, path)


# -- a wrong answer is noticed --

@pytest.fixture(scope="module")
def good(shared):
    """An answer to spoil."""
    shared.account("ann")
    token = shared.token("ann")
    shared.say(token, "hello #tag")
    answer = shared.api("GET", "/api/v1/timelines/home?limit=1", token)
    return answer, token


def spoilt(good, target="/api/v1/timelines/home?limit=1", method="GET", status=200, **change):
    answer, token = good
    value = json.loads(answer.text)
    headers = dict(answer.headers, **change.pop("headers", {}))
    change.pop("spoil", lambda v: None)(value)
    body = change.pop("body", json.dumps(value).encode())
    return Answer(method, target, {"Authorization": "Bearer " + token}, status,
                  {k: v for k, v in headers.items() if v is not None}, body)


def test_the_unspoilt_answer_passes(good):
    check_answer(spoilt(good))
    check_answer(spoilt(good, target="/about", status=204, body=b""))


SPOILT = {
    "account.acct is missing": dict(spoil=lambda v: v[0]["account"].pop("acct")),
    "url: None is not like": dict(spoil=lambda v: v[0]["account"].update(avatar=None)),
    "replies_count: a count": dict(spoil=lambda v: v[0].update(replies_count="1")),
    "reblogs_count: a count": dict(spoil=lambda v: v[0].update(reblogs_count=2 ** 31)),
    "created_at: '2026-01-01T00:00:00Z'": dict(spoil=lambda v: v[0].update(created_at="2026-01-01T00:00:00Z")),
    "id: 5 is not like": dict(spoil=lambda v: v[0].update(id=5)),
    "favourited is missing": dict(spoil=lambda v: v[0].pop("favourited")),
    "tags: an array": dict(spoil=lambda v: v[0].update(tags=None)),
    "nobody declared: ['extra']": dict(spoil=lambda v: v[0].update(extra=1)),
    "Content-Type": dict(headers={"Content-Type": "text/html"}),
    "Access-Control-Allow-Origin": dict(headers={"Access-Control-Allow-Origin": None}),
    "only ['X-RateLimit-Limit']": dict(headers={"X-RateLimit-Limit": "3"}),
    "an empty body": dict(body=b""),
    "204": dict(status=204, body=b""),
    "a name stands twice": dict(body=b'[{"id":"1","id":"2"}]'),
    "Expecting value": dict(body=b"[nonsense]"),
    "not a status of this route": dict(status=202),
    "Error.error is missing": dict(status=404, body=b"{}"),
    "no row of answers.py": dict(target="/api/v1/nothing"),
    "a count, not": dict(target="/api/v1/notifications/unread_count", body=b'{"count":null}'),
    "a Link on an empty page": dict(body=b"[]", headers={"Link": '<http://x/api/v1/timelines/home?max_id=1&limit=1>; rel="next"'}),
    "Link: ": dict(headers={"Link": '<http://x/api/v1/timelines/home?max_id=1&limit=1>; rel=next'}),
    "Link leads elsewhere": dict(headers={"Link": '<http://x/api/v1/timelines/public?max_id=1&limit=1>; rel="next"'}),
    "Link forgets the limit": dict(headers={"Link": '<http://x/api/v1/timelines/home?max_id=1>; rel="next"'}),
    "Link without a cursor": dict(headers={"Link": '<http://x/api/v1/timelines/home?limit=1>; rel="next"'}),
}


@pytest.mark.parametrize("sentence", SPOILT)
def test_a_spoilt_answer_is_noticed(good, sentence):
    change = dict(SPOILT[sentence])
    if sentence.startswith("url:"):
        sentence = "avatar: None is not like"
    with pytest.raises(AssertionError) as e:
        check_answer(spoilt(good, **change))
    assert sentence in str(e.value)


@pytest.mark.parametrize("check, given", [
    (check_event, ("update", "{}")), (check_event, ("update", None)), (check_event, ("delete", "x1")),
    (check_event, ("nonsense", None)), (check_message, ({"stream": ["user"], "event": "update", "payload": "{}"},)),
    (check_message, ({"stream": ["hashtag"], "event": "delete", "payload": "1"},)),
    (check_message, ({"stream": ["weather"], "event": "delete", "payload": "1"},)),
    (check_message, ({"error": "no"},)), (check_message, ([],)),
])
def test_a_spoilt_event_is_noticed(check, given):
    with pytest.raises(AssertionError):
        check(*given)


# -- the witness --

class Liar(http.server.BaseHTTPRequestHandler):
    """Answers that kwipd would not give."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body, kind = b'{"uri":null}', "application/json"
        if "streaming" in self.path:
            body, kind = b":)\n\nevent: update\ndata: {}\n\n", "text/event-stream"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def liar():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    server.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_witness_complains_of_answers_and_events(liar):
    with Witness(liar) as w:
        with Raw(w) as c:
            c.send("GET /api/v1/instance HTTP/1.1\r\nHost: x\r\n\r\n")
            assert c.answer()[2] == b'{"uri":null}', "it is passed on all the same"
            c.send("GET /api/v1/streaming/user HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\n\r\n")
            wait_for(lambda: len(w.complaints) > 1)
        assert "V1::Instance.uri" in w.complaints[0] and "update: Status of viewer.id is missing" in w.complaints[1]
        assert w.complaints == COMPLAINTS
        COMPLAINTS.clear()


@pytest.fixture(scope="module")
def site():
    with witnessed() as (k, w):
        k.account("ann")
        yield k, w, k.token("ann")


def test_a_witness_changes_nothing(site):
    k, w, token = site
    through = k.api("GET", VERIFY, token)
    with Raw(k) as c:
        c.send("GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept-Encoding: gzip\r\n\r\n" % (VERIFY, token))
        status, headers, body = c.answer()
    assert status == through.status_code == 200
    assert {n.lower() for n in through.headers} == set(headers) and headers["content-length"] == through.headers["Content-Length"]
    assert through.json()["url"] == w.url + "/@ann", "addresses are the witness's"
    assert w.exchanges[-1].path == VERIFY and json.loads(w.exchanges[-1].body) == through.json()


def test_a_witness_passes_uploads_pages_and_unread_bodies(site):
    k, w, token = site
    media = k.api("POST", "/api/v2/media", token, files={"file": ("a.png", png(400, 300), "image/png")})
    assert media.status_code in (200, 202)
    assert k.get("/about").status_code == 200
    assert k.request("HEAD", "/api/v1/instance").status_code == 200
    assert k.request("OPTIONS", "/api/v1/statuses").status_code == 204
    with Raw(w) as c:
        c.send("POST /api/v1/statuses HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
               "Transfer-Encoding: chunked\r\n\r\n9\r\n{\"status\"\r\n9\r\n:\"parts\"}\r\n0\r\n\r\n" % token)
        assert json.loads(c.answer()[2])["content"] == "<p>parts</p>"


def test_a_witness_passes_streams(site):
    k, w, token = site
    socket = Socket(w.port, "/api/v1/streaming?stream=user", {"Authorization": "Bearer " + token})
    events = Events(w.port, "/api/v1/streaming/user", token)
    assert events.status == 200
    said = k.say(token, "live")
    assert json.loads(socket.next()["payload"])["id"] == said["id"] == json.loads(events.next()[1])["id"]
    socket.frame(9, b"hello")
    assert socket.next_frame() == (10, b"hello")
    assert [e[1][0] if isinstance(e[1], tuple) else json.loads(e[1])["event"] for e in w.events] == ["update", "update"]
    socket.close()
    events.close()
    wait_for(lambda: not [x for x in w.open if x.client.sock.fileno() < 0])
