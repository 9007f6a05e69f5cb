# SPDX-License-Identifier: MIT
"""Plays an app: sends what the app sends, as it sends it, and takes the answers as strictly as the app does.

A table of boot_apps.py is a list of rows: Call (a request), Consent (the app's way through the consent page) and Stream
(a WebSocket). Words in braces are filled in from what is known by then: what rows kept of their answers, and the world."""
import base64
import hashlib
import json
import os
import re
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from app_models import decode
from consent import code_of, open_and_agree
from player import png
from support import log_in
from wsclient import Socket

SIMPLE_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
SIMPLE_METHODS = ("GET", "HEAD", "POST")


@dataclass
class Call:
    """gives: the model of the answer. keep: {known: path in the answer}. sees: an id that the listed items must have.
    until: asked again until this field is not null. server: sent by the app's own server, not by the browser."""
    method: str
    path: str
    gives: object = None
    form: dict = None
    json: dict = None
    files: dict = None
    headers: dict = field(default_factory=dict)
    keep: dict = field(default_factory=dict)
    status: int = 200
    sees: str = None
    until: str = None
    has: dict = field(default_factory=dict)
    server: bool = False
    signed: bool = True

    @property
    def name(self):
        return "%s %s" % (self.method, self.path)


@dataclass
class Consent:
    """style: how the app writes the query: plus (a space is +), percent, or light (: and / as they are)."""
    back: str
    style: str = "plus"
    pkce: bool = False
    state: str = None
    name: str = "consent"


@dataclass
class Stream:
    """by: how the token is shown (protocol, query or header). deeds: (what happens, event, model of its payload)."""
    by: str
    deeds: list
    query: str = ""
    subscribe: list = field(default_factory=list)
    name: str = "stream"


def at_path(value, path):
    for part in path.split("."):
        value = value[int(part)] if part.isdigit() and isinstance(value, list) else value[part]
    return value


def query_of(pairs, style):
    if style == "plus":
        return urlencode(pairs)
    return "&".join("%s=%s" % (k, quote(v, safe=":/" if style == "light" else "")) for k, v in pairs)


class World:
    """ann, whose app it is; bob and carol, who give her something to see. Known: ids of what they did."""

    def __init__(self, k):
        self.k = k
        for name in ("ann", "bob", "carol"):
            k.account(name)
        self.tokens = {name: k.token(name) for name in ("ann", "bob", "carol")}
        self.known = {"host": k.url.split("//")[1], "url": k.url}
        for name in self.tokens:
            self.known[name] = self.do(name, "GET", "/api/v1/accounts/verify_credentials")["id"]
        self.people()
        self.kwips()

    def do(self, who, method, path, status=200, **options):
        answer = self.k.api(method, path, self.tokens[who], **options)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text[:300])
        return answer.json()

    def say(self, who, text, **more):
        return self.do(who, "POST", "/api/v1/statuses", json=dict(status=text, **more))["id"]

    def people(self):
        for who, whom in (("ann", "bob"), ("bob", "ann"), ("carol", "ann"), ("bob", "carol")):
            self.do(who, "POST", "/api/v1/accounts/%s/follow" % self.known[whom])
        self.do("bob", "PATCH", "/api/v1/accounts/update_credentials", files={"avatar": ("a.png", png(60, 60), "image/png")},
                data={"display_name": "Bob", "note": "about #rain", "fields_attributes[0][name]": "home",
                      "fields_attributes[0][value]": "https://bob.example"})
        made = self.do("ann", "POST", "/api/v1/lists", json={"title": "few"})
        self.known["list"] = made["id"]
        self.do("ann", "POST", "/api/v1/lists/%s/accounts" % made["id"], json={"account_ids": [self.known["bob"]]})
        self.do("ann", "POST", "/api/v2/filters", json={"title": "wet", "context": ["home"], "filter_action": "warn",
                                                        "keywords_attributes": [{"keyword": "drizzle", "whole_word": True}]})
        self.do("ann", "POST", "/api/v1/tags/rain/follow")

    def kwips(self):
        """One of every kind that a home can show, newest last."""
        know = self.known
        know["mine"] = self.say("ann", "my first")
        know["first"] = self.say("bob", "number 0")
        for i in range(1, 25):
            know["early"] = self.say("bob", "number %d" % i)
        picture = self.do("bob", "POST", "/api/v1/media", files={"file": ("p.png", png(80, 60), "image/png")},
                          data={"description": "red", "focus": "0.1,-0.1"})
        self.say("bob", "a picture", media_ids=[picture["id"]], sensitive=True)
        self.say("bob", "which?", poll={"options": ["x", "y"], "expires_in": 3600})
        self.say("bob", "which ones?", poll={"options": ["x", "y"], "expires_in": 3600, "multiple": True, "hide_totals": True})
        self.say("bob", "https://rain.example/a/long/way/to/go a drizzle", spoiler_text="wet", language="en")
        self.do("bob", "POST", "/api/v1/statuses/%s/reblog" % self.say("carol", "boost me #Rain"))
        know["answer"] = self.say("bob", "@ann hello #Rain", in_reply_to_id=know["mine"])
        self.do("bob", "PUT", "/api/v1/statuses/" + know["answer"], json={"status": "@ann hello again #Rain"})
        know["secret"] = self.say("bob", "@ann in secret", visibility="direct")
        for mark in ("favourite", "reblog"):
            self.do("bob", "POST", "/api/v1/statuses/%s/%s" % (know["mine"], mark))
        know["newest"] = self.say("bob", "the newest")

    # -- what happens while an app listens --

    def happens(self, deed):
        return getattr(self, "deed_" + deed)()

    def deed_say(self):
        self.known["live"] = self.say("bob", "live #rain")

    def deed_edit(self):
        self.do("bob", "PUT", "/api/v1/statuses/" + self.known["live"], json={"status": "live and changed"})

    def deed_delete(self):
        self.do("bob", "DELETE", "/api/v1/statuses/" + self.known["live"])

    def deed_mention(self):
        self.say("bob", "@ann are you there?")

    def deed_direct(self):
        self.say("bob", "@ann in secret again", visibility="direct")


class Boot:
    """One run of an app. origin: of the page, when the app runs in a browser."""

    def __init__(self, world, origin=None, json_type="application/json"):
        self.world, self.k, self.origin, self.json_type = world, world.k, origin, json_type
        self.known = dict(world.known, verifier=base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode())

    def fill(self, value):
        """Words in braces are what is known; a word alone keeps its type."""
        if isinstance(value, dict):
            return {self.fill(k): self.fill(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.fill(v) for v in value]
        if isinstance(value, str):
            return re.sub(r"\{(\w+)\}", lambda m: str(self.known[m[1]]), value)
        return value

    def play(self, row):
        {Call: self.call, Consent: self.agree, Stream: self.listen}[type(row)](row)

    # -- requests --

    def headers_of(self, row):
        headers = self.fill(row.headers)
        if row.signed and "token" in self.known:
            headers["Authorization"] = "Bearer " + self.known["token"]
        if row.json is not None:
            headers["Content-Type"] = self.json_type
        if self.origin and not row.server:
            headers["Origin"] = self.origin
        return headers

    def body_of(self, row):
        if row.json is not None:
            return {"data": json.dumps(self.fill(row.json)).encode()}
        if row.files is not None:
            return {"files": {n: v if isinstance(v, tuple) else (None, self.fill(v)) for n, v in row.files.items()}}
        return {"data": self.fill(row.form)} if row.form is not None else {}

    def preflight(self, row, path, headers):
        """As browsers do, when they do."""
        plain = {"Accept", "Content-Language", "Origin"}
        asks = sorted(n.lower() for n, v in headers.items()
                      if n not in plain and not (n == "Content-Type" and v.split(";")[0] in SIMPLE_TYPES))
        if row.method in SIMPLE_METHODS and not asks:
            return
        answer = self.k.request("OPTIONS", path, headers={
            "Origin": self.origin, "Access-Control-Request-Method": row.method, "Access-Control-Request-Headers": ",".join(asks)})
        get = lambda name: {v.strip().lower() for v in answer.headers.get(name, "").split(",")}  # noqa: E731
        assert answer.status_code in (200, 204), "preflight: %d" % answer.status_code
        assert get("Access-Control-Allow-Origin") & {"*", self.origin}, "preflight: no Access-Control-Allow-Origin"
        assert row.method in SIMPLE_METHODS or row.method.lower() in get("Access-Control-Allow-Methods"), "preflight: no " + row.method
        missing = set(asks) - get("Access-Control-Allow-Headers")
        assert not missing, "preflight: may not send %s" % sorted(missing)

    def check_cors(self, answer):
        assert answer.headers.get("Access-Control-Allow-Origin") in ("*", self.origin), "no Access-Control-Allow-Origin"
        assert "Set-Cookie" not in answer.headers, "a cookie for an app"
        assert answer.headers.get("Cross-Origin-Resource-Policy", "cross-origin") == "cross-origin"
        exposed = answer.headers.get("Access-Control-Expose-Headers", "").lower()
        assert "link" in exposed or "Link" not in answer.headers, "Link is not exposed"

    def send(self, row):
        path, headers = self.fill(row.path).removeprefix(self.k.url), self.headers_of(row)
        if "Origin" in headers:
            self.preflight(row, path, headers)
        answer = self.k.request(row.method, path, headers=headers, **self.body_of(row))
        expected = (200, 206) if row.until else (row.status,)
        assert answer.status_code in expected, "%d %s" % (answer.status_code, answer.text[:300])
        if "Origin" in headers:
            self.check_cors(answer)
        if "next" in answer.links:
            self.known["next"] = answer.links["next"]["url"]
        return answer

    def call(self, row):
        value = self.read(row, self.send(row))
        tries = 0
        while row.until and not value.get(row.until):
            tries += 1
            assert tries < 200, "no %s after %d tries" % (row.until, tries)
            time.sleep(0.05)
            value = self.read(row, self.send(row))
        for name, path in row.keep.items():
            self.known[name] = at_path(value, path)

    def read(self, row, answer):
        """The decoded answer, looked at as the row says."""
        if row.gives is None:
            assert answer.content, "an empty body"
            return answer
        assert answer.headers["Content-Type"].split(";")[0].endswith("json"), answer.headers["Content-Type"]
        value = decode(row.gives, answer.json())
        if row.sees:
            ids = [item["id"] for item in value]
            assert self.fill(row.sees) in ids, "%s is not among %s" % (self.fill(row.sees), ids)
        for path, expected in row.has.items():
            found = at_path(value, path)
            assert found == self.fill(expected), "%s is %r, not %r" % (path, found, self.fill(expected))
        return value

    # -- consent --

    def agree(self, row):
        back = self.fill(row.back)
        pairs = [("client_id", self.known["client_id"]), ("redirect_uri", back), ("response_type", "code"),
                 ("scope", "read write follow push")]
        if row.state:
            pairs.append(("state", row.state))
        if row.pkce:
            digest = hashlib.sha256(self.known["verifier"].encode()).digest()
            pairs += [("code_challenge", base64.urlsafe_b64encode(digest).rstrip(b"=").decode()), ("code_challenge_method", "S256")]
        asked = "/oauth/authorize?" + query_of(pairs, row.style)
        jar = log_in(self.k, "ann")[0]
        for page in self.k.get(asked, cookies={}), self.k.get(asked, cookies=jar):
            assert page.headers.get("Cross-Origin-Opener-Policy", "unsafe-none") == "unsafe-none", "a popup would lose its opener"
        self.check_way_back(page, back)
        answer = open_and_agree(self.k, asked, jar)
        shown = answer.headers.get("Location", "")
        assert shown.startswith(back + "?code="), "sent to %r, not back to %r" % (shown, back)
        assert not row.state or shown.endswith("&state=" + row.state), "the state is lost: %r" % shown
        self.known["code"] = code_of(shown)

    @staticmethod
    def check_way_back(page, back):
        """A browser that obeys form-action follows a form's redirect only to where that allows it."""
        policy = re.search(r"form-action ([^;]*)", page.headers.get("Content-Security-Policy", ""))
        allowed = policy[1].split() if policy else []
        origin = re.match(r"[\w.+-]+:(//[^/?]*)?", back)[0]
        assert not policy or {"*", origin, origin.split("//")[0]} & set(allowed), "form-action %s forbids %s" % (allowed, back)

    # -- streams --

    def listen(self, row):
        query, headers = self.fill(row.query), {}
        if row.by == "query":
            query += ("&" if query else "?") + "access_token=" + self.known["token"]
        elif row.by == "protocol":
            headers["Sec-WebSocket-Protocol"] = self.known["token"]
        else:
            headers["Authorization"] = "Bearer " + self.known["token"]
        if self.origin:
            headers["Origin"] = self.origin
        s = Socket(self.k.port, "/api/v1/streaming" + query, headers)
        try:
            if row.by == "protocol":
                assert s.headers.get("sec-websocket-protocol") == self.known["token"], "the subprotocol is not echoed"
            for message in row.subscribe:
                s.say(type="subscribe", **self.fill(message))
            for deed, event, model in row.deeds:
                self.hear(s, deed, event, model)
        finally:
            s.close()

    def hear(self, s, deed, event, model):
        self.world.happens(deed)
        heard = []
        while True:
            try:
                got = s.next()
            except socket.timeout:
                raise AssertionError("%s: no %s, only %s" % (deed, event, heard)) from None
            heard.append(got["event"])
            if got["event"] == event:
                payload = got["payload"] if event == "delete" else json.loads(got["payload"])
                return decode(model, payload, "%s of %s" % (event, got["stream"]))
