# SPDX-License-Identifier: MIT
"""Web Push from a notice to a receiver: what arrives is decrypted here by other means (RFC 8291 and the draft
before it, written down again with Python's cryptography), the sender's signature checked against the published key."""
import base64
import json
import os
import re
import sqlite3
import sys
import time

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "api")]

from entities import ALERTS as KINDS, check  # noqa: E402
from kwipd import wait_for  # noqa: E402
from receiver import Receiver  # noqa: E402
from support import Db, children, kill_nine  # noqa: E402

PATH = "/api/v1/push/subscription"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point_of(key):
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def hkdf(salt, secret, info, n):
    return HKDF(algorithm=hashes.SHA256(), length=n, salt=salt, info=info).derive(secret)


class Browser:
    """The keys of one subscription, and reading what is sent to it."""

    def __init__(self):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), os.urandom(16)
        self.point = point_of(self.key)

    def keys(self):
        return {"p256dh": b64(self.point), "auth": b64(self.auth)}

    def shared(self, point):
        return self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))

    def read_standard(self, body):
        salt, size, id_len = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, cipher = body[21:21 + id_len], body[21 + id_len:]
        assert size >= len(cipher) and id_len == 65
        ikm = hkdf(self.auth, self.shared(sender), b"WebPush: info\0" + self.point + sender, 32)
        key = hkdf(salt, ikm, b"Content-Encoding: aes128gcm\0", 16)
        nonce = hkdf(salt, ikm, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, cipher, None)
        assert plain.rstrip(b"\0")[-1:] == b"\2"
        return json.loads(plain.rstrip(b"\0")[:-1])

    def read_draft(self, headers, body):
        salt = unb64(re.fullmatch(r"salt=([\w-]+)", headers["Encryption"])[1])
        sender = unb64(re.search(r"dh=([\w-]+)", headers["Crypto-Key"])[1])
        ikm = hkdf(self.auth, self.shared(sender), b"Content-Encoding: auth\0", 32)
        context = b"P-256\0" + b"\0\x41" + self.point + b"\0\x41" + sender
        key = hkdf(salt, ikm, b"Content-Encoding: aesgcm\0" + context, 16)
        nonce = hkdf(salt, ikm, b"Content-Encoding: nonce\0" + context, 12)
        plain = AESGCM(key).decrypt(nonce, body, None)
        return json.loads(plain[2 + int.from_bytes(plain[:2], "big"):])


def claims_of(token, public):
    head, claims, signature = token.split(".")
    raw = unb64(signature)
    assert len(raw) == 64
    der = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(public))
    key.verify(der, (head + "." + claims).encode(), ec.ECDSA(hashes.SHA256()))
    assert json.loads(unb64(head)) == {"typ": "JWT", "alg": "ES256"}
    return json.loads(unb64(claims))


@pytest.fixture
def peer():
    with Receiver() as r:
        yield r


@pytest.fixture
def site(make_kwipd):
    """ann is told, bob does things."""
    k = make_kwipd(fetch_private="127.0.0.1", contact="admin@kwip.example", env={"KWIPD_TEST_PACE_MS": "20"})
    k.account("ann")
    k.account("bob")
    k.ann, k.bob = k.token("ann"), k.token("bob")
    return k


def subscribe(k, peer, browser, path="/push", standard=True, alerts=KINDS, **data):
    answer = k.api("POST", PATH, k.ann, json={
        "subscription": {"endpoint": peer.url + path, "keys": browser.keys(), "standard": standard},
        "data": {"alerts": {a: True for a in alerts}, **data}})
    assert answer.status_code == 200, answer.text
    return check("WebPushSubscription", answer.json())


def public_key(k):
    return k.get("/api/v2/instance").json()["configuration"]["vapid"]["public_key"]


def waiting(k):
    """Events of the log that the courier has not read yet, and errands that it has still to do."""
    with Db(k.dir) as main, sqlite3.connect("file:%s/courier.db?mode=ro" % k.dir, uri=True, timeout=10) as own:
        newest = main.one("SELECT max(seq) FROM event")
        unread = newest - own.execute("SELECT seq FROM courier_place").fetchone()[0]
        return unread + own.execute("SELECT count(*) FROM errand").fetchone()[0]


def test_subscription(site, peer):
    browser = Browser()
    assert site.api("GET", PATH, site.ann).status_code == 404
    made = subscribe(site, peer, browser, alerts=("mention", "admin.report"), policy="followed")
    assert made["id"] > 0
    assert made["endpoint"] == peer.url + "/push" and made["standard"] is True and made["policy"] == "followed"
    assert made["alerts"] == {k: k in ("mention", "admin.report") for k in KINDS}
    assert made["server_key"] == public_key(site) and len(unb64(made["server_key"])) == 65
    assert site.api("GET", PATH, site.ann).json() == made
    assert site.api("GET", PATH, site.bob).status_code == 404, "a subscription belongs to its token"
    changed = site.api("PUT", PATH, site.ann, data={"data[alerts][follow]": "true", "data[policy]": "all"}).json()
    assert changed == dict(made, policy="all", alerts={k: k == "follow" for k in KINDS})
    gone = site.api("DELETE", PATH, site.ann)
    assert gone.status_code == 200 and gone.json() == {}
    assert site.api("GET", PATH, site.ann).status_code == 404
    assert site.api("PUT", PATH, site.ann, json={"data": {"alerts": {}}}).status_code == 404


def test_subscription_by_form_and_multipart(site, peer):
    browser = Browser()
    fields = {"subscription[endpoint]": peer.url + "/a", "subscription[keys][p256dh]": browser.keys()["p256dh"] + "=",
              "subscription[keys][auth]": browser.keys()["auth"] + "==", "data[alerts][mention]": "1"}
    by_form = site.api("POST", PATH, site.ann, data=fields)
    assert by_form.status_code == 200 and by_form.json()["alerts"]["mention"] and not by_form.json()["standard"]
    fields["subscription[endpoint]"] = peer.url + "/b"
    by_parts = site.api("POST", PATH, site.ann, files={name: (None, value) for name, value in fields.items()})
    assert by_parts.status_code == 200 and by_parts.json()["endpoint"] == peer.url + "/b"
    with Db(site.dir) as db:
        assert db.one("SELECT count(*) FROM push_subscription") == 1


def test_what_is_refused(site, peer, make_kwipd):
    good = {"endpoint": peer.url + "/x", "keys": Browser().keys()}
    for wrong in ({"endpoint": ""}, {"endpoint": "ftp://x.example/"}, {"endpoint": "javascript:alert(1)"},
                  {"keys": {"p256dh": "AAAA", "auth": good["keys"]["auth"]}},
                  {"keys": {"p256dh": good["keys"]["p256dh"], "auth": "?"}}, {"keys": {}}):
        answer = site.api("POST", PATH, site.ann, json={"subscription": dict(good, **wrong)})
        assert answer.status_code == 422 and answer.json()["error"], wrong
    answer = site.api("POST", PATH, site.ann, json={"subscription": good, "data": {"policy": "nobody"}})
    assert answer.status_code == 422
    for token, status in ((None, 401), (site.token("ann", "read write"), 403)):
        assert site.api("POST", PATH, token, json={"subscription": good}).status_code == status
        assert site.api("GET", PATH, token).status_code == status
    strict = make_kwipd()
    strict.account("ann")
    answer = strict.api("POST", PATH, strict.token("ann"), json={"subscription": good})
    assert answer.status_code == 422 and "https" in answer.json()["error"]


@pytest.mark.parametrize("standard", [True, False])
def test_arrives(site, peer, standard):
    browser = Browser()
    subscribe(site, peer, browser, standard=standard)
    said = site.say(site.bob, "hello @ann, \u2603 <b> & \"quotes\"")
    (push,) = wait_for(lambda: peer.got("/push"))
    if standard:
        assert push.headers["Content-Encoding"] == "aes128gcm"
        told = browser.read_standard(push.body)
        token, key = re.fullmatch(r"vapid t=([\w.-]+),\s*k=([\w-]+)", push.headers["Authorization"]).groups()
    else:
        assert push.headers["Content-Encoding"] == "aesgcm"
        told = browser.read_draft(push.headers, push.body)
        token = re.fullmatch(r"WebPush ([\w.-]+)", push.headers["Authorization"])[1]
        key = re.search(r"p256ecdsa=([\w-]+)", push.headers["Crypto-Key"])[1]
    assert key == public_key(site)
    claims = claims_of(token, key)
    assert claims["aud"] == peer.url and claims["sub"] == "mailto:admin@kwip.example"
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600
    assert push.method == "POST" and int(push.headers["TTL"]) > 0 and push.headers["Urgency"] == "normal"
    assert push.headers["User-Agent"].startswith("kwipd/") and site.url in push.headers["User-Agent"]
    with Db(site.dir) as db:
        notice = db.one("SELECT id FROM notice")
    assert told == {"access_token": "", "preferred_locale": "en", "notification_id": notice,
                    "notification_type": "mention", "icon": said["account"]["avatar"],
                    "title": "bob mentioned you", "body": "hello @ann, \u2603 <b> & \"quotes\""}
    wait_for(lambda: waiting(site) == 0)
    assert len(peer.got("/push")) == 1


def test_kinds_and_policies(site, peer):
    browser = Browser()
    subscribe(site, peer, browser, alerts=("favourite", "follow"))
    mine = site.say(site.ann, "something to like")
    site.say(site.bob, "@ann not this")
    site.api("POST", "/api/v1/statuses/%s/favourite" % mine["id"], site.bob)
    (push,) = wait_for(lambda: peer.got("/push"))
    told = browser.read_standard(push.body)
    assert told["notification_type"] == "favourite" and told["body"] == "something to like"
    # Only from people that ann follows, who are none.
    subscribe(site, peer, browser, path="/followed", policy="followed")
    subscribe_id = site.api("GET", PATH, site.ann).json()["id"]
    site.say(site.bob, "@ann again")
    wait_for(lambda: waiting(site) == 0)
    bob = site.api("GET", "/api/v1/accounts/lookup", params={"acct": "bob"}).json()["id"]
    site.api("POST", "/api/v1/accounts/%s/follow" % bob, site.ann)
    site.say(site.bob, "@ann now")
    (push,) = wait_for(lambda: peer.got("/followed"))
    assert browser.read_standard(push.body)["body"] == "@ann now"
    assert site.api("GET", PATH, site.ann).json()["id"] == subscribe_id


def test_quotes(site, peer):
    browser = Browser()
    subscribe(site, peer, browser, alerts=("quote", "quoted_update"))
    site.say(site.bob, "look", quoted_status_id=site.say(site.ann, "mine")["id"])
    theirs = site.say(site.bob, "theirs")
    site.say(site.ann, "what I quote", quoted_status_id=theirs["id"])
    site.api("PUT", "/api/v1/statuses/" + theirs["id"], site.bob, json={"status": "changed"})
    pushes = wait_for(lambda: len(peer.got("/push")) == 2 and peer.got("/push"))
    told = sorted((t["notification_type"], t["title"], t["body"]) for t in (browser.read_standard(p.body) for p in pushes))
    assert told == [("quote", "bob quoted your post", "look"),
                    ("quoted_update", "bob edited a post you quoted", "what I quote")]


def test_retries(site, peer):
    browser = Browser()
    peer.answers["/push"] = [(503, {}, b""), (429, {"Retry-After": "1"}, b""), (500, {}, b"no"), (201, {}, b"")]
    subscribe(site, peer, browser)
    site.say(site.bob, "@ann hello")
    pushes = wait_for(lambda: len(peer.got("/push")) == 4 and peer.got("/push"), 20)
    assert pushes[2].at - pushes[1].at >= 1, "Retry-After was not waited for"
    assert len({p.body for p in pushes}) == 4, "each attempt is sealed anew"
    assert len({json.dumps(browser.read_standard(p.body)) for p in pushes}) == 1
    wait_for(lambda: waiting(site) == 0)
    assert site.api("GET", PATH, site.ann).status_code == 200


@pytest.mark.parametrize("status", [404, 410])
def test_gone(site, peer, status):
    peer.answers["/push"] = [(status, {}, b"")]
    subscribe(site, peer, Browser())
    site.say(site.bob, "@ann hello")
    wait_for(lambda: site.api("GET", PATH, site.ann).status_code == 404)
    wait_for(lambda: waiting(site) == 0)
    assert len(peer.got("/push")) == 1


def test_refused_ones_are_not_sent_again(site, peer):
    peer.answers["/push"] = [(400, {}, b""), (302, {"Location": "/elsewhere"}, b"")]
    subscribe(site, peer, Browser())
    site.say(site.bob, "@ann one")
    wait_for(lambda: len(peer.got("/push")) == 1 and waiting(site) == 0)
    site.say(site.bob, "@ann two")
    wait_for(lambda: len(peer.got("/push")) == 2 and waiting(site) == 0)
    assert not peer.got("/elsewhere")


def test_keys_that_are_no_point(site, peer):
    """Well-formed, but not on the curve: nothing is sent, nothing stops."""
    browser = Browser()
    browser.point = b"\4" + b"\1" * 64
    subscribe(site, peer, browser)
    site.say(site.bob, "@ann hello")
    wait_for(lambda: site.api("GET", PATH, site.ann).status_code == 404)
    assert not peer.requests


def test_restart_in_the_middle(site, peer):
    browser = Browser()
    peer.standard = (503, {}, b"")
    subscribe(site, peer, browser)
    for i in range(10):
        site.say(site.bob, "@ann number %d" % i)
    wait_for(lambda: len(peer.requests) >= 10)
    kill_nine(children(site.process.pid)["courier"])
    for i in range(10, 20):
        site.say(site.bob, "@ann number %d" % i)
    site.stop()
    before = len(peer.requests)
    peer.standard = (201, {}, b"")
    site.start()
    wait_for(lambda: waiting(site) == 0, 20)
    sent = [browser.read_standard(r.body)["body"] for r in peer.requests[before:]]
    assert sorted(sent) == sorted("@ann number %d" % i for i in range(20)), "each once, none lost"


def test_slow_receiver_holds_nobody(site, peer):
    """A receiver that never answers takes its own two places only."""
    def silent(handler):
        time.sleep(8)
    slow_token = site.token("ann")
    with Receiver({"/slow": [(0, {}, silent)]}) as slow:
        # Another host name for the same address: hosts are counted by name.
        endpoint = slow.url.replace("127.0.0.1", "localhost") + "/slow"
        site.api("POST", PATH, slow_token, json={"subscription": {
            "endpoint": endpoint, "keys": Browser().keys(), "standard": True}, "data": {"alerts": {"mention": True}}})
        subscribe(site, peer, Browser())
        begun = time.monotonic()
        for i in range(30):
            site.say(site.bob, "@ann number %d" % i)
        wait_for(lambda: len(peer.got("/push")) == 30, 7)
        assert time.monotonic() - begun < 7
        assert 1 <= len(slow.requests) <= 2
